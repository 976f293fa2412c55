"""How `hcgen relevance` speaks: a table, what got worse, which limits are crossed."""

from __future__ import annotations

from hcgen.cli.output import say
from hcgen.model.golden import Measure
from hcgen.relevance.measure import GOLDEN, TOP, Answer
from hcgen.relevance.report import Report, above
from hcgen.relevance.scores import NOTHING, Crossing, Row, place_of

_MOST_SHOWN = 50
_MEASURES = {Measure.MRR: "MRR@10", Measure.SUCCESS: f"success@{TOP}", Measure.NONE: "no result"}


def say_report(made: Report, earlier: str) -> None:
    """The report for people; `earlier` names what it compares with."""
    titles = "".join(f"  {name:<17}" for name in _MEASURES.values())
    say(f"{'language':<9} {'queries':<20} {'number':>6}{titles}".rstrip(), bold=True)
    for row in made.rows:
        _say_row(row)
    golden = [one for one in made.answers if one.question.kind == GOLDEN]
    for one in golden:
        if not 0 < one.place <= TOP:
            say(f"golden query {_shown(one)}: {_place(place_of(one))}{_above(one)}", fg="yellow")
    for one in made.worse[:_MOST_SHOWN]:
        places = f"{_place(made.before[one.question])} before, {_place(place_of(one))} now"
        say(f"worse than in {earlier}: {_shown(one)}: {places}{_above(one)}", fg="yellow")
    _say_suspects(made)
    say(f"{len(made.answers) - len(golden)} made and {len(golden)} golden queries", bold=True)
    for crossing in made.crossed:
        say(_crossing(crossing), fg="red")


def _say_row(row: Row) -> None:
    name = f"all, {row.brand}" if row.brand else row.kind or "all made"
    figures = "".join(f"  {_figure(row, measure):<17}" for measure in _MEASURES)
    say(f"{row.locale:<9} {name:<20} {row.now.queries:>6}{figures}".rstrip(), bold=not row.kind and not row.brand)


def _figure(row: Row, measure: Measure) -> str:
    """A figure, and by how much it changed on queries that were asked before."""
    shown = _number(row.now.of(measure), measure)
    if row.before is None or row.shared is None:
        return shown
    change = row.shared.of(measure) - row.before.of(measure)
    return f"{shown} {'+' if change > 0 else '-'}{_number(abs(change), measure)}" if round(change, 4) else shown


def _number(value: float, measure: Measure) -> str:
    return f"{value:.1%}" if measure is Measure.NONE else f"{value:.3f}"


def _shown(answer: Answer) -> str:
    asked = answer.question
    return f"{asked.query!r} ({asked.brand}, {asked.locale}) for {' or '.join(asked.articles)}"


def _place(place: int) -> str:
    return {0: "not among the first ten", NOTHING: "no result"}.get(place, f"place {place}")


def _above(answer: Answer) -> str:
    names = above(answer)[:TOP]
    return f", below {', '.join(names)}" if names else ""


def _say_suspects(made: Report) -> None:
    if made.suspects is None:
        return
    for one in made.suspects[:_MOST_SHOWN]:
        say(f"Whoosh finds {_shown(one.answer)} at place {one.place}; here: {_place(place_of(one.answer))}")
    say(f"{len(made.suspects)} queries that Whoosh answers better")


def _crossing(crossing: Crossing) -> str:
    limit = crossing.limit
    what = "golden queries in the first three" if limit.measure is Measure.GOLDEN else _MEASURES[limit.measure]
    side = "above" if limit.measure is Measure.NONE else "below"
    kind = f" {crossing.kind}" if crossing.kind not in ("", GOLDEN) else ""
    figure, worst = (_number(value, limit.measure) for value in (crossing.figure, limit.value))
    return f"{crossing.locale}{kind}: {what} {figure} is {side} {worst} ({limit.setting} in mkdocs.yml)"
