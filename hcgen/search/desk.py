"""The desk search: Whoosh over sheets, fed by our own analyser. The one file that names Whoosh.

An index holds one language. Each word of a text stands in it as all the terms that the analyser makes of it, and as it
was written, at one position: stems are what questions ask for, written words are what wildcards and corrections see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct
from whoosh import fields, qparser, query
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import RamStorage

from hcgen.search.analyse import Analyser, Unit
from hcgen.search.documents import Document
from hcgen.search.excerpt import Excerpt
from hcgen.search.fold import fold, plain
from hcgen.search.languages import language
from hcgen.search.sheets import Passage, Sheet, sheet_of

_WEIGHTS = {"title": 4.0, "heading": 2.0, "tag": 2.0, "about": 2.0, "text": 1.0}
_INTERNAL = "internal"
# Words that every text has in these fields, as they are.
_PLAIN = ("brand", "category", "id", "locale")
# How much more an article counts that has more of the words asked for.
_COORDINATION = 0.9


class Hit(Struct, frozen=True):
    """One answer. `id` is the sheet's; `line` is where the excerpt stands in its file."""

    name: str
    id: str
    title: str
    score: float
    excerpt: Excerpt = Excerpt("")
    line: int = 0
    is_internal: bool = False
    """Whether the excerpt is for agents alone."""


class _Feed(Analyzer):  # type: ignore[misc]
    """Hands the terms of our analyser to Whoosh; in a phrase that is asked for, each word's first term alone."""

    def __init__(self, code: str) -> None:
        self.code, self.analyser = code, Analyser(language(code))

    def __reduce__(self) -> tuple[object, ...]:
        # Whoosh pickles its schema; a stemmer cannot be.
        return _Feed, (self.code,)

    def __call__(self, value: str, mode: str = "", **options: Any) -> Iterator[Any]:
        token = Token(positions=True, chars=False, mode=mode)
        for at, unit in enumerate(self.analyser.units(value)):
            terms = (unit.terms[:1],) if mode == "query" else (unit.terms, unit.pieces, (unit.word,))
            for term in dict.fromkeys(one for group in terms for one in group):
                token.text, token.pos, token.startchar, token.endchar = term, at, 0, 0
                token.boost, token.stopped, token.original = 1.0, False, term
                yield token


def _schema(code: str) -> Any:
    feed = _Feed(code)
    words = {name: fields.TEXT(analyzer=feed) for name in (*_WEIGHTS, _INTERNAL)}
    listed = {name: fields.KEYWORD(lowercase=True) for name in _PLAIN}
    return fields.Schema(name=fields.ID(stored=True, unique=True), **words, **listed)


class Desk:
    """One language's index, open for questions. `sheet` gives a sheet by its name, for excerpts."""

    def __init__(self, index: Any, code: str, sheet: Callable[[str], Sheet | None]) -> None:
        self._index, self._sheet = index, sheet
        self._analyser = Analyser(language(code))
        self._searcher = index.searcher()

    @classmethod
    def of(cls, documents: Iterable[Document | Sheet], locale: str) -> Desk:
        """A desk in memory over the documents of one brand in one language; a hit's `id` is the document's `url`."""
        sheets = [sheet_of(one, locale) if isinstance(one, Document) else one for one in documents]
        index = RamStorage().create_index(_schema(locale))
        with index.writer() as writer:
            for sheet in sheets:
                writer.add_document(**_fields_of(sheet))
        return cls(index, locale, {sheet.name: sheet for sheet in sheets}.get)

    def search(self, text: str, limit: int = 10, *, internal: bool = False) -> tuple[Hit, ...]:
        """The sheets that answer `text`, best first: those with all words, then those with some."""
        found: dict[str, Hit] = {}
        for group in (qparser.AndGroup, qparser.OrGroup):
            asked = self._parser(group, internal=internal).parse(text)
            for name, score in self._ranked(asked, limit):
                if name not in found and len(found) < limit:
                    found[name] = Hit(name, name, "", score)
        return tuple(found.values())

    def _ranked(self, asked: Any, limit: int | None) -> list[tuple[str, float]]:
        results = self._searcher.search(asked, limit=limit)
        return [(hit["name"], hit.score) for hit in results]

    def _parser(self, group: Any, *, internal: bool) -> Any:
        weights = _WEIGHTS | ({_INTERNAL: 1.0} if internal else {})
        parser = _Parser(None, self._index.schema, self._analyser, group)
        parser.add_plugin(qparser.MultifieldPlugin(list(weights), weights))
        return parser


class _Parser(qparser.QueryParser):  # type: ignore[misc]
    """Whoosh's query language, with words as our analyser reads them."""

    def __init__(self, fieldname: str | None, schema: Any, analyser: Analyser, group: Any) -> None:
        super().__init__(fieldname, schema, group=group)
        self.analyser = analyser

    def term_query(
        self,
        fieldname: str,
        text: str,
        termclass: Any,
        boost: float = 1.0,
        tokenize: bool = True,
        removestops: bool = True,
    ) -> Any:
        """The query for one word, or for what stands between two spaces."""
        if fieldname in _PLAIN:
            return termclass(fieldname, text.lower(), boost=boost)
        if not tokenize:
            # A wildcard or prefix: held against words as they were written.
            return termclass(fieldname, fold(plain(text)), boost=boost)
        words = [_meant(unit, fieldname, boost) for unit in self.analyser.units(text)]
        return self.group.qclass(words) if len(words) > 1 else words[0] if words else None


def _meant(unit: Unit, fieldname: str, boost: float) -> Any:
    """What stands for a word: one of its terms or further readings, or all its pieces."""
    ways = [query.Term(fieldname, term, boost=boost) for term in dict.fromkeys((*unit.terms, *unit.also))]
    if len(unit.pieces) > 1:
        ways.append(query.And([query.Term(fieldname, piece, boost=boost) for piece in unit.pieces]))
    return query.Or(ways) if len(ways) > 1 else ways[0]


def _fields_of(sheet: Sheet) -> dict[str, object]:
    """A sheet as Whoosh's fields."""
    public = [one for one in sheet.passages if not (one.is_internal or sheet.is_internal)]
    hidden = [one for one in sheet.passages if one.is_internal or sheet.is_internal]
    return {
        "name": sheet.name,
        "title": sheet.title,
        "heading": _joined(one for one in public if one.is_heading),
        "tag": "\n".join(sheet.tags),
        "about": "\n".join((sheet.description, *sheet.synonyms)),
        "text": _joined(one for one in public if not one.is_heading),
        "internal": _joined(hidden),
        "brand": list(sheet.brands),
        "category": [folder.lower() for folder in sheet.folders],
        "id": [sheet.id.lower()],
        "locale": [sheet.locale.lower()],
    }


def _joined(passages: Iterable[Passage]) -> str:
    return "\n".join(one.text for one in passages)
