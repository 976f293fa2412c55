"""How each source stands with its readers: which brands show it, in which languages, and what is the matter with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from enum import StrEnum

from msgspec import Struct

from hcgen.builds.sheets import articles_of, brands_of
from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.model.project import Project
from hcgen.pages.resolve import is_stale, places_of, select_articles


class State(StrEnum):
    """How an article stands. It may have several states at once; CURRENT is without any of the others."""

    CURRENT = "current"
    STALE = "stale"
    """A translation whose source was updated later."""
    FALLBACK = "fallback"
    """Shown to readers of a language that it is not written in."""
    UNPUBLISHED = "unpublished"
    EXPIRED = "expired"
    HIDDEN = "hidden"
    """No help center shows it: others take its place, or no brand takes it."""


class Standing(Struct, frozen=True):
    """One source. `brands` show it, or would if it were public and the time right; nobody does what is hidden."""

    article: Article
    brands: tuple[str, ...]
    states: tuple[State, ...]
    stands_in: tuple[str, ...]
    """Languages whose readers get it although it is not written in them."""
    is_internal: bool

    @property
    def category(self) -> str:
        """Its first folder, or ""."""
        return self.article.key.partition("/")[0] if "/" in self.article.key or self.article.is_index else ""


def standings(project: Project, shards: Sequence[tuple[Brand, str]], internal: Collection[str]) -> dict[str, Standing]:
    """The sources that concern the readers or agents of `shards`, by path. `internal`: the paths for agents alone."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for brand, code in shards:
        wanted[code].add(brand.id)
    is_all = all(brand.id in set().union(*wanted.values()) for brand in project.brands)
    shown = _shown(project)
    found = {}
    for path, article in articles_of(project).items():
        everywhere = shown.get(path, {})
        here = {code: some & wanted[code] for code, some in everywhere.items() if some & wanted[code]}
        stands_in = tuple(sorted(code for code in here if code != article.locale))
        states = _states(project, article, bool(everywhere) or path in internal, bool(stands_in))
        brands = set().union(*here.values())
        if not everywhere and State.HIDDEN not in states:
            # Nobody is shown it now: it concerns those who would be.
            brands = wanted[article.locale].intersection(brands_of(project, article))
        if brands or (State.HIDDEN in states and is_all and wanted[article.locale]):
            ordered = tuple(brand.id for brand in project.brands if brand.id in brands)
            found[path] = Standing(article, ordered, states, stands_in, path in internal)
    return found


def _shown(project: Project) -> dict[str, dict[str, set[str]]]:
    """The brands that show each source, by path and by the language of their readers."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    places = places_of(project)
    for brand in project.brands:
        for code in brand.locales:
            selection = select_articles(project, brand, code, places)
            for article in (*selection.articles.values(), *selection.indexes.values()):
                found[article.path][code].add(brand.id)
    return found


def _states(project: Project, article: Article, is_shown: bool, stands_in: bool) -> tuple[State, ...]:
    front, states = article.front, list[State]()
    if is_stale(project, article):
        states.append(State.STALE)
    if stands_in:
        states.append(State.FALLBACK)
    if front.publish_at and project.now < front.publish_at:
        states.append(State.UNPUBLISHED)
    elif front.expire_at and project.now >= front.expire_at:
        states.append(State.EXPIRED)
    elif not is_shown:
        states.append(State.HIDDEN)
    return tuple(states) or (State.CURRENT,)
