"""Compounds taken apart by the corpus's own words: Kennwortrichtlinie is found by Kennwort and by Richtlinie."""

from __future__ import annotations

from collections.abc import Container

# Shorter parts are endings and prefixes more often than words.
_LEAST = 4


def parts(word: str, known: Container[str], links: tuple[str, ...]) -> tuple[str, ...]:
    """The two words that `word` is made of, or (): the split that leaves the longer of the shorter parts.

    `links` may stand between them ("" among them). theme/search/dictionary.js does the same.
    """
    best: tuple[str, ...] = ()
    most = 0
    for at in range(_LEAST, len(word) - _LEAST + 1):
        right = word[at:]
        if right not in known:
            continue
        for link in links:
            left = word[: at - len(link)]
            if len(left) >= _LEAST and word.startswith(link, at - len(link)) and left in known:
                shorter = min(len(left), len(right))
                if shorter > most:
                    best, most = (left, right), shorter
    return best
