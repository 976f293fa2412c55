"""A plan for people: text, and Markdown for a review comment; page.py shows it side by side. Knows no terminal."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from hcgen.publish.diff import Difference, difference, unified
from hcgen.publish.plan import Action, Change, Conflict, Plan

SIGNS = {
    Action.CREATE: "+", Action.UPDATE: "~", Action.MOVE: ">", Action.FLAG: "!", Action.RECORD: "=", Action.UPLOAD: "^",
    Action.ARCHIVE: "-", Action.RESTORE: "<", Action.REDIRECT: "@",
}  # fmt: skip
_MOST_LINES = 40
_MOST_SHOWN = 60
"""Changes whose diffs a comment shows; hosts take about 65,000 characters."""


def headline(plan: Plan) -> str:
    """The plan in one line."""
    counts = ", ".join(f"{count} {action}" for action, count in plan.counts.items()) or "nothing to do"
    refused = sum(one.refuses for one in plan.conflicts)
    drifts = len(plan.conflicts) - refused
    more = [f"{refused} in conflict"] if refused else []
    more += [f"{drifts} changed over there"] if drifts else []
    what = f"rollback of {plan.rolls_back}" if plan.rolls_back else "plan"
    return f"{what} for {plan.target} ({plan.provider}, {plan.url}): {'; '.join((counts, *more))}"


def as_text(plan: Plan, *, diffs: bool = True) -> str:
    """The plan for a terminal; control characters of remote texts are taken out."""
    return "".join(f"{_plain(line)}\n" for line in _text(plan, diffs))


def _text(plan: Plan, diffs: bool) -> Iterator[str]:
    for change in plan.changes:
        yield _line(change)
        for loss in change.losses:
            yield f"    the target takes out {loss.what} ({loss.count})"
        if diffs:
            yield from (f"    {line}" for line in _shortened(difference(change)))
    for conflict in plan.conflicts:
        sign = "refused" if conflict.refuses else "kept"
        yield f"{sign:<8} {conflict.identity}: {conflict.text}"
        yield f"    {conflict.remedy}"
        if diffs:
            yield from (f"    {line}" for line in _shortened(difference(conflict)))
    yield from (f"warning: {line}" for line in plan.warnings)
    yield from (f"refused: {line}" for line in plan.refusals)
    yield headline(plan)


def _shortened(found: Difference) -> Iterator[str]:
    lines = list(unified(found))
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"... and {len(lines) - _MOST_LINES} lines more (--html shows all)"


def _line(change: Change) -> str:
    what = str(change.identity or "")
    if change.action is Action.UPLOAD and change.asset:
        what = f"{change.asset.path} ({change.asset.size} bytes)"
    elif change.rule:
        what = f"{change.rule.source} → {change.rule.target or change.identity}"
    why = ", ".join((*change.fields, *(f"({reason})" for reason in change.reasons)))
    title = f" {change.title!r}" if change.identity and not change.rule else ""
    return f"{SIGNS[change.action]} {change.action.value:<8} {what}{title}{f'  {why}' if why else ''}"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def as_markdown(plan: Plan) -> str:
    """The plan as a comment for a review."""
    return "\n".join(_markdown(plan)) + "\n"


def _markdown(plan: Plan) -> Iterator[str]:
    yield f"### {_cell(headline(plan))}"
    yield ""
    for line in plan.refusals:
        yield f"- **Refused:** {_cell(line)}"
    for line in plan.warnings:
        yield f"- Warning: {_cell(line)}"
    if plan.changes:
        yield "\n| | What | Title | Why |\n| :-- | :-- | :-- | :-- |"
    for change in plan.changes:
        what = change.rule.source if change.rule else change.asset.path if change.asset else str(change.identity)
        why = ", ".join((*change.fields, *change.reasons, *(f"loses {loss.what}" for loss in change.losses)))
        yield f"| {change.action.value} | {_cell(what)} | {_cell(change.title)} | {_cell(why)} |"
    shown: list[Change | Conflict] = [*plan.conflicts, *plan.changes]
    for one in [one for one in shown if one.before and one.desired][:_MOST_SHOWN]:
        lines = list(_shortened(difference(one)))
        if lines:
            yield from _folded(one, lines)


def _folded(one: Change | Conflict, lines: list[str]) -> Iterator[str]:
    body = "\n".join(_plain(line) for line in lines)
    # A fence longer than any run of backticks in what it holds (CommonMark, fenced code blocks).
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", body)), default=0))
    name = f"{one.identity}: {one.text}" if isinstance(one, Conflict) else str(one.identity)
    yield f"\n<details><summary>{html.escape(_plain(name))}</summary>\n\n{fence}diff\n{body}\n{fence}\n\n</details>"


def _cell(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#~])", r"\\\1", _plain(text))
