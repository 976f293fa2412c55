"""Related articles: those that share telling words of titles, descriptions, headings and openings.

What was tried, and what it cost, stands in docs/decisions/0010-desk.md. A word counts by how few articles have it, in
whole steps, so that one article more or less changes no other page.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable

from hcgen.markup.fragment import Fragment, fill
from hcgen.model.article import Article
from hcgen.pages.resolve import Selection

_WORD = re.compile(r"\w{4,}")
# Kana, Han and Hangul: two characters next to each other are about a word.
_PAIR = re.compile("(?=([\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2}))")
_MOST = 4
# What more articles have than this says nothing.
_COMMON = 50
# So many of its words, the most telling, say what an article is about.
_TELLING = 30
# How much what its writer chose to name an article by counts against what else stands at its top.
_NAMED = 2


class Related:
    """Answers which articles of a selection stand near one of them: by the cosine of what they share."""

    def __init__(self, selection: Selection, lost: frozenset[str], fragment: Callable[[Article], Fragment]) -> None:
        # Articles stand for their places in the order of keys: small numbers are counted and compared fastest.
        self._keys = sorted(key for key in selection.articles if key not in lost)
        articles = [selection.articles[key] for key in self._keys]
        features = [_features_of(article, fragment(article)) for article in articles]
        spread = Counter(feature for mine in features for feature in mine)
        tells = {
            feature: (len(articles) // count).bit_length() - 1
            for feature, count in spread.items()
            if 1 < count <= min(_COMMON, len(articles) // 2)
        }
        self._features: dict[str, tuple[int, list[tuple[float, str]]]] = {}
        self._holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (key, mine) in enumerate(zip(self._keys, features, strict=True)):
            weights = [(tells[feature] * weight, feature) for feature, weight in mine.items() if feature in tells]
            length = math.sqrt(sum(weight * weight for weight, _ in weights))
            shares = [(weight / length, feature) for weight, feature in weights]
            self._features[key] = (place, heapq.nlargest(_TELLING, shares))
            for share, feature in shares:
                self._holders[feature].append((place, share))

    def of(self, key: str) -> tuple[str, ...]:
        """Keys of up to four related articles, nearest first."""
        own, shares = self._features[key]
        score: dict[int, float] = {}
        # The most telling first, always: a sum of fractions depends on their order.
        for mine, feature in shares:
            for place, theirs in self._holders[feature]:
                score[place] = score.get(place, 0.0) + mine * theirs
        score.pop(own, None)
        last = min(heapq.nlargest(_MOST, score.values()), default=0.0)
        near = sorted((-value, place) for place, value in score.items() if value >= last)
        return tuple(self._keys[place] for _, place in near[:_MOST])


def _features_of(article: Article, fragment: Fragment) -> dict[str, int]:
    """The words that say what an article is about, each with its weight."""
    front, found = article.front, dict[str, int]()
    # Of an opening words alone: its pairs of characters are many, and tell little.
    found.update(dict.fromkeys(_WORD.findall(_plain((fragment.opening, fragment.summary))), 1))
    found.update(dict.fromkeys(_words((front.description, *(heading.title for heading in fragment.headings))), 1))
    found.update(dict.fromkeys(_words((front.title, *front.synonyms)), _NAMED))
    found.update({f"#{tag.casefold()}": _NAMED for tag in front.tags})
    return found


def _words(texts: tuple[str, ...]) -> list[str]:
    text = _plain(texts)
    return _WORD.findall(text) if text.isascii() else [*_WORD.findall(text), *_PAIR.findall(text)]


def _plain(texts: tuple[str, ...]) -> str:
    """Some texts without facts of brands, which all their articles have."""
    return fill(" ".join(texts), lambda kind, name: " ").casefold()
