"""Related articles: by shared tags, synonyms and title words, neighbours last; the same for the same content."""

from __future__ import annotations

import math
import re
from collections import defaultdict

from hcgen.model.article import Article
from hcgen.pages.resolve import Selection

_WORD = re.compile(r"\w{4,}")
_MOST = 4
# What more articles have than this says nothing.
_COMMON = 50
# Shares of it are whole numbers, whose sum is the same in any order.
_WHOLE = math.lcm(*range(2, _COMMON + 1))


class Related:
    """Answers which articles of a selection stand near one of them."""

    def __init__(self, selection: Selection, lost: frozenset[str]) -> None:
        # Articles stand for their places in the order of keys: small numbers are counted and compared fastest.
        self._keys = sorted(key for key in selection.articles if key not in lost)
        features = [_features_of(selection.articles[key]) for key in self._keys]
        holders: dict[str, list[int]] = defaultdict(list)
        for place, mine in enumerate(features):
            for feature in mine:
                holders[feature].append(place)
        telling = {feature: places for feature, places in holders.items() if 1 < len(places) <= _COMMON}
        self._shared = {
            key: (place, [telling[feature] for feature in mine if feature in telling])
            for place, (key, mine) in enumerate(zip(self._keys, features, strict=True))
        }

    def of(self, key: str) -> tuple[str, ...]:
        """Keys of up to four related articles, nearest first. A feature counts the more, the rarer it is."""
        own, shared = self._shared[key]
        score: dict[int, int] = {}
        for places in shared:
            share = _WHOLE // len(places)
            for place in places:
                score[place] = score.get(place, 0) + share
        score.pop(own, None)
        last = min(sorted(score.values(), reverse=True)[:_MOST], default=0)
        near = sorted((-value, place) for place, value in score.items() if value >= last)
        return tuple(self._keys[place] for _, place in near[:_MOST])


def _features_of(article: Article) -> frozenset[str]:
    front = article.front
    words = (word.casefold() for text in (front.title, *front.synonyms) for word in _WORD.findall(text))
    return frozenset((*(f"#{tag.casefold()}" for tag in front.tags), *words))
