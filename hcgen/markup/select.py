"""Cuts `/// brand` and `/// internal` blocks out of the source before any engine sees it.

What is cut cannot leak: neither text nor footnote nor link definition of it ever reaches a converter.
Everything doubtful is cut: a block that never closes runs to the end of the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from msgspec import Struct

from hcgen.markup.fragment import Problem, until
from hcgen.markup.lines import BLOCK_CLOSE, BLOCK_OPEN, Fences, Line, indent_of, joined, numbered
from hcgen.text import closest

_INCLUDE = re.compile(r"^( *)-{1,2}8<-{1,2} +\"([^\"]+)\" *$")
# Also what only looks like one (`// internal`, `/// **internal**`); no address (`https://internal.example`).
_LEFT_OVER = re.compile(
    r"/{3,}\s*(?:internal|brand)\b|(?:^|[>\n])\s*/{2,}\s*(?:<\w+>)?\W{0,3}(?:internal|brand)\b", re.I
)
_FENCE_WITH_WORDS = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*[\w{.]")
_CODE = re.compile(rf"<pre\b{until('pre>')}|<code\b{until('code>')}")


_GUARDED = frozenset(("internal", "brand"))


class Selected(Struct, frozen=True):
    """The lines that a reader of one brand may see, and what was wrong with the blocks."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The lines joined: equal texts convert alike."""
        return joined(self.lines)


class _Open(Struct):
    name: str
    slashes: int
    indent: int
    line: int
    keeps: bool

    def closes(self, closed: re.Match[str]) -> bool:
        """Whether a line of slashes ends this block: as many of them, and no deeper."""
        return self.slashes == len(closed[2]) and indent_of(closed[0]) <= self.indent


def include(text: str, snippets: Mapping[str, str], problems: list[Problem]) -> list[Line]:
    """The lines of `text` with each `--8<-- "name"` replaced by that snippet; an unknown name is a problem."""
    lines: list[Line] = []
    fences = Fences()
    for line, number in numbered(text):
        match = None if fences.feed(line, number) else _INCLUDE.match(line)
        if match and match[2] in snippets:
            lines += [(match[1] + part if part else "", number) for part in snippets[match[2]].rstrip("\n").split("\n")]
        else:
            lines.append((line, number))
            if match:
                near = closest(match[2], snippets)
                remedy = f"Did you mean `{near}`?" if near else "Put it into content/_snippets/, or correct the name."
                problems.append(Problem(number, "missing-snippet", f"no snippet is called {match[2]!r}", remedy))
    return lines


def _brand_block(arguments: str, brand: str, brands: Collection[str], line: int) -> tuple[bool, Problem | None]:
    named = [name.strip() for name in arguments.split(",") if name.strip()]
    unknown = [name for name in named if name not in brands]
    if not named or unknown:
        what = f"the brand {unknown[0]!r} does not exist" if unknown else "the block names no brand"
        remedy = f"Write `/// brand | ID, ID` with ids from: {', '.join(sorted(brands))}."
        return False, Problem(line, "unknown-brand", what, remedy)
    return brand in named, None


def select(
    text: str, brand: str, brands: Collection[str], *, internal: bool = False, snippets: Mapping[str, str] | None = None
) -> Selected:
    """The part of `text` that readers of `brand` may see (`internal`: agents)."""
    problems: list[Problem] = []
    lines = include(text, snippets or {}, problems) if "8<-" in text else numbered(text)
    if "///" not in joined(lines):
        return Selected(tuple(lines), tuple(problems))
    kept: list[Line] = []
    stack: list[_Open] = []
    fences = Fences()
    hides = False
    for line, number in lines:
        mark = fences.mark
        if fences.feed(line, number):
            opened = BLOCK_OPEN.match(line) if mark else None
            hides = bool(mark) and (hides or (opened is not None and opened[3].lower() in _GUARDED))
            inner = _FENCE_WITH_WORDS.match(line) if hides else None
            if inner and inner[1].startswith(mark):
                # A fence that begins inside a fence: the writer forgot to close the first, and a block is code now.
                problems.append(_unclosed_code(fences))
            hides = hides and bool(fences.mark)
        elif opened := BLOCK_OPEN.match(line):
            name, problem, keeps = opened[3].lower(), None, True
            if name == "internal":
                keeps = internal
            elif name == "brand":
                keeps, problem = _brand_block(opened[4] or "", brand, brands, number)
            problems += [problem] if problem else []
            stack.append(_Open(name, len(opened[2]), indent_of(line), number, keeps))
            if name in _GUARDED:
                kept.append(("", number))
                continue
        elif (closed := BLOCK_CLOSE.match(line)) and not stack:
            remedy = "Remove it, or open the block that it should close."
            problems.append(Problem(number, "stray-close", f"`{closed[2]}` closes nothing", remedy))
        elif closed and any(one.closes(closed) for one in stack):
            while not (last := stack.pop()).closes(closed):
                problems.append(_unclosed(last))
            if last.name in _GUARDED:
                kept.append(("", number))
                continue
        kept += [(line, number)] if all(one.keeps for one in stack) else []
    problems += [_unclosed(one) for one in stack]
    if hides:
        problems.append(_unclosed_code(fences))
    return Selected(tuple(kept), tuple(problems))


def _unclosed_code(fences: Fences) -> Problem:
    remedy = f"Close it with a line of {fences.mark} alone, so that the blocks after it are read."
    return Problem(fences.opened_at, "unclosed-code", "this code block is never closed and hides a block", remedy)


def _unclosed(block: _Open) -> Problem:
    message = f"the block `/// {block.name}` is never closed"
    return Problem(block.line, "unclosed-block", message, f"Put a line with {'/' * block.slashes} alone where it ends.")


def left_over(html: str) -> bool:
    """Whether converted HTML still shows a brand or internal block outside code, so that it must be withheld."""
    return "//" in html and bool(_LEFT_OVER.search(_CODE.sub("", html)))
