"""Inline syntax of Python-Markdown and pymdownx inside the HTML of a CommonMark engine.

Attribute lists, abbreviations and bare URLs are ours; keys, marks, insertions, superscripts, emoji and the like are
converted by pymdownx itself, in Python-Markdown, on those runs of text that show their marks.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import markdown
from markdown.inlinepatterns import HTML_RE, HtmlInlineProcessor

from hcgen.markup.fragment import CLOSE, OPEN
from hcgen.markup.lines import Line, with_code

_PARTS = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>|<a\b.*?</a>|<[^>]*>)", re.S)
_BLOCK = re.compile(
    r"(</?(?:p|li|ul|ol|dl|dt|dd|h[1-6]|table|thead|tbody|tr|t[hd]|blockquote|div|aside|details|summary|section|figure|"
    r"figcaption|hr)\b[^>]*>|<pre\b.*?</pre>)",
    re.S,
)
_CODE = re.compile(r"<code\b.*?</code>", re.S)
_BARE = re.compile(r'<a href="([^"]*)">\1</a>')
_MARKS = re.compile(r"==\S|\+\+\S|\^\S|~\S[^~]*~|:[\w+-]+:|\{(?:\+\+|--|~~|==|&gt;&gt;)|\((?:c|r|tm|p)\)", re.I)
_MAIL = re.compile(r"(?<![\w.+/:@-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b(?![^<]*</a>)")
_SHORTHAND = re.compile(r"(?<![\w/:.@])(?:https?://|www\.[\w-]+\.)[^\s<>]*[^\s<>?!.,:*_~'\"]")
_LIST = re.compile(
    r"\{:?[ ]*((?:[#.][\w:.-]+|[A-Za-z][\w:-]*=(?:\"[^\"]*\"|&quot;.*?&quot;|[^\s{}\"]+))(?:\s+(?:[#.][\w:.-]+|"
    r"[A-Za-z][\w:-]*=(?:\"[^\"]*\"|&quot;.*?&quot;|[^\s{}\"]+)))*)[ ]*\}"
)
_AFTER_INLINE = re.compile(r"(<img\b[^>]*?)( ?/?>)" + _LIST.pattern)
_AFTER_PAIR = re.compile(r"(<(a|em|strong|code|del|span|kbd)\b[^<>]*)(>(?:(?!<\2\b).)*?</\2>)" + _LIST.pattern, re.S)
_ENDS_BLOCK = re.compile(
    r"(<(p|li|dt|dd|t[hd])\b[^<>]*)(>(?:(?!</?\2\b).)*?)\n\{:" + _LIST.pattern[4:] + r"\s*(</\2>)", re.S
)
_ITEM = re.compile(r"([#.][\w:.-]+)|([A-Za-z][\w:-]*)=(?:\"([^\"]*)\"|&quot;(.*?)&quot;|([^\s{}\"]+))")
_ATTRIBUTE = re.compile(r"([\w:-]+)=\"([^\"]*)\"")
# Python-Markdown's patterns for what the CommonMark engine has read already.
_COMMONMARK = (
    "backtick", "escape", "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref",
    "autolink", "automail", "linebreak", "not_strong", "em_strong", "em_strong2",
)  # fmt: skip
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
    match = re.search(r"\s*" + _LIST.pattern + r"\s*$", text)
    return (text[: match.start()], attributes(match[1])) if match else (text, {})


def apply_lists(text: str) -> str:
    """Attribute lists after pictures, links, emphasis and code, and on the last line of a block."""
    if "{" not in text:
        return text
    text = _AFTER_INLINE.sub(lambda m: merge_attributes(m[1], m[3]) + m[2], text)
    text = _AFTER_PAIR.sub(lambda m: merge_attributes(m[1], m[4]) + m[3], text)
    return _ENDS_BLOCK.sub(lambda m: merge_attributes(m[1], m[4]) + m[3] + m[5], text)


def take_abbreviations(lines: list[Line]) -> tuple[list[Line], dict[str, str]]:
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
    if "://" not in text and "www." not in text and "@" not in text:
        return text
    return _outside_tags(text, _linked)


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


def _outside_tags(text: str, change: object) -> str:
    parts = _PARTS.split(text)
    parts[::2] = [change(part) if part else part for part in parts[::2]]  # type: ignore[operator]
    return "".join(parts)


def apply_pymdownx(text: str) -> str:
    """Keys, marks, carets, critic marks, emoji and symbols, by pymdownx itself."""
    if not _MARKS.search(text):
        return text
    parts = _BLOCK.split(text)
    parts[::2] = [_convert(part) if _MARKS.search(part) else part for part in parts[::2]]
    return "".join(parts)


def _convert(run: str) -> str:
    stash: list[str] = []

    def keep(match: re.Match[str]) -> str:
        stash.append(match[0])
        return f"{OPEN}Z{len(stash) - 1}{CLOSE}"

    lead, body, tail = run[: len(run) - len(run.lstrip())], run.strip(), run[len(run.rstrip()) :]
    guarded = re.sub(r"<[^>]+>", keep, _BARE.sub(keep, _CODE.sub(keep, body)))
    if not _MARKS.search(guarded):
        return run
    done = _pymdownx().convert(guarded)
    done = done.removeprefix("<p>").removesuffix("</p>")
    for at in range(len(stash) - 1, -1, -1):
        done = done.replace(f"{OPEN}Z{at}{CLOSE}", stash[at])
    return lead + done + tail


@lru_cache(maxsize=1)
def _pymdownx() -> markdown.Markdown:
    """Python-Markdown with nothing but pymdownx's inline syntax: CommonMark has read the rest already."""
    names = ("mark", "keys", "caret", "tilde", "critic", "emoji", "smartsymbols")
    converter = markdown.Markdown(
        extensions=[f"pymdownx.{name}" for name in names],
        extension_configs={
            "pymdownx.emoji": {"emoji_generator": _emoji, "emoji_index": _emoji_index()},
            "pymdownx.smartsymbols": {"ordinal_numbers": False, "fractions": False, "arrows": False},
        },
    )
    plain = converter.inlinePatterns
    for name in _COMMONMARK:
        if name in plain:
            plain.deregister(name)
    plain.register(HtmlInlineProcessor(HTML_RE, converter), "html", 90)
    blocks = converter.parser.blockprocessors
    for name in ("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference", "empty"):
        if name in blocks:
            blocks.deregister(name)
    return converter


def _emoji_index() -> object:
    from pymdownx import emoji

    return emoji.gemoji


def _emoji(*arguments: object) -> object:
    from pymdownx import emoji

    return emoji.to_alt(*arguments)
