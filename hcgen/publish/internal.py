"""The second look: no word of an internal block may stand in what everybody reads. Knows no target."""

from __future__ import annotations

import re

from hcgen.markup.fragment import plain_text
from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.model.project import Project
from hcgen.pages.library import select_text

_WORDS = re.compile(r"\w+")
_TELLING = 4
"""Words that a line must have to be told from another."""


def withheld_lines(project: Project, article: Article, brand: Brand) -> tuple[str, ...]:
    """The words of each line that agents of `brand` see in `article` and its readers do not."""
    text = project.text(article)
    if "///" not in text and "8<-" not in text:
        return ()
    names, snippets = project.brand_names, project.library.snippets
    everything = select_text(text, brand.id, names, snippets, internal=True).lines
    shown = select_text(text, brand.id, names, snippets).lines
    open_words = _words("\n".join(line for line, _ in shown))
    found = (_words(line) for line, _ in everything)
    return tuple(line for line in dict.fromkeys(found) if line.count(" ") >= _TELLING and line not in open_words)


def leak(body: str, withheld: tuple[str, ...]) -> str:
    """The first of the `withheld` lines that `body`, as it will be sent, shows; "" where it shows none."""
    if not withheld:
        return ""
    shown = _words(plain_text(body))
    return next((line for line in withheld if line in shown), "")


def _words(text: str) -> str:
    # With a space at both ends: a word is found whole or not at all.
    return f" {' '.join(_WORDS.findall(text.casefold()))} "
