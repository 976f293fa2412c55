"""What goes, and what speaks against it: caps, folders that hold what is not ours, and links to what goes. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from hcgen.model.target import Target
from hcgen.publish.desired import Wishes
from hcgen.publish.ledger import Entry
from hcgen.publish.look import Seen
from hcgen.publish.plan import Action, Change
from hcgen.publish.values import Identity, Kind, Remote

_NAMED = 5


def too_many(target: Target, archives: int, owned: int, limit: int | None) -> list[str]:
    """Why so many may not go."""
    if limit is not None:
        most, why = limit, "--archive-limit"
    elif owned < target.caps.small:
        return []
    else:
        most = min(target.caps.count, int(target.caps.share * owned))
        why = f"the caps of {target.name} ({target.path}: {target.caps.count}, and {target.caps.share:.0%} of {owned})"
    if archives <= most:
        return []
    remedy = f"Look whether they shall all go, then plan again with --archive-limit {archives}."
    return [f"{archives} would be archived, {why} let {most} go. {remedy}"]


def leaving(unwished: Sequence[tuple[Entry, Remote]], seen: Seen, *, archives: bool) -> tuple[list[Change], list[str]]:
    """The changes that take `unwished` away (articles first, folders from within), and warnings.

    A folder stays where something is in it that stays: its things are not all ours, or somebody works on them.
    """
    if not unwished:
        return [], []
    if not archives:
        names = sorted(str(entry.identity) for entry, _ in unwished)
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        what = f"{len(names)} no longer in Git stay as they are: {', '.join(names[:_NAMED])}{more}."
        return [], [f"{what} --archive takes them away."]
    changes, warnings = [], []
    gone = {remote.id for _, remote in unwished}
    for entry, remote in sorted(unwished, key=_deepest_first):
        inside = [one for one in within(remote, seen) if one.id not in gone]
        if inside:
            gone.discard(remote.id)
            what = f"the folder {entry.identity} stays: {len(inside)} things in it stay"
            warnings.append(f"{what}, such as {inside[0].content.title!r} ({inside[0].id}).")
            continue
        changes.append(
            Change(Action.ARCHIVE, entry.identity, remote.id, remote.fingerprint, entry.source, None, remote)
        )
    return changes, warnings


def within(folder: Remote, seen: Seen) -> list[Remote]:
    """What stands in `folder`: what says so itself, and translations of what stands in a translation of it."""
    same = {one.id for one in seen.remotes.values() if folder.group and one.group == folder.group} | {folder.id}
    groups = {one.group for one in seen.remotes.values() if one.parent in same and one.group}
    found = []
    for one in seen.remotes.values():
        is_led_in = not one.parent and one.group in groups and one.locale == folder.locale
        if one.parent == folder.id or (is_led_in and one.brand == folder.brand):
            found.append(one)
    return found


def linked(changes: Sequence[Change], seen: Seen, wishes: Wishes, elsewhere: Callable[[Identity], str]) -> list[str]:
    """Warnings of what links to what goes: other articles over there, whoever wrote them, and those of other brands."""
    going = {change.id for change in changes}
    needles: dict[str, Identity] = {}
    for change in changes:
        if change.identity and change.before:
            for url in filter(None, (change.before.url, elsewhere(change.identity))):
                needles[html.escape(url)] = change.identity
    if not needles:
        return []
    urls = "|".join(re.escape(url) for url in sorted(needles, key=len, reverse=True))
    pattern = re.compile(rf'(?<=")(?:{urls})(?=["#?])')
    bodies = [
        *((f"{one.brand}/{one.locale} {one.content.title!r}", one.content.body)
          for one in seen.remotes.values() if one.id not in going),
        *((one.source or str(one.identity), one.content.body) for one in wishes.items),
    ]  # fmt: skip
    return [
        f"{name} links to {needles[url]}, which goes."
        for name, body in bodies
        for url in sorted(set(pattern.findall(body)))
    ]


def _deepest_first(one: tuple[Entry, Remote]) -> tuple[object, ...]:
    identity = one[0].identity
    return identity.kind is not Kind.ARTICLE, -identity.key.count("/"), identity.kind is Kind.CATEGORY, identity
