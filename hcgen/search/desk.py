"""The desk search: Whoosh over sheets, fed by our own analyser. The one file that names Whoosh.

An index holds one language. Each word of a text stands in it as all the terms that the analyser makes of it, and as it
was written, at one position: stems are what questions ask for, written words are what wildcards and corrections see.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import whoosh
from msgspec import Struct
from whoosh import fields, qparser, query
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import FileStorage, RamStorage

from hcgen.search.analyse import Analyser, Unit
from hcgen.search.documents import Document
from hcgen.search.excerpt import Excerpt, excerpt
from hcgen.search.fold import fold, plain
from hcgen.search.languages import language
from hcgen.search.seal import held, put_seal, sealed_signs
from hcgen.search.sheets import Passage, Sheet, named, sheet_of
from hcgen.search.spelling import nearest

# How much a word counts in each field.
_WEIGHTS = {"title": 4.0, "heading": 2.0, "tag": 2.0, "about": 2.0, "text": 1.0}
_INTERNAL = "internal"
# Fields that hold names as they are.
_NAMES = ("audience", "brand", "category", "id", "locale")
# What is guessed counts less than what was asked for.
_GUESSED = 0.6
_LONGEST = 400
_LIKE_TERMS = 30
# How often more a word counts that an article is named by.
_NAMED = 2
# Whoosh's inverse frequency of a word that half of the texts have: 1 + ln 2.
_TELLING = 1.69
_MEMORY_MB = 256
# What makes a text more than words; it is then taken at its word.
_SYNTAX = re.compile(rf'["*]|\b(?:AND|OR|NOT)\b|\b(?:{"|".join((*_WEIGHTS, *_NAMES))}):(?=\S)')
# A question, not a wildcard for one letter.
_QUESTION_MARK = re.compile(r"(?<=\w)[?\u061f](?=\s|$)")


class Match(StrEnum):
    """How far an answer is from what was asked: all words, all words or what they probably meant, some of these.

    A text with operators, fields, phrases or wildcards is never answered by some of them.
    """

    ALL = "all"
    MEANT = "meant"
    SOME = "some"


class Asked(Struct, frozen=True):
    """A question as Whoosh understands it. `meant` are the words that no text has, and what was taken for them."""

    query: Any
    meant: Mapping[str, tuple[str, ...]] = {}
    is_internal: bool = False


class Hit(Struct, frozen=True):
    """One answer. `name` and `id` are the sheet's; `line` is where the excerpt stands in its file."""

    name: str
    id: str
    title: str
    score: float
    excerpt: Excerpt
    line: int = 0
    is_internal: bool = False
    """Whether the excerpt is for agents alone."""


class Desk:
    """One language's index, open for questions. `sheet` gives a sheet by its name, for excerpts."""

    def __init__(self, index: Any, code: str, sheet: Callable[[str], Sheet]) -> None:
        self._sheet, self._schema = sheet, index.schema
        self._analyser = Analyser(language(code))
        self._searcher = index.searcher()
        self._public = set(self._searcher.docs_for_query(query.Term("audience", "public")))
        self._words: frozenset[str] | None = None

    @classmethod
    def of(cls, documents: Iterable[Document | Sheet], locale: str) -> Desk:
        """A desk in memory over the documents of one brand in one language; a hit's `id` is the document's `url`."""
        sheets = [sheet_of(one, locale) if isinstance(one, Document) else one for one in documents]
        index = RamStorage().create_index(_schema(locale))
        with index.writer(limitmb=_MEMORY_MB) as writer:
            for sheet in sheets:
                writer.add_document(**_fields_of(sheet))
        return cls(index, locale, {sheet.name: sheet for sheet in sheets}.__getitem__)

    @classmethod
    def kept(
        cls,
        folder: Path,
        locale: str,
        tool: str,
        signs: Mapping[str, str],
        sheets: Callable[[str], Sequence[Sheet]],
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Desk:
        """The desk of one language whose index is kept in `folder`, brought up to date.

        `signs` are the digests of all sources; `sheets` makes a source's sheets. Raises OSError where the folder cannot
        be written.
        """
        tool, schema, storage = f"{tool} {whoosh.versionstring()}", _schema(locale), FileStorage(str(folder))
        with held(folder):
            known = sealed_signs(folder, tool)
            index = storage.create_index(schema) if known is None else storage.open_index(schema=schema)
            changed = [source for source, sign in signs.items() if known is None or known.get(source) != sign]
            gone = [source for source in known or () if signs.get(source) != (known or {})[source]]
            if changed or gone or known is None:
                with index.writer(limitmb=_MEMORY_MB) as writer:
                    for source in gone:
                        writer.delete_by_term("source", source)
                    for done, source in enumerate(changed):
                        progress(done, len(changed))
                        for sheet in sheets(source):
                            writer.add_document(**_fields_of(sheet))
                put_seal(folder, tool, signs)
            # Its files are open now: who writes next may remove them.
            return cls(index, locale, lambda name: _named(sheets(named(name)[0]), name))

    def search(self, text: str, limit: int = 10, *, is_internal: bool = False) -> tuple[Hit, ...]:
        """What answers `text`, best first: what has all its words, then what has those that were probably meant,
        then what has some."""
        found: dict[str, Hit] = {}
        for match in Match:
            if len(found) < limit:
                asked = self.ask(text, match, is_internal=is_internal)
                if match is Match.MEANT and not asked.meant:
                    continue
                fresh = [one for one in self.ranked(asked) if one[0] not in found]
                found |= {hit.name: hit for hit in self.hits(asked, fresh[: limit - len(found)])}
        return tuple(found.values())

    def ask(self, text: str, match: Match = Match.ALL, *, is_internal: bool = False) -> Asked:
        """`text` in Whoosh's query language; what does not parse is taken for plain words."""
        # A lone surrogate has no bytes in UTF-8 (RFC 3629, section 3).
        text = _QUESTION_MARK.sub("", text[:_LONGEST].encode("utf-8", "replace").decode())
        is_loose = match is Match.SOME and not _SYNTAX.search(text)
        group = qparser.OrGroup if is_loose else qparser.AndGroup
        parser = _Parser(self._schema, self._analyser, group, is_internal=is_internal)
        if match is not Match.ALL:
            parser.guess = self._guess
        try:
            parsed = parser.parse(text)
        except (qparser.QueryParserError, ValueError, IndexError, AttributeError, TypeError, RecursionError):
            parser.plugins = [one for one in parser.plugins if isinstance(one, _PLAIN_PLUGINS)]
            parsed = parser.parse(text)
        return Asked(parsed, {word: near for word, near in parser.meant.items() if near}, is_internal)

    def like(self, sheet: Sheet) -> Asked:
        """A question for what says nearly the same as `sheet`: the words that it uses more than others do."""
        counts: Counter[str] = Counter()
        for passage in sheet.passages:
            if not passage.is_internal:
                counts.update(self._analyser.terms(passage.text))
        for term in self._analyser.terms(" ".join((sheet.title, *sheet.synonyms, *sheet.tags))):
            counts[term] += _NAMED
        reader = self._searcher.reader()
        # Once is not more telling than never elsewhere: a word of this text alone finds nothing.
        known = {term: count for term, count in counts.items() if reader.doc_frequency("text", term) > 1}
        telling = heapq.nlargest(
            _LIKE_TERMS, ((self._searcher.idf("text", term) * n / (n + 1.2), term) for term, n in known.items())
        )
        words = [query.Term(field, term, boost=weight) for weight, term in telling for field in ("text", "title")]
        return Asked(query.And([query.Or(words), query.Not(query.Term("source", sheet.source))]))

    def ranked(self, asked: Asked) -> list[tuple[str, float]]:
        """(name, score) of all sheets that answer, best first."""
        # Asked for the best few, Whoosh passes over better ones where a query has many words.
        results = self._searcher.search(asked.query, limit=None, filter=None if asked.is_internal else self._public)
        return [(results.fields(at)["name"], results.score(at)) for at in range(results.scored_length())]

    def hits(self, asked: Asked, ranked: Iterable[tuple[str, float]]) -> list[Hit]:
        """Sheets as answers, each with the passage that has most of what was asked for."""
        weights = self._weights(asked)
        return [self._hit(self._sheet(name), score, weights, asked.is_internal) for name, score in ranked]

    def _hit(self, sheet: Sheet, score: float, weights: Mapping[str, float], is_internal: bool) -> Hit:
        best, most = Passage(0, sheet.description), -1.0
        for passage in (best, *sheet.passages):
            # A heading names what the text below it says.
            if passage.is_heading or not passage.text or (passage.is_internal and not is_internal):
                continue
            told = sum(weights.get(term, 0.0) for term in set(self._analyser.terms(passage.text)))
            if told > most:
                best, most = passage, told
        shown = excerpt(best.text, self._analyser, weights.keys())
        return Hit(sheet.name, sheet.id, sheet.title, score, shown, best.line, best.is_internal or sheet.is_internal)

    def _weights(self, asked: Asked) -> dict[str, float]:
        """How much each term that was asked for tells; without those that most texts have, if there are others."""
        reader = self._searcher.reader()
        named = (pair for leaf in asked.query.leaves() for pair in leaf.expanded_terms(reader, phrases=True))
        terms = {text.decode() if isinstance(text, bytes) else text for field, text in named if field not in _NAMES}
        weights = {term: float(self._searcher.idf("text", term)) for term in terms}
        telling = {term: weight for term, weight in weights.items() if weight >= _TELLING}
        return telling or weights

    def _guess(self, unit: Unit) -> tuple[str, ...]:
        """What was probably meant by a word that no text has."""
        reader = self._searcher.reader()
        if any((field, term) in reader for field in _WEIGHTS for term in unit.terms):
            return ()
        if self._words is None:
            self._words = frozenset(term.decode() for field in _WEIGHTS for term in reader.lexicon(field))
        return nearest(unit.word, self._words)


class _Parser(qparser.QueryParser):  # type: ignore[misc]
    """Whoosh's query language, with words as our analyser reads them. `guess` gives what else a word may mean."""

    def __init__(self, schema: Any, analyser: Analyser, group: Any, *, is_internal: bool) -> None:
        plugins = [qparser.WhitespacePlugin(), qparser.FieldsPlugin(), qparser.WildcardPlugin(), qparser.PhrasePlugin()]
        plugins += [qparser.GroupPlugin(), qparser.OperatorsPlugin(), qparser.EveryPlugin()]
        weights = dict(_WEIGHTS)
        if is_internal:
            weights[_INTERNAL] = 1.0
        else:
            # Nobody asks by name for what they may not see.
            schema = schema.copy()
            schema.remove(_INTERNAL)
        plugins.append(qparser.MultifieldPlugin(list(weights), weights))
        super().__init__(None, schema, plugins=plugins, group=group)
        self.analyser = analyser
        self.guess: Callable[[Unit], tuple[str, ...]] = lambda unit: ()
        self.meant: dict[str, tuple[str, ...]] = {}

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
        if fieldname not in _WEIGHTS and fieldname != _INTERNAL:
            return termclass(fieldname, text.lower(), boost=boost)
        if not tokenize:
            # A wildcard: held against words as they were written.
            return termclass(fieldname, fold(plain(text)), boost=boost)
        words = [self._word(unit, fieldname, boost) for unit in self.analyser.units(text)]
        return self.group.qclass(words) if len(words) > 1 else words[0] if words else None

    def _word(self, unit: Unit, fieldname: str, boost: float) -> Any:
        """What stands for a word: one of its terms or further readings, all its pieces, or what was probably meant."""
        ways = [query.Term(fieldname, term, boost=boost) for term in dict.fromkeys((*unit.terms, *unit.also))]
        if len(unit.pieces) > 1:
            ways.append(query.And([query.Term(fieldname, piece, boost=boost) for piece in unit.pieces]))
        if unit.word not in self.meant:
            self.meant[unit.word] = () if unit.is_pair else self.guess(unit)
        for word in self.meant[unit.word]:
            terms = {term for near in self.analyser.units(word) for term in near.terms}
            ways += [query.Term(fieldname, term, boost=_GUESSED * boost) for term in sorted({word, *terms})]
        return query.Or(ways) if len(ways) > 1 else ways[0]


_PLAIN_PLUGINS = (qparser.WhitespacePlugin, qparser.MultifieldPlugin)


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
    names = {name: fields.KEYWORD(lowercase=True) for name in _NAMES}
    return fields.Schema(name=fields.ID(stored=True, unique=True), source=fields.ID(), **words, **names)


def _fields_of(sheet: Sheet) -> dict[str, object]:
    """A sheet as Whoosh's fields."""
    public = [one for one in sheet.passages if not one.is_internal]
    return {
        "name": sheet.name,
        "source": sheet.source,
        "title": sheet.title,
        "heading": _joined(one for one in public if one.is_heading),
        "tag": "\n".join(sheet.tags),
        "about": "\n".join((sheet.description, *sheet.synonyms)),
        "text": _joined(one for one in public if not one.is_heading),
        "internal": _joined(one for one in sheet.passages if one.is_internal),
        "audience": ["internal" if sheet.is_internal else "public"],
        "brand": list(sheet.brands),
        "category": [folder.lower() for folder in sheet.folders],
        "id": [sheet.id.lower()],
        "locale": [sheet.locale.lower()],
    }


def _joined(passages: Iterable[Passage]) -> str:
    return "\n".join(one.text for one in passages)


def _named(sheets: Iterable[Sheet], name: str) -> Sheet:
    return next(sheet for sheet in sheets if sheet.name == name)
