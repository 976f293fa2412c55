"""Compounds taken apart by the corpus's own words: Kennwortrichtlinie is found by Kennwort and by Richtlinie."""

from __future__ import annotations

from collections.abc import Callable, Container

# Shorter parts are endings and prefixes more often than words.
_LEAST = 4


def parts(word: str, known: Container[str], links: tuple[str, ...], stem: Callable[[str], str]) -> tuple[str, ...]:
    """The two terms that `word` is made of, or (): the split that leaves the longer of the shorter parts.

    `links` may stand between them ("" among them). `word` is a stem, and so is its end; its beginning may have an
    ending of its own (Anmeldung in Anmeldungsfehler). theme/search/dictionary.js does the same.
    """
    best: tuple[str, ...] = ()
    most = 0
    for at in range(_LEAST, len(word) - _LEAST + 1):
        right = word[at:]
        if right not in known:
            continue
        for link in links:
            left = word[: at - len(link)]
            shorter = min(len(left), len(right))
            if shorter < _LEAST or shorter <= most or not word.startswith(link, at - len(link)):
                continue
            term = left if left in known else stem(left)
            if term in known:
                best, most = (term, right), shorter
    return best
