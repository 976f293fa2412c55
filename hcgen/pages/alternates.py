"""The same page elsewhere: in the brand's other languages, and at the other brands."""

from __future__ import annotations

from dataclasses import dataclass

from hcgen.model.brand import Brand
from hcgen.model.locale import Locale
from hcgen.model.project import Project
from hcgen.model.site import Alternate, Kind, Link
from hcgen.pages.addresses import absolute, address, between_brands
from hcgen.pages.library import Workshop

_FOLDERS = (Kind.CATEGORY, Kind.SECTION)


@dataclass(slots=True)
class Elsewhere:
    """Answers for one brand in one language where else its pages are."""

    project: Project
    brand: Brand
    locale: Locale
    workshop: Workshop

    def shows(self, code: str, kind: Kind, key: str, brand: Brand | None = None) -> bool:
        """Whether `brand` (this one unless named) has the page in the language `code`."""
        brand = brand or self.brand
        if kind is Kind.ARTICLE:
            return code in brand.locales and key in self.workshop.outline(brand, code).articles
        if kind in _FOLDERS:
            return code in brand.locales and key in self.workshop.outline(brand, code).folders
        return True

    def is_written(self, code: str, kind: Kind, key: str) -> bool:
        """Whether the page is in the language `code` and not a stand-in: an article itself, of a list at least one."""
        if kind is Kind.ARTICLE:
            return key in self.workshop.outline(self.brand, code).written
        if kind in _FOLDERS:
            return key in self.workshop.outline(self.brand, code).written_folders
        return True

    def alternates(self, kind: Kind, key: str, url: str, number: int) -> tuple[Alternate, ...]:
        """This page in every language of the brand that has it.

        Later pages of a list lead to the lists' beginnings.
        """
        found = []
        for code in self.brand.locales:
            if not self.shows(code, kind, key):
                continue
            is_same = number == 1 or code == self.locale.code
            target = url if is_same else address(key)
            is_translation = is_same and self.is_written(code, kind, key)
            found.append(Alternate(self.project.settings.locale(code), f"{code}/{target}", is_translation))
        return tuple(found)

    def x_default(self, kind: Kind, alternates: tuple[Alternate, ...]) -> str:
        """The absolute address for readers of no language of the brand: its default language's, else the first."""
        if kind is Kind.HOME:
            return self.brand.site_url
        translated = [one for one in alternates if one.is_translation]
        default = next((one for one in translated if one.locale.code == self.brand.default_locale), None)
        first = default or (translated[0] if translated else None)
        return absolute(self.brand, first.locale.code, first.url.partition("/")[2]) if first else ""

    def brands(self, kind: Kind, key: str, url: str) -> tuple[Link, ...]:
        """The other brands: the same article where they show it in this language, else their home."""
        found = []
        for other in self.project.brands:
            if other.id == self.brand.id:
                continue
            code = self.locale.code if self.locale.code in other.locales else other.default_locale
            same = kind is Kind.ARTICLE and code == self.locale.code and self.shows(code, kind, key, other)
            found.append(Link(other.name, f"{between_brands(self.brand, other)}{code}/{url if same else ''}"))
        return tuple(found)
