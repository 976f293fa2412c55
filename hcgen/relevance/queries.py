"""Known-item queries: what somebody might type who looks for one article of the content. No engine is asked.

They show whether an article is found by its own words, whatever happens to these words on the way. They cannot show
what customers call things in words that no article holds, what they look for and nobody has written, nor which of two
articles they would rather have. Golden queries (`queries.yml`) are for that.

An article gives the same queries whatever stands beside it, as far as the vocabulary allows, and digests settle which
articles are asked for. So a new article changes few of the queries, and runs can be compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from hcgen.relevance.slips import Chance, half_typed, is_korean, is_latin, mistyped, other_form, parts, spelled_out
from hcgen.relevance.slips import without_accents as bare
from hcgen.relevance.tongues import Tongue, tongue
from hcgen.search.documents import Document
from hcgen.text import digest

# Letters and digits, with the marks on letters and the vowel signs that `\w` leaves out.
_LETTERS = "(?:[^\\W_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u0eff])+"
_WORD = re.compile(f"{_LETTERS}(?:[-'’.]{_LETTERS})*")
# Scripts without spaces change where words do: Han with its endings in kana, kana, all others.
_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff々]+|[ァ-ヺー]+|[ぁ-ゖ]+|[^\u3400-\u4dbf\u4e00-\u9fff々ァ-ヺーぁ-ゖ]+")
_MOST_WORDS = 7
_LEAST_TYPO = 4
_LEAST_COMPOUND = 9
_DESCRIBED = 6


class Query(Struct, frozen=True):
    """A query of one class, and the address of the article that it is about, relative to the locale's root."""

    kind: str
    text: str
    url: str


class Corpus(Struct, frozen=True):
    """What one help center says: in how many articles each word stands, how many there are, and shared headings."""

    tongue: Tongue
    spread: Mapping[str, int]
    articles: int
    titles: Mapping[tuple[str, ...], int]
    """How many titles and headings have the same words."""

    @property
    def least(self) -> int:
        """How many words say what is meant; without spaces, what looks like one may be several."""
        return 1 if self.tongue.glue else 2

    def words(self, text: str) -> tuple[str, ...]:
        """The words of `text` that tell something: those that most articles hold are left out, as people do."""
        most = max(2, self.articles // 2)
        return tuple(word for word in split(text, self.tongue) if self.spread.get(word, 0) <= most)


Maker = Callable[[Document, Corpus, Chance], str]
"""The query of one class that a document gives, or ""."""


def known_items(documents: Iterable[Document], code: str, most: int) -> list[Query]:
    """Queries of each class for at most `most` of the documents that are written in the language `code`."""
    written = [one for one in documents if not one.lang]
    corpus = corpus_of(written, tongue(code))
    found = []
    for kind, make in _MAKERS.items():
        made: dict[str, str] = {}
        for document in sorted(written, key=lambda one: digest(f"{kind} {one.url}")):
            text = make(document, corpus, Chance(f"{kind} {document.url}"))
            if text and text not in made and len(made) < most:
                made[text] = document.url
        found += [Query(kind, text, url) for text, url in made.items()]
    return found


def corpus_of(documents: Sequence[Document], habits: Tongue) -> Corpus:
    """What the documents say."""
    spread: Counter[str] = Counter()
    titles: Counter[tuple[str, ...]] = Counter()
    for one in documents:
        lines = [one.title, *(section.title for section in one.sections if section.title)]
        texts = (*lines, one.description, *(section.text for section in one.sections))
        spread.update({word for text in texts for word in split(text, habits)})
        titles.update({_line(split(line, habits)) for line in lines})
    return Corpus(habits, spread, len(documents), titles)


def split(text: str, habits: Tongue) -> tuple[str, ...]:
    """The words of `text`, small; in a script without spaces what stands between the little words."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    if not habits.glue:
        return tuple(words)
    runs = [run for word in words for run in _RUN.findall(word)]
    return tuple(piece for run in runs for piece in re.split(habits.glue, run) if piece)


def _line(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))


def _title(document: Document, corpus: Corpus) -> tuple[str, ...]:
    """The telling words of a title that is the article's alone; () where it could be any of several."""
    every = split(document.title, corpus.tongue)
    if corpus.titles[_line(every)] > 1:
        return ()
    words = corpus.words(document.title)
    words = words if len(words) > 1 else every
    return words if corpus.least <= len(words) <= _MOST_WORDS else ()


def _by_title(document: Document, corpus: Corpus, chance: Chance) -> str:
    words = _title(document, corpus)
    at = chance.below(len(words)) if words else 0
    return " ".join(words[at:] + words[:at])


def _by_heading(document: Document, corpus: Corpus, chance: Chance) -> str:
    lines = [one.title for one in document.sections if corpus.titles.get(_line(split(one.title, corpus.tongue))) == 1]
    found = [words for words in map(corpus.words, lines) if len(words) >= corpus.least]
    return " ".join(found[chance.below(len(found))][:_MOST_WORDS]) if found else ""


def _by_prefix(document: Document, corpus: Corpus, chance: Chance) -> str:
    words = _title(document, corpus)
    begun = half_typed(words[-1], is_glued=bool(corpus.tongue.glue)) if words else ""
    return " ".join((*words[:-1], begun)) if words and begun != words[-1] else ""


def _by_typo(document: Document, corpus: Corpus, chance: Chance) -> str:
    words = _title(document, corpus)
    # A slip among Han characters is another word by sound, which only an input method knows.
    fit = [
        word for word in words if word.isalpha() and (len(word) >= _LEAST_TYPO or (is_korean(word) and len(word) > 1))
    ]
    fit = [word for word in fit if not corpus.tongue.glue or is_latin(word) or "ァ" <= word[0] <= "ヺ"]
    if not fit:
        return ""
    meant = max(fit, key=len)
    typed = mistyped(meant, corpus.tongue, chance)
    return "" if typed in corpus.spread else " ".join(typed if word == meant else word for word in words)


def _by_form(document: Document, corpus: Corpus, chance: Chance) -> str:
    words = list(_title(document, corpus))
    forms = [other_form(word, corpus.tongue, corpus.spread, chance) for word in words]
    places = [at for at, form in enumerate(forms) if form]
    # More articles and particles would make nonsense of the words.
    for at in places[: 2 if corpus.tongue.endings else 1]:
        words[at] = forms[at]
    return " ".join(words) if places else ""


def _by_compound(document: Document, corpus: Corpus, chance: Chance) -> str:
    words = _title(document, corpus)
    for at, word in enumerate(words):
        found = parts(word, corpus.tongue.links, corpus.spread) if len(word) >= _LEAST_COMPOUND else ()
        if found:
            return " ".join((*words[:at], *found, *words[at + 1 :]))
    return ""


def _by_accent(document: Document, corpus: Corpus, chance: Chance) -> str:
    text = " ".join(_title(document, corpus))
    return "" if bare(text) == text else bare(text)


def _by_digraph(document: Document, corpus: Corpus, chance: Chance) -> str:
    text = " ".join(_title(document, corpus))
    typed = spelled_out(text, corpus.tongue.digraphs)
    return "" if typed == text else typed


def _by_joined(document: Document, corpus: Corpus, chance: Chance) -> str:
    words = _title(document, corpus)
    return "".join(words) if words and all(map(is_korean, words)) else ""


def _by_question(document: Document, corpus: Corpus, chance: Chance) -> str:
    words = _title(document, corpus)
    return corpus.tongue.question.replace("{}", " ".join(words)) if words else ""


def _by_description(document: Document, corpus: Corpus, chance: Chance) -> str:
    """What it says beyond the title: the nearest that content comes to the words of a ticket."""
    known = split(document.title, corpus.tongue)
    words = [word for word in corpus.words(document.description) if word not in known]
    return " ".join(words[:_DESCRIBED]) if len(words) > 2 else ""


_MAKERS: Mapping[str, Maker] = {
    "title": _by_title,
    "heading": _by_heading,
    "prefix": _by_prefix,
    "typo": _by_typo,
    "form": _by_form,
    "compound": _by_compound,
    "accent": _by_accent,
    "digraph": _by_digraph,
    "joined": _by_joined,
    "question": _by_question,
    "description": _by_description,
}
KINDS = tuple(_MAKERS)
"""The classes, in the order of reports."""
