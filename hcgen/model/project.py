"""A whole project as read from disk: settings, brands, library, strings, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field

from hcgen.model.article import Article, ArticleKey, Asset
from hcgen.model.brand import Brand
from hcgen.model.bulletin import Bulletin
from hcgen.model.finding import Finding
from hcgen.model.golden import Limit
from hcgen.model.locale import Locale

Strings = Mapping[str, str]
"""The words of the user interface in one language, by key."""
Synonyms = Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
"""Groups of words that mean the same to those who search, by brand and language."""


class Settings(Struct, frozen=True):
    """What `mkdocs.yml` says that concerns us. `renderer` names an entry point of `hcgen.renderers`."""

    site_name: str
    site_url: str
    locales: tuple[Locale, ...]
    page_size: int = 30
    renderer: str = "mkdocs"
    limits: tuple[Limit, ...] = ()
    """Of relevance."""

    @property
    def project_locale(self) -> str:
        """The language that most articles are written in first."""
        return next((locale.code for locale in self.locales if locale.is_default), self.locales[0].code)

    def locale(self, code: str) -> Locale:
        """The language `code`; KeyError where the project has none."""
        for locale in self.locales:
            if locale.code == code:
                return locale
        raise KeyError(code)


class LockedStep(Struct, frozen=True):
    """A step of a procedure as content/steps.lock has it: its id, and the digest of its words when it was locked."""

    id: str
    digest: str


class Library(Struct, frozen=True):
    """All content. `articles` and `assets` are keyed by (brand or "", locale, key or path below the locale)."""

    articles: Mapping[tuple[str, str, ArticleKey], Article]
    indexes: Mapping[tuple[str, str, str], Article]
    assets: Mapping[tuple[str, str, str], Asset]
    snippets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Text to include, by (brand or "", name)."""


class Project(Struct, frozen=True):
    """Everything a build starts from. `root` is absolute and only effects at the edges may use it."""

    root: Path
    settings: Settings
    brands: tuple[Brand, ...]
    library: Library
    strings: Mapping[str, Strings]
    brand_assets: Mapping[tuple[str, str], Asset]
    """A brand's own files (logo), by (brand, path inside its folder)."""
    brand_names: frozenset[str]
    """Folders of `brands/`, those with faults included."""
    bulletins: Mapping[str, Bulletin]
    """Incidents and popular articles of each brand, and of all (""), that has some."""
    findings: tuple[Finding, ...]
    now: datetime
    """The moment that `publish_at` and `expire_at` are held against, in UTC."""
    text: Callable[[Article], str]
    """An article's Markdown, with `\\n` line ends, read when it is wanted: a project holds no texts."""
    locked_steps: Mapping[str, tuple[LockedStep, ...]] = field(default_factory=dict)
    """The steps that content/steps.lock names, by article (pages/steps.py)."""
    synonyms: Synonyms = field(default_factory=dict)

    def brand(self, brand_id: str) -> Brand:
        """The brand `brand_id`; KeyError where there is none."""
        for brand in self.brands:
            if brand.id == brand_id:
                return brand
        raise KeyError(brand_id)
