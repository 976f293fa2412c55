"""The duplicate rule: two articles of one help center that say nearly the same; readers find one of them by chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hcgen.markup.fragment import plain_text
from hcgen.model.article import Article
from hcgen.model.finding import Finding, Severity
from hcgen.model.site import Site
from hcgen.pages.library import Workshop
from hcgen.search.alike import near_duplicates
from hcgen.search.analyse import Analyser
from hcgen.search.languages import language


class Duplicates:
    """Gathers the articles of sites, each text once, and compares those of one language at the end."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self._shown: dict[str, dict[str, dict[str, Article]]] = defaultdict(lambda: defaultdict(dict))
        """By language and sign of the text: the article that each brand shows with it."""

    def add(self, site: Site) -> None:
        """Takes in what `site` shows in its own language: a stand-in is the same article in another place."""
        texts = self._shown[site.locale.code]
        for page in site.pages:
            if page.article and not page.is_fallback:
                sign = self.workshop.converted(page.article, site.brand).sign
                texts[f"{sign} {page.key}"][site.brand.id] = page.article

    def findings(self) -> Iterator[Finding]:
        """Articles that say nearly the same as one before them; of several the one they share most with."""
        for code, texts in self._shown.items():
            analyser = Analyser(language(code))
            terms = {name: analyser.terms(plain_text(self.workshop.html(name.partition(" ")[0]))) for name in texts}
            best: dict[str, tuple[float, Article, Article]] = {}
            for pair in near_duplicates(terms):
                for brand in texts[pair.first].keys() & texts[pair.second].keys():
                    first, second = sorted(
                        (texts[pair.first][brand], texts[pair.second][brand]), key=lambda one: one.path
                    )
                    if pair.share > best.get(second.path, (0.0,))[0]:
                        best[second.path] = (pair.share, first, second)
            for share, first, second in best.values():
                what = f"{share:.0%} of its text stands in {first.path}, too"
                remedy = "Keep one of the two with what both say, and add the other's address to its `redirect_from`."
                yield Finding(second.path, 0, "near-duplicate", what, remedy, Severity.WARNING)
