"""What a template sees: the page, what its site shows on all pages, and ready-made addresses. It decides nothing else.

A `Shell` holds what pages at one depth of one site have in common, a `View` adds the page. Whatever a shell reads of
its site must be in `shell_digest`: that is how a page rendered earlier is known to be still true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring as _json
from typing import NamedTuple, NoReturn

from markupsafe import Markup

from hcgen.contact.ticket import CONTRACT, STEP, TicketContext, context_values
from hcgen.errors import ProjectError
from hcgen.model.article import TicketHint
from hcgen.model.brand import Brand, Opening
from hcgen.model.locale import Locale
from hcgen.model.site import Alternate, Kind, Link, Page, Site, TocEntry
from hcgen.pages.addresses import absolute, relative_root
from hcgen.render.contact import HolidayView, HoursView, channel_views, holiday_views, hours_view, zone_name
from hcgen.render.headers import meta_policy
from hcgen.text import digest, quote_path

# Nearly all addresses need no quoting, and every page names dozens.
_is_plain = re.compile(r"[A-Za-z0-9_./~-]*").fullmatch
_escaped = lru_cache(maxsize=65536)(quote_path)


class Language(NamedTuple):
    """One entry of the language menu; `url` is relative to the page, `lang` and `direction` are of its name."""

    locale: Locale
    lang: str
    direction: str
    url: str
    is_current: bool
    is_translation: bool


class Logo(NamedTuple):
    """The brand's logo: its address from the page, its size in pixels (0 where the format does not say)."""

    url: str
    width: int
    height: int


class Shell:
    """The value `hc` of a piece (`piece(...)` in a template): all of `hc` that pages at one depth share."""

    def __init__(self, site: Site, names: Mapping[str, str], root: str, brand_root: str) -> None:
        self.brand = site.brand
        self.locale = site.locale
        self.lang = _lang(site.locale)
        """The page's language as the attribute `lang` has it."""
        self.locales = site.languages
        """All languages of the brand."""
        self.root = root
        """From the page to the root of its language."""
        self.brand_root = brand_root
        """From the page to the root of its brand."""
        self.channels = channel_views(site.brand, site.locale.code)
        """The brand's contact channels."""
        self.logo = _logo(site, brand_root)
        """The brand's logo, or None."""
        self.policy = meta_policy(site.brand)
        """The content security policy, as a meta element has it."""
        self.pieces: dict[object, object] = {}
        """Where a renderer keeps what it made once for all pages that have this shell."""
        self._strings = site.strings
        self._assets = {name: brand_root + published for name, published in names.items()}
        self._languages = tuple((locale, _lang(locale), locale.direction) for locale in site.languages)
        self._addresses: dict[str, str] = {}

    def t(self, key: str, **values: object) -> str:
        """The word `key` in the page's language."""
        text = self._strings.get(key, key)
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def url(self, link: Link | str) -> str:
        """From the page to `link`: its address below the language's root, or elsewhere."""
        target = link if isinstance(link, str) else link.url
        found = self._addresses.get(target)
        if found is None:
            is_elsewhere = "://" in target or target.startswith("mailto:")
            found = self._addresses[target] = target if is_elsewhere else self.root + quoted(target)
        return found

    def brand_url(self, link: Link) -> str:
        """From the page to another brand's page (`page.brands`)."""
        return link.url if "://" in link.url else self.brand_root + link.url

    def asset(self, name: str) -> str:
        """From the page to the file `theme/assets/<name>` as published."""
        return self._assets[name]

    def __getattr__(self, name: str) -> NoReturn:
        """Refuses what a piece does not see: it would be of the one page that happened to come first."""
        if name.startswith("_"):
            raise AttributeError(name)
        remedy = f"Give it to the piece as a value: {name}=hc.{name}."
        raise ProjectError(f"a template that is used as a piece asks for hc.{name}", where="theme", remedy=remedy)


class View(Shell):
    """The value `hc` of a page's template. `shell` may be given where pages at one depth share it."""

    page: Page

    def __init__(self, page: Page, site: Site, names: Mapping[str, str], shell: Shell | None = None) -> None:
        self.shell = shell or Shell(site, names, *_roots(page, site.brand))
        vars(self).update(vars(self.shell))
        self.page = page

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(name)

    def items(self, links: Iterable[Link]) -> list[tuple[Link, str, str, bool]]:
        """Each link with its address from the page, its `lang`, and whether it leads to the page itself."""
        here = self.page.url
        return [(link, self.url(link), link.lang.replace("_", "-"), link.url == here) for link in links]

    @property
    def folder_url(self) -> str:
        """Of a folder's page: the address of the first page of its list."""
        number = self.page.page_number
        return self.page.url.removesuffix(f"page/{number}/") if number > 1 else self.page.url

    @property
    def contents(self) -> list[TocEntry]:
        """The page's headings of the second level."""
        return [entry for entry in self.page.toc if entry.level == 2]

    @property
    def content_lang(self) -> Markup:
        """` lang="..." dir="..."` for text written in another language than the page's, else nothing."""
        locale = self.page.content_locale
        if locale.code == self.locale.code:
            return _NOTHING
        return Markup(' lang="{}" dir="{}"').format(_lang(locale), locale.direction)

    @property
    def updated_text(self) -> str:
        """The date of the last change in the words of the page's language, such as `1. Oktober 2026`."""
        return _long_date(self.page.updated, self.locale.code)

    def size_text(self, size: int) -> str:
        """A file's size as the page's language writes it, such as `1,2 MB`."""
        return _short_size(size, self.locale.code)

    @property
    def absolute_url(self) -> str:
        """The page's own absolute address."""
        return absolute(self.brand, self.locale.code, self.page.url)

    @property
    def hreflang(self) -> tuple[tuple[str, str], ...]:
        """(language, absolute address) of each real translation, itself included, with x-default; () for none."""
        return translations(self.page, self.brand)

    @property
    def languages(self) -> list[Language]:
        """The language menu: this page where a language has it, else that language's home."""
        known: dict[str, Alternate] = {one.locale.code: one for one in self.page.alternates}
        code, found = self.locale.code, []
        for locale, lang, direction in self._languages:
            alternate = known.get(locale.code)
            url = self.brand_root + quoted(alternate.url if alternate else f"{locale.code}/")
            is_translation = alternate is not None and alternate.is_translation
            found.append(Language(locale, lang, direction, url, locale.code == code, is_translation))
        return found

    @property
    def ticket_context(self) -> TicketContext:
        """What a ticket from this page knows."""
        article = self.page.article
        return TicketContext(
            locale=self.locale.code,
            article=article.public_id if article else "",
            digest=article.digest[:12] if article else "",
            title=self.page.title if article else "",
            hint=article.front.ticket if article else TicketHint(),
        )

    # Of the contact page -----------------------------------------------------------------------------------------

    def hours(self, opening: Opening) -> HoursView:
        """A channel's hours in the page's language."""
        return hours_view(self.brand, opening, self.locale.code, self.t)

    @property
    def holidays(self) -> tuple[HolidayView, ...]:
        """Days on which nobody is there."""
        return holiday_views(self.brand, self.locale.code, lambda day: _long_date(day, self.locale.code))

    @property
    def zone_name(self) -> str:
        """The city whose clock the hours go by."""
        return zone_name(self.brand, self.locale.code)

    @property
    def answer_time(self) -> str:
        """When an answer can be expected, "" where the brand does not say."""
        text = self.brand.answer_time
        return (text.get(self.brand.chains[self.locale.code]) or "") if text else ""

    @property
    def beacon(self) -> dict[str, str]:
        """Attributes (`data-...`) of the beacon's script, {} where the brand has no endpoint; docs/beacon.md."""
        if not self.brand.beacon:
            return {}
        values = context_values(self.brand, self.ticket_context)
        names = ("brand", "locale", "article", "digest")
        found = {"data-endpoint": self.brand.beacon, "data-contract": CONTRACT, "data-kind": self.page.kind.value}
        found |= {f"data-{name}": values[name] for name in names if name in values}
        found["data-content-locale"] = self.page.content_locale.code
        return dict(sorted(found.items()))

    @property
    def feedback(self) -> dict[str, str]:
        """Hidden fields of the forms that ask about an article, {} where the brand has no endpoint; docs/beacon.md."""
        if not self.brand.feedback:
            return {}
        values = context_values(self.brand, self.ticket_context)
        found = {"v": CONTRACT, "brand": self.brand.id, "locale": self.locale.code}
        found["content_locale"] = self.page.content_locale.code
        found |= {name: values[name] for name in ("article", "digest") if name in values}
        return found | {"return": f"{self.absolute_url}#hc-thanks"}

    @property
    def step_help(self) -> str:
        """Where a reader gets help with a step; the script puts the step's id in place of `STEP`."""
        ticket = self.page.step_ticket
        if ticket is None:
            return f"{self.root}contact/"
        return "#hc-help" if ticket.hidden else ticket.url

    @property
    def step_field(self) -> str:
        """The field of the page's ticket form that the script puts a step's id into, "" for none."""
        hidden = self.page.step_ticket.hidden if self.page.step_ticket else ()
        return next((name for name, value in hidden if value == STEP), "")

    @property
    def json_ld(self) -> str:
        """JSON-LD of the page (schema.org BreadcrumbList, and Article), safe inside a script element."""
        graph = []
        if self.page.breadcrumb:
            graph.append(self._breadcrumb_list())
        if self.page.kind is Kind.ARTICLE:
            graph.append(self._article())
        if not graph:
            return ""
        text = f'{{"@context":"https://schema.org","@graph":[{",".join(graph)}]}}'
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    # Every page has these few known keys: written in order, they need no encoder.

    def _breadcrumb_list(self) -> str:
        base = f"{self.brand.site_url}{self.locale.code}/"
        trail = [(link.title, link.url) for link in self.page.breadcrumb]
        trail.append((self.page.heading, self.page.url))
        items = [
            f'{{"@type":"ListItem","item":{_json(base + quoted(url))},"name":{_json(title)},"position":{at}}}'
            for at, (title, url) in enumerate(trail, 1)
        ]
        return f'{{"@type":"BreadcrumbList","itemListElement":[{",".join(items)}]}}'

    def _article(self) -> str:
        page, brand = self.page, self.brand
        url = _json(page.canonical)
        parts = [
            f'"dateModified":{_json(page.updated)}' if page.updated else "",
            f'"description":{_json(page.description)}' if page.description else "",
            f'"headline":{_json(page.heading)},"inLanguage":{_json(_lang(page.content_locale))}',
            f'"mainEntityOfPage":{url}',
            f'"publisher":{{"@type":"Organization","name":{_json(brand.name)},"url":{_json(brand.site_url)}}}',
            f'"url":{url}',
        ]
        return f'{{"@type":"Article",{",".join(part for part in parts if part)}}}'


class Views:
    """The views of one site's pages. `names` are the published names of the theme's files."""

    def __init__(self, site: Site, names: Mapping[str, str]) -> None:
        self.site = site
        self._names = names
        self._shells: dict[str, Shell] = {}

    def of(self, page: Page) -> View:
        """The value `hc` of the page's template."""
        root, brand_root = _roots(page, self.site.brand)
        shell = self._shells.get(root)
        if shell is None:
            shell = self._shells[root] = Shell(self.site, self._names, root, brand_root)
        return View(page, self.site, self._names, shell)


def shell_digest(site: Site, names: Mapping[str, str]) -> str:
    """A digest of everything that templates can see besides `hc.page`, with `names` as `Views` has them."""
    strings, assets = dict(sorted(site.strings.items())), dict(sorted(names.items()))
    logo = _logo(site, "")
    # All of these are plain values, whose text says all there is to them.
    return digest(repr((site.brand, site.locale, site.languages, strings, assets, logo)))


def translations(page: Page, brand: Brand) -> tuple[tuple[str, str], ...]:
    """(language, absolute address) of each real translation, itself included, with x-default; () for none."""
    if not page.is_indexed:
        return ()
    base = brand.site_url
    found = [(_lang(one.locale), base + quoted(one.url)) for one in page.alternates if one.is_translation]
    if found and page.x_default:
        found.append(("x-default", page.x_default))
    return tuple(found)


_NOTHING = Markup("")


def quoted(path: str) -> str:
    """`quote_path`, at less cost."""
    return path if _is_plain(path) else _escaped(path)


def _roots(page: Page, brand: Brand) -> tuple[str, str]:
    """From the page to the roots of its language and its brand. A 404 page, served anywhere, has the full paths."""
    if page.kind is Kind.NOT_FOUND:
        return f"{brand.base_path}{page.locale.code}/", brand.base_path
    root = relative_root(page.url)
    return root, f"{root}../".removeprefix("./")


def _lang(locale: Locale) -> str:
    return locale.code.replace("_", "-")


def _logo(site: Site, brand_root: str) -> Logo | None:
    look = site.brand.look
    known = site.assets.get(f"brands/{site.brand.id}/{look.logo}") if look.logo else None
    return Logo(brand_root + quoted(known[0]), known[1].width, known[1].height) if known else None


@lru_cache(maxsize=4096)
def _long_date(day: str, code: str) -> str:
    # Late: the library is large, and many sites have no dates.
    from babel.core import UnknownLocaleError
    from babel.dates import format_date

    try:
        return str(format_date(date.fromisoformat(day), "long", locale=code.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return day


@lru_cache(maxsize=1024)
def _short_size(size: int, code: str) -> str:
    # Late, as above.
    from babel.core import UnknownLocaleError
    from babel.units import format_unit

    unit, value = ("kilobyte", max(1, round(size / 1e3))) if size < 999_500 else ("megabyte", round(size / 1e6, 1))
    try:
        return format_unit(value, unit, length="short", locale=code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return format_unit(value, unit, length="short", locale="en")
