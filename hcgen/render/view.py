"""What a template sees of a page: the page, its site, and ready-made addresses. Templates decide nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.core import UnknownLocaleError
from babel.dates import format_date
from markupsafe import Markup

from hcgen.contact.ticket import CONTRACT, TicketContext, context_values
from hcgen.model.article import TicketHint
from hcgen.model.brand import Brand
from hcgen.model.locale import Locale
from hcgen.model.site import Alternate, Kind, Link, Page, Site
from hcgen.pages.addresses import absolute, relative_root
from hcgen.text import canonical_json, quote_path


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the language menu; `url` is relative to the page."""

    locale: Locale
    url: str
    is_current: bool
    is_translation: bool


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A contact channel in the page's language."""

    kind: str
    label: str
    url: str
    hours: str


@dataclass(frozen=True, slots=True)
class View:
    """The value `hc` of every template."""

    page: Page
    site: Site
    assets: Mapping[str, str]
    """Published names of the theme's files below the brand's root, by their names in `theme/assets/`."""

    @property
    def brand(self) -> Brand:
        """The page's brand."""
        return self.site.brand

    @property
    def locale(self) -> Locale:
        """The page's language."""
        return self.page.locale

    @property
    def root(self) -> str:
        """From the page to the root of its language. A 404 page, served anywhere, has the full path."""
        if self.page.kind is Kind.NOT_FOUND:
            return f"{self.brand.base_path}{self.locale.code}/"
        return relative_root(self.page.url)

    @property
    def brand_root(self) -> str:
        """From the page to the root of its brand."""
        return self.brand.base_path if self.page.kind is Kind.NOT_FOUND else f"{self.root}../".removeprefix("./")

    def t(self, key: str, **values: object) -> str:
        """The word `key` in the page's language."""
        text = self.site.strings.get(key, key)
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def url(self, link: Link | str) -> str:
        """From the page to `link`: its address below the language's root, or elsewhere."""
        target = link.url if isinstance(link, Link) else link
        return target if "://" in target or target.startswith("mailto:") else self.root + quote_path(target)

    def brand_url(self, link: Link) -> str:
        """From the page to another brand's page (`page.brands`)."""
        return link.url if "://" in link.url else self.brand_root + link.url

    def asset(self, name: str) -> str:
        """From the page to the file `theme/assets/<name>` as published."""
        return self.brand_root + self.assets[name]

    def source_asset(self, path: str) -> str:
        """From the page to a file of the content or brand, by its path in the project; "" where it is unused."""
        known = self.site.assets.get(path)
        return self.brand_root + quote_path(known[0]) if known else ""

    @property
    def logo(self) -> str:
        """From the page to the brand's logo, or ""."""
        return self.source_asset(f"brands/{self.brand.id}/{self.brand.look.logo}") if self.brand.look.logo else ""

    @property
    def folder_url(self) -> str:
        """Of a folder's page: the address of the first page of its list."""
        number = self.page.page_number
        return self.page.url.removesuffix(f"page/{number}/") if number > 1 else self.page.url

    @property
    def content_lang(self) -> Markup:
        """` lang="..." dir="..."` for titles written in another language than the page's, else nothing."""
        locale = self.page.content_locale
        if locale.code == self.locale.code:
            return Markup("")
        return Markup(' lang="{}" dir="{}"').format(locale.code.replace("_", "-"), locale.direction)

    @property
    def updated_text(self) -> str:
        """The date of the last change in the words of the page's language, such as `1. Oktober 2026`."""
        try:
            return str(
                format_date(date.fromisoformat(self.page.updated), "long", locale=self.locale.code.replace("-", "_"))
            )
        except (UnknownLocaleError, ValueError):
            return self.page.updated

    @property
    def absolute_url(self) -> str:
        """The page's own absolute address."""
        return absolute(self.brand, self.locale.code, self.page.url)

    @property
    def hreflang(self) -> tuple[tuple[str, str], ...]:
        """(language, absolute address) of each real translation, itself included, with x-default; () for none."""
        found = [
            (alternate.locale.code.replace("_", "-"), self.brand.site_url + quote_path(alternate.url))
            for alternate in self.page.alternates
            if alternate.is_translation
        ]
        if not found or not self.page.is_indexed:
            return ()
        return (*found, *([("x-default", self.page.x_default)] if self.page.x_default else []))

    @property
    def languages(self) -> tuple[Language, ...]:
        """The language menu: this page where a language has it, else that language's home."""
        known: dict[str, Alternate] = {one.locale.code: one for one in self.page.alternates}
        found = []
        for locale in self.site.languages:
            alternate = known.get(locale.code)
            target = alternate.url if alternate else f"{locale.code}/"
            found.append(
                Language(
                    locale,
                    self.brand_root + quote_path(target),
                    locale.code == self.locale.code,
                    alternate.is_translation if alternate else False,
                )
            )
        return tuple(found)

    @property
    def channels(self) -> tuple[ChannelView, ...]:
        """The brand's contact channels."""
        chain = self.brand.chains[self.locale.code]
        return tuple(
            ChannelView(
                one.kind, one.label.get(chain) or one.kind, one.url, (one.hours.get(chain) or "") if one.hours else ""
            )
            for one in self.brand.channels
        )

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

    @property
    def beacon(self) -> dict[str, str]:
        """Attributes (`data-...`) of the beacon's script, {} where the brand has no endpoint; docs/beacon.md."""
        if not self.brand.beacon:
            return {}
        values = context_values(self.brand, self.ticket_context)
        names = ("brand", "locale", "article", "digest")
        found = {"data-endpoint": self.brand.beacon, "data-contract": CONTRACT, "data-kind": self.page.kind.value}
        found |= {f"data-{name}": values[name] for name in names if name in values}
        return found | {"data-content-locale": self.page.content_locale.code}

    @property
    def json_ld(self) -> str:
        """JSON-LD of the page (schema.org BreadcrumbList, and Article), safe inside a script element."""
        graph: list[dict[str, object]] = []
        if self.page.breadcrumb:
            trail = [*self.page.breadcrumb, Link(self.page.heading, self.page.url)]
            graph.append(
                {
                    "@type": "BreadcrumbList",
                    "itemListElement": [
                        {
                            "@type": "ListItem",
                            "position": at,
                            "name": link.title,
                            "item": absolute(self.brand, self.locale.code, link.url),
                        }
                        for at, link in enumerate(trail, 1)
                    ],
                }
            )
        if self.page.kind is Kind.ARTICLE:
            article: dict[str, object] = {
                "@type": "Article",
                "headline": self.page.heading,
                "inLanguage": self.page.content_locale.code.replace("_", "-"),
                "mainEntityOfPage": self.page.canonical,
                "url": self.page.canonical,
                "publisher": {"@type": "Organization", "name": self.brand.name, "url": self.brand.site_url},
            }
            if self.page.description:
                article["description"] = self.page.description
            if self.page.updated:
                article["dateModified"] = self.page.updated
            graph.append(article)
        if not graph:
            return ""
        text = canonical_json({"@context": "https://schema.org", "@graph": graph})
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def shell_digest(site, names):
    from hcgen.text import digest

    return digest(
        repr(
            (
                site.brand.digest,
                site.locale,
                sorted(site.strings.items()),
                site.languages,
                sorted(names.items()),
                site.assets.get(f"brands/{site.brand.id}/{site.brand.look.logo}"),
            )
        )
    )
