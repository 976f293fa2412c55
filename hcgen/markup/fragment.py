"""What an article's Markdown becomes: HTML with placeholders, and what the HTML mentions.

A placeholder is `OPEN kind value CLOSE` in two private-use characters, so that no text of a writer can be
mistaken for one. A page fills them in: F a brand fact, H a heading's id, T a callout's title, L the address of
a link (the whole ` href="..."`), I a picture (the whole element), S a step's id (the whole ` id="..."`), W what
stands at its end (the question whether it worked).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from msgspec import Struct

OPEN, CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{OPEN}([A-Z])([^{OPEN}{CLOSE}]*){CLOSE}")


def until(end: str) -> str:
    """The pattern of all up to the closing tag `end`: what `.*?` in front of it finds, many times faster."""
    return rf"[^<]*+(?:<(?!/{end})[^<]*+)*+</{end}"


# The characters of placeholders, as numbers.
_NUMBERED = re.compile(r"&(?=#)#(?:0*5734[45](?!\d)|[xX]0*[eE]00[01](?![0-9a-fA-F]));?")
TAGS = re.compile(r"<!--.*?-->|<[^>]*>", re.S)
# Elements whose words are no words of the text: code blocks, titles of callouts, calls of footnotes.
UNREAD = re.compile(
    rf"<pre\b{until('pre>')}|<p class=\"callout-title\"{until('p>')}|<sup class=\"footnote-ref\"{until('sup>')}"
)


class Problem(Struct, frozen=True):
    """A fault of the text itself. `line` counts from 1 within the body; `is_error` withholds the article."""

    line: int
    rule: str
    message: str
    remedy: str
    is_error: bool = True


class Heading(Struct, frozen=True):
    """One heading: `slug` is made from its text, `explicit` is the id its writer gave it, or ""."""

    level: int
    title: str
    slug: str
    explicit: str


class Link(Struct, frozen=True):
    """One link. `target` is as written; `nth` counts equal targets among links from 0."""

    target: str
    text: str
    nth: int = 0


class Image(Struct, frozen=True):
    """One picture: `attributes` is HTML to keep (class, width, ...); `nth` counts equal targets among pictures."""

    target: str
    alt: str
    attributes: str = ""
    nth: int = 0
    is_linked: bool = False
    """Whether it stands inside a link: then it cannot become one."""


class Step(Struct, frozen=True):
    """One step of a procedure: the number of its list among the text's own ordered lists, the digest of its words."""

    list: int
    digest: str


class Fragment(Struct, frozen=True):
    """The HTML of one text, independent of brand and address, with all that it refers to.

    `opening` holds the words of the `<h1>` that the HTML begins with, or "", and `opening_end` is where the rest of it
    begins. `summary` holds the first words of that rest, some hundreds of characters. Of the placeholders both keep
    those of facts alone.
    """

    html: str
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    facts: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()
    opening: str = ""
    opening_end: int = 0
    summary: str = ""


def token(kind: str, value: object) -> str:
    """The placeholder of `kind` (one capital) for `value`."""
    return f"{OPEN}{kind}{value}{CLOSE}"


def has_placeholders(text: str) -> bool:
    """Whether a writer's text shows characters that would read as our placeholders, as such or as numbers."""
    return OPEN in text or CLOSE in text or ("&" in text and _NUMBERED.search(text) is not None)


def drop_placeholders(text: str) -> str:
    """A writer's text without those characters."""
    return _NUMBERED.sub("\ufffd", text.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd"))


def fill(text: str, value_of: Callable[[str, str], str]) -> str:
    """`text` with every placeholder replaced by `value_of(kind, value)`, which returns HTML."""
    if OPEN not in text:
        return text
    return _TOKEN.sub(lambda match: value_of(match[1], match[2]), text)


def plain_text(fragment_html: str) -> str:
    """The words of some HTML on one line, code blocks and callout titles left out, placeholders kept."""
    return " ".join(html.unescape(TAGS.sub(" ", UNREAD.sub(" ", fragment_html))).split())


def inline_text(inline_html: str) -> str:
    """The words of inline HTML as they read, without spaces of our own."""
    words = TAGS.sub("", inline_html) if "<" in inline_html else inline_html
    return " ".join(html.unescape(words).split())
