"""A page whose body is planned but not filled in yet: enough to tell whether it is the same page as before."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from hcgen.model.article import Article
from hcgen.model.locale import Locale
from hcgen.model.project import Strings
from hcgen.model.site import Page
from hcgen.pages.body import Filling, step_question, without_title, word_of


class Draft(Struct, frozen=True):
    """A page without its body, its article, and what the body is made of (`filling` None: it has none).

    `language` is the one that the body is written in; `marks` asks for an element that says so around it.
    Of a sketch (`is_sketch`) no page can be made.
    """

    page: Page
    article: Article | None = None
    filling: Filling | None = None
    language: Locale | None = None
    marks: bool = False
    is_sketch: bool = False


def finish(draft: Draft, strings: Strings, load: Callable[[str], str]) -> Page:
    """The whole page; `load` gives a fragment's HTML by its sign."""
    page, language = draft.page, draft.language
    if draft.filling is None or language is None:
        return page if draft.article is None else replace(page, article=draft.article)
    question = step_question(strings, page.locale, language) if page.asks_steps else ""
    body = without_title(
        load(draft.filling.sign), draft.filling, lambda name: word_of(name, strings, page.locale, language), question
    )
    if draft.marks and language.code != page.locale.code and body.strip():
        body = f'<div lang="{language.code.replace("_", "-")}" dir="{language.direction}">\n{body}</div>\n'
    return replace(page, article=draft.article, body=body)
