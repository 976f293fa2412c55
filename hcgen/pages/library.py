"""One project's conversions and selections, each made once and shared by all that ask. One value a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from hcgen.markup.convert import convert
from hcgen.markup.fragment import Fragment, Problem, Step
from hcgen.markup.lines import Line
from hcgen.markup.select import Selected, left_over, select
from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding, Severity
from hcgen.model.project import Project
from hcgen.pages.headings import anchor_targets, heading_ids
from hcgen.pages.outline import Outline, outline_of
from hcgen.pages.resolve import Places, Selection, places_of, select_articles
from hcgen.pages.steps import ids_in, lock_key, named_after, own_ids, united
from hcgen.text import digest

NamedSteps = tuple[tuple[Step, ...], tuple[str, ...]]
"""Steps with their ids."""

Snippets = Mapping[tuple[str, str], str]
"""Text to include, by (brand or "", name)."""


class Conversion(Struct, frozen=True):
    """A text as some brands' readers see it. `brand` is "" where all brands' readers see the same.

    `sign` names the HTML, which `fragment` here leaves out: equal signs, equal HTML.
    """

    brand: str
    sign: str
    fragment: Fragment
    problems: tuple[Problem, ...]


class Converted(Struct, frozen=True):
    """An article as one brand shows it: its fragment without the HTML, and whether it may be shown at all."""

    article: Article
    fragment: Fragment
    sign: str
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


def varies(text: str) -> bool:
    """Whether brands may see different parts of `text`: it has brand blocks, or includes what may have some."""
    return "8<-" in text or ("///" in text and "brand" in text.lower())


def select_text(
    text: str, brand: str, brand_names: Iterable[str], snippets: Snippets, *, internal: bool = False
) -> Selected:
    """The part of `text` that readers of `brand` see (`internal`: agents); a brand's snippets go before shared ones."""
    mine: dict[str, str] = {}
    if "8<-" in text:
        mine = {name: one for (scope, name), one in snippets.items() if not scope}
        mine |= {name: one for (scope, name), one in snippets.items() if scope == brand}
    return select(text, brand, frozenset(brand_names), internal=internal, snippets=mine)


def conversions_of(
    text: str,
    brands: Iterable[str],
    brand_names: Iterable[str],
    snippets: Snippets,
    known: Mapping[str, Fragment],
    *,
    internal: bool = False,
) -> tuple[list[Conversion], dict[str, Fragment]]:
    """`text` as each of `brands` shows it (`internal`: to agents), and the fragments (by sign, with HTML) that were
    not `known` by sign.

    Brands that see the same text share one conversion.
    """
    found: list[Conversion] = []
    fresh: dict[str, Fragment] = {}
    for brand in brands if varies(text) else [""]:
        selected = select_text(text, brand, brand_names, snippets, internal=internal)
        sign = _sign(selected)
        fragment = known.get(sign) or fresh.get(sign)
        if fragment is None:
            fragment = fresh[sign] = convert(selected.lines)
        problems = (*selected.problems, *fragment.problems)
        if left_over(fragment.html):
            remedy = "Put it at the start of a line, outside quotes, with a blank line before; close it with ///."
            line = next((no for part, no in selected.lines if "///" in part), 1)
            problems += (Problem(line, "unread-block", "a brand or internal block is not recognised here", remedy),)
        found.append(Conversion(brand, sign, replace(fragment, html=""), problems))
    return found, fresh


def _sign(selected: Selected) -> str:
    # Problems name lines: a text whose lines were cut or included is another text than the same one as written.
    numbers = [number for _, number in selected.lines]
    cut = "" if numbers == list(range(1, len(numbers) + 1)) else f"\0{numbers}"
    return digest(selected.text + cut)


class Conversions(Protocol):
    """Conversions made earlier, by article and brand."""

    def get(self, article: Article, brand: str) -> Converted | None:
        """The conversion of `article` as `brand` shows it, or None."""
        ...

    def is_withheld(self, article: Article, brand: str) -> bool | None:
        """Whether `brand` must not show `article`; None where nobody knows."""
        ...


class Workshop(Struct):
    """Remembers what was converted and selected for `project`.

    `ready` holds conversions made earlier, and `load` gives their HTML by sign; what is not ready is converted
    when it is asked for.
    """

    project: Project
    ready: Conversions | None = None
    load: Callable[[str], str] | None = None
    for_agents: frozenset[str] = frozenset()
    """Paths of articles that are shown to agents alone, internal blocks included."""
    _converted: dict[tuple[str, str], Converted] = field(default_factory=dict)
    _fragments: dict[str, Fragment] = field(default_factory=dict)
    _last_lines: tuple[tuple[str, str], tuple[Line, ...]] = (("", ""), ())
    _selections: dict[tuple[str, str], Selection] = field(default_factory=dict)
    _outlines: dict[tuple[str, str], Outline] = field(default_factory=dict)
    _ids: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _steps: dict[str, NamedSteps] = field(default_factory=dict)
    _step_ids: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _order: tuple[str, ...] = ()
    _places: Places | None = None

    def selection(self, brand: Brand, locale: str) -> Selection:
        """What `brand` shows in `locale`."""
        key = (brand.id, locale)
        if key not in self._selections:
            self._places = self._places or places_of(self.project)
            self._selections[key] = select_articles(self.project, brand, locale, self._places)
        return self._selections[key]

    def outline(self, brand: Brand, locale: str) -> Outline:
        """Which pages `brand` has in `locale`."""
        key = (brand.id, locale)
        if key not in self._outlines:
            self._outlines[key] = outline_of(
                self.selection(brand, locale), brand, lambda one: self.is_withheld(one, brand)
            )
        return self._outlines[key]

    def converted(self, article: Article, brand: Brand) -> Converted:
        """`article` as `brand` shows it; brands that see the same text share one conversion."""
        found = self.ready.get(article, brand.id) if self.ready else None
        if found is not None:
            return found
        key = (article.path, brand.id)
        if key not in self._converted:
            names, snippets = self.project.brand_names, self.project.library.snippets
            text = self.project.text(article)
            internal = article.path in self.for_agents
            made, fresh = conversions_of(text, [brand.id], names, snippets, self._fragments, internal=internal)
            self._fragments |= fresh
            self._converted[key] = Converted(article, made[0].fragment, made[0].sign, made[0].problems)
        return self._converted[key]

    def is_withheld(self, article: Article, brand: Brand) -> bool:
        """Whether the text of `article` is so wrong that `brand` must not show it."""
        known = self.ready.is_withheld(article, brand.id) if self.ready else None
        return self.converted(article, brand).is_withheld if known is None else known

    def html(self, sign: str) -> str:
        """The HTML of a conversion, placeholders and all, by its sign."""
        known = self._fragments.get(sign)
        if known is not None:
            return known.html
        assert self.load is not None, "only a conversion made earlier has its HTML elsewhere"
        return self.load(sign)

    def lines(self, article: Article, brand: Brand) -> tuple[Line, ...]:
        """The lines of the article's body that readers of `brand` see, with their numbers."""
        key = (article.path, brand.id)
        if self._last_lines[0] != key:
            # Findings come article by article: remembering one is enough.
            names, snippets = self.project.brand_names, self.project.library.snippets
            self._last_lines = (key, select_text(self.project.text(article), brand.id, names, snippets).lines)
        return self._last_lines[1]

    def heading_ids(self, article: Article, brand: Brand) -> tuple[str, ...]:
        """Ids of the article's headings as `brand` shows them."""
        key = (article.path, brand.id)
        if key not in self._ids:
            reference = self.reference(article, brand)
            mine = self.converted(article, brand).fragment
            theirs = self.converted(reference, brand).fragment if reference else None
            self._ids[key] = heading_ids(mine, theirs)
        return self._ids[key]

    def step_ids(self, article: Article, brand: Brand) -> tuple[str, ...]:
        """Ids of the article's steps as `brand` shows it."""
        steps = self.converted(article, brand).fragment.steps
        key = (article.path, brand.id)
        if steps and key not in self._step_ids:
            naming = self.reference(article, brand)
            if naming is None:
                self._step_ids[key] = ids_in(steps, *self.named_steps(article))
            else:
                self._step_ids[key] = own_ids(steps, (), self._borrowed(steps, article, naming, brand))
        return self._step_ids[key] if steps else ()

    def names_itself(self, article: Article) -> bool:
        """Whether no other article names the steps of this one, for its brand or for all."""
        if article.brand:
            return self.reference(article, self.project.brand(article.brand)) is None
        return self._first(article, ("",)) is article

    def named_steps(self, article: Article) -> NamedSteps:
        """The steps of an article that names itself, as all its brands together show it, and their ids.

        An internal article has none: what its words are must not show in the pages of others.
        """
        if article.path not in self._steps:
            wanted = [] if article.is_internal else [one for one in self.project.brands if may_show(one, article)]
            steps = united(self.converted(article, brand).fragment.steps for brand in wanted)
            borrowed: dict[int, str] = {}
            base = self._first(article, ("",)) if article.brand and steps else None
            if base:
                borrowed = self._borrowed(steps, article, base, self.project.brand(article.brand))
            ids = own_ids(steps, self.project.locked_steps.get(lock_key(article), ()), borrowed)
            self._steps[article.path] = (steps, ids)
        return self._steps[article.path]

    def _borrowed(self, steps: tuple[Step, ...], article: Article, naming: Article, brand: Brand) -> dict[int, str]:
        """Ids for places of `steps`, which are of `article`, from `naming` as `brand` shows it."""
        whole, ids = self.named_steps(naming)
        if may_show(brand, naming) and not naming.is_internal:
            view = self.converted(naming, brand).fragment.steps
            whole, ids = view, ids_in(view, whole, ids)
        return named_after(steps, whole, ids, same_language=article.locale == naming.locale)

    def anchors(self, article: Article, brand: Brand) -> dict[str, str]:
        """Names that links may use for places in the article, and the ids they lead to."""
        return dict(anchor_targets(self.converted(article, brand).fragment, self.heading_ids(article, brand)))

    def reference(self, article: Article, brand: Brand) -> Article | None:
        """The same article in the first language that has it, whose headings name those of all others."""
        found = self._first(article, (article.brand, "" if article.brand else brand.id))
        return None if found is article else found

    def _first(self, article: Article, scopes: tuple[str, ...]) -> Article | None:
        """The article of the same key in the first language that has it, of the first of `scopes` (brands or "")."""
        library = self.project.library
        source = library.indexes if article.is_index else library.articles
        if not self._order:
            settings = self.project.settings
            self._order = (settings.project_locale, *(locale.code for locale in settings.locales))
        for code in self._order:
            for scope in scopes:
                found = source.get((scope, code, article.key))
                if found:
                    return found
        return None


def may_show(brand: Brand, article: Article) -> bool:
    """Whether `brand` may show `article`: it is shared or the brand's own, and names no other brands."""
    return article.brand in ("", brand.id) and (not article.front.brands or brand.id in article.front.brands)
