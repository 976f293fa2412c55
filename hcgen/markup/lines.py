"""Lines of Markdown as the block scanners see them: numbered, with fenced code told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

Line = tuple[str, int]
"""Text without its line end, and its number in the source (0: a line that we put in)."""

# Behind any run of container marks (CommonMark 0.31, sections 5.1 and 5.2) a fence may open (section 4.5).
_FENCE = re.compile(r"^[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*)*(`{3,}(?=[^`]*$)|~{3,})")
_FENCE_END = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*$")

BLOCK_OPEN = re.compile(r"^([ \t]*)(/{3,}) *([A-Za-z][\w-]*) *(?:\| *(.*?))?[ \t]*$")
BLOCK_CLOSE = re.compile(r"^([ \t]*)(/{3,})[ \t]*$")


class Fences(Struct):
    """Follows fenced code from line to line."""

    mark: str = ""
    opened_at: int = 0

    def feed(self, text: str, number: int) -> bool:
        """Whether this line belongs to fenced code, its fences included."""
        if "```" not in text and "~~~" not in text:
            return self.mark != ""
        if self.mark:
            end = _FENCE_END.match(text)
            if end and end[1][0] == self.mark[0] and len(end[1]) >= len(self.mark):
                self.mark = ""
            return True
        start = _FENCE.match(text)
        if start:
            self.mark, self.opened_at = start[1], number
        return start is not None


def numbered(text: str) -> list[Line]:
    """The lines of `text`, counted from 1."""
    return [(line, at) for at, line in enumerate(text.split("\n"), 1)]


def joined(lines: Iterable[Line]) -> str:
    """The text of some lines."""
    return "\n".join([text for text, _ in lines])


def with_code(lines: Iterable[Line]) -> Iterator[tuple[str, int, bool]]:
    """Each line with its number and whether it belongs to fenced code."""
    fences = Fences()
    for text, number in lines:
        yield text, number, fences.feed(text, number)


def indent_of(text: str) -> int:
    """Columns of white space in front, tab stops of four (CommonMark section 2.2)."""
    column = 0
    for character in text:
        if character == " ":
            column += 1
        elif character == "\t":
            column += 4 - column % 4
        else:
            break
    return column


def dedent(text: str, columns: int) -> str:
    """`text` without its first `columns` columns of white space, or as many as it has."""
    have = indent_of(text)
    return " " * max(0, have - columns) + text.lstrip(" \t")
