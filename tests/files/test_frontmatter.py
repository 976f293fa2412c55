"""Each front matter key is parsed as documented, foreign keys are kept, and no text whatever makes reading fail."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgen.files import schema
from hcgen.files.frontmatter import decode, moment, read, split
from hcgen.model.article import Audience, FrontMatter
from hcgen.model.finding import Finding, Severity


def front_of(head: str) -> tuple[FrontMatter, list[Finding]]:
    """The front matter in `head`, which must not be withheld."""
    front, body, line, findings = read(f"---\n{head}\n---\nBody.\n", "a.md")
    assert front is not None, findings
    assert body == "Body.\n"
    assert line == head.count("\n") + 4
    return front, findings


def parsed(head: str) -> FrontMatter:
    """The front matter in `head`, which must be without fault."""
    front, findings = front_of(head)
    assert findings == []
    return front


@pytest.mark.parametrize(
    ("head", "name", "value"),
    [
        ("title: Refund a sale", "title", "Refund a sale"),
        ("title: '  Refund: a sale  '", "title", "Refund: a sale"),
        ("title: |\n  Refund", "title", "Refund"),
        ("title: 'yes'", "title", "yes"),
        ("title: 2026-05-01", "title", "2026-05-01"),
        ("title: ~", "title", ""),
        ("title:", "title", ""),
        ("description: >\n  One\n  two\n\n  three", "description", "One two three"),
        ("description: null", "description", ""),
        ("id: refunds", "id", "refunds"),
        ("id: 0042", "id", "0042"),
        ("id: 42", "id", "42"),
        ("brands: retail", "brands", ("retail",)),
        ("brands: retail, web", "brands", ("retail", "web")),
        ("brands: [web, retail, web]", "brands", ("web", "retail")),
        ("brands:\n  - web\n  - retail", "brands", ("web", "retail")),
        ("audience: public", "audience", Audience.PUBLIC),
        ("audience: internal", "audience", Audience.INTERNAL),
        ("audience: 'internal'", "audience", Audience.INTERNAL),
        ("tags: ' a,, b , '", "tags", ("a", "b")),
        ("tags: [a b, 3]", "tags", ("a b", "3")),
        ("tags: []", "tags", ()),
        ("synonyms: [money back, Erstattung]", "synonyms", ("money back", "Erstattung")),
        ("order: 3", "order", 3.0),
        ("order: -1.5", "order", -1.5),
        ("icon: material/credit-card-outline", "icon", "material/credit-card-outline"),
        ("redirect_from: /hc/1-A", "redirect_from", ("/hc/1-A",)),
        ("redirect_from: [/hc/1-A, hc/2]", "redirect_from", ("/hc/1-A", "hc/2")),
        ("issue: 412", "issue", "412"),
        ("issue: BUG-412", "issue", "BUG-412"),
        ("tenure: [0-3m, 3-12m]", "tenure", ("0-3m", "3-12m")),
        ("publish_at: 2026-05-01", "publish_at", datetime(2026, 5, 1, tzinfo=UTC)),
        ("publish_at: 2026-05-01T09:30", "publish_at", datetime(2026, 5, 1, 9, 30, tzinfo=UTC)),
        ("publish_at: 2026-05-01 09:30:15Z", "publish_at", datetime(2026, 5, 1, 9, 30, 15, tzinfo=UTC)),
        ("expire_at: '2026-05-01T09:30+09:00'", "expire_at", datetime(2026, 5, 1, 0, 30, tzinfo=UTC)),
        ("expire_at: 2026-05-01T09:30-0230", "expire_at", datetime(2026, 5, 1, 12, 0, tzinfo=UTC)),
        ("review_by: 2026-12-31", "review_by", "2026-12-31"),
        ("updated: 2026-05-01", "updated", "2026-05-01"),
        ("updated: 2026-05-01T10:00:00Z", "updated", "2026-05-01"),
    ],
)
def test_a_key_is_parsed(head: str, name: str, value: object) -> None:
    assert getattr(parsed(head), name) == value


def test_what_is_not_written_has_its_default() -> None:
    assert parsed("x_note: 1") == FrontMatter(extra={"x_note": 1}, lines={"x_note": 2})
    assert read("Body.\n", "a.md") == (FrontMatter(), "Body.\n", 1, [])
    assert read("---\n---\nBody.\n", "a.md") == (FrontMatter(), "Body.\n", 3, [])
    assert read("---\n# only a comment\n---\nBody.\n", "a.md") == (FrontMatter(), "Body.\n", 4, [])


def test_every_example_of_the_schema_is_parsed() -> None:
    for key, part in schema.schema("front-matter")["properties"].items():
        for example in part.get("examples", []):
            front = parsed(f"{key}: {json.dumps(example)}")
            assert getattr(front, key) != getattr(FrontMatter(), key)


def test_a_ticket_hint_is_parsed() -> None:
    ticket = parsed("ticket:\n  form: 360001\n  topic: refund\n  fields: {b: text, a: 2}").ticket
    assert (ticket.form, ticket.topic) == ("360001", "refund")
    assert ticket.fields == (("a", "2"), ("b", "text"))


def test_lines_count_from_the_first_line_of_the_file() -> None:
    front = parsed("title: A\n\ntags:\n  - a\n  - b\norder: 2")
    assert front.lines == {"title": 2, "tags": 4, "order": 7}


def test_foreign_keys_are_kept_and_not_mistaken_for_ours() -> None:
    front = parsed("title: A\nauthor: Kim\ndate: 2020-01-01\ndraft: true\nhide: [toc]\nvendor: {a: [1, 2.5, ~]}")
    assert front.extra == {
        "author": "Kim", "date": "2020-01-01", "draft": True, "hide": ["toc"], "vendor": {"a": [1, 2.5, None]},
    }  # fmt: skip


@pytest.mark.parametrize("end", ["---", "--- ", "...", "---\t"])
def test_either_fence_ends_the_front_matter(end: str) -> None:
    assert split(f"---  \ntitle: A\n{end}\nBody.\n---\nMore.\n") == ("title: A\n", "Body.\n---\nMore.\n", 4)


@pytest.mark.parametrize("text", ["Text\n---\ntitle: A\n---\n", "----\ntitle: A\n----\n", "--- title\nA\n---\n"])
def test_a_rule_within_a_text_is_no_front_matter(text: str) -> None:
    assert read(text, "a.md") == (FrontMatter(), text, 1, [])


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("order: first", "order"),
        ("order: '1'", "order"),
        ("icon: ../../etc/passwd", "icon"),
        ("tags: {a: b}", "tags"),
        ("updated: yesterday", "updated"),
        ("id: [a]", "id"),
        ("ticket: refund", "ticket"),
        ("ticket: {topci: refund}", "topci"),
        ("redirect_from: 7", "redirect_from"),
    ],
)
def test_a_wrong_value_of_a_harmless_key_is_one_error_and_takes_its_default(head: str, key: str) -> None:
    front, findings = front_of(f"title: Kept\n{head}")
    assert [(one.path, one.line, one.rule, one.severity) for one in findings] == [
        ("a.md", 3, "front-matter", Severity.ERROR)
    ]
    assert key in findings[0].message
    assert findings[0].remedy
    assert front.title == "Kept"
    assert (front.order, front.icon, front.tags, front.id) == (1000.0, "", (), "")
    assert (front.redirect_from, front.updated, front.ticket.topic) == ((), "", "")


@pytest.mark.parametrize("head", ["brands: {retail: web}", "audience: everyone", "publish_at: 5", "expire_at: [a]"])
def test_a_wrong_value_of_a_key_that_hides_withholds(head: str) -> None:
    front, _, _, findings = read(f"---\n{head}\n---\n", "a.md")
    assert front is None
    assert [(one.line, one.rule) for one in findings] == [(2, "front-matter")]


@pytest.mark.parametrize(
    "head",
    ["publish_at: 2099-02-30", "publish_at: 2099-13-01", "publish_at: 2099-01-01T24:30", "expire_at: 2020-06-31",
     "publish_at: 2099-01-01T10:00+99:00"],
)  # fmt: skip
def test_a_date_that_does_not_exist_withholds(head: str) -> None:
    front, _, _, findings = read(f"---\n{head}\n---\n", "a.md")
    assert front is None
    assert [(one.line, one.rule) for one in findings] == [(2, "front-matter")]


@pytest.mark.parametrize("before", ["\n", " ", "\t\n", "\ufeff"])
def test_an_internal_article_whose_first_line_is_blank_is_not_shown(before: str) -> None:
    text, _ = decode(f"\ufeff{before}---\naudience: internal\n---\nSecret.\n".encode(), "a.md")
    front, _, _, findings = read(text, "a.md")
    assert front is None or front.audience is Audience.INTERNAL or findings


def test_a_slip_beside_a_wrong_value_of_the_right_key_is_reported_once() -> None:
    front, findings = front_of("title: [a]\ntitel: A")
    assert [(one.line, one.rule) for one in findings] == [(2, "front-matter")]
    assert front.title == ""


def test_a_misspelt_audience_beside_a_right_one_is_reported() -> None:
    _, _, _, findings = read("---\naudience: public\nAudience: internal\n---\nSecret.\n", "a.md")
    assert [one.rule for one in findings] == ["near-miss-key"]


def test_articles_cannot_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HCGEN_TEST_SECRET", "hunter2")
    front, _, _, _ = read("---\ntitle: !ENV HCGEN_TEST_SECRET\n---\n", "a.md")
    assert front is None or "hunter2" not in front.title


def test_an_order_is_a_number_that_can_be_compared() -> None:
    front, _, _, findings = read(f"---\norder: {'9' * 400}\n---\n", "a.md")
    assert findings or (front is not None and front.order < float("inf"))


@pytest.mark.parametrize(("written", "meant"), [("[on, off]", ("on", "off")), ("[1.10, 007]", ("1.10", "007"))])
def test_words_are_kept_as_they_were_written(written: str, meant: tuple[str, ...]) -> None:
    assert parsed(f"synonyms: {written}").synonyms == meant


def test_a_moment_without_offset_is_utc() -> None:
    assert moment("2026-05-01T09:00") == datetime(2026, 5, 1, 9, tzinfo=UTC)
    offset = moment("2026-05-01T09:00+09:00")
    assert offset is not None
    assert offset.tzinfo == timezone(timedelta(hours=9))
    assert moment(None) is moment("") is moment("soon") is None


# No text makes reading fail -------------------------------------------------------------------------------------------

RELAXED = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
KEYS = st.sampled_from(
    [
        "title",
        "description",
        "id",
        "brands",
        "audience",
        "tags",
        "order",
        "icon",
        "ticket",
        "publish_at",
        "updated",
        "x",
    ]
)
PARTS = st.one_of(
    KEYS,
    st.sampled_from([": ", ":", "\n", "\n  ", "- ", "[", "]", "{", "}", ", ", "'", '"', "|\n", ">-\n", "#"]),
    st.sampled_from(["? ", "&a ", "%", "!x ", "\\", "<<"]),
    st.sampled_from(["!!str ", "!!int ", "!!python/name:os.system ", "~", "null", "true", "0x1F", "1_0", "-.5", "1e9"]),
    st.sampled_from(["2026-05-01", "internal", "public", "\t", "\x85", "\u2028", "\x07", "\ufeff", "---", "..."]),
    st.text(max_size=5),
)  # fmt: skip


def check_whatever_comes_out(text: str) -> None:
    front, body, line, findings = read(text, "a.md")
    assert front is not None or findings, "what is withheld must be reported"
    assert text.endswith(body)
    last = text.count("\n") + 1
    assert 1 <= line <= last + 1
    for finding in findings:
        assert finding.path == "a.md"
        assert finding.message
        assert finding.remedy.strip()
        assert finding.rule in ("front-matter", "near-miss-key", "not-text-value")


@RELAXED
@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    check_whatever_comes_out(text)
    check_whatever_comes_out(f"---\n{text}\n---\n")


@settings(RELAXED, max_examples=400)
@given(st.lists(PARTS, max_size=25).map("".join))
def test_any_mixture_of_yaml_can_be_read(head: str) -> None:
    check_whatever_comes_out(f"---\n{head}\n---\nBody.\n")


@RELAXED
@given(st.binary())
def test_any_bytes_can_be_decoded(data: bytes) -> None:
    text, findings = decode(data, "a.md")
    assert "\r" not in text
    assert "\x00" not in text
    assert all(1 <= one.line <= data.count(b"\n") + data.count(b"\r") + 1 for one in findings)
    check_whatever_comes_out(text)
