"""A finished plan of one help center in one language: every choice a page needs, settled."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from hcgen.model.article import Article, ArticleKey, Asset
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.model.locale import Locale
from hcgen.model.project import Strings


class Kind(StrEnum):
    """The kinds of page a help center has."""

    HOME = "home"
    CATEGORY = "category"
    SECTION = "section"
    ARTICLE = "article"
    SEARCH = "search"
    CONTACT = "contact"
    NOT_FOUND = "not_found"


class Link(Struct, frozen=True):
    """A titled way to a page. `url` is relative to the locale's root ("billing/refunds/"), or absolute."""

    title: str
    url: str
    description: str = ""
    icon: str = ""
    count: int = 0
    items: tuple[Link, ...] = ()
    lang: str = ""
    """Language of the title, where it is not the page's."""


class Alternate(Struct, frozen=True):
    """The same page in another language. `is_translation` is false for a page shown in a stand-in language."""

    locale: Locale
    url: str
    """Relative to the brand's root, such as `de/billing/refunds/`."""
    is_translation: bool


class Choice(Struct, frozen=True):
    """One entry of a list that a form offers. `form` is the provider's form that goes with it, or ""."""

    value: str
    label: str
    form: str = ""


class FormField(Struct, frozen=True):
    """What a form asks about some of its topics. Without `options` it takes text."""

    name: str
    label: str
    field: str
    """The provider's name, "" where the value goes into the line that ends the description."""
    topics: tuple[Choice, ...]
    options: tuple[Choice, ...] = ()
    is_required: bool = False


class TicketForm(Struct, frozen=True):
    """A ticket link or form. Without `method` (get, post, mailto) `url` is followed.

    `hidden` is what the page knows already, as (provider's name, value). `inputs` are what the reader fills in, and
    `given` what the page's own address may bring along, as (our name, provider's name); without the latter the value
    goes into the line that ends the description. `line` is how that line begins; it ends with `]`. `line_break` is
    how the provider wants line breaks written. A mailto form needs a script; without one `url` is followed.
    """

    url: str
    hidden: tuple[tuple[str, str], ...] = ()
    method: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    line: str = ""
    line_break: str = "\n"
    topics: tuple[Choice, ...] = ()
    fields: tuple[FormField, ...] = ()


class Notice(Struct, frozen=True):
    """An incident in the page's language. `lang` and `text_lang` name the languages that are not the page's."""

    title: str
    level: str
    lang: str = ""
    text: str = ""
    text_lang: str = ""
    url: str = ""


class Download(Struct, frozen=True):
    """A file below an article. `url` leads there from the page; `name` is the file's own, `size` in bytes."""

    title: str
    url: str
    name: str
    size: int


class TocEntry(Struct, frozen=True):
    """One heading in a page's contents."""

    id: str
    title: str
    level: int


class Page(Struct, frozen=True):
    """One page. `url` is relative to the locale's root; `content_locale` is the language its body is written in."""

    kind: Kind
    key: ArticleKey
    url: str
    title: str
    heading: str
    description: str
    locale: Locale
    content_locale: Locale
    article: Article | None = None
    is_fallback: bool = False
    is_indexed: bool = True
    """Whether search engines are asked in: false for 404, search, and pages in a stand-in language."""
    canonical: str = ""
    alternates: tuple[Alternate, ...] = ()
    x_default: str = ""
    breadcrumb: tuple[Link, ...] = ()
    siblings: tuple[Link, ...] = ()
    related: tuple[Link, ...] = ()
    children: tuple[Link, ...] = ()
    """Categories of a home, sections and articles of a category, articles of a section."""
    categories: tuple[Link, ...] = ()
    """All categories, on the pages that lead to all of them: home, search, 404."""
    popular: tuple[Link, ...] = ()
    """Popular articles, on a home, search and 404."""
    queries: tuple[str, ...] = ()
    """Popular searches, on a home."""
    incidents: tuple[Notice, ...] = ()
    """What is wrong now, on a home and contact."""
    previous: Link | None = None
    next: Link | None = None
    page_number: int = 1
    page_count: int = 1
    ticket: TicketForm | None = None
    asks_steps: bool = False
    """Whether each step of its body asks if it worked."""
    step_ticket: TicketForm | None = None
    """The ticket about one of its steps, which it calls `contact.ticket.STEP`."""
    brands: tuple[Link, ...] = ()
    body: str = ""
    heading_id: str = ""
    updated: str = ""
    toc: tuple[TocEntry, ...] = ()
    attachments: tuple[Download, ...] = ()
    icon: str = ""


class SearchEntry(Struct, frozen=True):
    """What search knows of one article on its page.

    `sign` names the HTML of its text, whose placeholders `ids` (of headings) and `facts` fill in.
    """

    url: str
    """Relative to the language's root."""
    title: str
    sign: str
    ids: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    description: str = ""
    synonyms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    category: str = ""
    """The titles of its topic and its sections, " › " between them."""
    lang: str = ""
    """The language it is written in, where that is not the page's."""
    popularity: float = 0
    """From 0 to 1."""


class Site(Struct, frozen=True):
    """One brand in one language. `assets` maps a source path to its published name below the brand's root."""

    brand: Brand
    locale: Locale
    strings: Strings
    pages: tuple[Page, ...]
    assets: Mapping[str, tuple[str, Asset]]
    search: tuple[SearchEntry, ...]
    redirects: tuple[tuple[str, str], ...]
    """(old path below the brand's root, new absolute URL)."""
    findings: tuple[Finding, ...]
    languages: tuple[Locale, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that mean the same to those who search."""
