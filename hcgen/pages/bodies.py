"""Article bodies alone, as a CMS is given them."""

from __future__ import annotations

from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.model.locale import Locale
from hcgen.model.project import Project
from hcgen.pages.addresses import address, relative_root
from hcgen.pages.assemble import Assembler
from hcgen.pages.body import filled, word_of
from hcgen.pages.library import Workshop


def render_bodies(
    project: Project, brand: Brand, locale: Locale, workshop: Workshop | None = None
) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """The bodies of what is written in `locale`, by source path without its ending."""
    assembler = Assembler(project, brand, locale, workshop or Workshop(project))
    found: dict[str, str] = {}
    selection = assembler.links.selection
    for article in (*selection.articles.values(), *selection.indexes.values()):
        converted = assembler.workshop.converted(article, brand)
        if converted.is_withheld or article.key in assembler.lost or article.locale != locale.code:
            continue
        if article.is_index and not article.has_text:
            continue
        body = assembler.body(relative_root(address(article.key)))
        filling = body.filling(converted)
        name = f"{article.key}/index".lstrip("/") if article.is_index else article.key
        found[name] = filled(
            assembler.workshop.html(converted.sign),
            filling,
            lambda word: word_of(word, assembler.strings, locale, locale),
        )
        assembler.findings += body.findings
    return dict(sorted(found.items())), tuple(sorted(set(assembler.findings)))
