"""What a brand tells on its home page beside its content: incidents, popular articles, popular searches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from hcgen.model.locale import Localized


class Level(StrEnum):
    """How bad an incident is, the worst first."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class Incident(Struct, frozen=True):
    """Something that all readers should know now: shown from `since` on, until just before `until`."""

    title: Localized
    level: Level
    since: datetime
    until: datetime | None = None
    text: Localized | None = None
    url: str = ""


class Popular(Struct, frozen=True):
    """What readers look for most, by language; "" stands for all. Articles are named by key or id."""

    articles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    queries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    """Line of each named article in the file, for findings."""


class Bulletin(Struct, frozen=True):
    """The incidents and the popular things of one brand, or of all."""

    incidents: tuple[Incident, ...] = ()
    popular: Popular = Popular()
