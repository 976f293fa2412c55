"""On paper: the article's words, in black on white, and nothing that is there to be pressed."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.web.harness import ARTICLE, Watched, sized

CONTROLS = """.hc-skip, .hc-search, .hc-tools, .hc-footer, .hc-side, .hc-turn, .hc-help, .hc-toc, .hc-crumbs, form,
  .hc-body button"""


def words_of(text: str) -> Counter[str]:
    """The words of `text`, and how often each: on paper lines and columns are others, and "fi" may be one letter."""
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text)))


def paper(page: Page) -> Counter[str]:
    """The words of the page as a PDF."""
    return words_of("\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages))


@pytest.mark.parametrize(
    "path", [ARTICLE, "hardware/card-terminals/pair-a-card-terminal/", "hardware/printers/connect-a-receipt-printer/"]
)
def test_paper_has_the_articles_words_and_no_controls(browser: Browser, address: str, path: str) -> None:
    with Watched(browser, viewport=sized(1280)) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/{path}")
        # Folded parts and unchosen tabs are printed, too.
        blocks = page.locator("h1, .hc-body :is(p, h2, td, dt, summary)")
        wanted = words_of("\n".join(blocks.all_text_contents()))
        assert wanted.total() > 100
        assert wanted - paper(page) == Counter()
        page.emulate_media(media="print")
        shown = [one.evaluate("one => one.className") for one in page.locator(CONTROLS).all() if one.is_visible()]
        assert shown == []


def test_dark_pages_are_printed_dark_on_white(browser: Browser, address: str) -> None:
    with Watched(browser, color_scheme="dark") as watched:
        page = watched.page
        page.add_init_script("localStorage.setItem('hc-theme', 'dark')")
        page.goto(f"{address}/retail/en/{ARTICLE}")
        page.emulate_media(media="print", color_scheme="dark")
        style = "getComputedStyle(document.body)"
        colours = page.evaluate(f"[{style}.color, {style}.backgroundColor]")
        assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
