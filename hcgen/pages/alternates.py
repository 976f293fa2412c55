"""The same page elsewhere: in the brand's other languages, and at the other brands."""

from __future__ import annotations

from hcgen.model.brand import Brand
from hcgen.model.locale import Locale
from hcgen.model.project import Project
from hcgen.model.site import Alternate, Kind, Link
from hcgen.pages.addresses import absolute, address, between_brands
from hcgen.pages.library import Workshop
from hcgen.pages.outline import Outline

_FOLDERS = (Kind.CATEGORY, Kind.SECTION)


class Elsewhere:
    """Answers for one brand in one language where else its pages are."""

    def __init__(self, project: Project, brand: Brand, locale: Locale, workshop: Workshop) -> None:
        self.project, self.brand, self.locale, self.workshop = project, brand, locale, workshop
        locale_of, outline = project.settings.locale, workshop.outline
        self._languages: tuple[tuple[Locale, Outline], ...] = tuple(
            (locale_of(code), outline(brand, code)) for code in brand.locales
        )
        # Name, address of the home, and articles in this language of each other brand.
        others = []
        for other in self.project.brands:
            if other.id != self.brand.id:
                is_here = self.locale.code in other.locales
                code = self.locale.code if is_here else other.default_locale
                shown = outline(other, code).articles if is_here else frozenset()
                others.append((other.name, f"{between_brands(self.brand, other)}{code}/", shown))
        self._others: tuple[tuple[str, str, frozenset[str]], ...] = tuple(others)
        self._homes: tuple[Link, ...] = tuple(Link(name, home) for name, home, _ in others)

    def shows(self, code: str, kind: Kind, key: str) -> bool:
        """Whether the brand has the page in the language `code`."""
        return any(locale.code == code and _has(outline, kind, key) for locale, outline in self._languages)

    def is_written(self, kind: Kind, key: str) -> bool:
        """Whether the page is in its own language and not a stand-in: an article itself, of a list at least one."""
        return _is_written(self.workshop.outline(self.brand, self.locale.code), kind, key)

    def alternates(self, kind: Kind, key: str, url: str, number: int) -> tuple[Alternate, ...]:
        """This page in every language of the brand that has it.

        Later pages of a list lead to the lists' beginnings.
        """
        found = []
        for locale, outline in self._languages:
            if _has(outline, kind, key):
                is_same = number == 1 or locale.code == self.locale.code
                target = url if is_same else address(key)
                is_translation = is_same and _is_written(outline, kind, key)
                found.append(Alternate(locale, f"{locale.code}/{target}", is_translation))
        return tuple(found)

    def x_default(self, kind: Kind, alternates: tuple[Alternate, ...]) -> str:
        """The absolute address for readers of no language of the brand: its default language's, else the first."""
        if kind is Kind.HOME:
            return self.brand.site_url
        first = None
        for one in alternates:
            if one.is_translation:
                first = first or one
                if one.locale.code == self.brand.default_locale:
                    first = one
                    break
        return absolute(self.brand, first.locale.code, first.url.partition("/")[2]) if first else ""

    def brands(self, kind: Kind, key: str, url: str) -> tuple[Link, ...]:
        """The other brands: the same article where they show it in this language, else their home."""
        if kind is not Kind.ARTICLE:
            return self._homes
        return tuple(
            Link(name, home + url) if key in shown else link
            for (name, home, shown), link in zip(self._others, self._homes, strict=True)
        )


def _has(outline: Outline, kind: Kind, key: str) -> bool:
    if kind is Kind.ARTICLE:
        return key in outline.articles
    return key in outline.folders if kind in _FOLDERS else True


def _is_written(outline: Outline, kind: Kind, key: str) -> bool:
    if kind is Kind.ARTICLE:
        return key in outline.written
    return key in outline.written_folders if kind in _FOLDERS else True
