"""The house's arrows: a room imports only what docs/architecture.md allows, late and type-only imports included."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.world import ROOT

GROUND = {"errors", "text", "plugins"}
# Room: the rooms it may name. A room may always name itself.
ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "text": set(),
    "plugins": {"errors"},
    "model": GROUND,
    "markup": GROUND,
    "files": GROUND | {"model"},
    "contact": GROUND | {"model"},
    "search": GROUND | {"model", "markup"},
    "relevance": GROUND | {"model", "markup", "search"},
    "pages": GROUND | {"model", "markup", "contact"},
    "render": GROUND | {"model", "markup", "contact", "pages", "files", "search"},
    "publish": GROUND | {"model", "markup", "pages"},
    "lint": GROUND | {"model", "markup", "search", "pages"},
    "builds": GROUND | {"model", "markup", "render", "search", "pages", "files"},
    "serve": GROUND | {"model", "builds", "files"},
    "cli": GROUND | {"model", "files", "pages", "render", "lint", "builds", "serve", "search", "relevance", "publish"},
}
# Libraries that one room (or file) alone may name.
OWNED = {
    "pyromark": "markup/engine.py",
    "nh3": "markup/engine.py",
    "markdown": "markup/marks.py",
    "pymdownx": "markup/marks.py",
    "pygments": "markup/structure.py",
    "bs4": "markup/reverse/",
    "markdownify": "markup/reverse/",
    "mkdocs": "render/mkdocs/",
    "jinja2": "render/mkdocs/",
    "whoosh": "search/desk.py",
    "Stemmer": "search/analyse.py",
    "yaml": "files/yamlio.py",
    "jsonschema_rs": "files/schema.py",
    "imagesize": "files/pictures.py",
    "click": "cli/",
    "babel": ("render/view.py", "contact/hours.py"),
    "rcssmin": "render/theme.py",
    "rjsmin": "render/theme.py",
    "msgspec.msgpack": "builds/cache.py",
    "sqlite3": "builds/cache.py",
    "httpx": "publish/wire.py",
}
FILES = sorted((ROOT / "hcgen").rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(path: Path) -> str:
    """The room a file stands in."""
    inner = path.relative_to(ROOT / "hcgen")
    return inner.parts[0] if len(inner.parts) > 1 else inner.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_follow_the_arrows(path: Path) -> None:
    mine = room(path)
    if mine in ("__init__", "__main__"):
        return
    named = {name.split(".")[1] for name in imports(path) if name.startswith("hcgen.") and name.count(".") >= 1}
    rooms = named & ARROWS.keys()
    assert rooms - {mine} <= ARROWS[mine], f"{mine} must not name {sorted(rooms - {mine} - ARROWS[mine])}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_libraries_stay_where_they_belong(path: Path) -> None:
    inner = path.relative_to(ROOT / "hcgen").as_posix()
    for library, owner in OWNED.items():
        if any(name == library or name.startswith(f"{library}.") for name in imports(path)):
            assert inner.startswith(owner), f"{inner} names {library}; only {owner} may"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_what_it_holds(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{path} has no docstring"


def test_every_room_is_in_the_table_and_in_the_picture() -> None:
    rooms = {room(path) for path in FILES} - {"__init__", "__main__"}
    assert rooms <= ARROWS.keys()
    picture = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert all(f"`{name}`" in picture for name in rooms), "docs/architecture.md misses a room"


def test_print_only_in_cli() -> None:
    for path in FILES:
        if room(path) != "cli":
            calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
            assert not any(isinstance(call.func, ast.Name) and call.func.id == "print" for call in calls), path
