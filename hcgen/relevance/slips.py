"""Words as they are typed: with a slip, half, in another form, without accents. Pure; chance comes from outside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping

from hcgen.relevance.tongues import Tongue
from hcgen.text import digest

_SYLLABLE = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]")
# Consonants that begin a syllable, its vowels, consonants that end it, as single keys (Unicode Standard, section 3.12).
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FIRST = 0xAC00
# A stem that is shorter says too little to have forms of its own.
_LEAST_STEM = 4
_LEAST_PART = 4


class Chance:
    """Choices that depend on the seed alone, on every machine and in every version of Python."""

    def __init__(self, seed: str) -> None:
        self.seed, self.asked = seed, 0

    def below(self, most: int) -> int:
        """A number from 0 to `most` - 1."""
        self.asked += 1
        return int(digest(f"{self.seed} {self.asked}", 8), 16) % most


def is_latin(word: str) -> bool:
    """Whether `word` has a Latin letter."""
    return _LATIN.search(word) is not None


def is_korean(word: str) -> bool:
    """Whether `word` ends with a Korean syllable."""
    return bool(word) and _SYLLABLE.match(word[-1]) is not None


def mistyped(word: str, tongue: Tongue, chance: Chance) -> str:
    """`word` with one slip of the fingers: two letters swapped, one left out, one twice, or the key beside it."""
    if is_korean(word):
        return _mistyped_korean(word, tongue, chance)
    # People see a wrong first or last letter.
    at = 1 + chance.below(len(word) - 2)
    kind = chance.below(4)
    near = _beside(word[at], tongue.keys)
    if kind == 0 and near:
        return word[:at] + near[chance.below(len(near))] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2 and at + 2 < len(word) and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]


def _beside(letter: str, rows: tuple[str, ...]) -> str:
    """The keys around that of `letter`: left and right, and in the rows above and below."""
    for at, row in enumerate(rows):
        place = row.find(letter)
        if place >= 0:
            found = row[max(0, place - 1) : place] + row[place + 1 : place + 2]
            # A row stands half a key to the right of the one above.
            found += "".join(other[max(0, place - 1) : place + 1] for other in rows[at + 1 : at + 2])
            found += "".join(other[place : place + 2] for other in rows[max(0, at - 1) : at])
            return found.replace(" ", "")
    return ""


def _mistyped_korean(word: str, tongue: Tongue, chance: Chance) -> str:
    """One key of one syllable is the one beside it."""
    at = len(word) - 1 - chance.below(min(2, len(word)))
    if not _SYLLABLE.match(word[at]):
        return word
    lead, vowel, tail = _keys(word[at])
    options = [_syllable(other, vowel, tail) for other in _beside(lead, tongue.keys) if other in _LEADS]
    options += [_syllable(lead, other, tail) for other in _beside(vowel, tongue.keys) if other in _VOWELS]
    options += [
        _syllable(lead, vowel, other) for other in _beside(tail, tongue.keys) if tail != " " and other in _TAILS
    ]
    return word[:at] + options[chance.below(len(options))] + word[at + 1 :] if options else word


def _keys(syllable: str) -> tuple[str, str, str]:
    place = ord(syllable) - _FIRST
    return _LEADS[place // 588], _VOWELS[place % 588 // 28], _TAILS[place % 28]


def _syllable(lead: str, vowel: str, tail: str) -> str:
    return chr(_FIRST + _LEADS.index(lead) * 588 + _VOWELS.index(vowel) * 28 + _TAILS.index(tail))


def half_typed(word: str, *, is_glued: bool) -> str:
    """The beginning of `word`: some letters, one character less, or a last syllable of which one key is missing."""
    if is_korean(word):
        lead, vowel, tail = _keys(word[-1])
        return word[:-1] + (lead if tail == " " else _syllable(lead, vowel, " "))
    if is_glued and not is_latin(word):
        return word[:-1] if len(word) > 2 else word
    return word[: max(3, len(word) * 3 // 5)]


def other_form(word: str, tongue: Tongue, known: Container[str], chance: Chance) -> str:
    """Another form of `word`, one that is `known` or that has a particle more or less; "" where there is none."""
    if tongue.particles and is_korean(word):
        return _other_particle(word, tongue.particles, known, chance)
    if tongue.article and not word.isascii():
        bare = word.removeprefix(tongue.article)
        # The first letters may belong to the word.
        return tongue.article + word if bare == word else bare if bare in known and len(bare) > 2 else ""
    forms = {
        word[: len(word) - len(end)] + other
        for end in tongue.endings
        if word.endswith(end) and len(word) - len(end) >= _LEAST_STEM
        for other in tongue.endings
    }
    found = sorted(form for form in forms - {word} if form in known)
    return found[chance.below(len(found))] if found else ""


def _other_particle(word: str, particles: tuple[tuple[str, str], ...], known: Container[str], chance: Chance) -> str:
    for both in particles:
        for particle in both:
            bare = word.removesuffix(particle)
            if bare != word and len(bare) > 1 and bare in known:
                return bare
    closed, opened = particles[chance.below(len(particles))]
    return word + (opened if _keys(word[-1])[2] == " " else closed)


def parts(word: str, links: tuple[str, ...], known: Container[str]) -> tuple[str, ...]:
    """The two words, both known, that `word` is made of, as near its middle as can be; or ()."""
    places = range(_LEAST_PART, len(word) - _LEAST_PART + 1)
    for at in sorted(places, key=lambda place: (abs(2 * place - len(word)), place)):
        for link in links:
            left, right = word[: at - len(link)], word[at:]
            if word[:at].endswith(link) and len(left) >= _LEAST_PART and left in known and right in known:
                return left, right
    return ()


def without_accents(text: str) -> str:
    """`text` without the accents of its Latin letters, as a keyboard types it that has none."""
    return "".join(_bare(letter) for letter in unicodedata.normalize("NFC", text))


def _bare(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0] if is_latin(letter) else letter


def spelled_out(text: str, digraphs: Mapping[str, str]) -> str:
    """`text` with each letter of `digraphs` as it is typed in its place."""
    return "".join(digraphs.get(letter, letter) for letter in unicodedata.normalize("NFC", text))
