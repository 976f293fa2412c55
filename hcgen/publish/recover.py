"""What an interrupted run left: its results folded into the ledger, its open intents settled by looking. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from hcgen.errors import ProjectError
from hcgen.model.target import Target
from hcgen.publish.journal import Begin, Done, End, Intent, is_open, records, runs
from hcgen.publish.ledger import Ledger
from hcgen.publish.look import Seen
from hcgen.publish.sending import words_of
from hcgen.publish.values import Remote, State


class Run(Struct, frozen=True):
    """One journal, read."""

    path: Path
    begin: Begin
    intents: Mapping[int, Intent]
    done: Mapping[int, Done]
    end: End | None = None

    @property
    def loose(self) -> tuple[Intent, ...]:
        """Intents of which nobody knows whether they happened."""
        return tuple(one for number, one in self.intents.items() if number not in self.done)

    @property
    def finished(self) -> frozenset[int]:
        """The changes of its plan that are complete."""
        last = (number for number, one in self.done.items() if one.is_last)
        return frozenset(self.intents[number].change for number in last)


def read_run(path: Path) -> Run:
    """A journal as a value. Raises ProjectError where it has no beginning."""
    intents: dict[int, Intent] = {}
    done: dict[int, Done] = {}
    begin: Begin | None = None
    end: End | None = None
    for one in records(path):
        match one:
            case Begin():
                begin = one
            case Intent():
                intents[one.number] = one
            case Done():
                done[one.number] = one
            case End():
                end = one
    if begin is None:
        remedy = "Remove the file: the run ended before it did anything."
        raise ProjectError("the journal has no beginning", where=str(path), remedy=remedy)
    return Run(path, begin, intents, done, end)


def open_runs(target: Target) -> list[Run]:
    """Runs that were cut off, the oldest first. One that was cut off before its first line did nothing."""
    return [read_run(path) for path in runs(target) if is_open(path) and any(True for _ in records(path))]


def folded(ledger: Ledger, done: Iterable[Done]) -> Ledger:
    """The ledger after these results."""
    for one in done:
        if one.forgets:
            ledger = ledger.forget([one.forgets])
        ledger = ledger.learn(
            [one.entry] if one.entry else [], [one.held] if one.held else [], [one.rule] if one.rule else []
        )
    return ledger


def settled(run: Run, seen: Seen) -> list[Done]:
    """Results of those loose intents that did happen, as what stands there shows.

    What `create` made is found by its marker when it is wanted, and a file by its digest.
    """
    found = []
    for intent in run.loose:
        one = _settled(intent, seen)
        if one:
            found.append(one)
    return found


def _settled(intent: Intent, seen: Seen) -> Done | None:
    remote = _subject(intent, seen)
    match intent.verb:
        case "write" | "restore" if remote and intent.content and intent.learns and _is_as_sent(remote, intent):
            entry = replace(intent.learns, id=remote.id, remote=remote.fingerprint, url=remote.url, group=remote.group)
            return Done(intent.number, remote, entry, forgets=intent.forgets, is_last=True)
        case "archive" if remote is None or remote.content.state is State.ARCHIVED:
            return Done(intent.number, forgets=intent.identity, is_last=True)
    return None


def _subject(intent: Intent, seen: Seen) -> Remote | None:
    found = seen.remotes.get(intent.before.id) if intent.before else None
    if found is None and intent.verb == "restore" and intent.identity:
        one = intent.identity
        for remote in seen.remotes.values():
            if (remote.brand, remote.kind, remote.marker, remote.locale) == (one.brand, one.kind, one.key, one.locale):
                return remote
    return found


def _is_as_sent(remote: Remote, intent: Intent) -> bool:
    """Whether it became what was sent, as far as a target that makes something else of it lets us know.

    What counts as sent is not sent again: whoever has worked on it since loses nothing.
    """
    assert intent.content is not None
    there, sent = remote.content, intent.content
    has_moved = intent.before is None or intent.verb == "restore" or remote.fingerprint != intent.before.fingerprint
    is_same = (there.title, there.state, words_of(there.body)) == (sent.title, sent.state, words_of(sent.body))
    return has_moved and is_same and not remote.pending
