"""A second opinion: the same questions asked of Whoosh, which shares our analyser but neither index nor ranking."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from hcgen.relevance.centers import Center
from hcgen.relevance.measure import TOP, Answer
from hcgen.search.desk import Desk


class Suspect(Struct, frozen=True):
    """An answer without its article among the first, though Whoosh has it there."""

    answer: Answer
    place: int
    """Where Whoosh has it."""


def suspects(every: Iterable[Center], answers: Iterable[Answer]) -> list[Suspect]:
    """The answers that Whoosh would have given better."""
    missed = [one for one in answers if not 0 < one.place <= TOP]
    found = []
    for center in every:
        mine = [one for one in missed if (one.question.brand, one.question.locale) == (center.brand, center.locale)]
        desk = Desk.of(center.documents, center.locale) if mine else None
        for one in mine if desk else ():
            assert desk
            names = [center.names[hit.id] for hit in desk.search(one.question.query, TOP)]
            place = Answer(one.question, tuple(names)).place
            found += [Suspect(one, place)] if place else []
    return found
