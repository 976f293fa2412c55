"""Chromium on home, articles and search: incidents, searches, downloads, figures, keys, and places that are kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.web.harness import ARTICLE, Watched
from tests.web.tools import axe

PAIR = "hardware/card-terminals/pair-a-card-terminal/"
FALLBACK = "payments/refunds/respond-to-a-dispute/"
PAYOUT = "payments/payouts/when-payouts-arrive/"


def height(page: Page, selector: str) -> float:
    """The least height of what can be touched: the element's box, however its line is set."""
    boxes = page.locator(selector).evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert boxes, selector
    return min(boxes)


@pytest.mark.parametrize(("width", "locale"), [(1280, "en"), (390, "ar"), (320, "de")])
def test_what_a_finger_may_hit_is_large_enough(browser: Browser, address: str, width: int, locale: str) -> None:
    with Watched(browser, viewport={"width": width, "height": 800}) as watched:
        page = watched.page
        page.goto(f"{address}/retail/{locale}/")
        for selector in (".hc-incidents a", ".hc-asked a", "#hc-popular a", ".hc-menu a"):
            assert height(page, selector) >= 44, selector
        page.goto(f"{address}/retail/{locale}/{PAIR}")
        assert height(page, ".hc-files a") >= 44
        if locale != "en":
            page.goto(f"{address}/retail/{locale}/{FALLBACK}")
            assert height(page, ".hc-notice a") >= 44
        for path in ("", "retail/"):
            page.goto(f"{address}/{path}")
            assert height(page, "li li a" if not path else "nav a") >= 44


def test_an_incident_is_named_read_and_found_before_the_search(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/")
        strip = page.get_by_role("region", name="Current notices")
        # Its level is a word as well as a colour and a sign.
        assert strip.locator(".callout-title").inner_text().startswith("Warning:")
        page.get_by_role("searchbox").focus()
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.href") == "https://status.tidemark.example/"
        page.goto(f"{address}/restaurant/en/")
        assert page.locator(".hc-incidents").count() == 0


def test_a_popular_search_is_a_link_that_finds_something(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/ko/")
        page.get_by_role("navigation", name="자주 찾는 검색어").get_by_role("link").first.click()
        page.wait_for_selector("#hc-results li a")
        assert page.locator("#hc-q").input_value() == "환불"
        assert not page.locator("#hc-popular").is_visible()


@pytest.mark.parametrize("has_script", [True, False])
def test_where_nothing_is_found_popular_articles_are(browser: Browser, address: str, *, has_script: bool) -> None:
    with Watched(browser, java_script_enabled=has_script) as watched:
        page = watched.page
        page.goto(f"{address}/retail/de/search/?q=xyzzyqqq", wait_until="networkidle")
        assert page.locator("#hc-popular a").count() == 8
        assert page.locator("#hc-popular").is_visible()
        page.goto(f"{address}/web/de/no/such/page/")
        assert page.locator("#hc-popular").is_visible()


def test_arrows_lead_from_the_field_through_the_results_and_back(browser: Browser, address: str) -> None:
    focused = "[...document.querySelectorAll('#hc-results li a')].indexOf(document.activeElement)"
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/search/?q=card")
        page.wait_for_selector("#hc-results li:nth-child(3) a")
        page.locator("#hc-q").focus()
        page.keyboard.press("ArrowUp")
        assert page.evaluate(focused) == -1
        seen = []
        for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
            page.keyboard.press(key)
            seen.append(page.evaluate(focused))
        assert seen == [0, 1, 2, 1]
        wanted = page.evaluate("document.activeElement.href")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.id") == "hc-q"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(wanted)


def test_arrows_do_nothing_elsewhere(browser: Browser, address: str) -> None:
    with Watched(browser, viewport={"width": 1280, "height": 600}) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/{ARTICLE}")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.tagName") == "BODY"
        page.evaluate("scrollY || new Promise((done) => addEventListener('scroll', done))")


def test_a_heading_is_kept_when_the_language_changes(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/{ARTICLE}")
        page.locator(".hc-toc summary").click()
        page.locator(".hc-toc a").nth(2).click()
        heading = page.evaluate("location.hash")
        assert len(heading) > 1
        # The way to the languages leads over another hash.
        page.locator("header a[href='#hc-languages']").click()
        page.locator("#hc-languages a[lang=ar]").click()
        page.wait_for_url(re.compile(r"/ar/"))
        assert page.url == f"{address}/retail/ar/{ARTICLE}{heading}"
        assert page.locator(f"h2{heading}").count() == 1
        # A page that was opened at a heading knows it, too.
        page.locator("#hc-languages a[lang=ko]").click()
        page.wait_for_url(f"{address}/retail/ko/{ARTICLE}{heading}")
        assert watched.faults == []


def test_language_and_brand_menus_keep_the_article_without_script(browser: Browser, address: str) -> None:
    with Watched(browser, java_script_enabled=False) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/{PAIR}")
        menu = page.locator("#hc-languages")
        assert menu.locator("[aria-current]").get_attribute("lang") == "en"
        for link in menu.locator("a").all():
            assert link.get_attribute("lang") == link.get_attribute("hreflang")
            assert link.get_attribute("dir") in ("ltr", "rtl")
            assert (link.get_attribute("href") or "").endswith(f"/{PAIR}")
        page.get_by_role("link", name="Tidemark Restaurant").click()
        assert page.url == f"{address}/restaurant/en/{PAIR}"
        # This brand does not have the article: its home.
        page.get_by_role("link", name="Tidemark Web").click()
        assert page.url == f"{address}/web/en/"


def test_a_file_is_downloaded_under_its_own_name(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/restaurant/fr/{PAIR}")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Carte d’association").click()
        assert waiting.value.suggested_filename == "pairing-card.pdf"
        assert waiting.value.path().read_bytes().startswith(b"%PDF")
        assert watched.faults == []


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_a_figures_picture_comes(browser: Browser, address: str, width: int) -> None:
    waiting: list[Route] = []
    with Watched(browser, viewport={"width": width, "height": 900}) as watched:
        page = watched.page

        def hold(route: Route) -> None:
            waiting.append(route)

        page.route("**/payout-timeline*", hold)
        page.goto(f"{address}/retail/en/{PAYOUT}", wait_until="domcontentloaded")
        place = "Math.round(document.querySelector('.hc-body h2').getBoundingClientRect().top)"
        picture = page.locator("figure img")
        assert picture.get_attribute("loading") is None
        assert not page.evaluate("document.querySelector('figure img').complete")
        before = page.evaluate(place)
        waiting[0].continue_()
        picture.evaluate("(one) => one.complete || new Promise((done) => one.addEventListener('load', done))")
        assert picture.evaluate("(one) => one.naturalWidth") == 640
        assert page.evaluate(place) == before
        assert page.locator("figcaption").inner_text() == "Sold on a Monday, paid out 2 business days later"


def test_logos_have_sizes(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        for path in ("", "retail/", "retail/en/"):
            watched.page.goto(f"{address}/{path}")
            logos = watched.page.locator("img").evaluate_all(
                "all => all.map((one) => [one.width, one.height, one.outerHTML])"
            )
            assert logos
            assert all('width="32" height="32"' in html and wide == high for wide, high, html in logos), logos


def test_portal_and_choice_of_language_follow_the_choice_of_colours(browser: Browser, address: str) -> None:
    with Watched(browser, color_scheme="light") as watched:
        page = watched.page
        page.goto(f"{address}/web/en/")
        page.locator("#hc-theme").select_option("dark")
        for path in ("", "web/", "retail/ko/"):
            page.goto(f"{address}/{path}")
            assert page.evaluate("document.documentElement.dataset.theme") == "dark", path
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 27)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_portal_and_choice_of_language_pass_the_audit(browser: Browser, address: str, scheme: Any) -> None:
    found = []
    with Watched(browser, color_scheme=scheme, bypass_csp=True, viewport={"width": 390, "height": 800}) as watched:
        for path in (
            "",
            "retail/",
            "web/ar/",
            f"restaurant/de/{PAIR}",
            "web/de/online-store/domains/connect-your-domain/",
        ):
            watched.page.goto(f"{address}/{path}")
            found += [f"{path}: {one.message}: {one.place}" for one in axe(watched.page)]
    assert found == [], "\n".join(found)
