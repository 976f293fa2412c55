"""Attribute lists, abbreviations and bare URLs inside the HTML of a CommonMark engine."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator

from hcgen.markup.fragment import until
from hcgen.markup.lines import Line, with_code

# Neighbours are one part: every part costs time.
_PARTS = re.compile(rf"((?:(?:<pre\b{until('pre>')}|<code\b{until('code>')}|<a\b{until('a>')}|<[^>]*>)\s*)+)")
# Targets of links and pictures, which most addresses of a text are, are passed over at once.
_SCHEME = re.compile(r':(?=//)(?<!<a href="https:)(?<!<a href="http:)(?<!<img src="https:)')
_MAIL = re.compile(r"(?<![\w.+/:@-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b(?![^<]*</a>)")
_SHORTHAND = re.compile(r"(?<![\w/:.@])(?:https?://(?=\w)|www\.[\w-]+\.)[^\s<>]*[^\s<>?!.,:*_~'\"]")
_LIST = re.compile(
    r"\{:?[ ]*((?:[#.][\w:.-]+|[A-Za-z][\w:-]*=(?:\"[^\"]*\"|&quot;.*?&quot;|[^\s{}\"]+))(?:\s+(?:[#.][\w:.-]+|"
    r"[A-Za-z][\w:-]*=(?:\"[^\"]*\"|&quot;.*?&quot;|[^\s{}\"]+)))*)[ ]*\}"
)
_LIST_AT_END = re.compile(r"\s*" + _LIST.pattern + r"\s*$")
_LIST_BEHIND = re.compile(">" + _LIST.pattern)
_AFTER_INLINE = re.compile(r"(<img\b[^>]*?)( ?/?>)" + _LIST.pattern)
_AFTER_PAIR = re.compile(
    r"(<(a|em|strong|code|del|span|kbd)\b[^<>]*+)(>[^<]*+(?:<(?!/?\2\b)[^<]*+)*+</\2>)" + _LIST.pattern
)
_ENDS_BLOCK = re.compile(
    r"(<(p|li|dt|dd|t[hd])\b[^<>]*)(>(?:(?!</?\2\b).)*?)\n\{:" + _LIST.pattern[4:] + r"\s*(</\2>)", re.S
)
_ITEM = re.compile(r"([#.][\w:.-]+)|([A-Za-z][\w:-]*)=(?:\"([^\"]*)\"|&quot;(.*?)&quot;|([^\s{}\"]+))")
_ATTRIBUTE = re.compile(r"([\w:-]+)=\"([^\"]*)\"")
_HARMLESS = frozenset(["id", "class", "lang", "dir", "title", "width", "height", "start", "value", "role", "loading"])
_ABBREVIATION = re.compile(r"^ {0,3}\*\[([^\]]+)\]: *(.+?) *$")


def attributes(listed: str) -> dict[str, str]:
    """The attributes of `{#id .class key="value"}` (without the braces), classes joined; harmless ones only."""
    found: dict[str, str] = {}
    for match in _ITEM.finditer(listed):
        mark, name = match[1], match[2]
        if mark and mark[0] == "#":
            found["id"] = mark[1:]
        elif mark:
            found["class"] = f"{found['class']} {mark[1:]}" if "class" in found else mark[1:]
        elif name in _HARMLESS or name.startswith(("data-", "aria-")):
            found[name] = next(value for value in (match[3], match[4], match[5]) if value is not None)
    return found


def merge_attributes(start: str, listed: str) -> str:
    """A start tag without its `>`, with attributes added; classes are joined."""
    new = attributes(listed)
    old = dict(_ATTRIBUTE.findall(start))
    if "class" in new and "class" in old:
        new["class"] = f"{old['class']} {new['class']}"
    kept = _ATTRIBUTE.sub(lambda match: "" if match[1] in new else match[0], start).rstrip()
    return kept + "".join(f' {name}="{value}"' for name, value in sorted(new.items()))


def trailing_list(text: str) -> tuple[str, dict[str, str]]:
    """The text of a heading without the attribute list at its end, and that list."""
    match = _LIST_AT_END.search(text)
    return (text[: match.start()], attributes(match[1])) if match else (text, {})


def apply_lists(text: str) -> str:
    """Attribute lists after pictures, links, emphasis and code, and on the last line of a block."""
    if "{" not in text:
        return text
    if _LIST_BEHIND.search(text):
        text = _AFTER_INLINE.sub(lambda m: merge_attributes(m[1], m[3]) + m[2], text)
        text = _AFTER_PAIR.sub(lambda m: merge_attributes(m[1], m[4]) + m[3], text)
    if "\n{:" in text:
        text = _ENDS_BLOCK.sub(lambda m: merge_attributes(m[1], m[4]) + m[3] + m[5], text)
    return text


def take_abbreviations(lines: Iterable[Line]) -> tuple[list[Line], dict[str, str]]:
    """Lines without `*[HTML]: HyperText ...` definitions, and the definitions."""
    kept: list[Line] = []
    known: dict[str, str] = {}
    for text, number, in_code in with_code(lines):
        match = None if in_code or "*[" not in text else _ABBREVIATION.match(text)
        if match:
            known[match[1]] = match[2]
        kept.append(("", number) if match else (text, number))
    return kept, known


def apply_abbreviations(text: str, known: dict[str, str]) -> str:
    """`<abbr>` around every known abbreviation outside code and tags."""
    words = "|".join(re.escape(html.escape(word, quote=False)) for word in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)({words})(?!\w)")

    def mark(match: re.Match[str]) -> str:
        return f'<abbr title="{html.escape(known[html.unescape(match[1])])}">{match[1]}</abbr>'

    return _outside_tags(text, lambda part: pattern.sub(mark, part))


def apply_urls(text: str) -> str:
    """Bare `https://` addresses as links, as a Git host shows them (GFM, section 6.9)."""
    return _outside_tags(text, _linked) if any(not _is_in_tag(text, at) for at in _address_like(text)) else text


def _address_like(text: str) -> Iterator[int]:
    for match in _SCHEME.finditer(text):
        yield match.start()
    for mark in ("www.", "@"):
        at = text.find(mark)
        while at >= 0:
            yield at
            at = text.find(mark, at + 1)


def _is_in_tag(text: str, at: int) -> bool:
    """Whether a place lies between `<` and `>`."""
    start = text.rfind("<", 0, at)
    return start >= 0 and text.find(">", start, at) < 0


def _linked(part: str) -> str:
    if "://" in part or "www." in part:
        part = _SHORTHAND.sub(_autolink, part)
    return _MAIL.sub(r'<a href="mailto:\g<0>">\g<0></a>', part) if "@" in part else part


def _autolink(match: re.Match[str]) -> str:
    address, rest = match[0], ""
    while address[-1] in ")]" and address.count(address[-1]) > address.count("(" if address[-1] == ")" else "["):
        address, rest = address[:-1], address[-1] + rest
    if entity := re.search(r"&(?:gt|lt|quot|amp);?$", address):
        address, rest = address[: entity.start()], address[entity.start() :] + rest
    return f'<a href="{"http://" if address.startswith("www.") else ""}{address}">{address}</a>{rest}'


def _outside_tags(text: str, change: Callable[[str], str]) -> str:
    parts = _PARTS.split(text)
    parts[::2] = [change(part) if part else part for part in parts[::2]]
    return "".join(parts)
