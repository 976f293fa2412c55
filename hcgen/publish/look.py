"""What stands on a target now, read through its listings; and what of it is ours, by ledger or marker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct

from hcgen.model.target import Target
from hcgen.publish.ledger import Held, Ledger
from hcgen.publish.port import Capabilities, Reader
from hcgen.publish.sending import Places
from hcgen.publish.values import Identity, Remote, RemoteAsset, Scope


class Seen(Struct, frozen=True):
    """All that stands in some scopes. `files` are ours, as far as the target says so; none where files have owners."""

    scopes: tuple[Scope, ...]
    remotes: Mapping[str, Remote]
    files: Mapping[Scope, tuple[RemoteAsset, ...]]
    troubles: tuple[str, ...] = ()

    def marked(self, ledger: Ledger) -> dict[Identity, list[Remote]]:
        """What carries our marker and is not in the ledger, by what the marker says.

        A copy that somebody has made of an article of ours carries its marker, too, and is none of ours.
        """
        owned = {entry.id for entry in ledger.entries.values()}
        known = {identity for identity, entry in ledger.entries.items() if entry.id in self.remotes}
        found: dict[Identity, list[Remote]] = {}
        for remote in self.remotes.values():
            identity = Identity(remote.brand, remote.kind, remote.marker, remote.locale)
            if remote.marker and remote.id not in owned and identity not in known:
                found.setdefault(identity, []).append(remote)
        return found


def look(reader: Reader, target: Target, scopes: tuple[Scope, ...]) -> Seen:
    """What stands in `scopes`, each listed once."""
    troubles = reader.troubles(scopes)
    if troubles:
        return Seen(scopes, {}, {}, troubles)
    with ThreadPoolExecutor(max(1, target.concurrency)) as pool:
        listings = pool.map(lambda scope: list(reader.listing(scope)), scopes)
        remotes = {remote.id: remote for listing in listings for remote in listing}
        holds_files = bool(reader.capabilities.asset_limit) and not reader.capabilities.asset_owner
        files = pool.map(lambda scope: tuple(reader.assets(scope)) if holds_files else (), scopes)
        return Seen(scopes, remotes, dict(zip(scopes, files, strict=True)))


def places_of(capabilities: Capabilities, ledger: Ledger, seen: Seen, elsewhere: Callable[[Identity], str]) -> Places:
    """Ids and addresses of all that is ours, as it stands there now; of what was not looked at, as of last time."""
    places = Places(capabilities.asset_reach, elsewhere, owners=capabilities.asset_owner)
    for identity, entry in ledger.entries.items():
        remote = seen.remotes.get(entry.id)
        if remote is None and Scope(identity.brand, identity.locale) in seen.scopes:
            continue
        places.ids[identity] = entry.id
        url = remote.url if remote else entry.url
        if url:
            places.urls[identity] = url
    known = {held.id: held for held in ledger.files.values()}
    for scope, files in seen.files.items():
        for one in files:
            held = known.get(one.id)
            digest = one.digest or (held.digest if held else "")
            if digest:
                places.files[places.file_key(scope, digest, held.owner if held else "")] = one.url
    for key, held in ledger.files.items():
        if places.owners or not any(_covers(scope, held) for scope in seen.scopes):
            places.files.setdefault(key, held.url)
    return places


def _covers(scope: Scope, held: Held) -> bool:
    """Whether a listing of `scope` would show the file."""
    return held.brand in ("", scope.brand) and held.locale in ("", scope.locale)
