"""Texts that say nearly the same: pairs whose runs of three terms are nearly the same set, found exactly."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

SHARE = 0.8
"""From this share of common runs on (Jaccard's coefficient) two texts say nearly the same."""
# Runs of terms, as Broder's shingles (1997): an order of words is rarely the same by chance.
_RUN = 3
# A few sentences are alike by chance, or because there is one way to say it.
_LEAST_RUNS = 25


class Pair(Struct, frozen=True, order=True):
    """Two texts by name, the first before the second, and the share of runs that they have in common."""

    first: str
    second: str
    share: float


def near_duplicates(texts: Mapping[str, Sequence[str]], share: float = SHARE) -> list[Pair]:
    """All pairs of `texts` (terms in order, by name) with at least this share in common, sorted.

    Two such sets have one of their rarest elements in common, if each brings as many as may be missing in the other and
    one more: only pairs that do are compared (Chaudhuri, Ganti and Kaushik 2006, prefix filter).
    """
    runs = {name: _runs(terms) for name, terms in texts.items()}
    runs = {name: mine for name, mine in runs.items() if len(mine) >= _LEAST_RUNS}
    spread = Counter(run for mine in runs.values() for run in mine)
    holders: dict[int, list[str]] = defaultdict(list)
    found: list[Pair] = []
    for name in sorted(runs):
        mine = runs[name]
        rarest = sorted(mine, key=lambda run: (spread[run], run))[: len(mine) - math.ceil(share * len(mine)) + 1]
        for other in {one for run in rarest for one in holders[run]}:
            theirs = runs[other]
            common = len(mine & theirs)
            if common >= share * (len(mine) + len(theirs) - common):
                found.append(Pair(other, name, common / (len(mine) + len(theirs) - common)))
        for run in rarest:
            holders[run].append(name)
    return sorted(found)


def _runs(terms: Sequence[str]) -> frozenset[int]:
    """The runs of a text, as numbers: sets of numbers are compared fastest, and small."""
    return frozenset(map(hash, zip(*(terms[at:] for at in range(_RUN)), strict=False)))
