"""Where the theme of a project lies, and what a brand puts in front of it."""

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


def brand_theme(root: Path, brand: str) -> Path:
    """Where a brand's own templates and drawings lie, if it has any: they go before those of the theme."""
    return root / "brands" / brand / "theme"
