"""What stands in a line of text as Markdown: words, emphasis, links, pictures, code. Knows no block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from markdownify import MarkdownConverter

from hcgen.markup.reverse.spelling import address, attribute_list, no_fact, opening_tag
from hcgen.markup.reverse.tree import classes, text_of

_PUNCTUATION = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_STAR = re.compile(r"(?<!\s)\*|\*(?!\s)")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_TILDES = re.compile(r"~(?=~)|(?<=~)~|~(?=\S[^~]*~)|(?<=\S)~")
_BRACKET = re.compile(r"\[(?=\^|[^\[\]]*\][(\[:])")
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_ANY = re.compile(r"[\\`*_\[\]<>#+.!~=:-]")
_RUNS = re.compile(r"`+")
_WEB = re.compile(r"https?://[^\s<>]+")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")
_KEYS = {"control": "ctrl", "command": "cmd", "delete": "del", "escape": "esc"}


class Effort(IntEnum):
    """How far the writer goes to be read as the same tree."""

    PLAIN = 0
    """As people write."""
    CAREFUL = 1
    """All marks escaped, emphasis as tags."""


class Lines(MarkdownConverter):
    """`words` are the names of callouts in the language of the text; `abbreviations` stand at its end."""

    if TYPE_CHECKING:
        # Its stubs leave these out.
        def process_element(self, node: PageElement, parent_tags: set[str]) -> str: ...
        def process_tag(self, node: Tag, parent_tags: set[str] | None = None) -> str: ...

    def __init__(self, effort: Effort, words: Mapping[str, str], abbreviations: Mapping[str, str]) -> None:
        super().__init__(heading_style="atx", strip_pre=None)
        self.is_careful, self.words, self.abbreviations = effort is Effort.CAREFUL, words, abbreviations

    # Text ---------------------------------------------------------------------------------------------------------

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        tags = parent_tags or set()
        return str(el) if "pre" in tags or "code" in tags else self._escaped(el, tags)

    def _escaped(self, el: NavigableString, tags: set[str]) -> str:
        text = str(el)
        if self.is_careful:
            text = _ANY.sub(r"\\\g<0>", text.replace("&", "&amp;"))
        else:
            text = _PUNCTUATION.sub(r"\\\\", text).replace("`", "\\`")
            for pattern in (_STAR, _UNDERSCORE, _TILDES, _TAG_LIKE):
                text = pattern.sub(r"\\\g<0>", text)
            text = _ENTITY.sub("&amp;", text)
            text = re.sub(r"[\[\]]", r"\\\g<0>", text) if "a" in tags else _BRACKET.sub(r"\\[", text)
        following = el.next_sibling
        if text.endswith("!") and isinstance(following, Tag) and following.name == "a" and not self.is_careful:
            text = f"{text[:-1]}\\!"
        return no_fact(text)

    def line(self, el: Tag) -> str:
        """What stands in `el`, as one line: a heading, a title, a cell."""
        return " ".join(self.text(el, "_inline").split("\n")).strip(" ")

    def text(self, el: Tag, more: str = "") -> str:
        """What stands in `el`."""
        return "".join(self.process_element(one, {el.name, more} - {""}) for one in el.contents)

    # Elements -----------------------------------------------------------------------------------------------------

    def kept_inline(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """An element that has no mark, as a tag around Markdown."""
        return opening_tag(el) if el.name == "wbr" else f"{opening_tag(el)}{text}</{el.name}>"

    def _marked(self, el: Tag, text: str, mark: str) -> str:
        listed = attribute_list(el.attrs)
        return f"{mark}{text}{mark}{f'{{{listed}}}' if listed else ''}"

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.kept_inline(el, text, parent_tags) if self.is_careful else self._marked(el, text, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        beside = (el.previous_sibling, el.next_sibling)
        touches = "strong" in parent_tags or any(isinstance(one, Tag) and one.name == "strong" for one in beside)
        mark = "_" if touches else "*"
        return self.kept_inline(el, text, parent_tags) if self.is_careful else self._marked(el, text, mark)

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if classes(el) == ["critic"] and len(el.attrs) == 1 and not self.is_careful:
            return f"{{--{text}--}}"
        return self.kept_inline(el, text, parent_tags) if self.is_careful else self._marked(el, text, "~~")

    def convert_mark(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._wrapped(el, text, "==", "{==", "==}")

    def convert_ins(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._wrapped(el, text, "^^", "{++", "++}")

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._wrapped(el, text, "^") if " " not in text else self.kept_inline(el, text, parent_tags)

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        before = el.previous_sibling
        is_inside = isinstance(before, NavigableString) and before[-1:].isalnum() and " " not in text
        return self._wrapped(el, text, "~") if is_inside else self.kept_inline(el, text, parent_tags)

    def _wrapped(self, el: Tag, text: str, mark: str, opens: str = "", closes: str = "") -> str:
        if self.is_careful or el.find(True):
            return self.kept_inline(el, text, set())
        if opens and classes(el) == ["critic"] and len(el.attrs) == 1:
            return f"{opens}{text}{closes}"
        return f"{mark}{text}{mark}" if not el.attrs else self.kept_inline(el, text, set())

    def convert_hc_keys(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"++{'+'.join(_KEYS.get(one, one) for one in el.get_text().split('+'))}++"

    def convert_hc_ref(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"[^{text_of(el, 'name')}]"

    def convert_abbr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        is_defined = set(el.attrs) == {"title"} and self.abbreviations.get(el.get_text()) == text_of(el, "title")
        return text if is_defined else self.kept_inline(el, text, parent_tags)

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "<br>" if {"_inline", "summary", "dt", "figcaption"} & parent_tags else "\\\n"

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.parent is not None and el.parent.name == "pre":
            return text
        said = " ".join(el.get_text().split("\n"))
        listed = dict(el.attrs)
        if text_of(el, "class").startswith("language-") and len(classes(el)) == 1:
            said = f"#!{classes(el)[0].removeprefix('language-')} {said}"
            del listed["class"]
        if not said.strip(" "):
            return f"<code>{said}</code>"
        mark = "`" * next(size for size in range(1, 99) if size not in map(len, _RUNS.findall(said)))
        pad = " " if said[0] == "`" or said[-1] == "`" or (said[0] == said[-1] == " ") else ""
        after = attribute_list(listed)
        return f"{mark}{pad}{said}{pad}{mark}{f'{{{after}}}' if after else ''}"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "href" not in el.attrs:
            return self.kept_inline(el, text, parent_tags)
        href, title, said = text_of(el, "href"), text_of(el, "title"), el.get_text()
        if len(el.attrs) == 1 and not el.find(True):
            if href == said and _WEB.fullmatch(said):
                return f"<{said}>"
            if href == f"mailto:{said}" and _MAIL.fullmatch(said):
                return f"<{said}>"
        listed = attribute_list({name: value for name, value in el.attrs.items() if name not in ("href", "title")})
        return f"[{text}]({address(href, title)}){f'{{{listed}}}' if listed else ''}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        attributes = dict(el.attrs)
        src, alt, title = (str(attributes.pop(name, "")) for name in ("src", "alt", "title"))
        words = self._escaped(NavigableString(alt), {"a"})
        listed = attribute_list(attributes)
        return f"![{words}]({address(src, title)}){f'{{{listed}}}' if listed else ''}"
