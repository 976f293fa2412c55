"""Names and links of a folder: which entries a build may read. Opens no file."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from hcgen.model.finding import Finding


def entries(root: Path, folder: str, findings: list[Finding]) -> list[os.DirEntry[str]]:
    """What stands in `root/folder`, sorted by name, without hidden files, leftovers of editors, and links out."""
    try:
        found = sorted(os.scandir(root / folder), key=lambda one: one.name)
    except OSError as error:
        findings.append(unreadable(folder, error))
        return []
    kept = []
    for entry in found:
        if entry.name.startswith(".") or entry.name.endswith("~"):
            continue
        fault = _fault(root, f"{folder}/{entry.name}", entry)
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


def files_below(root: Path, folder: str, findings: list[Finding]) -> Iterator[str]:
    """Paths of all files below `folder`, relative to it, folder by folder."""
    pending = [""]
    seen: dict[str, str] = {}
    while pending:
        inner = pending.pop()
        below = []
        for entry in entries(root, f"{folder}/{inner}".rstrip("/"), findings):
            relative = f"{inner}/{entry.name}".lstrip("/")
            folded = unicodedata.normalize("NFC", relative).casefold()
            if folded in seen:
                remedy = "Rename one: macOS and Windows cannot hold both."
                what = f"the path differs from {seen[folded]!r} only in case"
                findings.append(Finding(f"{folder}/{relative}", 0, "case-collision", what, remedy))
                continue
            seen[folded] = relative
            if entry.is_dir():
                below.append(relative)
            elif entry.is_file():
                yield relative
        pending += reversed(below)


def scan(root: Path, folder: str, findings: list[Finding]) -> Iterator[tuple[str, os.stat_result]]:
    """interim"""
    for relative in files_below(root, folder, findings):
        yield f"{folder}/{relative}", os.stat(root / folder / relative)


def unreadable(path: str, error: OSError) -> Finding:
    """The finding for a file that the system does not give."""
    reason = error.strerror or str(error)
    return Finding(path, 0, "unreadable", f"the file cannot be read: {reason}", "Check that it exists and may be read.")
