"""HTML as a tree in one settled form, equal for all HTML that means the same. Knows no Markdown.

What pages add by themselves (ids of steps, loading, roles, numbers of footnotes, coloured code) is taken away, so that
what is left is what a writer wrote. Some of it becomes elements of our own: `hc-line` (a run of text among blocks),
`hc-ref` and `hc-note` (footnotes), `hc-keys`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString, PageElement

from hcgen.markup.engine import tidied
from hcgen.markup.fragment import inline_text
from hcgen.markup.inline import apply_urls
from hcgen.markup.marks import apply_marks
from hcgen.text import slug

INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark",
    "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
    "hc-ref", "hc-keys",
))  # fmt: skip
"""Elements of a line of text; all others stand on lines of their own."""
ADDRESS = "-_.+!*'(),%#@?=;:/&$~"
"""What an address may hold unescaped, as the engine escapes it."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What holds a line of text and nothing else.
_LINES = frozenset(("p", "hc-line", "summary", "figcaption", "td", "th", "dt", "caption", *HEADINGS))
_HOLDERS = frozenset((
    "[document]", "div", "section", "aside", "article", "header", "footer", "nav", "address", "blockquote", "li", "dd",
    "details", "hc-note",
))  # fmt: skip
_SAME = {"b": "strong", "i": "em", "s": "del"}
_TRIMMED = frozenset(("strong", "em", "del", "a", "mark", "ins", "sub", "sup", "u", "small"))
_STEP = re.compile(r"step-[0-9a-f]{6}(-\d+)?")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_EDGE = re.compile(r"[ \t\r\n\f]*")
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.S)


def settled(html: str, ids: Collection[str] = ()) -> BeautifulSoup:
    """The tree of `html`. `ids` are those that the page gives headings by itself: they need not be written."""
    # What the dialect makes of any text (links of addresses, symbols) it would make of this one, too.
    soup = parsed(apply_marks(apply_urls(tidied(html))))
    for node in soup.find_all(string=lambda text: isinstance(text, Comment)):
        node.extract()
    for tag in soup.find_all(True):
        tag.name = _SAME.get(tag.name, tag.name)
        for name in {"href", "src"} & tag.attrs.keys():
            tag[name] = quote(text_of(tag, name), safe=ADDRESS)
        if _STEP.fullmatch(text_of(tag, "id")) and tag.name == "li":
            del tag["id"]
        if text_of(tag, "role") == "note" and "callout" in classes(tag):
            del tag["role"]
        if tag.name == "a" and tag.get("name") and not tag.get("id"):
            tag["id"] = tag["name"]
        if tag.name == "a" and "name" in tag.attrs:
            del tag["name"]
        if "class" in tag.attrs and not classes(tag):
            del tag["class"]
        tag.attrs = dict(sorted(tag.attrs.items()))
    _footnotes(soup)
    _keys(soup)
    _code(soup)
    _tabs(soup)
    _spaces(soup)
    _terms(soup)
    _headings(soup, ids)
    return soup


def parsed(html: str) -> BeautifulSoup:
    """The tree of `html` as it is."""
    return BeautifulSoup(html, "html.parser", multi_valued_attributes=None)


def canonical(soup: BeautifulSoup) -> str:
    """Text that is equal for equal trees."""
    parts = _PRE.split(str(soup))
    parts[::2] = [_SPACE.sub(" ", part) for part in parts[::2]]
    return "".join(parts).strip()


def classes(tag: Tag) -> list[str]:
    """The classes of an element."""
    return [name for name in text_of(tag, "class").split() if name]


def text_of(tag: Tag, name: str) -> str:
    """The attribute `name` as one text, "" where there is none."""
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def children(tag: Tag) -> list[Tag]:
    """The elements right below `tag`."""
    return [one for one in tag.children if isinstance(one, Tag)]


def is_inline(node: PageElement) -> bool:
    """Whether `node` is a part of a line of text."""
    return isinstance(node, NavigableString) or (isinstance(node, Tag) and node.name in INLINE)


def _footnotes(soup: BeautifulSoup) -> None:
    """Calls and notes by name, without numbers and ways back."""
    for call in soup.select("sup.footnote-ref"):
        link = call.find("a")
        name = text_of(link, "href").rpartition("#fn-")[2] if isinstance(link, Tag) else ""
        if name:
            call.replace_with(soup.new_tag("hc-ref", attrs={"name": name}))
    for notes in soup.select("div.footnotes"):
        for note in notes.select("div.footnote"):
            for part in note.select(".footnote-number, .footnote-back"):
                part.decompose()
            if note.get("id"):
                note.name, note.attrs = "hc-note", {"name": text_of(note, "id").removeprefix("fn-")}
            else:
                # The second definition of a name has none: it stays what it is, before the notes.
                notes.insert_before(note.extract())
        notes.unwrap()


def _keys(soup: BeautifulSoup) -> None:
    for keys in soup.select("span.keys"):
        names = [one.removeprefix("key-") for kbd in keys.select("kbd") for one in classes(kbd)[:1]]
        made = soup.new_tag("hc-keys")
        made.string = "+".join(names or [kbd.get_text() for kbd in keys.select("kbd")])
        keys.replace_with(made)


def _code(soup: BeautifulSoup) -> None:
    """Code without colours; lines that are marked and the title become attributes of its `pre`."""
    for code in soup.find_all("code"):
        block = code.parent if isinstance(code.parent, Tag) and code.parent.name == "pre" else None
        marked = _marked_lines(code) if block else []
        if classes(code)[:1] or block:
            code.string = code.get_text()
        if block and marked:
            block["lines"] = " ".join(map(str, marked))
    for title in soup.select("p.code-title"):
        block = title.find_next_sibling()
        if isinstance(block, Tag) and block.name == "pre":
            block["name"] = title.get_text()
            title.decompose()
    for block in soup.find_all("pre"):
        for name in ("tabindex", "class"):
            block.attrs.pop(name, None)


def _marked_lines(code: Tag) -> list[int]:
    found: list[int] = []
    line = 1
    for node in code.descendants:
        if isinstance(node, Tag) and "hll" in classes(node):
            found.append(line)
        elif isinstance(node, NavigableString):
            line += node.count("\n")
    return found


def _tabs(soup: BeautifulSoup) -> None:
    """The first tab of each group is marked as such."""
    for tab in reversed(soup.select("details.tab")):
        before = tab.find_previous_sibling()
        joins = isinstance(before, Tag) and "tab" in classes(before) and before.get("name") == tab.get("name")
        tab["name"] = "" if joins else "new"


def _spaces(soup: BeautifulSoup) -> None:
    """White space as it shows; runs of text among blocks as lines; nothing empty."""
    for node in list(soup.find_all(string=True)):
        if not any(parent.name == "pre" for parent in node.parents):
            node.replace_with(NavigableString(_SPACE.sub(lambda m: "\n" if "\n" in m[0] else " ", node)))
    _trim_inline(soup)
    for holder in [soup, *soup.find_all(True)]:
        if holder.name in _HOLDERS:
            _wrap_runs(soup, holder)
    for tag in soup.find_all(True):
        if tag.name in _LINES:
            _trim_line(tag)
        elif tag.name not in INLINE and tag.name not in _HOLDERS and tag.name != "pre":
            _drop_blank(tag)
    for tag in soup.find_all(["p", "hc-line"]):
        if not tag.contents and not tag.attrs:
            tag.decompose()


def _trim_inline(soup: BeautifulSoup) -> None:
    """White space at the edges of emphasis and links stands outside; what is empty then goes."""
    for tag in reversed(soup.find_all(_TRIMMED)):
        first, last = (tag.contents[0], tag.contents[-1]) if tag.contents else (None, None)
        if isinstance(first, NavigableString) and first[:1] in (" ", "\n"):
            tag.insert_before(NavigableString(first[0]))
            first.replace_with(kept := NavigableString(first.lstrip(" \n")))
            last = kept if last is first else last
        if isinstance(last, NavigableString) and last[-1:] in (" ", "\n"):
            tag.insert_after(NavigableString(last[-1]))
            last.replace_with(NavigableString(last.rstrip(" \n")))
        if tag.name in ("strong", "em", "del") and not tag.get_text() and not tag.find(True):
            tag.decompose()
    soup.smooth()
    for node in list(soup.find_all(string=True)):
        if not any(parent.name == "pre" for parent in node.parents) and _SPACE.search(node):
            node.replace_with(NavigableString(_SPACE.sub(lambda m: "\n" if "\n" in m[0] else " ", node)))


def _wrap_runs(soup: BeautifulSoup, holder: Tag) -> None:
    run: list[PageElement] = []
    for node in [*holder.contents, None]:
        if node is not None and is_inline(node):
            run.append(node)
            continue
        if any(isinstance(one, Tag) or str(one).strip(" \n") for one in run):
            line = soup.new_tag("p" if holder is soup else "hc-line")
            run[0].insert_before(line)
            for one in run:
                line.append(one.extract())
        else:
            for one in run:
                one.extract()
        run = []


def _trim_line(tag: Tag) -> None:
    """No white space at the ends of a line, nor around breaks in it."""
    for text, edge in _edges(tag):
        cut = text.lstrip(" \n") if edge == "start" else text.rstrip(" \n")
        text.replace_with(NavigableString(cut)) if cut else text.extract()
    for br in tag.find_all("br"):
        before, after = br.previous_sibling, br.next_sibling
        if isinstance(before, NavigableString):
            before.replace_with(NavigableString(before.rstrip(" \n")))
        if isinstance(after, NavigableString):
            after.replace_with(NavigableString(after.lstrip(" \n")))
    tag.smooth()


def _edges(tag: Tag) -> Iterable[tuple[NavigableString, str]]:
    if tag.contents and isinstance(tag.contents[0], NavigableString):
        yield tag.contents[0], "start"
    if tag.contents and isinstance(tag.contents[-1], NavigableString):
        yield tag.contents[-1], "end"


def _drop_blank(tag: Tag) -> None:
    for node in list(tag.contents):
        if isinstance(node, NavigableString) and not str(node).strip(" \n"):
            node.extract()


def _terms(soup: BeautifulSoup) -> None:
    """Neighbouring lists of terms are one: nothing parts them in Markdown."""
    for terms in reversed(soup.find_all("dl")):
        before = terms.previous_sibling
        if isinstance(before, Tag) and before.name == "dl" and not before.attrs and not terms.attrs:
            before.extend(list(terms.contents))
            terms.decompose()


def _headings(soup: BeautifulSoup, ids: Collection[str]) -> None:
    """Ids of headings that they have by themselves go."""
    taken = {text_of(tag, "id") for tag in soup.find_all("a") if not tag.contents} - {""}
    for at, heading in enumerate(soup.find_all(HEADINGS), 1):
        own = text_of(heading, "id")
        wanted = slug(inline_text(heading.decode_contents())) or f"section-{at}"
        unique, number = wanted, 0
        while unique in taken:
            number += 1
            unique = f"{wanted}-{number}"
        taken.add(own or unique)
        if "id" in heading.attrs and (own in ("", unique) or own in ids):
            del heading["id"]
