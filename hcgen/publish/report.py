"""A plan for people: text, Markdown for a review comment, a page with bodies side by side. Knows no terminal."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from hcgen.publish.diff import Difference, Row, difference, unified
from hcgen.publish.plan import Action, Change, Conflict, Plan

_SIGNS = {
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
    return f"{_SIGNS[change.action]} {change.action.value:<8} {what}{title}{f'  {why}' if why else ''}"


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


_STYLE = """\
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:90rem;padding:1rem;color:#1c1e21;background:#fff}
table{border-collapse:collapse;width:100%;table-layout:fixed}
td,th{border:1px solid #d0d4d9;padding:.2rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}
td.t{font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap}
.removed td:first-child,.changed td:first-child{background:#ffebe9}
.added td:last-child,.changed td:last-child{background:#dafbe1}
.gap td{background:#f2f4f6;border-inline:0;padding:0;height:.4rem}
summary{cursor:pointer;padding:.3rem 0} .refused{color:#a40e26;font-weight:600}
@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#16181b}td,th{border-color:#3a3f45}
.removed td:first-child,.changed td:first-child{background:#5a1e1e}
.added td:last-child,.changed td:last-child{background:#17452a}.gap td{background:#24282c}.refused{color:#ff9a9a}}
"""


def as_page(plan: Plan) -> str:
    """The plan as a page of its own, bodies side by side; without a script, and nothing in it is run."""
    return "".join(_page(plan))


def _page(plan: Plan) -> Iterator[str]:
    title = html.escape(headline(plan))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
    yield f"<h1>{title}</h1>\n<p>Digest {html.escape(plan.digest)}, hcgen {html.escape(plan.tool)}</p>\n"
    notes = [*(("refused", line) for line in plan.refusals), *(("warning", line) for line in plan.warnings)]
    if notes:
        yield "<ul>\n" + "".join(f'<li class="{name}">{html.escape(line)}</li>\n' for name, line in notes) + "</ul>\n"
    for conflict in plan.conflicts:
        name = "refused" if conflict.refuses else "kept"
        summary = f'<span class="{name}">{name}</span> {html.escape(f"{conflict.identity}: {conflict.text}")}'
        yield _details(summary, f"<p>{html.escape(conflict.remedy)}</p>\n" + _table(difference(conflict)))
    for change in plan.changes:
        losses = "".join(f"<li>{html.escape(loss.what)} ({loss.count})</li>" for loss in change.losses)
        lost = f"<p>The target takes out:</p><ul>{losses}</ul>\n" if losses else ""
        yield _details(html.escape(_line(change)), lost + _table(difference(change)))
    yield "</body>\n</html>\n"


def _details(summary: str, inner: str) -> str:
    if not inner:
        return f"<p>{summary}</p>\n"
    return f"<details>\n<summary>{summary}</summary>\n{inner}</details>\n"


def _table(found: Difference) -> str:
    if not found.fields and not found.rows:
        return ""
    head = '<table>\n<thead><tr><th scope="col">Over there</th><th scope="col">In Git</th></tr></thead>\n<tbody>\n'
    fields = "".join(_row(Row("changed", f"{name}: {old}", f"{name}: {new}")) for name, old, new in found.fields)
    return head + fields + "".join(map(_row, found.rows)) + "</tbody>\n</table>\n"


def _row(row: Row) -> str:
    cells = "".join(f'<td class="t" dir="auto">{html.escape(text or "")}</td>' for text in (row.left, row.right))
    return f'<tr class="{row.kind}">{cells}</tr>\n'
