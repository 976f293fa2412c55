"""Sources as the desk search sees them: the words of each, with their lines, once for all brands that share them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from hcgen.builds.cache import encode
from hcgen.builds.sources import Record
from hcgen.markup.lines import Line
from hcgen.markup.plain import paragraphs
from hcgen.model.article import Article
from hcgen.model.project import Project
from hcgen.pages.library import may_show, select_text, varies
from hcgen.pages.navigation import ancestors
from hcgen.pages.resolve import OTHER_BRAND, internal_keys, why_hidden
from hcgen.search.sheets import Passage, Sheet, sheet_name
from hcgen.text import digest


def articles_of(project: Project) -> dict[str, Article]:
    """Every source with words, articles and indexes, by path."""
    every = (*project.library.articles.values(), *project.library.indexes.values())
    return {one.path: one for one in sorted(every, key=lambda one: one.path)}


def brands_of(project: Project, article: Article) -> tuple[str, ...]:
    """The brands whose readers or agents the article is for, whatever the moment and its audience."""
    return tuple(
        brand.id
        for brand in project.brands
        if may_show(brand, article) and why_hidden(project, brand, article, frozenset()) != OTHER_BRAND
    )


def internal_paths(project: Project) -> frozenset[str]:
    """The sources that are for agents alone: internal themselves, in another language, or by their folder."""
    internal = internal_keys(project)
    folders = {(brand, folder) for brand, _, folder in project.library.indexes}
    closed = internal & folders
    return frozenset(
        path
        for path, one in articles_of(project).items()
        if (one.brand, one.key) in internal
        or any((brand, folder) in closed for brand in ("", one.brand) for folder in ancestors(one.key))
    )


def signs_of(
    project: Project, records: Mapping[str, Record], articles: Iterable[Article], internal: Container[str]
) -> dict[str, str]:
    """For each article, by path, a digest of all that its sheets depend on. `internal`: the paths for agents alone."""
    snippets = digest(encode([sorted(project.brand_names), sorted(project.library.snippets.items())]))
    found = {}
    for article in articles:
        record = records.get(article.path)
        # Where there is no conversion nobody knows whether it includes anything.
        context = record.context if record and record.kept else snippets
        parts = [article.digest, context, brands_of(project, article), article.path in internal]
        found[article.path] = digest(encode(parts), 8)
    return found


def sheets_of(project: Project, article: Article, *, is_internal: bool) -> list[Sheet]:
    """The article's sheets: one where all its brands have the same words. `is_internal`: for agents alone."""
    text = project.text(article)
    brands = brands_of(project, article)
    seen: dict[tuple[Passage, ...], list[str]] = {}
    if varies(text):
        for brand in brands or ("",):
            seen.setdefault(_passages(project, article, text, brand), []).append(brand)
    else:
        seen[_passages(project, article, text, "")] = list(brands)
    return [_sheet(article, passages, tuple(filter(None, some)), is_internal) for passages, some in seen.items()]


def _sheet(article: Article, passages: tuple[Passage, ...], brands: tuple[str, ...], is_internal: bool) -> Sheet:
    front = article.front
    heading = next((one.text for one in passages if one.is_heading and not one.is_internal), "")
    key = f"{article.key}/" if article.is_index and article.key else article.key
    return Sheet(
        name=sheet_name(article.path, brands),
        id=article.public_id,
        source=article.path,
        locale=article.locale,
        title=front.title or heading or article.key.rpartition("/")[2],
        description=front.description,
        tags=front.tags,
        synonyms=front.synonyms,
        folders=tuple(ancestors(key)),
        brands=brands,
        is_internal=is_internal,
        passages=passages,
    )


def _passages(project: Project, article: Article, text: str, brand: str) -> tuple[Passage, ...]:
    """What `brand` reads in the article, and what its agents alone do."""
    names, snippets = project.brand_names, project.library.snippets
    lines = select_text(text, brand, names, snippets, internal=True).lines
    public = select_text(text, brand, names, snippets).lines if "///" in text or "8<-" in text else lines
    found: list[Passage] = []
    for is_internal, some in groupby(_told_apart(lines, public), key=lambda pair: pair[1]):
        for one in paragraphs(line for line, _ in some):
            found.append(Passage(one.line + article.body_line - 1, one.text, one.is_heading, is_internal))
    return tuple(found)


def _told_apart(lines: Iterable[Line], public: Sequence[Line]) -> Iterator[tuple[Line, bool]]:
    """Each line, and whether it is missing among the `public` ones, which are some of them in the same order."""
    at = 0
    for line in lines:
        is_public = at < len(public) and public[at] == line
        at += is_public
        yield line, not is_public
