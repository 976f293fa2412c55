"""What bulletins say to the readers of one brand and language now: incidents, popular articles and searches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.model.bulletin import Bulletin, Incident, Level
from hcgen.model.locale import Localized
from hcgen.model.project import Project
from hcgen.model.site import Notice

MOST_ARTICLES = 8
"""So many popular articles stand on a page."""
_MOST_QUERIES = 5


def current(bulletin: Bulletin, now: datetime) -> tuple[Incident, ...]:
    """The incidents that are on at the moment `now`."""
    return tuple(one for one in bulletin.incidents if one.since <= now and (one.until is None or now < one.until))


def notices(project: Project, brand: Brand, locale: str) -> tuple[Notice, ...]:
    """The incidents of `brand` and of all brands for readers of `locale`: the worst first, then the newest."""
    found = [incident for bulletin in _bulletins(project, brand) for incident in current(bulletin, project.now)]
    order = list(Level)
    found.sort(key=lambda one: (order.index(one.level), -one.since.timestamp()))
    chain = brand.chains[locale]
    return tuple(_notice(incident, chain, locale) for incident in found)


def popular_keys(
    project: Project, brand: Brand, locale: str, shown: Collection[str], by_id: Mapping[str, Article]
) -> tuple[str, ...]:
    """Keys of the popular articles, as far as they are `shown`; `by_id` knows the articles with an id."""
    names = _of_language([one.popular.articles for one in _bulletins(project, brand)], locale)
    keys = [name if name in shown or name not in by_id else by_id[name].key for name in names]
    return tuple(dict.fromkeys(key for key in keys if key in shown))


def popularity(keys: Sequence[str]) -> dict[str, float]:
    """How popular each article of a list is, the first the most: from 1 down, in equal steps."""
    return {key: 1 - at / len(keys) for at, key in enumerate(keys)}


def popular_queries(project: Project, brand: Brand, locale: str) -> tuple[str, ...]:
    """The popular searches of readers of `locale`."""
    return _of_language([one.popular.queries for one in _bulletins(project, brand)], locale)[:_MOST_QUERIES]


def _bulletins(project: Project, brand: Brand) -> list[Bulletin]:
    """The brand's own, then the one for all."""
    return [project.bulletins[name] for name in (brand.id, "") if name in project.bulletins]


def _of_language(tables: list[Mapping[str, tuple[str, ...]]], locale: str) -> tuple[str, ...]:
    """The list for a language: its own before its parents' and the one for all; of two tables the first that has one.

    A stand-in language says nothing here: its readers search with other words.
    """
    parts = locale.split("-")
    codes = ["-".join(parts[:size]) for size in range(len(parts), 0, -1)]
    return next((table[code] for table in tables for code in (*codes, "") if code in table), ())


def _notice(incident: Incident, chain: tuple[str, ...], locale: str) -> Notice:
    lang, title = _text(incident.title, chain, locale)
    text_lang, text = _text(incident.text, chain, locale) if incident.text else ("", "")
    return Notice(title, incident.level.value, lang, text, text_lang, incident.url)


def _text(words: Localized, chain: tuple[str, ...], locale: str) -> tuple[str, str]:
    """A text, behind its language where that is not the reader's. Better a foreign one than none: it is news."""
    code, text = words.find(chain) or words.values[0]
    return ("" if code == locale else code), text
