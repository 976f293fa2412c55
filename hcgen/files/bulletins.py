"""`incidents.yml` and `popular.yml`, of a brand (`brands/<id>/`) or of all (`content/`), to `Bulletin` values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from hcgen.files.documents import read_document
from hcgen.files.frontmatter import moment
from hcgen.files.values import localized
from hcgen.files.yamlio import Document
from hcgen.model.article import Article
from hcgen.model.bulletin import Bulletin, Incident, Level, Popular
from hcgen.model.finding import Finding, Severity
from hcgen.text import closest

INCIDENTS, POPULAR = "incidents.yml", "popular.yml"
Place = tuple[str | int, ...]


def read_bulletins(
    root: Path, brands: Iterable[str], locales: tuple[str, ...]
) -> tuple[dict[str, Bulletin], list[Finding]]:
    """The bulletin of each brand and of all ("") that has one, and what is wrong with them."""
    found: dict[str, Bulletin] = {}
    findings: list[Finding] = []
    for brand in ("", *brands):
        folder = _folder(brand)
        incidents = _document(root, f"{folder}/{INCIDENTS}", findings)
        popular = _document(root, f"{folder}/{POPULAR}", findings)
        bulletin = Bulletin(
            _incidents(incidents, f"{folder}/{INCIDENTS}", findings) if incidents else (),
            _popular(popular, f"{folder}/{POPULAR}", locales, findings) if popular else Popular(),
        )
        if bulletin != Bulletin():
            found[brand] = bulletin
    return found, findings


def unknown_articles(
    bulletins: Mapping[str, Bulletin], articles: Mapping[tuple[str, str, str], Article]
) -> list[Finding]:
    """Popular articles that no brand, or not the brand whose file names them, has in any language."""
    findings = []
    for brand, bulletin in bulletins.items():
        if not bulletin.popular.articles:
            continue
        mine = [one for one in articles.values() if not brand or one.brand in ("", brand)]
        known = {one.key for one in mine} | {one.front.id for one in mine}
        for name, line in bulletin.popular.lines.items():
            if name not in known:
                near = closest(name, known)
                remedy = f"Did you mean `{near}`?" if near else "Write an article's path without language and `.md`."
                what = f"no article has the key or id {name!r}"
                path = f"{_folder(brand)}/{POPULAR}"
                findings.append(Finding(path, line, "unknown-popular", what, remedy, Severity.WARNING))
    return findings


def _folder(brand: str) -> str:
    return f"brands/{brand}" if brand else "content"


def _document(root: Path, path: str, findings: list[Finding]) -> Document | None:
    name = path.rpartition("/")[2].removesuffix(".yml")
    return read_document(root / path, path, name, "bulletin-file", findings)


def _incidents(document: Document, path: str, findings: list[Finding]) -> tuple[Incident, ...]:
    found = []
    for at, item in enumerate(document.value if isinstance(document.value, list) else []):
        since = _moment(document, path, (at, "since"), findings)
        until = _moment(document, path, (at, "until"), findings) if "until" in item else None
        if until and since and until <= since:
            remedy = "Write when it ended, or leave `until` out until it is over."
            what = "the incident ends before it begins"
            findings.append(Finding(path, document.line((at, "until")), "bulletin-file", what, remedy))
        if since:
            text = localized(document, (at, "text")) if "text" in item else None
            title, level = localized(document, (at, "title")), Level(item["level"])
            found.append(Incident(title, level, since, until, text, str(item.get("url", ""))))
    return tuple(found)


def _moment(document: Document, path: str, place: Place, findings: list[Finding]) -> datetime | None:
    found = moment(document.raw[place])
    if found is None:
        what = f"{place[-1]} cannot be {document.raw[place]!r}"
        remedy = "Write a date that exists, such as 2026-05-01 or 2026-05-01T09:00Z."
        findings.append(Finding(path, document.line(place), "bulletin-file", what, remedy))
    return found


def _popular(document: Document, path: str, locales: tuple[str, ...], findings: list[Finding]) -> Popular:
    lists: dict[str, dict[str, tuple[str, ...]]] = {"articles": {}, "queries": {}}
    lines: dict[str, int] = {}
    value = document.value if isinstance(document.value, dict) else {}
    for kind, by_locale in value.items():
        for code, items in by_locale.items():
            if code and code not in locales:
                near = closest(code, locales)
                remedy = f"Did you mean `{near}`?" if near else f"The project has {', '.join(locales)} (mkdocs.yml)."
                what = f"{code!r} is no language of the project"
                line = document.line((kind, code))
                findings.append(Finding(path, line, "bulletin-file", what, remedy, Severity.WARNING))
            names = [document.raw[kind, code, at].strip() for at in range(len(items))]
            lists[kind][code] = tuple(dict.fromkeys(name.strip("/") if kind == "articles" else name for name in names))
            if kind == "articles":
                for at, name in enumerate(names):
                    lines.setdefault(name.strip("/"), document.line((kind, code, at)))
    return Popular(lists["articles"], lists["queries"], lines)
