"""The desk of a project: questions of writers and agents over all its sources, kept up to date in `.hcgen/desk`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from hcgen.builds.cache import Cache, cache_folder
from hcgen.builds.sheets import articles_of, internal_paths, sheets_of, signs_of
from hcgen.builds.sources import Record, read_sources
from hcgen.builds.standings import Standing, standings
from hcgen.builds.tools import tool_digest
from hcgen.builds.wanted import Wanted, wanted_shards
from hcgen.errors import OutputError, ProjectError
from hcgen.files.project import read_frame, read_project
from hcgen.model.article import Article
from hcgen.model.project import Project
from hcgen.search.desk import Asked, Desk, Hit, Match
from hcgen.search.sheets import Sheet, named
from hcgen.text import closest

Progress = Callable[[int, int], None]


class Question(Struct, frozen=True):
    """What somebody asks the desk. Empty filters let everything in; `like` names an article in place of a text."""

    text: str = ""
    brands: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    """Of readers: what they are shown in a stand-in language is among it."""
    categories: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    is_internal: bool = False
    limit: int = 10
    like: str = ""


class Found(Struct, frozen=True):
    """An article that answers, and how it stands."""

    standing: Standing
    hit: Hit


class Answer(Struct, frozen=True):
    """The best of `total` articles. `match` says how far they are from the question, `meant` what was taken for what.

    `facets` counts all that answer by brand, locale, category, audience and state.
    """

    found: tuple[Found, ...]
    total: int
    match: Match
    meant: Mapping[str, tuple[str, ...]]
    facets: Mapping[str, Mapping[str, int]]


def open_desks(root: Path, now: datetime | None = None, progress: Progress = lambda done, total: None) -> Desks:
    """The desks of the project in `root`, read from the cache of builds where it can be."""
    now = now or datetime.now(UTC)
    folder = cache_folder(root)
    cache = Cache(folder)
    try:
        reading = read_sources(read_frame(root), cache, now, os.cpu_count() or 1, progress)
        reading.save(cache)
        return Desks(reading.project, reading.records, folder / "desk", progress)
    except OutputError:
        # A checkout that may be read only, or a cache that somebody else holds.
        return Desks(read_project(root, now), {}, None, progress)
    finally:
        cache.close()


class _Best(Struct):
    """The sheet of a source that answers best, and the brands of all its sheets that answer."""

    score: float
    name: str
    brands: tuple[str, ...] = ()


class Desks:
    """The desks of all languages of one project; each is brought up to date when it is first asked.

    `folder` keeps their indexes; without one, and where it cannot be written, they are made in memory.
    """

    def __init__(
        self, project: Project, records: Mapping[str, Record], folder: Path | None, progress: Progress
    ) -> None:
        self.project, self.folder, self.progress = project, folder, progress
        self._articles = articles_of(project)
        self._internal = internal_paths(project)
        self._signs = signs_of(project, records, self._articles.values(), self._internal)
        self._open: dict[str, Desk] = {}

    def answer(self, question: Question) -> Answer:
        """What the sources say to `question`. Raises ProjectError for names that do not exist."""
        wanted = Wanted(question.brands, question.locales)
        shards = wanted_shards(self.project.brands, self.project.settings.locales, wanted)
        if not shards:
            remedy = "Leave out --brand or --locale, or name a language that the brand has."
            raise ProjectError(f"{', '.join(question.brands)} is not in {', '.join(question.locales)}", remedy=remedy)
        allowed = {
            path: one
            for path, one in standings(self.project, shards, self._internal).items()
            if _lets_in(question, one)
        }
        like = self._article(question.like) if question.like else None
        if like:
            allowed = {path: one for path, one in allowed.items() if one.article.key != like.key}
        codes = [like.locale] if like else sorted({one.article.locale for one in allowed.values()})
        for match in Match:
            asked = {code: self._asked(code, question, like, match) for code in codes}
            best = self._best(asked, allowed)
            if best or like:
                break
        codes = sorted({self._articles[path].locale for path in best})
        standing = {path: _of_brands(allowed[path], one.brands) for path, one in best.items()}
        ordered = sorted(best.items(), key=lambda pair: (-pair[1].score, pair[0]))
        return Answer(
            found=self._shown(ordered[: question.limit], asked, standing),
            total=len(best),
            match=match,
            meant={word: near for code in codes for word, near in asked[code].meant.items()},
            facets=_facets(standing.values()),
        )

    def _shown(
        self, shown: Sequence[tuple[str, _Best]], asked: Mapping[str, Asked], standing: Mapping[str, Standing]
    ) -> tuple[Found, ...]:
        """What answers, with excerpts."""
        found: dict[str, Found] = {}
        for code, one in asked.items():
            mine = [(path, each) for path, each in shown if self._articles[path].locale == code]
            hits = self._desk(code).hits(one, [(each.name, each.score) for _, each in mine])
            found |= {path: Found(standing[path], hit) for (path, _), hit in zip(mine, hits, strict=True)}
        return tuple(found[path] for path, _ in shown)

    def _asked(self, code: str, question: Question, like: Article | None, match: Match) -> Asked:
        desk = self._desk(code)
        if like:
            return desk.like(self._sheets(like.path)[0])
        return desk.ask(question.text, match, is_internal=question.is_internal)

    def _best(self, asked: Mapping[str, Asked], allowed: Mapping[str, Standing]) -> dict[str, _Best]:
        """The sources that answer, by path."""
        best: dict[str, _Best] = {}
        for code, one in asked.items():
            for name, score in self._desk(code).ranked(one):
                path, brands = named(name)
                standing = allowed.get(path)
                if standing and (not standing.brands or not brands or not set(brands).isdisjoint(standing.brands)):
                    # Sheets come best first; each has the words of some brands.
                    best.setdefault(path, _Best(score, name)).brands += brands
        return best

    def _desk(self, code: str) -> Desk:
        if code not in self._open:
            mine = {path: sign for path, sign in self._signs.items() if self._articles[path].locale == code}
            self._open[code] = self._kept(code, mine) or Desk.of(
                (sheet for path in mine for sheet in self._sheets(path)), code
            )
        return self._open[code]

    def _kept(self, code: str, signs: Mapping[str, str]) -> Desk | None:
        if self.folder is None:
            return None
        try:
            return Desk.kept(self.folder / code, code, tool_digest(), signs, self._sheets, self.progress)
        except OSError:
            return None

    def _sheets(self, path: str) -> list[Sheet]:
        return sheets_of(self.project, self._articles[path], is_internal=path in self._internal)

    def _article(self, name: str) -> Article:
        """The article of this path, key or id: in the project's first language if it can be, the shared one first."""
        first = self.project.settings.project_locale
        named_so = [one for one in self._articles.values() if name.removesuffix(".md") in _names(one)]
        if not named_so:
            near = closest(name, {each for one in self._articles.values() for each in _names(one)})
            remedy = f"Did you mean `{near}`?" if near else "Write its path, its key (`payments/refund`), or its id."
            raise ProjectError(f"no article is called {name!r}", remedy=remedy)
        return min(named_so, key=lambda one: (one.locale != first, one.brand, one.path))


def _names(article: Article) -> tuple[str, ...]:
    return article.path.rpartition(".")[0], article.key, article.public_id


def _lets_in(question: Question, one: Standing) -> bool:
    folders = f"{one.article.folder}/"
    return (
        (question.is_internal or not one.is_internal)
        and (not question.categories or any(folders.startswith(f"{name.strip('/')}/") for name in question.categories))
        and (not question.states or not set(question.states).isdisjoint(one.states))
    )


def _of_brands(standing: Standing, brands: tuple[str, ...]) -> Standing:
    """The standing with those of its brands alone that have the words in question."""
    return replace(standing, brands=tuple(brand for brand in standing.brands if brand in brands))


def _facets(found: Iterable[Standing]) -> dict[str, dict[str, int]]:
    """How many there are of each brand, language, category, audience and state, most first."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("brand", "locale", "category", "audience", "state")}
    for one in found:
        counts["brand"].update(one.brands)
        counts["locale"][one.article.locale] += 1
        counts["category"][one.category] += bool(one.category)
        counts["audience"]["internal" if one.is_internal else "public"] += 1
        counts["state"].update(state.value for state in one.states)
    return {
        name: {key: count for key, count in sorted(each.items(), key=lambda pair: (-pair[1], pair[0])) if count}
        for name, each in counts.items()
    }
