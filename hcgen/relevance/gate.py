"""One run of the gate: questions made, asked here and in an earlier state of the content, and reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from hcgen.model.golden import Golden, Limit
from hcgen.relevance.centers import Center
from hcgen.relevance.measure import Question, answers, golden_questions, known_questions, rounds
from hcgen.relevance.opinion import suspects
from hcgen.relevance.report import Report, report
from hcgen.relevance.scores import place_of


class Wish(Struct, frozen=True):
    """What is asked for: golden queries, how many made ones of a class and language, limits, a second opinion."""

    golden: Sequence[Golden]
    sample: int
    limits: Sequence[Limit]
    second_opinion: bool = False


def run(
    here: Sequence[Center],
    there: Sequence[Center] | None,
    wish: Wish,
    remembered: Mapping[Question, int],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Measures `here`, and compares with the same questions in `there`, or else with what is `remembered`."""
    questions = [*known_questions(here, wish.sample), *golden_questions(here, wish.golden)]
    mine = rounds(here, questions)
    found = answers([*mine, *rounds(there or (), questions)], progress)
    now = [one for each in found[: len(mine)] for one in each]
    then = [one for each in found[len(mine) :] for one in each]
    before = remembered if there is None else {one.question: place_of(one) for one in then}
    return report(now, before, wish.limits, suspects(here, now) if wish.second_opinion else None)
