"""Answers to "Did this help?" and "Did this step work?": what Chromium sends to another host, over TLS and the policy.

The example's pages are served under their real names, beside a collector as docs/beacon.md describes one.
"""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from hcgen.contact.csp import content_security_policy
from hcgen.files.project import read_project
from hcgen.serve.hosting import answer
from hcgen.serve.server import mounts_of
from tests.web.harness import CHROMIUM, FLAGS, until
from tests.web.tools import axe
from tests.world import ROOT, World

HELP = "https://help.tidemark.example"
ARTICLE = "hardware/card-terminals/pair-a-card-terminal/"
FIELDS = ("v", "brand", "locale", "content_locale", "article", "digest", "event")


class Message(NamedTuple):
    """What one request brought to the collector."""

    path: str
    cookie: str | None
    kind: str
    fields: dict[str, Any]


class Server(ThreadingHTTPServer):
    """A web server whose connections may end early: a browser hangs up on a certificate and comes again."""

    daemon_threads = True
    # A browser asks for all files of a page at once.
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Town:
    """The help centers and the collector, behind one TLS port."""

    def __init__(self, site: Path, folder: Path) -> None:
        self.site, self.mounts = site, mounts_of(read_project(ROOT).brands, site)
        self.messages: list[Message] = []
        self.is_down = False
        town = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.headers["Host"] != urlsplit(HELP).netloc:
                    self._send(404, ())
                    return
                found = answer(town.site, town.mounts, self.path)
                self._send(found.status, found.headers, found.body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if town.is_down:
                    self.close_connection = True
                    return
                kind = self.headers["Content-Type"].partition(";")[0]
                is_form = kind == "application/x-www-form-urlencoded"
                fields = dict(parse_qsl(body, keep_blank_values=True)) if is_form else json.loads(body)
                town.messages.append(Message(self.path, self.headers["Cookie"], kind, fields))
                self._send(*((303, (("Location", fields["return"]),)) if is_form else (204, ())))

            def _send(self, status: int, headers: Any, body: bytes = b"") -> None:
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tidemark.example",
             "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        self.server = Server(("127.0.0.1", 0), Handler)
        # Hands are shaken in each connection's own thread.
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def answers(self) -> list[Message]:
        """The messages about articles and steps."""
        return [one for one in self.messages if one.path == "/v1/answer"]

    def wait(self, page: Page, count: int) -> list[Message]:
        """The answers, once there are so many."""
        for _ in range(1200):
            if len(self.answers) >= count:
                break
            page.wait_for_timeout(25)
        assert len(self.answers) == count, self.answers
        return self.answers


@pytest.fixture(scope="module")
def shared_town(example_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One town for all tests of this file."""
    found = Town(example_site, tmp_path_factory.mktemp("town"))
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def town(shared_town: Town) -> Town:
    """The town, with nothing sent yet."""
    shared_town.messages.clear()
    shared_town.is_down = False
    return shared_town


@pytest.fixture(scope="module")
def browser(shared_town: Town) -> Iterator[Browser]:
    """Chromium, to which every host of the example is the town."""
    port = shared_town.server.server_address[1]
    with sync_playwright() as play:
        rules = f"--host-resolver-rules=MAP *.tidemark.example 127.0.0.1:{port}"
        found = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, rules])
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Any]:
    """Opens a page of the example in a context of its own; a fault of the page fails the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def open_page(path: str = f"retail/en/{ARTICLE}", *, cookies: Any = (), **options: Any) -> Page:
        context = browser.new_context(ignore_https_errors=True, **options)
        contexts.append(context)
        context.add_cookies(list(cookies))
        page = context.new_page()
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{HELP}/{path}", wait_until="networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in faults if "ERR_EMPTY_RESPONSE" not in one] == []


def step_ids(page: Page) -> list[str]:
    """The ids of all steps of a page."""
    return page.evaluate("[...document.querySelectorAll('.hc-body > ol > li')].map((one) => one.id)")


def focused(page: Page) -> str:
    """The element that has the focus."""
    return page.evaluate("document.activeElement.outerHTML.slice(0, 300)")


def said(page: Page) -> str:
    """What the page announced last."""
    until(page, "document.querySelector('[id=hc-said]').textContent")
    return page.locator("output#hc-said").inner_text()


# With script --------------------------------------------------------------------------------------------------------


def test_yes_is_sent_without_leaving_the_page(town: Town, visit: Any) -> None:
    page = visit("retail/de/" + ARTICLE)
    page.locator(".hc-ask [name=yes]").press("Enter")
    (message,) = town.wait(page, 1)
    digest = page.locator("form#hc-feedback [name=digest]").get_attribute("value")
    nonce = message.fields.pop("nonce")
    assert re.fullmatch("[0-9a-f]{32}", nonce)
    assert message.fields == {
        "v": 1, "event": "feedback", "brand": "retail", "locale": "de", "content_locale": "de", "text": "",
        "article": "pair-a-card-terminal", "digest": digest, "yes": "article",
    }  # fmt: skip
    assert (message.path, message.kind) == ("/v1/answer", "text/plain")
    assert said(page) == "Danke. Ihre Antwort hilft uns, diese Seite zu verbessern."
    assert 'name="yes"' in focused(page)
    assert page.locator(".hc-ask [name=yes]").get_attribute("aria-pressed") == "true"
    assert page.url == f"{HELP}/retail/de/{ARTICLE}"


def test_no_counts_at_once_and_its_reason_takes_its_place(town: Town, visit: Any) -> None:
    page = visit()
    assert not page.locator("textarea[name=text]").is_visible()
    page.locator(".hc-ask summary").press("Enter")
    assert town.wait(page, 1)[0].fields["no"] == "article"
    page.get_by_label("Something is missing").check()
    page.locator("textarea[name=text]").fill("Where is “Hardware”?")
    page.get_by_role("button", name="Send", exact=True).click()
    first, second = (one.fields for one in town.wait(page, 2))
    assert "reason" not in first
    assert (second["no"], second["reason"], second["text"]) == ("article", "incomplete", "Where is “Hardware”?")
    assert first["nonce"] == second["nonce"]
    assert said(page).startswith("Thank you.")
    page.locator(".hc-ask [name=yes]").click()
    third = town.wait(page, 3)[2].fields
    assert (third["yes"], third["nonce"]) == ("article", first["nonce"])
    assert not page.locator("textarea[name=text]").is_visible()


def test_enter_within_the_reasons_says_no(town: Town, visit: Any) -> None:
    page = visit()
    page.locator(".hc-ask summary").click()
    page.get_by_label("Something else").check()
    page.get_by_label("Something else").press("Enter")
    fields = town.wait(page, 2)[1].fields
    assert (fields["no"], fields["reason"]) == ("article", "other")
    assert "yes" not in fields


def test_a_step_that_does_not_work_leads_to_a_ticket_about_it(town: Town, visit: Any) -> None:
    page = visit()
    ids = step_ids(page)
    assert len(ids) == len(set(ids)) == 15
    group = page.locator(".hc-did").nth(2)
    link = page.get_by_role("link", name="Get help with this step")
    assert link.count() == 0
    group.get_by_role("button", name="No").press("Enter")
    (message,) = town.wait(page, 1)
    assert message.fields.keys() == {*FIELDS, "no", "nonce"}
    assert (message.fields["event"], message.fields["no"]) == ("step", ids[2])
    assert said(page).startswith("Thank you.")
    assert f'name="no" value="{ids[2]}"' in focused(page)
    pressed = [one.get_attribute("aria-pressed") for one in group.get_by_role("button").all()]
    assert pressed == ["false", "true"]
    assert group.get_by_role("link").get_attribute("href") == link.get_attribute("href")
    assert f"step%3D{ids[2]}%20" in (link.get_attribute("href") or "")
    page.locator(".hc-did").nth(4).get_by_role("button", name="No").click()
    assert f"step%3D{ids[4]}%20" in (link.get_attribute("href") or "")
    page.locator(".hc-did").nth(4).get_by_role("button", name="Yes").click()
    assert link.count() == 0
    fields = [one.fields for one in town.wait(page, 3)]
    assert [(one.get("yes"), one.get("no")) for one in fields] == [(None, ids[2]), (None, ids[4]), (ids[4], None)]
    assert len({one["nonce"] for one in fields}) == 1


def test_a_ticket_form_learns_of_the_step(town: Town, visit: Any) -> None:
    page = visit(f"restaurant/en/{ARTICLE}")
    field = page.locator("form.hc-form input[name='00N0000007']")
    assert field.get_attribute("value") == ""
    group = page.locator(".hc-did").nth(1)
    group.get_by_role("button", name="No").click()
    town.wait(page, 1)
    assert field.input_value() == step_ids(page)[1]
    group.get_by_role("link").click()
    assert page.url.endswith("#hc-help")
    assert page.locator("#hc-help").is_visible()
    group.get_by_role("button", name="Yes").click()
    assert field.input_value() == ""


def test_an_answer_that_does_not_arrive_is_not_claimed(town: Town, visit: Any) -> None:
    page = visit()
    town.is_down = True
    button = page.locator(".hc-did").first.get_by_role("button", name="Yes")
    button.click()
    assert said(page) == "Your answer could not be sent. Please try again."
    assert button.get_attribute("aria-pressed") == "false"
    town.is_down = False
    button.click()
    town.wait(page, 1)
    assert button.get_attribute("aria-pressed") == "true"


def test_a_pressed_button_is_sent_where_views_are_not_and_takes_no_cookie(town: Town, visit: Any) -> None:
    cookie = {"name": "who", "value": "7", "domain": "feedback.tidemark.example", "path": "/", "sameSite": "None"}
    page = visit(cookies=[cookie | {"secure": True}])
    assert [one.path for one in town.messages] == ["/v1/view"]
    page.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    page.reload(wait_until="networkidle")
    assert page.evaluate("navigator.globalPrivacyControl")
    page.locator(".hc-ask [name=yes]").click()
    assert town.wait(page, 1)[0].cookie is None
    assert [one.path for one in town.messages] == ["/v1/view", "/v1/answer"]


# Without script -----------------------------------------------------------------------------------------------------


def test_without_script_the_form_is_posted_and_leads_back(town: Town, visit: Any) -> None:
    page = visit("retail/ar/" + ARTICLE, java_script_enabled=False)
    assert not page.locator("#hc-thanks").is_visible()
    page.locator(".hc-ask [name=yes]").click()
    (message,) = town.wait(page, 1)
    assert message.kind == "application/x-www-form-urlencoded"
    assert message.fields.keys() == {*FIELDS, "text", "yes", "return"}
    back = f"{HELP}/retail/ar/{ARTICLE}#hc-thanks"
    assert (message.fields["v"], message.fields["event"], message.fields["return"]) == ("1", "feedback", back)
    assert page.url == back
    assert page.locator("#hc-thanks").is_visible()


def test_without_script_a_step_and_a_reason_are_posted(town: Town, visit: Any) -> None:
    page = visit(java_script_enabled=False)
    ids = page.locator(".hc-body > ol > li").evaluate_all("all => all.map((one) => one.id)")
    page.locator(".hc-did").nth(3).get_by_role("button", name="No").click()
    fields = town.wait(page, 1)[0].fields
    assert fields.keys() == {*FIELDS, "no", "return"}
    assert (fields["event"], fields["no"]) == ("step", ids[3])
    page.locator(".hc-ask summary").click()
    page.get_by_label("Something is wrong or out of date").check()
    page.get_by_role("button", name="Send", exact=True).click()
    fields = town.wait(page, 2)[1].fields
    assert (fields["event"], fields["no"], fields["reason"]) == ("feedback", "article", "wrong")


# Look ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "ar", "ko"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_targets_are_large_and_nothing_overflows(town: Town, visit: Any, width: int, locale: str) -> None:
    page = visit(f"retail/{locale}/{ARTICLE}", viewport={"width": width, "height": 800})
    page.locator(".hc-ask summary").click()
    page.locator(".hc-did").first.locator("[name=no]").click()
    said(page)
    small = page.evaluate(
        """[...document.querySelectorAll('.hc-did :is(button, a), .hc-ask :is(.hc-button, label:has(input))')]
        .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
        .filter((box) => box.height < 43.9 || box.width < 43.9).length"""
    )
    assert small == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_axe_finds_nothing_in_answered_questions(town: Town, visit: Any, locale: str, scheme: str) -> None:
    page = visit(f"retail/{locale}/{ARTICLE}", color_scheme=scheme, bypass_csp=True)
    page.locator(".hc-ask summary").click()
    page.locator(".hc-did").first.locator("[name=no]").click()
    page.locator(".hc-did").nth(1).locator("[name=yes]").click()
    said(page)
    assert [f"{one.message}: {one.place}" for one in axe(page)] == []


def test_paper_asks_nothing(town: Town, visit: Any) -> None:
    page = visit()
    page.emulate_media(media="print")
    assert not page.locator(".hc-did").first.is_visible()
    assert not page.locator(".hc-feedback").is_visible()
    assert page.locator(".hc-body > ol > li").first.is_visible()


# Pages --------------------------------------------------------------------------------------------------------------


def test_who_asks_nothing_shows_nothing(example_site: Path) -> None:
    pages = list((example_site / "web").rglob("*.html"))
    assert len(pages) > 100
    for path in pages:
        text = path.read_text("utf-8")
        assert not any(part in text for part in ("hc-did", "hc-feedback", "hc-step", "feedback.")), path


def test_questions_stand_on_articles_alone(example_site: Path) -> None:
    asking = {
        path for path in (example_site / "retail").rglob("*.html") if 'id="hc-feedback"' in path.read_text("utf-8")
    }
    articles = {
        path for path in (example_site / "retail").rglob("*.html") if "hc-page-article" in path.read_text("utf-8")
    }
    assert len(asking) > 200
    assert asking == articles
    assert all("assets/feedback." in path.read_text("utf-8") for path in asking)


def test_the_policy_names_the_endpoint_once(world: World) -> None:
    end = "feedback: https://answers.acme.example/v1\nbeacon: https://answers.acme.example/view\n"
    text = (world.root / "brands/retail/brand.yml").read_text("utf-8")
    world.write({"brands/retail/brand.yml": text + end})
    rules = dict(rule.split(" ", 1) for rule in content_security_policy(world.project().brand("retail")).split("; "))
    assert rules["connect-src"] == rules["form-action"] == "'self' https://answers.acme.example"
    rules = dict(rule.split(" ", 1) for rule in content_security_policy(world.project().brand("web")).split("; "))
    assert rules["connect-src"] == rules["form-action"] == "'self'"


@pytest.mark.parametrize("address", ["http://answers.acme.example/v1", "answers.acme.example", "https://"])
def test_the_endpoint_is_an_https_address(world: World, address: str) -> None:
    text = (world.root / "brands/retail/brand.yml").read_text("utf-8")
    world.write({"brands/retail/brand.yml": f"{text}feedback: {address!r}\n"})
    assert [one.rule for one in world.project().findings] == ["brand-file"]
