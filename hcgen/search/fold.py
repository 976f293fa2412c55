"""Letters made equal, and text cut into chunks and runs of one script. theme/search/fold.js is its twin."""

from __future__ import annotations

import re
import unicodedata

# Marks that a reader may leave out: Latin, Greek and Cyrillic accents, Hebrew and Arabic points. Those of Indic
# scripts, and the Japanese voicing marks, carry meaning and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    # Invisible: soft hyphen, joiners, directions.
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ς": "σ",
    # Arabic and Persian forms of one letter, and their digits.
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ھ": "ه", "ە": "ه",
    **{chr(0x660 + digit): str(digit) for digit in range(10)},
    **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
    # Hebrew letters at the end of a word.
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)

# By block: Indic scripts; Thai, Lao, Burmese and Khmer; kana and Han; Hangul.
_INDIC = "\u0900-\u0963\u0966-\u0dff"
_SOUTH_EAST = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_EAST = "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
_EAST += "\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = _SOUTH_EAST + _EAST
_HANGUL = "\u1100-\u11ff\uac00-\ud7a3"
# Letters and digits, and the blocks whose marks are part of words but not of `\w`.
_WORD = f"(?:[^\\W_]|[{_INDIC}{_SOUTH_EAST}])"
_CHUNK = re.compile(rf"{_WORD}+(?:[-_.'’]{_WORD}+)*(?:\+\+?|#)?")
# The same where no such mark is: several times faster.
_SIMPLE_CHUNK = re.compile(r"[^\W_]+(?:[-_.'’][^\W_]+)*(?:\+\+?|#)?")
_may_have_marks = re.compile(f"[{_INDIC}{_SOUTH_EAST}]").search
_RUN = re.compile(f"[{_UNSPACED}]+|[{_HANGUL}]+|[^{_UNSPACED}{_HANGUL}]+")

is_unspaced = re.compile(f"[{_UNSPACED}]").match
"""Whether a run is of a script without spaces between words."""
is_korean = re.compile(f"[{_HANGUL}]").match
"""Whether a run is of Hangul."""


def plain(text: str) -> str:
    """`text` in compatible forms and lower case, accents kept (Unicode Standard Annex 15, NFKC)."""
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKC", text).lower()))


def fold(word: str) -> str:
    """`word` without accents and with one form of each letter. `word` has been through `plain`."""
    if word.isascii():
        return word
    bare = _MARKS.sub("", unicodedata.normalize("NFD", word)).translate(_TABLE)
    return unicodedata.normalize("NFC", bare)


def chunks(text: str) -> list[str]:
    """What stands between spaces and punctuation; `wi-fi`, `v2.1` and `c++` are one chunk. `text` is plain."""
    is_simple = text.isascii() or not _may_have_marks(text)
    return (_SIMPLE_CHUNK if is_simple else _CHUNK).findall(text)


def runs(chunk: str) -> list[str]:
    """The chunk cut where the script changes between Hangul, scripts without spaces, and all others."""
    return [chunk] if chunk.isascii() else _RUN.findall(chunk)
