"""What people do to words when they search, by language: keys beside each other, endings, particles, spellings.

Written down from grammars and keyboard layouts, not taken from the analyser: queries that were made by the rules of the
engine would find what its rules find.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

_QWERTY = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Tongue(Struct, frozen=True):
    """One language. What is empty here, its speakers do not do, or nobody has written down."""

    keys: tuple[str, ...] = _QWERTY
    """Rows of the usual keyboard, each beginning at the left edge; a space stands for a key of two letters."""
    endings: tuple[str, ...] = ()
    """Endings of inflected words; "" where a bare stem is a word."""
    article: str = ""
    """A definite article that is written as one with its word."""
    particles: tuple[tuple[str, str], ...] = ()
    """Korean: after a consonant, after a vowel."""
    links: tuple[str, ...] = ()
    """What stands between the parts of a compound; a language without any is not taken apart."""
    digraphs: Mapping[str, str] = field(default_factory=dict)
    """Letters that a foreign keyboard lacks, and what is typed for them."""
    glue: str = ""
    """Characters between words, as a pattern, in a script without spaces."""
    question: str = ""
    """How a question begins or ends, with `{}` for its words."""


_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_DANISH = {"æ": "ae", "ø": "oe", "å": "aa"}

TONGUES: Mapping[str, Tongue] = {
    "en": Tongue(
        endings=("", "s", "es", "ed", "ing", "er", "e", "d", "ment", "ation"),
        question="how do i {}",
    ),
    "de": Tongue(
        keys=("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
        endings=("", "e", "en", "n", "er", "ern", "es", "s", "em", "t", "te", "st", "ung", "ungen"),
        links=("", "s", "es", "n", "en", "er", "e"),
        digraphs=_UMLAUTS,
        question="wie kann ich {}",
    ),
    "fr": Tongue(
        keys=("azertyuiop", "qsdfghjklm", "wxcvbn"),
        endings=("", "s", "e", "es", "x", "er", "ez", "é", "ée", "és", "ées", "ement", "ements", "ation", "ations"),
        question="comment {}",
    ),
    "es": Tongue(
        endings=("", "s", "es", "o", "a", "os", "as", "ar", "er", "ir", "ando", "ado", "ada", "ados", "ción", "ciones"),
        question="cómo puedo {}",
    ),
    "it": Tongue(
        endings=("o", "a", "i", "e", "are", "ere", "ire", "ato", "ata", "ati", "zione", "zioni"),
        question="come posso {}",
    ),
    "pt": Tongue(
        endings=("", "s", "es", "o", "a", "os", "as", "ar", "er", "ir", "ado", "ada", "ção", "ções"),
        question="como {}",
    ),
    "nl": Tongue(
        endings=("", "e", "en", "s", "t", "d", "de", "te", "er", "ing", "ingen"),
        links=("", "s", "e", "en"),
        question="hoe kan ik {}",
    ),
    "sv": Tongue(
        keys=("qwertyuiopå", "asdfghjklöä", "zxcvbnm"),
        endings=("", "a", "ar", "arna", "en", "et", "er", "erna", "n", "r", "or", "s", "ade", "ning", "ningar"),
        links=("", "s", "e", "o", "u"),
        digraphs={"ä": "ae", "ö": "oe", "å": "aa"},
        question="hur kan jag {}",
    ),
    "da": Tongue(
        keys=("qwertyuiopå", "asdfghjklæø", "zxcvbnm"),
        endings=("", "e", "en", "er", "erne", "et", "r", "s", "ede", "ning", "ninger"),
        links=("", "s", "e"),
        digraphs=_DANISH,
        question="hvordan {}",
    ),
    "nb": Tongue(
        keys=("qwertyuiopå", "asdfghjkløæ", "zxcvbnm"),
        endings=("", "e", "en", "er", "ene", "et", "r", "s", "te", "ning", "ninger"),
        links=("", "s", "e"),
        digraphs=_DANISH,
        question="hvordan {}",
    ),
    "fi": Tongue(
        keys=("qwertyuiopå", "asdfghjklöä", "zxcvbnm"),
        endings=("", "n", "t", "a", "ä", "ta", "tä", "ssa", "ssä", "sta", "stä", "lla", "llä", "lle", "ksi", "en"),
        links=("", "n"),
        question="miten {}",
    ),
    "ko": Tongue(
        keys=("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"),
        particles=(("을", "를"), ("은", "는"), ("이", "가"), ("과", "와"), ("에서", "에서"), ("의", "의")),
        question="{} 방법",
    ),
    "ja": Tongue(glue="[ぁ-ゖ]+", question="{} やり方"),
    "zh": Tongue(glue="[的和与或在到从将把为]", question="怎么 {}"),
    "ar": Tongue(
        keys=("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤر ىةوزظ"),
        article="ال",
        digraphs={"ة": "ه", "ى": "ي", "أ": "ا", "إ": "ا", "آ": "ا"},
        question="كيف {}",
    ),
    "he": Tongue(
        keys=("קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"),
        article="ה",
        question="איך {}",
    ),
}


def tongue(code: str) -> Tongue:
    """The habits of the language with the BCP 47 tag `code`; those of none where nobody has written them down."""
    primary = code.replace("_", "-").split("-")[0].lower()
    return TONGUES.get({"no": "nb", "nn": "nb", "iw": "he"}.get(primary, primary), Tongue())
