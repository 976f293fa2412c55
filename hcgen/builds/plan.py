"""What each shard depends on, as one digest: a shard whose digest is the same as before need not be looked at.

The digest may cover more than a page shows (then the shard is planned again and its pages turn out the same), never
less.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hcgen.builds.cache import encode
from hcgen.builds.sources import Reading, Ready
from hcgen.builds.tools import tool_digest
from hcgen.files.theme import brand_theme
from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.model.project import Project
from hcgen.pages.bulletins import current
from hcgen.pages.library import Workshop
from hcgen.render.theme import theme_digest
from hcgen.text import digest


class Planner:
    """Digests of what shards depend on, each made once for all of them. `theme` is that of the theme's files."""

    def __init__(self, reading: Reading, workshop: Workshop, ready: Ready, theme: str) -> None:
        self.reading, self.workshop, self.ready, self.theme = reading, workshop, ready, theme
        project = reading.project
        self.common = _common(project, theme)
        # Per brand: of the templates of its own.
        self.themes: Mapping[str, str] = {
            brand.id: theme_digest(brand_theme(project.root, brand.id)) for brand in project.brands
        }
        # Per brand (or ""): of what says which articles and files there are, in all languages, and what is on now.
        self.scopes: Mapping[str, str] = _scopes(project, reading)
        # Per brand (or "") and key: of the headings and steps in all languages, whose ids an article borrows.
        self.headings: Mapping[tuple[str, str], str] = _headings(reading)
        # Per brand: of the keys that only others have.
        self.foreign: Mapping[str, str] = _foreign(project)
        # Per brand and language: of the articles that have a page there.
        self.outlines: Mapping[tuple[str, str], str] = {
            (brand.id, code): digest("\n".join(sorted(self.workshop.outline(brand, code).articles)), 8)
            for brand in project.brands
            for code in brand.locales
        }

    def inputs(self, brand: Brand, code: str) -> str:
        """The digest of everything that the shard of `brand` in `code` depends on."""
        project = self.reading.project
        selection = self.workshop.selection(brand, code)
        parts = [
            self.common,
            self.themes[brand.id],
            code,
            brand.id,
            self.scopes[brand.id],
            self.scopes[""],
            self.foreign[brand.id],
        ]
        parts.append(digest(encode(sorted(project.strings[code].items()))))
        parts.append(digest(encode(project.synonyms.get((brand.id, code), ()))))
        for shown in (selection.articles, selection.indexes):
            for key, article in shown.items():
                kept = self.ready.kept(article.path, brand.id)
                own, shared = self.headings.get((brand.id, key), ""), self.headings.get(("", key), "")
                parts.append(f"{article.path} {article.digest} {kept.sign if kept else ''} {own} {shared}")
                parts += self._locked(key) + self._locked(f"/{brand.id}/{key}")
        parts += [self.outlines.get((other.id, code), "") for other in project.brands if other.id != brand.id]
        return digest("\n".join(parts))

    def _locked(self, key: str) -> list[str]:
        """The steps of an article that the lock names."""
        return [f"{step.id} {step.digest}" for step in self.reading.project.locked_steps.get(key, ())]

    def sources(self) -> str:
        """The digest of everything that was read: equal in all shares of one build."""
        files = sorted((path, record.content.digest) for path, record in self.reading.records.items())
        locked = sorted(self.reading.project.locked_steps.items())
        synonyms = sorted(self.reading.project.synonyms.items())
        return digest(
            encode([self.common, sorted(self.themes.items()), sorted(self.scopes.items()), files, locked, synonyms])
        )


def _common(project: Project, theme: str) -> str:
    library = project.library
    names = sorted({relative for _, _, relative in library.assets})
    return digest(
        encode(
            [tool_digest(), theme, project.settings, [brand.digest or brand for brand in project.brands],
             sorted(project.brand_names), sorted(library.snippets.items()), names]
        )
    )  # fmt: skip


def _scopes(project: Project, reading: Reading) -> dict[str, str]:
    parts: dict[str, list[bytes]] = {name: [] for name in ("", *(brand.id for brand in project.brands))}
    library = project.library
    for source in (library.articles, library.indexes):
        for article in source.values():
            parts[article.brand].append(_identity(article, project.now, reading))
    for (brand, locale, relative), asset in library.assets.items():
        parts[brand].append(encode([locale, relative, asset]))
    for (brand, relative), asset in project.brand_assets.items():
        parts[brand].append(encode([relative, asset]))
    for brand, bulletin in project.bulletins.items():
        parts[brand].append(encode([current(bulletin, project.now), bulletin.popular]))
    return {brand: digest(b"".join(sorted(each))) for brand, each in parts.items()}


def _identity(article: Article, now: datetime, reading: Reading) -> bytes:
    """Who sees an article under which name and when: what other articles' pages may depend on."""
    front = article.front
    is_due = front.publish_at is None or now >= front.publish_at
    is_over = front.expire_at is not None and now >= front.expire_at
    withheld = [one.brand for one in reading.records[article.path].kept if one.is_withheld]
    return encode(
        [article.path, front.id, front.brands, front.audience, front.tags, front.redirect_from, is_due, is_over,
         article.has_text, withheld]
    )  # fmt: skip


def _headings(reading: Reading) -> dict[tuple[str, str], str]:
    parts: dict[tuple[str, str], list[str]] = {}
    for record in reading.records.values():
        article = record.content.article
        if article:
            mine = parts.setdefault((article.brand, article.key), [])
            mine += [f"{article.path} {one.brand} {one.headings}" for one in record.kept]
    return {place: digest("\n".join(sorted(each)), 8) for place, each in parts.items()}


def _foreign(project: Project) -> dict[str, str]:
    keys = {(brand, key) for brand, _, key in project.library.articles if brand}
    return {
        brand.id: digest("\n".join(sorted({key for other, key in keys if other != brand.id})))
        for brand in project.brands
    }


def next_change(project: Project) -> datetime | None:
    """The next moment at which an article or an incident appears or goes by its dates."""
    every = (*project.library.articles.values(), *project.library.indexes.values())
    moments = {moment for one in every for moment in (one.front.publish_at, one.front.expire_at) if moment}
    incidents = [one for bulletin in project.bulletins.values() for one in bulletin.incidents]
    moments |= {moment for one in incidents for moment in (one.since, one.until) if moment}
    return min((moment for moment in moments if moment > project.now), default=None)
