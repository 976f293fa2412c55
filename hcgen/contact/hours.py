"""Opening hours in the words of a language: a compact table, and what to say of them at any moment of any day.

Names of days, times of day and the first day of a week are those of the Unicode CLDR.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from hcgen.model.brand import Opening

if TYPE_CHECKING:
    # At run time it is loaded late: the library is large, and most pages show no hours.
    from babel import Locale

_DAY_MINUTES = 24 * 60
Words = Callable[..., str]
"""The word of a key, with values filled in (`View.t`)."""
Ranges = tuple[tuple[int, int], ...]
Notices = tuple[tuple[str, str], ...]
"""What to say on one day: (from this time on, as `08:00`, text), in order."""


def table(opening: Opening, code: str, t: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(days, ranges) row by row, neighbours with equal ranges in one row, the week as the language begins it."""
    locale = _locale(code)
    names = _day_names(locale)
    week = [(_first_day(code) + ahead) % 7 for ahead in range(7)]
    rows: list[list[int]] = []
    for day in week:
        if rows and opening.days[rows[-1][0]] == opening.days[day]:
            rows[-1].append(day)
        else:
            rows.append([day])
    found = []
    for days in rows:
        first, last = names[days[0]], names[days[-1]]
        name = t("hours_daily") if len(days) == 7 else first if len(days) == 1 else _between(locale, first, last)
        found.append((name, _texts(opening.days[days[0]], locale, t)))
    return tuple(found)


def notices(opening: Opening, holidays: Mapping[str, str], code: str, t: Words) -> dict[str, Notices]:
    """What to say when: by day of the week ("0" is Sunday, as in JavaScript), and by date where a holiday is near.

    `holidays` maps ISO dates to names. All moments are by the clock of the brand's zone.
    """
    locale = _locale(code)
    usual = {day: _day(day, [opening.days[(day + ahead) % 7] for ahead in range(7)], "", locale, t) for day in range(7)}
    found = {str((day + 1) % 7): said for day, said in usual.items()}
    near = {date.fromisoformat(one) - timedelta(ahead) for one in holidays for ahead in range(7)}
    for day in sorted(near):
        dates = [day + timedelta(ahead) for ahead in range(7)]
        days = [() if one.isoformat() in holidays else opening.days[one.weekday()] for one in dates]
        said = _day(day.weekday(), days, holidays.get(day.isoformat(), ""), locale, t)
        if said != usual[day.weekday()]:
            found[day.isoformat()] = said
    return found


def _day(weekday: int, days: list[Ranges], holiday: str, locale: Locale, t: Words) -> Notices:
    """The notices of the first of seven `days`, which is a `weekday`."""
    spans = _spans(days)
    edges = {0, *(edge for span in spans for edge in span if edge < _DAY_MINUTES)}
    closed = t("closed_today", name=holiday) if holiday else ""
    said = []
    for minute in sorted(edges):
        text = _notice(minute, spans, weekday, locale, t) or ("" if closed else t("closed_now"))
        said.append((f"{minute // 60:02}:{minute % 60:02}", f"{closed} {text}".strip()))
    return tuple(said)


def _spans(days: list[Ranges]) -> list[tuple[int, int]]:
    """The ranges of consecutive days as minutes of the first; what meets at midnight is one."""
    found: list[tuple[int, int]] = []
    for ahead, ranges in enumerate(days):
        for start, end in ranges:
            begin = start + ahead * _DAY_MINUTES
            if found and found[-1][1] == begin:
                begin = found.pop()[0]
            found.append((begin, end + ahead * _DAY_MINUTES))
    return found


def _notice(minute: int, spans: list[tuple[int, int]], weekday: int, locale: Locale, t: Words) -> str:
    """Whether it is open at `minute`, and the next change; "" where it does not open within the week."""
    start, end = next((span for span in spans if span[1] > minute), (0, 0))
    if end == 0:
        return ""
    if start <= minute:
        # An hour alone would be taken for one of today.
        is_long = end - minute > _DAY_MINUTES
        return t("open_now") if is_long else t("open_until", time=_time(end, locale))
    ahead = start // _DAY_MINUTES
    word = {0: "opens_today", 1: "opens_tomorrow"}.get(ahead, "opens_on")
    day = str(locale.days["format"]["wide"][(weekday + ahead) % 7])
    return t(word, day=day, time=_time(start, locale))


def zone_city(zone: str, code: str) -> str:
    """The city that stands for an IANA time zone, such as `Londres`; the name itself where it names none."""
    from babel.dates import get_timezone_location

    if "/" not in zone:
        return zone
    # Of what it does not know, the library gives all but the continent: `Argentina/Buenos Aires`.
    return str(get_timezone_location(zone, locale=_locale(code), return_city=True)).rpartition("/")[2]


def _texts(ranges: Ranges, locale: Locale, t: Words) -> tuple[str, ...]:
    if ranges == ((0, _DAY_MINUTES),):
        return (t("hours_all_day"),)
    return tuple(_between(locale, _time(start, locale), _time(end, locale)) for start, end in ranges) or (
        t("hours_closed"),
    )


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _first_day(code: str) -> int:
    """The first day of the week (0 is Monday) where most people who read the language live."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global

    name = code.replace("-", "_")
    try:
        return Locale.parse(get_global("likely_subtags").get(name, name)).first_week_day
    except (UnknownLocaleError, ValueError):
        return 0


def _day_names(locale: Locale) -> list[str]:
    names = locale.days["stand-alone"]["wide"]
    return [str(names[day]) for day in range(7)]


def _between(locale: Locale, first: str, last: str) -> str:
    pattern = locale.interval_formats[None]
    return str(pattern).replace("{0}", first).replace("{1}", last)


def _time(minute: int, locale: Locale) -> str:
    """`8:00 AM`, `08:00`. The half of the day is spelled out: its short form is Latin in some languages."""
    from babel.dates import format_time

    pattern = str(locale.time_formats["short"].pattern).replace("a", "aaaa")
    return str(format_time(time(minute // 60 % 24, minute % 60), pattern, locale=locale))
