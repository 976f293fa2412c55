"""Walks the content folders: Markdown to articles, files beside them to assets. Follows no link out of the project."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import imagesize

from hcgen.files.frontmatter import decode, read
from hcgen.files.walk import entries, files_below, unreadable
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
    if not (root / folder).is_dir():
        return
    for entry in entries(root, folder, found.findings):
        path = f"{folder}/{entry.name}"
        if entry.name == SNIPPETS and entry.is_dir():
            _snippets(root, path, brand, found)
        elif entry.name.startswith("_"):
            continue
        elif entry.is_dir() and entry.name in locales:
            for relative in files_below(root, path, found.findings):
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
        found.findings.append(unreadable(path, error))
        return
    relative = unicodedata.normalize("NFC", relative)
    if not is_markdown:
        width, height = _dimensions(root / path, relative)
        found.assets[brand, locale, relative] = Asset(path, digest(data), size, width, height)
        return
    article = _article(data, path, relative, brand, locale, found)
    if article:
        place = found.indexes if article.is_index else found.articles
        other = place.get((brand, locale, article.key))
        kept, lost = _better(other, article) if other else (article, None)
        place[brand, locale, article.key] = kept
        if lost:
            what = f"the file is the same article as {kept.path}"
            found.findings.append(Finding(lost.path, 0, "url-collision", what, "Keep one of the two files."))


def _better(one: Article, other: Article) -> tuple[Article, Article]:
    """Of two files for one place the one with the usual name (`index.md`, `.md`) first."""
    first, second = sorted((one, other), key=lambda each: (not each.path.endswith(".md"), "README." in each.path))
    return first, second


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
    for relative in files_below(root, folder, found.findings):
        try:
            data = (root / folder / relative).read_bytes()
        except OSError as error:
            found.findings.append(unreadable(f"{folder}/{relative}", error))
            continue
        text, findings = decode(data, f"{folder}/{relative}")
        found.findings += findings
        if not findings:
            found.snippets[brand, relative] = text
