"""The articles of a help center as its search index has them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from hcgen.model.site import SearchEntry, Site
from hcgen.search.documents import Document
from hcgen.search.texts import sections_of


def documents_of(site: Site, html: Callable[[str], str]) -> list[Document]:
    """Every article that `site` has a page of; `html` gives the HTML of a conversion by its sign."""
    return [_document(entry, html(entry.sign)) for entry in site.search]


def _document(entry: SearchEntry, text: str) -> Document:
    sections = sections_of(text, entry.facts)
    named = tuple(replace(one, id=entry.ids[int(one.id)] if one.id else "") for one in sections)
    return Document(
        entry.url, entry.title, named, entry.description, entry.synonyms, entry.tags, entry.category, entry.lang,
        entry.popularity,
    )  # fmt: skip
