"""The articles of a help center as search sees them, from its finished pages."""

from __future__ import annotations

import re

from hcgen.markup.fragment import inline_text, plain_text
from hcgen.model.site import Kind, Page, Site
from hcgen.search.documents import Document, Section

_HEADING = re.compile(r'<h[2-6]\b[^>]*?\bid="([^"]*)"[^>]*>(.*?)</h[2-6]>', re.S)


def documents_of(site: Site) -> list[Document]:
    """Every article that `site` has a page of."""
    return [_document(page) for page in site.pages if page.kind is Kind.ARTICLE]


def _document(page: Page) -> Document:
    # The text before the first heading, then id, title and text of each.
    opening, *rest = _HEADING.split(page.body)
    sections = [Section("", "", plain_text(opening))] if plain_text(opening) else []
    sections += [
        Section(rest[at], inline_text(rest[at + 1]), plain_text(rest[at + 2])) for at in range(0, len(rest), 3)
    ]
    front = page.article.front if page.article else None
    return Document(
        url=page.url,
        title=page.title,
        sections=tuple(sections),
        description=page.description,
        synonyms=front.synonyms if front else (),
        tags=front.tags if front else (),
        category=page.breadcrumb[1].title if len(page.breadcrumb) > 1 else "",
        lang=page.content_locale.code if page.is_fallback else "",
    )
