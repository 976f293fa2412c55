"""The keyboard reaches everything: the skip link first, an order that follows the page, the focus always to be seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.web.harness import LOCALES, Watched, sized, visits

WALKED = ("home", "category", "steps", "results", "contact", "missed", "portal")
# Where the focus is: the element's place in the document, its part of the page, and whether a reader can see it
# (WCAG 2.4.7, 2.4.11). The ring may stand on the element, its overlay, or the frame of its field.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ringed = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const frame = one.closest(".hc-search") || one;
  const rings = [getComputedStyle(one), getComputedStyle(one, "::after"), getComputedStyle(frame)];
  const box = one.getBoundingClientRect();
  return {
    at: [...document.querySelectorAll("*")].indexOf(one),
    part: one.closest("header, main, footer")?.localName || "top",
    ring: rings.some(ringed),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    text: one.outerHTML.slice(0, 120),
  };
}"""
CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary"
REACHABLE = """(controls) => [...document.querySelectorAll(controls)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }))
  .filter((one) => !one.disabled).length"""


def walk(page: Page) -> list[dict[str, Any]]:
    """What has the focus after each press of Tab, until it leaves the page."""
    found = []
    for _ in range(400):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None or (found and focus["at"] == found[0]["at"]):
            return found
        found.append(focus)
    raise AssertionError("the focus never leaves the page")


@pytest.mark.parametrize(
    ("locale", "width"),
    [
        ("en", 1280),
        ("ar", 390),
        pytest.param("en", 390, marks=pytest.mark.full),
        pytest.param("ar", 1280, marks=pytest.mark.full),
    ],
)
def test_tab_goes_through_the_page_in_order(
    browser: Browser, address: str, example_site: Path, locale: str, width: int
) -> None:
    with Watched(browser, viewport=sized(width), reduced_motion="reduce") as watched:
        for visit in visits(example_site, "retail", locale):
            if visit.state.name not in WALKED:
                continue
            visit.reach(watched.page, address)
            steps = walk(watched.page)
            places = [one["at"] for one in steps]
            assert places == sorted(places), visit.path
            order = [one["part"] for one in steps]
            assert order == sorted(order, key=["top", "header", "main", "footer"].index), visit.path
            assert [one["text"] for one in steps if not one["ring"]] == [], visit.path
            assert [one["text"] for one in steps if not one["seen"]] == [], visit.path
            reachable = watched.page.evaluate(REACHABLE, CONTROLS)
            assert len(places) >= reachable, visit.path


@pytest.mark.parametrize("locale", LOCALES)
def test_the_skip_link_comes_first_and_leads_to_the_text(browser: Browser, address: str, locale: str) -> None:
    with Watched(browser, reduced_motion="reduce") as watched:
        page = watched.page
        page.goto(f"{address}/retail/{locale}/payments/")
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.get_attribute("href") == "#hc-main"
        box = skip.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_key_leads_to_the_search_until_it_is_turned_off(browser: Browser, address: str) -> None:
    """WCAG 2.1.4: a key without a modifier can be turned off."""
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "hc-q"
        page.keyboard.type("a/b")
        assert page.locator("#hc-q").input_value() == "a/b"
        page.locator("#hc-shortcut").uncheck()
        page.goto(f"{address}/retail/en/payments/")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") != "hc-q"
