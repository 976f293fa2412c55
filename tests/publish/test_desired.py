"""What Git wishes of a target: trees as targets can hold them, links, files, languages, and nothing internal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hcgen.model.target import Target
from hcgen.publish.desired import HOME, Wishes, wishes
from hcgen.publish.html import canonical
from hcgen.publish.internal import leak, withheld_lines
from hcgen.publish.port import Capabilities
from hcgen.publish.references import Reference, references, resolve
from hcgen.publish.values import Desired, Kind
from tests.world import World, small_world

MakeWorld = Callable[..., World]
FIELDS = frozenset(("title", "body", "summary", "labels", "position", "is_internal", "is_outdated"))


@pytest.fixture
def wish(tmp_path: Path) -> Callable[..., Wishes]:
    def make(files: dict[str, Any], target: dict[str, Any] | None = None, **capabilities: Any) -> Wishes:
        world = small_world(tmp_path / "world", files)
        named = Target("try", "folder", "targets.yml", brands=("retail",), **(target or {}))
        found = wishes(world.project(), named, Capabilities(**{"fields": FIELDS, "asset_limit": 10**6, **capabilities}))
        assert not found.errors
        return found

    return make


def item(found: Wishes, key: str, locale: str = "en", kind: Kind = Kind.ARTICLE) -> Desired:
    return next(
        one for one in found.items
        if (one.identity.key, one.identity.locale, one.identity.kind) == (key, locale, kind)
    )  # fmt: skip


def article(text: str) -> str:
    return f"---\ntitle: A\n---\n{text}\n"


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("refunds.md#steps", "hcgen:article/en/billing/refunds#steps"),
        ("/billing/refunds/", "hcgen:article/en/billing/refunds"),
        ("index.md", "hcgen:category/en/billing"),
        ("../../de/billing/refunds.md", "hcgen:article/de/billing/refunds"),
        ("../index.md", "https://help.acme.example/retail/en/"),
        ("https://elsewhere.example/a?b=1&c=2#d", "https://elsewhere.example/a?b=1&amp;c=2#d"),
        ("#here", "#here"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("files/x.pdf", "hcgen:asset/"),
    ],
)
def test_links_become_references_or_absolute_addresses(wish: Callable[..., Wishes], link: str, wanted: str) -> None:
    files = {"content/en/billing/a.md": article(f"## Here\n\n[x]({link})"), "content/en/billing/files/x.pdf": b"%PDF"}
    assert f'href="{wanted}' in item(wish(files), "billing/a").content.body


def test_links_of_a_translation_lead_to_the_language_that_has_the_page(wish: Callable[..., Wishes]) -> None:
    found = wish({"content/de/billing/a.md": article("[x](invoices.md) [y](refunds.md)")})
    body = item(found, "billing/a", "de").content.body
    assert 'href="hcgen:article/en/billing/invoices"' in body
    assert 'href="hcgen:article/de/billing/refunds"' in body
    only = wish({}, {"locales": {"de": "de"}})
    body = item(only, "billing/a", "de").content.body
    assert 'href="https://help.acme.example/retail/de/billing/invoices/"' in body


def test_references_are_told_from_what_writers_wrote() -> None:
    body = '<a href="hcgen:article/en/a%20b/c#d">x</a> hcgen:article/en/z <img src="hcgen:asset/0a/s.png">'
    assert list(references(body)) == [Reference("article", "en", "a b/c"), Reference("asset", "0a", "s.png")]
    assert resolve(body, lambda one: "/x?a=1&b" if one.kind == "article" else None) == (
        '<a href="/x?a=1&amp;b#d">x</a> hcgen:article/en/z <img src="hcgen:asset/0a/s.png">'
    )


def test_folders_are_those_that_hold_something(wish: Callable[..., Wishes]) -> None:
    files = {
        "content/en/a/b/c.md": article("x"),
        "content/en/a/b/index.md": "---\ntitle: Bee\ndescription: Of bees.\n---\n",
    }
    found = wish(files)
    shown = [
        (one.identity.kind.value, one.identity.key, one.parent) for one in found.items if one.identity.locale == "en"
    ]
    assert shown == [
        ("category", "a", ""), ("category", "billing", ""), ("section", "a/b", "a"), ("article", "a/b/c", "a/b"),
        ("article", "billing/invoices", "billing"), ("article", "billing/refunds", "billing"),
    ]  # fmt: skip
    assert item(found, "a/b", kind=Kind.SECTION).content.summary == "Of bees."
    assert {one.identity.key for one in found.items if one.identity.locale == "de"} == {"billing", "billing/refunds"}


def test_where_categories_hold_no_articles_a_section_of_their_name_does(wish: Callable[..., Wishes]) -> None:
    files = {"content/en/top.md": article("x"), "content/en/billing/cards/a.md": article("x")}
    found = wish(files, None, holders=frozenset(("section",)))
    by = {(one.identity.kind.value, one.identity.key): one for one in found.items if one.identity.locale == "en"}
    assert by["section", "billing"].parent == "billing"
    assert by["section", "billing"].content.title == by["category", "billing"].content.title == "Billing"
    assert by["section", "billing/cards"].parent == "billing"
    assert by["article", "billing/refunds"].parent == "billing"
    assert by["article", "top"].parent == HOME
    assert ("category", HOME) in by
    assert ("section", HOME) in by


def test_deep_folders_are_joined_to_the_last_that_fits(wish: Callable[..., Wishes]) -> None:
    found = wish({"content/en/a/b/c/d.md": article("x")}, None, depth=2)
    assert item(found, "a/b/c/d").parent == "a/b"
    flat = wish({}, None, kinds=frozenset((Kind.ARTICLE,)))
    assert {one.identity.kind for one in flat.items} == {Kind.ARTICLE}
    assert {one.parent for one in flat.items} == {""}


def test_fields_that_the_target_does_not_hold_are_none(wish: Callable[..., Wishes]) -> None:
    content = item(wish({}, None, fields=frozenset(("title", "body"))), "billing/refunds").content
    assert (content.summary, content.labels, content.position, content.is_internal) == (None,) * 4
    category = item(wish({}, None, fields=frozenset(("title", "body"))), "billing", kind=Kind.CATEGORY).content
    assert category.body == "<p>Invoices and refunds.</p>"


def test_attachments_stand_below_the_text(wish: Callable[..., Wishes]) -> None:
    files = {
        "content/en/billing/a.md": "---\ntitle: A\nattachments: [{file: x.pdf, title: A & B}]\n---\nText\n",
        "content/en/billing/x.pdf": b"%PDF",
    }
    found = wish(files)
    body = item(found, "billing/a").content.body
    assert '<ul class="attachments">\n<li><a href="hcgen:asset/' in body
    assert ">A &amp; B</a></li>" in body
    assert [one.path for one in found.assets.values()] == ["content/en/billing/x.pdf"]


def test_a_title_of_its_own_is_not_said_twice(wish: Callable[..., Wishes]) -> None:
    content = item(wish({"content/en/billing/a.md": "# Heading {#h}\n\nText.\n"}), "billing/a").content
    assert content.title == "Heading"
    assert content.body == "<p>Text.</p>\n"


def test_no_word_of_an_internal_block_is_sent(wish: Callable[..., Wishes], tmp_path: Path) -> None:
    text = article("Open.\n\n/// internal\nThe limit is four hundred euros a day.\n///\n\nMore.")
    found = wish({"content/en/billing/a.md": text})
    assert "four hundred" not in item(found, "billing/a").content.body
    project = World(tmp_path / "world").project()
    source = project.library.articles["", "en", "billing/a"]
    withheld = withheld_lines(project, source, project.brand("retail"))
    assert withheld == (" the limit is four hundred euros a day ",)
    assert leak("<p>The <b>limit</b> is four&nbsp;hundred euros a day!</p>", withheld) == withheld[0]
    assert leak("<p>The limit is five hundred euros a day.</p>", withheld) == ""


def test_words_that_stand_outside_the_block_too_are_no_leak(tmp_path: Path) -> None:
    text = article("Call us on any working day.\n\n/// internal\nCall us on any working day.\n///")
    project = small_world(tmp_path / "w", {"content/en/billing/a.md": text}).project()
    article_ = project.library.articles["", "en", "billing/a"]
    assert withheld_lines(project, article_, project.brand("retail")) == ()


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("<p>a &amp; b</p>", "<p>a &#38; b</p>\n", True),
        ("<p>a<br>b</p>", "<p>a<br/>b</p>", True),
        ('<p id="a" class="b">x</p>', '<p class="b" id="a">x</p>', True),
        ("<ul>\n<li>a</li>\n</ul>", "<ul><li>a</li></ul>", True),
        ("<p>a  b\nc</p>", "<p>a b c</p>", True),
        ("<p>a&nbsp;b</p>", "<p>a b</p>", False),
        ("<p>a <b>b</b></p>", "<p>a<b>b</b></p>", False),
        ("<pre>a\n  b</pre>", "<pre>a\n b</pre>", False),
        ("<p>a</p>", "<p>a</p><p></p>", False),
        ('<p style="color: red">a</p>', "<p>a</p>", False),
        ("<p>é</p>", "<p>&eacute;</p>", True),
    ],
)
def test_two_spellings_of_one_document_are_equal(one: str, other: str, is_same: bool) -> None:
    assert (canonical(one) == canonical(other)) is is_same
