"""Pages work without JavaScript: reading, browsing, changing language and brand, finding by topic, a dark scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.harness import ARTICLE, SITES, Watched, sized


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that runs no script, on a desk and on a phone."""
    with Watched(browser, java_script_enabled=False, viewport=sized(request.param)) as watched:
        yield watched.page
        assert not any(url.endswith(".js") for url in watched.requests)


def test_reading_and_switching_language(page: Page, address: str) -> None:
    page.goto(f"{address}/retail/en/")
    page.locator("main a[href*='payments']").first.click()
    page.locator("main a[href*='accepted-cards']").first.click()
    assert page.url.endswith(f"/en/{ARTICLE}")
    assert page.locator(".hc-body table").first.is_visible()
    page.locator("footer a[hreflang=ko]").click()
    assert page.url.endswith(f"/ko/{ARTICLE}")
    assert page.locator("html").get_attribute("lang") == "ko"
    page.locator("nav[aria-label] ol a").first.click()
    assert page.url.endswith("/retail/ko/")


def test_switching_brand_keeps_the_language(page: Page, address: str) -> None:
    page.goto(f"{address}/retail/de/")
    page.locator("footer nav").last.locator("a", has_text="Restaurant").click()
    assert re.search(r"/restaurant/de/$", page.url)
    assert page.locator("html").get_attribute("lang") == "de"


@pytest.mark.parametrize("site", [f"{brand}/{locales[-1]}" for brand, locales in SITES.items()])
def test_every_category_is_reached_from_the_search_page(page: Page, address: str, site: str) -> None:
    home = f"{address}/{site}/"
    page.goto(home)
    wanted = {one.evaluate("one => one.href") for one in page.locator("[aria-labelledby=hc-topics] a").all()}
    assert len(wanted) >= 4
    page.goto(f"{home}search/?q=refund")
    links = [one for one in page.locator("main a").all() if one.is_visible()]
    assert wanted <= {one.evaluate("one => one.href") for one in links}
    assert page.locator("noscript").count() == 1
    assert page.locator("main .hc-notice").is_visible()


def test_the_search_form_leads_to_the_search_page(page: Page, address: str) -> None:
    page.goto(f"{address}/retail/en/{ARTICLE}")
    page.locator("input[name=q]").fill("money back")
    page.locator("form[role=search] button").click()
    assert page.url == f"{address}/retail/en/search/?q=money+back"


def test_dark_where_the_system_is_dark(browser: Browser, address: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        with Watched(browser, java_script_enabled=False, color_scheme=scheme) as watched:
            watched.page.goto(f"{address}/retail/en/")
            body = watched.page.locator("body")
            grounds.append(body.evaluate("one => getComputedStyle(one).backgroundColor"))
    assert grounds[0] != grounds[1]


def test_what_needs_script_is_not_shown(page: Page, address: str) -> None:
    page.goto(f"{address}/retail/en/")
    assert page.locator("#hc-settings").is_hidden()


def test_portal_and_choice_of_language_lead_on(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    page.locator("a[href='restaurant/']").first.click()
    assert page.url == f"{address}/restaurant/"
    page.locator("a[hreflang=fr]").first.click()
    assert page.url == f"{address}/restaurant/fr/"
