"""The folder that a build writes into: empty, or a copy of the installed tree in hard links.

A file there may be the very file that is served: nothing is ever written into one, only put in its place.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from hcgen.errors import HcgenError, OutputError


class Stage(Struct, frozen=True):
    """A staging folder. Paths are relative to it, with forward slashes."""

    folder: Path

    def write(self, path: str, data: bytes) -> None:
        """Puts a file with `data` at `path`, whatever stood there."""
        target = os.path.join(self.folder, path)
        try:
            self._put(target, data)
        except OSError as error:
            remedy = "Free some space, or name another folder with --out."
            raise OutputError(f"cannot be written: {error.strerror}", where=target, remedy=remedy) from None

    @staticmethod
    def _put(target: str, data: bytes) -> None:
        for _ in range(4):
            try:
                descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            except FileExistsError:
                _clear(target)
            except (FileNotFoundError, NotADirectoryError):
                _make_folder(os.path.dirname(target))
            else:
                _fill(descriptor, data)
                return
        raise FileExistsError(errno.EEXIST, "something else writes here", target)

    def copy(self, source: Path, path: str) -> None:
        """A copy of `source` at `path`, unless one is there: names of published files tell their bytes.

        Several workers may want the same file at once: each writes its own and renames it.
        """
        target = self.folder / path
        if target.is_file():
            return
        _make_folder(str(target.parent))
        part = target.with_name(f".{os.getpid()}.part")
        try:
            shutil.copyfile(source, part)
            part.rename(target)
        except OSError as error:
            remedy = "It was there when the build began; build again."
            raise HcgenError(f"the file cannot be copied: {error.strerror}", where=str(source), remedy=remedy) from None

    def link(self, source: Path, path: str) -> None:
        """The file `source` itself at `path`; a copy where the file system has no hard links."""
        target = os.path.join(self.folder, path)
        for _ in range(4):
            try:
                os.link(source, target)
                return
            except FileExistsError:
                # Languages of a brand share files: another worker may have linked this one.
                if _is_same(source, target):
                    return
                _clear(target)
            except (FileNotFoundError, NotADirectoryError):
                if not os.path.lexists(source):
                    remedy = "Build with --no-cache, which makes everything anew."
                    raise OutputError("the installed site lost a file", where=str(source), remedy=remedy) from None
                _make_folder(os.path.dirname(target))
            except OSError:
                shutil.copyfile(source, target)
                return

    def remove(self, paths: Iterable[str]) -> None:
        """Removes files, and folders that are empty then."""
        for path in paths:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                os.unlink(os.path.join(self.folder, path))
            inner = (self.folder / path).parent
            while inner != self.folder:
                try:
                    inner.rmdir()
                except OSError:
                    break
                inner = inner.parent


def _is_same(source: Path, target: str) -> bool:
    try:
        return os.path.samefile(source, target)
    except FileNotFoundError:
        return False


def _fill(descriptor: int, data: bytes) -> None:
    """Writes all of `data` and closes."""
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)


def _make_folder(folder: str) -> None:
    """Makes `folder` and those around it; a file that stands where a folder must be goes."""
    for _ in range(4):
        try:
            os.mkdir(folder)
            return
        except FileExistsError:
            if os.path.isdir(folder):
                return
            # Another worker may have cleared it.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(folder)
        except (FileNotFoundError, NotADirectoryError):
            _make_folder(os.path.dirname(folder))


def _clear(target: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        if os.path.isdir(target) and not os.path.islink(target):
            shutil.rmtree(target)
        else:
            os.unlink(target)
