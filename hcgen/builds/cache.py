"""What builds remember: converted fragments and the state of sources and trees, in one SQLite file. Knows no article.

Everything is stored with a digest of itself: a damaged entry is as good as none and is made again. SQLite's journal
keeps the file whole when a build is killed; a file that is no database any more is thrown away. Values are
MessagePack of plain values, checked against their types when read: nothing in a cache is ever run.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from msgspec import msgpack

from hcgen.errors import OutputError
from hcgen.text import digest

Value = TypeVar("Value")

FILE = "cache.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    kind TEXT NOT NULL, name TEXT NOT NULL, day INTEGER NOT NULL, sign TEXT NOT NULL, data BLOB NOT NULL,
    UNIQUE (kind, name)
)
"""
KEPT_DAYS = 30
"""Entries that no build wanted for so long are removed."""
_WAIT = 30.0
_MAPPED, _PAGE = 1 << 28, 1 << 14
_encoder = msgpack.Encoder()


def encode(value: object) -> bytes:
    """`value`, of Structs and plain values, as MessagePack; equal values give equal bytes."""
    return _encoder.encode(value)


def decode(data: bytes, type_: type[Value]) -> Value:
    """What `encode` made of a value of `type_`. Raises ValueError where it is none."""
    return msgpack.decode(data, type=type_)


class DamagedCacheError(OutputError):
    """The cache's file turned out to be no whole database and was thrown away; a second try begins without it."""


class Cache:
    """One folder's memory: made when something is kept for the first time. Workers read through one of their own."""

    def __init__(self, folder: Path, *, is_worker: bool = False) -> None:
        self.folder, self.is_worker = folder, is_worker
        self.today = int(time.time()) // 86_400
        self._connection: sqlite3.Connection | None = None
        self._is_absent = False

    def for_worker(self) -> Cache:
        """The same memory, to read only: a connection must not cross a fork."""
        return Cache(self.folder, is_worker=True)

    def __reduce__(self) -> tuple[object, ...]:
        # A worker that is spawned opens the folder itself.
        return Cache, (self.folder,)

    def _reading(self) -> sqlite3.Connection | None:
        if self._connection is None and not self._is_absent:
            if (self.folder / FILE).is_file():
                self._connection = self._connected() if not self.is_worker else self._read_only()
            else:
                # What a worker may read was kept before it began.
                self._is_absent = self.is_worker
        return self._connection

    def _writing(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connected()
        return self._connection

    def _read_only(self) -> sqlite3.Connection:
        path = quote(str(self.folder / FILE))
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_WAIT, isolation_level=None)

    def _connected(self) -> sqlite3.Connection:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                return self._open()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self.discard()
                return self._open()
        except (OSError, sqlite3.Error) as error:
            remedy = "Check that the folder may be written, or build with --no-cache."
            raise OutputError(f"the cache cannot be used: {error}", where=str(self.folder), remedy=remedy) from None

    def _open(self) -> sqlite3.Connection:
        # Builds in `serve` come from another thread than the first one, one at a time.
        connection = sqlite3.connect(self.folder / FILE, timeout=_WAIT, isolation_level=None, check_same_thread=False)
        # Most entries are the HTML of an article: a few kilobytes.
        connection.execute(f"PRAGMA page_size = {_PAGE}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        connection.execute(_SCHEMA)
        return connection

    def discard(self) -> None:
        """Forgets everything: the file is no database any more."""
        self.close()
        for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
            (self.folder / name).unlink(missing_ok=True)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds; nothing where the file is damaged at that place."""
        try:
            connection = self._reading()
            return connection.execute(query, values).fetchall() if connection else []
        except sqlite3.OperationalError:
            return []
        except sqlite3.DatabaseError:
            if not self.is_worker:
                self.discard()
            return []

    def get(self, kind: str, name: str, type_: type[Value]) -> Value | None:
        """The value `name`, or None where there is none, or where what is stored is damaged."""
        rows = self._rows("SELECT sign, data FROM entries WHERE kind = ? AND name = ?", kind, name)
        return _checked(rows[0][0], rows[0][1], type_) if rows else None

    def get_raw(self, kind: str, name: str) -> bytes | None:
        """The bytes `name`, stored as they are, or None where there are none or damaged ones."""
        rows = self._rows("SELECT sign, data FROM entries WHERE kind = ? AND name = ?", kind, name)
        return bytes(rows[0][1]) if rows and digest(rows[0][1], 8) == rows[0][0] else None

    def has(self, kind: str, name: str) -> bool:
        """Whether an entry is there, whole or not."""
        return bool(self._rows("SELECT 1 FROM entries WHERE kind = ? AND name = ?", kind, name))

    def get_many(self, kind: str, names: Iterable[str], type_: type[Value]) -> dict[str, Value]:
        """Those of `names` that are stored whole."""
        found = ((name, self.get(kind, name, type_)) for name in names)
        return {name: value for name, value in found if value is not None}

    def put(self, kind: str, values: Mapping[str, Any]) -> None:
        """Stores all of `values` under their names."""
        self.put_encoded(kind, [(name, encode(value)) for name, value in values.items()])

    def put_encoded(self, kind: str, values: Iterable[tuple[str, bytes]]) -> None:
        """Stores values that are encoded already."""
        rows = [(kind, name, self.today, digest(data, 8), data) for name, data in values]
        if rows:
            self._writing().executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)", rows)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within are stored together or not at all. Raises OutputError where they cannot be."""
        connection = self._writing()
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if not isinstance(error, sqlite3.OperationalError):
                self.discard()
                raise DamagedCacheError(
                    "the cache was damaged", where=str(self.folder), remedy="Build again."
                ) from None
            remedy = "Free some space, wait for other builds, or build with --no-cache."
            raise OutputError(f"the cache cannot be written: {error}", where=str(self.folder), remedy=remedy) from None
        finally:
            with contextlib.suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def touch(self, kind: str, names: Iterable[str]) -> None:
        """Marks entries as wanted today."""
        rows = [(self.today, kind, name, self.today) for name in names]
        self._writing().executemany("UPDATE entries SET day = ? WHERE kind = ? AND name = ? AND day < ?", rows)

    def touch_all(self, kind: str) -> None:
        """Marks all entries of a kind as wanted today."""
        self._writing().execute("UPDATE entries SET day = ? WHERE kind = ?", (self.today, kind))

    def prune(self, days: int = KEPT_DAYS) -> int:
        """Removes what nobody wanted for `days` days; how many entries that were."""
        return self._writing().execute("DELETE FROM entries WHERE day < ?", (self.today - days,)).rowcount

    def close(self) -> None:
        """Lets go of the file."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _checked(sign: str, data: bytes, type_: type[Value]) -> Value | None:
    if digest(data, 8) != sign:
        return None
    try:
        return decode(data, type_)
    except ValueError:
        # Written by another version.
        return None


def cache_folder(root: Path) -> Path:
    """Where the project in `root` keeps its memory."""
    return Path(os.path.abspath(root)) / ".hcgen"
