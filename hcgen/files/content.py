"""Walks the content folders: Markdown to articles, files beside them to assets. Follows no link out of the project."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import imagesize

from hcgen.files.frontmatter import decode, read
from hcgen.model.article import Article, Asset
from hcgen.model.finding import Finding, Severity
from hcgen.text import closest, digest

MOST_MARKDOWN = 2_000_000
"""Bytes of one Markdown file: beyond, it is a mistake (the longest real article seen has 0.1 MB)."""
MOST_ASSET = 20_000_000
"""Bytes of one picture or attachment: what hosted help centers take (facts of Zendesk Guide)."""
SNIPPETS = "_snippets"
_MARKDOWN = (".md", ".markdown")


@dataclass(slots=True)
class Found:
    """What a walk collects."""

    articles: dict[tuple[str, str, str], Article] = field(default_factory=dict)
    indexes: dict[tuple[str, str, str], Article] = field(default_factory=dict)
    assets: dict[tuple[str, str, str], Asset] = field(default_factory=dict)
    snippets: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def walk_content(root: Path, folder: str, brand: str, locales: tuple[str, ...], found: Found) -> None:
    """Reads `root/folder` (`content`, or a brand's), one folder a locale, into `found`."""
    base = root / folder
    if not base.is_dir():
        return
    for entry in sorted(os.scandir(base), key=lambda one: one.name):
        path = f"{folder}/{entry.name}"
        if entry.name == SNIPPETS and entry.is_dir():
            _snippets(root, path, brand, found)
        elif entry.name.startswith((".", "_")):
            continue
        elif entry.is_dir() and entry.name in locales:
            for relative in _files(root, path, found):
                if _is_draft(relative):
                    continue
                _take(root, f"{path}/{relative}", relative, brand, entry.name, found)
        else:
            near = closest(entry.name, locales)
            what = "is no language of the project" if entry.is_dir() else "lies outside every language"
            remedy = (f"Did you mean `{near}`? " if near else "") + (
                f"Languages stand in mkdocs.yml under plugins, i18n, languages: {', '.join(locales)}."
            )
            severity = Severity.ERROR if entry.is_dir() else Severity.WARNING
            found.findings.append(Finding(path, 0, "unknown-locale", f"{entry.name!r} {what}", remedy, severity))


def _is_draft(relative: str) -> bool:
    """Whether a Markdown file or a folder around it begins with `_`: not published; pictures there are."""
    return relative.lower().endswith(_MARKDOWN) and any(part.startswith("_") for part in relative.split("/"))


def _files(root: Path, folder: str, found: Found) -> Iterator[str]:
    """Paths of all files below `folder`, sorted, relative to it; hidden ones and foreign links left out."""
    pending = [""]
    seen: dict[str, str] = {}
    while pending:
        inner = pending.pop()
        try:
            entries = sorted(os.scandir(root / folder / inner), key=lambda one: one.name)
        except OSError as error:
            found.findings.append(_unreadable(f"{folder}/{inner}".rstrip("/"), error))
            continue
        below = []
        for entry in entries:
            relative = f"{inner}/{entry.name}".lstrip("/")
            path = f"{folder}/{relative}"
            if entry.name.startswith(".") or entry.name.endswith("~"):
                continue
            if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
                remedy = "Put a copy of the file here; a build must not read outside its project."
                found.findings.append(
                    Finding(path, 0, "foreign-link", "a symbolic link leads out of the project", remedy)
                )
                continue
            if entry.is_symlink() and entry.is_dir():
                remedy = "Use a real folder; a linked one may hold itself."
                found.findings.append(Finding(path, 0, "foreign-link", "a folder is a symbolic link", remedy))
                continue
            folded = unicodedata.normalize("NFC", relative).casefold()
            if folded in seen:
                remedy = "Rename one: macOS and Windows cannot hold both."
                what = f"the path differs from {seen[folded]!r} only in case"
                found.findings.append(Finding(path, 0, "case-collision", what, remedy))
                continue
            seen[folded] = relative
            if entry.is_dir():
                below.append(relative)
            elif entry.is_file():
                yield relative
        pending += reversed(below)


def _unreadable(path: str, error: OSError) -> Finding:
    reason = error.strerror or str(error)
    return Finding(path, 0, "unreadable", f"the file cannot be read: {reason}", "Check that it exists and may be read.")


def _take(root: Path, path: str, relative: str, brand: str, locale: str, found: Found) -> None:
    """One file into `found`."""
    try:
        size = os.stat(root / path).st_size
        is_markdown = relative.lower().endswith(_MARKDOWN)
        limit = MOST_MARKDOWN if is_markdown else MOST_ASSET
        if size > limit:
            remedy = f"Split it, or shrink its pictures; the limit is {limit // 1_000_000} MB."
            what = f"the file has {size / 1_000_000:.1f} MB"
            found.findings.append(Finding(path, 0, "too-large", what, remedy))
            return
        data = (root / path).read_bytes()
    except OSError as error:
        found.findings.append(_unreadable(path, error))
        return
    relative = unicodedata.normalize("NFC", relative)
    if not is_markdown:
        width, height = _dimensions(root / path, relative)
        found.assets[brand, locale, relative] = Asset(path, digest(data), size, width, height)
        return
    article = _article(data, path, relative, brand, locale, found)
    if article:
        (found.indexes if article.is_index else found.articles)[brand, locale, article.key] = article


def _article(data: bytes, path: str, relative: str, brand: str, locale: str, found: Found) -> Article | None:
    text, findings = decode(data, path)
    found.findings += findings
    if findings:
        return None
    front, body, body_line, faults = read(text, path)
    found.findings += faults
    if front is None:
        return None
    stem = relative.rsplit(".", 1)[0]
    folder, _, name = stem.rpartition("/")
    is_index = name in ("index", "README")
    return Article(
        key=folder if is_index else stem,
        locale=locale,
        brand=brand,
        path=path,
        front=front,
        body=body,
        body_line=body_line,
        digest=digest(data),
        is_index=is_index,
    )


def _dimensions(path: Path, name: str) -> tuple[int, int]:
    """Width and height of a picture in pixels, or 0, 0."""
    if not name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")):
        return 0, 0
    try:
        width, height = imagesize.get(str(path))
    except Exception:  # noqa: BLE001  a broken picture must not end the build; it only lacks its size
        return 0, 0
    return (int(width), int(height)) if width > 0 and height > 0 else (0, 0)


def _snippets(root: Path, folder: str, brand: str, found: Found) -> None:
    for relative in _files(root, folder, found):
        try:
            data = (root / folder / relative).read_bytes()
        except OSError as error:
            found.findings.append(_unreadable(f"{folder}/{relative}", error))
            continue
        text, findings = decode(data, f"{folder}/{relative}")
        found.findings += findings
        if not findings:
            found.snippets[brand, relative] = text
