"""The analyser: text to the terms that the index holds. theme/search/analyse.js is its twin; golden vectors bind them.

A unit is one word of the text. Its `terms` stand for all of it; `pieces` for its parts: two neighbouring characters in
scripts without spaces, parts of a code. A text that holds a term of the unit, or all its pieces, holds the word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import chain

import Stemmer
from msgspec import Struct

from hcgen.search.fold import chunks, fold, is_korean, is_unspaced, plain, runs
from hcgen.search.languages import Language

# Longer ones are no words: keys, digests, addresses.
_LONGEST = 32
_DIGIT = re.compile(r"\d")
# The long vowel mark at the end of a word is written or not: サーバー, サーバ.
_LAST_LONG = re.compile("ー(?![ァ-ヺ])")


class Unit(Struct, frozen=True, gc=False):
    """One word as the index knows it. There are very many and no cycles: the collector need not look at them."""

    word: str
    """As it was written, folded: what is completed and corrected."""
    terms: tuple[str, ...]
    pieces: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Further readings of a word that is asked for; the index does not hold them."""
    is_pair: bool = False
    """Two characters of a script without spaces: about half a word."""


def stemmer(language: Language) -> Callable[[str], str] | None:
    """From a word to its stem as the index holds it, folded; None for a language without."""
    if not language.stemmer:
        return None
    # It need not keep what it has stemmed, the analyser does.
    stem = Stemmer.Stemmer(language.stemmer, 0).stemWord
    pairs = language.digraphs

    def stemmed(word: str) -> str:
        found = fold(stem(word))
        for pair, letter in pairs:
            found = found.replace(pair, letter)
        return found

    return stemmed


class _Terms(dict[str, list[str]]):
    """The terms of what stands between spaces; what is as short as words are is kept."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser

    def __missing__(self, text: str) -> list[str]:
        found = self._analyser.terms(text)
        if len(text) <= _LONGEST:
            self[text] = found
        return found


class Analyser:
    """Analyses texts of one language. Keeps what it has seen: a corpus repeats its words."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._stem = stemmer(language)
        self._seen: dict[str, tuple[Unit, ...]] = {}
        self._terms = _Terms(self)

    def units(self, text: str) -> list[Unit]:
        """The words of `text` in order."""
        found: list[Unit] = []
        for chunk in chunks(plain(text)):
            units = self._seen.get(chunk)
            if units is None:
                units = self._seen[chunk] = tuple(self._chunk(chunk))
            found += units
        return found

    def terms(self, text: str) -> list[str]:
        """All that the index holds of `text`, in order."""
        return [term for unit in self.units(text) for term in (*unit.terms, *unit.pieces)]

    def counts(self, text: str) -> dict[str, int]:
        """How often each term occurs in `text`."""
        # No chunk has a space in it, and a split at spaces is much faster than a search for chunks.
        return Counter(chain.from_iterable(map(self._terms.__getitem__, plain(text).split())))

    def _chunk(self, chunk: str) -> list[Unit]:
        found: list[Unit] = []
        for at, run in enumerate(runs(chunk)):
            if is_unspaced(run):
                found += _unspaced(run)
            elif not is_korean(run):
                found += self._spaced(run)
            elif not at or run not in self.language.suffixes:
                # A particle behind a word of another script is no word.
                found += self._korean(run)
        return found

    def _spaced(self, run: str) -> list[Unit]:
        parts = [part for part in re.split(r"[-_.'’]+", run) if part]
        if len(parts) < 2:
            return [self._word(part) for part in parts]
        if re.search("['’]", run):
            # An article or an ending with its apostrophe: `l'article`, `user's`.
            return [self._word(part) for part in parts if len(part) > 1 and part != "qu"]
        whole = fold("".join(parts))
        is_code = _DIGIT.search(run) or ("." not in run and min(map(len, parts)) <= 3)
        if is_code and len(whole) <= _LONGEST // 2:
            return [Unit(whole, (whole,), tuple(self._word(part).terms[0] for part in parts))]
        return [self._word(part) for part in parts]

    def _word(self, word: str) -> Unit:
        word = word[:_LONGEST]
        folded = fold(word)
        # A code is itself.
        if _DIGIT.search(word) or word[-1] in "+#":
            return Unit(folded, (folded,))
        if self._stem:
            # Of the word, and of the word as people write it whose keyboard lacks its accents.
            return Unit(folded, tuple({self._stem(word): None, self._stem(folded): None}))
        prefixes, suffixes = self.language.prefixes, self.language.suffixes
        bare = self._without(folded, prefixes, suffixes)
        # A first or last letter may belong to the word: one affix less, one more.
        also = (
            self._without(bare, prefixes, ()),
            self._without(bare, (), suffixes),
            self._without(folded, (), suffixes),
        )
        return Unit(folded, (bare,), (), tuple(dict.fromkeys(term for term in also if term != bare)))

    def _korean(self, run: str) -> list[Unit]:
        run = run[:_LONGEST]
        bare = self._without(run, (), self.language.suffixes)
        also = (run,) if run != bare else ()
        return [Unit(run, (bare,), _pairs(bare) if len(bare) > 2 else (), also)]

    def _without(self, word: str, prefixes: tuple[str, ...], suffixes: tuple[str, ...]) -> str:
        """The word without its longest prefix and its longest suffix; both lists have the longest first."""
        least = self.language.least
        word = next((word[len(p) :] for p in prefixes if word.startswith(p) and len(word) - len(p) >= least), word)
        return next((word[: -len(s)] for s in suffixes if word.endswith(s) and len(word) - len(s) >= least), word)


def _unspaced(run: str) -> list[Unit]:
    run = _LAST_LONG.sub("", fold(run)) or run
    return [Unit(pair, (pair,), is_pair=len(pair) > 1) for pair in _pairs(run) or (run,)]


def _pairs(run: str) -> tuple[str, ...]:
    return tuple(run[at : at + 2] for at in range(len(run) - 1))
