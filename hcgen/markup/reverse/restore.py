"""The Markdown of some HTML, block by block, each proven by reading it: what does not read the same stays HTML."""

from __future__ import annotations

import html as _html
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from hcgen.markup.convert import convert
from hcgen.markup.fragment import Fragment, fill
from hcgen.markup.lines import numbered
from hcgen.markup.reverse.inline import Effort
from hcgen.markup.reverse.spelling import raw
from hcgen.markup.reverse.tree import canonical, children, classes, parsed, settled, text_of
from hcgen.markup.reverse.writer import Writer

Block = Sequence[Tag]
"""What is written together: an element, or a group of tabs."""


class Restored(Struct, frozen=True):
    """Markdown, and whether it reads as the very HTML that it was made of."""

    text: str
    is_exact: bool


def markdown_of(html: str, words: Mapping[str, str], ids: Collection[str] = ()) -> Restored:
    """The Markdown of `html`.

    `words` are the names of callouts in its language (`words_of`), `ids` those that the page gives headings by itself.
    """
    soup = settled(html, ids)
    known = _abbreviations(soup)
    definitions = "".join(f"*[{word}]: {title}\n" for word, title in known.items())
    blocks = list(_blocks(soup))
    plain = Writer(Effort.PLAIN, words, known)
    texts = [_written(plain, block) for block in blocks]
    wanted = canonical(soup)
    whole = _joined([*texts, definitions])
    if canonical(_read(whole, words)) == wanted:
        return Restored(whole, True)
    careful = Writer(Effort.CAREFUL, words, {})
    for at, block in enumerate(blocks):
        texts[at] = _proven(block, [texts[at], _written(careful, block)], words, definitions)
    whole = _joined([*texts, definitions])
    return Restored(whole, canonical(_read(whole, words)) == wanted)


def plain_html(fragment: Fragment, words: Mapping[str, str]) -> str:
    """A fragment with every placeholder filled as far as that needs no page: addresses as they were written,
    headings without the ids that a page gives them."""

    def value_of(kind: str, value: str) -> str:
        match kind:
            case "H":
                return _html.escape(fragment.headings[int(value)].explicit)
            case "L":
                return f' href="{_html.escape(_facts(fragment.links[int(value)].target))}"'
            case "I":
                image = fragment.images[int(value)]
                source, alt = _html.escape(_facts(image.target)), _html.escape(_facts(image.alt))
                return f'<img src="{source}" alt="{alt}"{_facts(image.attributes)}>'
            case "F":
                return f"{{{{ brand.{value} }}}}"
            case "S" | "W":
                return ""
            case _:
                return _html.escape(words.get(value, value.capitalize()))

    return fill(fragment.html, value_of)


def words_of(strings: Mapping[str, str]) -> dict[str, str]:
    """The names of callouts, by type, among the interface words of a language."""
    mark = "callout."
    return {name.removeprefix(mark): word for name, word in strings.items() if name.startswith(mark)}


def _facts(text: str) -> str:
    return fill(text, lambda kind, value: f"{{{{ brand.{value} }}}}" if kind == "F" else "")


def _read(text: str, words: Mapping[str, str]) -> BeautifulSoup:
    return settled(plain_html(convert(numbered(text)), words))


def _blocks(soup: BeautifulSoup) -> Iterator[Block]:
    tabs: list[Tag] = []
    for tag in children(soup):
        if tag.name == "details" and classes(tag) == ["tab"]:
            tabs.append(tag)
            continue
        if tabs:
            yield tabs
            tabs = []
        yield [tag]
    if tabs:
        yield tabs


def _written(writer: Writer, block: Block) -> str:
    return _joined([str(writer.process_tag(tag)) for tag in block])


def _joined(texts: Sequence[str]) -> str:
    parts = [text.strip("\n") for text in texts]
    return "\n\n".join(part for part in parts if part) + "\n"


def _proven(block: Block, candidates: Sequence[str], words: Mapping[str, str], definitions: str) -> str:
    """The first of `candidates` that reads as `block`, else the block as HTML where that is nearer to it."""
    html = "".join(str(tag) for tag in block)
    wanted = canonical(parsed(html))
    calls = {text_of(one, "name") for tag in block for one in tag.find_all("hc-ref")}
    note = text_of(block[0], "name") if block[0].name == "hc-note" else ""
    kept = _joined([raw(tag) for tag in block])
    choices = [*candidates, *([] if note or calls else [kept])]
    trees = []
    for text in choices:
        stubs = [f"[^{name}]: {name}" for name in sorted(calls - {note})]
        tree = _read(_joined([f"[^{note}]" if note else "", text, *stubs, definitions]), words)
        for one in children(tree):
            if (one.name == "hc-note") != bool(note) or (note and text_of(one, "name") != note):
                one.decompose()
        if canonical(tree) == wanted:
            return text
        trees.append(tree)
    wanted_words = _substance(parsed(html))
    near = [text for text, tree in zip(choices, trees, strict=True) if _substance(tree) == wanted_words]
    return near[0] if near else choices[-1]


def _substance(soup: BeautifulSoup) -> tuple[object, ...]:
    """What nobody may lose: words, addresses, pictures."""
    links = Counter(text_of(tag, "href") or text_of(tag, "src") for tag in soup.find_all(["a", "img"]))
    return " ".join(soup.get_text(" ").split()), tuple(sorted(links.items()))


def _abbreviations(soup: BeautifulSoup) -> dict[str, str]:
    """Words that are explained in the same way wherever they stand."""
    found: dict[str, str] = {}
    for tag in soup.find_all("abbr"):
        word, title = tag.get_text(), text_of(tag, "title")
        if title and set(tag.attrs) == {"title"} and not tag.find(True) and "]" not in word:
            found.setdefault(word, title)
    return found
