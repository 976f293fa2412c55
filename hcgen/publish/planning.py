"""How a plan is made: what Git wishes, what the ledger remembers and what stands there, held against each other.

Pure: nothing is read or written here. Source is never compared with what stands there to find out whether Git has
changed; only the digests of the ledger say that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from hcgen.model.target import Target
from hcgen.pages.navigation import ancestors
from hcgen.publish.desired import Wishes, asset_values
from hcgen.publish.leaving import leaving, linked, too_many
from hcgen.publish.ledger import Entry, Ledger
from hcgen.publish.look import Seen, places_of
from hcgen.publish.plan import Action, Change, Conflict, Plan
from hcgen.publish.port import Capabilities
from hcgen.publish.sending import Places, Sending, assets_of, differing, is_blank, leads
from hcgen.publish.values import Desired, Identity, Kind, Loss, Redirect, Remote, Scope

_UPDATES = (Action.CREATE, Action.UPDATE, Action.MOVE, Action.FLAG)


class Asked(Struct, frozen=True):
    """What the caller wants: filters, items to overwrite (`BRAND/LOCALE/KEY` or a key), and whether to archive."""

    brands: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    leaves: bool = False
    """Whether conflicts are left as they are instead of refusing the plan."""
    archives: bool = False
    archive_limit: int | None = None
    """How many may go, instead of the target's caps."""

    def takes_scope(self, scope: Scope) -> bool:
        """Whether a brand and language are meant."""
        return (not self.brands or scope.brand in self.brands) and (not self.locales or scope.locale in self.locales)

    def takes(self, identity: Identity, topics: Iterable[str]) -> bool:
        """Whether an item is meant."""
        in_scope = self.takes_scope(Scope(identity.brand, identity.locale))
        return in_scope and (not self.topics or not set(self.topics).isdisjoint(topics))

    def overrides_item(self, identity: Identity) -> bool:
        """Whether what people did to it over there may be lost."""
        return not {str(identity), identity.key}.isdisjoint(self.overrides)


def make_plan(
    asked: Asked,
    wishes: Wishes,
    seen: Seen,
    ledger: Ledger,
    target: Target,
    capabilities: Capabilities,
    losses: Callable[[str], tuple[Loss, ...]],
    elsewhere: Callable[[Identity], str],
) -> Plan:
    """The plan that makes `target` what Git wishes."""
    planner = _Planner(asked, wishes, seen, ledger, capabilities, losses, elsewhere)
    planner.run()
    archives = sum(change.action is Action.ARCHIVE for change in planner.changes)
    return Plan(
        target=target.name,
        provider=target.provider,
        url=target.url,
        filters={"brand": asked.brands, "locale": asked.locales, "topic": asked.topics},
        changes=tuple(planner.changes),
        conflicts=tuple(planner.conflicts),
        refusals=(*seen.troubles, *too_many(target, archives, len(ledger.entries), asked.archive_limit)),
        warnings=tuple(planner.warnings),
        owned=len(ledger.entries),
    ).sealed()


class _Planner:
    """One making of a plan."""

    def __init__(
        self,
        asked: Asked,
        wishes: Wishes,
        seen: Seen,
        ledger: Ledger,
        capabilities: Capabilities,
        losses: Callable[[str], tuple[Loss, ...]],
        elsewhere: Callable[[Identity], str],
    ) -> None:
        self.asked, self.wishes, self.seen, self.ledger = asked, wishes, seen, ledger
        self.capabilities, self.losses, self.elsewhere = capabilities, losses, elsewhere
        self.desired = {one.identity: one for one in wishes.items}
        self.changes: list[Change] = []
        self.conflicts: list[Conflict] = []
        self.warnings = [f"{one.place}: {one.message}" for one in wishes.findings if one.rule == "large-asset"]
        self.marked = seen.marked(ledger)
        self.chosen = self._chosen()
        self.renamed = self._renames()
        self.places = self._places()

    def run(self) -> None:
        """Fills `changes`, `conflicts` and `warnings`."""
        for one in self.chosen:
            self._item(one)
        self._uploads()
        self._leave()
        self._redirects()
        order = list(_ORDER)
        self.changes.sort(key=lambda change: order.index(change.action))
        if self.capabilities.caution and any("override" in change.reasons for change in self.changes):
            self.warnings.append(self.capabilities.caution)

    # What is known ------------------------------------------------------------------------------------------------

    def _chosen(self) -> list[Desired]:
        """What the filters mean, with the folders that it stands in."""
        chosen = [one for one in self.wishes.items if self.asked.takes(one.identity, one.topics)]
        if not self.asked.topics:
            return chosen
        needed = {one.identity for one in chosen}
        for one in chosen:
            brand, locale = one.identity.brand, one.identity.locale
            for key in (*ancestors(one.identity.key), one.parent):
                needed |= {Identity(brand, kind, key, locale) for kind in (Kind.CATEGORY, Kind.SECTION)}
        return [one for one in self.wishes.items if one.identity in needed]

    def _renames(self) -> dict[Identity, Entry]:
        """Entries of files that were renamed, by the new identity: the `id` of the front matter stayed."""
        gone: dict[tuple[str, Kind, str, str], Entry] = {}
        for identity, entry in self.ledger.entries.items():
            if entry.name and identity not in self.desired:
                gone[identity.brand, identity.kind, identity.locale, entry.name] = entry
        found = {}
        for identity, one in self.desired.items():
            former = gone.get((identity.brand, identity.kind, identity.locale, one.name)) if one.name else None
            if former and identity not in self.ledger.entries:
                found[identity] = former
        return found

    def _entry(self, identity: Identity) -> Entry | None:
        return self.ledger.entries.get(identity) or self.renamed.get(identity)

    def _places(self) -> Places:
        """Ids and addresses; `coming` are those that this plan makes or moves."""
        places = places_of(self.capabilities, self.ledger, self.seen, self.elsewhere)
        for identity, former in self.renamed.items():
            if former.identity in places.ids:
                places.ids[identity] = places.ids[former.identity]
                places.urls[identity] = places.urls.get(former.identity, "")
        for identity, remotes in self.marked.items():
            if identity in self.desired and identity not in places.ids and len(remotes) == 1:
                places.ids[identity] = remotes[0].id
                places.urls[identity] = remotes[0].url
        chosen = {one.identity for one in self.chosen}
        coming: set[Identity] = set()
        moving: set[tuple[str, str, str]] = set()
        for identity, one in self.desired.items():
            entry = self._entry(identity)
            if identity not in places.ids:
                will_be = identity in chosen and (entry is None or self.asked.overrides_item(identity))
                coming |= {identity} if will_be else set()
                continue
            above = [key for key in (one.parent,) if (identity.brand, identity.locale, key) in moving]
            is_moved = entry is not None and (entry.slug, entry.parent) != (one.slug, places.parent_id(one))
            if above or (is_moved and identity in chosen):
                coming.add(identity)
                if identity.kind is not Kind.ARTICLE:
                    moving.add((identity.brand, identity.locale, identity.key))
        places.coming = frozenset(coming)
        return places

    # One item -----------------------------------------------------------------------------------------------------

    def _item(self, one: Desired) -> None:
        identity = one.identity
        entry = self._entry(identity)
        if entry is None:
            self._unknown(one)
            return
        remote = self.seen.remotes.get(entry.id)
        sending = self.places.prepare(one)
        is_changed = entry.source != one.digest or entry.sent != sending.digest or entry.identity != identity
        is_changed = is_changed or sending.is_open or entry.name != one.name
        if remote is None:
            self._gone(one, entry, is_changed)
            return
        # Work that somebody has not published is never ours to overwrite, since when ever it is there.
        is_moved = remote.fingerprint != entry.remote or bool(remote.pending)
        if not is_changed and not is_moved:
            return
        differ = differing(remote, sending)
        if entry.slug != one.slug:
            differ = (*differ, "slug")
        is_renamed = entry.identity != identity
        is_there = not differ or (not is_moved and entry.sent == sending.digest)
        if is_there and not sending.is_open and not is_renamed and not remote.pending:
            self._record(one, remote, sending, entry)
        elif not is_moved:
            self._update(one, remote, sending, entry, differ)
        elif self.asked.overrides_item(identity):
            self._update(one, remote, sending, entry, differ, "override")
        else:
            self._conflict(identity, one, remote, is_changed=is_changed)

    def _unknown(self, one: Desired) -> None:
        """An item that the ledger does not know."""
        identity = one.identity
        found = self.marked.get(identity, [])
        if len(found) > 1:
            text = f"{len(found)} things carry its marker: {', '.join(remote.id for remote in found)}"
            remedy = "Remove all but one over there."
            self.conflicts.append(Conflict(identity, "twice", text, remedy, found[0], one))
            return
        if not found:
            self._create(one)
            return
        remote, sending = found[0], self.places.prepare(one)
        if is_blank(remote):
            self._create(one, remote)
        elif not sending.is_open and not differing(remote, sending):
            self._record(one, remote, sending, None)
        elif self.asked.overrides_item(identity):
            self._update(one, remote, sending, None, differing(remote, sending), "override")
        else:
            text = "it carries our marker, but the ledger does not know what was sent last"
            remedy = f"Take it over with `hcgen push adopt`, or overwrite it with --override {identity}."
            self.conflicts.append(Conflict(identity, "unknown", text, remedy, remote, one, not self.asked.leaves))

    def _create(self, one: Desired, begun: Remote | None = None) -> None:
        identity = one.identity
        first = self._first(one)
        if first is not None and (self.capabilities.needs_group or self.capabilities.shared):
            text = f"the language that its translations begin with, {first.locale}, is neither there nor in this plan"
            remedy = "Plan without the filter, or with that language, too."
            self.conflicts.append(Conflict(identity, "first", text, remedy, None, one, not self.asked.leaves))
            return
        self.changes.append(
            Change(
                Action.CREATE, identity, begun.id if begun else "", begun.fingerprint if begun else "", one.digest, one,
                begun, reasons=("begun",) if begun else (), losses=self._losses(self.places.prepare(one)),
            )
        )  # fmt: skip

    def _first(self, one: Desired) -> Identity | None:
        """The translation that has to be there before this one, where it is missing and will not come."""
        identity = one.identity
        group = [
            replace(identity, locale=scope.locale) for scope in self.wishes.scopes if scope.brand == identity.brand
        ]
        if any(member in self.places.ids for member in group):
            return None
        first = next(member for member in group if member in self.desired)
        return None if first == identity or self.asked.takes(first, self.desired[first].topics) else first

    def _update(
        self,
        one: Desired,
        remote: Remote,
        sending: Sending,
        entry: Entry | None,
        differ: tuple[str, ...],
        why: str = "",
    ) -> None:
        fields = differ
        if sending.missing and "body" not in fields:
            fields = ("body", *fields)
        reasons = []
        if entry is None or entry.source != one.digest:
            reasons.append("source")
        elif entry.sent != sending.digest or sending.is_open:
            reasons.append("links")
        reasons += [why] if why else []
        if entry and entry.identity != one.identity:
            reasons.append(f"renamed from {entry.identity.key}")
        action = Action.UPDATE
        if set(fields) <= {"parent", "slug"}:
            action = Action.MOVE
        elif fields == ("is_outdated",):
            action = Action.FLAG
        self.changes.append(
            Change(
                action, one.identity, remote.id, remote.fingerprint, one.digest, one, remote, fields, tuple(reasons),
                self._losses(sending), shown=sending.content.body if sending.content.body != one.content.body else "",
                forgets=entry.identity if entry and entry.identity != one.identity else None,
            )
        )  # fmt: skip

    def _record(self, one: Desired, remote: Remote, sending: Sending, entry: Entry | None) -> None:
        """The ledger learns what stands there already."""
        learned = entry_of(one, remote, sending, self.capabilities.shared)
        if learned != entry:
            self.changes.append(
                Change(Action.RECORD, one.identity, remote.id, remote.fingerprint, one.digest, entry=learned)
            )

    def _gone(self, one: Desired, entry: Entry, is_changed: bool) -> None:
        if self.asked.overrides_item(one.identity):
            self._create(one)
            return
        text = "it was removed over there"
        remedy = f"Remove it in Git, too, or make it anew with --override {one.identity}."
        refuses = is_changed and not self.asked.leaves
        self.conflicts.append(Conflict(one.identity, "gone", text, remedy, None, one, refuses))

    def _conflict(self, identity: Identity, one: Desired | None, remote: Remote, *, is_changed: bool) -> None:
        who = f" by {remote.edited_by}" if remote.edited_by else ""
        when = f" at {remote.edited_at}" if remote.edited_at else ""
        kind = "pending" if remote.pending else "both" if is_changed else "drift"
        text = {
            "pending": f"it has changes over there that are not published{who}{when}",
            "both": f"it was changed over there{who}{when}, and in Git",
            "drift": f"it was changed over there{who}{when}",
        }[kind]
        remedy = f"Bring the change back with `hcgen pull`, or overwrite it with --override {identity}."
        refuses = is_changed and not self.asked.leaves
        self.conflicts.append(Conflict(identity, kind, text, remedy, remote, one, refuses))

    def _losses(self, sending: Sending) -> tuple[Loss, ...]:
        return self.losses(sending.content.body)

    # All together -------------------------------------------------------------------------------------------------

    def _uploads(self) -> None:
        """Files that the bodies of this plan name and that are not there."""
        if not self.capabilities.asset_limit:
            return
        known = asset_values(self.wishes.assets)
        planned: set[tuple[str, str, str, str]] = set()
        for change in list(self.changes):
            one = change.desired
            if one is None or change.action not in _UPDATES:
                continue
            for digest in assets_of(one.content.body):
                key = self.places.file_of(one.identity, digest)
                mine = (*key[:3], str(one.identity) if self.places.owners else "")
                if key in self.places.files or mine in planned:
                    continue
                planned.add(mine)
                scope = Scope(one.identity.brand, one.identity.locale)
                owner = one.identity if self.places.owners else None
                self.changes.append(Change(Action.UPLOAD, owner, asset=known[digest], scope=scope))

    def _leave(self) -> None:
        """What Git no longer has."""
        renamed = {entry.identity for entry in self.renamed.values()}
        unwished: list[tuple[Entry, Remote]] = []
        for identity, entry in self.ledger.entries.items():
            if identity in self.desired or identity in renamed:
                continue
            if not self.asked.takes(identity, (identity.key.partition("/")[0],)):
                continue
            remote = self.seen.remotes.get(entry.id)
            if remote is None:
                self.changes.append(Change(Action.RECORD, identity, entry.id, reasons=("gone",)))
            elif remote.fingerprint != entry.remote and not self.asked.overrides_item(identity):
                self._conflict(identity, None, remote, is_changed=True)
            else:
                unwished.append((entry, remote))
        found, warnings = leaving(unwished, self.seen, archives=self.asked.archives)
        self.changes += found
        self.warnings += [*warnings, *linked(found, self.seen, self.wishes, self.elsewhere)]

    def _redirects(self) -> None:
        """Old addresses that do not lead on yet: those that Git names, and those that this plan changes."""
        if not self.capabilities.redirects:
            return
        standing = {(one.brand, urlsplit(one.url).path): one for one in self.seen.remotes.values() if one.url}
        going = {change.id for change in self.changes if change.action is Action.ARCHIVE}
        refused = {conflict.identity for conflict in self.conflicts}
        for one in self.chosen:
            identity = one.identity
            if identity in refused:
                continue
            new = "" if identity in self.places.coming else urlsplit(self.places.urls.get(identity, "")).path
            for old in one.old_urls:
                live = standing.get((identity.brand, old))
                if live and live.id not in going:
                    self.warnings.append(f"{old} cannot lead to {identity}: {live.content.title!r} stands there.")
                    continue
                rule = self.ledger.rules.get((identity.brand, old))
                if rule is None or (new and rule.target != new):
                    self._redirect(identity, old, new)
            remote = self.seen.remotes.get(self.places.ids.get(identity, ""))
            if remote and identity in self.places.coming and remote.slug and remote.slug in urlsplit(remote.url).path:
                self._redirect(identity, urlsplit(remote.url).path, "")

    def _redirect(self, identity: Identity, old: str, new: str) -> None:
        rule = Redirect(identity.brand, identity.locale, old, new)
        self.changes.append(Change(Action.REDIRECT, identity, rule=rule))


_ORDER = (
    Action.RECORD, Action.CREATE, Action.UPLOAD, Action.UPDATE, Action.MOVE, Action.FLAG, Action.RESTORE,
    Action.ARCHIVE, Action.REDIRECT,
)  # fmt: skip


def entry_of(one: Desired, remote: Remote, sending: Sending, shared: frozenset[str]) -> Entry:
    """What the ledger says of an item that stands there as it shall."""
    return Entry(
        identity=one.identity, id=remote.id, source=one.digest, sent=sending.digest, remote=remote.fingerprint,
        title=remote.content.title, url=remote.url, group=remote.group, parent=sending.parent, slug=sending.slug,
        name=one.name, leads=leads(remote, shared),
    )  # fmt: skip
