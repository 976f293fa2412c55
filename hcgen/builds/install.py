"""A finished tree takes the old one's place in one step; whoever is killed in between leaves one of the two, whole."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from hcgen.errors import OutputError

MANIFEST = "hcgen.json"
"""Stands in every tree that hcgen wrote: the sign that a tree is ours to replace, and what a partial build keeps."""

_LOCK_TRIES = 20
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def read_manifest(out: Path) -> dict[str, object]:
    """The manifest of the tree in `out`, {} where there is none.

    Raises OutputError where `out` holds files that hcgen did not write.
    """
    if out.exists() and not out.is_dir():
        raise OutputError("the output is a file", where=str(out), remedy="Name a folder with --out.")
    try:
        found = json.loads((out / MANIFEST).read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    except FileNotFoundError:
        if out.is_dir() and any(out.iterdir()):
            remedy = "Name an empty folder with --out, or empty this one yourself."
            raise OutputError(
                "the folder holds files that hcgen did not write", where=str(out), remedy=remedy
            ) from None
        return {}
    except (ValueError, OSError) as error:
        remedy = "Remove the folder and build again."
        raise OutputError(f"the manifest cannot be read ({error})", where=str(out / MANIFEST), remedy=remedy) from None


@contextlib.contextmanager
def staging(out: Path) -> Iterator[Path]:
    """An empty folder beside `out` to build in, held by this process alone; what killed builds left is removed."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock = open(out.parent / f".{out.name}.lock", "w")  # noqa: SIM115  held until the build ends
    except OSError as error:
        remedy = "Name a folder that may be written with --out."
        raise OutputError(f"cannot be written: {error.strerror}", where=str(out), remedy=remedy) from None
    try:
        _take_lock(lock, out)
        stage = out.parent / f".{out.name}.staging"
        _remove(stage)
        stage.mkdir()
        try:
            yield stage
        finally:
            _remove(stage)
    finally:
        lock.close()


def _take_lock(lock: IO[str], out: Path) -> None:
    """Waits a little: workers of a killed build hold the lock until they notice, within a second."""
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            time.sleep(0.1)
    remedy = "Wait for it, or build into another folder."
    raise OutputError("another build is writing here", where=str(out), remedy=remedy)


def install(stage: Path, out: Path) -> None:
    """Puts `stage` in the place of `out`; the tree that stood there is removed afterwards."""
    try:
        if not out.exists():
            os.rename(stage, out)
            return
        _exchange(stage, out)
    except OSError as error:
        remedy = "Check that the folder may be written and is no mount point."
        raise OutputError(
            f"the new site cannot be installed: {error.strerror}", where=str(out), remedy=remedy
        ) from None


def set_aside(stage: Path, out: Path) -> Path:
    """Keeps a refused tree as `<out>.rejected`, to be looked at."""
    aside = out.parent / f"{out.name}.rejected"
    _remove(aside)
    os.rename(stage, aside)
    return aside


def forget_rejected(out: Path) -> None:
    """Removes what an earlier build with errors set aside."""
    _remove(out.parent / f"{out.name}.rejected")


def _exchange(stage: Path, out: Path) -> None:
    """Swaps two folders: atomically on Linux (renameat2(2), RENAME_EXCHANGE), in two renames elsewhere."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        if libc.renameat2(_AT_FDCWD, os.fsencode(stage), _AT_FDCWD, os.fsencode(out), _RENAME_EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
        if code not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise OSError(code, os.strerror(code))
    old = stage.with_name(f"{stage.name}.old")
    _remove(old)
    os.rename(out, old)
    os.rename(stage, out)
    os.rename(old, stage)


def _remove(folder: Path) -> None:
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def link_or_copy(source: Path, target: Path) -> None:
    """`target` with the bytes of `source`, as a hard link where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
