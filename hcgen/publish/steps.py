"""The single steps of a run: each reads, compares, says what it is about to do, does it, and reads back.

A step that the target refuses fails alone; the others go on. Knows no order: `apply.py` has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from msgspec.structs import replace

from hcgen.publish.anonymous import Page
from hcgen.publish.ledger import Entry, Rule
from hcgen.publish.look import look
from hcgen.publish.making import Making
from hcgen.publish.plan import Change
from hcgen.publish.planning import entry_of
from hcgen.publish.sending import Sending, differing, is_same
from hcgen.publish.values import Desired, Identity, Kind, Redirect, Remote, State
from hcgen.publish.wire import TargetError, Unsettled


class Steps(Making):
    """How each thing that exists is written, taken away and brought back."""

    # Writing --------------------------------------------------------------------------------------------------------

    def write(self, at: int, change: Change) -> None:
        """Writes an item once, with everything in it."""
        one = change.desired
        assert one is not None
        identity = one.identity
        id = self.places.ids.get(identity) or change.id
        if at in self.failures or not id:
            if at not in self.failures:
                self._fail(at, change, "it could not be made")
            return
        try:
            made = self.fresh.get(identity)
            now = made or self.writer.read(id)
            base = made.fingerprint if made else change.base
            if now is None or now.fingerprint != base:
                self._fail(at, change, "it was changed over there since the plan was made")
                return
            self._write(at, change, one, now)
        except TargetError as error:
            self._fail(at, change, error)

    def _write(self, at: int, change: Change, one: Desired, now: Remote) -> None:
        identity = one.identity
        literal = self._reborn.get(change.parent, change.parent) if change.parent is not None else None
        sending = self.places.prepare(one, literal)
        if sending.lacks_parent:
            self._fail(at, change, f"its folder {one.parent} is not there")
            return
        if any(reference.kind == "asset" for reference in sending.missing):
            self._fail(at, change, "a file that it shows is not there")
            return
        known = self._ledger.entries.get(change.forgets or identity)
        is_as_known = known and known.sent == sending.digest and known.remote == now.fingerprint
        if is_as_known and change.entry is None and change.forgets is None:
            entry = entry_of(one, now, sending, self.writer.capabilities.shared)
            self._done(self._intend(at, "keep", identity=identity), entry=entry, is_last=True)
            return
        # A target may have made another of our slug; while we want no new one, its own stays.
        slug = now.slug if known and known.slug == sending.slug and now.slug else sending.slug
        learns = self._learns(change, one, now, sending)
        number = self._intend(
            at, "write", identity=identity, before=now, entry=known, content=sending.content, learns=learns,
            forgets=change.forgets,
        )  # fmt: skip
        try:
            after = self._write_out(replace(now, marker=identity.key), sending, slug)
        except TargetError as error:
            self._fail(at, change, error, number)
            return
        trouble = self._compare(change, now, after, sending)
        if trouble or after is None:
            self._fail(at, change, trouble or "it is gone after it was written", number)
            return
        entry = replace(
            learns, id=after.id, remote=after.fingerprint, url=after.url, group=after.group, title=after.content.title
        )
        self.fresh.pop(identity, None)
        if after.url:
            self.places.urls[identity] = after.url
        self._note_page(identity, after)
        self._done(number, after=after, entry=entry, forgets=change.forgets, is_last=True)

    def _write_out(self, now: Remote, sending: Sending, slug: str) -> Remote | None:
        """Writes, and gives what stands there then. Where the answer was lost, it is looked at what came of it."""
        try:
            answer = self.writer.write(now, sending.content, sending.parent, slug)
        except Unsettled:
            answer = self.writer.read(now.id)
            if answer is None or differing(answer, sending):
                raise
        return answer or self.writer.read(now.id)

    def _learns(self, change: Change, one: Desired, now: Remote, sending: Sending) -> Entry:
        return change.entry or entry_of(one, now, sending, self.writer.capabilities.shared)

    def _compare(self, change: Change, before: Remote, after: Remote | None, sending: Sending) -> str:
        """What is wrong with what was read back, or ""; what is only odd becomes a warning."""
        if after is None:
            return "it is gone after it was written"
        if after.content.state is not sending.content.state:
            return f"it is {after.content.state.value} after it was written, not {sending.content.state.value}"
        was_other = [name for name in differing(before, sending) if name != "parent"]
        if was_other and after.fingerprint == before.fingerprint and not change.losses:
            return "the target answered, and changed nothing"
        altered = [name for name in differing(after, sending) if name != "body" or not change.losses]
        if altered:
            with self._lock:
                self.warnings.append(f"{change.identity}: the target made something else of {', '.join(altered)}")
        return ""

    def _note_page(self, identity: Identity, after: Remote) -> None:
        if identity.kind is Kind.ARTICLE and after.url and after.content.state is State.PUBLISHED:
            with self._lock:
                self.pages.append(Page(str(identity), after.url, bool(after.content.is_internal)))

    def look_again(self) -> None:
        """Learns the addresses of all that stands below folders that moved."""
        seen = look(self.writer, self.target, self.seen.scopes)
        ids = {id: identity for identity, id in self.places.ids.items()}
        for remote in seen.remotes.values():
            if remote.id in ids and remote.url:
                self.places.urls[ids[remote.id]] = remote.url

    def outdated(self, changes: Iterable[tuple[int, Change]]) -> list[tuple[int, Change]]:
        """Which of the items that were written would be written otherwise now, since addresses have changed."""
        found, entries = [], self.ledger.entries
        for at, change in changes:
            entry = entries.get(change.identity) if change.identity else None
            if entry and change.desired and change.entry is None and at not in self.failures:
                is_sent = entry.source == change.source
                if is_sent and self.places.prepare(change.desired).digest != entry.sent:
                    found.append((at, change))
        return found

    def write_again(self, at: int, change: Change) -> None:
        """Writes an item whose links lead elsewhere now."""
        assert change.identity is not None
        entry = self.ledger.entries[change.identity]
        self.write(at, replace(change, base=entry.remote, forgets=None))

    # The rest -------------------------------------------------------------------------------------------------------

    def record(self, at: int, change: Change) -> None:
        """Tells the ledger what stands there, or what is gone."""
        forgets = change.identity if change.entry is None else None
        self._done(self._intend(at, "record"), entry=change.entry, forgets=forgets, is_last=True)

    def archive(self, at: int, change: Change) -> None:
        """Takes an item out of sight."""
        try:
            now = self.writer.read(change.id)
            if now is None or now.fingerprint != change.base:
                self._fail(at, change, "it was changed over there since the plan was made")
                return
            entry = self._ledger.entries.get(change.identity) if change.identity else None
            number = self._intend(at, "archive", identity=change.identity, before=now, entry=entry)
            self.writer.archive(now)
            after = self.writer.read(change.id)
            if after is not None and after.content.state is State.PUBLISHED:
                self._fail(at, change, "it is still published", number)
                return
            self._done(number, forgets=change.identity, is_last=True)
        except TargetError as error:
            self._fail(at, change, error)

    def restore(self, at: int, change: Change) -> None:
        """Brings back what a run archived."""
        before, entry = change.before, change.entry
        assert before is not None
        assert entry is not None
        content = before.content
        try:
            number = self._intend(at, "restore", identity=change.identity, before=before, content=content, learns=entry)
            back = self.writer.restore(replace(before, parent=self._reborn.get(before.parent, before.parent)))
            self._reborn[before.id] = back.id
            after = self.writer.read(back.id)
            if after is None or not all(is_same(name, after.content, content) for name in ("title", "body", "state")):
                self._fail(at, change, "it did not come back as it was", number)
                return
            learns = replace(entry, id=after.id, remote=after.fingerprint, url=after.url, group=after.group)
            self._done(number, after=after, entry=learns, is_last=True)
        except TargetError as error:
            self._fail(at, change, error)

    def redirect(self, at: int, change: Change) -> None:
        """Lets an old address lead to where its item stands now."""
        rule, identity = change.rule, change.identity
        assert rule is not None
        assert identity is not None
        new = urlsplit(self.places.urls.get(identity, "")).path
        if not new:
            self._fail(at, change, f"nothing is known that {rule.source} could lead to")
            return
        number = self._intend(at, "redirect", rule=Rule(rule.brand, rule.locale, rule.source, new))
        if new == rule.source:
            # Its address has stayed what it was.
            self._done(number, is_last=True)
            return
        try:
            self.writer.redirect(Redirect(rule.brand, rule.locale, rule.source, new))
        except TargetError as error:
            self._fail(at, change, error, number)
            return
        self._done(number, rule=Rule(rule.brand, rule.locale, rule.source, new), is_last=True)
