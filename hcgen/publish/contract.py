"""The suite that every provider passes: what the port's words mean, said as tests. Needs no test runner to import.

Subclass `ProviderContract` in a file of tests (pytest collects the methods) and say how to open the target and how a
person works in it. The target may hold other things and may be kept between tests: all names are made up anew.
docs/providers.md shows one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from msgspec.structs import replace

from hcgen.publish.html import canonical
from hcgen.publish.port import Blank, GroupWriter, Reader, Writer
from hcgen.publish.values import Asset, Content, Kind, Redirect, Remote, RemoteAsset, Scope, State
from hcgen.publish.wire import TargetError
from hcgen.text import digest

RICH = """\
<p class="lead">Bezahlen &amp; erstatten: 5&nbsp;€ &lt; 6&nbsp;€, “quotes” — 한국어 😀 é</p>
<h2 id="steps">Steps</h2>
<ol><li id="step-1a2b3c">Open <strong>Orders</strong>, then <a href="https://example.com/a?b=1&amp;c=2#top">this</a>.</li>
<li>Press <kbd>Enter</kbd></li></ol>
<blockquote><p>Mind <em>this</em>.</p></blockquote>
<table><thead><tr><th>Plan</th><th>Price</th></tr></thead><tbody><tr><td>One</td><td>€&nbsp;1</td></tr></tbody></table>
<pre><code class="language-sh">if [ 1 -lt 2 ]; then
    echo "a &amp;&amp; b"
fi</code></pre>
<p dir="rtl" lang="ar">مرحبا بالعالم</p>
<p><img src="https://example.com/shot.png" alt="A picture" width="40" height="30"></p>
"""
"""What every body of ours may hold. A provider keeps it whole, or names in `losses` what goes."""


class ProviderContract:
    """The tests. Override `open` and what else is marked; all others have something to do by themselves."""

    has_pending = True
    """Whether people can keep changes there that are not published."""
    marks_later = True
    """Whether a marker can be put into what people made there, and changed."""
    many = 12
    """More things than one page of the target's listing has, as the test opens it."""

    # To be said by subclasses -----------------------------------------------------------------------------------

    def open(self) -> tuple[Reader, Writer]:
        """A reader and a writer of the target, made anew: neither knows what an earlier one did."""
        raise NotImplementedError

    def scopes(self) -> tuple[Scope, ...]:
        """Brands and languages that may be written to, the source language first; two languages of one brand."""
        raise NotImplementedError

    def closed_scope(self) -> Scope:
        """A brand and language that is not enabled there."""
        raise NotImplementedError

    def edit_by_hand(self, remote: Remote, **fields: Any) -> None:
        """Does what a person does who changes fields of `Content` over there and publishes them."""
        raise NotImplementedError

    def draft_by_hand(self, remote: Remote, **fields: Any) -> None:
        """Does what a person does who changes fields and does not publish them (with `has_pending`)."""
        raise NotImplementedError

    def is_seen(self, remote: Remote) -> bool:
        """Whether readers see it now; by default as the target says itself."""
        found = self.open()[0].read(remote.id)
        return found is not None and found.content.state is State.PUBLISHED

    def rules(self) -> Mapping[str, str]:
        """The redirect rules over there, old path to new (with `Capabilities.redirects`)."""
        raise NotImplementedError

    # Makings ----------------------------------------------------------------------------------------------------

    def _content(self, title: str, body: str = "", **fields: Any) -> Content:
        """A content with the fields that the target holds, and no others."""
        capabilities = self.open()[0].capabilities
        known: dict[str, Any] = {
            "summary": "What it is about", "labels": ("label-a", "label-b"), "position": 3,
            "is_internal": False, "is_outdated": False,
        }  # fmt: skip
        values = {name: value for name, value in {**known, **fields}.items() if name in capabilities.fields}
        state = fields.get("state", State.PUBLISHED)
        return Content(title=title, body=body, state=state, **values)

    def _create(
        self, writer: Writer, kind: Kind, scope: Scope, *, parent: str = "", first: Remote | None = None, key: str = ""
    ) -> Remote:
        key = key or (first.marker if first else f"contract/{uuid4().hex[:10]}")
        name = key.rpartition("/")[2]
        content = self._content(f"Title {name}")
        if first and writer.capabilities.shared:
            shared = dict.fromkeys(writer.capabilities.shared - {"parent"})
            content = replace(content, **shared)
        group = first.group if first else ""
        return writer.create(Blank(scope, kind, key, f"Title {name}", name, parent, group, content))

    def _home(self, writer: Writer, scope: Scope, first: str = "") -> str:
        """The id of a folder that may hold articles, in the language of `scope`: `first` translated, or a new one."""
        if "" in writer.capabilities.holders:
            return ""
        above = ""
        before = writer.read(first) if first else None
        for kind in (Kind.CATEGORY, Kind.SECTION):
            if kind not in writer.capabilities.kinds:
                continue
            same = before
            while same is not None and same.kind is not kind:
                same = writer.read(same.parent) if same.parent else None
            above = "" if same and "parent" in writer.capabilities.shared else above
            made = self._create(writer, kind, scope, parent=above, first=same)
            writer.write(self._now(writer, made), replace(made.content, state=State.PUBLISHED), above, made.slug)
            above = made.id
            if kind.value in writer.capabilities.holders:
                break
        return above

    def _article(self, writer: Writer, scope: Scope | None = None, first: Remote | None = None) -> Remote:
        scope = scope or self.scopes()[0]
        parent = self._home(writer, scope, first.parent if first else "")
        parent = "" if first and "parent" in writer.capabilities.shared else parent
        return self._create(writer, Kind.ARTICLE, scope, parent=parent, first=first)

    def _now(self, reader: Reader, remote: Remote) -> Remote:
        found = reader.read(remote.id)
        assert found is not None, f"{remote.id} was made and cannot be read"
        return found

    def _write(self, writer: Writer, remote: Remote, content: Content) -> Remote:
        now = self._now(writer, remote)
        answer = writer.write(now, content, now.parent, now.slug)
        after = self._now(self.open()[0], remote)
        if answer is not None:
            assert answer.fingerprint == after.fingerprint, "what write answers is what is stored"
        return after

    def _find(self, scope: Scope, remote: Remote) -> Remote | None:
        return next((one for one in self.open()[0].listing(scope) if one.id == remote.id), None)

    # Making and finding -----------------------------------------------------------------------------------------

    def test_what_is_made_is_empty_marked_and_unseen(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        assert made.id
        assert made.marker.startswith("contract/")
        assert made.content.state is State.DRAFT
        assert not made.content.body.strip(), "a new article is empty; our marker does not show in its body"
        assert not self.is_seen(made)
        assert self._now(self.open()[0], made).fingerprint == made.fingerprint, "create answers what read answers"

    def test_what_was_made_is_found_by_its_marker_though_the_answer_was_lost(self) -> None:
        scope = self.scopes()[0]
        _, writer = self.open()
        key = f"contract/{uuid4().hex[:10]}"
        self._create(writer, Kind.ARTICLE, scope, parent=self._home(writer, scope), key=key)
        found = [one for one in self.open()[0].listing(scope) if one.marker == key]
        assert [(one.kind, one.brand, one.locale) for one in found] == [(Kind.ARTICLE, scope.brand, scope.locale)]

    def test_the_marker_survives_writing(self) -> None:
        scope = self.scopes()[0]
        _, writer = self.open()
        made = self._article(writer)
        self._write(writer, made, self._content("Marked", "<p>Text</p>"))
        found = self._find(scope, made)
        assert found is not None
        assert found.marker == made.marker
        assert canonical(found.content.body) == canonical("<p>Text</p>"), "a body is read without our marker"

    def test_a_marker_is_put_where_none_was_and_follows_a_new_name(self) -> None:
        if not self.marks_later:
            return
        _, writer = self.open()
        made = self._article(writer)
        before = self._write(writer, made, self._content("Renamed", "<p>a</p>"))
        writer.write(replace(before, marker=f"{made.marker}-new"), before.content, before.parent, before.slug)
        found = self._find(self.scopes()[0], made)
        assert found is not None
        assert found.marker == f"{made.marker}-new"
        assert found.fingerprint == before.fingerprint, "the marker is no part of what people could have changed"

    def test_the_listing_says_what_read_says(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        read = self._write(writer, made, self._content("Listed", RICH))
        listed = self._find(self.scopes()[0], made)
        assert listed is not None
        assert listed.fingerprint == read.fingerprint
        assert (listed.url, listed.marker, listed.group) == (read.url, read.marker, read.group)

    def test_listings_are_whole_beyond_one_page(self) -> None:
        scope = self.scopes()[0]
        _, writer = self.open()
        home = self._home(writer, scope)
        made = [self._create(writer, Kind.ARTICLE, scope, parent=home).id for _ in range(self.many)]
        listed = [one.id for one in self.open()[0].listing(scope)]
        assert len(listed) == len(set(listed)), "nothing is listed twice"
        assert set(made) <= set(listed)

    def test_folders_are_listed_before_what_is_in_them(self) -> None:
        scope = self.scopes()[0]
        _, writer = self.open()
        self._article(writer)
        seen: set[str] = set()
        for one in self.open()[0].listing(scope):
            assert not one.parent or one.parent in seen, f"{one.id} is listed before its folder"
            seen.add(one.id)

    def test_an_unknown_id_reads_as_none(self) -> None:
        reader, writer = self.open()
        made = self._article(writer)
        digits = "".join("9" if letter.isdigit() else letter for letter in made.id)
        if digits != made.id:
            assert reader.read(digits) is None
        assert reader.read("no-such-thing") is None

    # Writing ----------------------------------------------------------------------------------------------------

    def test_what_is_written_is_read_back(self) -> None:
        reader, writer = self.open()
        made = self._article(writer)
        sent = self._content("Refund “a” sale & more 😀", RICH)
        found = self._write(writer, made, sent)
        assert found.content.title == sent.title
        assert found.content.state is State.PUBLISHED
        if not reader.losses(RICH):
            assert canonical(found.content.body) == canonical(RICH)
        for name in sorted(reader.capabilities.fields - {"title", "body"}):
            assert getattr(found.content, name) == getattr(sent, name), name
        assert self.is_seen(made)

    def test_what_it_takes_out_it_announces(self) -> None:
        reader, writer = self.open()
        made = self._article(writer)
        for body in ("<p>a</p><script>alert(1)</script>", '<p onclick="x()">a</p>', '<p style="color: red">a</p>'):
            found = self._write(writer, made, self._content("Losses", body))
            if canonical(found.content.body) != canonical(body):
                assert reader.losses(body), f"{body} came back as {found.content.body}, and nobody said so"

    def test_an_identical_write_moves_nothing(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        first = self._write(writer, made, self._content("Same", RICH))
        second = self._write(writer, made, replace(first.content))
        assert second.fingerprint == first.fingerprint
        assert second.url == first.url

    def test_fields_that_it_does_not_hold_are_none(self) -> None:
        reader, writer = self.open()
        found = self._write(writer, self._article(writer), self._content("Fields", "<p>a</p>"))
        for name in ("summary", "labels", "position", "is_internal", "is_outdated"):
            if name not in reader.capabilities.fields:
                assert getattr(found.content, name) is None, name

    def test_the_address_of_a_draft_is_that_of_the_page(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        found = self._write(writer, made, self._content(made.content.title, "<p>a</p>"))
        assert found.url == made.url, "links are written before the page is published"

    def test_a_published_article_can_be_taken_back_to_a_draft(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        self._write(writer, made, self._content("Seen", "<p>a</p>"))
        found = self._write(writer, made, self._content("Seen", "<p>a</p>", state=State.DRAFT))
        assert found.content.state is State.DRAFT
        assert not self.is_seen(made)

    def test_two_of_one_name_live_side_by_side(self) -> None:
        scope = self.scopes()[0]
        _, writer = self.open()
        home = self._home(writer, scope)
        name = f"same-{uuid4().hex[:8]}"
        blanks = [
            Blank(scope, Kind.ARTICLE, f"contract/{name}/{at}", "One title", name, home, "", self._content("One title"))
            for at in range(2)
        ]
        ids = {writer.create(blank).id for blank in blanks}
        assert len(ids) == 2

    def test_several_hands_write_at_a_time(self) -> None:
        scope = self.scopes()[0]
        _, writer = self.open()
        home = self._home(writer, scope)
        content = self._content("Many")

        def work(number: int) -> tuple[str, str]:
            made = self._create(writer, Kind.ARTICLE, scope, parent=home)
            title = f"Many {number} {made.marker}"
            writer.write(made, replace(content, title=title, body=f"<p>{number}</p>"), made.parent, made.slug)
            return made.id, title

        with ThreadPoolExecutor(4) as pool:
            written = dict(pool.map(work, range(8)))
        assert len(written) == 8, "each has an id of its own"
        listed = {one.id: one.content.title for one in self.open()[0].listing(scope)}
        assert {id: listed.get(id) for id in written} == written

    # What people do ---------------------------------------------------------------------------------------------

    def test_an_edit_by_hand_is_seen(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        before = self._write(writer, made, self._content("By us", "<p>ours</p>"))
        self.edit_by_hand(before, body="<p>theirs</p>")
        after = self._now(self.open()[0], made)
        assert after.fingerprint != before.fingerprint
        assert "theirs" in after.content.body
        listed = self._find(self.scopes()[0], made)
        assert listed is not None
        assert listed.fingerprint == after.fingerprint, "the listing sees it, too"

    def test_a_draft_by_hand_is_seen(self) -> None:
        if not self.has_pending:
            return
        _, writer = self.open()
        made = self._article(writer)
        before = self._write(writer, made, self._content("By us", "<p>ours</p>"))
        assert not before.pending
        self.draft_by_hand(before, body="<p>not yet</p>")
        after = self._now(self.open()[0], made)
        assert after.pending
        assert after.fingerprint != before.fingerprint
        assert "not yet" not in after.content.body, "content is what readers see"
        listed = self._find(self.scopes()[0], made)
        assert listed is not None
        assert listed.pending, "the listing sees it, too"

    # Translations and folders -----------------------------------------------------------------------------------

    def test_translations_share_a_group(self) -> None:
        source, other = self.scopes()[:2]
        reader, writer = self.open()
        first = self._article(writer, source)
        second = self._article(writer, other, first)
        assert second.id != first.id
        assert (first.locale, second.locale) == (source.locale, other.locale)
        assert second.group == first.group
        for made, title in ((first, "First"), (second, "Second")):
            content = self._content(title, f"<p>{title}</p>")
            if made is second:
                content = replace(content, **dict.fromkeys(reader.capabilities.shared - {"parent"}))
            self._write(writer, made, content)
        assert self._now(reader, first).content.title == "First"
        assert self._now(reader, second).content.title == "Second"

    def test_a_group_can_be_made_at_once(self) -> None:
        _, opened = self.open()
        if not opened.capabilities.creates_groups:
            return
        writer = cast(GroupWriter, opened)
        source, other = self.scopes()[:2]
        home = self._home(writer, source)
        key = f"contract/{uuid4().hex[:10]}"
        shared = dict.fromkeys(writer.capabilities.shared - {"parent"})
        there = "" if "parent" in writer.capabilities.shared else self._home(writer, other, home)
        one, two = self._content("One"), replace(self._content("Two"), **shared)
        made = writer.create_group(
            (
                Blank(source, Kind.ARTICLE, key, "One", key.rpartition("/")[2], home, "", one),
                Blank(other, Kind.ARTICLE, key, "Two", key.rpartition("/")[2], there, "", two),
            )
        )
        assert [(remote.locale, remote.marker) for remote in made] == [(source.locale, key), (other.locale, key)]
        assert made[0].group == made[1].group
        for remote in made:
            assert self._now(self.open()[0], remote).fingerprint == remote.fingerprint

    def test_shared_fields_stand_with_the_first_alone(self) -> None:
        source, other = self.scopes()[:2]
        reader, writer = self.open()
        shared = sorted(reader.capabilities.shared - {"parent"})
        first = self._article(writer, source)
        second = self._article(writer, other, first)
        self._write(writer, first, self._content("First", "<p>a</p>"))
        before = self._write(writer, second, replace(self._content("Second", "<p>b</p>"), **dict.fromkeys(shared)))
        assert [getattr(before.content, name) for name in shared] == [None] * len(shared)
        if "parent" in reader.capabilities.shared:
            assert not before.parent
        self._write(writer, first, self._content("First", "<p>a</p>", labels=("label-c",), position=5))
        after = self._now(self.open()[0], second)
        assert after.fingerprint == before.fingerprint, "a change of what is shared moves the first alone"

    def test_folders_hold_articles_and_articles_move(self) -> None:
        scope = self.scopes()[0]
        _, writer = self.open()
        if not writer.capabilities.kinds - {Kind.ARTICLE}:
            return
        home, away = self._folder(writer, scope), self._folder(writer, scope)
        made = self._create(writer, Kind.ARTICLE, scope, parent=home)
        assert made.parent == home
        now = self._now(writer, made)
        writer.write(now, self._content("Moved", "<p>a</p>"), away, now.slug)
        after = self._now(self.open()[0], made)
        assert after.parent == away
        assert after.id == made.id, "an article keeps its id when it moves"

    def _folder(self, writer: Writer, scope: Scope) -> str:
        """A folder that may hold articles, though the top might, too."""
        above = ""
        for kind in (Kind.CATEGORY, Kind.SECTION):
            if kind in writer.capabilities.kinds:
                made = self._create(writer, kind, scope, parent=above)
                writer.write(made, self._content(made.content.title), above, made.slug)
                above = made.id
                if kind.value in writer.capabilities.holders:
                    break
        return above

    # Going and coming back --------------------------------------------------------------------------------------

    def test_what_is_archived_is_seen_no_more(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        before = self._write(writer, made, self._content("Going", "<p>a</p>"))
        writer.archive(before)
        found = self.open()[0].read(made.id)
        assert found is None or found.content.state is State.ARCHIVED
        assert not self.is_seen(made)
        assert self._find(self.scopes()[0], made) is None

    def test_what_was_archived_comes_back_as_it_was(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        before = self._write(writer, made, self._content("Coming back", RICH))
        writer.archive(before)
        back = writer.restore(before)
        if writer.capabilities.restores:
            assert back.id == before.id
        after = self._now(self.open()[0], back)
        assert after.content == before.content
        assert (after.parent, after.marker) == (before.parent, before.marker)

    def test_a_translation_goes_without_the_others(self) -> None:
        source, other = self.scopes()[:2]
        _, writer = self.open()
        first = self._article(writer, source)
        second = self._article(writer, other, first)
        shared = dict.fromkeys(writer.capabilities.shared - {"parent"})
        self._write(writer, first, self._content("Stays", "<p>a</p>"))
        before = self._write(writer, second, replace(self._content("Goes", "<p>b</p>"), **shared))
        writer.archive(before)
        assert self.is_seen(first)
        assert not self.is_seen(second)

    # Files and redirects ----------------------------------------------------------------------------------------

    def test_files_are_sent_once_and_found_by_their_digest(self) -> None:
        scope = self.scopes()[0]
        reader, writer = self.open()
        if not reader.capabilities.asset_limit:
            return
        owner = self._article(writer) if reader.capabilities.asset_owner else None
        sent = self._upload(writer, _picture(), "shot.png", owner)
        assert sent.url
        again = [one for one in self.open()[0].assets(scope) if one.digest == sent.digest]
        assert [(one.id, one.url) for one in again] == [(sent.id, sent.url)]

    def test_two_files_of_one_name_live_side_by_side(self) -> None:
        reader, writer = self.open()
        if not reader.capabilities.asset_limit:
            return
        owner = self._article(writer) if reader.capabilities.asset_owner else None
        one, two = (self._upload(writer, _picture(), "shot.png", owner) for _ in range(2))
        assert one.url != two.url

    def _upload(self, writer: Writer, data: bytes, name: str, owner: Remote | None) -> RemoteAsset:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_bytes(data)
            asset = Asset(f"content/en/{name}", name, digest(data), len(data), "image/png")
            found = writer.upload(asset, file, owner, self.scopes()[0])
        assert found.digest == asset.digest
        return found

    def test_old_addresses_lead_on(self) -> None:
        reader, writer = self.open()
        if not reader.capabilities.redirects:
            return
        scope = self.scopes()[0]
        old = f"/hc/{scope.locale}/articles/{uuid4().hex[:8]}"
        for new in ("/first", "/second"):
            writer.redirect(Redirect(scope.brand, scope.locale, old, new))
            assert self.rules()[old] == new, "a second rule for one address replaces the first"

    # What it says beforehand ------------------------------------------------------------------------------------

    def test_open_languages_give_no_trouble_and_closed_ones_do(self) -> None:
        reader, _ = self.open()
        assert reader.troubles(self.scopes()) == ()
        assert reader.troubles((self.closed_scope(),))

    def test_what_is_gone_cannot_be_written(self) -> None:
        _, writer = self.open()
        made = self._article(writer)
        before = self._write(writer, made, self._content("Gone", "<p>a</p>"))
        writer.archive(before)
        if writer.capabilities.restores:
            return
        assert _refuses(lambda: writer.write(before, before.content, before.parent, before.slug))


def _refuses(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except TargetError:
        return True
    return False


def _picture() -> bytes:
    """A PNG of one pixel that no other test has: its colour and a text chunk are made up (PNG, section 11.3)."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    text = b"Comment\0" + uuid4().hex.encode()
    pixel = zlib.compress(b"\0\x10\x80\xf0")
    parts = chunk(b"IHDR", header) + chunk(b"tEXt", text) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
