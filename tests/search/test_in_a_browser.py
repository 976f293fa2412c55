"""The script in Chromium: strict CSP, an index of another origin and below a path prefix, a file that breaks off."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rjsmin import jsmin

from hcgen.search.languages import language
from hcgen.search.runtime import runtime
from tests.search.test_search import built, world
from tests.world import ROOT

PAGE = (
    '<!doctype html><html lang="de"><title>t</title><meta charset="utf-8"><script type="module" src="page.js"></script>'
)
SCRIPT = 'import { create } from "./runtime.js"; window.create = create;'


class Handler(SimpleHTTPRequestHandler):
    """A static host with the CSP of the pages, open to other origins; `broken` names what it cuts off."""

    broken = ""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header(
            "Content-Security-Policy", f"default-src 'none'; script-src 'self'; connect-src {self.server.friends}"
        )  # type: ignore[attr-defined]
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        data = source.read()
        outputfile.write(data[: len(data) // 2] if Handler.broken and Handler.broken in self.path else data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def host(folder: Path, friends: str = "'self'") -> Iterator[str]:
    """`folder` on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    server.friends = friends  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, str, list[str]]]:
    """A page of one origin, the address of an index at another, below a prefix; and what the console said."""
    built(tmp_path / "cdn" / "pre" / "fix", "de", world("de"))
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(PAGE, "utf-8")
    (site / "page.js").write_text(SCRIPT, "utf-8")
    (site / "runtime.js").write_text(jsmin(runtime(ROOT / "theme" / "search", language("de"))), "utf-8")
    Handler.broken = ""
    with host(tmp_path / "cdn") as cdn, host(site, f"'self' {cdn}") as origin:
        context = browser.new_context()
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{origin}/", wait_until="networkidle")
        yield page, f"{cdn}/pre/fix/index/", said
        context.close()


def test_from_another_origin_below_a_prefix(opened: tuple[Page, str, list[str]]) -> None:
    page, base, said = opened
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("base => { window.search = window.create({ base }); }", base)
    assert asked == [], "nothing is fetched before somebody searches"
    found = page.evaluate(
        """async () => {
          const found = await window.search.search("kennwort zuruecksetzn");
          return [found.status, found.results[0].url, await found.results[0].details(), await found.suggestion()];
        }"""
    )
    assert found[:2] == ["ok", "a/0/"]
    assert found[3] == "kennwort zurücksetzen"
    assert all(url.startswith(base) for url in asked)
    assert said == [], said


def test_a_file_that_breaks_off(opened: tuple[Page, str, list[str]]) -> None:
    page, base, said = opened
    page.evaluate("base => { window.search = window.create({ base }); }", base)
    ask = "async () => { const found = await window.search.search('kennwort'); return [found.status, found.total]; }"
    Handler.broken = "terms-"
    assert page.evaluate(ask) == ["unavailable", 0]
    Handler.broken = ""
    status, total = page.evaluate(ask)
    assert (status, total > 0) == ("ok", True)
    assert [one for one in said if "Failed to load resource" not in one] == []
