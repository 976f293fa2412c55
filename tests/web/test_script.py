"""What scripts add: results, the choice of a brand and language, views reported."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser

from tests.web.harness import ARTICLE, Watched, settle


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


@pytest.mark.parametrize("refused", [False, True])
def test_beacon_reports_the_view_and_honours_privacy(browser: Browser, address: str, refused: bool) -> None:
    with Watched(browser) as watched:
        if refused:
            watched.page.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
        watched.page.goto(f"{address}/retail/de/{ARTICLE}", wait_until="networkidle")
        settle(watched.page)
        sent = [json.loads(one) for one in watched.sent]
    assert len(sent) == (0 if refused else 1)
    for one in sent:
        assert (one["brand"], one["locale"], one["article"]) == ("retail", "de", "accepted-cards-and-fees")
