"""What we know of a target after the last run: one line of JSON for each thing of ours over there.

Sorted and one thing a line, so that Git shows and merges it. Replaced by rename. Holds digests and ids, no texts and no
secrets. docs/decisions/0011-publishing.md describes the format.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from hcgen.errors import ProjectError
from hcgen.model.target import Target
from hcgen.publish.values import Identity
from hcgen.text import canonical_json

FORMAT = 1


class Entry(Struct, frozen=True):
    """One translation of ours: its id over there, and the three digests (source, sent, remote as read back)."""

    identity: Identity
    id: str
    source: str
    sent: str
    remote: str
    title: str = ""
    """For messages about what Git no longer has."""
    url: str = ""
    group: str = ""
    parent: str = ""
    """Id of its folder, as sent."""
    slug: str = ""
    """As sent; the target may have made another of it."""
    name: str = ""
    """The `id` of its front matter."""
    leads: bool = False
    """Whether it holds what its translations share."""


class Held(Struct, frozen=True):
    """A file of ours. `owner` is the id of the article that it belongs to, "" where files stand alone."""

    brand: str
    locale: str
    digest: str
    id: str
    url: str
    owner: str = ""


class Rule(Struct, frozen=True):
    """A redirect of ours: an old path of a brand's host and where it leads."""

    brand: str
    locale: str
    source: str
    target: str


class Ledger(Struct, frozen=True):
    """All that is ours on one target."""

    target: str
    url: str
    entries: Mapping[Identity, Entry] = field(default_factory=dict)
    files: Mapping[tuple[str, str, str, str], Held] = field(default_factory=dict)
    """By brand, locale, digest and owner."""
    rules: Mapping[tuple[str, str], Rule] = field(default_factory=dict)
    """By brand and old path."""

    def learn(self, entries: Iterable[Entry] = (), files: Iterable[Held] = (), rules: Iterable[Rule] = ()) -> Ledger:
        """The ledger with these in it."""
        known = {**self.entries, **{one.identity: one for one in entries}}
        held = {**self.files, **{(one.brand, one.locale, one.digest, one.owner): one for one in files}}
        led = {**self.rules, **{(one.brand, one.source): one for one in rules}}
        return replace(self, entries=known, files=held, rules=led)

    def forget(self, gone: Iterable[Identity]) -> Ledger:
        """The ledger without these."""
        lost = frozenset(gone)
        return replace(self, entries={one: entry for one, entry in self.entries.items() if one not in lost})


class _Head(Struct, frozen=True):
    ledger: int
    target: str
    url: str


class _Line(Struct, frozen=True, omit_defaults=True):
    item: Entry | None = None
    file: Held | None = None
    rule: Rule | None = None


def ledger_path(target: Target) -> Path:
    """Where the ledger of `target` lies."""
    return target.root / (target.ledger or f"publish/{target.name}.ledger.jsonl")


def read_ledger(target: Target) -> Ledger:
    """The ledger of `target`, empty where there is none yet. Raises ProjectError for one that is damaged."""
    path = ledger_path(target)
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return Ledger(target.name, target.url)
    except OSError as error:
        raise ProjectError(f"the ledger cannot be read: {error}", where=str(path)) from error
    shown = path.relative_to(target.root).as_posix() if path.is_relative_to(target.root) else str(path)
    remedy = "Restore it from Git, or remove it and run `hcgen push adopt`, which rebuilds it from markers."
    entries, files, rules = [], [], []
    for number, line in enumerate(lines, 1):
        where = f"{shown}:{number}"
        try:
            if number == 1:
                _check(msgspec.json.decode(line, type=_Head), target, where)
                continue
            one = msgspec.json.decode(line, type=_Line)
        except msgspec.MsgspecError as error:
            raise ProjectError(f"this is no line of a ledger: {error}", where=where, remedy=remedy) from error
        entries += [one.item] if one.item else []
        files += [one.file] if one.file else []
        rules += [one.rule] if one.rule else []
    return Ledger(target.name, target.url).learn(entries, files, rules)


def _check(head: _Head, target: Target, where: str) -> None:
    if head.ledger != FORMAT:
        remedy = "Use the version of hcgen that wrote it, or a later one."
        raise ProjectError(
            f"the ledger has format {head.ledger}, this version reads {FORMAT}", where=where, remedy=remedy
        )
    if head.url != target.url:
        remedy = f"Give the target another `ledger:`, or correct the address in {target.path}."
        raise ProjectError(f"the ledger belongs to {head.url}, not to {target.url}", where=where, remedy=remedy)


def write_ledger(target: Target, ledger: Ledger) -> None:
    """Replaces the ledger in one step, on disk when this returns. An equal one is left as it is."""
    path = ledger_path(target)
    lines = [canonical_json(msgspec.to_builtins(_Head(FORMAT, ledger.target, ledger.url)))]
    every = [
        *(_Line(item=one) for _, one in sorted(ledger.entries.items())),
        *(_Line(file=one) for _, one in sorted(ledger.files.items())),
        *(_Line(rule=one) for _, one in sorted(ledger.rules.items())),
    ]
    lines += [canonical_json(msgspec.to_builtins(one)) for one in every]
    data = ("\n".join(lines) + "\n").encode()
    if path.is_file() and path.read_bytes() == data:
        return
    put_bytes(path, data)


def put_bytes(path: Path, data: bytes) -> None:
    """Writes a file in one step: whole, or as it was; on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Puts the names in a folder on disk (POSIX fsync of a directory)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
