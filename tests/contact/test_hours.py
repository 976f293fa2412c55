"""Opening hours: tables in the words of a language, and what is said at each moment, held against a plain count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hcgen.contact.hours import notices, table, zone_city
from hcgen.files.opening import DAYS, OpeningFault, parse_opening

SHOP = {"mon-fri": "08:00-12:00, 13:00-20:00", "sat": "10:00-16:00"}
NIGHT = {"fri": "18:00-24:00", "sat": "00:00-02:00, 18:00-24:00", "sun": "00:00-02:00"}
ALWAYS = {"mon-sun": "00:00-24:00"}


def t(key: str, **values: object) -> str:
    """Words that show what they are made of."""
    return " ".join([key, *(str(one).replace("\u202f", " ") for one in values.values())])


def said(opening: dict[str, str], at: datetime, holidays: dict[str, str] | None = None, code: str = "de") -> str:
    """What the page says at `at`, looked up as its script does."""
    found = notices(parse_opening(opening), holidays or {}, code, t)
    day = found.get(at.date().isoformat()) or found[str(at.isoweekday() % 7)]
    return [text for start, text in day if start <= f"{at:%H:%M:%S}"][-1]


# As people write them ------------------------------------------------------------------------------------------------


def test_days_spans_and_ranges_are_read() -> None:
    week = parse_opening({"sat-mon": "10:00-16:00", "wed": "08:00 - 12:30,13:30–24:00"}).days
    assert week[0] == week[5] == week[6] == ((600, 960),)
    assert week[2] == ((480, 750), (810, 1440))
    assert week[1] == week[3] == week[4] == ()


@pytest.mark.parametrize(
    ("value", "key", "says"),
    [
        ({"monday": "08:00-20:00"}, "monday", "no day"),
        ({"mon-funday": "08:00-20:00"}, "mon-funday", "no day"),
        ({"mon-": "08:00-20:00"}, "mon-", "no day"),
        ({"mon": "8-20"}, "mon", "no range"),
        ({"mon": "08:00-25:00"}, "mon", "no range"),
        ({"mon": "08:00-24:30"}, "mon", "no range"),
        ({"mon": ""}, "mon", "no range"),
        ({"mon": "20:00-08:00"}, "mon", "ends before it begins"),
        ({"mon": "08:00-08:00"}, "mon", "ends before it begins"),
        ({"mon": "08:00-12:00, 11:00-14:00"}, "mon", "is over"),
        ({"mon": "13:00-14:00, 08:00-12:00"}, "mon", "is over"),
        ({"mon": "08:00-12:00, 12:00-14:00"}, "mon", "is over"),
        ({"mon-fri": "08:00-12:00", "wed": "08:00-12:00"}, "wed", "twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(value: dict[str, str], key: str, says: str) -> None:
    with pytest.raises(OpeningFault) as caught:
        parse_opening(value)
    assert caught.value.key == key
    assert says in caught.value.message
    assert caught.value.remedy


# The table -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("en", ["Sunday|hours_closed",
                "Monday – Friday|8:00 AM – 12:00 PM|1:00 PM – 8:00 PM", "Saturday|10:00 AM – 4:00 PM"]),
        ("de", ["Montag – Freitag|08:00 – 12:00|13:00 – 20:00", "Samstag|10:00 – 16:00", "Sonntag|hours_closed"]),
        ("fr", ["lundi – vendredi|08:00 – 12:00|13:00 – 20:00", "samedi|10:00 – 16:00", "dimanche|hours_closed"]),
        ("ko", ["일요일|hours_closed",
                "월요일 ~ 금요일|오전 8:00 ~ 오후 12:00|오후 1:00 ~ 오후 8:00",
                "토요일|오전 10:00 ~ 오후 4:00"]),
        ("ar", ["السبت|10:00 ص – 4:00 م", "الأحد|hours_closed", "الاثنين – الجمعة|8:00 ص – 12:00 م|1:00 م – 8:00 م"]),
        ("xx", ["Monday – Friday|8:00 AM – 12:00 PM|1:00 PM – 8:00 PM",
                "Saturday|10:00 AM – 4:00 PM", "Sunday|hours_closed"]),
    ],
)  # fmt: skip
def test_the_table_speaks_the_language(code: str, rows: list[str]) -> None:
    found = ["|".join([days, *ranges]) for days, ranges in table(parse_opening(SHOP), code, t)]
    assert [row.replace("\u2009", " ").replace("\u202f", " ") for row in found] == rows


def test_equal_days_are_one_row_and_whole_days_a_word() -> None:
    assert table(parse_opening(ALWAYS), "de", t) == (("hours_daily", ("hours_all_day",)),)


def test_a_zone_is_named_by_its_city() -> None:
    assert [zone_city("Europe/London", code) for code in ("en", "fr", "ko", "ar")] == [
        "London",
        "Londres",
        "런던",
        "لندن",
    ]
    assert zone_city("America/Argentina/Buenos_Aires", "en") == "Buenos Aires"
    assert zone_city("UTC", "de") == "UTC"


# What is said when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-06-01T00:00", "opens_today Montag 08:00"),
        ("2026-06-01T07:59", "opens_today Montag 08:00"),
        ("2026-06-01T08:00", "open_until 12:00"),
        ("2026-06-01T12:00", "opens_today Montag 13:00"),
        ("2026-06-01T19:59", "open_until 20:00"),
        ("2026-06-01T20:00", "opens_tomorrow Dienstag 08:00"),
        ("2026-06-05T20:00", "opens_tomorrow Samstag 10:00"),
        ("2026-06-06T16:00", "opens_on Montag 08:00"),
        ("2026-06-07T23:59", "opens_tomorrow Montag 08:00"),
    ],
)
def test_a_week(at: str, text: str) -> None:
    assert said(SHOP, datetime.fromisoformat(at)) == text


def test_hours_go_on_over_midnight() -> None:
    assert said(NIGHT, datetime(2026, 6, 5, 23, 59)) == "open_until 02:00"
    assert said(NIGHT, datetime(2026, 6, 6, 0, 0)) == "open_until 02:00"
    assert said(NIGHT, datetime(2026, 6, 6, 2, 0)) == "opens_today Samstag 18:00"
    assert said(NIGHT, datetime(2026, 6, 7, 2, 0)) == "opens_on Freitag 18:00"


def test_always_and_never() -> None:
    assert {said(ALWAYS, datetime(2026, 6, day, 12)) for day in range(1, 8)} == {"open_now"}
    assert said({"mon": "08:00-09:00"}, datetime(2026, 6, 1, 9)) == "closed_now"


def test_holidays_close_a_day_and_are_seen_coming() -> None:
    holidays = {"2026-12-25": "Noël", "2026-12-26": "Saint-Étienne"}
    assert said(SHOP, datetime(2026, 12, 24, 19), holidays) == "open_until 20:00"
    assert said(SHOP, datetime(2026, 12, 24, 20), holidays) == "opens_on Montag 08:00"
    assert said(SHOP, datetime(2026, 12, 25, 12), holidays) == "closed_today Noël opens_on Montag 08:00"
    assert said(SHOP, datetime(2026, 12, 26, 12), holidays) == "closed_today Saint-Étienne opens_on Montag 08:00"
    assert said(SHOP, datetime(2026, 12, 27, 12), holidays) == "opens_tomorrow Montag 08:00"


def test_a_night_ends_where_a_holiday_begins() -> None:
    holidays = {"2026-06-06": "Fest"}
    assert said(NIGHT, datetime(2026, 6, 5, 20), holidays) == "open_until 00:00"
    assert said(NIGHT, datetime(2026, 6, 6, 1), holidays) == "closed_today Fest opens_tomorrow Sonntag 00:00"


@pytest.mark.parametrize("opening", [SHOP, NIGHT, ALWAYS, {"tue": "00:00-00:01", "thu-fri": "23:59-24:00"}])
@pytest.mark.parametrize("holidays", [{}, {"2026-10-23": "x", "2026-10-25": "y"}])
def test_every_half_hour_of_two_weeks_agrees_with_counting_minutes(
    opening: dict[str, str], holidays: dict[str, str]
) -> None:
    """A walk by hours, minute by minute from there: is it open, and when does that change?"""
    for half in range(2 * 24 * 14):
        at = datetime(2026, 10, 19) + timedelta(minutes=30 * half)
        text = said(opening, at, holidays)
        is_open = _is_open(opening, holidays, at)
        assert text.startswith("open_") == is_open, (at, text)
        later = (at + timedelta(minutes=minute) for minute in range(1, 1441))
        change = next((one for one in later if _is_open(opening, holidays, one) != is_open), None)
        if is_open and change:
            assert text == f"open_until {change:%H:%M}", (at, text)
        if not is_open and change and "opens_on" not in text:
            assert text.endswith(f"{change:%H:%M}"), (at, text)


def _is_open(opening: dict[str, str], holidays: dict[str, str], at: datetime) -> bool:
    """Straight from the text, without the code under test."""
    if at.date().isoformat() in holidays:
        return False
    for key, text in opening.items():
        first, _, last = key.partition("-")
        days = range(DAYS.index(first), DAYS.index(last or first) + 1)
        for part in text.split(",") if at.weekday() in days else ():
            start, end = part.strip().split("-")
            if start <= f"{at:%H:%M}" < end:
                return True
    return False


def test_the_days_of_the_clock_changes_are_days_like_others() -> None:
    """Wall clocks are what is compared: London puts its own forward on 29 March and back on 25 October 2026."""
    zone = ZoneInfo("Europe/London")
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
        assert noon.utcoffset() != (noon - timedelta(days=1)).utcoffset()
        assert said({"sun": "08:00-20:00"}, noon) == "open_until 20:00"
