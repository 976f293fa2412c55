"""Notices what changed on disk: a picture of names, sizes and times, compared."""

from __future__ import annotations

import os
from pathlib import Path

WATCHED = ("content", "brands", "theme", "mkdocs.yml")
Picture = dict[str, tuple[int, int]]


def take(root: Path) -> Picture:
    """(size, time in ns) of every file that a build reads, by path."""
    found: Picture = {}
    pending = [str(root / name) for name in WATCHED]
    while pending:
        path = pending.pop()
        try:
            if os.path.isdir(path):
                pending += [entry.path for entry in os.scandir(path) if not entry.name.startswith(".")]
            else:
                state = os.stat(path)
                found[path] = (state.st_size, state.st_mtime_ns)
        except OSError:
            continue
    return found


def changed(old: Picture, new: Picture) -> list[str]:
    """Paths that came, went or changed, sorted."""
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
