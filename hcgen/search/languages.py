"""What the analyser knows of a language: its stemmer, affixes, digraphs and links of compounds."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

_FOLDER = Path(__file__).parent / "languages"
# Tags that share the data of another: Norwegian has three, Hebrew and others an old one (BCP 47, preferred values).
_SAME = {"no": "nb", "nn": "nb", "iw": "he"}


class Language(Struct, frozen=True, omit_defaults=True):
    """The data of one language, as in `languages/<code>.json`; the browser gets the same values."""

    code: str = ""
    stemmer: str = ""
    """A Snowball algorithm."""
    digraphs: tuple[tuple[str, str], ...] = ()
    """Spellings of a letter that a keyboard lacks, and what they are folded to."""
    links: tuple[str, ...] = ()
    """What may stand between the parts of a compound; a language without any is not split."""
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    determiners: tuple[str, ...] = ()
    """Articles and possessives, folded: a title is no longer for having one."""
    pairs: bool = False
    """Whether most terms are two characters: a query has more of them, and its blocks are larger."""
    least: int = 0
    """How many characters a word keeps when an affix is taken off."""


@lru_cache(maxsize=64)
def language(code: str) -> Language:
    """The data for the BCP 47 tag `code`; a language without data is folded only."""
    primary = code.replace("_", "-").split("-")[0].lower()
    primary = _SAME.get(primary, primary)
    path = _FOLDER / f"{primary}.json"
    if not primary.isalpha() or not path.is_file():
        return Language(code=primary)
    return msgspec.structs.replace(msgspec.json.decode(path.read_bytes(), type=Language), code=primary)
