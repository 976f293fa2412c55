"""A plan as a page of its own, bodies side by side. Without a script, and nothing in it is run."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from hcgen.publish.diff import Difference, Row, difference
from hcgen.publish.plan import Action, Change, Conflict, Plan
from hcgen.publish.report import SIGNS, headline

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_OPEN = 12
"""So many differences are unfolded: a small plan is read without a click."""
_STYLE = """\
:root{color-scheme:light dark;--ink:#1c1e21;--soft:#5a626b;--line:#d8dce1;--page:#f5f6f8;--card:#fff;
--new:#dafbe1;--old:#ffe3e0;--good:#116329;--bad:#a40e26;--calm:#0b4f8a}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--soft:#a2abb5;--line:#363c43;--page:#121417;--card:#1b1f24;
--new:#17452a;--old:#5a1e1e;--good:#6fdd8b;--bad:#ff9a9a;--calm:#8ec5ff}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--page)}
main{max-width:84rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.5rem;line-height:1.25;margin:0;overflow-wrap:anywhere} h2{font-size:1.05rem;margin:2rem 0 .5rem}
.soft,small{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere} p{margin:.4rem 0}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0;padding:0;list-style:none}
.counts li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.35rem .8rem}
.counts b{font-size:1.15rem}
.card,details{background:var(--card);border:1px solid var(--line);border-radius:.5rem;margin:.4rem 0;overflow:hidden}
.card,summary{padding:.5rem .8rem} .notes{border-inline-start:.3rem solid var(--bad)}
.notes ul{margin:0;padding-inline-start:1.2rem}
summary{cursor:pointer} summary:hover{background:var(--page)} summary small,.card small{display:block}
.tag{border:1px solid var(--line);border-radius:1rem;padding:0 .5rem;font-size:.8rem;color:var(--soft)}
.create b,.restore b{color:var(--good)} .archive b,.refused b,.refused{color:var(--bad)}
.update b,.move b{color:var(--calm)}
.refused{font-weight:600}
.inner{padding:0 .8rem .8rem} table{border-collapse:collapse;width:100%;table-layout:fixed}
th{text-align:start;font-size:.8rem;color:var(--soft);font-weight:500;padding:.3rem .5rem}
td{border:1px solid var(--line);padding:.15rem .5rem;vertical-align:top;overflow-wrap:anywhere}
td{font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap}
.removed td:first-child,.changed td:first-child{background:var(--old)}
.added td:last-child,.changed td:last-child{background:var(--new)}
.gap td{background:var(--page);padding:0;height:.4rem}
"""
_HEADINGS = {
    Action.CREATE: "New", Action.UPDATE: "Changed", Action.MOVE: "Moved", Action.FLAG: "Flagged as out of date",
    Action.RECORD: "Noted in the ledger, nothing sent", Action.UPLOAD: "Files to upload",
    Action.ARCHIVE: "Taken away", Action.RESTORE: "Brought back", Action.REDIRECT: "Redirects",
}  # fmt: skip


def as_page(plan: Plan) -> str:
    """The plan as HTML."""
    return "".join(_page(plan))


def _page(plan: Plan) -> Iterator[str]:
    title = html.escape(headline(plan))
    what = f"Rollback of {plan.rolls_back}" if plan.rolls_back else "Plan"
    yield f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n'
    yield f"<h1>{html.escape(f'{what} for {plan.target}')}</h1>\n"
    yield f'<p class="soft">{html.escape(f"{plan.provider}, {plan.url}")}<br>'
    yield f"Digest {html.escape(plan.digest)}, hcgen {html.escape(plan.tool)}</p>\n"
    yield _counts(plan)
    notes = [*(("refused", line) for line in plan.refusals), *(("warning", line) for line in plan.warnings)]
    if notes:
        lines = "".join(f'<li class="{name}">{html.escape(line)}</li>\n' for name, line in notes)
        yield f'<div class="card notes"><ul>\n{lines}</ul></div>\n'
    if plan.conflicts:
        yield "<h2>Changed over there</h2>\n" + "".join(map(_conflict, plan.conflicts))
    shown = 0
    for action, heading in _HEADINGS.items():
        group = [change for change in plan.changes if change.action is action]
        if group:
            yield f"<h2>{heading} ({len(group)})</h2>\n{_group(group, _OPEN - shown)}"
            shown += len(group)
    yield "</main>\n</body>\n</html>\n"


def _counts(plan: Plan) -> str:
    counts = [(name, name, count) for name, count in plan.counts.items()]
    refused = sum(one.refuses for one in plan.conflicts)
    counts += [("refused", "in conflict", refused)] if refused else []
    if not counts:
        return "<p>Nothing to do.</p>\n"
    rows = "".join(f'<li class="{name}"><b>{count}</b> {text}</li>\n' for name, text, count in counts)
    return f'<ul class="counts">\n{rows}</ul>\n'


def _group(changes: Sequence[Change], most: int) -> str:
    return "".join(_change(change, is_open=at < most) for at, change in enumerate(changes))


def _change(change: Change, *, is_open: bool) -> str:
    name = change.title
    place = str(change.identity or "")
    if change.rule:
        name, place = f"{change.rule.source} → {change.rule.target or change.identity}", ""
    elif change.asset:
        name, place = change.asset.path, f"{change.asset.size:,} bytes"
    tags = "".join(f' <span class="tag">{html.escape(one)}</span>' for one in (*change.fields, *change.reasons))
    head = f'<bdi class="{change.action}"><b>{SIGNS[change.action]}</b> {html.escape(name)}</bdi>{tags}'
    losses = "".join(f"<li>{html.escape(loss.what)} ({loss.count})</li>" for loss in change.losses)
    lost = f"<p>The target takes out:</p><ul>{losses}</ul>\n" if losses else ""
    # What is new or goes has nothing on the other side: it is there to be looked up.
    is_compared = change.before is not None and change.desired is not None
    return _folded(head, place, lost + _table(difference(change)), is_open=is_open and is_compared)


def _conflict(conflict: Conflict) -> str:
    name = "refused" if conflict.refuses else "kept"
    head = f'<span class="{name}">{name}</span> {html.escape(f"{conflict.identity}: {conflict.text}")}'
    inner = f"<p>{html.escape(conflict.remedy)}</p>\n" + _table(difference(conflict))
    return _folded(head, "", inner, is_open=True)


def _folded(head: str, place: str, inner: str, *, is_open: bool) -> str:
    below = f"<small>{html.escape(place)}</small>" if place else ""
    if not inner:
        return f'<div class="card">{head}{below}</div>\n'
    state = " open" if is_open else ""
    return f'<details{state}>\n<summary>{head}{below}</summary>\n<div class="inner">{inner}</div>\n</details>\n'


def _table(found: Difference) -> str:
    if not found.fields and not found.rows:
        return ""
    head = '<table>\n<thead><tr><th scope="col">Over there</th><th scope="col">In Git</th></tr></thead>\n<tbody>\n'
    fields = "".join(_row(Row("changed", f"{name}: {old}", f"{name}: {new}")) for name, old, new in found.fields)
    return head + fields + "".join(map(_row, found.rows)) + "</tbody>\n</table>\n"


def _row(row: Row) -> str:
    cells = "".join(f'<td dir="auto">{html.escape(text or "")}</td>' for text in (row.left, row.right))
    return f'<tr class="{row.kind}">{cells}</tr>\n'
