"""Callouts, tabs and blocks, read as containers that CommonMark knows.

`!!! note`, `??? tip`, `=== "Tab"` and `/// details` are rewritten, line by line, to block quotes that begin and
end with a marker; the CommonMark engine reads them like any other container, so that nothing around them changes
its meaning; afterwards the marked block quotes become callouts, tabs and details. `restore` also answers which
markers did not come out as block quotes (they stood in code): those lines are then taken as plain text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct, field

from hcgen.markup.engine import inline_html
from hcgen.markup.fragment import CLOSE, OPEN, Problem, token
from hcgen.markup.lines import BLOCK_CLOSE, BLOCK_OPEN, Fences, Line, dedent, indent_of, joined

# Python-Markdown's admonition, pymdownx.details and pymdownx.tabbed, each with a body indented by four.
_ADMONITION = re.compile(r"^ *(!!!) ?([\w-]+(?: +[\w-]+)*)(?: +\"(.*?)\")? *$")
_DETAILS = re.compile(r"^ *(\?{3}\+?) ?([\w-]+(?: +[\w-]+)*)?(?: *\"(.*?)\")? *$")
_TAB = re.compile(r"^ *(===[+!]{0,2}) +\"(.*?)\" *$")
_HTML_OPEN = re.compile(r"^( *<[a-zA-Z][\w-]*\b[^<>]*?) markdown(?:=[\"'][^\"']*[\"'])?([^<>]*> *)$")
_BULLETS = frozenset("-+*0123456789")
_ITEM = re.compile(r"^( *(?:(?:[-+*]|\d{1,9}[.)]) {1,4})+)(?=!!! ?\w|\?{3}|===[+!]{0,2} +\"|/{3,} *[A-Za-z])")
_QUOTE = re.compile(r"^ {0,3}> ?")
_OPTION = re.compile(r"^ {4,}([\w-]+): *(.*?) *$")
# Where a container or a fence begins, behind whatever it may stand in.
_CUES = frozenset(("!!!", "???", "===", "///", "```", "~~~"))
_BEFORE = " \t>-+*.)0123456789"
# Any of the above but fences, behind a character that most texts lack, and so found fast.
_MAY_HOLD = tuple((mark, re.compile(f"{re.escape(mark)}(?={re.escape(mark)}{{2}})")) for mark in "!?=/")
# What the engine makes of the marks that begin and end a container, but for the placeholder in the middle.
_BEGIN = ("<blockquote>\n<p>", "</p>\n")
_END = ("<p>", "</p>\n</blockquote>")

CALLOUTS = frozenset(
    [
        "note",
        "tip",
        "important",
        "warning",
        "caution",
        "info",
        "success",
        "question",
        "failure",
        "danger",
        "bug",
        "example",
        "abstract",
        "quote",
        "attention",
        "error",
        "hint",
        "summary",
        "tldr",
        "todo",
        "check",
        "done",
        "help",
        "faq",
        "fail",
        "missing",
        "snippet",
        "cite",
    ]
)
KINDS = {
    "hint": "tip", "attention": "warning", "error": "caution", "danger": "caution", "failure": "caution",
    "fail": "caution", "missing": "caution", "bug": "caution", "summary": "note", "abstract": "note", "tldr": "note",
    "info": "note", "todo": "note", "check": "tip", "done": "tip", "success": "tip", "help": "note", "faq": "note",
    "question": "note", "snippet": "note", "example": "note", "cite": "note", "quote": "note",
}  # fmt: skip
_BLOCK_KINDS = {
    "details": "???", "tab": "===", "html": "html", "caption": "caption", "figure-caption": "caption",
    "table-caption": "caption",
}  # fmt: skip
_BLOCKS = CALLOUTS | {"admonition", "details", "tab", "html", "caption", "figure-caption", "table-caption"}


class Container(Struct):
    """One container on its way through the engine: the HTML that its marked block quote becomes."""

    line: int
    before: str
    after: str


class Head(Struct, frozen=True):
    """Where a container begins: its indent in columns, the bullet of an item that it opens, its line."""

    indent: int
    bullet: str
    line: int


Group = tuple[int, int] | None
"""A group of tabs: the number of its first container, and the columns of its bodies."""


class Rewriter(Struct):
    """Rewrites lines; `skipped` holds the numbers of opening lines to be left as plain text."""

    skipped: frozenset[int] = frozenset()
    containers: list[Container] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def rewrite(self, lines: Sequence[Line]) -> list[Line]:
        """`lines` with every container as a marked block quote."""
        out: list[Line] = []
        fences = Fences()
        group: Group = None
        at = 0
        for cue in _cues(lines):
            if cue < at:
                continue
            if group and any(text.strip() for text, _ in lines[at:cue]):
                group = None
            out += lines[at:cue]
            text, number = lines[cue]
            at = cue + 1
            if fences.feed(text, number) or number in self.skipped:
                out.append((text, number))
                group = None
                continue
            # A container may be the first thing of a list item: its bullet goes before the block quote.
            item = _ITEM.match(text) if text.lstrip(" ")[:1] in _BULLETS else None
            bullet = item[1] if item else ""
            text = " " * len(bullet) + text[len(bullet) :]
            first = text.lstrip(" \t")[:3]
            if first in ("!!!", "???", "===") and (found := _indented(text)):
                columns = indent_of(text) + 4
                end = _end_of_indented(lines, at, columns)
                body = [(dedent(line, columns), no) for line, no in lines[at:end]]
                at = end
                group = self._tab_group(group, found[0], columns) if first == "===" else None
                self._emit(out, Head(indent_of(text), bullet, number), body, found, group)
            elif first == "///" and (opened := BLOCK_OPEN.match(text)):
                at, group = self._block(out, lines, at, (opened, Head(indent_of(text), bullet, number)), group)
            elif first[:1] == ">" and indent_of(text) < 4 and (end := _end_of_quote(lines, at)):
                out += self._quoted(lines[at - 1 : end])
                at, group = end, None
            elif text.endswith((">", "> ")) and (mixed := _HTML_OPEN.match(text)):
                out += [(mixed[1] + mixed[2], number), ("", 0)]
                group = None
            else:
                out.append((text, number))
                group = None
        out += lines[at:]
        return out

    def _quoted(self, lines: Sequence[Line]) -> list[Line]:
        """A writer's own block quote that holds containers, rewritten inside; it stays in its list item."""
        inner = self.rewrite([(_QUOTE.sub("", text, count=1), number) for text, number in lines])
        lead = " " * indent_of(lines[0][0])
        return [(f"{lead}> {text}" if text.strip() else f"{lead}>", number) for text, number in inner]

    def _block(
        self, out: list[Line], lines: Sequence[Line], at: int, start: tuple[re.Match[str], Head], group: Group
    ) -> tuple[int, Group]:
        opened, head = start
        name, title = opened[3].lower(), opened[4]
        if name not in _BLOCKS:
            remedy = f"Use one of: brand, internal, {', '.join(sorted(_BLOCKS))}; or write the line as code."
            self.problems.append(Problem(head.line, "unknown-block", f"no block is called {opened[3]!r}", remedy))
        end = _end_of_block(lines, at, len(opened[2]), head.indent)
        body = [(dedent(line, head.indent), no) for line, no in lines[at:end]]
        options: dict[str, str] = {}
        while body and (option := _OPTION.match(body[0][0])):
            options[option[1].lower()] = option[2].strip("\"'")
            body.pop(0)
        kind = _BLOCK_KINDS.get(name, "!!!")
        if kind == "???" and options.get("open", "").lower() == "true":
            kind = "???+"
        if kind == "===" and options.get("new", "").lower() == "true":
            kind = "===!"
        types = name if name in CALLOUTS else options.get("type", "")
        group = self._tab_group(group, kind, head.indent + 4) if kind.startswith("===") else None
        self._emit(out, head, body, (kind, types, title), group)
        return end + 1, group

    def _closing_comment(self, inner: list[Line]) -> list[Line]:
        """What ends an HTML comment that would swallow the end of its container."""
        text = joined(inner)
        if text.count("<!--") <= text.count("-->"):
            return []
        line = next((number for line, number in inner if "<!--" in line), 1)
        message = "this HTML comment never closes within its block"
        self.problems.append(Problem(line, "unclosed-comment", message, "End it with `-->`."))
        return [("-->", 0)]

    def _tab_group(self, group: Group, mark: str, columns: int) -> Group:
        """The group of a tab: that of the tab before it at the same depth, or a new one."""
        joins = group is not None and group[1] == columns and "!" not in mark
        return group if joins else (len(self.containers), columns)

    def _emit(
        self, out: list[Line], head: Head, body: list[Line], found: tuple[str, str, str | None], group: Group
    ) -> None:
        at = len(self.containers)
        name = group[0] if group else None
        self.containers.append(Container(head.line, *_wrapping(*found, name, is_first=name == at)))
        while body and not body[-1][0].strip():
            body.pop()
        while body and not body[0][0].strip():
            body.pop(0)
        inner = self.rewrite(body)
        unclosed = Fences()
        for line, no in inner:
            unclosed.feed(line, no)
        if any("<!--" in line for line, _ in inner):
            inner += self._closing_comment(inner)
        indent = " " * head.indent
        out += [] if head.bullet else [("", 0)]
        out += [(f"{head.bullet or indent}> {token('C', at)}", head.line), (f"{indent}>", 0)]
        out += [(f"{indent}> {line}" if line.strip() else f"{indent}>", no) for line, no in inner]
        out += [(f"{indent}> {unclosed.mark}", 0)] if unclosed.mark else []
        out += [(f"{indent}>", 0), (f"{indent}> {token('E', at)}", 0), ("", 0)]


def _cues(lines: Sequence[Line]) -> list[int]:
    """Indexes of the lines that may be more than text: the others need no look."""
    return [
        at
        for at, (text, _) in enumerate(lines)
        if text.lstrip(_BEFORE)[:3] in _CUES or (">" in text and text.lstrip(" ")[0] in "<>")
    ]


def _indented(text: str) -> tuple[str, str, str | None] | None:
    """(mark, type, title) of a container whose body is indented, or None."""
    if match := _ADMONITION.match(text):
        return "!!!", match[2].lower(), match[3]
    if match := _TAB.match(text):
        return match[1], "", match[2]
    if (match := _DETAILS.match(text)) and (match[2] or match[3]):
        return match[1], (match[2] or "").lower(), match[3]
    return None


def _end_of_indented(lines: Sequence[Line], at: int, columns: int) -> int:
    end = at
    while at < len(lines) and (not lines[at][0].strip() or indent_of(lines[at][0]) >= columns):
        at += 1
        end = at if lines[at - 1][0].strip() else end
    return end


def _end_of_quote(lines: Sequence[Line], at: int) -> int:
    """Index behind the block quote whose first line is just before `at`; 0 where it holds no container."""
    end, holds = at - 1, False
    while end < len(lines) and _QUOTE.match(lines[end][0]):
        inner = lines[end][0].lstrip(" >")
        holds = holds or (inner.lstrip(_BEFORE)[:3] in _CUES and bool(_indented(inner) or BLOCK_OPEN.match(inner)))
        end += 1
    return end if holds else 0


def _end_of_block(lines: Sequence[Line], at: int, slashes: int, indent: int) -> int:
    """Index of the line that closes a block opened just before `at`, or the end."""
    depth, fences = [(slashes, indent)], Fences()
    while at < len(lines):
        text, number = lines[at]
        if not fences.feed(text, number):
            if opened := BLOCK_OPEN.match(text):
                depth.append((len(opened[2]), indent_of(text)))
            elif closed := BLOCK_CLOSE.match(text):
                ends = [one for one in depth if one[0] == len(closed[2]) and indent_of(text) <= one[1]]
                while ends and depth.pop() != ends[-1]:
                    pass
                if not depth:
                    return at
        at += 1
    return at


@lru_cache(maxsize=256)
def callout_opening(types: str, title: str | None) -> str:
    """The start of a callout: `types` as in `!!! note wide`, `title` None for the type's own, "" for none."""
    name, *more = types.split() or ["note"]
    kind = KINDS.get(name, name if name in CALLOUTS else "note")
    classes = " ".join(dict.fromkeys(["callout", f"callout-{kind}", *([name] if name != kind else []), *more]))
    head = "" if title == "" else f'<p class="callout-title">{_title(name, title)}</p>\n'
    return f'<div class="{html.escape(classes)}" role="note">\n{head}'


def _title(name: str, title: str | None) -> str:
    """A given title as inline Markdown of its own, else the type's translated one."""
    if title is not None:
        return inline_html(title)
    return token("T", name) if name in CALLOUTS else html.escape(name.capitalize())


def _wrapping(mark: str, types: str, title: str | None, group: int | None, *, is_first: bool) -> tuple[str, str]:
    """The HTML before and after a container's content."""
    if mark == "!!!":
        return callout_opening(types, title), "</div>"
    if mark == "html":
        name, _, classes = (title or "div").partition(".")
        tag = name if name in ("div", "section", "aside", "figure", "span") else "div"
        return f'<{tag} class="{html.escape(classes.replace(".", " "))}">\n', f"</{tag}>"
    if mark == "caption":
        return '<div class="caption">\n', "</div>"
    if mark.startswith("==="):
        is_open = " open" if is_first or "+" in mark else ""
        return (
            f'<details class="tab" name="hc-tabs-{group}"{is_open}>\n<summary>{inline_html(title or "")}</summary>\n',
            "</details>",
        )
    name = types.split(maxsplit=1)[0] if types else "note"
    kind = KINDS.get(name, name if name in CALLOUTS else "note")
    is_open = " open" if mark.endswith("+") else ""
    classes = f"callout callout-{kind}" if types else "details"
    return (
        f'<details class="{classes}"{is_open}>\n<summary class="callout-title">{_title(name, title)}</summary>\n',
        "</details>",
    )


def may_hold(text: str) -> bool:
    """Whether a text may hold containers: most hold none, and need no look at their lines."""
    return " markdown" in text or any(mark in text and three.search(text) for mark, three in _MAY_HOLD)


def restore(text: str, containers: list[Container]) -> tuple[str, list[int]]:
    """Engine output with every marked block quote as what it stands for.

    Also the lines of the containers that the engine did not read as block quotes of their own.
    """
    if not containers:
        return text, []
    found: set[str] = set()
    first, *rest = text.split(OPEN)
    parts = [first]
    for part in rest:
        mark, _, behind = part.partition(CLOSE)
        before, after = _BEGIN if mark[0] == "C" else _END
        if mark[0] in "CE" and parts[-1].endswith(before) and behind.startswith(after):
            found.add(mark)
            container = containers[int(mark[1:])]
            parts[-1] = parts[-1].removesuffix(before)
            parts += [container.before if mark[0] == "C" else container.after, behind.removeprefix(after)]
        else:
            parts.append(f"{OPEN}{part}")
    unread = [one.line for at, one in enumerate(containers) if not {f"C{at}", f"E{at}"} <= found]
    return "".join(parts), unread
