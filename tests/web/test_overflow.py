"""Nothing is wider than the screen: every page at 320 CSS pixels (WCAG 1.4.10), and text at 200 % (1.4.4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.harness import SITES, Watched, pages_of, sized, visits

# Takes each page's body and attributes of its root into the page that is open, whose style they share: a hundredth of
# the time of opening it. What scripts show is shown.
MEASURE = """async (addresses) => {
  const root = document.documentElement;
  const texts = await Promise.all(addresses.map(async (one) => (await fetch(one)).text()));
  return texts.map((text, at) => {
    const found = new DOMParser().parseFromString(text, "text/html");
    for (const one of found.documentElement.attributes) root.setAttribute(one.name, one.value);
    document.body.replaceWith(found.body);
    for (const one of document.querySelectorAll("#hc-settings")) one.hidden = false;
    for (const one of document.querySelectorAll("details")) { one.name = ""; one.open = true; }
    return [addresses[at], root.scrollWidth];
  });
}"""


def too_wide(browser: Browser, address: str, paths: list[str]) -> dict[str, int]:
    """The pages of one brand that are wider than 320 pixels, and how wide they are."""
    with Watched(browser, viewport=sized(320), bypass_csp=True) as watched:
        watched.page.goto(address + next(path for path in paths if path.endswith("/")))
        measured = []
        for at in range(0, len(paths), 100):
            measured += watched.page.evaluate(MEASURE, [address + path for path in paths[at : at + 100]])
    assert len(measured) == len(paths)
    return {path: width for path, width in measured if width > 320}


@pytest.mark.parametrize("brand", SITES)
def test_no_page_is_wider_than_a_small_phone(browser: Browser, address: str, example_site: Path, brand: str) -> None:
    paths = [f"/{brand}{path}" for path in pages_of(example_site / brand)]
    assert len(paths) > 150
    assert too_wide(browser, address, paths) == {}


def test_a_wide_page_would_be_noticed(browser: Browser, address: str) -> None:
    with Watched(browser, viewport=sized(320), bypass_csp=True) as watched:
        watched.page.goto(f"{address}/retail/en/")
        wide = f"<html lang=en><p><code>{'x' * 999}</code><hr style='width: 400px'>"
        watched.page.route("**/wide/", lambda route: route.fulfill(body=wide))
        assert watched.page.evaluate(MEASURE, [f"{address}/wide/"])[0][1] > 320


@pytest.mark.parametrize("locale", ["en", pytest.param("ko", marks=pytest.mark.full), "ar"])
def test_text_of_twice_the_size_fits(browser: Browser, address: str, example_site: Path, locale: str) -> None:
    """640 pixels with letters of 200 % are as wide as 320 with usual ones."""
    with Watched(browser, viewport={"width": 640, "height": 900}, bypass_csp=True) as watched:
        for visit in visits(example_site, "retail", locale):
            visit.reach(watched.page, address)
            watched.page.add_style_tag(content=":root { font-size: 200% }")
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= 640, visit.path
            clipped = watched.page.evaluate("""() => [...document.querySelectorAll("a, button, label, h1, h2, h3, p")]
                .filter((one) => one.checkVisibility() && !one.matches(".hc-vh, .hc-vh *"))
                .filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowY))
                .filter((one) => one.scrollHeight > one.clientHeight + 1)
                .map((one) => one.outerHTML.slice(0, 120))""")
            assert clipped == [], visit.path
