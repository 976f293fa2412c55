"""What an HTML body says, whoever wrote it down: for comparing what was sent with what is read back. Judges nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SPACES = re.compile(r"[ \t\r\n\f]+")
_PREFORMATTED = frozenset(("pre", "textarea"))
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "br", "button", "cite", "code", "data", "del", "dfn", "em", "i", "img",
    "input", "ins", "kbd", "label", "mark", "math", "meter", "output", "picture", "progress", "q", "ruby",
    "s", "samp", "select", "small", "span", "strong", "sub", "sup", "svg", "time", "u", "var", "video",
    "audio", "wbr",
))  # fmt: skip
"""Elements beside which a space shows (HTML, phrasing content); next to others it does not."""


def canonical(body: str) -> tuple[str, ...]:
    """The tags and texts of `body`: attributes in order, entities as characters, space as a browser shows it.

    Two ways to write one document are equal here; an element, attribute or word more or less is not.
    """
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return tuple(reader.whole())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._tokens: list[str] = []
        self._text = ""
        self._kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_text(is_inline=tag in _INLINE)
        named = "".join(f' {name}="{_value(name, value)}"' for name, value in sorted(attrs, key=lambda one: one[0]))
        self._tokens.append(f"<{tag}{named}>")
        self._kept += tag in _PREFORMATTED

    def handle_endtag(self, tag: str) -> None:
        self._end_text(is_inline=tag in _INLINE)
        self._tokens.append(f"</{tag}>")
        self._kept -= tag in _PREFORMATTED

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # `<br/>` and `<br>` say the same.
        self.handle_starttag(tag, attrs)
        self._kept -= tag in _PREFORMATTED

    def handle_data(self, data: str) -> None:
        self._text += data

    def whole(self) -> list[str]:
        """All tokens, once everything was fed."""
        self._end_text(is_inline=False)
        return self._tokens

    def _end_text(self, *, is_inline: bool) -> None:
        text, self._text = self._text, ""
        if self._kept <= 0:
            text = _SPACES.sub(" ", text)
            last = self._tokens[-1] if self._tokens else ""
            if not _is_inline(last):
                text = text.removeprefix(" ")
            if not is_inline:
                text = text.removesuffix(" ")
        if text:
            self._tokens.append(text)


def _value(name: str, value: str | None) -> str:
    # The order of declarations and classes is kept, their spacing is not.
    text = " ".join((value or "").split())
    return text.rstrip("; ").replace("; ", ";").replace(": ", ":") if name == "style" else text


def _is_inline(token: str) -> bool:
    return token.startswith("<") and token.strip("</>").partition(" ")[0] in _INLINE
