"""How articles that exist over there become ours: by marker, by an old id, by address, or on somebody's word.

Never by title. Adopting sends nothing: the ledger learns whose an article is, and the next plan shows what Git would
make of it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from hcgen.publish.desired import Wishes
from hcgen.publish.ledger import Entry, Ledger
from hcgen.publish.look import Seen
from hcgen.publish.sending import leads
from hcgen.publish.values import Desired, Identity, Remote

_PARTS = re.compile(r"[^0-9A-Za-z]+")


class Adoption(Struct, frozen=True):
    """One article and the thing over there that it becomes. `by`: marker, id, address, word."""

    identity: Identity
    remote: Remote
    by: str
    entry: Entry


class Adoptions(Struct, frozen=True):
    """What can be adopted, and why some cannot."""

    found: tuple[Adoption, ...]
    troubles: tuple[str, ...]


def adoptions(
    wishes: Wishes, seen: Seen, ledger: Ledger, shared: frozenset[str], ids: Mapping[str, str], urls: Mapping[str, str]
) -> Adoptions:
    """All that may be adopted. `ids` and `urls` are somebody's word, by `BRAND/LOCALE/KEY` or a key."""
    owned = {entry.id for entry in ledger.entries.values()}
    free = {id: one for id, one in seen.remotes.items() if id not in owned}
    wanted = {one.identity: one for one in wishes.items if one.identity not in ledger.entries}
    found: dict[Identity, Adoption] = {}
    troubles: list[str] = []
    taken: dict[str, Identity] = {}

    def take(one: Desired, remotes: list[Remote], by: str) -> None:
        if one.identity in found or not remotes:
            return
        if len(remotes) > 1:
            named = ", ".join(remote.id for remote in remotes)
            troubles.append(f"{one.identity} may be any of {named} (by {by}); say which with --id {one.identity}=ID.")
            return
        remote = remotes[0]
        if remote.id in taken:
            troubles.append(f"{remote.id} is wanted by {taken[remote.id]} and by {one.identity}.")
            return
        taken[remote.id] = one.identity
        found[one.identity] = Adoption(one.identity, remote, by, _entry(one, remote, shared))

    for by in ("word", "marker", "id", "address"):
        for one in wanted.values():
            fitting = [remote for remote in free.values() if _fits(one.identity, remote)]
            take(one, [remote for remote in fitting if _matches(by, one, remote, ids, urls)], by)
    for name in (*ids, *urls):
        if not any(name in (str(identity), identity.key) for identity in found):
            troubles.append(
                f"{name}: nothing fits; name an article that is not owned yet, and what is free over there."
            )
    return Adoptions(tuple(found[identity] for identity in sorted(found)), tuple(dict.fromkeys(troubles)))


def _matches(by: str, one: Desired, remote: Remote, ids: Mapping[str, str], urls: Mapping[str, str]) -> bool:
    match by:
        case "word":
            return any(_is_called(remote, word) for word in _words(ids, one)) or _is_at(remote, _words(urls, one))
        case "marker":
            return remote.marker == one.identity.key
        case "id":
            # The old numbers of articles; a name such as `refunds` says nothing of what stands there.
            return one.name.isdigit() and _is_called(remote, one.name)
        case _:
            return _is_at(remote, one.old_urls)


def _is_called(remote: Remote, word: str) -> bool:
    """Whether it has this id, or this number in it: the same in all languages of some targets."""
    return remote.id == word or (word.isdigit() and word in _PARTS.split(remote.id))


def _words(given: Mapping[str, str], one: Desired) -> tuple[str, ...]:
    found = (given.get(str(one.identity)), given.get(one.identity.key))
    return tuple(word for word in found if word)


def _fits(identity: Identity, remote: Remote) -> bool:
    return (identity.brand, identity.kind, identity.locale) == (remote.brand, remote.kind, remote.locale)


def _is_at(remote: Remote, urls: tuple[str, ...]) -> bool:
    paths = {urlsplit(url).path.rstrip("/") for url in urls}
    return bool(remote.url) and urlsplit(remote.url).path.rstrip("/") in paths


def _entry(one: Desired, remote: Remote, shared: frozenset[str]) -> Entry:
    """What is known of it: how it stands there, and nothing of what was sent."""
    return Entry(
        identity=one.identity, id=remote.id, source="", sent="", remote=remote.fingerprint, title=remote.content.title,
        url=remote.url, group=remote.group, parent=remote.parent, slug=one.slug, name=one.name,
        leads=leads(remote, shared),
    )  # fmt: skip
