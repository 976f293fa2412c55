"""Whether anything at all changed since the last build, found out without reading a single source.

A look is a digest over names, sizes, times and inodes of everything a build reads. It says nothing where a file is so
new that it could change again within its time stamp: then the build itself looks closer.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

from hcgen.builds.cache import Cache, encode
from hcgen.builds.install import MANIFEST
from hcgen.builds.report import BuildReport
from hcgen.builds.stamps import settled_at
from hcgen.builds.tools import tool_digest
from hcgen.builds.wanted import Wanted
from hcgen.files.theme import theme_folder
from hcgen.text import digest

_READ = ("content", "brands", "theme", "mkdocs.yml")
_ENVIRONMENT = re.compile(r"!ENV\s+(\[[^\]]*\]|\S+)")


class Glance(Struct, frozen=True):
    """What the last build into one output saw (`look`), made (`tree`, its manifest's `stamp`) and said (`report`).

    `until` is the moment at which an article or an incident appears or goes by its dates.
    """

    look: str
    stamp: tuple[int, int, int]
    until: datetime | None
    since: datetime
    report: BuildReport


def look_at(root: Path) -> tuple[str, bool]:
    """(the digest of how everything a build reads looks, whether it can be relied upon)."""
    latest = 0
    sign = blake2b(digest_size=16)
    sign.update(tool_digest().encode())
    sign.update(repr(sorted(_environment(root).items())).encode())
    pending = [str(root / name) for name in reversed(_READ)]
    theme = theme_folder(root)
    pending += [] if theme == root / "theme" else [str(theme)]
    while pending:
        path = pending.pop()
        try:
            entries = sorted(os.scandir(path), key=lambda one: one.name)
        except OSError:
            # A file, or nothing.
            with contextlib.suppress(OSError):
                latest = max(latest, _add(sign, path, os.stat(path)))
            continue
        folders = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
                sign.update(f"{entry.path}/\n".encode(errors="surrogateescape"))
            else:
                try:
                    latest = max(latest, _add(sign, entry.path, entry.stat()))
                except OSError:
                    sign.update(f"{entry.path} lost\n".encode(errors="surrogateescape"))
        pending += reversed(folders)
    return sign.hexdigest(), latest < time.time_ns()


def _add(sign: blake2b, path: str, state: os.stat_result) -> int:
    line = f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}\n"
    sign.update(line.encode(errors="surrogateescape"))
    return settled_at(state.st_mtime_ns, state.st_ctime_ns)


def _environment(root: Path) -> Mapping[str, str]:
    """The variables that mkdocs.yml asks for (`!ENV`), each with a digest of its value."""
    try:
        text = (root / "mkdocs.yml").read_text("utf-8", "replace")
    except OSError:
        return {}
    names = {name for match in _ENVIRONMENT.findall(text) for name in re.findall(r"\w+", match)}
    return {name: digest(os.environ[name]) for name in names if name in os.environ}


def glance_name(out: Path, wanted: Wanted) -> str:
    """Under which name builds like this one keep what they saw."""
    return digest(encode([str(out), wanted.brands, wanted.locales, wanted.strict, wanted.share]))


def unchanged(cache: Cache, root: Path, out: Path, wanted: Wanted, now: datetime) -> tuple[str, BuildReport | None]:
    """(the present look, or "" where it tells nothing; the last report, if nothing can have changed since)."""
    look, is_settled = look_at(root)
    known = cache.get("glance", glance_name(out, wanted), Glance)
    if known is None or known.look != look or known.stamp != stamp_of_tree(out):
        return look if is_settled else "", None
    is_due = now < known.since or (known.until is not None and now >= known.until)
    return look, None if is_due else known.report


def stamp_of_tree(out: Path) -> tuple[int, int, int]:
    """What tells the installed tree from another one: its manifest's size, time and inode."""
    try:
        state = os.stat(out / MANIFEST)
    except OSError:
        return 0, 0, 0
    return state.st_size, state.st_mtime_ns, state.st_ino
