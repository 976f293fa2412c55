"""The override rule: a brand that overrides an article in one language should not show the shared text in another."""

from __future__ import annotations

from collections.abc import Iterator

from hcgen.model.finding import Finding, Severity
from hcgen.model.project import Project
from hcgen.model.site import Site


def override_findings(project: Project, site: Site) -> Iterator[Finding]:
    """Articles that `site` shows in their shared text although its brand overrides them in a language of the chain."""
    for page in site.pages:
        article = page.article
        if article is None or article.brand:
            continue
        for code in site.brand.chains[site.locale.code]:
            own = project.library.articles.get((site.brand.id, code, article.key))
            if own:
                what = f"readers of {site.brand.id} in {site.locale.code!r} get {article.path}, not this text"
                remedy = f"Translate it into brands/{site.brand.id}/content/{site.locale.code}/{article.key}.md."
                yield Finding(own.path, 0, "override-untranslated", what, remedy, Severity.WARNING)
                break
