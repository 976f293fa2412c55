"""Bodies for targets with an allow-list: what goes is counted, what can stand in stands in, and our marker is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgen.publish.allowlist import Marked, disguised, losses, mark, mark_end, undisguised, unmark
from hcgen.publish.html import canonical
from hcgen.publish.providers.zendesk import ALLOWED
from tests.publish.zendesk.sanitise import closed, sanitise

CALLOUT = (
    '<details class="callout callout-note" open name="a &amp; b">\n<summary class="callout-title">Note</summary>\n'
    "<p>A <b>bold</b>, <mark>marked</mark> word &amp; &lt;details&gt; in text.</p>\n</details>\n<p>After</p>"
)
PIECES = st.sampled_from((
    "<details open>", "</details>", "<summary>a</summary>", "<div>", "</div>", "<p>b &amp; c</p>", "<br>", "<b>d</b>",
    '<img src="https://e.example/x.png" alt="">', "<section>", "</section>", " text ", "&nbsp;", '<div class="x>y">',
))  # fmt: skip


def test_elements_that_would_go_travel_as_others_and_come_back() -> None:
    sent = disguised(CALLOUT, ALLOWED)
    assert "<details" not in sent
    assert "<b>" not in sent
    assert canonical(undisguised(sanitise(sent))) == canonical(CALLOUT)
    assert losses(CALLOUT, ALLOWED) == ()


@given(st.lists(PIECES, max_size=12).map("".join))
def test_whatever_is_disguised_comes_back(body: str) -> None:
    # As a browser would close it: what stays open, nobody sends.
    whole = closed(body)
    assert canonical(undisguised(disguised(whole, ALLOWED))) == canonical(whole)


def test_what_has_nothing_to_stand_in_is_counted() -> None:
    body = (
        '<p onclick="x()" style="position: fixed; text-align: center">a</p><script>b</script><script></script>'
        '<a href="javascript:c()">d</a><a href="hcgen:article/en/e">f</a><input type="checkbox"><!-- g -->'
    )
    found = {loss.what: loss.count for loss in losses(body, ALLOWED)}
    assert found == {
        "onclick of <p>": 1, "style position": 1, "<script>": 2, "javascript: in href": 1, "<input>": 1, "<!-- -->": 1,
    }  # fmt: skip


@pytest.mark.parametrize("body", ["", "text", "<p>a</p>", "<div>a<div>b</div></div>", '<div title="<div>">c</div>'])
@pytest.mark.parametrize("name", ["retail/en/floor/tables", 'retail/ko/영수증/"><b>&', "retail/en/a b"])
def test_a_marker_comes_off_as_it_went_on(body: str, name: str) -> None:
    marked = Marked(body, name)
    assert unmark(mark(marked)) == marked
    assert unmark(sanitise(mark(marked))) == Marked(sanitise(body), name)
    assert unmark(sanitise(mark(Marked(body, name, "gone")))).state == "gone"
    assert unmark(mark_end(marked)) == marked
    assert unmark(mark(Marked(body))) == Marked(body)


def test_a_marker_is_found_whatever_people_put_around_it() -> None:
    edited = f"<p>Before</p>{mark(Marked('<div>a</div>', 'b/en/c'))}<p>After</p>"
    assert unmark(edited) == Marked("<p>Before</p><div>a</div><p>After</p>", "b/en/c")
