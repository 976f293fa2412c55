"""Steps: the items of a text's own ordered lists, each with placeholders for its id and for what stands at its end."""

from __future__ import annotations

import html
import re

from msgspec import Struct

from hcgen.markup.fragment import Step, token
from hcgen.markup.opening import words
from hcgen.text import digest

# Elements that hold blocks: a list within one of them is no procedure of the text.
_STRUCTURE = re.compile(
    r"<(/?)(ol|ul|li|dl|table|blockquote|details|div|section|article|aside|figure|header|footer|nav|address)\b([^<>]*)>"
)
_ID = re.compile(r'\sid="([^"]*)"')


class _Item(Struct, frozen=True):
    """One item by its places in the HTML: behind `<li`, behind its start tag, and at its end tag."""

    name: int
    start: int
    end: int


def steps(text: str) -> tuple[str, tuple[Step, ...]]:
    """`text` with a placeholder S in the start tag of each step and W at its end, and the steps.

    A step is an item of an ordered list that stands in nothing else; a list of one item is no procedure. HTML whose
    elements do not balance has no steps.
    """
    if "<ol" not in text:
        return text, ()
    parts: list[str] = []
    found: list[Step] = []
    at = 0
    for number, items in enumerate(_lists(text)):
        for item in items if len(items) > 1 else ():
            attributes, anchor = _without_id(text[item.name : item.start - 1])
            inner = text[item.start : item.end]
            parts += [text[at : item.name], token("S", len(found)), attributes, ">", anchor, inner]
            parts.append(token("W", len(found)))
            found.append(Step(number, digest(words(inner), 6)))
            at = item.end
    return "".join([*parts, text[at:]]), tuple(found)


def _lists(text: str) -> list[list[_Item]]:
    """The items of each ordered list that stands in nothing else."""
    lists: list[list[_Item]] = []
    around: list[str] = []
    name = start = 0
    for match in _STRUCTURE.finditer(text):
        closes, element, _ = match.groups()
        if not closes:
            if not around and element == "ol":
                lists.append([])
            elif around == ["ol"]:
                name, start = match.end(2), match.end()
            around.append(element)
        elif not around or around.pop() != element:
            return []
        elif element == "li" and around == ["ol"]:
            lists[-1].append(_Item(name, start, match.start()))
    return [] if around else lists


def _without_id(attributes: str) -> tuple[str, str]:
    """An item's attributes without an id that its writer gave it, and an anchor that keeps this id."""
    own = _ID.search(attributes)
    if own is None:
        return attributes, ""
    anchor = f'<a id="{html.escape(html.unescape(own[1]))}"></a>' if own[1] else ""
    return _ID.sub("", attributes), anchor
