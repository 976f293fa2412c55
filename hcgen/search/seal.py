"""A folder of files that only we may have written: locked while it is used, sealed when it is left.

Whoosh keeps parts of its index as pickles, which run what they hold when they are read. So nothing is read that is not
in the very state in which this machine left it: the seal holds the sizes, times and inodes of all files, which no
checkout, archive or copy brings along. A folder that is damaged, or that somebody else made, is emptied.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

_FILE = "seal.json"

Stamp = tuple[int, int, int, int]
"""Size, times of the last change of content and of the file itself in ns, inode."""


class Seal(Struct, frozen=True):
    """What a folder holds: made by `tool` of the sources whose digests are `signs`, its files left as `stamps` say."""

    tool: str
    signs: Mapping[str, str]
    stamps: Mapping[str, Stamp]


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder, made if need be, for this process alone; others wait. Raises OSError where it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder.with_name(f"{folder.name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sealed_signs(folder: Path, tool: str) -> dict[str, str] | None:
    """What the folder was made of, if it is as `tool` left it; else None, and the folder is empty."""
    try:
        seal = msgspec.json.decode((folder / _FILE).read_bytes(), type=Seal)
    except (OSError, ValueError):
        seal = None
    now = _stamps(folder)
    if seal is None or seal.tool != tool or any(now.get(name) != stamp for name, stamp in seal.stamps.items()):
        _empty(folder, ())
        return None
    # What a process left there that was killed before it was done.
    _empty(folder, {_FILE, *seal.stamps})
    return dict(seal.signs)


def put_seal(folder: Path, tool: str, signs: Mapping[str, str]) -> None:
    """Seals the folder as it is now."""
    seal = Seal(tool, signs, _stamps(folder))
    fresh = folder / f"{_FILE}.new"
    fresh.write_bytes(msgspec.json.encode(seal))
    os.replace(fresh, folder / _FILE)


def _stamps(folder: Path) -> dict[str, Stamp]:
    """The state of each file but the seal itself."""
    found: dict[str, Stamp] = {}
    for entry in os.scandir(folder):
        if entry.name != _FILE:
            state = entry.stat(follow_symlinks=False)
            found[entry.name] = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    return found


def _empty(folder: Path, kept: Container[str]) -> None:
    """Removes all but `kept`."""
    for entry in list(os.scandir(folder)):
        if entry.name not in kept:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)
