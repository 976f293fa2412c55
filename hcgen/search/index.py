"""The static index of one brand in one language: analysed documents merged into small files.

docs/decisions/0009-search.md describes the files. Equal documents give equal bytes, in whatever order they come.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from hcgen.search.analyse import stemmer
from hcgen.search.compounds import parts
from hcgen.search.documents import MOST, Analysed
from hcgen.search.encode import by_code_unit, front_coded, rising
from hcgen.search.languages import Language
from hcgen.text import canonical_json, digest

VERSION = 1
MANIFEST = "index.json"
# Characters of a file before compression: what a later query loads must stay small, and so must its requests.
_BLOCK, _BLOCK_PAIRS, _DETAILS = 20_000, 42_000, 14_000
_TITLES = 4_096
# BM25 (Robertson and Zaragoza 2009, section 3.2): saturation, and how much long texts are held back.
_K1, _B = 1.2, 0.6
_LEVELS = 8
_DIGITS = bytes(ord("0") + level % _LEVELS for level in range(256))
_LENGTHS = [*range(1, 13), 14, 17, 21, 26]
# A word that fewer articles hold is not taken for a part of others.
_LEAST_ARTICLES = 3
_SHORTEST_COMPOUND = 8


class Postings(Struct, gc=False):
    """Where one term occurs: numbers of entries and articles, and its impact on each article.

    `parts` are the entries that hold it as a part of a compound.
    """

    entries: list[int] = []
    articles: list[int] = []
    impacts: list[int] = []
    parts: list[int] = []


def index_files(
    documents: Iterable[Analysed], language: Language, synonyms: Sequence[Sequence[str]] = ()
) -> dict[str, bytes]:
    """All files of an index by name. `synonyms` are groups of words that mean the same."""
    ordered = sorted(documents, key=lambda one: one.url)
    postings = _merged(ordered)
    if language.links and (stem := stemmer(language)):
        _add_parts(postings, partial(parts, links=language.links, stem=stem))
    files: dict[str, bytes] = {}

    def keep(kind: str, value: object) -> str:
        data = _encoded(value)
        name = digest(data, 5)
        files[f"{kind}-{name}.json"] = data
        return name

    terms = sorted(postings, key=by_code_unit)
    hot = [term for term in terms if postings[term].entries or postings[term].parts]
    blocks = list(_blocks(terms, postings, _BLOCK_PAIRS if language.pairs else _BLOCK))
    categories = sorted({one.category for one in ordered if one.category})
    details = list(_details(ordered))
    manifest = {
        "version": VERSION,
        "language": language.code,
        "count": len(ordered),
        "categories": categories,
        "entries": "".join(_entry_codes(one) for one in ordered),
        "popularity": _popularity(ordered),
        "hot": front_coded(hot),
        "spread": "".join(_spread(postings[term]) for term in hot),
        "bounds": [block[0] for block in blocks],
        "blocks": "".join(keep("terms", _block(block, postings)) for block in blocks),
        "titles": "".join(keep("titles", value) for value in _titles(ordered, categories)),
        "starts": [start for start, _ in details],
        "details": "".join(keep("details", value) for _, value in details),
        "synonyms": [list(group) for group in synonyms],
    }
    files[MANIFEST] = _encoded(manifest)
    return files


def _encoded(value: object) -> bytes:
    # A lone surrogate, which YAML may bring in by an escape, has no bytes in UTF-8 (RFC 3629, section 3).
    return canonical_json(value).encode("utf-8", "replace")


def _merged(documents: Sequence[Analysed]) -> dict[str, Postings]:
    """Each term's postings. Impacts are measured against a mean length that moves in steps, so that one article more or
    less does not change the impacts in all blocks."""
    found: dict[str, Postings] = defaultdict(Postings)
    mean = sum(one.length for one in documents) / max(1, len(documents))
    pivot = 2 ** (round(2 * math.log2(max(1.0, mean))) / 2)
    number = 0
    for at, one in enumerate(documents):
        for entry in one.entries:
            for term in entry.terms:
                found[term].entries.append(number)
            number += 1
        impacts = _impacts(one.length / pivot)
        for term, count in zip(one.terms, one.counts, strict=True):
            postings = found[term]
            postings.articles.append(at)
            postings.impacts.append(impacts[count])
    return found


def _impacts(length: float) -> list[int]:
    """The impact, 0 to 7, of a term that occurs so many times in a text of this length (1 is the mean)."""
    norm = _K1 * (1 - _B + _B * length)
    return [round((_LEVELS - 1) * count / (count + norm)) for count in range(MOST + 1)]


def _add_parts(postings: dict[str, Postings], split: Callable[[str, Container[str]], tuple[str, ...]]) -> None:
    """Gives the postings of compounds to their parts as well, a little weaker."""
    known = {term for term, found in postings.items() if len(found.articles) + len(found.entries) >= _LEAST_ARTICLES}
    compounds: dict[str, list[Postings]] = defaultdict(list)
    for term, found in postings.items():
        if len(term) >= _SHORTEST_COMPOUND and term.isalpha():
            for part in _all_parts(term, known, split):
                compounds[part].append(found)
    # Whatever is a part and a compound gives what it had before.
    postings.update({part: _with(postings[part], wholes) for part, wholes in compounds.items()})


def _with(own: Postings, compounds: Sequence[Postings]) -> Postings:
    """The postings of a word, and those of the compounds that it is a part of."""
    entries = {entry for one in compounds for entry in one.entries}
    impacts = dict(zip(own.articles, own.impacts, strict=True))
    for one in compounds:
        for article, impact in zip(one.articles, one.impacts, strict=True):
            impacts[article] = max(impacts.get(article, 0), impact - 1)
    articles = sorted(impacts)
    return Postings(own.entries, articles, [impacts[at] for at in articles], sorted(entries.difference(own.entries)))


def _all_parts(term: str, known: set[str], split: Callable[[str, Container[str]], tuple[str, ...]]) -> set[str]:
    """The parts of a compound, and theirs."""
    found = set(split(term, known))
    return found.union(*(_all_parts(part, known, split) for part in found if len(part) >= _SHORTEST_COMPOUND))


def _blocks(terms: Sequence[str], postings: Mapping[str, Postings], most: int) -> Iterator[list[str]]:
    """The terms in order, cut into blocks of about equal size."""
    block: list[str] = []
    size = 0
    for term in terms:
        found = postings[term]
        cost = 4 + len(term) // 2 + len(found.entries) + 2 * len(found.articles)
        if block and size + cost > most:
            yield block
            block, size = [], 0
        block.append(term)
        size += cost
    if block:
        yield block


def _block(terms: Sequence[str], postings: Mapping[str, Postings]) -> list[str]:
    """One block: words, and a line each of entries, articles, entries as a part, and impacts."""
    found = [postings[term] for term in terms]
    return [
        front_coded(terms),
        "\n".join(rising(one.entries) for one in found),
        "\n".join(rising(one.articles) for one in found),
        "\n".join(rising(one.parts) for one in found),
        "\n".join(bytes(one.impacts).translate(_DIGITS).decode() for one in found),
    ]


def _entry_codes(one: Analysed) -> str:
    """A character for each entry: its kind and its length in steps; a title begins an article."""
    first = {"t": "A", "h": "a", "s": "#"}
    return "".join(chr(ord(first[entry.kind]) + _step(entry.length)) for entry in one.entries)


def _step(length: int) -> int:
    """How many of the lengths are shorter: short titles differ by each word."""
    return bisect_left(_LENGTHS, min(length, _LENGTHS[-1]))


def _spread(found: Postings) -> str:
    """In how many places a term occurs, as the logarithm, a letter."""
    return chr(ord("a") + min(25, (len(found.articles) + len(found.entries) + len(found.parts)).bit_length()))


def _popularity(documents: Sequence[Analysed]) -> str:
    """A digit for each article, 0 to 7; nothing where no article has any."""
    levels = [min(_LEVELS - 1, round((_LEVELS - 1) * one.popularity)) for one in documents]
    return "".join(map(str, levels)) if any(levels) else ""


def _titles(documents: Sequence[Analysed], categories: Sequence[str]) -> Iterator[dict[str, object]]:
    """What a list of results shows, for up to so many articles."""
    numbers = {category: at for at, category in enumerate(categories)}
    for at in range(0, len(documents), _TITLES):
        some = documents[at : at + _TITLES]
        yield {
            "titles": "\n".join(one.title for one in some),
            "urls": "\n".join(one.url for one in some),
            "categories": [numbers.get(one.category, -1) for one in some],
            "langs": {str(place): one.lang for place, one in enumerate(some) if one.lang},
        }


def _details(documents: Sequence[Analysed]) -> Iterator[tuple[int, list[object]]]:
    """(number of the first article, sections of each article), in files of about equal size."""
    start, group, size = 0, list[object](), 0
    for at, one in enumerate(documents):
        group.append(one.sections)
        size += sum(map(len, (text for section in one.sections for text in section)))
        if size >= _DETAILS:
            yield start, group
            start, group, size = at + 1, [], 0
    if group:
        yield start, group
