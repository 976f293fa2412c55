"""One project's conversions and selections, each made once and shared by all that ask. One value a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from hcgen.markup.convert import convert
from hcgen.markup.fragment import Fragment, Problem
from hcgen.markup.lines import Line
from hcgen.markup.select import Selected, left_over, select
from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding, Severity
from hcgen.model.project import Project
from hcgen.pages.headings import anchor_targets, heading_ids
from hcgen.pages.resolve import Selection, select_articles


@dataclass(frozen=True, slots=True)
class Converted:
    """An article as one brand shows it: its fragment, its heading ids, and whether it may be shown at all."""

    article: Article
    fragment: Fragment
    problems: tuple[Problem, ...]

    @property
    def is_withheld(self) -> bool:
        """Whether its text is so wrong that showing it could leak or mislead."""
        return any(problem.is_error for problem in self.problems)

    def findings(self) -> list[Finding]:
        """Its problems with file and line."""
        offset = self.article.body_line - 1
        return [
            Finding(
                self.article.path,
                problem.line + offset,
                problem.rule,
                problem.message,
                problem.remedy,
                Severity.ERROR if problem.is_error else Severity.WARNING,
            )
            for problem in self.problems
        ]


@dataclass(slots=True)
class Workshop:
    """Remembers what was converted and selected for `project`."""

    project: Project
    _fragments: dict[tuple[str, str], Fragment] = field(default_factory=dict)
    _converted: dict[tuple[str, str], Converted] = field(default_factory=dict)
    _last_lines: tuple[tuple[str, str], tuple[Line, ...]] = (("", ""), ())
    _selections: dict[tuple[str, str], Selection] = field(default_factory=dict)

    def selection(self, brand: Brand, locale: str) -> Selection:
        """What `brand` shows in `locale`."""
        key = (brand.id, locale)
        if key not in self._selections:
            self._selections[key] = select_articles(self.project, brand, locale)
        return self._selections[key]

    def converted(self, article: Article, brand: Brand) -> Converted:
        """`article` as `brand` shows it; brands that see the same text share one conversion."""
        key = (article.path, brand.id)
        if key in self._converted:
            return self._converted[key]
        selected = self._selected(article, brand)
        shared = (article.path, selected.text)
        if shared not in self._fragments:
            self._fragments[shared] = convert(selected.lines)
        fragment = self._fragments[shared]
        problems = (*selected.problems, *fragment.problems)
        if left_over(fragment.html):
            remedy = "Put it at the start of a line, outside quotes, with a blank line before; close it with ///."
            line = next((no for text, no in selected.lines if "///" in text), 1)
            problems += (Problem(line, "unread-block", "a brand or internal block is not recognised here", remedy),)
        self._converted[key] = Converted(article, fragment, problems)
        return self._converted[key]

    def _selected(self, article: Article, brand: Brand) -> Selected:
        known = self.project.library.snippets.items()
        snippets = {name: text for (scope, name), text in known if not scope}
        snippets |= {name: text for (scope, name), text in known if scope == brand.id}
        return select(article.body, brand.id, self.project.brand_names, snippets=snippets)

    def lines(self, article: Article, brand: Brand) -> tuple[Line, ...]:
        """The lines of the article's body that readers of `brand` see, with their numbers."""
        key = (article.path, brand.id)
        if self._last_lines[0] != key:
            # Findings come article by article: remembering one is enough.
            self._last_lines = (key, self._selected(article, brand).lines)
        return self._last_lines[1]

    def heading_ids(self, article: Article, brand: Brand) -> tuple[str, ...]:
        """Ids of the article's headings as `brand` shows them."""
        reference = self._reference(article, brand)
        mine = self.converted(article, brand).fragment
        return heading_ids(mine, self.converted(reference, brand).fragment if reference else None)

    def anchors(self, article: Article, brand: Brand) -> dict[str, str]:
        """Names that links may use for places in the article, and the ids they lead to."""
        return dict(anchor_targets(self.converted(article, brand).fragment, self.heading_ids(article, brand)))

    def _reference(self, article: Article, brand: Brand) -> Article | None:
        """The same article in the first language that has it, whose headings name those of all others."""
        library = self.project.library
        source = library.indexes if article.is_index else library.articles
        codes = [self.project.settings.project_locale, *(locale.code for locale in self.project.settings.locales)]
        for code in codes:
            for scope in (article.brand, brand.id, ""):
                found = source.get((scope, code, article.key))
                if found:
                    return None if found is article else found
        return None
