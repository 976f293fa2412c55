"""Numbers and sorted words as short printable text, which every static host compresses.

theme/search/numbers.js reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

# Printable ASCII but for the two characters that JSON escapes: 46 digits that end a number, 46 that do not.
_PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"\\')
_LAST, _MORE = _PRINTABLE[:46], _PRINTABLE[46:92]
_BASE = 46
_LONGEST_PREFIX = 35


def _digits(number: int) -> str:
    text = _LAST[number % _BASE]
    while number := number // _BASE:
        text = _MORE[number % _BASE] + text
    return text


# Most numbers are small; looking them up is several times faster.
_KNOWN = [_digits(number) for number in range(_BASE * _BASE)]


def rising(values: Sequence[int]) -> str:
    """`values`, not negative and each greater than the one before, as the first and the differences less 1."""
    if not values:
        return ""
    steps = [after - before - 1 for before, after in pairwise((-1, *values))]
    try:
        return "".join([_KNOWN[step] for step in steps])
    except IndexError:
        return "".join(map(_digits, steps))


def front_coded(words: Sequence[str]) -> str:
    """Sorted words, each as the length that it shares with the one before (0 to z) and the rest."""
    lines, before = [], ""
    for word in words:
        shared = 0
        most = min(len(before), len(word), _LONGEST_PREFIX)
        while shared < most and before[shared] == word[shared]:
            shared += 1
        lines.append("0123456789abcdefghijklmnopqrstuvwxyz"[shared] + word[shared:])
        before = word
    return "\n".join(lines)


def by_code_unit(word: str) -> bytes:
    """The key that sorts as JavaScript does (ECMA-262, IsLessThan)."""
    return word.encode("utf-16-be", "surrogatepass")
