"""Block structure of HTML as nested tuples, the CommonMark reference, and random documents to compare them on."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import NamedTuple

from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hcgen.markup.convert import convert
from hcgen.markup.fragment import Fragment, fill
from hcgen.markup.lines import numbered

_BLOCKS = frozenset(
    ("p", "ol", "ul", "li", "blockquote", "pre", "table", "tr", "th", "td", "hr", "dl", "dt", "dd",
     "div", "section", "details", "summary", "h1", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip
_VOID = frozenset(["hr", "br", "img", "wbr", "col", "input"])
_REFERENCE = MarkdownIt("commonmark", {"html": True}).enable("table")


class Node(NamedTuple):
    """One block: its element, the first number of an ordered list, and what it holds (blocks and words)."""

    name: str
    start: int
    children: tuple[Node | str, ...]


class _Open(NamedTuple):
    tag: str
    name: str
    start: int
    children: list[Node | str]


class _Reader(HTMLParser):
    def __init__(self, *, paragraphs: bool, words: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs, self.words = paragraphs, words
        self.open = [_Open("", "", 0, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag not in _BLOCKS:
            return
        if self.open[-1].tag == "p":
            self._close()  # as browsers do: a paragraph ends where a block begins
        if tag == "hr":
            self.open[-1].children.append(Node("hr", 0, ()))
            return
        is_callout = tag in ("div", "details") and "callout" in (known.get("class") or "").split()
        start = int(known.get("start") or 1) if tag == "ol" else 0
        self.open.append(_Open(tag, "blockquote" if is_callout else tag, start, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or all(one.tag != tag for one in self.open[1:]):
            return
        while self._close() != tag:
            pass

    def _close(self) -> str:
        tag, name, start, children = self.open.pop()
        if name == "p" and not self.paragraphs:
            self.open[-1].children.extend([" ", *children, " "])
        elif name != "p" or _joined(children):
            self.open[-1].children.append(Node(name, start, _joined(children)))
        return tag

    def handle_data(self, data: str) -> None:
        if self.words:
            self.open[-1].children.append(data)

    def finish(self) -> tuple[Node | str, ...]:
        self.close()
        while len(self.open) > 1:
            self._close()
        return _joined(self.open[0].children)


def _joined(children: list[Node | str]) -> tuple[Node | str, ...]:
    """Neighbouring words as one, white space as one space, none at the ends."""
    found: list[Node | str] = []
    for child in children:
        if isinstance(child, str) and found and isinstance(found[-1], str):
            found[-1] += child
        else:
            found.append(child)
    clean = (" ".join(one.split()) if isinstance(one, str) else one for one in found)
    return tuple(one for one in clean if one)


def structure(text: str, *, paragraphs: bool = True, words: bool = True) -> tuple[Node | str, ...]:
    """The blocks of some HTML. Callouts count as block quotes; `paragraphs` and `words` say whether those count."""
    reader = _Reader(paragraphs=paragraphs, words=words)
    reader.feed(text)
    return reader.finish()


def without(nodes: tuple[Node | str, ...], is_gone: Callable[[Node], bool]) -> tuple[Node | str, ...]:
    """`nodes` without every block that `is_gone` says is to go, at any depth."""
    kept: list[Node | str] = []
    for node in nodes:
        if isinstance(node, str):
            kept.append(node)
        elif is_gone(node):
            kept.append(" ")
        else:
            kept.append(Node(node.name, node.start, without(node.children, is_gone)))
    return _joined(kept)


def words_of(nodes: tuple[Node | str, ...]) -> str:
    """All words of some blocks."""
    return " ".join(node if isinstance(node, str) else words_of(node.children) for node in nodes)


def names_of(nodes: tuple[Node | str, ...]) -> list[str]:
    """The elements of some blocks, outer before inner."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, Node):
            found += [node.name, *names_of(node.children)]
    return found


def reference(markdown: str) -> str:
    """HTML of Markdown as CommonMark with tables reads it; header cells without words are plain ones, as in ours."""
    return re.sub("<th([^>]*)></th>", r"<td\1></td>", str(_REFERENCE.render(markdown)))


def boundaries(markdown: str) -> list[int]:
    """Numbers of lines (from 0) before which a top-level block begins, and the end of the text."""
    lines = {token.map[0] for token in _REFERENCE.parse(markdown) if token.map and token.level == 0}
    return [*sorted(lines), markdown.count("\n") + 1]


def fragment(markdown: str) -> Fragment:
    """`markdown` as the dialect reads it."""
    return convert(numbered(markdown))


def rendered(markdown: str) -> str:
    """HTML of `markdown` in the dialect with every placeholder filled: words and facts as `[kind:value]`."""
    return filled(fragment(markdown))


def filled(one: Fragment) -> str:
    """The HTML of a fragment with every placeholder filled by what shows what it was; steps look like other items."""

    def value_of(kind: str, value: str) -> str:
        match kind:
            case "H":
                heading = one.headings[int(value)]
                return html.escape(heading.explicit or heading.slug)
            case "L":
                return f' href="{html.escape(one.links[int(value)].target)}"'
            case "I":
                image = one.images[int(value)]
                return f'<img src="{html.escape(image.target)}" alt="{html.escape(image.alt)}"{image.attributes}>'
            case "S" | "W":
                return ""
            case _:
                return f"[{kind}:{value}]"

    return fill(one.html, value_of)


# Random documents: every block is a list of lines without line ends -------------------------------------------------

_WORD = st.sampled_from(
    ["alpha", "beta", "*gamma*", "**delta**", "`code`", "[link](x.md)", "epsilon\\*", "&amp;", "zeta!"]
)
_SENTENCE = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)
_PARAGRAPH = st.lists(_SENTENCE, min_size=1, max_size=3)
_CODE_LINE = st.sampled_from(
    ["plain", "- dash", "# hash", "> quote", "", "  two", "    four", "1. one", "<b>", "$ run"]
)


def _fenced(mark: str, info: str, body: list[str]) -> list[str]:
    return [mark + info, *body, mark]


_TABLE = st.builds(
    lambda rows: ["| A | B |", "|---|:-:|", *(f"| {a} | {b} |" for a, b in rows)],
    st.lists(st.tuples(_SENTENCE, _SENTENCE), max_size=3),
)
_LEAVES = st.one_of(
    _PARAGRAPH,
    _PARAGRAPH,
    st.builds(lambda level, text: [f"{'#' * level} {text}"], st.integers(1, 6), _SENTENCE),
    st.builds(lambda text, rule: [text, rule], _SENTENCE, st.sampled_from(["===", "---", "-"])),
    st.builds(
        _fenced,
        st.sampled_from(["```", "~~~", "````"]),
        st.sampled_from(["", "text"]),
        st.lists(_CODE_LINE, max_size=4),
    ),
    st.just(["___"]),
    st.sampled_from([["<div>", "raw", "</div>"], ["<!-- note -->"], ["<div>", "", "*inner*", "", "</div>"], ["<br>"]]),
)
# Where nothing says that a blank line stands before them, the reference and GitHub differ on these.
_WITH_BLANK = st.one_of(
    _TABLE,
    st.lists(st.sampled_from(["one", "- two", "  three"]), min_size=1, max_size=3).map(
        lambda lines: [f"    {line}" for line in lines]
    ),
    st.just(["<!-- note", "", "still -->"]),
)


def _between(blocks: list[list[str]], gaps: list[int]) -> list[str]:
    lines: list[str] = []
    for at, block in enumerate(blocks):
        lines += [""] * (gaps[at % len(gaps)] if at else 0) + block
    return lines


def _item(marker: str, space: int, indent: int | None, lines: list[str]) -> list[str]:
    """`lines` behind a marker; `indent` None aligns them with the content, else takes that many columns."""
    behind = " " * (len(marker) + space if indent is None else indent)
    return [marker + " " * space + lines[0], *(behind + line if line else "" for line in lines[1:])]


def _list(
    kind: str, start: int, space: int, indent: int | None, gap: int, items: list[list[str]]
) -> list[str]:  # fmt: skip
    lines: list[str] = []
    for at, item in enumerate(items):
        marker = f"{start + at}{kind}" if kind in ".)" else kind
        lines += [""] * (gap if at else 0) + _item(marker, space, indent, item)
    return lines


def _quoted(lines: list[str], lazy: bool) -> list[str]:
    last_is_lazy = lazy and len(lines) > 1 and lines[-1][:1].isalpha() and lines[-2][:1].isalpha()
    return [
        line if last_is_lazy and at == len(lines) - 1 else (f"> {line}" if line else ">")
        for at, line in enumerate(lines)
    ]


def _containers(inner: st.SearchStrategy[list[str]], *, sloppy: bool) -> st.SearchStrategy[list[str]]:
    indents = st.sampled_from([None, 2, 3, 4]) if sloppy else st.none()
    gaps = st.lists(st.integers(0 if sloppy else 1, 2), min_size=1, max_size=2)
    body = st.builds(_between, st.lists(inner, min_size=1, max_size=3), gaps)
    return st.one_of(
        st.builds(
            _list,
            st.sampled_from(["-", "*", "+", ".", ")"]),
            st.sampled_from([1, 1, 2, 7] if sloppy else [1, 1, 2, 7, 10]),
            st.just(1) if sloppy else st.integers(1, 3),
            indents,
            st.integers(0, 1),
            st.lists(body, min_size=1, max_size=3),
        ),
        st.builds(_quoted, body, st.booleans()),
    )


def blocks(*, sloppy: bool) -> st.SearchStrategy[list[str]]:
    """One random block; `sloppy` ones have list contents indented by two, three or four columns, as people do."""
    leaves = st.one_of(_LEAVES, st.sampled_from([["***"], ["- - -"]])) if sloppy else st.one_of(_LEAVES, _WITH_BLANK)
    return st.recursive(leaves, lambda inner: _containers(inner, sloppy=sloppy), max_leaves=4)


def documents(*, sloppy: bool) -> st.SearchStrategy[str]:
    """Random CommonMark documents; blocks of `sloppy` ones may follow each other without a blank line."""
    gaps = st.lists(st.integers(0 if sloppy else 1, 2), min_size=1, max_size=3)
    made = st.builds(_between, st.lists(blocks(sloppy=sloppy), min_size=1, max_size=5), gaps)
    return made.map(lambda lines: "\n".join(lines) + "\n")


HOLE = "@hole@"


@st.composite
def lists_with_a_hole(draw: st.DrawFn) -> str:
    """A document with a list, of which one item (at any depth) holds a line HOLE behind its first block."""
    lines = [HOLE]
    for _ in range(draw(st.integers(1, 3))):
        before = draw(st.lists(blocks(sloppy=False), min_size=1, max_size=2))
        after = draw(st.lists(blocks(sloppy=False), max_size=2))
        tight = draw(st.booleans())
        body = _between(before, [1])
        body += ([] if tight and lines == [HOLE] else [""]) + lines
        body += ["", *_between(after, [1])] if after else []
        kind = draw(st.sampled_from(["-", "*", ".", ")"]))
        others = draw(st.lists(_PARAGRAPH, max_size=2))
        items = [*others[:1], body, *others[1:]]
        lines = _list(kind, draw(st.sampled_from([1, 3])), 1, draw(st.sampled_from([None, 4])), 1, items)
    around = draw(st.lists(_PARAGRAPH, min_size=1, max_size=2))
    return "\n".join(_between([around[0], lines, *around[1:]], [1])) + "\n"


def with_hole(document: str, filling: list[str]) -> str:
    """`document` with the line HOLE replaced by `filling`, indented as it was."""
    found: list[str] = []
    for line in document.split("\n"):
        if line.lstrip(" ") == HOLE:
            indent = line[: -len(HOLE)]
            found += [indent + one if one else "" for one in filling]
        else:
            found.append(line)
    return "\n".join(found)
