"""What is indexed: documents, and the terms of one document, which depend on nothing but the document."""

from __future__ import annotations

from msgspec import Struct

from hcgen.search.analyse import Analyser
from hcgen.text import shorten

# Characters of a section that a result can show.
_EXCERPT = 300
# A description is written to say what the article is about: its words count twice.
_DESCRIPTION = 2
# More often is no more telling: BM25 is saturated.
MOST = 32


class Section(Struct, frozen=True):
    """A heading and the text below it, up to the next heading. The first section has no heading."""

    id: str
    title: str
    text: str


class Document(Struct, frozen=True):
    """One article as search sees it: plain text, whole. `url` is relative to the locale's root."""

    url: str
    title: str
    sections: tuple[Section, ...] = ()
    description: str = ""
    synonyms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: str = ""
    lang: str = ""
    """The language it is written in, where that is not the index's."""
    popularity: float = 0
    """From 0 to 1."""


class Entry(Struct, frozen=True, gc=False):
    """A line that can be found by itself: `t` a title, `h` a heading, `s` a synonym or tag."""

    kind: str
    length: int
    """In words but determiners; two characters of a script without spaces are one."""
    terms: tuple[str, ...]


class Analysed(Struct, frozen=True, gc=False):
    """The terms of one document, ready to be merged. Kept between builds by the digest of the document."""

    url: str
    title: str
    category: str
    lang: str
    popularity: float
    entries: tuple[Entry, ...]
    """The title first."""
    length: int
    terms: tuple[str, ...]
    """Of the text, each once, sorted."""
    counts: tuple[int, ...]
    """How often each of `terms` occurs, up to `MOST`."""
    sections: tuple[tuple[str, str, str], ...]
    """(id, heading, beginning of the text) of each section."""


def analysed(document: Document, analyser: Analyser) -> Analysed:
    """The terms of `document`. A pure function of both."""
    entries = [_entry("t", document.title, analyser)]
    entries += [_entry("h", section.title, analyser) for section in document.sections if section.title]
    entries += [_entry("s", text, analyser) for text in (*document.synonyms, *document.tags)]
    counts = analyser.counts("\n".join([section.text for section in document.sections]))
    for term in analyser.terms(document.description):
        counts[term] = counts.get(term, 0) + _DESCRIPTION
    terms = sorted(counts)
    # The summary, where a document begins with a heading.
    opening = () if document.sections and not document.sections[0].title else (Section("", "", document.description),)
    return Analysed(
        url=document.url,
        title=_line(document.title),
        category=document.category,
        lang=document.lang,
        popularity=document.popularity,
        entries=tuple(entries),
        length=sum(counts.values()),
        terms=tuple(terms),
        counts=tuple([count if count < MOST else MOST for count in map(counts.__getitem__, terms)]),
        sections=tuple(
            (section.id, _line(section.title), shorten(section.text, _EXCERPT))
            for section in (*opening, *document.sections)
        ),
    )


def _entry(kind: str, text: str, analyser: Analyser) -> Entry:
    units = analyser.units(text)
    pairs = sum(unit.is_pair for unit in units)
    words = sum(not unit.is_pair and unit.word not in analyser.language.determiners for unit in units)
    terms = dict.fromkeys(term for unit in units for term in (*unit.terms, *unit.pieces))
    return Entry(kind, max(1, words + (pairs + 1) // 2), tuple(terms))


def _line(text: str) -> str:
    return " ".join(text.split())
