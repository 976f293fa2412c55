"""Contrast of the published colours (WCAG 1.4.3, 1.4.11): every brand and the theme's own, both schemes.

The browser resolves the custom properties, colour mixes included, and paints them; what it painted is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from hcgen.model.brand import Brand
from hcgen.render.theme import theme_files
from tests.web.harness import SITES, Watched
from tests.world import ROOT

GROUNDS = ("bg", "card", "surface", "tint", "tint-strong")
TEXTS = ("text", "muted", "link")
NOTES = ("note", "tip", "important", "warning", "caution")
PAINT = """(names) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const probe = document.body.appendChild(document.createElement("i"));
  return Object.fromEntries(names.map((name) => {
    probe.style.color = "";
    probe.style.color = `var(--${name})`;
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = getComputedStyle(probe).color;
    pen.fillRect(0, 0, 1, 1);
    return [name, [...pen.getImageData(0, 0, 1, 1).data]];
  }));
}"""


def luminance(colour: list[int]) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour[:3])
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: list[int], other: list[int]) -> float:
    """Contrast ratio, as WCAG 2.2 defines it."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    with Watched(browser) as watched:
        yield watched.page


def style_of(site: Path, brand: str) -> str:
    """The style sheet that a brand publishes; of no brand, the theme's own."""
    if brand:
        (path,) = (site / brand / "assets").glob("style.*.css")
        return path.read_text("utf-8")
    plain = Brand("a", "A", "https://a.example/", "brands/a/brand.yml", ("en",), "en", {})
    return theme_files(ROOT / "theme", plain)["style.css"][1].decode()


def painted(page: Page, style: str, scheme: Any, chosen: str = "") -> dict[str, list[int]]:
    """Each colour by its name, with the scheme of the system or the reader's choice."""
    page.emulate_media(color_scheme=scheme)
    page.set_content(f"<html{f' data-theme={chosen}' if chosen else ''}><style>{style}</style><body></body>")
    names = [*GROUNDS, *TEXTS, *NOTES, "accent", "on-accent", "hover", "line-strong", "mark"]
    colours: dict[str, list[int]] = page.evaluate(PAINT, names)
    assert all(colour[3] == 255 for colour in colours.values()), colours
    return colours


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("brand", ["", *SITES])
def test_colours_are_told_apart(page: Page, example_site: Path, brand: str, scheme: str) -> None:
    colours = painted(page, style_of(example_site, brand), scheme)
    texts = [(text, ground) for text in TEXTS for ground in GROUNDS]
    texts += [(note, ground) for note in NOTES for ground in ("bg", "surface")]
    texts += [("on-accent", "accent"), ("on-accent", "hover"), ("text", "mark")]
    # The ring around what has the focus; borders of fields, seen from inside and outside.
    shapes = [("link", ground) for ground in GROUNDS]
    shapes += [("line-strong", ground) for ground in ("bg", "card", "surface", "tint")]
    low = {
        f"{one} on {other}": round(contrast(colours[one], colours[other]), 2)
        for pairs, least in ((texts, 4.5), (shapes, 3.0))
        for one, other in pairs
        if contrast(colours[one], colours[other]) < least
    }
    assert low == {}


@pytest.mark.parametrize("brand", ["", *SITES])
def test_the_readers_choice_looks_like_the_systems(page: Page, example_site: Path, brand: str) -> None:
    style = style_of(example_site, brand)
    for scheme, other in (("light", "dark"), ("dark", "light")):
        assert painted(page, style, other, scheme) == painted(page, style, scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_placeholders_and_fields_can_be_read(browser: Browser, address: str, scheme: Any) -> None:
    """What a field really shows: axe leaves placeholders out."""
    with Watched(browser, color_scheme=scheme) as watched:
        for brand in SITES:
            watched.page.goto(f"{address}/{brand}/en/")
            seen = watched.page.evaluate("""() => {
                const field = document.querySelector("#hc-q"), frame = field.closest("form");
                const words = getComputedStyle(field, "::placeholder"), style = getComputedStyle(frame);
                return [words.color, words.opacity, style.backgroundColor, style.borderTopColor];
            }""")
            assert seen[1] == "1"
            words, ground, border = (rgb(seen[at]) for at in (0, 2, 3))
            assert contrast(words, ground) >= 4.5, (brand, seen)
            assert contrast(border, ground) >= 3, (brand, seen)


def rgb(text: str) -> list[int]:
    """The channels of `rgb(1, 2, 3)`."""
    return [int(part) for part in text.removeprefix("rgb(").removesuffix(")").split(",")]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast([0, 0, 0], [255, 255, 255]) == pytest.approx(21)
    assert contrast([119, 119, 119], [255, 255, 255]) == pytest.approx(4.478, abs=0.001)
