"""Which pages one brand has in one language: all that its other languages and the other brands need to know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.pages.navigation import ancestors
from hcgen.pages.resolve import Selection


class Outline(Struct, frozen=True):
    """Keys of articles and folders with a page, and of those whose page is written in its own language."""

    articles: frozenset[str]
    written: frozenset[str]
    folders: frozenset[str]
    written_folders: frozenset[str]


def outline_of(selection: Selection, brand: Brand, is_withheld: Callable[[Article], bool]) -> Outline:
    """The outline of `selection`, which is `brand`'s in one language.

    A text of the same language that the brand does not serve elsewhere (`de` for `de-AT`) counts as written.
    """
    code = selection.locale
    primary = code.split("-", maxsplit=1)[0]

    def speaks(article: Article) -> bool:
        same = article.locale.split("-")[0] == primary
        return article.locale == code or (same and article.locale not in brand.locales)

    shown = [key for key, article in selection.articles.items() if not is_withheld(article)]
    written = [key for key, article in selection.articles.items() if article.locale == code or speaks(article)]
    folders = _folders(shown) | {key for key, index in selection.indexes.items() if index.has_text}
    spoken = _folders(written) | {key for key, index in selection.indexes.items() if speaks(index)}
    return Outline(frozenset(shown), frozenset(written), frozenset(folders), frozenset(spoken))


def _folders(keys: Iterable[str]) -> set[str]:
    nearest = {key.rpartition("/")[0] for key in keys} - {""}
    return nearest | {name for key in nearest for name in ancestors(key)}
