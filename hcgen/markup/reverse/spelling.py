"""Small parts of Markdown as they are spelt: escapes at the start of a line, addresses, attribute lists, raw HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from copy import copy
from urllib.parse import quote, unquote

from bs4 import Tag
from bs4.element import NavigableString

from hcgen.markup.reverse.tree import ADDRESS, classes, text_of

# What would begin a block, a list item, a heading or a container at the start of a line.
_START = re.compile(
    r"(?m)^(?:(#{1,6}(?=[ ]|$)|>|[-+*](?=[ ]|$)|=+[ ]*$|-+[ ]*$|```|~~~|:(?=[ ])|!!!|\?\?\?|={3}[+!]? |/{3,}|--8<--|"
    r"\[TOC\]$|\[(?=[ xX]\][ ])|\|?:?-+:?(?=[ ]*\|)|(?:[-*_][ ]*){3,}$)|(\d{1,9})([.)])(?=[ ]|$))"
)
_ABLE = frozenset(("id", "class", "lang", "dir", "title", "width", "height", "start", "value", "role", "loading"))
_FACT = re.compile(r"\{(?=\{\s*brand\b)")
_BLANK = re.compile(r"\n(?=[ \t]*\n)")


def guarded(text: str) -> str:
    """Lines of text that nothing of them begins another block."""
    return _START.sub(lambda m: f"{m[2]}\\{m[3]}" if m[2] else f"\\{m[1].removeprefix(chr(92))}", text.strip("\n"))


def no_fact(text: str) -> str:
    """What looks like a brand fact and is none."""
    return _FACT.sub("&#123;", text)


def raw(el: Tag) -> str:
    """`el` as HTML that Markdown leaves alone: without blank lines."""
    kept = copy(el)
    for tab in [kept, *kept.find_all("details")]:
        if classes(tab) == ["tab"]:
            tab["name"] = "tabs"
    for line in kept.find_all("hc-line"):
        line.unwrap()
    for call in kept.find_all("hc-ref"):
        call.replace_with(NavigableString(f"[{text_of(call, 'name')}]"))
    return no_fact(_BLANK.sub("\n&#10;", str(kept).replace("\n\n", "\n&#10;")))


def attribute_list(attributes: Mapping[str, object]) -> str:
    """`#id .class key="value"`; what such a list cannot hold is left out."""
    found: list[str] = []
    for name, value in attributes.items():
        text = str(value)
        if name == "id" and re.fullmatch(r"[\w:.-]+", text):
            found.insert(0, f"#{text}")
        elif name == "class":
            found += [f".{one}" for one in text.split()]
        elif name in _ABLE or name.startswith(("data-", "aria-")):
            found.append(f'{name}="{text}"' if not re.fullmatch(r"[\w.%-]+", text) else f"{name}={text}")
    return " ".join(found)


def opening_tag(el: Tag) -> str:
    """The start tag of `el`."""
    listed = "".join(f' {name}="{html.escape(str(value))}"' for name, value in el.attrs.items())
    return f"<{el.name}{listed}>"


def address(target: str, title: str = "") -> str:
    """What stands in the brackets behind a link's words: letters of all scripts as such, where that is the same."""
    shown = unquote(target)
    if quote(shown, safe=ADDRESS) == target and shown.isprintable() and " " not in shown:
        target = shown
    if not target or re.search(r"[\s<>\\]", target) or target.count("(") != target.count(")") or target[0] == "<":
        target = "<" + re.sub(r"[<>\\]", r"\\\g<0>", target.replace("\n", "%0A")) + ">"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'{target} "{quoted}"' if title else target
