"""The rule of golden queries: each must name an article that somebody shows in its language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hcgen.model.finding import Finding, Severity
from hcgen.model.golden import Golden
from hcgen.model.project import Project
from hcgen.pages.resolve import Places, places_of, select_articles
from hcgen.text import closest


def answer_findings(project: Project, golden: Iterable[Golden]) -> Iterator[Finding]:
    """Articles in `golden` that do not exist, or that no brand that is asked shows in the query's language."""
    every = list(project.library.articles.values())
    names = {one.key for one in every} | {one.front.id for one in every if one.front.id}
    places = places_of(project)
    shown: dict[tuple[str, str], set[str]] = {}
    for one in golden:
        place = (one.brand, one.locale)
        if place not in shown:
            shown[place] = _shown(project, places, *place)
        for name in one.articles:
            if name not in names:
                near = closest(name, names)
                remedy = f"Did you mean `{near}`?" if near else "Write an article's path without language and `.md`."
                what = f"no article has the key or id {name!r}"
                yield Finding(one.path, one.line, "unknown-answer", what, remedy)
            elif name not in shown[place]:
                who = f"the brand {one.brand!r} does not show" if one.brand else "no brand shows"
                what = f"{who} the article {name!r} in {one.locale!r} now"
                remedy = "Nothing is measured by the query; remove it, or publish the article."
                yield Finding(one.path, one.line, "unknown-answer", what, remedy, Severity.WARNING)


def _shown(project: Project, places: Places, brand: str, locale: str) -> set[str]:
    """Keys and ids of what the brand, or some brand, shows in `locale`."""
    found = set()
    for one in project.brands:
        if locale in one.locales and brand in ("", one.id):
            for key, article in select_articles(project, one, locale, places).articles.items():
                found |= {key, article.public_id}
    return found
