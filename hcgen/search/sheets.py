"""What the desk searches: sheets, each the words of one source or document, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from hcgen.search.documents import Document


class Passage(Struct, frozen=True):
    """A paragraph, list item or heading. `line` is where it begins in its file (0: nowhere in particular)."""

    line: int
    text: str
    is_heading: bool = False
    is_internal: bool = False
    """Whether agents alone may read it."""


class Sheet(Struct, frozen=True):
    """One text as the desk knows it. `name` is unique among the sheets of a language, `id` what a hit is known by.

    `source` names what it was made of; a source may have several sheets, one for each text that it has for a brand.
    """

    name: str
    id: str
    source: str
    locale: str
    title: str
    description: str = ""
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    """Its category and the sections below it, as keys."""
    brands: tuple[str, ...] = ()
    is_internal: bool = False
    passages: tuple[Passage, ...] = ()


def sheet_name(source: str, brands: Iterable[str]) -> str:
    """What the sheet of some brands is called; neither ids of brands nor paths hold two slashes in a row."""
    return f"{'/'.join(brands)}//{source}"


def named(name: str) -> tuple[str, tuple[str, ...]]:
    """The source and the brands in the name of a sheet."""
    brands, _, source = name.partition("//")
    return source, tuple(filter(None, brands.split("/")))


def sheet_of(document: Document, locale: str) -> Sheet:
    """A document of the static index as a sheet."""
    passages: list[Passage] = []
    for section in document.sections:
        if section.title:
            passages.append(Passage(0, section.title, is_heading=True))
        if section.text:
            passages.append(Passage(0, section.text))
    return Sheet(
        name=document.url,
        id=document.url,
        source=document.url,
        locale=locale,
        title=document.title,
        description=document.description,
        tags=document.tags,
        synonyms=document.synonyms,
        folders=(document.category,) if document.category else (),
        passages=tuple(passages),
    )
