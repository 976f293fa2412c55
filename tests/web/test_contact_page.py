"""The contact page in Chromium: its clock, its form with and without script, suggestions, chat, and what they send."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.web.harness import Watched, words
from tests.web.tools import axe

SENT = re.compile(r"https://(tidemark-retail\.zendesk\.com|webto\.salesforce\.com)/.*")
CHAT = "https://chat.tidemark.example/loader.js"


class Desk(Watched):
    """A contact page, and what its form would have sent to the provider."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        super().__init__(browser, **options)
        self.requests_sent: list[tuple[str, str, str]] = []
        self.context.route(SENT, self._take)

    def _take(self, route: Route) -> None:
        request = route.request
        self.requests_sent.append((request.method, request.url, request.post_data or ""))
        route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>Sent</title>Sent")

    def sent_query(self) -> tuple[str, dict[str, str]]:
        """The one request: its address without the query, and what it carries, each name once."""
        ((method, url, data),) = self.requests_sent
        parts = urlsplit(url)
        pairs = parse_qsl(data if method == "POST" else parts.query, keep_blank_values=True)
        assert len(dict(pairs)) == len(pairs), pairs
        return f"{method} {parts.scheme}://{parts.netloc}{parts.path}", dict(pairs)


def submit(page: Page) -> None:
    """Presses the form's button."""
    page.locator("#hc-form button[type=submit]").click()


# Hours ----------------------------------------------------------------------------------------------------------------


def phone(watched: Watched, url: str, at: str) -> str:
    """What the first channel says at the moment `at` (UTC)."""
    watched.page.clock.set_fixed_time(datetime.fromisoformat(at).replace(tzinfo=UTC))
    watched.page.goto(url)
    return watched.page.locator("[data-week]").first.inner_text().replace("\u202f", " ")


MOMENTS = [
    # Midnight in London, an hour after that of UTC.
    ("retail/en", "2026-06-01T22:59", "Opens tomorrow at 8:00 AM"),
    ("retail/en", "2026-06-01T23:00", "Opens at 8:00 AM"),
    ("restaurant/en", "2026-06-01T22:59:59", "Open now, until 12:00 AM"),
    ("restaurant/en", "2026-06-01T23:00:00", "Opens at 7:00 AM"),
    # The clock is put forward on Sunday, 29 March 2026, at 1:00 UTC.
    ("retail/en", "2026-03-27T07:30", "Opens at 8:00 AM"),
    ("retail/en", "2026-03-29T00:59", "Opens tomorrow at 8:00 AM"),
    ("retail/en", "2026-03-29T01:01", "Opens tomorrow at 8:00 AM"),
    ("retail/en", "2026-03-30T07:30", "Open now, until 8:00 PM"),
    ("restaurant/en", "2026-03-29T06:00", "Open now, until 12:00 AM"),
    # It is put back on Sunday, 25 October 2026, at 1:00 UTC.
    ("retail/en", "2026-10-24T09:30", "Open now, until 4:00 PM"),
    ("retail/en", "2026-10-24T16:00", "Opens on Monday at 8:00 AM"),
    ("retail/en", "2026-10-31T09:30", "Opens at 10:00 AM"),
    ("restaurant/en", "2026-10-25T06:59", "Opens at 7:00 AM"),
    # Holidays.
    ("retail/en", "2026-12-24T19:59", "Open now, until 8:00 PM"),
    ("retail/en", "2026-12-24T20:00", "Opens on Saturday at 10:00 AM"),
    ("retail/en", "2026-12-25T12:00", "Closed today (Christmas Day). Opens tomorrow at 10:00 AM"),
    ("restaurant/en", "2026-12-25T12:00", "Closed today (public holiday). Opens tomorrow at 7:00 AM"),
    ("retail/ko", "2026-12-25T12:00", "오늘은 휴무입니다(성탄절). 내일 오전 10:00에 시작합니다"),
    ("retail/ko", "2026-06-01T09:00", "운영 중, 오후 8:00까지"),
    ("retail/ar", "2026-10-24T16:00", "يفتح يوم الاثنين في 8:00 ص"),
    ("retail/ar", "2026-12-25T12:00", "مغلق اليوم (عيد الميلاد). يفتح غدًا في 10:00 ص"),
]


@pytest.mark.parametrize("visitor", ["Europe/London", "Asia/Seoul", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_hours_go_by_the_brands_clock_wherever_the_reader_is(browser: Browser, address: str, visitor: str) -> None:
    with Watched(browser, timezone_id=visitor) as watched:
        for site, at, text in MOMENTS:
            assert phone(watched, f"{address}/{site}/contact/", at) == text, (site, at)


def test_the_script_looks_up_what_the_page_holds_for_that_moment(browser: Browser, address: str) -> None:
    """Seven hours at a time through the weeks of both clock changes and Christmas."""
    zone = ZoneInfo("Europe/London")
    starts = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 27), (10, 23), (12, 23))]
    with Watched(browser, timezone_id="Asia/Kolkata") as watched:
        for at in (start + timedelta(hours=7 * step) for start in starts for step in range(14)):
            url = f"{address}/retail/en/contact/"
            text = phone(watched, url, at.replace(tzinfo=None).isoformat())
            week = json.loads(watched.page.locator("[data-week]").first.get_attribute("data-week") or "")
            there = at.astimezone(zone)
            day = week.get(there.date().isoformat()) or week[str(there.isoweekday() % 7)]
            expected = [said for start, said in day if start <= f"{there:%H:%M:%S}"][-1]
            assert text == expected.replace("\u202f", " "), at


def test_the_table_and_the_zone_need_no_script(browser: Browser, address: str) -> None:
    with Watched(browser, java_script_enabled=False) as watched:
        watched.page.goto(f"{address}/retail/de/contact/")
        rows = watched.page.locator(".hc-hours").first.locator("tr").all_inner_texts()
        assert [row.replace("\u2009", " ").split("\t") for row in rows] == [
            ["Montag – Freitag", "08:00 – 20:00"], ["Samstag", "10:00 – 16:00"], ["Sonntag", "Geschlossen"],
        ]  # fmt: skip
        text = watched.page.locator(".hc-channels").inner_text()
        assert "Ortszeit: London" in text
        assert "25. Dezember 2026 (Erster Weihnachtstag)" in text
        assert watched.page.locator("[data-week]").first.inner_text() == ""


# The form without a script --------------------------------------------------------------------------------------------


def test_zendesk_works_without_script(browser: Browser, address: str) -> None:
    with Desk(browser, java_script_enabled=False) as desk:
        page = desk.page
        page.goto(f"{address}/retail/en/contact/?article=x&q=y")
        fields = page.locator("[data-topics]")
        assert [fields.nth(at).is_visible() for at in range(4)] == [False] * 4
        page.select_option("#hc-topic", "card-terminal")
        assert [fields.nth(at).is_visible() for at in range(4)] == [True, True, False, False]
        page.fill("#hc-subject", "It beeps & stops")
        page.select_option("#hc-field-terminal", "portable")
        page.fill("#hc-field-serial_number", "T-1")
        written = page.input_value("#hc-description")
        assert written.strip() == "[contract=1 tags=help-center]"
        page.fill("#hc-description", "All day." + written)
        submit(page)
        page.wait_for_url(SENT)
        where, query = desk.sent_query()
        assert where == "GET https://tidemark-retail.zendesk.com/hc/en-us/requests/new"
        assert query == {
            "ticket_form_id": "360001", "tf_36000101": "retail", "tf_36000102": "en", "tf_subject": "It beeps & stops",
            "tf_36000105": "card-terminal", "tf_36000107": "portable", "tf_36000108": "T-1", "tf_36000109": "",
            "tf_36000110": "", "tf_anonymous_requester_email": "",
            "tf_description": "All day.\r\n\r\n[contract=1 tags=help-center]",
        }  # fmt: skip


def test_fields_are_all_there_where_a_browser_does_not_know_has(browser: Browser, address: str) -> None:
    def older(route: Route) -> None:
        style = route.fetch()
        route.fulfill(response=style, body=style.text().replace("selector(:has(a))", "selector(:hasnot(a))"))

    with Desk(browser) as desk:
        desk.context.route("**/style.*.css", older)
        desk.page.goto(f"{address}/retail/en/contact/")
        fields = desk.page.locator("[data-topics]")
        assert all(fields.nth(at).is_visible() and fields.nth(at).is_enabled() for at in range(4))
        assert "(A card terminal)" in fields.first.inner_text()


def test_mail_is_a_link_without_script(browser: Browser, address: str) -> None:
    with Desk(browser, java_script_enabled=False) as desk:
        desk.page.goto(f"{address}/web/ko/contact/")
        assert desk.page.locator("#hc-form").is_hidden()
        link = desk.page.locator(".hc-panel p a")
        assert (link.get_attribute("href") or "").startswith("mailto:web-help@tidemark.example?subject=")


def test_salesforce_posts(browser: Browser, address: str) -> None:
    for with_script in (False, True):
        with Desk(browser, java_script_enabled=with_script) as desk:
            page = desk.page
            page.goto(f"{address}/restaurant/fr/contact/")
            filled = {
                "name": "Ada",
                "email": "ada@example.com",
                "subject": "Une addition",
                "description": "Deux\nlignes",
            }
            for name, text in filled.items():
                page.fill(f"#hc-{name}", text)
            submit(page)
            page.wait_for_url(SENT)
            where, query = desk.sent_query()
            assert where == "POST https://webto.salesforce.com/servlet/servlet.WebToCase"
            assert query == {
                **filled, "description": "Deux\r\nlignes", "orgid": "00D000000000001",
                "retURL": "https://help.tidemark.example/restaurant/en/", "00N0000001": "restaurant",
                "00N0000002": "fr", "00N0000006": "1",
            }  # fmt: skip


# With a script --------------------------------------------------------------------------------------------------------


def test_zendesk_gets_the_topics_form_its_fields_alone_and_the_context(browser: Browser, address: str) -> None:
    with Desk(browser) as desk:
        page = desk.page
        page.goto(f"{address}/retail/de/contact/?article=refund-a-sale&step=scan&q=geld%20zur%C3%BCck&title=Erstattung")
        assert page.input_value("#hc-subject") == "Erstattung"
        assert page.input_value("#hc-description") == ""
        page.select_option("#hc-topic", "dispute")
        page.fill("#hc-field-sale_number", "4711")
        page.select_option("#hc-topic", "payout-delay")
        page.fill("#hc-field-payout_date", "gestern")
        page.fill("#hc-description", "Eins\nzwei")
        submit(page)
        page.wait_for_url(SENT)
        assert desk.sent_query()[1] == {
            "ticket_form_id": "360002", "tf_36000101": "retail", "tf_36000102": "de", "tf_36000103": "refund-a-sale",
            "tf_subject": "Erstattung", "tf_36000105": "payout-delay", "tf_36000109": "gestern",
            "tf_anonymous_requester_email": "",
            "tf_description": "Eins<br>zwei<br><br>[contract=1 tags=help-center step=scan query=geld zurück]",
        }  # fmt: skip
        assert desk.faults == []


def test_what_the_address_brings_is_text(browser: Browser, address: str) -> None:
    evil = "%3Cimg%20src=x%20onerror=alert(1)%3E"
    with Desk(browser) as desk:
        desk.page.goto(f"{address}/retail/en/contact/?title={evil}&article={evil}&step={evil}&q={evil}&other={evil}")
        assert desk.page.input_value("#hc-subject") == unquote(evil)
        assert desk.page.locator("img[src=x]").count() == 0
        assert desk.faults == []


@pytest.mark.parametrize("locale", ["en", "ar", "ko"])
def test_errors_stand_beside_fields_and_above_them(browser: Browser, address: str, locale: str) -> None:
    said = words(locale)
    with Desk(browser) as desk:
        page = desk.page
        page.goto(f"{address}/retail/{locale}/contact/")
        assert page.locator("#hc-errors").is_hidden()
        page.select_option("#hc-topic", "card-terminal")
        page.fill("#hc-email", "nobody")
        submit(page)
        summary = page.locator("#hc-errors")
        assert summary.is_visible()
        assert page.evaluate("document.activeElement.id") == "hc-errors"
        links = summary.locator("a:visible")
        wrong = ["#hc-subject", "#hc-field-terminal", "#hc-email", "#hc-description"]
        assert [links.nth(at).get_attribute("href") for at in range(links.count())] == wrong
        assert links.first.inner_text() == said["form_missing"].replace("{label}", said["form_subject"])
        assert links.nth(2).inner_text() == said["form_bad_email"]
        for at, one in enumerate(wrong):
            field = page.locator(one)
            assert field.get_attribute("aria-invalid") == "true"
            described = page.locator(f"#{field.get_attribute('aria-describedby')}")
            assert described.inner_text() == links.nth(at).inner_text()
        assert page.locator("#hc-topic").get_attribute("aria-invalid") == "false"
        links.nth(3).click()
        assert page.evaluate("document.activeElement.id") == "hc-description"
        page.fill("#hc-description", "It beeps.")
        page.fill("#hc-email", "")
        submit(page)
        assert summary.locator("a:visible").count() == 2
        assert page.locator("#hc-description-error").inner_text() == ""
        page.fill("#hc-subject", "Beep")
        page.select_option("#hc-field-terminal", "counter")
        submit(page)
        page.wait_for_url(SENT)
        assert len(desk.requests_sent) == 1


def test_mail_carries_the_words_of_the_form(browser: Browser, address: str) -> None:
    with Desk(browser) as desk:
        page = desk.page
        page.goto(f"{address}/web/de/contact/?article=refunds&step=2")
        assert page.locator("#hc-form").is_visible()
        assert page.locator(".hc-panel p a").is_hidden()
        page.evaluate(
            "addEventListener('click', (event) => { if (event.target.href) { event.preventDefault();"
            " window.mail = event.target.href; } })"
        )
        submit(page)
        assert page.evaluate("window.mail") is None
        page.fill("#hc-subject", "Größe & 50 % + mehr?")
        page.fill("#hc-description", "Eins\nzwei = 2")
        submit(page)
        mail = page.evaluate("window.mail")
        assert mail.startswith("mailto:web-help@tidemark.example?subject=")
        assert "+" not in mail
        assert mail.isascii()
        headers = dict(part.split("=") for part in mail.partition("?")[2].split("&"))
        assert unquote(headers["subject"]) == "Größe & 50 % + mehr?"
        assert unquote(headers["body"]) == (
            "Eins\r\nzwei = 2\r\n\r\n-- \r\n[contract=1 brand=web locale=de article=refunds step=2]"
        )


def test_a_form_that_comes_back_keeps_what_was_written(browser: Browser, address: str) -> None:
    with Desk(browser) as desk:
        page = desk.page
        page.goto(f"{address}/retail/en/contact/")
        page.fill("#hc-description", "Half a story")
        page.goto(f"{address}/retail/en/")
        page.go_back()
        assert page.input_value("#hc-description") == "Half a story"


# Suggestions and chat -------------------------------------------------------------------------------------------------


def test_answers_are_suggested_while_the_subject_is_written(browser: Browser, address: str) -> None:
    with Desk(browser) as desk:
        page = desk.page
        page.goto(f"{address}/retail/en/contact/", wait_until="networkidle")
        assert not [url for url in desk.requests if "/search" in url]
        page.locator("#hc-subject").press_sequentially("refund")
        links = page.locator("#hc-answers a")
        links.first.wait_for()
        assert 1 <= links.count() <= 3
        assert page.evaluate("document.activeElement.id") == "hc-subject"
        assert page.locator("dialog, [role=dialog]").count() == 0
        asked = [url.rpartition("/search/")[2] for url in desk.requests if "/search/" in url]
        assert [name.partition("-")[0].partition(".")[0] for name in asked] == ["search", "index", "titles", "terms"]
        page.fill("#hc-subject", "qqqqq")
        links.first.wait_for(state="detached")
        page.fill("#hc-subject", "money back")
        links.filter(has_text="Refund a sale").click()
        assert page.url.endswith("/retail/en/payments/refunds/refund-a-sale/")
        assert desk.faults == []


def test_suggestions_in_another_language_say_so(browser: Browser, address: str) -> None:
    with Desk(browser) as desk:
        page = desk.page
        page.goto(f"{address}/retail/ar/contact/")
        page.fill("#hc-subject", "dispute")
        link = page.locator("#hc-answers a").first
        link.wait_for()
        assert link.get_attribute("lang") == "en"
        page.fill("#hc-subject", "استرداد")
        page.locator("#hc-answers a:not([lang])").first.wait_for()


@pytest.mark.parametrize("works", [True, False])
def test_the_chat_comes_with_the_click_and_not_before(browser: Browser, address: str, works: bool) -> None:
    said = words("en")
    with Desk(browser) as desk:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        desk.context.route(CHAT, hold)
        page = desk.page
        page.goto(f"{address}/retail/en/contact/", wait_until="networkidle")
        assert not [url for url in desk.requests if "chat.tidemark" in url]
        assert page.locator("script[src*='chat.tidemark']").count() == 0
        button = page.get_by_role("button", name=said["chat_start"])
        status = page.locator("[data-script]")
        assert status.get_attribute("role") == "status"
        button.click()
        waiting = page.get_by_role("button", name=said["chat_loading"])
        assert waiting.is_disabled()
        while not held:
            page.wait_for_timeout(20)
        if works:
            held[0].fulfill(content_type="text/javascript", body="window.chatIsHere = 1;")
            page.get_by_text(said["chat_ready"]).wait_for()
            assert page.evaluate("window.chatIsHere") == 1
            assert desk.faults == []
        else:
            held[0].abort()
            page.get_by_text(said["chat_failed"]).wait_for()
            assert status.locator("a").get_attribute("href") == "https://chat.tidemark.example/retail"
        assert status.locator("button").count() == 0


def test_without_script_the_chat_is_a_link(browser: Browser, address: str) -> None:
    with Desk(browser, java_script_enabled=False) as desk:
        desk.page.goto(f"{address}/retail/fr/contact/")
        assert desk.page.locator("[data-script] a").is_visible()
        assert desk.page.locator("[data-script] button").is_hidden()


# For everybody --------------------------------------------------------------------------------------------------------


def opened(page: Page, url: str) -> None:
    """The page with everything on it that can be: errors, fields, suggestions."""
    page.goto(url)
    page.fill("#hc-subject", "terminal")
    page.wait_for_timeout(600)
    if page.locator("#hc-topic").count():
        page.select_option("#hc-topic", "card-terminal")
    submit(page)
    page.locator("#hc-errors").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("site", ["retail/en", "retail/ar", "retail/ko", "restaurant/fr", "web/de"])
def test_axe_finds_nothing_on_a_form_with_errors(browser: Browser, address: str, site: str, scheme: Any) -> None:
    for width in (1280, 390):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        opened(page, f"{address}/{site}/contact/")
        found = [f"{one.message}: {one.place}" for one in axe(page)]
        context.close()
        assert found == [], f"{width}: {found}"


@pytest.mark.parametrize("site", ["retail/en", "retail/ar", "retail/ko", "restaurant/fr", "web/de"])
def test_narrow_pages_do_not_overflow_and_targets_are_large(browser: Browser, address: str, site: str) -> None:
    with Desk(browser, viewport={"width": 320, "height": 800}) as desk:
        opened(desk.page, f"{address}/{site}/contact/")
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 320
        small = desk.page.evaluate(
            "[...document.querySelectorAll('.hc-panel :is(a, button, input, select, textarea), .hc-channels button')]"
            ".filter((one) => one.offsetParent && one.type !== 'hidden' && one.getBoundingClientRect().height < 44)"
            ".map((one) => one.outerHTML.slice(0, 80))"
        )
        assert small == []


def test_forced_colours_and_print_show_the_form(browser: Browser, address: str) -> None:
    with Desk(browser, forced_colors="active") as desk:
        opened(desk.page, f"{address}/retail/en/contact/")
        assert desk.page.locator("#hc-field-terminal-error").is_visible()
        desk.page.emulate_media(media="print")
        assert desk.page.locator(".hc-hours").first.is_visible()


def test_pages_other_than_contact_load_nothing_of_it(example_site: Path) -> None:
    for path in sorted(example_site.glob("retail/en/**/*.html")):
        has_script = "assets/contact." in path.read_text("utf-8")
        assert has_script == (path.parent.name == "contact"), path


def test_the_form_never_asks_for_script_inline(example_site: Path) -> None:
    text = (example_site / "retail/en/contact/index.html").read_text("utf-8")
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", html.unescape(text.partition("<main")[2]))
