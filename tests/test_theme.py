"""The theme: words complete in every language, every word used, every template escaped, small files."""

from __future__ import annotations

import gzip
import re

import pytest
from mkdocs.theme import Theme

from hcgen.files.project import DIALECT
from hcgen.files.yamlio import parse
from hcgen.markup.containers import CALLOUTS
from hcgen.model.brand import Brand
from hcgen.render.mkdocs.renderer import prepare
from hcgen.render.theme import theme_files
from tests.world import ROOT

THEME = ROOT / "theme"
TEMPLATES = sorted((*THEME.glob("*.html"), *(THEME / "partials" / "hc").glob("*.html")))
LANGUAGES = ["en", "fr", "de", "nl", "es", "it", "pt", "ko", "ja", "zh", "ar", "he"]


def words(code: str) -> dict[str, str]:
    """The words of one language."""
    value = parse((THEME / "strings" / f"{code}.yml").read_text("utf-8")).value
    assert isinstance(value, dict)
    return {str(key): str(text) for key, text in value.items()}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_every_word(code: str) -> None:
    english, mine = words("en"), words(code)
    assert mine.keys() == english.keys()
    for key, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", mine[key])) == sorted(re.findall(r"\{\w+\}", text)), key
        assert mine[key].strip(), key


def test_every_word_is_used_and_every_used_word_exists() -> None:
    sources = [path.read_text("utf-8") for path in (*TEMPLATES, *(ROOT / "hcgen").rglob("*.py"))]
    text = "\n".join(sources)
    known = words("en")
    for key in known:
        if key.startswith("callout."):
            assert key.removeprefix("callout.") in CALLOUTS
        else:
            assert re.search(rf"[\"']{re.escape(key)}[\"']", text), f"{key} is used nowhere"
    asked = set(re.findall(r"\bt\(\s*[\"']([\w.]+)[\"']", "\n".join(path.read_text("utf-8") for path in TEMPLATES)))
    assert asked
    assert asked <= known.keys(), asked - known.keys()
    assert all(f"callout.{name}" in known for name in CALLOUTS)


def test_templates_compile_and_escape() -> None:
    environment = prepare(Theme(name="material", custom_dir=str(THEME)).get_env())
    for path in TEMPLATES:
        environment.get_template(path.relative_to(THEME).as_posix())
    assert environment.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        safe = set(re.findall(r"\{\{[^}]*\|\s*safe\b[^}]*\}\}", text))
        assert all("body" in one or "json_ld" in one for one in safe), f"{path.name}: {safe}"
        assert "style=" not in text, path.name
        assert "autoescape false" not in text, path.name


def test_styles_and_scripts_are_small_and_logical() -> None:
    style = (THEME / "assets" / "style.css").read_bytes()
    brand = Brand("a", "A", "https://a.example/", "brands/a/brand.yml", ("en",), "en", {})
    sizes = {name: len(gzip.compress(data, 9)) for name, (_, data) in theme_files(THEME, brand).items()}
    assert sizes["style.css"] <= 8 * 1024, sizes
    physical = re.findall(rb"[^-\w](?:margin|padding|border)-(?:left|right)\s*:", style)
    assert physical == []
    everywhere = sum(size for name, size in sizes.items() if name.endswith(".js"))
    assert everywhere <= 3 * 1024, sizes
    assert b"http:" not in style
    assert b"https:" not in style


def test_the_dialect_has_what_the_example_lists() -> None:
    listed = parse((ROOT / "mkdocs.yml").read_text("utf-8")).value
    assert isinstance(listed, dict)
    assert set(listed["markdown_extensions"]) <= DIALECT
