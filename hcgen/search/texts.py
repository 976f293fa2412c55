"""An article's HTML to the sections that search knows of it, and its terms.

What an article says is analysed once for all pages that show the same words; what a page adds (title, description,
synonyms) is joined to it. `joined` gives what `analysed` of the whole document would.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from msgspec.structs import replace

from hcgen.markup.fragment import CLOSE, OPEN, fill, token
from hcgen.markup.opening import title
from hcgen.model.site import SearchEntry
from hcgen.search.analyse import Analyser
from hcgen.search.documents import MOST, Analysed, Document, Section, analysed
from hcgen.search.languages import language
from hcgen.text import digest

Facts = tuple[tuple[str, str], ...]
"""Names and values of the brand facts that a text shows."""

# The tags of a heading as marks that outlive all other tags; those of its placeholder for the id are at hand.
_HEADING = re.compile(f'<h[1-6]\\b[^>]* id="({OPEN}H\\d+{CLOSE})"[^>]*>')
_HEADING_END = re.compile(r"</h[1-6]>")
_END = token("E", "")
_MARKED = re.compile(f"{OPEN}H(\\d+){CLOSE}(.*?){_END}", re.DOTALL)
# HTML, "Phrasing content": what may stand within a word. All other tags end one.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|data|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr)"
    r"(?![\w-])[^>]*>"
)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


def sections_of(text: str, facts: Facts = ()) -> tuple[Section, ...]:
    """The sections of a conversion's HTML, each under the number of its heading; a leading title is left out."""
    values = dict(facts)
    marked = _HEADING_END.sub(_END, _HEADING.sub(r"\1", text[title(text)[1] :]))
    parts = _MARKED.split(html.unescape(_TAG.sub(" ", _INLINE.sub("", marked))))
    found = [Section("", "", _words(parts[0], values))]
    for number, heading, words in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        found.append(Section(number, _words(heading, values), _words(words, values)))
    return tuple(found if found[0].text else found[1:])


def _words(text: str, values: dict[str, str]) -> str:
    """The words of some text on one line, brand facts filled in, all other placeholders left out."""
    text = fill(text, lambda kind, name: values.get(name, "") if kind == "F" else "") if OPEN in text else text
    return " ".join(text.split())


@lru_cache(maxsize=64)
def analyser_of(code: str) -> Analyser:
    """The analyser for pages in `code`: one a process, since it keeps the words that it has seen."""
    return Analyser(language(code))


def text_name(sign: str, code: str, facts: Facts = ()) -> str:
    """What names the terms of the text `sign`, analysed for pages in `code`: equal names, equal terms."""
    return digest("\0".join((sign, language(code).code, *(part for fact in facts for part in fact))))


def text_terms(text: str, code: str, facts: Facts = ()) -> Analysed:
    """The terms of a conversion's HTML alone."""
    return analysed(Document("", "", sections_of(text, facts)), analyser_of(code))


def entry_terms(entry: SearchEntry, text: Analysed, code: str) -> Analysed:
    """The terms of one article on pages in `code`. `text` is what `text_terms` made of it."""
    document = Document(
        entry.url, entry.title, (), entry.description, entry.synonyms, entry.tags, entry.category, entry.lang,
        entry.popularity,
    )  # fmt: skip
    sections = tuple((entry.ids[int(at)] if at else "", title, words) for at, title, words in text.sections)
    return joined(analysed(document, analyser_of(code)), replace(text, sections=sections))


def joined(head: Analysed, text: Analysed) -> Analysed:
    """`head`, analysed without sections, and the terms of its sections as one."""
    counts = dict(zip(text.terms, text.counts, strict=True))
    for term, count in zip(head.terms, head.counts, strict=True):
        counts[term] = min(MOST, counts.get(term, 0) + count)
    terms = text.terms if len(counts) == len(text.terms) else tuple(sorted(counts))
    # Where a text begins with a heading, its summary goes before.
    has_opening = any(text.sections[0])
    return replace(
        head,
        entries=(head.entries[0], *text.entries[1:], *head.entries[1:]),
        length=head.length + text.length,
        terms=terms,
        counts=tuple([counts[term] for term in terms]),
        sections=text.sections if has_opening else (*head.sections, *text.sections[1:]),
    )
