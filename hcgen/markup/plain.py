"""The words of Markdown without converting it: paragraphs with their lines, for those who search or compare sources.

It reads the way a person skims a file: close enough to find a place, not to publish it. `convert` decides what a page
says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from hcgen.markup.lines import BLOCK_CLOSE, BLOCK_OPEN, Line, with_code

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"^\s*(?:[-+*:]|\d{1,9}[.)])\s+")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_CALLOUT = re.compile(r"^\s*(?:!!!|\?{3}\+?|===[+!]?)[ \w-]*(?:\"(.*)\")?\s*$")
_ALERT = re.compile(r"^\s*\[!\w+\]\s*$")
_FENCE = re.compile(r"^[\s>]*(?:`{3,}|~{3,})")
# Lines that draw and say nothing: rules, underlines of headings, the second line of a table.
_DRAWN = re.compile(r"^[\s|:=*_-]+$")
_DEFINITION = re.compile(r"^\s{0,3}\[[^\]^]+\]:\s")
_INCLUDE = re.compile(r"^\s*-{1,2}8<-")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)")
_FACT = re.compile(r"\{\{[^}]*\}\}")
# In the order in which they are taken away: pictures and links leave their words.
_INLINE = (
    (re.compile(r"!?\[([^\]\[]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"\[\^[^\]]+\]:?"), " "),
    (re.compile(r"<[^<>]+>"), " "),
    (re.compile(r"\{[:#.][^}]*\}"), " "),
    (re.compile(r"(?<!\\)(?:[*`~]+|==|\+\+|(?<!\w)_+|_+(?!\w))"), ""),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


class Paragraph(Struct, frozen=True):
    """A paragraph, list item, row or heading on one line, and the line of the source where it begins."""

    line: int
    text: str
    is_heading: bool = False


def paragraphs(lines: Iterable[Line]) -> list[Paragraph]:
    """What `lines` say, in order; `lines` may be any part of a text."""
    found: list[Paragraph] = []
    rows: list[str] = []
    start = 0

    def end() -> None:
        if text := words(" ".join(rows)):
            found.append(Paragraph(start, text))
        rows.clear()

    for text, number, is_new, is_heading in _rows(lines):
        if is_new:
            end()
        if is_heading:
            found.append(Paragraph(number, words(text), is_heading=True))
        elif text:
            start = start if rows else number
            rows.append(text)
    end()
    return [one for one in found if one.text]


def words(markdown: str) -> str:
    """A line of Markdown as it reads."""
    if "[" in markdown:
        # A picture may stand in a link.
        markdown = _INLINE[0][0].sub(_INLINE[0][1], markdown)
    for pattern, kept in _INLINE:
        markdown = pattern.sub(kept, markdown)
    return " ".join(html.unescape(markdown).split())


def _rows(lines: Iterable[Line]) -> Iterator[tuple[str, int, bool, bool]]:
    """(text, its line, whether it begins a paragraph, whether it is a heading) of each line; "" ends a paragraph."""
    in_comment = False
    for line, number, is_code in with_code(lines):
        text = line
        if is_code:
            yield "" if _FENCE.match(text) else text, number, True, False
            continue
        if in_comment:
            _, closed, text = text.partition("-->")
            in_comment = not closed
        if "<!--" in text:
            in_comment = "-->" not in text[text.rfind("<!--") :]
            text = _COMMENT.sub(" ", text)
        yield _row(_FACT.sub("…", text) if "{{" in text else text, number)


def _row(text: str, number: int) -> tuple[str, int, bool, bool]:
    bare = _QUOTE.sub("", text)
    if heading := _HEADING.match(bare):
        return heading[1], number, True, True
    if block := BLOCK_OPEN.match(bare):
        # The title of a callout or of details; what other blocks have there is no text.
        return (block[4] or "" if block[3].lower() not in ("brand", "internal") else ""), number, True, False
    if callout := _CALLOUT.match(bare):
        return callout[1] or "", number, True, False
    if BLOCK_CLOSE.match(bare) or _DRAWN.match(bare) or _ALERT.match(bare) or _DEFINITION.match(bare):
        return "", number, True, False
    if _INCLUDE.match(bare):
        return "", number, True, False
    if item := _ITEM.match(bare):
        return bare[item.end() :], number, True, False
    if bare.lstrip().startswith("|"):
        return " ".join(cell.strip() for cell in bare.split("|")), number, True, False
    return bare, number, not bare.strip(), False
