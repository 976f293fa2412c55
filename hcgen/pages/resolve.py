"""Which article a reader of one brand and language gets for a key: overrides, fallback, audience, dates."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from hcgen.model.article import Article, ArticleKey
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.model.project import Project


class Selection(Struct, frozen=True):
    """What one brand shows in one language. `hidden` says why a key that exists is not shown."""

    locale: str
    articles: Mapping[ArticleKey, Article]
    indexes: Mapping[str, Article]
    hidden: Mapping[ArticleKey, str] = field(default_factory=dict)


INTERNAL = "is internal"
OTHER_BRAND = "does not belong to this brand"
NOT_NOW = "is not published at this time"
UNTRANSLATED = "is not translated and the brand hides fallback"


class Places(Struct, frozen=True):
    """All content by (brand or "", language), made once for a project, and what needs a closer look."""

    articles: Mapping[tuple[str, str], Mapping[ArticleKey, Article]]
    indexes: Mapping[tuple[str, str], Mapping[str, Article]]
    internal: frozenset[tuple[str, ArticleKey]]
    special: frozenset[ArticleKey]
    """Keys that some version of hides from somebody: by brands, dates or audience."""


def places_of(project: Project) -> Places:
    """The content of `project`, grouped."""
    internal = internal_keys(project)
    special = {key for _, key in internal}
    for source in (project.library.articles, project.library.indexes):
        for (_, _, key), article in source.items():
            front = article.front
            if front.brands or front.publish_at or front.expire_at:
                special.add(key)
    return Places(_grouped(project.library.articles), _grouped(project.library.indexes), internal, frozenset(special))


def _grouped(source: Mapping[tuple[str, str, str], Article]) -> dict[tuple[str, str], dict[str, Article]]:
    found: dict[tuple[str, str], dict[str, Article]] = {}
    for (scope, code, key), article in source.items():
        found.setdefault((scope, code), {})[key] = article
    return found


def select_articles(project: Project, brand: Brand, locale: str, places: Places | None = None) -> Selection:
    """The articles and folder indexes that `brand` shows in `locale`, by key."""
    places = places or places_of(project)
    articles, hidden = _chosen(project, brand, locale, places.articles, places)
    indexes, _ = _chosen(project, brand, locale, places.indexes, places)
    closed = [
        folder
        for (scope, folder) in sorted(places.internal)
        if scope in ("", brand.id) and _is_folder(project, scope, folder)
    ]
    for folder in closed:
        inside = [key for key in articles if key.startswith(f"{folder}/")]
        hidden |= dict.fromkeys(inside, INTERNAL)
        articles = {key: one for key, one in articles.items() if key not in hidden}
        indexes = {key: one for key, one in indexes.items() if key != folder and not key.startswith(f"{folder}/")}
    return Selection(locale, articles, indexes, hidden)


def _is_folder(project: Project, scope: str, key: str) -> bool:
    return any((scope, locale.code, key) in project.library.indexes for locale in project.settings.locales)


def internal_keys(project: Project) -> frozenset[tuple[str, ArticleKey]]:
    """(brand or "", key) of everything internal: one internal translation makes all of them internal."""
    every = [*project.library.articles.values(), *project.library.indexes.values()]
    return frozenset((one.brand, one.key) for one in every if one.is_internal)


def _chosen(
    project: Project,
    brand: Brand,
    locale: str,
    groups: Mapping[tuple[str, str], Mapping[str, Article]],
    places: Places,
) -> tuple[dict[str, Article], dict[str, str]]:
    hidden: dict[str, str] = {}
    order = [groups.get((scope, step), {}) for step in brand.chains[locale] for scope in (brand.id, "")]
    chosen: dict[str, Article] = {}
    for group in reversed(order):
        chosen.update(group)
    is_picky = bool(brand.categories or brand.tags)
    for key, first in list(chosen.items()):
        article, reason = first, None
        if is_picky or key in places.special:
            # The best version may not be shown yet: then the next one is.
            for group in order:
                if key in group:
                    article = group[key]
                    reason = why_hidden(project, brand, article, places.internal)
                    if reason != NOT_NOW:
                        break
        if reason is None and article.locale != locale:
            is_foreign = not brand.shows_fallback and not _same_language(article, locale)
            reason = UNTRANSLATED if is_foreign else None
        if reason is None:
            chosen[key] = article
        else:
            hidden[key] = reason
            del chosen[key]
    return dict(sorted(chosen.items())), hidden


def _same_language(article: Article, locale: str) -> bool:
    return article.locale.split("-")[0] == locale.split("-", maxsplit=1)[0]


def why_hidden(
    project: Project, brand: Brand, article: Article, internal: frozenset[tuple[str, ArticleKey]]
) -> str | None:
    """Why `brand` does not show `article` to the public now, or None where it does."""
    front = article.front
    if (article.brand, article.key) in internal:
        return INTERNAL
    if front.brands and brand.id not in front.brands:
        return OTHER_BRAND
    if not article.brand and not article.is_index and not _takes(brand, article):
        return OTHER_BRAND
    if (front.publish_at and project.now < front.publish_at) or (front.expire_at and project.now >= front.expire_at):
        return NOT_NOW
    return None


def _takes(brand: Brand, article: Article) -> bool:
    """Whether the brand's `takes` lets a shared article in: one of its categories, or one of its tags."""
    if not brand.categories and not brand.tags:
        return True
    return article.key.split("/")[0] in brand.categories or not set(brand.tags).isdisjoint(article.front.tags)


def is_stale(project: Project, article: Article) -> bool:
    """Whether the article it was translated from says a later `updated`; without both nobody knows."""
    first = project.settings.project_locale
    source = project.library.indexes if article.is_index else project.library.articles
    origin = source.get((article.brand, first, article.key)) or source.get(("", first, article.key))
    if article.locale == first or origin is None:
        return False
    return bool(article.front.updated) and article.front.updated < origin.front.updated


def identity_findings(project: Project) -> list[Finding]:
    """Articles that claim one id, and translations of internal articles that are not internal themselves."""
    found: list[Finding] = []
    every = sorted([*project.library.articles.values(), *project.library.indexes.values()], key=lambda one: one.path)
    owners: dict[str, Article] = {}
    for article in every:
        if not article.front.id:
            continue
        owner = owners.setdefault(article.front.id, article)
        if owner.key != article.key:
            remedy = "Give one of them an id of its own; translations and overrides share the id of their path."
            what = f"the id {article.front.id!r} belongs to {owner.path} already"
            found.append(Finding(article.path, article.front.lines.get("id", 1), "duplicate-id", what, remedy))
    internal = internal_keys(project)
    for article in every:
        if (article.brand, article.key) in internal and not article.is_internal:
            remedy = "Add `audience: internal`, or make the other languages public; until then it is withheld."
            found.append(
                Finding(article.path, 1, "audience-differs", "another language of this article is internal", remedy)
            )
    return found
