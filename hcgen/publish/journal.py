"""What a run did, line by line, as it did it: an intent before each write, its result after it.

The file only grows, and each line is on disk before the next step. A line that was cut off in the middle counts as not
written. Knows no CMS and decides nothing.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from hcgen.errors import ProjectError
from hcgen.model.target import Target
from hcgen.publish.ledger import Entry, Held, Rule, sync_folder
from hcgen.publish.values import Content, Identity, Remote, Scope


class Begin(Struct, frozen=True, tag="begin", tag_field="event"):
    """A run begins to apply the plan of this digest."""

    run: str
    plan: str
    target: str
    url: str
    version: str
    at: str
    rolls_back: str = ""


class Intent(Struct, frozen=True, tag="intent", tag_field="event", omit_defaults=True):
    """Something is about to be sent. `change` counts in the plan; `before` and `entry` are what was there until now."""

    number: int
    change: int
    verb: str
    identity: Identity | None = None
    before: Remote | None = None
    entry: Entry | None = None
    content: Content | None = None
    """What is sent, with addresses."""
    learns: Entry | None = None
    """What the ledger says once it has happened, but for what is read back."""
    forgets: Identity | None = None
    """What it was called until now."""
    digest: str = ""
    """Of a file."""
    scope: Scope | None = None
    rule: Rule | None = None


class Done(Struct, frozen=True, tag="done", tag_field="event", omit_defaults=True):
    """It happened. `after` is what was read back; `entry`, `held` and `rule` are what the ledger learns by it.

    `is_last` says that its change is complete; `forgets` names what the ledger no longer knows.
    """

    number: int
    after: Remote | None = None
    entry: Entry | None = None
    held: Held | None = None
    rule: Rule | None = None
    forgets: Identity | None = None
    is_last: bool = False


class Failed(Struct, frozen=True, tag="failed", tag_field="event"):
    """It failed, or nobody knows."""

    number: int
    error: str


class End(Struct, frozen=True, tag="end", tag_field="event"):
    """The run is over and the ledger holds what it did."""

    at: str
    state: str
    """complete, incomplete (some changes failed), or settled (cut off and settled later)."""


Record = Begin | Intent | Done | Failed | End
_DECODER = msgspec.json.Decoder(Record)
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Journal:
    """An open journal. Safe to use from several threads."""

    def __init__(self, path: Path, number: int = 0) -> None:
        self.path, self._lock, self._number = path, threading.Lock(), number
        self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    @property
    def run(self) -> str:
        """The run's name."""
        return self.path.stem

    def next(self) -> int:
        """A number that no intent has yet."""
        with self._lock:
            self._number += 1
            return self._number

    def write(self, record: Record) -> None:
        """Appends a record; it is on disk when this returns."""
        data = _ENCODER.encode(record) + b"\n"
        with self._lock:
            os.write(self._handle, data)
            os.fsync(self._handle)

    def close(self) -> None:
        os.close(self._handle)


def folder_of(target: Target) -> Path:
    """Where journals, lock and saved plans of a target lie."""
    return target.root / ".hcgen" / "publish" / target.name


def begin(target: Target, plan: str, version: str, rolls_back: str = "") -> Journal:
    """A new journal, with its first line."""
    folder = folder_of(target)
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    run = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    journal = Journal(folder / f"{run}.jsonl")
    sync_folder(folder)
    journal.write(Begin(run, plan, target.name, target.url, version, now.isoformat(timespec="seconds"), rolls_back))
    return journal


def reopen(path: Path) -> Journal:
    """A journal to go on with. What was cut off at its end is taken away first."""
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
    numbers = [one.number for one in records(path) if isinstance(one, Intent)]
    return Journal(path, max(numbers, default=0))


def records(path: Path) -> Iterator[Record]:
    """All whole lines of a journal. Raises ProjectError for one that is damaged."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield _DECODER.decode(line)
            except msgspec.MsgspecError as error:
                remedy = "Put the file aside; `hcgen push adopt` rebuilds the ledger from markers."
                raise ProjectError(
                    f"this is no line of a journal: {error}", where=f"{path}:{number}", remedy=remedy
                ) from error


def runs(target: Target) -> list[Path]:
    """The journals of a target, the oldest first."""
    return sorted(folder_of(target).glob("*-*-*.jsonl"))


def is_open(path: Path) -> bool:
    """Whether a run was cut off: its journal has no end."""
    return not any(isinstance(one, End) for one in records(path))
