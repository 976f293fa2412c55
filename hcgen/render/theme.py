"""The theme's own files (style, scripts, search): read, given the brand's look, made small, named by digest."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin

from hcgen.errors import ProjectError
from hcgen.model.brand import Brand, Palette
from hcgen.model.site import Site
from hcgen.search.languages import language
from hcgen.search.runtime import WORDS, page_script, stamps
from hcgen.text import digest


def theme_files(theme: Path, brand: Brand) -> dict[str, tuple[str, bytes]]:
    """Each file of `theme/assets/` by name: its published name below the brand's root, and its bytes."""
    found: dict[str, tuple[str, bytes]] = {}
    for path in sorted((theme / "assets").iterdir()):
        if path.is_file() and not path.name.startswith("."):
            # Every language of every brand asks; a file that was changed meanwhile has another time.
            status = path.stat()
            css = brand_css(brand) if path.name == "style.css" else ""
            found[path.name] = _file(path, status.st_mtime_ns, status.st_size, css)
    return found


def search_script(theme: Path, site: Site) -> tuple[str, bytes]:
    """The published name below the brand's root of the script that searches, and its bytes.

    It lies beside the index, whose address it knows from its own.
    """
    folder = theme / "search"
    if not folder.is_dir():
        remedy = "Copy `theme/search` from hcgen's own theme."
        raise ProjectError("the theme has no scripts that search", where=str(folder), remedy=remedy)
    words = tuple((name, site.strings.get(name, name)) for name in WORDS)
    data = _search_script(folder, site.locale.code, words, stamps(folder))
    return f"{site.locale.code}/search/search.{digest(data, 4)}.js", data


@lru_cache(maxsize=64)
def _search_script(folder: Path, code: str, words: tuple[tuple[str, str], ...], _: object) -> bytes:
    data: bytes = jsmin(page_script(folder, language(code), dict(words)).encode())
    return data


def theme_names(theme: Path, site: Site) -> dict[str, str]:
    """The published name below the brand's root of each file that pages of `site` may load."""
    names = {name: published for name, (published, _) in theme_files(theme, site.brand).items()}
    return names | {"search.js": search_script(theme, site)[0]}


@lru_cache(maxsize=1024)
def _file(path: Path, mtime: int, size: int, css: str) -> tuple[str, bytes]:
    data = path.read_bytes()
    if path.suffix == ".css":
        data = cssmin(data.rstrip() + b"\n" + css.encode())
    elif path.suffix == ".js":
        data = jsmin(data)
    return f"assets/{path.stem}.{digest(data, 4)}{path.suffix}", data


def theme_digest(theme: Path) -> str:
    """A digest of all files of the theme."""
    found = []
    for path in sorted(theme.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            found.append(f"{path.relative_to(theme).as_posix()} {digest(path.read_bytes())}")
    return digest("\n".join(found))


def brand_css(brand: Brand) -> str:
    """The brand's look as custom properties, for light, dark by preference, and dark by choice; its form's topics."""
    look = brand.look
    base = _properties(look.light)
    base += f"--radius:{look.radius};" if look.radius else ""
    base += f"--font:{look.font};" if look.font else ""
    dark = _properties(look.dark)
    css = f":root{{{base}}}\n" if base else ""
    if dark:
        css += f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        css += f":root[data-theme=dark]{{{dark}}}\n"
    return css + _topics_css(brand)


def _topics_css(brand: Brand) -> str:
    """Fields that some topics have are shown once one of these is chosen; where :has is unknown, always."""
    topics = [topic.id for topic in brand.ticket.topics if topic.fields]
    if not topics:
        return ""
    shown = ",".join(f'.hc-form:has(#hc-topic [value="{one}"]:checked) [data-topics~="{one}"]' for one in topics)
    return f"@supports selector(:has(a)){{[data-topics],[data-topics] small{{display:none}}{shown}{{display:block}}}}\n"


def _properties(palette: Palette) -> str:
    found = f"--accent:{palette.accent};" if palette.accent else ""
    return found + (f"--on-accent:{palette.on_accent};" if palette.on_accent else "")
