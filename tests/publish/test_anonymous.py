"""Public pages looked at as anybody does: over real HTTP, without a secret."""

from __future__ import annotations

from hcgen.publish.anonymous import Page, look_at, sample
from hcgen.publish.wire import Wire
from tests.publish.test_wounds import serving


def look(page: Page, status: int, headers: dict[str, str] | None = None) -> list[str]:
    heard: list[str] = []
    with serving([(status, headers or {})], heard) as base:
        found = look_at([Page(page.name, base + page.url, page.is_internal)], lambda: Wire("", patience=1))
    assert heard == ["GET"]
    return [line.replace(base, "") for line in found]


def test_a_page_that_nobody_gets_is_named() -> None:
    assert look(Page("retail/en/a", "/a"), 200) == []
    assert look(Page("retail/en/a", "/a"), 301, {"location": "/a-title"}) == []
    assert look(Page("retail/en/a", "/a"), 404) == ["retail/en/a: /a answers 404"]
    assert look(Page("retail/en/a", "/a"), 503) == ["retail/en/a: /a answers 503"]


def test_an_internal_page_that_anybody_gets_is_named() -> None:
    page = Page("retail/en/fraud", "/fraud", is_internal=True)
    assert look(page, 200) == ["retail/en/fraud is internal, and anybody gets /fraud"]
    for status in (302, 401, 403, 404):
        assert look(page, status, {"location": "/signin"}) == []


def test_a_server_that_is_not_there_is_no_traceback() -> None:
    found = look_at([Page("a", "http://127.0.0.1:9/a")], lambda: Wire("", patience=1))
    assert len(found) == 1
    assert "cannot be reached" in found[0]


def test_of_many_pages_some_are_looked_at_and_of_internal_ones_all() -> None:
    pages = [Page(str(at), f"https://x.example/{at}", at % 50 == 7) for at in range(1000)]
    found = sample(pages, 100)
    assert sum(not page.is_internal for page in found) <= 100
    assert sum(page.is_internal for page in found) == 20
    assert sample([Page("f", "file:///x")], 100) == []
    assert [page.name for page in sample(pages[:9], 0)] == ["7"]
