"""What the contact page shows of a brand's channels: labels, hours in words, and what its script reckons with."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from typing import NamedTuple

from hcgen.contact.hours import notices, table, zone_city
from hcgen.model.brand import Brand, Holiday, Opening


class ChannelView(NamedTuple):
    """A contact channel in the page's language."""

    kind: str
    label: str
    url: str
    hours: str
    script: str
    opening: Opening | None


class HoursView(NamedTuple):
    """A channel's week: rows of (days, ranges), and as JSON what the script says when (`contact.hours.notices`)."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    data: str


class HolidayView(NamedTuple):
    """A day on which nobody is there; `name` may be ""."""

    date: str
    text: str
    name: str


def channel_views(brand: Brand, code: str) -> tuple[ChannelView, ...]:
    """The brand's channels for readers of `code`."""
    chain = brand.chains[code]
    return tuple(
        ChannelView(
            one.kind, one.label.get(chain) or one.kind, one.url, (one.hours.get(chain) or "") if one.hours else "",
            one.script, one.opening,
        )
        for one in brand.channels
    )  # fmt: skip


def hours_view(brand: Brand, opening: Opening, code: str, t: Callable[..., str]) -> HoursView:
    """The hours `opening` in the language `code`, whose words `t` has."""
    names = {one.date: _name(one, brand.chains[code]) or t("holiday") for one in brand.holidays}
    data = dumps(notices(opening, names, code, t), ensure_ascii=False, separators=(",", ":"))
    return HoursView(table(opening, code, t), data)


def holiday_views(brand: Brand, code: str, long_date: Callable[[str], str]) -> tuple[HolidayView, ...]:
    """The brand's holidays, in order."""
    return tuple(
        HolidayView(one.date, long_date(one.date), _name(one, brand.chains[code]))
        for one in sorted(brand.holidays, key=lambda one: one.date)
    )


def zone_name(brand: Brand, code: str) -> str:
    """The city whose clock the hours go by."""
    return zone_city(brand.time_zone, code)


def _name(holiday: Holiday, chain: tuple[str, ...]) -> str:
    return (holiday.name.get(chain) or "") if holiday.name else ""
