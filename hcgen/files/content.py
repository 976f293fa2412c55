"""Content files: which there are, and what one of them holds. Knows no cache and follows no link out of the project."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from msgspec import Struct, field

from hcgen.errors import ProjectError
from hcgen.files.bulletins import INCIDENTS, POPULAR
from hcgen.files.frontmatter import decode, read, split
from hcgen.files.lock import LOCK_FILE
from hcgen.files.pictures import dimensions
from hcgen.files.queries import QUERIES
from hcgen.files.walk import entries, scan, unreadable
from hcgen.model.article import Article, Asset
from hcgen.model.finding import Finding, Severity
from hcgen.text import closest, digest

MOST_MARKDOWN = 2_000_000
"""Bytes of one Markdown file: beyond, it is a mistake (the longest real article seen has 0.1 MB)."""
MOST_ASSET = 20_000_000
"""Bytes of one picture or attachment: what hosted help centers take (facts of Zendesk Guide)."""
SNIPPETS = "_snippets"
# Files of content/ that stand beside its languages.
_NO_LANGUAGE = (f"content/{INCIDENTS}", f"content/{POPULAR}", LOCK_FILE)
_MARKDOWN = (".md", ".markdown")


class SourceKind(StrEnum):
    """What a content file is read as."""

    ARTICLE = "article"
    ASSET = "asset"
    SNIPPET = "snippet"


Stamp = tuple[int, int, int, int]
"""Size, time of the last change of content and of the file itself in ns, inode: equal stamps, equal content."""


class Source(Struct, frozen=True):
    """One content file by name: `path` from the project, `relative` (NFC) from its language or snippet folder."""

    path: str
    kind: SourceKind
    brand: str
    locale: str
    relative: str
    stamp: Stamp


class Content(Struct, frozen=True):
    """What one content file holds, and what is wrong with it."""

    digest: str
    article: Article | None = None
    asset: Asset | None = None
    snippet: str | None = None
    findings: tuple[Finding, ...] = ()


class Found(Struct):
    """All content by place."""

    articles: dict[tuple[str, str, str], Article] = field(default_factory=dict)
    indexes: dict[tuple[str, str, str], Article] = field(default_factory=dict)
    assets: dict[tuple[str, str, str], Asset] = field(default_factory=dict)
    snippets: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def stamp_of(state: os.stat_result) -> Stamp:
    """What tells one state of a file from another without reading it."""
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def find_sources(root: Path, brands: Iterable[str], locales: tuple[str, ...], findings: list[Finding]) -> list[Source]:
    """Every content file of the project: of `content/`, and of each brand's own."""
    found: list[Source] = []
    for brand, folder in (("", "content"), *((one, f"brands/{one}/content") for one in brands)):
        if (root / folder).is_dir():
            for entry in entries(root, folder, findings):
                _sources_of(root, folder, entry, brand, locales, findings, found)
    return found


def _sources_of(
    root: Path,
    folder: str,
    entry: os.DirEntry[str],
    brand: str,
    locales: tuple[str, ...],
    findings: list[Finding],
    found: list[Source],
) -> None:
    path = f"{folder}/{entry.name}"
    is_snippets = entry.name == SNIPPETS and entry.is_dir()
    if is_snippets or (entry.is_dir() and entry.name in locales):
        for name, state in scan(root, path, findings):
            relative = name[len(path) + 1 :]
            relative = relative if relative.isascii() else unicodedata.normalize("NFC", relative)
            is_markdown = relative.lower().endswith(_MARKDOWN)
            if is_snippets:
                kind, locale = SourceKind.SNIPPET, ""
            elif relative == QUERIES or (is_markdown and _is_draft(relative)):
                continue
            else:
                kind, locale = SourceKind.ARTICLE if is_markdown else SourceKind.ASSET, entry.name
            found.append(Source(name, kind, brand, locale, relative, stamp_of(state)))
    elif not entry.name.startswith("_") and not (entry.is_file() and path in _NO_LANGUAGE):
        near = closest(entry.name, locales)
        what = "is no language of the project" if entry.is_dir() else "lies outside every language"
        remedy = (f"Did you mean `{near}`? " if near else "") + (
            f"Languages stand in mkdocs.yml under plugins, i18n, languages: {', '.join(locales)}."
        )
        severity = Severity.ERROR if entry.is_dir() else Severity.WARNING
        findings.append(Finding(path, 0, "unknown-locale", f"{entry.name!r} {what}", remedy, severity))


def _is_draft(relative: str) -> bool:
    """Whether a Markdown file or a folder around it begins with `_`: not published; pictures there are."""
    return relative.startswith("_") or "/_" in relative


def read_source(root: Path, source: Source) -> tuple[Content, str]:
    """What `source` holds, and an article's Markdown ("" for all else)."""
    limit = MOST_ASSET if source.kind is SourceKind.ASSET else MOST_MARKDOWN
    path, size = source.path, source.stamp[0]
    if size > limit:
        remedy = f"Split it, or shrink its pictures; the limit is {limit // 1_000_000} MB."
        fault = Finding(path, 0, "too-large", f"the file has {size / 1_000_000:.1f} MB", remedy)
        return Content("", findings=(fault,)), ""
    try:
        with open(f"{root}/{path}", "rb", buffering=0) as file:
            data = file.read()
    except OSError as error:
        return Content("", findings=(unreadable(path, error),)), ""
    sign = digest(data)
    if source.kind is SourceKind.ASSET:
        width, height = dimensions(root / path)
        return Content(sign, asset=Asset(path, sign, len(data), width, height)), ""
    text, faults = decode(data, path)
    if faults:
        return Content(sign, findings=tuple(faults)), ""
    if source.kind is SourceKind.SNIPPET:
        return Content(sign, snippet=text), ""
    return _article(source, text, sign)


def _article(source: Source, text: str, sign: str) -> tuple[Content, str]:
    front, body, body_line, faults = read(text, source.path)
    if front is None:
        return Content(sign, findings=tuple(faults)), ""
    stem = source.relative.rsplit(".", 1)[0]
    folder, _, name = stem.rpartition("/")
    is_index = name in ("index", "README")
    article = Article(
        key=folder if is_index else stem,
        locale=source.locale,
        brand=source.brand,
        path=source.path,
        front=front,
        body_line=body_line,
        digest=sign,
        is_index=is_index,
        has_text=bool(body) and not body.isspace(),
    )
    return Content(sign, article, findings=tuple(faults)), body


def article_text(root: Path, article: Article) -> str:
    """The Markdown of `article`. Raises ProjectError where its file is not the one that was read before."""
    try:
        data = (root / article.path).read_bytes()
    except OSError:
        data = b""
    if digest(data) != article.digest:
        remedy = "Build again; nothing was installed."
        raise ProjectError("the file changed while it was being read", where=article.path, remedy=remedy)
    return split(decode(data, article.path)[0])[1]


def gather(contents: Iterable[tuple[Source, Content]]) -> Found:
    """All content by place; of two files for one place the better named one."""
    found = Found()
    for source, content in contents:
        found.findings += content.findings
        place = source.brand, source.locale, source.relative
        if content.asset:
            found.assets[place] = content.asset
        elif content.snippet is not None:
            found.snippets[source.brand, source.relative] = content.snippet
        elif content.article:
            _place(content.article, found)
    return found


def _place(article: Article, found: Found) -> None:
    group = found.indexes if article.is_index else found.articles
    where = article.brand, article.locale, article.key
    other = group.get(where)
    kept, lost = _better(other, article) if other else (article, None)
    group[where] = kept
    if lost:
        what = f"the file is the same article as {kept.path}"
        found.findings.append(Finding(lost.path, 0, "url-collision", what, "Keep one of the two files."))


def _better(one: Article, other: Article) -> tuple[Article, Article]:
    """Of two files for one place the one with the usual name (`index.md`, `.md`) first."""
    first, second = sorted((one, other), key=lambda each: (not each.path.endswith(".md"), "README." in each.path))
    return first, second
