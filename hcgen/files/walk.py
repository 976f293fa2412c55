"""Names and links of a folder: which entries a build may read. Opens no file."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from hcgen.model.finding import Finding


def entries(root: Path, folder: str, findings: list[Finding]) -> list[os.DirEntry[str]]:
    """What stands in `root/folder`, sorted by name, without hidden files, leftovers of editors, and links out."""
    try:
        with os.scandir(f"{root}/{folder}") as opened:
            found = sorted(opened, key=attrgetter("name"))
    except OSError as error:
        findings.append(unreadable(folder, error))
        return []
    kept = []
    for entry in found:
        name = entry.name
        if name.startswith(".") or name.endswith("~"):
            continue
        plain = name.isascii() and not entry.is_symlink()
        fault = None if plain else _fault(root, f"{folder}/{name}", entry)
        if fault:
            findings.append(fault)
        else:
            kept.append(entry)
    return kept


def _fault(root: Path, path: str, entry: os.DirEntry[str]) -> Finding | None:
    try:
        entry.name.encode("utf-8")
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        return Finding(shown, 0, "not-utf8", "the file's name is not UTF-8", "Rename the file.")
    if not entry.is_symlink():
        return None
    try:
        target = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError):
        remedy = "Put the file here, or remove the link."
        return Finding(path, 0, "foreign-link", "a symbolic link leads to nothing", remedy)
    if not target.is_relative_to(root):
        remedy = "Put a copy of the file here; a build must not read outside its project."
        return Finding(path, 0, "foreign-link", "a symbolic link leads out of the project", remedy)
    if target.is_dir():
        remedy = "Use a real folder; a linked one may hold itself."
        return Finding(path, 0, "foreign-link", "a folder is a symbolic link", remedy)
    return None


def scan(root: Path, folder: str, findings: list[Finding]) -> Iterator[tuple[str, os.stat_result]]:
    """All files below `root/folder`, folder by folder: the path in the project, and what the system knows of it."""
    for path, entry in _files(root, folder, findings):
        try:
            status = entry.stat()
        except OSError as error:
            findings.append(unreadable(path, error))
            continue
        yield path, status


def files_below(root: Path, folder: str, findings: list[Finding]) -> Iterator[str]:
    """Paths of all files below `folder`, relative to it, folder by folder."""
    for path, _ in _files(root, folder, findings):
        yield path[len(folder) + 1 :]


def _files(root: Path, folder: str, findings: list[Finding]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    pending = [folder]
    while pending:
        inside = pending.pop()
        below = []
        seen: dict[str, str] = {}
        for entry in entries(root, inside, findings):
            path = f"{inside}/{entry.name}"
            other = seen.setdefault(unicodedata.normalize("NFC", entry.name).casefold(), path)
            if other is not path:
                remedy = "Rename one: macOS and Windows cannot hold both."
                what = f"the path differs from {other[len(folder) + 1 :]!r} only in case"
                findings.append(Finding(path, 0, "case-collision", what, remedy))
            elif entry.is_dir():
                below.append(path)
            elif entry.is_file():
                yield path, entry
        pending += reversed(below)


def unreadable(path: str, error: OSError) -> Finding:
    """The finding for a file that the system does not give."""
    reason = error.strerror or str(error)
    return Finding(path, 0, "unreadable", f"the file cannot be read: {reason}", "Check that it exists and may be read.")
