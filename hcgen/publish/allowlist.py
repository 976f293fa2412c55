"""HTML for targets that let only listed elements and attributes pass: what goes, what stands in, and our marker.

An element that the target would take out travels as one that stays, with its own name in `data-hcgen-tag`, and is
read back as what it was. Pure; knows no CMS.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import quote, unquote

from msgspec import Struct

from hcgen.publish.values import Loss

_TAG = "data-hcgen-tag"
_ATTRIBUTE = "data-hcgen-"
_STAND_INS = {
    "details": "div", "summary": "div", "section": "div", "aside": "div", "article": "div", "header": "div",
    "footer": "div", "nav": "div", "b": "strong", "i": "em", "s": "del", "mark": "span", "u": "span", "bdi": "span",
    "bdo": "span", "q": "span", "time": "span", "data": "span",
}  # fmt: skip
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "source", "track", "wbr"))
_GLOBAL = frozenset(("id", "class", "title", "lang", "dir"))
_PREFIXES = ("data-", "aria-")
_MARKED = re.compile(r"""<(div|span)(?:\s+[\w:-]+(?:="[^"]*"|='[^']*')?)*\s+data-hcgen="([^"]*)"[^<>]*>""")
_STATE = re.compile(r'\sdata-hcgen-state="(\w+)"')
_OURS = frozenset(("hcgen",))
"""References, which become addresses before they are sent."""
_ANY_TAG = re.compile(r"""<(/?)([a-zA-Z][\w-]*)(?:"[^"]*"|'[^']*'|[^"'>])*>""")
_STYLE = re.compile(r"\s*([\w-]+)\s*:")
_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")


class AllowList(Struct, frozen=True):
    """What a target lets pass."""

    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]
    """By element, beside `id`, `class`, `title`, `lang`, `dir`, `data-*` and `aria-*`."""
    schemes: frozenset[str]
    styles: frozenset[str]

    def takes(self, tag: str, name: str) -> bool:
        """Whether an attribute may stand on an element."""
        return name in _GLOBAL or name.startswith(_PREFIXES) or name in self.attributes.get(tag, frozenset())


def losses(body: str, allowed: AllowList) -> tuple[Loss, ...]:
    """What goes of `body` as `disguised` sends it: elements, attributes, schemes of links, inline styles."""
    counter = _Counter(allowed)
    counter.feed(disguised(body, allowed))
    counter.close()
    return tuple(Loss(what, count) for what, count in sorted(counter.found.items()))


class _Counter(HTMLParser):
    def __init__(self, allowed: AllowList) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed, self.found = allowed, Counter[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.allowed.tags:
            self.found[f"<{tag}>"] += 1
            return
        for name, value in attrs:
            if name == "style":
                for declared in filter(None, (value or "").split(";")):
                    match = _STYLE.match(declared)
                    if not match or match[1].lower() not in self.allowed.styles:
                        self.found[f"style {match[1].lower() if match else ''}".strip()] += 1
            elif not self.allowed.takes(tag, name):
                self.found[f"{name} of <{tag}>"] += 1
            elif name in ("href", "src", "cite", "poster"):
                scheme = _SCHEME.match(value or "")
                if scheme and scheme[1].lower() not in self.allowed.schemes | _OURS:
                    self.found[f"{scheme[1].lower()}: in {name}"] += 1

    def handle_comment(self, data: str) -> None:
        self.found["<!-- -->"] += 1


def disguised(body: str, allowed: AllowList) -> str:
    """`body` with stand-ins for elements that would go."""
    if not any(f"<{tag}" in body for tag in _STAND_INS if tag not in allowed.tags):
        return body
    writer = _Disguise(allowed)
    writer.feed(body)
    writer.close()
    return "".join(writer.out)


def undisguised(body: str) -> str:
    """What `disguised` was given."""
    if _TAG not in body:
        return body
    writer = _Undisguise()
    writer.feed(body)
    writer.close()
    return "".join(writer.out)


class _Rewriter(HTMLParser):
    """Writes down what it reads, letter by letter, but for the tags that `open_tag` turns into others."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._open: list[tuple[str, str]] = []
        """Elements that are open, each with the name that it is written with."""

    def open_tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> tuple[str, str] | None:
        """The element's other name and its start tag; None where it stays."""
        raise NotImplementedError

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        other = self.open_tag(tag, attrs)
        self.out.append(other[1] if other else self.get_starttag_text() or "")
        if tag not in _VOID:
            self._open.append((tag, other[0] if other else tag))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                self.out.append(f"</{self._open[at][1]}>")
                del self._open[at:]
                return
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


class _Disguise(_Rewriter):
    def __init__(self, allowed: AllowList) -> None:
        super().__init__()
        self._allowed = allowed

    def open_tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> tuple[str, str] | None:
        other = _STAND_INS.get(tag)
        if tag in self._allowed.tags or not other:
            return None
        given = [(_TAG, tag)]
        for name, value in attrs:
            stays = self._allowed.takes(other, name) or name == "style" or name.startswith("on")
            given.append((name if stays else _ATTRIBUTE + name, value or ""))
        return other, _start(other, given)


class _Undisguise(_Rewriter):
    def open_tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> tuple[str, str] | None:
        own = dict(attrs).get(_TAG)
        if not own or _STAND_INS.get(own) != tag:
            return None
        given = [(name.removeprefix(_ATTRIBUTE), value or "") for name, value in attrs if name != _TAG]
        return own, _start(own, given)


def _start(tag: str, attrs: list[tuple[str, str]]) -> str:
    # `open` and the like are written as HTML shortens them.
    told = "".join(f' {name}="{html.escape(value)}"' if value else f" {name}" for name, value in attrs)
    return f"<{tag}{told}>"


# Markers ----------------------------------------------------------------------------------------------------------


class Marked(Struct, frozen=True):
    """A text with what our marker in it says: the name, "" without one, and a word on what has become of the thing."""

    body: str
    name: str = ""
    state: str = ""


def mark(text: Marked) -> str:
    """The body in a root element that carries the name; as it is without one."""
    if not text.name:
        return text.body
    return f"<div{_carried(text)}>{text.body}</div>"


def mark_end(text: Marked) -> str:
    """The body with the name in an empty element behind it: for short texts that shall stay free of blocks."""
    return f"{text.body}<span{_carried(text)}></span>" if text.name else text.body


def _carried(text: Marked) -> str:
    state = f' data-hcgen-state="{text.state}"' if text.state else ""
    return f' data-hcgen="{quote(text.name, safe="/")}"{state}'


def unmark(body: str) -> Marked:
    """What `mark` or `mark_end` was given, whatever people have put around it since."""
    found = _MARKED.search(body)
    if not found:
        return Marked(body)
    end, after = _end(body, found[1], found.end())
    inner = body[: found.start()] + body[found.end() : end] + body[after:]
    state = _STATE.search(body[found.start() : found.end()])
    return Marked(inner, unquote(html.unescape(found[2])), state[1] if state else "")


def _end(body: str, tag: str, at: int) -> tuple[int, int]:
    """Where the element that opened before `at` closes: begin and end of its end tag."""
    depth = 1
    for match in _ANY_TAG.finditer(body, at):
        if match[2].lower() == tag:
            depth += -1 if match[1] else 1
        if not depth:
            return match.start(), match.end()
    return len(body), len(body)
