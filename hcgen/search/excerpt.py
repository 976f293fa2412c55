"""What a hit shows of a text: the words asked for, and a passage around them. theme/search/excerpt.js is its twin."""

from __future__ import annotations

import re
from collections.abc import Set

from msgspec import Struct

from hcgen.search.analyse import Analyser, Unit

# Letters and digits, and the marks of scripts whose words have some (Latin, Hebrew, Arabic, Indic, Thai and others).
_WORD = re.compile(
    "[^\\W_](?:[^\\W_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f])*"
)
_LONGEST = 180
_BEFORE = 30

Range = tuple[int, int]
"""Where a marked word begins and ends, in characters."""


class Excerpt(Struct, frozen=True):
    """A piece of a text on one line, and the words of it that were asked for."""

    text: str
    ranges: tuple[Range, ...] = ()


def marked(text: str, analyser: Analyser, wanted: Set[str]) -> list[Range]:
    """The places of `text` whose words have one of the terms `wanted`."""
    found: list[Range] = []
    for match in _WORD.finditer(text):
        units = analyser.units(match[0])
        if any(unit.is_pair for unit in units):
            found += _pairs(match[0].lower(), match.start(), units, wanted)
        elif any(not wanted.isdisjoint((unit.word, *unit.terms, *unit.pieces)) for unit in units):
            found.append(match.span())
    return _joined(found)


def excerpt(text: str, analyser: Analyser, wanted: Set[str]) -> Excerpt:
    """The piece of `text` that holds most of what was asked for."""
    text = " ".join(text.split())
    ranges = marked(text, analyser, wanted)
    start = _start(ranges)
    if start:
        start = max(start - _BEFORE, text.rfind(" ", 0, start) + 1)
    end = min(len(text), start + _LONGEST)
    if end < len(text):
        end = max(end - _BEFORE, text.rfind(" ", 0, end))
    shift = 1 if start else 0
    shown = ((first - start + shift, last - start + shift) for first, last in ranges if first >= start and last <= end)
    return Excerpt(("…" if start else "") + text[start:end] + ("…" if end < len(text) else ""), tuple(shown))


def _start(ranges: list[Range]) -> int:
    """Where the window with most ranges begins."""
    best, most = 0, 0
    for first, _ in ranges:
        begin = 0 if first < _LONGEST // 2 else first - _BEFORE
        inside = sum(begin <= one and last <= begin + _LONGEST for one, last in ranges)
        if inside > most:
            best, most = begin, inside
    return best


def _pairs(word: str, place: int, units: list[Unit], wanted: Set[str]) -> list[Range]:
    """In scripts without spaces the characters asked for, wherever they stand in the run."""
    found: list[Range] = []
    for unit in units:
        if wanted.isdisjoint(unit.terms):
            continue
        at = word.find(unit.word)
        while at >= 0:
            found.append((place + at, place + at + len(unit.word)))
            at = word.find(unit.word, at + 1)
    return found


def _joined(ranges: list[Range]) -> list[Range]:
    """Ranges that touch made one."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
