"""Words that were probably meant: the nearest of a lexicon by edit distance, Korean by its letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# From so many letters on a word may have one mistake, and two.
_ONE, _TWO = 4, 8


def nearest(word: str, lexicon: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Up to `most` words of `lexicon` that differ from `word` by a mistake or two, those with fewest first.

    A mistake is a letter more, less, another, or two that changed places (optimal string alignment distance).
    """
    letters = _letters(word)
    allowed = 0 if len(letters) < _ONE else 1 if len(letters) < _TWO else 2
    if not allowed or any(letter.isdigit() for letter in letters):
        return ()
    own = set(letters)
    found: list[tuple[int, str]] = []
    for other in lexicon:
        theirs = _letters(other)
        # Each mistake brings or takes one letter at most, or both.
        if abs(len(theirs) - len(letters)) > allowed or len(own.symmetric_difference(theirs)) > 2 * allowed:
            continue
        away = distance(letters, theirs, allowed)
        if 0 < away <= allowed:
            found.append((away, other))
    return tuple(other for _, other in sorted(found)[:most])


def distance(one: str, other: str, most: int) -> int:
    """The distance of two words, or `most + 1` where it is greater than `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, their in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != their))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == their:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _letters(word: str) -> str:
    """The word as it is typed: a Korean syllable is two or three key strokes."""
    return word if word.isascii() else unicodedata.normalize("NFD", word)
