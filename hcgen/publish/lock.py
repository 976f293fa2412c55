"""One run at a time on one target: a lock that a killed process leaves open, and that names who holds it."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from hcgen.errors import ExitCode, HcgenError
from hcgen.model.target import Target
from hcgen.publish.journal import folder_of


class LockedError(HcgenError):
    """Somebody else is publishing to the target."""

    exit_code = ExitCode.CONFLICT


class Holder(Struct, frozen=True):
    """Who holds the lock."""

    host: str
    pid: int
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"


@contextmanager
def locked(target: Target) -> Iterator[None]:
    """Holds the target's lock. Raises LockedError where another run does.

    The kernel frees what a killed process held here (flock(2)); one that another machine left in a shared folder has
    to be taken away with `hcgen push unlock`.
    """
    handle = os.open(_path(target), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(handle, target)
        me = Holder(socket.gethostname(), os.getpid(), datetime.now(UTC).isoformat(timespec="seconds"))
        os.ftruncate(handle, 0)
        os.pwrite(handle, msgspec.json.encode(me), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _take(handle: int, target: Target) -> None:
    holder = _holder(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        what = f"{target.name} is being published to by {holder or 'another process'}"
        raise LockedError(what, remedy="Wait until it has ended.") from None
    holder = _holder(handle)
    if holder and holder.host != socket.gethostname():
        remedy = f"If that run is over, free it with `hcgen push unlock {target.name}`."
        raise LockedError(f"{target.name} is locked by {holder}", remedy=remedy)


def unlock(target: Target) -> Holder | None:
    """Frees a lock that another machine left, and says whose it was. Raises LockedError where it is in use here."""
    handle = os.open(_path(target), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        holder = _holder(handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            what = f"{target.name} is being published to by {holder or 'another process'}"
            raise LockedError(what, remedy="End that process first.") from None
        os.ftruncate(handle, 0)
        return holder
    finally:
        os.close(handle)


def _path(target: Target) -> Path:
    folder = folder_of(target)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "lock"


def _holder(handle: int) -> Holder | None:
    try:
        return msgspec.json.decode(os.pread(handle, 1000, 0), type=Holder)
    except msgspec.MsgspecError:
        return None
