"""Opening hours as people write them: `{mon-fri: "08:00-12:00, 13:00-20:00", sat: "10:00-16:00"}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hcgen.model.brand import Opening

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES = 24 * 60
_RANGE = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-4]):([0-5]\d)")


class OpeningFault(Exception):
    """The hours at `key` cannot be read."""

    def __init__(self, key: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.key, self.message, self.remedy = key, message, remedy


def parse_opening(value: Mapping[str, object]) -> Opening:
    """The week that `value` writes down: days or spans of days, each with its ranges. Raises OpeningFault."""
    week: dict[int, tuple[tuple[int, int], ...]] = {}
    for key, text in value.items():
        ranges = _ranges(key, str(text))
        for day in _days(key):
            if day in week:
                remedy = "Name each day once; several ranges of a day stand in one text with commas."
                raise OpeningFault(key, f"{DAYS[day]} stands here twice", remedy)
            week[day] = ranges
    return Opening(tuple(week.get(day, ()) for day in range(7)))


def _days(key: str) -> list[int]:
    """`sat`, or `sun-thu`; a span may go over the end of the week."""
    first, dash, last = key.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        remedy = f"Use {', '.join(DAYS)}, or a span such as mon-fri."
        raise OpeningFault(key, f"{key!r} is no day", remedy)
    start = DAYS.index(first)
    length = (DAYS.index(last) - start) % 7 if dash else 0
    return [(start + ahead) % 7 for ahead in range(length + 1)]


def _ranges(key: str, text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        start, end = _minutes(match) if match else (0, 0)
        if match is None or end > _DAY_MINUTES:
            raise OpeningFault(key, f"{part.strip()!r} is no range of hours", 'Write it as "08:00-20:00"; 24:00 ends.')
        if start >= end:
            remedy = (
                'Put the earlier time first. Past midnight, write two days: fri: "18:00-24:00", sat: "00:00-02:00".'
            )
            raise OpeningFault(key, f"{part.strip()!r} ends before it begins", remedy)
        if found and start <= found[-1][1]:
            remedy = "Put ranges in order, with a break between them; join those that touch."
            raise OpeningFault(key, f"{part.strip()!r} begins before the range in front of it is over", remedy)
        found.append((start, end))
    return tuple(found)


def _minutes(match: re.Match[str]) -> tuple[int, int]:
    hours = [int(part) for part in match.groups()]
    return hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
