"""axe finds nothing against WCAG 2.2 AA and good practice, in every state, language, scheme and width."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web.harness import LOCALES, SITES, WIDTHS, Watched, pages_of, sized, visits
from tests.web.tools import axe

# Each language, scheme and width at least once.
QUICK = {("en", "light", 1280), ("ko", "light", 320), ("ar", "dark", 390)}


@pytest.mark.parametrize(
    ("locale", "scheme", "width"),
    [
        pytest.param(*view, marks=[] if view in QUICK else [pytest.mark.full])
        for view in itertools.product(LOCALES, ("light", "dark"), WIDTHS)
    ],
)
def test_axe_finds_nothing(
    browser: Browser, address: str, example_site: Path, locale: str, scheme: Any, width: int
) -> None:
    # The audit's script is injected, which the pages' own policy forbids.
    with Watched(browser, viewport=sized(width), color_scheme=scheme, bypass_csp=True) as watched:
        found = []
        for visit in visits(example_site, "retail", locale):
            visit.reach(watched.page, address)
            found += [f"{visit.path}: {one.message}: {one.place}" for one in axe(watched.page)]
    assert found == [], "\n".join(found)


@pytest.mark.full
@pytest.mark.parametrize("brand", SITES)
def test_axe_finds_nothing_on_any_page(browser: Browser, address: str, example_site: Path, brand: str) -> None:
    with Watched(browser, viewport=sized(390), color_scheme="light", bypass_csp=True) as watched:
        found = []
        for path in pages_of(example_site / brand):
            watched.page.goto(f"{address}/{brand}{path}")
            found += [f"{path}: {one.message}: {one.place}" for one in axe(watched.page)]
    assert found == [], "\n".join(found)


def test_axe_would_find_something(browser: Browser, address: str) -> None:
    with Watched(browser, bypass_csp=True) as watched:
        watched.page.goto(f"{address}/retail/en/")
        watched.page.evaluate("""() => {
            document.querySelector("label[for=hc-q]").remove();
            document.querySelector("#hc-q").placeholder = "";
            document.querySelector(".hc-card p").style.color = "#ccc";
        }""")
        assert {one.message.partition(":")[0] for one in axe(watched.page)} >= {"label", "color-contrast"}
