"""Queries asked, and where their articles stand in the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from hcgen.model.golden import Golden
from hcgen.relevance.centers import Center
from hcgen.relevance.node import Batch, rankings
from hcgen.relevance.queries import known_items

GOLDEN = "golden"
"""The class of golden queries."""
TOP = 3
"""Results that readers look at before they try other words."""


class Question(Struct, frozen=True):
    """A query to one help center, and the ids of the articles of which one should be found."""

    brand: str
    locale: str
    kind: str
    query: str
    articles: tuple[str, ...]


class Answer(Struct, frozen=True):
    """The ids of the first articles that a question found, best first."""

    question: Question
    found: tuple[str, ...]

    @property
    def place(self) -> int:
        """Where the first wanted article stands, counted from 1; 0 where none is there."""
        wanted = self.question.articles
        return next((at for at, name in enumerate(self.found, 1) if name in wanted), 0)


Round = tuple[Center, list[Question]]
"""A help center, and what it is asked."""


def known_questions(every: Sequence[Center], sample: int) -> list[Question]:
    """Known-item queries of all classes: for each class and language about `sample`, shared out among its brands."""
    found = []
    for center in every:
        brands = sum(other.locale == center.locale for other in every)
        for one in known_items(center.documents, center.locale, -(-sample // brands)):
            found.append(Question(center.brand, center.locale, one.kind, one.text, (center.names[one.url],)))
    return found


def golden_questions(every: Iterable[Center], golden: Iterable[Golden]) -> list[Question]:
    """The golden queries, each to every help center of its language that has one of its articles."""
    listed = list(golden)
    found = []
    for center in every:
        for one in listed:
            names = tuple(dict.fromkeys(center.ids[name] for name in one.articles if name in center.ids))
            if names and one.locale == center.locale and one.brand in ("", center.brand):
                found.append(Question(center.brand, center.locale, GOLDEN, one.query, names))
    return found


def rounds(every: Iterable[Center], questions: Iterable[Question]) -> list[Round]:
    """Each help center with the questions to it, as far as it has the articles."""
    asked: dict[tuple[str, str], list[Question]] = {}
    for one in questions:
        asked.setdefault((one.brand, one.locale), []).append(one)
    pairs = ((center, asked.get((center.brand, center.locale), [])) for center in every)
    known = ((center, [one for one in group if set(one.articles) & center.ids.keys()]) for center, group in pairs)
    return [(center, group) for center, group in known if group]


def answers(
    every: Sequence[Round], progress: Callable[[int, int], None] = lambda done, total: None
) -> list[list[Answer]]:
    """What the pages' own search finds, round by round."""
    batches = [Batch(center.index, center.runtime, tuple(one.query for one in group)) for center, group in every]
    found = []
    for (center, group), ranked in zip(every, rankings(batches), strict=True):
        pairs = zip(group, ranked, strict=True)
        found.append([Answer(one, tuple(center.names[url] for url in urls)) for one, urls in pairs])
        progress(len(found), len(every))
    return found
