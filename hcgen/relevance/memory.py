"""The last run, kept in the project for the next one to compare with. It may be deleted at any time."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from hcgen.relevance.measure import Answer, Question
from hcgen.relevance.scores import Places, place_of
from hcgen.text import canonical_json

MEMORY = ".hcgen/relevance.json"
_VERSION = 1


class _Kept(Struct, frozen=True):
    version: int
    places: list[tuple[Question, int]]


def remembered(root: Path) -> dict[Question, int]:
    """Where the articles of the last run's questions stood; nothing where that is not known."""
    try:
        kept = msgspec.json.decode((root / MEMORY).read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):
        return {}
    return dict(kept.places) if kept.version == _VERSION else {}


def remember(root: Path, answers: Iterable[Answer], before: Places) -> None:
    """Keeps where articles stand now; help centers that were not asked this time stay as they were."""
    now = {one.question: place_of(one) for one in answers}
    asked = {(one.brand, one.locale) for one in now}
    both = {one: place for one, place in before.items() if (one.brand, one.locale) not in asked} | now
    path = root / MEMORY
    fresh = path.with_suffix(".new")
    value = _Kept(_VERSION, sorted(both.items(), key=lambda pair: msgspec.structs.astuple(pair[0])))
    # Where nothing can be kept, the next run compares with nothing.
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        fresh.write_text(canonical_json(msgspec.to_builtins(value)), "utf-8")
        fresh.replace(path)
