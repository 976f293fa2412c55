"""Chromium searches: instant results, the search page, the 404 page; in four scripts, by keyboard and by hand, offline,
over a slow line, with an index that is damaged or was replaced, from another origin, and with hostile queries."""

from __future__ import annotations

import functools
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.web.harness import ARTICLE, Watched, served, settle, sized, words

REFUND = "payments/refunds/refund-a-sale/"
INDEX = re.compile(r"/search/(?:index|titles|terms|details)[-.]")


def type_in(page: Page, text: str) -> None:
    """The text in the search field, key by key, and its answer on screen."""
    field = page.locator("#hc-q")
    field.click()
    field.press_sequentially(text)
    page.locator("[role=option]").first.wait_for()


def options(page: Page) -> list[str]:
    """Where the instant results lead, below the language's root."""
    found = page.eval_on_selector_all("[role=option]", "all => all.map(one => one.href)")
    return [url.split("/", 5)[5] for url in found]


def active(page: Page) -> int:
    """Which instant result is chosen, from 0; -1 for none."""
    found: int = page.evaluate(
        "[...document.querySelectorAll('[role=option]')].findIndex((one) => one.id ==="
        " document.activeElement.getAttribute('aria-activedescendant') && one.ariaSelected === 'true')"
    )
    return found


def results(page: Page) -> list[str]:
    """Where the rows of the search page lead, below the language's root."""
    page.locator("#hc-results li a").first.wait_for()
    found = page.eval_on_selector_all("#hc-results li > a", "all => all.map(one => one.href)")
    return [url.split("/", 5)[5] for url in found]


def status(page: Page, text: str) -> None:
    """Waits until the search page says `text`."""
    page.locator("#hc-results [role=status]", has_text=text).wait_for()


# What is found ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "text", "wanted"),
    [
        ("retail/en", "refund", REFUND),
        ("retail/en", "refnd a slae", REFUND),
        ("retail/en", "refu", REFUND),
        ("retail/en", "money back", REFUND),
        ("retail/fr", "remboursment", REFUND),
        ("retail/de", "verkäufe erstaten", REFUND),
        ("retail/de", "verkaeufe erstatten", REFUND),
        ("retail/ko", "환불을", REFUND),
        ("retail/ar", "استرداد المبالغ", REFUND),
        ("web/de", "gutschein", "online-store/discounts/create-a-discount-code/"),
        ("web/en", "voucher", "online-store/discounts/create-a-discount-code/"),
        ("retail/en", "TM-1001", "troubleshooting/errors/error-codes/"),
    ],
)
def test_what_people_type_finds_the_article(browser: Browser, address: str, place: str, text: str, wanted: str) -> None:
    with Watched(browser) as watched:
        watched.page.goto(f"{address}/{place}/")
        type_in(watched.page, text)
        assert options(watched.page)[0] == wanted
        watched.page.keyboard.press("Enter")
        watched.page.wait_for_url(f"**/{place}/search/?q=*")
        assert results(watched.page)[0].partition("#")[0] == wanted
        assert watched.faults == []


def test_korean_is_searched_while_it_is_composed(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/ko/{ARTICLE}")
        page.locator("#hc-q").click()
        keys = watched.context.new_cdp_session(page)

        def compose(text: str) -> None:
            keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})

        for text in ("ㅎ", "화", "환"):
            compose(text)
        keys.send("Input.insertText", {"text": "환"})
        compose("ㅂ")
        page.locator(f"[role=option][href$='{REFUND}']").wait_for()
        assert page.input_value("#hc-q") == "환ㅂ"
        # Keys that belong to the input method choose and open nothing.
        for key in ("ArrowDown", "Enter", "Escape"):
            page.evaluate(
                "key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, isComposing: true,"
                " bubbles: true, cancelable: true}))", key,
            )  # fmt: skip
        assert active(page) == -1
        assert page.url.endswith(ARTICLE)
        assert page.locator("[role=option]").first.is_visible()
        keys.send("Input.insertText", {"text": "불"})
        page.locator(f"[role=option][href$='{REFUND}']").wait_for()
        assert page.input_value("#hc-q") == "환불"
        assert watched.faults == []


def test_a_row_shows_why_it_was_found(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/search/?q=partial+refund")
        assert results(page)[0].startswith(REFUND)
        row = page.locator("#hc-results li").first
        row.locator("mark").first.wait_for()
        assert set(map(str.lower, row.locator("mark").all_inner_texts())) <= {
            "refund", "refunds", "refunded", "part", "partial",
        }  # fmt: skip
        assert row.locator("small").inner_text() == "Payments › Refunds and disputes"
        parts = page.locator("#hc-results .hc-part a")
        parts.first.wait_for()
        target = parts.first.get_attribute("href") or ""
        parts.first.click()
        page.wait_for_url(target)
        assert page.locator(":target").count() == 1
        assert watched.faults == []


def test_what_is_written_in_another_language_says_so(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/ko/search/?q=dispute")
        row = page.locator("#hc-results li", has=page.locator("a[href$='respond-to-a-dispute/']")).first
        row.wait_for()
        assert row.locator("a bdi").get_attribute("lang") == "en"
        assert row.locator("small").inner_text().endswith("언어: 영어")
        page.goto(f"{address}/retail/ko/")
        type_in(page, "dispute")
        option = page.locator("[role=option][href$='respond-to-a-dispute/']")
        assert option.locator("bdi").get_attribute("lang") == "en"
        assert "언어: 영어" in option.inner_text()


def test_did_you_mean(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/search/?q=refnd")
        better = page.get_by_role("link", name=words("en")["search_suggestion"].replace("{query}", "refund"))
        better.click()
        page.wait_for_url("**/search/?q=refund")
        assert page.input_value("#hc-q") == "refund"
        assert results(page)[0] == REFUND
        assert page.locator(".hc-hints a").count() == 0


def test_where_nothing_is_found_topics_and_people_are(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/{ARTICLE}")
        page.locator("#hc-q").press_sequentially("xyzzyxyzzy")
        page.locator(".hc-found [role=status]", has_text=words("en")["search_no_match"]).wait_for()
        assert page.locator("#hc-q").get_attribute("aria-expanded") == "false"
        page.keyboard.press("Enter")
        status(page, words("en")["search_none"])
        assert page.locator("#hc-topics").is_visible()
        contact = page.locator(".hc-help a[href*='contact/']").first
        assert (contact.get_attribute("href") or "").endswith("/contact/?q=xyzzyxyzzy")
        contact.click()
        page.wait_for_url("**/contact/?q=xyzzyxyzzy")
        assert page.locator("[data-given=q]").input_value() == "xyzzyxyzzy"
        assert watched.faults == []


def test_the_404_page_suggests_what_was_meant(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        missed = {"retail/en/pay/refund-a-slae.html": "refund a slae", f"retail/ko/{quote('환불')}/": "환불"}
        for path, text in missed.items():
            page.goto(f"{address}/{path}")
            page.locator(f"#hc-missed a[href$='{REFUND}']").wait_for()
            assert page.get_by_role("heading", name=words(path[7:9])["not_found_suggestions"]).is_visible()
            assert page.input_value("#hc-q") == text
        page.goto(f"{address}/retail/en/xyzzyqq/")
        page.wait_for_load_state("networkidle")
        assert page.locator("#hc-missed").is_hidden()
        assert [one for one in watched.faults if "404" not in one] == []


# Filter, address, further results -----------------------------------------------------------------------------------


def test_the_filter_is_kept_in_the_address(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/search/?q=card")
        everything = len(results(page))
        pressed = page.locator("#hc-results [aria-pressed=true]")
        assert pressed.inner_text().startswith(words("en")["search_all_topics"])
        button = page.locator("#hc-results [aria-pressed]", has_text="Hardware")
        total = int(button.locator("small").inner_text())
        assert 0 < total < everything
        button.focus()
        page.keyboard.press("Space")
        page.wait_for_url("**/search/?q=card&category=Hardware")
        page.locator("#hc-results li:not(:has(small:text-matches('^Hardware')))").first.wait_for(state="detached")
        assert len(results(page)) == total
        assert page.evaluate("document.activeElement.ariaPressed") == "true", "the focus stays on the button"
        page.reload()
        assert len(results(page)) == total
        assert pressed.inner_text().startswith("Hardware")
        page.locator("#hc-results li > a").first.click()
        page.go_back()
        page.wait_for_url("**/search/?q=card&category=Hardware")
        assert len(results(page)) == total
        page.locator("#hc-q").press("End")
        page.keyboard.type("s")
        page.wait_for_url("**/search/?q=cards")
        assert watched.faults == []


def test_further_results_come_when_asked_for(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/search/?q=the")
        first = results(page)
        assert len(first) == 10
        page.get_by_role("button", name=words("en")["search_more"]).click()
        page.locator("#hc-results li:nth-child(11)").wait_for()
        assert results(page)[:10] == first
        focused = "[...document.querySelectorAll('#hc-results li')].indexOf(document.activeElement.closest('li'))"
        assert page.evaluate(focused) == 10, "reading goes on at the first new one"


# By keyboard --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_keys_of_the_combobox(browser: Browser, address: str, locale: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/{locale}/{ARTICLE}")
        type_in(page, {"en": "refund", "ar": "استرداد"}[locale])
        field = page.locator("#hc-q")
        assert (field.get_attribute("role"), field.get_attribute("aria-expanded")) == ("combobox", "true")
        assert page.locator(f"#{field.get_attribute('aria-controls')}").get_attribute("role") == "listbox"
        last = len(options(page)) - 1
        seen = []
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "Home", "ArrowDown"):
            page.keyboard.press(key)
            seen.append(active(page))
        assert seen == [0, 1, 0, -1, last, -1, 0]
        assert page.evaluate("document.activeElement.id") == "hc-q", "the focus stays in the field"
        page.keyboard.press("Escape")
        assert field.get_attribute("aria-expanded") == "false"
        assert field.input_value(), "the first Escape closes, no more"
        assert page.locator("[role=option]").count() == 0
        page.keyboard.press("ArrowDown")
        page.locator("[role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/retail/{locale}/{REFUND}")
        assert watched.faults == []


def test_the_last_option_leads_to_all_results(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/")
        type_in(page, "refund")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=refund")
        assert results(page)[0] == REFUND


def test_leaving_the_field_closes_the_list(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/")
        type_in(page, "refund")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.locator("[role=option]").first.wait_for(state="detached")
        type_in(page, "s")
        page.locator("h1").click()
        page.locator("[role=option]").first.wait_for(state="detached")


def test_a_finger_opens_a_result(browser: Browser, address: str) -> None:
    with Watched(browser, viewport=sized(390), has_touch=True, is_mobile=True) as watched:
        page = watched.page
        page.goto(f"{address}/retail/ar/")
        page.locator("#hc-q").tap()
        page.keyboard.type("استرداد")
        option = page.locator(f"[role=option][href$='{REFUND}']")
        option.wait_for()
        box = option.bounding_box()
        assert box
        assert box["height"] >= 44
        option.tap()
        page.wait_for_url(f"**/{REFUND}")


# Layout ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "ar", "ko"])
@pytest.mark.parametrize("path", ["", ARTICLE])
def test_instant_results_move_nothing_and_fit_a_narrow_screen(
    browser: Browser, address: str, locale: str, path: str
) -> None:
    with Watched(browser, viewport={"width": 320, "height": 640}) as watched:
        page = watched.page
        page.goto(f"{address}/retail/{locale}/{path}")
        page.evaluate(
            "window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) moved +="
            " one.value; }).observe({ type: 'layout-shift', buffered: false }); scroll(0, 0)"
        )
        before = page.locator("main").bounding_box()
        type_in(page, {"en": "card", "ar": "بطاقة", "ko": "카드"}[locale])
        assert page.locator("main").bounding_box() == before
        assert page.evaluate("moved") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        box = page.locator(".hc-found").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        height = "all => Math.min(...all.map((one) => one.getBoundingClientRect().height))"
        assert page.eval_on_selector_all("[role=option]", height) >= 44


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_targets_of_the_search_page_are_large_and_fit(browser: Browser, address: str, locale: str) -> None:
    with Watched(browser, viewport={"width": 320, "height": 640}) as watched:
        page = watched.page
        page.goto(f"{address}/retail/{locale}/search/?q={quote({'en': 'cards', 'ar': 'بطاقة'}[locale])}")
        results(page)
        page.locator("#hc-results mark").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        small = page.evaluate(
            "[...document.querySelectorAll('#hc-results :is(button, .hc-part a, .hc-hints a)')].filter((one) =>"
            " one.offsetParent && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"
        )
        assert small == []


# The line -----------------------------------------------------------------------------------------------------------


def test_nothing_of_the_index_is_fetched_before_somebody_types(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        for path in ("", ARTICLE, "search/", "contact/"):
            page.goto(f"{address}/retail/en/{path}", wait_until="networkidle")
            settle(page)
        assert not [url for url in watched.requests if re.search(r"/search/.*\.", url)]
        page.goto(f"{address}/retail/en/")
        page.locator("#hc-q").focus()
        page.wait_for_load_state("networkidle")
        assert not [url for url in watched.requests if INDEX.search(url)]
        type_in(page, "refund sale")
        asked = [url for url in watched.requests if "/search/" in url]
        assert len(asked) <= 8, asked
        page.locator("#hc-q").press_sequentially("s")
        page.wait_for_timeout(300)
        assert len(asked) == len([url for url in watched.requests if "/search/" in url]), "what is there is kept"


def test_a_late_answer_never_takes_the_place_of_a_newer_one(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        watched.context.route("**/search/titles-*", hold)
        page.goto(f"{address}/retail/en/")
        field = page.locator("#hc-q")
        field.press_sequentially("refund")
        while not held:
            page.wait_for_timeout(20)
        page.locator(".hc-found [role=status]", has_text=words("en")["search_loading"]).wait_for()
        field.fill("xyzzyxyzzy")
        page.wait_for_timeout(200)
        for route in held:
            route.continue_()
        page.locator(".hc-found [role=status]", has_text=words("en")["search_no_match"]).wait_for()
        page.wait_for_timeout(200)
        assert page.locator("[role=option]").count() == 0
        field.fill("")
        page.wait_for_timeout(300)
        assert page.locator(".hc-found").get_attribute("class") == "hc-found", "an empty field has no answer"


def test_a_closed_list_stays_closed_when_the_answer_comes(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        watched.context.route("**/search/index.json", hold)
        page.goto(f"{address}/retail/en/")
        page.locator("#hc-q").press_sequentially("refund")
        page.locator(".hc-found [role=status]", has_text=words("en")["search_loading"]).wait_for()
        page.keyboard.press("Escape")
        held[0].continue_()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(200)
        assert page.locator("[role=option]").count() == 0


@pytest.mark.parametrize("opened", [False, True])
def test_offline_there_is_a_message_and_the_topics(browser: Browser, address: str, *, opened: bool) -> None:
    said = words("en")
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/search/", wait_until="networkidle")
        if opened:
            with page.expect_response("**/search/search.*.js"):
                page.locator("#hc-q").focus()
        watched.context.set_offline(True)
        page.locator("#hc-q").press_sequentially("refund")
        page.get_by_text(said["search_failed"]).wait_for()
        assert page.locator("#hc-topics").is_visible()
        watched.context.set_offline(False)
        if opened:
            page.get_by_role("button", name=said["search_again"]).click()
        else:
            page.locator("#hc-q").press_sequentially("s")
        assert results(page)[0] == REFUND
        assert page.get_by_text(said["search_failed"]).count() == 0
        assert [one for one in watched.faults if "ERR_INTERNET_DISCONNECTED" not in one] == []


def test_offline_the_field_says_so(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/de/{ARTICLE}", wait_until="networkidle")
        watched.context.set_offline(True)
        page.locator("#hc-q").press_sequentially("karte")
        page.get_by_role("alert").filter(has_text=words("de")["search_failed"]).wait_for()
        watched.context.set_offline(False)
        page.locator("#hc-q").press_sequentially("n")
        page.locator("[role=option]").first.wait_for()
        assert page.get_by_role("alert").count() == 0


# An index that is not whole -----------------------------------------------------------------------------------------


@pytest.fixture
def own_site(example_site: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a copy of the example that a test may damage, and its folder."""
    site = tmp_path / "site"
    shutil.copytree(example_site, site)
    with served(site) as found:
        yield found, site


@pytest.mark.parametrize("damage", ["missing", "truncated", "foreign"])
@pytest.mark.parametrize("kind", ["index", "titles", "terms"])
def test_a_damaged_file_has_a_clear_message_and_a_way_on(
    browser: Browser, own_site: tuple[str, Path], kind: str, damage: str
) -> None:
    address, site = own_site
    folder = site / "retail/en/search"
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/search/", wait_until="networkidle")
        whole = {path: path.read_bytes() for path in folder.glob(f"{kind}*.json")}
        for path, data in whole.items():
            path.unlink()
            if damage != "missing":
                path.write_bytes(data[: len(data) // 2] if damage == "truncated" else b'[{"version": 1}]')
        page.locator("#hc-q").press_sequentially("refund")
        is_old = (kind, damage) == ("index", "foreign")
        status(page, words("en")["search_outdated" if is_old else "search_failed"])
        assert page.locator("#hc-topics").is_visible()
        for path, data in whole.items():
            path.write_bytes(data)
        page.get_by_role("button", name=words("en")["search_reload" if is_old else "search_again"]).click()
        if is_old:
            page.wait_for_load_state("networkidle")
            page.locator("#hc-q").press_sequentially(" ")
        assert results(page)[0] == REFUND
        assert [one for one in watched.faults if "404" not in one] == []


def test_an_index_that_was_replaced_meanwhile_is_read_anew(browser: Browser, own_site: tuple[str, Path]) -> None:
    address, site = own_site
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/de/", wait_until="networkidle")
        type_in(page, "auszahlung")
        # Another index in its place, that of another brand; no block of the end of the alphabet is loaded yet.
        folder, other = site / "retail/de/search", site / "web/de/search"
        for path in folder.glob("*.json"):
            path.unlink()
        for path in other.glob("*.json"):
            shutil.copyfile(path, folder / path.name)
        page.locator("#hc-q").fill("versandkosten")
        page.locator("[role=option][href$='set-up-shipping-rates/']").wait_for()
        assert [one for one in watched.faults if "404" not in one] == []


def test_another_version_of_the_index_asks_for_a_reload(browser: Browser, own_site: tuple[str, Path]) -> None:
    address, site = own_site
    path = site / "retail/ar/search/index.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"version": 99}), "utf-8")
    with Watched(browser) as watched:
        watched.page.goto(f"{address}/retail/ar/search/?q=x")
        status(watched.page, words("ar")["search_outdated"])
        assert watched.page.get_by_role("button", name=words("ar")["search_reload"]).is_visible()
        assert watched.faults == []


# Hostile queries ----------------------------------------------------------------------------------------------------

HOSTILE = [
    "a" * 10_000,
    "wort " * 2_000,
    "😀" * 300,
    "\ud800 refund",
    "refund\udfff\ud800",
    "(a+)+$[\\ refund",
    "<img src=x onerror=alert(1)> refund",
    '"><script>alert(1)</script>',
    "__proto__ constructor toString",
    "\u202e\u200b refund",
    "%00 ../../index.json",
]


@pytest.mark.parametrize("locale", ["en", "ko"])
def test_hostile_queries_are_text(browser: Browser, address: str, locale: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.on("dialog", lambda dialog: watched.faults.append(f"dialog {dialog.message}"))
        page.goto(f"{address}/retail/{locale}/{ARTICLE}")
        for query in HOSTILE:
            page.locator("#hc-q").evaluate(
                "(field, text) => { field.focus(); field.value = text; field.dispatchEvent(new Event('input')); }",
                query,
            )
            page.wait_for_timeout(400)
        markup = ".hc-search :is(img, script), #hc-results :is(img, script)"
        assert page.locator(markup).count() == 0
        for query in HOSTILE[2:]:
            page.goto(f"{address}/retail/{locale}/search/?q={quote(query, errors='replace')}")
            page.locator("#hc-results [role=status]:not(:empty)").wait_for()
            assert page.locator(markup).count() == 0
        assert watched.faults == []


def test_what_articles_say_is_text_as_well(browser: Browser, make_world: Callable[..., Any]) -> None:
    evil = "<img src=x onerror=alert(1)>"
    world = make_world(
        {
            "content/en/billing/evil.md": f"---\ntitle: 'Zebra {evil}'\nsynonyms: ['{evil}']\n---\n"
            f"`{evil}` zebra\n\n## Z `{evil}`\n\nZ.\n",
            "content/en/billing/index.md": f"---\ntitle: 'B {evil}'\n---\n",
        }
    )
    with served(world.build(), world.root) as address, Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/web/en/")
        type_in(page, "zebra")
        assert evil in page.locator("[role=option]").first.inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=zebra")
        page.locator("#hc-results mark").first.wait_for()
        assert evil in page.locator("#hc-results li").first.inner_text()
        assert page.locator("img[src=x]").count() == 0
        assert watched.faults == []


# Beacon -------------------------------------------------------------------------------------------------------------


def searches(watched: Watched) -> list[dict[str, Any]]:
    """What was reported besides views."""
    return [one for one in map(json.loads, watched.sent) if one["event"] != "view"]


def until_reported(watched: Watched, count: int) -> list[dict[str, Any]]:
    """The first `count` reports."""
    for _ in range(200):
        if len(searches(watched)) >= count:
            break
        watched.page.wait_for_timeout(50)
    return searches(watched)


def test_searches_are_reported_once_they_are_settled(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/en/")
        type_in(page, "refund card 4111 1111 1111 1111 ada@example.com")
        (first,) = until_reported(watched, 1)
        assert re.fullmatch("[0-9a-f]{32}", first.pop("nonce"))
        assert first.pop("results") > 0
        assert first == {
            "v": 1, "event": "search", "brand": "retail", "locale": "en", "kind": "home", "query": "refund card # @",
        }  # fmt: skip
        page.locator("#hc-q").fill("xyzzyxyzzy")
        second = until_reported(watched, 2)[1]
        assert (second["event"], second["query"], second["results"]) == ("no_result", "xyzzyxyzzy", 0)
        assert len(searches(watched)) == 2


def test_an_opened_result_is_reported_with_its_search(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.goto(f"{address}/retail/de/")
        type_in(page, "erstattung")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=erstattung")
        results(page)
        page.locator("#hc-results li:nth-child(2) > a").click()
        page.wait_for_load_state("networkidle")
        found = until_reported(watched, 2)
    assert [one["event"] for one in found] == ["search", "open"], "the field leaves its search to the page"
    assert [one["kind"] for one in found] == ["search", "search"]
    assert found[0]["nonce"] == found[1]["nonce"]
    assert found[1]["position"] == 2
    assert found[1]["url"].endswith("/")
    assert "article" not in found[1]


def test_a_reader_who_refuses_is_not_reported(browser: Browser, address: str) -> None:
    with Watched(browser) as watched:
        page = watched.page
        page.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
        page.goto(f"{address}/retail/en/")
        type_in(page, "refund")
        page.wait_for_timeout(2500)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{REFUND}")
        assert watched.sent == []


# Another origin -----------------------------------------------------------------------------------------------------


@contextmanager
def product(folder: Path) -> Iterator[str]:
    """The pages in `folder` on an origin of their own."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_index_is_read_from_another_origin(
    browser: Browser, address: str, example_site: Path, tmp_path: Path
) -> None:
    (script,) = (example_site / "retail/de/search").glob("search.*.js")
    (tmp_path / "index.html").write_text("<!doctype html><title>Product</title>", "utf-8")
    ask = """async ([script, base]) => {
      const { create } = await import(script);
      const found = await create({ base }).search("erstattung");
      return [found.status, found.results[0].url, (await found.results[0].details()).text.length > 0];
    }"""
    base = f"{address}/retail/de/search/"
    with product(tmp_path) as origin, Watched(browser) as watched:
        watched.page.goto(f"{origin}/")
        assert watched.page.evaluate(ask, [base + script.name, base]) == ["ok", REFUND, True]
        # What is not for others stays with its own origin.
        style = next((example_site / "retail/assets").glob("style.*.css")).name
        refused = watched.page.evaluate("url => fetch(url).then(() => '', String)", f"{address}/retail/assets/{style}")
        assert "Failed to fetch" in refused
