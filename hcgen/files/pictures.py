"""How large pictures are: the only file that names the library which looks."""

from __future__ import annotations

from pathlib import Path

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")


def dimensions(path: Path) -> tuple[int, int]:
    """Width and height of a picture in pixels, or 0, 0 where the file is none or does not say."""
    if not path.name.lower().endswith(_PICTURES):
        return 0, 0
    import imagesize

    try:
        width, height = imagesize.get(str(path))
    except Exception:  # noqa: BLE001  a broken picture must not end the build; it only lacks its size
        return 0, 0
    return (int(width), int(height)) if width > 0 and height > 0 else (0, 0)
