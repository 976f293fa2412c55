"""A finished tree takes the old one's place in one step; whoever is killed in between leaves one of the two, whole.

The old tree then stands by: the next build brings it up to date by what differs and exchanges the two again, so that
a small change costs what it changed and not what the site holds.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from msgspec import Struct

from hcgen.builds.cache import Cache
from hcgen.builds.stage import Stage
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


class Standby(Struct, frozen=True):
    """The tree `own` that stands by beside the tree `live`, and the paths at which the two differ."""

    live: str
    own: str
    differs: tuple[str, ...]


class Desk(Struct, frozen=True):
    """The places of one output: where it is served from, where it is built, and where the last tree stands by."""

    out: Path
    staging: Path
    standby: Path

    @property
    def rejected(self) -> Path:
        """Where a refused tree is kept."""
        return self.out.parent / f"{self.out.name}.rejected"

    def empty_stage(self) -> Stage:
        """A stage with nothing in it."""
        self.staging.mkdir()
        return Stage(self.staging)

    def standby_stage(self, cache: Cache, live: str) -> Stage | None:
        """The tree that stands by as a stage, made equal to the tree `live`; None where there is none to rely on."""
        known = cache.get("standby", str(self.out), Standby)
        if known is None or known.live != live or not self._stands(known):
            remove_tree(self.standby)
            return None
        os.rename(self.standby, self.staging)
        # Without its manifest nobody takes a half-made tree for a whole one.
        (self.staging / MANIFEST).unlink()
        stage = Stage(self.staging)
        for path in known.differs:
            source = self.out / path
            if source.is_file():
                stage.link(source, path)
            else:
                stage.remove([path])
        return stage

    def _stands(self, known: Standby) -> bool:
        try:
            manifest = json.loads((self.standby / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return False
        return isinstance(manifest, dict) and manifest.get("tree") == known.own

    def install(self, cache: Cache, old: str, new: str, changed: Iterable[str] | None) -> None:
        """Puts the staged tree `new` in the place of `out`, whose tree `old` then stands by.

        `changed` are the paths at which the two differ, None where nobody knows: then the old tree is removed.
        """
        remove_tree(self.standby)
        try:
            if not self.out.exists():
                os.rename(self.staging, self.out)
                return
            _exchange(self.staging, self.out)
        except OSError as error:
            remedy = "Check that the folder may be written and is no mount point."
            raise OutputError(
                f"the new site cannot be installed: {error.strerror}", where=str(self.out), remedy=remedy
            ) from None
        if changed is not None and old:
            cache.put("standby", {str(self.out): Standby(new, old, tuple(sorted(changed)))})
            os.rename(self.staging, self.standby)

    def set_aside(self) -> Path:
        """Keeps a refused tree as `<out>.rejected`, to be looked at."""
        remove_tree(self.rejected)
        os.rename(self.staging, self.rejected)
        return self.rejected


@contextlib.contextmanager
def desk(out: Path) -> Iterator[Desk]:
    """The places around `out`, held by this process alone; what killed builds left there is removed."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock = open(out.parent / f".{out.name}.lock", "w")  # noqa: SIM115  held until the build ends
    except OSError as error:
        remedy = "Name a folder that may be written with --out."
        raise OutputError(f"cannot be written: {error.strerror}", where=str(out), remedy=remedy) from None
    try:
        _take_lock(lock, out)
        places = Desk(out, out.parent / f".{out.name}.staging", out.parent / f".{out.name}.standby")
        remove_tree(places.staging)
        try:
            yield places
        finally:
            remove_tree(places.staging)
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
    remove_tree(old)
    os.rename(out, old)
    os.rename(stage, out)
    os.rename(old, stage)


def remove_tree(folder: Path) -> None:
    """Removes a folder or what stands in its place, if anything does."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
