"""How two contents differ, for people: fields that changed, and lines of bodies side by side. Knows no output."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from msgspec import Struct

from hcgen.publish.plan import Change, Conflict
from hcgen.publish.sending import FIELDS, is_same
from hcgen.publish.values import Content

_BREAK = re.compile(
    r"\n|(?<=>)(?=<(?:p|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|div|pre|blockquote|details|figure|hr|section)\b)"
)
_NEAR = 2
"""Lines shown around a change."""


class Row(Struct, frozen=True):
    """One line on each side; None where a side has none. `kind`: same, changed, added, removed, gap."""

    kind: str
    left: str | None
    right: str | None


class Difference(Struct, frozen=True):
    """What one change does to texts: (field, before, after) of the short ones, and rows of the body."""

    fields: tuple[tuple[str, str, str], ...]
    rows: tuple[Row, ...]


def difference(one: Change | Conflict) -> Difference:
    """How what stands there differs from what Git wishes (of a conflict: the same)."""
    before = one.before.content if one.before else None
    after = one.desired.content if one.desired else None
    body = one.shown if isinstance(one, Change) else ""
    short = []
    for name in FIELDS:
        if name != "body" and before and after and not is_same(name, before, after):
            short.append((name, _word(getattr(before, name)), _word(getattr(after, name))))
    old, new = _body(before), body or _body(after)
    return Difference(tuple(short), tuple(rows(old, new)) if before and after else ())


def _body(content: Content | None) -> str:
    return content.body if content else ""


def _word(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def rows(old: str, new: str) -> Iterator[Row]:
    """The lines of two bodies side by side, with gaps where they agree for long."""
    left, right = _lines(old), _lines(new)
    for group in difflib.SequenceMatcher(None, left, right, autojunk=False).get_grouped_opcodes(_NEAR):
        if group[0][1] or group[0][3]:
            yield Row("gap", None, None)
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (Row("same", one, one) for one in left[i1:i2])
                continue
            both = min(i2 - i1, j2 - j1) if tag == "replace" else 0
            yield from (Row("changed", left[i1 + at], right[j1 + at]) for at in range(both))
            yield from (Row("removed", one, None) for one in left[i1 + both : i2])
            yield from (Row("added", None, one) for one in right[j1 + both : j2])


def _lines(body: str) -> list[str]:
    return [line.strip() for line in _BREAK.split(body) if line.strip()]


def unified(found: Difference) -> Iterator[str]:
    """The difference as lines that begin with `-`, `+`, ` ` or `@`."""
    for name, before, after in found.fields:
        yield f"-{name}: {before}"
        yield f"+{name}: {after}"
    removed: list[str] = []
    added: list[str] = []
    for row in (*found.rows, Row("gap", None, None)):
        if row.kind in ("same", "gap"):
            yield from (f"-{line}" for line in removed)
            yield from (f"+{line}" for line in added)
            removed, added = [], []
            if row.kind == "same":
                yield f" {row.left}"
            continue
        removed += [row.left] if row.left is not None else []
        added += [row.right] if row.right is not None else []
