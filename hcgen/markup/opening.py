"""The words that converted HTML begins with: its heading, and what a description of its page is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hcgen.markup.fragment import CLOSE, OPEN, TAGS, UNREAD, inline_text, until

# More than any page wants for a description, since brand facts are still to be filled in.
_LIMIT = 600
_TITLE = re.compile(rf"\s*<h1\b[^>]*>{until('h1>')}\s*")
_PARAGRAPH = re.compile(rf"<p>{until('p>')}")
# Placeholders of anything but brand facts, which are words.
_NO_WORDS = re.compile(f"{OPEN}[A-EG-Z][^{OPEN}{CLOSE}]*{CLOSE}")
_PASSED = re.compile(f"{UNREAD.pattern}|{TAGS.pattern}|{_NO_WORDS.pattern}", re.S)


def title(text: str) -> tuple[str, int]:
    """The words of the `<h1>` that HTML begins with, or "", and where the rest of the HTML begins."""
    match = _TITLE.match(text)
    return (words(match[0]), match.end()) if match else ("", 0)


def summary(text: str, start: int) -> str:
    """The words of the first paragraph behind `start`; where that is short, the first words of everything."""
    first = _PARAGRAPH.search(text, start)
    paragraph = words(first[0]) if first else ""
    return _cut(paragraph if len(paragraph) > 40 else " ".join(_parts(text, start)).strip())


def words(html: str) -> str:
    """The words of some HTML on one line; of placeholders those of facts alone are kept."""
    text = inline_text(html)
    return " ".join(_NO_WORDS.sub("", text).split()) if OPEN in text else text


def _parts(text: str, start: int) -> Iterator[str]:
    """The words that `plain_text` finds, part by part, as many as a summary holds: long articles have thousands."""
    length = 0
    for match in _PASSED.finditer(text, start):
        part = text[start : match.start()]
        start = match.end()
        if part and not part.isspace():
            said = inline_text(part)
            yield said
            length += len(said)
            if length > _LIMIT:
                return
    yield inline_text(text[start:])


def _cut(words: str) -> str:
    if len(words) <= _LIMIT:
        return words
    cut = words[:_LIMIT]
    head, _, _ = cut.rpartition(" ")
    if len(head) > _LIMIT // 2:
        return head
    # Scripts without spaces are cut anywhere, but not in a placeholder.
    return cut[: cut.rfind(OPEN)] if cut.rfind(OPEN) > cut.rfind(CLOSE) else cut
