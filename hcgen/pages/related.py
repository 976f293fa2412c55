"""Related articles: by shared tags, synonyms and title words, neighbours last; the same for the same content."""

from __future__ import annotations

import re
from collections import defaultdict

from hcgen.model.article import Article
from hcgen.pages.resolve import Selection

_WORD = re.compile(r"\w{4,}")
_MOST = 4
# What more articles have than this says nothing.
_COMMON = 50


class Related:
    """Answers which articles of a selection stand near one of them."""

    def __init__(self, selection: Selection, lost: frozenset[str]) -> None:
        self._features: dict[str, frozenset[str]] = {
            key: _features_of(article) for key, article in selection.articles.items() if key not in lost
        }
        holders: dict[str, list[str]] = defaultdict(list)
        for key, features in self._features.items():
            for feature in features:
                holders[feature].append(key)
        self._holders: dict[str, list[str]] = holders

    def of(self, key: str) -> tuple[str, ...]:
        """Keys of up to four related articles, nearest first. A feature counts the more, the rarer it is."""
        score: dict[str, float] = defaultdict(float)
        for feature in sorted(self._features[key]):
            holders = self._holders[feature]
            if 1 < len(holders) <= _COMMON:
                share = 1.0 / len(holders)
                for other in holders:
                    score[other] += share
        score.pop(key, None)
        # Rounded, since the same sum of shares may differ in its last bits.
        last = min(sorted(score.values(), reverse=True)[:_MOST], default=0.0) - 1e-6
        near = [other for other, value in score.items() if value >= last]
        return tuple(sorted(near, key=lambda other: (-round(score[other], 9), other))[:_MOST])


def _features_of(article: Article) -> frozenset[str]:
    front = article.front
    words = (word.casefold() for text in (front.title, *front.synonyms) for word in _WORD.findall(text))
    return frozenset((*(f"#{tag.casefold()}" for tag in front.tags), *words))
