"""What undoes a run: a plan made of the pre-images in its journal, with the same checks as any other. Pure."""

from __future__ import annotations

from msgspec import Struct

from hcgen.model.target import Target
from hcgen.publish.ledger import Entry, Ledger
from hcgen.publish.look import Seen
from hcgen.publish.plan import Action, Change, Conflict, Plan
from hcgen.publish.port import Capabilities
from hcgen.publish.recover import Run
from hcgen.publish.sending import is_blank
from hcgen.publish.values import Desired, Identity, Kind, Remote, Scope


class _Story(Struct):
    """What a run did to one thing: how it was before, how it left it."""

    identity: Identity
    before: Remote | None
    entry: Entry | None
    after: Remote | None
    was_there: bool


def scopes_of_run(run: Run) -> tuple[Scope, ...]:
    """Brands and languages that a run wrote to."""
    found = [Scope(one.identity.brand, one.identity.locale) for one in run.intents.values() if one.identity]
    return tuple(dict.fromkeys(found))


def rollback_plan(
    run: Run, seen: Seen, ledger: Ledger, target: Target, capabilities: Capabilities, overrides: tuple[str, ...] = ()
) -> Plan:
    """The plan that makes everything as it was before `run`."""
    changes: list[Change] = []
    conflicts: list[Conflict] = []
    warnings: list[str] = []
    for story in _stories(run).values():
        change = _undone(story, seen)
        if change is None:
            continue
        now = seen.remotes.get(change.id)
        left = story.after.fingerprint if story.after else ""
        is_moved = now is not None if change.action is Action.RESTORE else now is None or now.fingerprint != left
        if is_moved and not {str(story.identity), story.identity.key} & set(overrides):
            conflicts.append(_conflict(story.identity, now))
        elif now is not None or change.action is Action.RESTORE:
            changes.append(change)
    if not capabilities.restores and any(change.action is Action.RESTORE for change in changes):
        warnings.append(f"{target.name} cannot bring back what was archived: it is made anew, with other ids.")
    if any(intent.verb == "redirect" for intent in run.intents.values()):
        warnings.append("Redirects of the run stay: the new addresses go on working.")
    return Plan(
        target=target.name,
        provider=target.provider,
        url=target.url,
        filters={},
        changes=tuple(sorted(changes, key=_order)),
        conflicts=tuple(conflicts),
        refusals=seen.troubles,
        warnings=tuple(warnings),
        owned=len(ledger.entries),
        rolls_back=run.begin.run,
    ).sealed()


def _stories(run: Run) -> dict[str, _Story]:
    """By the id of the thing; what was made twice (restored under a new id) is told under each."""
    found: dict[str, _Story] = {}
    for number, intent in run.intents.items():
        done = run.done.get(number)
        if intent.identity is None or done is None or intent.verb in ("upload", "keep", "record"):
            continue
        subject = done.after or intent.before
        if subject is None:
            continue
        story = found.get(subject.id)
        if story is None:
            was_there = intent.verb not in ("create", "restore") and not _is_own_draft(intent.before, intent.entry)
            before = intent.before if was_there else None
            story = found[subject.id] = _Story(intent.identity, before, intent.entry, None, was_there)
        story.after = done.after
    return found


def _is_own_draft(before: Remote | None, entry: Entry | None) -> bool:
    """Whether a write found what an interrupted run had made before it."""
    return before is not None and entry is None and is_blank(before)


def _undone(story: _Story, seen: Seen) -> Change | None:
    """The change that undoes it; None where nothing is left of it."""
    before, after = story.before, story.after
    identity = story.entry.identity if story.entry else story.identity
    if not story.was_there:
        if after is None:
            return None
        now = seen.remotes.get(after.id)
        base = now.fingerprint if now else after.fingerprint
        return Change(Action.ARCHIVE, story.identity, after.id, base, before=now or after)
    assert before is not None
    if after is None:
        return Change(Action.RESTORE, identity, before.id, before=before, entry=story.entry)
    now = seen.remotes.get(before.id)
    desired = Desired(identity, "", before.content, before.slug)
    entry = story.entry or Entry(identity, before.id, "", "", before.fingerprint, before.content.title)
    return Change(
        Action.UPDATE, identity, before.id, now.fingerprint if now else after.fingerprint,
        before.fingerprint, desired, now,
        reasons=("rollback",), entry=entry, parent=before.parent,
        forgets=story.identity if story.identity != identity else None,
    )  # fmt: skip


def _conflict(identity: Identity, now: Remote | None) -> Conflict:
    if now is None:
        return Conflict(
            identity, "gone", "it was removed over there since the run", "Leave it, or restore it over there."
        )
    who = f" by {now.edited_by}" if now.edited_by else ""
    remedy = f"Bring the change back with `hcgen pull`, or overwrite it with --override {identity}."
    return Conflict(identity, "both", f"it was changed over there since the run{who}", remedy, now)


def _order(change: Change) -> tuple[object, ...]:
    """Restorations and writes, folders first; then what goes, articles first."""
    assert change.identity is not None
    is_article = change.identity.kind is Kind.ARTICLE
    depth = change.identity.key.count("/")
    if change.action is Action.ARCHIVE:
        return 1, not is_article, -depth, change.identity.kind is Kind.CATEGORY, change.identity
    return 0, is_article, depth, change.identity.kind is not Kind.CATEGORY, change.identity
