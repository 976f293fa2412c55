"""Plans for people: whatever texts hold, a report stays what it is."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from hcgen.publish.page import as_page
from hcgen.publish.plan import Plan
from hcgen.publish.report import as_markdown, as_text
from tests.publish.kit import Desk
from tests.publish.test_recovery import first_world
from tests.world import REFUNDS_EN

HOSTILE = "</td></details><script>alert(1)</script> ``` | \x1b[31m **x** <img src=x onerror=alert(1)>"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    desk: Desk = first_world(tmp_path / "world")
    desk.push()
    remote = desk.remote("billing/refunds")
    desk.person.edit(remote.id, title=HOSTILE, body=f"<p>{HOSTILE}</p>\n````\n<p>مرحبا</p>")
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    return desk.plan(overrides=("retail/en/billing/refunds",))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_shows_both_sides_and_runs_nothing(plan: Plan) -> None:
    page = as_page(plan)
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert not tags.found & {"script", "img", "iframe", "link"}
    assert "default-src 'none'" in page
    assert "alert(1)" in page
    assert "Second." in page
    assert 'dir="auto">&lt;p&gt;مرحبا' in page


def test_the_text_obeys_nobody(plan: Plan) -> None:
    text = as_text(plan)
    assert "\x1b" not in text
    assert "~ update   retail/en/billing/refunds 'Refund a sale'" in text
    assert "+<p>Second.</p>" in text
    assert "(override)" in text
    assert text.splitlines()[-1].startswith("plan for try (folder, out): 2 update")
    assert "<p>" not in as_text(plan, diffs=False)


def test_the_comment_keeps_its_fences_and_cells(plan: Plan) -> None:
    comment = as_markdown(plan)
    assert "`````diff" in comment
    assert "\x1b" not in comment
    fences = [line for line in comment.splitlines() if line.startswith("```")]
    assert len(fences) % 2 == 0
    table = [line for line in comment.splitlines() if line.startswith("| update")]
    assert len(table) == 2
    assert all(line.replace("\\|", "").count("|") == 5 for line in table)
