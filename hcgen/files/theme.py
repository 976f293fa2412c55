"""Where the theme of a project lies."""

from __future__ import annotations

from pathlib import Path

_SHIPPED = Path(__file__).parent.parent / "_theme"
_BESIDE = Path(__file__).parent.parent.parent / "theme"


def shipped_theme() -> Path:
    """The theme that comes with hcgen: inside the package in a wheel, beside it in a checkout."""
    return _SHIPPED if _SHIPPED.is_dir() else _BESIDE


def theme_folder(root: Path) -> Path:
    """The theme of the project in `root`: its own `theme/` where it has templates, else the shipped one."""
    own = root / "theme"
    return own if (own / "main.html").is_file() else shipped_theme()
