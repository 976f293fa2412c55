"""Chromium, the served site, and the pages as readers may find them: what the tests and pictures of pages share."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

from hcgen.files.yamlio import parse
from tests.world import ROOT

CHROMIUM = "/usr/bin/chromium"
# No sandbox for root in a container; no request of the browser's own.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
COLLECTORS = ("https://beacon.tidemark.example/", "https://feedback.tidemark.example/")
"""Where the example's beacons and answers go: hosts that do not exist. What they answer is the contract's
(docs/beacon.md)."""

SITES = {
    "retail": ("en", "fr", "de", "ko", "ar"),
    "restaurant": ("en", "fr", "de"),
    "web": ("en", "de", "ko", "ar"),
}
"""The example's brands and their languages."""
LOCALES = ("en", "ko", "ar")
"""Languages of the matrices: Latin, CJK, right to left."""
WIDTHS = (1280, 390, 320)
ARTICLE = "payments/card-payments/accepted-cards-and-fees/"
SEARCHED = {"en": "refund", "fr": "remboursement", "de": "Erstattung", "ko": "환불", "ar": "استرداد"}


@contextmanager
def launched(*flags: str) -> Iterator[Browser]:
    """Debian's Chromium (tests/system-packages installs it), with further flags."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield browser
        browser.close()


@contextmanager
def served(site: Path, root: Path = ROOT) -> Iterator[str]:
    """The address, without the last slash, at which `hcgen serve` sends `site`, built from the project `root`."""
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "hcgen", "serve", "-C", str(root), "--out", str(site), "--port", "0",
         "--no-watch"],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert server.stdout
    try:
        line = server.stdout.readline()
        assert line, "hcgen serve ended at once"
        yield line.split()[0].rstrip("/")
    finally:
        server.terminate()
        server.wait(timeout=20)
        server.stdout.close()


class Watched:
    """A page whose faults, requests and beacons are noted. Options are those of a browser context."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.sent: list[str] = []
        for collector in COLLECTORS:
            self.context.route(f"{collector}**", self._collect)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on(
            "console", lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _collect(self, route: Route) -> None:
        self.sent.append(route.request.post_data or "")
        route.fulfill(status=204)

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def sized(width: int) -> dict[str, int]:
    """A viewport of that width."""
    return {"width": width, "height": 900 if width > 640 else 844}


def _stay(page: Page) -> None:
    """The page as it opens."""


def settle(page: Page) -> None:
    """Waits until the page has nothing more to do after its load."""
    # Chromium without a window may draw no frame after a click, and is not idle before it has.
    page.evaluate("new Promise(done => requestIdleCallback(() => setTimeout(done, 50), { timeout: 500 }))")


def until(page: Page, condition: str) -> None:
    """Waits until an expression holds. Playwright's own `wait_for_function` evaluates text within the page, which the
    page's policy refuses whenever the expression does not hold at once."""
    for _ in range(600):
        if page.evaluate(f"Boolean({condition})"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {condition}")


def _open_all(page: Page) -> None:
    """Tabs and details opened, also those that close each other."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.name = ''; one.open = true; })")


def words(locale: str) -> dict[str, str]:
    """The words of the interface."""
    value = parse((ROOT / f"theme/strings/{locale}.yml").read_text("utf-8")).value
    assert isinstance(value, dict)
    return {str(key): str(text) for key, text in value.items()}


def _await_results(page: Page) -> None:
    page.locator("#hc-results li a").first.wait_for()


def _await_none(page: Page) -> None:
    locale = page.locator("html").get_attribute("lang") or ""
    page.locator("#hc-results [role=status]", has_text=words(locale)["search_none"]).wait_for()


def _await_filter(page: Page) -> None:
    page.locator("#hc-results [aria-pressed]").nth(1).click()
    page.locator("#hc-results [aria-pressed=true]").nth(0).wait_for()
    page.wait_for_url("**category=**")


def _type_query(page: Page) -> None:
    locale = page.locator("html").get_attribute("lang") or ""
    page.locator("#hc-q").press_sequentially(SEARCHED[locale])
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")


def _await_missed(page: Page) -> None:
    page.locator("#hc-missed a").first.wait_for()


def _send_empty(page: Page) -> None:
    """The contact form sent with nothing in it: the page stays and says what is missing."""
    before = page.url
    page.locator("main form:not([role=search]) [type=submit]").first.click()
    assert page.url.partition("#")[0] == before.partition("#")[0], "an empty form was sent"


@dataclass(frozen=True)
class State:
    """A page in a state that a reader meets. `path` is below the language; `{q}` in it is a word to search for."""

    name: str
    path: str
    reach: Callable[[Page], None] = _stay
    status: int = 200
    root: bool = False
    """Whether `path` counts from the root of the site instead, `{brand}` standing for a brand."""


STATES = (
    State("home", ""),
    State("category", "payments/"),
    State("section", "payments/refunds/"),
    State("article", ARTICLE),
    State("fallback", "payments/refunds/respond-to-a-dispute/"),
    State("steps", "hardware/card-terminals/pair-a-card-terminal/"),
    State("opened", "hardware/printers/connect-a-receipt-printer/", _open_all),
    State("code", "reports/exports/send-sales-to-accounting/"),
    State("results", "search/?q={q}", _await_results),
    State("filtered", "search/?q={q}", _await_filter),
    State("nothing", "search/?q=xyzzyxyzzy", _await_none),
    State("search", "search/"),
    State("contact", "contact/"),
    State("errors", "contact/", _send_empty),
    State("404", "xyzzyxyzzy/", status=404),
    State("missed", "old/{q}.html", _await_missed, status=404),
    State("instant", ARTICLE, _type_query),
    State("portal", "", root=True),
    State("choose", "{brand}/", root=True),
)


@dataclass(frozen=True)
class Visit:
    """A state to reach: its address below the server's."""

    state: State
    path: str

    def reach(self, page: Page, address: str) -> None:
        """Opens it in `page`."""
        answer = page.goto(f"{address}{self.path}")
        assert answer
        assert answer.status == self.state.status, self.path
        self.state.reach(page)


@cache
def _has_form(contact: Path) -> bool:
    """Whether a contact page holds a form besides the search."""
    main = contact.read_text("utf-8").partition("<main")[2].partition("</main>")[0]
    return re.search(r"<form(?![^>]*role=\"search\")", main) is not None


def visits(site: Path, brand: str = "retail", locale: str = "en") -> list[Visit]:
    """Every state that the help center has. Where its contact page has no form, another brand's shows the errors."""
    found = []
    for state in STATES:
        folder, home = f"{brand}/{locale}/", brand
        if state.name == "errors":
            others = [one for one in (brand, *SITES) if locale in SITES[one]]
            home = next((one for one in others if _has_form(site / one / locale / "contact" / "index.html")), "")
            folder = f"{home}/{locale}/"
        if state.root:
            folder = ""
        path = state.path.format(q=SEARCHED[locale], brand=brand)
        there = state.status == 404 or (site / folder / path.partition("?")[0] / "index.html").is_file()
        if there and home:
            found.append(Visit(state, f"/{folder}{path}"))
    return found


def pages_of(site: Path) -> list[str]:
    """The addresses of every page of a built site but redirects, below the server's, in a stable order."""
    files = [
        path for path in sorted(site.rglob("*.html")) if 'http-equiv="refresh"' not in path.read_text("utf-8")[:2000]
    ]
    return ["/" + path.relative_to(site).as_posix().removesuffix("index.html") for path in files]


def file_of(site: Path, path: str) -> Path:
    """The file that holds the page at an address."""
    return site / (path + "index.html" if path.endswith("/") else path).lstrip("/")
