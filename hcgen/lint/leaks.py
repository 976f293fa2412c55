"""The leak rule: what is one brand's alone (address, mail, price, name) must not stand in another brand's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hcgen.markup.fragment import CLOSE, OPEN, plain_text
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding, Severity
from hcgen.model.project import Project
from hcgen.model.site import Site
from hcgen.pages.library import Workshop

_TOKEN = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")
# Shorter values (a number of days, "2") say nothing of a brand.
_SHORTEST = 5


def telling_values(project: Project, brand: Brand) -> dict[str, tuple[str, str]]:
    """Values that belong to other brands alone: value to (brand, fact). What `brand` has too tells nothing."""
    own = {text for fact in brand.facts.values() for _, text in fact.values} | {brand.name}
    found: dict[str, tuple[str, str]] = {}
    for other in project.brands:
        if other.id == brand.id:
            continue
        for name, fact in other.facts.items():
            for _, text in fact.values:
                if len(text) >= _SHORTEST and not any(text in mine for mine in own):
                    found.setdefault(text, (other.id, name))
    return found


def leak_findings(project: Project, site: Site, workshop: Workshop) -> Iterator[Finding]:
    """Where what `site` shows holds another brand's value as its writer wrote it."""
    values = telling_values(project, site.brand)
    if not values:
        return
    pattern = re.compile(
        "|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in sorted(values, key=len, reverse=True))
    )
    for page in site.pages:
        article = page.article
        if article is None:
            continue
        converted = workshop.converted(article, site.brand)
        shown = " ".join(
            (plain_text(_TOKEN.sub(" ", workshop.html(converted.sign))), article.front.title, article.front.description,
             *(link.target for link in converted.fragment.links))
        )  # fmt: skip
        for value in sorted(set(pattern.findall(shown))):
            other, name = values[value]
            text = project.text(article)
            at = text.find(value)
            line = article.body_line + text.count("\n", 0, at) if at >= 0 else article.front.lines.get("title", 1)
            remedy = f"Write `{{{{ brand.{name} }}}}`, or put it into a `/// brand | {other}` block."
            what = f"{value!r} is the {name} of {other}, shown to readers of {site.brand.id}"
            yield Finding(article.path, line, "brand-leak", what, remedy, Severity.WARNING)
