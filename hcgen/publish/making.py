"""Making empty drafts and files, each looked for where its answer was lost; and what a run remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from hcgen.model.target import Target
from hcgen.publish.anonymous import Page
from hcgen.publish.journal import Done, Failed, Intent, Journal
from hcgen.publish.ledger import Held, Ledger, write_ledger
from hcgen.publish.look import Seen, look
from hcgen.publish.plan import Change
from hcgen.publish.port import Blank, GroupWriter, OwnerWriter, Writer
from hcgen.publish.recover import folded
from hcgen.publish.sending import Places
from hcgen.publish.values import Asset, Identity, Remote, RemoteAsset, Scope
from hcgen.publish.wire import TargetError, Unsettled
from hcgen.text import digest


class Making:
    """What one run has done so far, and how it makes things. Safe to use from several threads."""

    def __init__(
        self,
        target: Target,
        writer: Writer,
        journal: Journal,
        ledger: Ledger,
        places: Places,
        seen: Seen,
        scrub: Callable[[str], str],
        changes: Iterable[Change],
        doubtful: Iterable[int] = (),
    ) -> None:
        self.target, self.writer, self.journal, self.places, self.seen = target, writer, journal, places, seen
        self.failures: dict[int, str] = {}
        self.warnings: list[str] = []
        self.pages: list[Page] = []
        self.count = 0
        self._ledger, self._results, self._scrub = ledger, list[Done](), scrub
        self._lock = threading.Lock()
        self._lost: set[Any] = set()
        self.fresh: dict[Identity, Remote] = {}
        """Empty drafts of ours, as they were made."""
        self._doubtful = set(doubtful)
        """Uploads, by change, that were sent and got no answer."""
        self._reborn: dict[str, str] = {}
        """New ids of what was restored, by old ones."""
        self._groups = {
            (one.brand, one.kind, one.key): entry.group
            for one, entry in ledger.entries.items()
            if entry.group and (entry.id in seen.remotes or Scope(one.brand, one.locale) not in seen.scopes)
        }
        for identity, remotes in seen.marked(ledger).items():
            self._created(identity, remotes[0])
        for change in changes:
            if change.identity and change.id in seen.remotes:
                places.ids.setdefault(change.identity, change.id)
                places.urls.setdefault(change.identity, seen.remotes[change.id].url)

    @property
    def ledger(self) -> Ledger:
        """The ledger as it is after what was done."""
        with self._lock:
            self._ledger, self._results = folded(self._ledger, self._results), []
            return self._ledger

    def checkpoint(self) -> None:
        """Puts the ledger on disk."""
        write_ledger(self.target, self.ledger)

    # How a step speaks ----------------------------------------------------------------------------------------------

    def _intend(self, change: int, verb: str, **more: Any) -> int:
        number = self.journal.next()
        self.journal.write(Intent(number, change, verb, **more))
        return number

    def _done(self, number: int, **more: Any) -> None:
        done = Done(number, **more)
        self.journal.write(done)
        with self._lock:
            self._results.append(done)
            self.count += done.is_last

    def _fail(self, at: int, change: Change, error: object, number: int = 0) -> None:
        what = getattr(error, "what", None) or str(error)
        message = self._scrub(f"{change.identity or change.title}: {what}")
        if number:
            self.journal.write(Failed(number, message))
        with self._lock:
            self.failures[at] = message

    def give_up(self, changes: Iterable[tuple[int, Change]]) -> None:
        """What could not be made, however often it was tried."""
        for at, change in changes:
            if at not in self.failures and (change.identity is None or change.identity not in self.places.ids):
                self._fail(at, change, "no answer came back, and it is not there")

    def take_lost(self) -> set[Any]:
        """What was sent without an answer since the last time this was asked: identities, digests of files."""
        with self._lock:
            lost, self._lost = self._lost, set()
            return lost

    # Making -------------------------------------------------------------------------------------------------------

    def create(self, group: Sequence[tuple[int, Change]]) -> None:
        """Makes the empty drafts of one group that are not there yet."""
        left = [(at, one) for at, one in group if one.identity not in self.places.ids and at not in self.failures]
        if len(left) == len(group) > 1 and self.writer.capabilities.creates_groups and not self._group(left[0][1]):
            self._create_at_once(left)
            return
        for at, change in left:
            if not self._create_one(at, change):
                # The rest belongs to a group that may or may not be there.
                return

    def _create_one(self, at: int, change: Change) -> bool:
        blank = self._blank(at, change, self._group(change))
        if blank is None:
            return True
        number = self._intend(at, "create", identity=change.identity)
        try:
            made = self.writer.create(blank)
        except Unsettled:
            self._lose(change.identity)
            return False
        except TargetError as error:
            self._fail(at, change, error, number)
            return True
        self._made(number, change, made)
        return True

    def _create_at_once(self, group: Sequence[tuple[int, Change]]) -> None:
        blanks = [(at, change, self._blank(at, change, "")) for at, change in group]
        found = [(at, change, blank) for at, change, blank in blanks if blank is not None]
        if not found:
            return
        numbers = [self._intend(at, "create", identity=change.identity) for at, change, _ in found]
        try:
            made = cast(GroupWriter, self.writer).create_group(tuple(blank for _, _, blank in found))
        except Unsettled:
            for _, change, _ in found:
                self._lose(change.identity)
            return
        except TargetError as error:
            for number, (at, change, _) in zip(numbers, found, strict=True):
                self._fail(at, change, error, number)
            return
        for number, (_, change, _), remote in zip(numbers, found, made, strict=True):
            self._made(number, change, remote)

    def _blank(self, at: int, change: Change, group: str) -> Blank | None:
        one = change.desired
        assert one is not None
        sending = self.places.prepare(one)
        if sending.lacks_parent:
            self._fail(at, change, f"its folder {one.parent} is not there")
            return None
        scope = Scope(one.identity.brand, one.identity.locale)
        return Blank(
            scope,
            one.identity.kind,
            one.identity.key,
            one.content.title,
            one.slug,
            sending.parent,
            group,
            sending.content,
        )

    def _group(self, change: Change) -> str:
        """The group of the translations that are there."""
        identity = change.identity
        assert identity is not None
        return self._groups.get((identity.brand, identity.kind, identity.key), "")

    def _made(self, number: int, change: Change, made: Remote) -> None:
        assert change.identity is not None
        self._done(number, after=made)
        self._created(change.identity, made)

    def _created(self, identity: Identity, made: Remote) -> None:
        self.fresh[identity] = made
        self.places.ids.setdefault(identity, made.id)
        if made.group:
            self._groups.setdefault((identity.brand, identity.kind, identity.key), made.group)
        if made.url:
            self.places.urls.setdefault(identity, made.url)

    def _lose(self, what: object) -> None:
        with self._lock:
            self._lost.add(what)

    def find_created(self, lost: Iterable[Identity]) -> None:
        """Looks by their markers which of the lost ones were made after all."""
        wanted = set(lost)
        scopes = tuple(dict.fromkeys(Scope(one.brand, one.locale) for one in wanted))
        for identity, remotes in look(self.writer, self.target, scopes).marked(self.ledger).items():
            if identity in wanted:
                self._created(identity, remotes[0])

    # Files ----------------------------------------------------------------------------------------------------------

    def upload(self, at: int, change: Change) -> None:
        """Sends a file that is not there yet."""
        asset, scope = change.asset, change.scope
        assert asset is not None
        assert scope is not None
        if at in self.failures or self.is_uploaded(change):
            return
        file = self.target.root / asset.path
        try:
            is_same_file = digest(file.read_bytes()) == asset.digest
        except OSError:
            is_same_file = False
        if not is_same_file:
            self._fail(at, change, f"{asset.path} is not the file that was planned")
            return
        owner = None
        if change.identity is not None:
            owner = self.fresh.get(change.identity) or self.writer.read(self.places.ids.get(change.identity, ""))
        number = self._intend(at, "upload", identity=change.identity, digest=asset.digest, scope=scope)
        try:
            made = self._sent_before(at, asset, owner) or self.writer.upload(asset, file, owner, scope)
        except Unsettled:
            self._doubtful.add(at)
            self._lose(asset.digest)
            return
        except TargetError as error:
            self._fail(at, change, error, number)
            return
        key = self._file_key(change)
        self.places.files[key] = made.url
        held = Held(key[0], key[1], asset.digest, made.id, made.url, key[3])
        self._done(number, held=held, is_last=True)

    def _sent_before(self, at: int, asset: Asset, owner: Remote | None) -> RemoteAsset | None:
        """The file that an upload without an answer has left with its owner."""
        if owner is None or at not in self._doubtful:
            return None
        files = cast(OwnerWriter, self.writer).files_of(owner)
        return next((one for one in files if one.digest == asset.digest), None)

    def _file_key(self, change: Change) -> tuple[str, str, str, str]:
        assert change.asset is not None
        assert change.scope is not None
        if change.identity is not None:
            return self.places.file_of(change.identity, change.asset.digest)
        return self.places.file_key(change.scope, change.asset.digest)

    def is_uploaded(self, change: Change) -> bool:
        """Whether the file is there."""
        return self._file_key(change) in self.places.files

    def find_uploaded(self) -> None:
        """Looks which files are there after all, by their digests; where files have owners, each of these is asked."""
        for scope in self.seen.scopes if not self.places.owners else ():
            for one in self.writer.assets(scope):
                if one.digest:
                    self.places.files.setdefault(self.places.file_key(scope, one.digest), one.url)
