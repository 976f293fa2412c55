"""What a run of the gate came to, as one value and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from hcgen.model.golden import Limit
from hcgen.relevance.measure import GOLDEN, TOP, Answer
from hcgen.relevance.opinion import Suspect
from hcgen.relevance.scores import Crossing, Places, Row, Score, crossings, place_of, rows, worse


class Report(Struct, frozen=True):
    """The answers, and what follows from them. `before` is what they are compared with."""

    answers: tuple[Answer, ...]
    before: Places
    rows: tuple[Row, ...]
    crossings: tuple[Crossing, ...]
    worse: tuple[Answer, ...]
    suspects: tuple[Suspect, ...] | None = None
    """None where nobody was asked for a second opinion."""

    @property
    def crossed(self) -> list[Crossing]:
        """The limits that are not kept."""
        return [one for one in self.crossings if one.is_crossed]


def report(
    answers: Sequence[Answer], before: Places, limits: Sequence[Limit], suspects: Sequence[Suspect] | None
) -> Report:
    """What `answers` come to."""
    every = tuple(rows(answers, before))
    return Report(
        tuple(answers), before, every, tuple(crossings(every, limits)), tuple(worse(answers, before)),
        None if suspects is None else tuple(suspects),
    )  # fmt: skip


def report_json(made: Report) -> dict[str, object]:
    """The report as JSON values. Equal content gives equal values."""
    value: dict[str, object] = {
        "queries": len(made.answers),
        "scores": [_row(one) for one in made.rows],
        "golden": [_answer(one, made.before) for one in made.answers if one.question.kind == GOLDEN],
        "worse": [_answer(one, made.before) for one in made.worse],
        "missed": [_answer(one, made.before) for one in missed(made.answers)],
        "limits": [
            {
                "setting": one.limit.setting, "limit": one.limit.value, "locale": one.locale, "class": one.kind,
                "figure": one.figure, "crossed": one.is_crossed,
            }
            for one in made.crossings
        ],
    }  # fmt: skip
    if made.suspects is not None:
        value["suspects"] = [_answer(one.answer, made.before) | {"whoosh": one.place} for one in made.suspects]
    return value


def missed(answers: Sequence[Answer]) -> list[Answer]:
    """Known items that are not among the first."""
    return [one for one in answers if one.question.kind != GOLDEN and not 0 < one.place <= TOP]


def above(answer: Answer) -> tuple[str, ...]:
    """What stands above the article that was asked for."""
    return answer.found[: answer.place - 1] if answer.place else answer.found


def _row(row: Row) -> dict[str, object]:
    value: dict[str, object] = {"locale": row.locale, "brand": row.brand, "class": row.kind, **_score(row.now)}
    if row.before and row.shared:
        value["before"] = _score(row.before)
        value["same_queries"] = _score(row.shared)
    return value


def _score(score: Score) -> dict[str, object]:
    return {
        "queries": score.queries, "mrr": score.mrr, "success_at_3": score.success_at_3,
        "zero_results": score.zero_results,
    }  # fmt: skip


def _answer(answer: Answer, before: Places) -> dict[str, object]:
    """`place` counts from 1; 0 is nowhere among the first ten, -1 that nothing at all was found."""
    asked = answer.question
    value: dict[str, object] = {
        "brand": asked.brand, "locale": asked.locale, "class": asked.kind, "query": asked.query,
        "articles": list(asked.articles), "place": place_of(answer), "above": list(above(answer)),
    }  # fmt: skip
    return value | ({"before": before[asked]} if asked in before else {})
