"""Keys, marks, insertions, superscripts, proof-reading marks, emoji and symbols inside the HTML of a CommonMark engine.

pymdownx itself converts them, in Python-Markdown, on the runs of text that show such a mark. Everything else that
Python-Markdown knows is off, and what it would touch is hidden from it, so that the rest of a run stays as it is.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from hcgen.markup.fragment import CLOSE, OPEN, until

if TYPE_CHECKING:
    # Imported with the first run that shows a mark: most texts have none.
    from markdown import Markdown

_BLOCK = re.compile(
    r"(</?(?:p|li|ul|ol|dl|dt|dd|h[1-6]|table|caption|colgroup|col|thead|tbody|tfoot|tr|t[hd]|blockquote|div|aside|"
    r"details|summary|section|article|address|header|footer|nav|figure|figcaption|hr)\b[^>]*>|"
    rf"<pre\b{until('pre>')})"
)
_CODE = re.compile(rf"<code\b{until('code>')}")
_BARE = re.compile(r'<a href="([^"]*)">\1</a>')
# Tags, control characters (Python-Markdown's placeholders are made of them), and backslashes that keys would take.
_HIDDEN = re.compile(r"<[^>]+>|[\x00-\x08]+|\\{2,}(?=\+)")
# What pymdownx would look at, each behind a character that is found fast. `05:30:00` is no emoji.
_CUES = (
    ("=", re.compile(r"=(?:=[^\s=].*?==|/=)", re.S)),
    ("+", re.compile(r"\+(?:\+[\w\"'].*?\+\+|/-)", re.S)),
    ("^", re.compile(r"\^[^\s^].*?\^", re.S)),
    ("~", re.compile(r"~[^\s~][^~]*~")),
    ("{", re.compile(r"\{(?:\+\+|--|~~|==)")),
    (":", re.compile(r":(?!\d\d?:)[\w+-]+:")),
    ("(", re.compile(r"\((?:c|r|tm)\)")),
    ("/", re.compile(r"c(?=/o\b)(?<=\bc)/o")),
)
# The extensions in the order of their registration, and what none of them does anything without.
_EXTENSIONS = {
    "mark": re.compile("=="), "keys": re.compile(r"\+\+"), "caret": re.compile(r"\^"), "tilde": re.compile("~"),
    "critic": re.compile(r"\{"), "emoji": re.compile(r":[\w+-]+:"), "smartsymbols": re.compile(r"[(/]"),
}  # fmt: skip
# Python-Markdown's patterns for what the CommonMark engine has read already.
_COMMONMARK = (
    "backtick", "escape", "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref",
    "autolink", "automail", "linebreak", "html", "not_strong", "em_strong", "em_strong2",
)  # fmt: skip


def apply_marks(text: str) -> str:
    """`text` with every mark converted."""
    if not _may_show_marks(text):
        return text
    parts = _BLOCK.split(text)
    parts[::2] = [_converted(part) if _may_show_marks(part) else part for part in parts[::2]]
    return "".join(parts)


def _may_show_marks(text: str) -> bool:
    return any(character in text and cue.search(text) for character, cue in _CUES)


def _converted(run: str) -> str:
    hidden: list[str] = []

    def hide(match: re.Match[str]) -> str:
        hidden.append(match[0])
        return f"{OPEN}Z{len(hidden) - 1}{CLOSE}"

    text = _HIDDEN.sub(hide, _BARE.sub(hide, _CODE.sub(hide, run)))
    if not _may_show_marks(text):
        return run
    text = _through_pymdownx(text, tuple(name for name, cue in _EXTENSIONS.items() if cue.search(text)))
    # From the last: what was hidden later may hold what was hidden before.
    for at in range(len(hidden) - 1, -1, -1):
        text = text.replace(f"{OPEN}Z{at}{CLOSE}", hidden[at])
    return text


def _through_pymdownx(text: str, names: tuple[str, ...]) -> str:
    """One run without tags, as Python-Markdown converts a paragraph, but for its reading of lines and blocks."""
    from xml.etree import ElementTree

    converter = _converter(names)
    converter.reset()
    lines = text.split("\n")
    for before in converter.preprocessors:
        lines = before.run(lines)
    root = ElementTree.Element("div")
    ElementTree.SubElement(root, "p").text = "\n".join(lines)
    for processor in converter.treeprocessors:
        found = processor.run(root)
        root = root if found is None else found
    shown = converter.serializer(root).removeprefix("<div>").removesuffix("</div>")
    for after in converter.postprocessors:
        shown = after.run(shown)
    return shown.removeprefix("<p>").removesuffix("</p>")


@cache
def _converter(names: tuple[str, ...]) -> Markdown:
    """Python-Markdown with nothing but the inline syntax of these extensions: loading all of them takes long."""
    from markdown import Markdown

    converter = Markdown(extensions=[_extension(name) for name in names])
    _drop(converter.inlinePatterns, _COMMONMARK)
    _drop(converter.preprocessors, ("normalize_whitespace", "html_block"))
    _drop(converter.treeprocessors, ("prettify",))
    return converter


def _drop(registry: Any, names: Iterable[str]) -> None:
    for name in names:
        if name in registry:
            registry.deregister(name)


def _extension(name: str) -> Any:
    # Made here: Python-Markdown would search every installed package for an extension of this name.
    module = importlib.import_module(f"pymdownx.{name}")
    options: dict[str, object] = {}
    if name == "emoji":
        options = {"emoji_index": module.gemoji, "emoji_generator": module.to_alt}
    elif name == "smartsymbols":
        options = {"ordinal_numbers": False, "fractions": False, "arrows": False}
    return module.makeExtension(**options)
