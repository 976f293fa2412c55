"""Chromium opens the example's pages: nothing fails, nothing foreign is asked for, and they work without script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.world import ROOT

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
ARTICLE = "payments/card-payments/accepted-cards-and-fees/"
KINDS = {
    "home": "",
    "category": "payments/",
    "section": "payments/refunds/",
    "article": ARTICLE,
    "fallback": "payments/refunds/respond-to-a-dispute/",
    "steps": "hardware/card-terminals/pair-a-card-terminal/",
    "search": "search/",
    "contact": "contact/",
    "404": "no/such/page/",
}
SIZES = {"desktop": 1280, "phone": 390, "small": 320}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium (tests/system-packages installs it)."""
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def address(example_site: Path) -> Iterator[str]:
    """The example as `hcgen serve` sends it."""
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "hcgen", "serve", "-C", str(ROOT), "--out", str(example_site), "--port", "0",
         "--no-watch"],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert server.stdout
    line = server.stdout.readline()
    yield line.split()[0].rstrip("/")
    server.terminate()
    server.wait(timeout=20)
    server.stdout.close()


class Watched:
    """A page whose faults are noted."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(**options)
        # The collector's host does not exist here; its answer is the contract's.
        self.sent: list[str] = []
        self.context.route("https://beacon.tidemark.example/**", self._collect)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on(
            "console", lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _collect(self, route: Any) -> None:
        self.sent.append(route.request.post_data or "")
        route.fulfill(status=204)

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.parametrize("brand_locale", ["retail/en", "retail/ar", "retail/ko", "restaurant/fr", "web/de"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_pages_open_without_a_fault(browser: Browser, address: str, kind: str, brand_locale: str) -> None:
    brand = brand_locale.partition("/")[0]
    if brand == "web" and kind in ("steps", "fallback", "article"):
        kind = "section"
    with Watched(browser, viewport={"width": 1280, "height": 900}) as watched:
        answer = watched.page.goto(f"{address}/{brand_locale}/{KINDS[kind]}", wait_until="networkidle")
        assert answer
        assert answer.status == (404 if kind == "404" else 200)
        assert watched.page.locator("h1").count() == 1
        assert watched.page.locator("main").count() == 1
        # A 404 is an error to the console by itself.
        faults = [one for one in watched.faults if "404" not in one]
        assert faults == [], faults
        foreign = [url for url in watched.requests if not url.startswith(address) and "beacon.tidemark" not in url]
        assert foreign == []


@pytest.mark.parametrize("width", sorted(SIZES))
@pytest.mark.parametrize("locale", ["en", "ar", "ko"])
def test_nothing_overflows(browser: Browser, address: str, locale: str, width: str) -> None:
    with Watched(browser, viewport={"width": SIZES[width], "height": 800}, color_scheme="dark") as watched:
        for path in KINDS.values():
            watched.page.goto(f"{address}/retail/{locale}/{path}")
            wide = watched.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= SIZES[width], f"{locale}/{path}: {wide}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ar", "ko"])
def test_axe_finds_nothing(browser: Browser, address: str, locale: str, scheme: Any) -> None:
    found: list[str] = []
    for width in (1280, 390):
        with Watched(browser, viewport={"width": width, "height": 900}, color_scheme=scheme) as watched:
            # The audit's script is injected, which the pages' own policy forbids.
            watched.context.close()
            watched.context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
            )
            watched.page = watched.context.new_page()
            for path in KINDS.values():
                watched.page.goto(f"{address}/retail/{locale}/{path}")
                for one in Axe().run(watched.page, options=AXE).response["violations"]:
                    nodes = [node["html"][:120] for node in one["nodes"][:3]]
                    found.append(f"{width} {path}: {one['id']}: {nodes}")
    assert found == [], "\n".join(found)


def test_reading_and_switching_language_without_script(browser: Browser, address: str) -> None:
    with Watched(browser, java_script_enabled=False) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/")
        page.locator("main a[href*='payments']").first.click()
        page.locator("main a[href*='accepted-cards']").first.click()
        assert page.url.endswith(f"/en/{ARTICLE}")
        page.locator("footer a[hreflang=ko], footer a[lang=ko]").first.click()
        assert page.url.endswith(f"/ko/{ARTICLE}")
        assert page.locator("html").get_attribute("lang") == "ko"
        page.goto(f"{address}/retail/en/search/?q=refund")
        links = page.locator("main a")
        assert any("payments/" in (links.nth(at).get_attribute("href") or "") for at in range(links.count()))


def test_search_finds_an_article(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/")
        page.locator("input[name=q]").first.fill("money back")
        page.locator("input[name=q]").first.press("Enter")
        page.wait_for_url(re.compile(r"/search/\?q="))
        page.wait_for_selector("main a[href*='refund-a-sale']", timeout=10_000)


def test_portal_and_choice_of_language_lead_on(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/")
        page.locator("a[href='restaurant/']").first.click()
        assert page.url == f"{address}/restaurant/"
        page.locator("a[hreflang=fr], a[lang=fr]").first.click()
        assert page.url == f"{address}/restaurant/fr/"
        assert watched.faults == []


def test_beacon_reports_the_view_and_honours_privacy(browser: Browser, address: str) -> None:
    for refused in (False, True):
        with Watched(browser) as watched:
            if refused:
                watched.page.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
            watched.page.goto(f"{address}/retail/de/{ARTICLE}", wait_until="networkidle")
            watched.page.wait_for_timeout(300)
            assert len(watched.sent) == (0 if refused else 1)
            if not refused:
                assert '"locale":"de"' in watched.sent[0]
                assert '"article":"accepted-cards-and-fees"' in watched.sent[0]
                assert '"brand":"retail"' in watched.sent[0]
