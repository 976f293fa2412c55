"""Nothing fails and nothing foreign is asked for, in every state of the pages and under their own policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.harness import COLLECTORS, SITES, STATES, Watched, settle, sized, until, visits

QUICK = {("retail", "en"), ("restaurant", "de"), ("web", "ar")}
# What a page's policy forbids reaches no handler of the page: the listener stands before any script of it.
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@pytest.mark.parametrize(
    ("brand", "locale"),
    [
        pytest.param(brand, locale, marks=[] if (brand, locale) in QUICK else [pytest.mark.full])
        for brand, locales in SITES.items()
        for locale in locales
    ],
)
def test_every_state_is_reached_without_a_fault(
    browser: Browser, address: str, example_site: Path, brand: str, locale: str
) -> None:
    rules = policy(example_site, brand)
    with Watched(browser, viewport=sized(1280)) as watched:
        watched.page.add_init_script(LISTEN)
        for visit in visits(example_site, brand, locale):
            watched.faults.clear()
            watched.requests.clear()
            visit.reach(watched.page, address)
            settle(watched.page)
            assert watched.page.locator("h1").count() == 1, visit.path
            assert watched.page.locator("main").count() == 1, visit.path
            # A 404 is an error to the console by itself.
            faults = [one for one in watched.faults if visit.state.status != 404 or "404" not in one]
            assert faults == [], visit.path
            assert watched.page.evaluate("window.violations") == [], visit.path
            foreign = [url for url in watched.requests if not url.startswith((address, *COLLECTORS, "data:"))]
            assert foreign == [], visit.path
            # The portal stands above the brands, whose policies are their own.
            if visit.path != "/" and visit.path.startswith(f"/{brand}/"):
                sent = watched.page.request.get(f"{address}{visit.path}").headers
                assert sent["content-security-policy"] == rules, visit.path


def test_a_violation_would_be_noticed(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        watched.page.add_init_script(LISTEN)
        watched.page.goto(f"{address}/retail/en/")
        watched.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
        until(watched.page, "window.violations.length")
        assert watched.page.evaluate("window.violations")[0].startswith("style-src")
        assert any("Content Security Policy" in one or "style-src" in one for one in watched.faults)


def test_the_policy_is_strict(example_site: Path) -> None:
    for brand in SITES:
        rules = policy(example_site, brand)
        assert rules.startswith("default-src 'none';"), rules
        assert "unsafe" not in rules, rules
        assert "*" not in rules, rules


def test_every_state_is_there_to_be_visited(example_site: Path) -> None:
    names = {visit.state.name for visit in visits(example_site)}
    assert names == {state.name for state in STATES}


def policy(site: Path, brand: str) -> str:
    """The content security policy that the brand's `_headers` tells a host to send."""
    lines = (site / brand / "_headers").read_text("utf-8").splitlines()
    found = {line.partition(": ")[2] for line in lines if line.strip().startswith("Content-Security-Policy: ")}
    assert len(found) == 1, found
    return found.pop()
