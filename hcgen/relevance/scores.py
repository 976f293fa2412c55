"""Answers to figures, figures against limits and against an earlier run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from hcgen.model.golden import Limit, Measure
from hcgen.relevance.measure import GOLDEN, TOP, Answer, Question
from hcgen.relevance.queries import KINDS

Places = Mapping[Question, int]
"""Where an earlier run found what a question asks for; 0 nowhere."""

NOTHING = -1
"""The place where a query has no result at all."""


class Score(Struct, frozen=True):
    """The figures of some queries."""

    queries: int
    mrr: float
    success_at_3: float
    zero_results: float

    def of(self, measure: Measure) -> float:
        """One of the figures."""
        return self.success_at_3 if measure is Measure.GOLDEN else float(getattr(self, measure.value))


class Row(Struct, frozen=True):
    """The score of one class ("" for all classes of known items) in one language, of one brand ("" for all).

    `before` is the score of the same queries earlier, as far as they were asked then.
    """

    locale: str
    brand: str
    kind: str
    now: Score
    before: Score | None = None
    shared: Score | None = None
    """The present score of those queries that were asked earlier, too: what `before` compares with."""


class Crossing(Struct, frozen=True):
    """A limit, and the figure that is held against it."""

    limit: Limit
    locale: str
    kind: str
    figure: float

    @property
    def is_crossed(self) -> bool:
        """Whether the figure is on the wrong side. Figures are rounded as they are shown."""
        worst = round(self.limit.value, 4)
        return self.figure > worst if self.limit.measure is Measure.NONE else self.figure < worst


def place_of(answer: Answer) -> int:
    """The place of what was asked for; 0 where other articles were found, `NOTHING` where none was."""
    return answer.place if answer.found else NOTHING


def score(places: Sequence[int]) -> Score:
    """The figures of queries whose articles stand in `places`."""
    count = len(places)
    return Score(
        queries=count,
        mrr=round(sum(1 / place for place in places if place > 0) / count, 4),
        success_at_3=round(sum(0 < place <= TOP for place in places) / count, 4),
        zero_results=round(sum(place == NOTHING for place in places) / count, 4),
    )


def rows(answers: Sequence[Answer], before: Places) -> list[Row]:
    """Language by language: each class, all known items, golden queries; then all known items of each brand."""
    found = []
    for locale in dict.fromkeys(one.question.locale for one in answers):
        mine = [one for one in answers if one.question.locale == locale]
        known = [one for one in mine if one.question.kind != GOLDEN]
        for kind in (*KINDS, GOLDEN):
            found += _row([one for one in mine if one.question.kind == kind], before, locale, "", kind)
        found += _row(known, before, locale, "", "")
        brands = dict.fromkeys(one.question.brand for one in mine)
        for brand in brands if len(brands) > 1 else ():
            found += _row([one for one in known if one.question.brand == brand], before, locale, brand, "")
    return found


def _row(answers: Sequence[Answer], before: Places, locale: str, brand: str, kind: str) -> list[Row]:
    if not answers:
        return []
    both = [one for one in answers if one.question in before]
    return [
        Row(
            locale, brand, kind, score([place_of(one) for one in answers]),
            score([before[one.question] for one in both]) if both else None,
            score([place_of(one) for one in both]) if both else None,
        )
    ]  # fmt: skip


def crossings(every: Iterable[Row], limits: Sequence[Limit]) -> list[Crossing]:
    """Each row of all brands with the limit that holds for it: of the limits that fit, the most special."""
    found = []
    for row in every:
        is_golden = row.kind == GOLDEN
        for measure in Measure:
            if row.brand or is_golden != (measure is Measure.GOLDEN):
                continue
            kind = "" if is_golden else row.kind
            fit = [
                one for one in limits if (one.measure, one.kind) == (measure, kind) and one.locale in ("", row.locale)
            ]
            if fit:
                limit = max(fit, key=lambda one: bool(one.locale))
                found.append(Crossing(limit, row.locale, row.kind, row.now.of(measure)))
    return found


def worse(answers: Iterable[Answer], before: Places) -> list[Answer]:
    """The golden queries whose article stood higher earlier."""

    def depth(place: int) -> float:
        return place if place > 0 else float("inf")

    golden = [one for one in answers if one.question.kind == GOLDEN and one.question in before]
    return [one for one in golden if depth(place_of(one)) > depth(before[one.question])]
