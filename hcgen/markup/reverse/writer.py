"""A settled tree as Markdown of the dialect: markdownify walks it, this says how each element is written.

Knows no page and no project; whether what it writes reads back as the same tree is for `restore.py` to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from copy import copy
from itertools import takewhile

from bs4 import Tag
from markdownify import MarkdownConverter

from hcgen.markup.containers import CALLOUTS, KINDS
from hcgen.markup.reverse.inline import Lines
from hcgen.markup.reverse.spelling import attribute_list, guarded, opening_tag, raw
from hcgen.markup.reverse.tree import HEADINGS, INLINE, children, classes, text_of

_ALERTS = ("note", "tip", "important", "warning", "caution")
_LINES = re.compile(r"(?m)^(?=.)")
_SLASHES = re.compile(r"(?m)^ *(/{3,})")


class Writer(Lines):
    """Writes blocks."""

    def get_conv_fn(self, tag_name: str) -> Callable[..., str]:
        if tag_name in HEADINGS:
            return self._heading
        name = "convert_" + tag_name.replace("-", "_").replace("[", "_").replace("]", "_")
        ours: Iterable[type] = takewhile(lambda one: one is not MarkdownConverter, type(self).__mro__)
        if any(name in vars(one) for one in ours):
            return getattr(self, name)  # type: ignore[no-any-return]
        return self.kept_inline if tag_name in INLINE else self._kept

    def convert__document_(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text.strip("\n")

    # Blocks -------------------------------------------------------------------------------------------------------

    def convert_hc_line(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n{guarded(text)}\n"

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "callout-title" in classes(el):
            return ""
        listed = attribute_list(el.attrs)
        return f"\n\n{guarded(text)}{f'{chr(10)}{{: {listed}}}' if listed else ''}\n\n"

    def _heading(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = " ".join(text.split("\n")).strip(" ")
        text = re.sub(r"(#+)$", r"\\\1", text)
        listed = attribute_list(el.attrs)
        return f"\n\n{'#' * int(el.name[1])} {text}{f' {{{listed}}}' if listed else ''}\n\n"

    def convert_hr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "\n\n---\n\n"

    def convert_blockquote(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._kept(el, text, parent_tags) if el.attrs else _around(el, _quoted(text))

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        (code,) = children(el) if len(el.contents) == 1 else (None,)
        if code is None or code.name != "code":
            return self._kept(el, text, parent_tags)
        language = next((one.removeprefix("language-") for one in classes(code) if one.startswith("language-")), "")
        given = {"title": text_of(el, "name"), "hl_lines": text_of(el, "lines")}
        options = " ".join(f'{name}="{value}"' for name, value in given.items() if value)
        body = code.get_text().removesuffix("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
        opening = f"{fence}{language}{' ' if language and options else ''}{options}"
        if options and not language:
            opening = f"{fence} {{ {options} }}"
        return _around(el, f"{opening}\n{body}\n{fence}" if body else f"{opening}\n{fence}")

    def convert_ul(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        allowed = {"start"} if el.name == "ol" else set()
        if set(el.attrs) - allowed or {one.name for one in children(el)} != {"li"}:
            return self._kept(el, text, parent_tags)
        if any(set(item.attrs) - {"class"} or set(classes(item)) - _TASKS for item in children(el)):
            return self._kept(el, text, parent_tags)
        return _around(el, text.strip("\n"))

    convert_ol = convert_ul

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        around = el.parent
        if around is None or around.name not in ("ul", "ol"):
            return text
        # Two lists that follow each other are told apart by their marks.
        beside = around.find_previous_sibling()
        is_second = isinstance(beside, Tag) and beside.name == around.name and not _is_second(beside)
        if around.name == "ol":
            start = text_of(around, "start") or "1"
            number = int(start if start.isdigit() else 1) + len(el.find_previous_siblings("li"))
            mark = f"{number}{')' if is_second else '.'} "
        else:
            mark = "* " if is_second else "- "
        inner = text.strip("\n")
        box = {"task-open": "[ ] ", "task-done": "[x] "}.get((classes(el) or [""])[-1], "")
        item = (mark + _LINES.sub(" " * len(mark), box + inner)[len(mark) :]).rstrip(" ")
        return f"\n\n{item}\n\n" if _is_loose(around) else f"\n{item}\n"

    def convert_dl(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        names = [one.name for one in children(el)]
        is_plain = not any(one.attrs for one in (el, *children(el))) and set(names) <= {"dt", "dd"}
        if not is_plain or names[:1] != ["dt"]:
            return self._kept(el, text, parent_tags)
        return f"\n\n{text.strip(chr(10))}\n\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{guarded(text)}\n"

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        before = "\n\n" if el.parent is not None and _is_loose(el.parent) else "\n"
        return f"{before}:   {_LINES.sub('    ', text.strip(chr(10)))[4:]}\n"

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        rows = _plain_rows(el)
        if rows is None:
            return self._kept(el, text, parent_tags)
        lines = [f"| {' | '.join(self._cell(cell) for cell in row)} |" for row in rows]
        marks = {"align-left": ":--", "align-right": "--:", "align-center": ":-:"}
        lines.insert(1, f"| {' | '.join(marks.get(text_of(cell, 'class'), '---') for cell in rows[0])} |")
        return _around(el, "\n".join(lines))

    def _cell(self, cell: Tag) -> str:
        return re.sub(r"(?<!\\)\|", r"\\|", self.line(cell))

    def convert_figure(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        parts = children(el)
        is_plain = [one.name for one in parts] == ["img", "figcaption"] and not el.attrs and not parts[1].attrs
        if not is_plain or parts[1].find(True) or not parts[1].get_text() or "title" in parts[0].attrs:
            return self._kept(el, text, parent_tags)
        picture = copy(parts[0])
        picture["title"] = parts[1].get_text()
        return _around(el, self.convert_img(picture, "", set()))

    # Containers ---------------------------------------------------------------------------------------------------

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return ""

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        names = classes(el)
        if names[:1] == ["callout"] and set(el.attrs) == {"class"}:
            return self._callout(el, names[1:], text)
        if set(el.attrs) == {"class"} and names == ["caption"]:
            return _around(el, _block("caption", text))
        if set(el.attrs) == {"class"} and not any("." in name for name in names) and "markdown" not in names:
            return _around(el, _block(f"html | {el.name}.{'.'.join(names)}", text))
        return self._kept(el, text, parent_tags)

    convert_section = convert_aside = convert_div

    def _callout(self, el: Tag, names: list[str], text: str) -> str:
        kind, *more = [name.removeprefix("callout-") for name in names] or ["note"]
        name = more.pop(0) if more and (KINDS.get(more[0]) == kind or more[0] not in CALLOUTS) else kind
        head = el.find("p", class_="callout-title", recursive=False)
        title = self.line(head) if isinstance(head, Tag) else ""
        if isinstance(head, Tag) and head.get_text() == self.words.get(name, name.capitalize()):
            if name in _ALERTS and not more and text.strip("\n") and not self.is_careful:
                return _around(el, _quoted(f"[!{name.upper()}]\n{text.strip(chr(10))}"))
            return _around(el, _indented(" ".join(["!!!", name, *more]), text))
        return _around(el, _indented(f'{" ".join(["!!!", name, *more])} "{title}"', text))

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        names, head = classes(el), el.find("summary", recursive=False)
        title = self.line(head) if isinstance(head, Tag) else ""
        said = head.get_text() if isinstance(head, Tag) else ""
        if names == ["tab"]:
            return _around(el, _indented(f'{_tab_mark(el)} "{title}"', text))
        mark = "???+" if "open" in el.attrs else "???"
        if names == ["details"] and title:
            return _around(el, _indented(f'{mark} "{title}"', text))
        if names[:1] == ["callout"] and len(names) == 2:
            kind = names[1].removeprefix("callout-")
            known = [kind, *(name for name, other in KINDS.items() if other == kind)]
            name = next((one for one in known if self.words.get(one, one.capitalize()) == said), "")
            return _around(el, _indented(f"{mark} {name}" if name else f'{mark} {kind} "{title}"', text))
        return self._kept(el, text, parent_tags)

    def convert_hc_note(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n[^{text_of(el, 'name')}]: {_LINES.sub('    ', text.strip(chr(10)))[4:]}\n\n"

    def _kept(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """What Markdown cannot say: HTML, with Markdown in it where that reads the same."""
        if el.name not in _MIXED:
            return _around(el, raw(el))
        tag = opening_tag(el)
        head = el.find("summary", recursive=False)
        if el.name == "details" and isinstance(head, Tag):
            return f"\n\n{tag}\n{raw(head)}\n\n{text.strip(chr(10))}\n\n</details>\n\n"
        return f"\n\n{tag[:-1]} markdown>\n\n{text.strip(chr(10))}\n\n</{el.name}>\n\n"


_TASKS = frozenset(("task", "task-open", "task-done"))
_MIXED = frozenset(("div", "section", "aside", "article", "header", "footer", "nav", "address", "details"))


def _around(el: Tag, text: str) -> str:
    """A block among its neighbours: in a tight list no blank line may part them."""
    is_tight = el.parent is not None and el.parent.name == "li" and not _is_loose(el.parent.parent)
    return f"\n{text}\n" if is_tight else f"\n\n{text}\n\n"


def _is_loose(around: Tag | None) -> bool:
    return around is not None and any(part.name == "p" for item in children(around) for part in children(item))


def _is_second(around: Tag) -> bool:
    """Whether a list bears the second kind of mark, since another one of its kind stands right before."""
    count = 0
    beside = around.find_previous_sibling()
    while isinstance(beside, Tag) and beside.name == around.name:
        count, beside = count + 1, beside.find_previous_sibling()
    return count % 2 == 1


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.strip("\n").split("\n"))


def _indented(head: str, text: str) -> str:
    return f"{head}\n{_LINES.sub('    ', text.strip(chr(10)))}".rstrip("\n")


def _block(head: str, text: str) -> str:
    slashes = "/" * max([3, *(len(found) + 1 for found in _SLASHES.findall(text))])
    return f"{slashes} {head}\n{text.strip(chr(10))}\n{slashes}"


def _tab_mark(tab: Tag) -> str:
    beside = tab.find_previous_sibling()
    if text_of(tab, "name") == "":
        return "===+" if "open" in tab.attrs else "==="
    return "===!" if isinstance(beside, Tag) and classes(beside) == ["tab"] else "==="


def _plain_rows(table: Tag) -> list[list[Tag]] | None:
    """The cells of a table that Markdown can write, or None."""
    parts = children(table)
    if [one.name for one in parts] not in (["thead", "tbody"], ["thead"]) or table.attrs:
        return None
    rows = [row for part in parts for row in children(part)]
    cells = [children(row) for row in rows]
    if len(children(parts[0])) != 1 or not cells or any(row.attrs or row.name != "tr" for row in rows):
        return None
    for line in cells:
        if [text_of(one, "class") for one in line] != [text_of(one, "class") for one in cells[0]]:
            return None
        for at, cell in enumerate(line):
            is_header = line is cells[0] and bool(cell.contents)
            if cell.name != ("th" if is_header else "td") or set(cell.attrs) - {"class"}:
                return None
            if text_of(cell, "class") not in ("", "align-left", "align-right", "align-center") or at > 99:
                return None
            if any(one.name not in INLINE for one in cell.find_all(True)):
                return None
    return cells
