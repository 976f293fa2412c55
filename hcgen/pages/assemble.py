"""`assemble(project, brand, locale) -> Site`: every page of one help center in one language, every choice made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hcgen.contact.ticket import TicketContext, ticket_form
from hcgen.markup.fragment import fill
from hcgen.model.article import Article, Asset
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.model.locale import Locale
from hcgen.model.project import Project
from hcgen.model.site import Alternate, Kind, Link, Page, SearchEntry, Site
from hcgen.pages.addresses import absolute, address, between_brands, collisions, page_address, relative_root
from hcgen.pages.body import Body, contents, summary_of, title_of, without_title
from hcgen.pages.library import Workshop
from hcgen.pages.links import Links
from hcgen.pages.navigation import Folder, ancestors, build_tree, folder_link, trail
from hcgen.pages.redirects import old_path, redirects_of
from hcgen.pages.related import Related
from hcgen.text import shorten, slug

_SHOWN_OF_SECTION = 6


def assemble(project: Project, brand: Brand, locale: Locale, workshop: Workshop | None = None) -> Site:
    """The help center of `brand` in `locale`. A `workshop` shared between calls saves conversions."""
    return _Assembler(project, brand, locale, workshop or Workshop(project)).site()


@dataclass(slots=True)
class _Assembler:
    project: Project
    brand: Brand
    locale: Locale
    workshop: Workshop
    findings: list[Finding] = field(default_factory=list)
    assets: dict[str, tuple[str, Asset]] = field(default_factory=dict)
    article_links: dict[str, Link] = field(default_factory=dict)
    links: Links = field(init=False)
    tree: dict[str, Folder] = field(init=False)
    lost: frozenset[str] = field(init=False)
    strings: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.strings = dict(self.project.strings[self.locale.code])
        selection = self.workshop.selection(self.brand, self.locale.code)
        withheld = set()
        for key, article in selection.articles.items():
            converted = self.workshop.converted(article, self.brand)
            self.findings += converted.findings()
            if converted.is_withheld:
                withheld.add(key)
        for article in selection.indexes.values():
            self.findings += self.workshop.converted(article, self.brand).findings()
        folders = {name for key in selection.articles for name in ancestors(key)}
        taken, faults = collisions(selection.articles.values(), folders)
        self.findings += faults
        self.lost = taken | frozenset(withheld)
        by_id = {one.front.id: one for one in selection.articles.values() if one.front.id and one.key not in self.lost}
        by_redirect: dict[str, Article] = {}
        for article in selection.articles.values():
            for old in article.front.redirect_from:
                by_redirect.setdefault(old_path(old, article.locale) or old, article)
        self.links = Links(self.workshop, self.brand, selection, self.lost, by_id, by_redirect)
        plain = self._body(self.locale, "./")
        self.tree = build_tree(
            selection,
            self.lost,
            lambda one: plain.text(title_of(one, self.workshop.converted(one, self.brand).fragment), one),
            lambda one: plain.text(one.front.description, one),
            lambda one: bool(one.body.strip()) and not self.workshop.converted(one, self.brand).is_withheld,
        )
        self.findings += plain.findings

    def site(self) -> Site:
        """All pages and what goes with them."""
        pages: list[Page] = [
            self._home(),
            self._plain(Kind.SEARCH),
            self._plain(Kind.CONTACT),
            self._plain(Kind.NOT_FOUND),
        ]
        for folder in self.tree.values():
            if folder.key:
                pages += self._folder_pages(folder)
        related = Related(self.links.selection, self.lost)
        entries: list[SearchEntry] = []
        for folder in self.tree.values():
            for at in range(len(folder.articles)):
                page, words = self._article(folder, at, related)
                pages.append(page)
                category = " › ".join(link.title for link in page.breadcrumb[1:])
                lang = page.content_locale.code if page.is_fallback else ""
                entries.append(SearchEntry(page.title, page.url, category, page.description, words, lang))
        if self.brand.look.logo and (self.brand.id, self.brand.look.logo) in self.project.brand_assets:
            self._publish(self.project.brand_assets[self.brand.id, self.brand.look.logo])
        for key in sorted(self.lost):
            self._look_at(key)
        redirects, faults = redirects_of(self.brand, self.locale.code, pages)
        pages.sort(key=lambda page: (page.url, page.kind))
        return Site(
            brand=self.brand,
            locale=self.locale,
            strings=self.strings,
            pages=tuple(pages),
            assets=dict(sorted(self.assets.items())),
            search=tuple(sorted(entries, key=lambda entry: entry.url)),
            redirects=redirects,
            findings=tuple(sorted(set(self.findings + faults))),
            languages=tuple(self.project.settings.locale(code) for code in self.brand.locales),
        )

    # Pages of one kind each -------------------------------------------------------------------------------------

    def _home(self) -> Page:
        index = self.tree[""].index
        heading = self.strings["home_title"]
        description = self.strings["home_lead"].replace("{brand}", self.brand.name)
        if index:
            plain = self._body(self.locale, "./")
            heading = plain.text(index.front.title, index) or heading
            description = plain.text(index.front.description, index) or description
        loose = tuple(self._article_link(key) for key in self.tree[""].articles)
        page = self._page(Kind.HOME, "", "", self.brand.name, heading, description)
        categories = self._categories()
        return replace(
            page, children=(*categories, *loose), categories=categories, body=self._index_body(index, "./")
        )

    def _plain(self, kind: Kind) -> Page:
        url = {Kind.SEARCH: "search/", Kind.CONTACT: "contact/", Kind.NOT_FOUND: "404.html"}[kind]
        title = self.strings[{Kind.SEARCH: "search_title", Kind.CONTACT: "contact_title"}.get(kind, "not_found_title")]
        description = self.strings[{Kind.CONTACT: "contact_lead"}.get(kind, "search_label")]
        page = self._page(kind, "", url, title, title, description)
        ticket = ticket_form(self.brand, TicketContext(self.locale.code)) if kind is Kind.CONTACT else None
        home = (Link(self.strings["home"], ""),) if kind is not Kind.NOT_FOUND else ()
        categories = self._categories() if kind is not Kind.CONTACT else ()
        return replace(page, is_indexed=kind is Kind.CONTACT, breadcrumb=home, categories=categories, ticket=ticket)

    def _folder_pages(self, folder: Folder) -> list[Page]:
        kind = Kind.CATEGORY if folder.depth == 1 else Kind.SECTION
        size = self.project.settings.page_size
        sections = tuple(self._section_link(self.tree[name]) for name in folder.folders)
        count = max(1, -(-len(folder.articles) // size))
        siblings = tuple(
            folder_link(self.tree[name])
            for name in self.tree[folder.key.rpartition("/")[0]].folders
            if folder.depth > 1
        )
        pages = []
        for number in range(1, count + 1):
            listed = tuple(self._article_link(key) for key in folder.articles[(number - 1) * size : number * size])
            url = page_address(folder.key, number)
            page = self._page(
                kind, folder.key, url, folder.title, folder.title, folder.description, folder.index, number
            )
            pages.append(
                replace(
                    page,
                    icon=folder.icon,
                    children=(*(sections if number == 1 else ()), *listed),
                    siblings=siblings,
                    breadcrumb=trail(self.tree, folder.key, self.strings["home"]),
                    page_number=number,
                    page_count=count,
                    body=self._index_body(folder.index, relative_root(url)) if number == 1 else "",
                )
            )
        return pages

    def _article(self, folder: Folder, at: int, related: Related) -> tuple[Page, str]:
        key = folder.articles[at]
        article = self.links.selection.articles[key]
        converted = self.workshop.converted(article, self.brand)
        url = address(key)
        content_locale = self.project.settings.locale(article.locale)
        body = self._body(content_locale, relative_root(url))
        whole = body.html(converted)
        lead, rest = without_title(whole)
        title = body.text(title_of(article, converted.fragment), article)
        description = body.text(article.front.description, article) or summary_of(rest)
        ids = self.workshop.heading_ids(article, self.brand)

        def filled(text: str) -> str:
            return fill(text, lambda kind, name: self.brand.fact(name, self.locale.code) or "" if kind == "F" else "")

        toc = contents(converted.fragment, ids, filled)
        page = self._page(Kind.ARTICLE, key, url, title, lead or title, shorten(description, 300), article)
        context = TicketContext(self.locale.code, article.public_id, article.digest[:12], title, article.front.ticket)
        self.findings += body.findings
        neighbours = folder.articles
        page = replace(
            page,
            body=rest,
            heading_id=ids[0] if lead and ids else "",
            toc=toc,
            updated=article.front.updated,
            breadcrumb=trail(self.tree, key, self.strings["home"]),
            siblings=tuple(self._article_link(one) for one in self._near(neighbours, at)),
            previous=self._article_link(neighbours[at - 1]) if at else None,
            next=self._article_link(neighbours[at + 1]) if at + 1 < len(neighbours) else None,
            related=tuple(self._article_link(one) for one in related.of(key)),
            ticket=ticket_form(self.brand, context),
        )
        words = " ".join((*article.front.synonyms, *(entry.title for entry in toc)))
        return page, words

    def _look_at(self, key: str) -> None:
        """Finds the further faults of an article that gets no page: its writer should see all of them at once."""
        article = self.links.selection.articles[key]
        body = self._body(self.project.settings.locale(article.locale), relative_root(address(key)))
        body.use_asset = lambda asset: asset.path
        body.html(self.workshop.converted(article, self.brand))
        self.findings += body.findings

    @staticmethod
    def _near(keys: tuple[str, ...], at: int, most: int = 12) -> tuple[str, ...]:
        start = max(0, min(at - most // 2, len(keys) - most))
        return keys[start : start + most]

    # What pages share -------------------------------------------------------------------------------------------

    def _page(
        self,
        kind: Kind,
        key: str,
        url: str,
        title: str,
        heading: str,
        description: str,
        article: Article | None = None,
        number: int = 1,
    ) -> Page:
        shown = article if kind is Kind.ARTICLE else None
        titled = self.tree[key].lang if kind in (Kind.CATEGORY, Kind.SECTION) else ""
        written = shown.locale if shown else titled or self.locale.code
        content = self.project.settings.locale(written)
        is_fallback = shown is not None and content.code != self.locale.code
        source_url = absolute(self.brand, content.code, url)
        has_source = is_fallback and content.code in self.brand.locales and self._shows(content.code, kind, key)
        alternates = self._alternates(kind, key, url, number)
        translated = [one for one in alternates if one.is_translation]
        default = next((one for one in translated if one.locale.code == self.brand.default_locale), None)
        first = default or (translated[0] if translated else None)
        if kind is Kind.HOME:
            x_default = self.brand.site_url
        else:
            x_default = absolute(self.brand, first.locale.code, first.url.partition("/")[2]) if first else ""
        return Page(
            kind=kind,
            key=key,
            url=url,
            title=title,
            heading=heading,
            description=description,
            locale=self.locale,
            content_locale=content,
            article=shown,
            is_fallback=is_fallback,
            is_indexed=self._is_written(self.locale.code, kind, key),
            canonical=source_url if has_source else absolute(self.brand, self.locale.code, url),
            alternates=alternates,
            x_default=x_default,
            brands=self._other_brands(kind, key, url),
        )

    def _alternates(self, kind: Kind, key: str, url: str, number: int) -> tuple[Alternate, ...]:
        """This page in every language of the brand that has it. Later pages of a list lead to the lists' beginnings."""
        found = []
        for code in self.brand.locales:
            if not self._shows(code, kind, key):
                continue
            target = address(key) if number > 1 and code != self.locale.code else url
            is_translation = (number == 1 or code == self.locale.code) and self._is_written(code, kind, key)
            found.append(Alternate(self.project.settings.locale(code), f"{code}/{target}", is_translation))
        return tuple(found)

    def _is_written(self, code: str, kind: Kind, key: str) -> bool:
        """Whether the page is in the language `code` and not a stand-in: an article itself, of a list at least one.

        A text of the same language that the brand does not serve elsewhere (`de` for `de-AT`) counts as written.
        """

        def speaks(article: Article) -> bool:
            same = article.locale.split("-")[0] == code.split("-", maxsplit=1)[0]
            return article.locale == code or (same and article.locale not in self.brand.locales)

        selection = self.workshop.selection(self.brand, code)
        if kind is Kind.ARTICLE:
            return speaks(selection.articles[key])
        if kind not in (Kind.CATEGORY, Kind.SECTION):
            return True
        index = selection.indexes.get(key)
        if index is not None and speaks(index):
            return True
        prefix = f"{key}/"
        return any(speaks(article) for name, article in selection.articles.items() if name.startswith(prefix))

    def _shows(self, code: str, kind: Kind, key: str, brand: Brand | None = None) -> bool:
        brand = brand or self.brand
        if kind in (Kind.ARTICLE, Kind.CATEGORY, Kind.SECTION):
            if code not in brand.locales:
                return False
            selection = self.workshop.selection(brand, code)
            if kind is Kind.ARTICLE:
                article = selection.articles.get(key)
                return article is not None and not self.workshop.converted(article, brand).is_withheld
            index = selection.indexes.get(key)
            prefix = f"{key}/"
            return (index is not None and bool(index.body.strip())) or any(
                one.startswith(prefix) and not self.workshop.converted(article, brand).is_withheld
                for one, article in selection.articles.items()
            )
        return True

    def _other_brands(self, kind: Kind, key: str, url: str) -> tuple[Link, ...]:
        """The other brands: the same article where they show it in this language, else their home."""
        found = []
        for other in self.project.brands:
            if other.id == self.brand.id:
                continue
            code = self.locale.code if self.locale.code in other.locales else other.default_locale
            same = kind is Kind.ARTICLE and code == self.locale.code and self._shows(code, kind, key, other)
            found.append(Link(other.name, f"{between_brands(self.brand, other)}{code}/{url if same else ''}"))
        return tuple(found)

    def _categories(self) -> tuple[Link, ...]:
        return tuple(folder_link(self.tree[name]) for name in self.tree[""].folders)

    def _section_link(self, folder: Folder) -> Link:
        shown = folder.articles[:_SHOWN_OF_SECTION]
        rest = [key for name in folder.folders for key in self.tree[name].articles][: _SHOWN_OF_SECTION - len(shown)]
        return folder_link(folder, tuple(self._article_link(key) for key in (*shown, *rest)))

    def _article_link(self, key: str) -> Link:
        if key not in self.article_links:
            self.article_links[key] = self._make_article_link(key)
        return self.article_links[key]

    def _make_article_link(self, key: str) -> Link:
        article = self.links.selection.articles[key]
        fragment = self.workshop.converted(article, self.brand).fragment
        body = self._body(self.locale, "./")
        title = body.text(title_of(article, fragment), article)
        description = body.text(article.front.description or summary_of(fragment.html), article)
        lang = article.locale if article.locale != self.locale.code else ""
        return Link(title, address(key), description, lang=lang)

    def _index_body(self, index: Article | None, root: str) -> str:
        if index is None or not index.body.strip():
            return ""
        converted = self.workshop.converted(index, self.brand)
        if converted.is_withheld:
            return ""
        content = self.project.settings.locale(index.locale)
        body = self._body(content, root)
        _, rest = without_title(body.html(converted))
        self.findings += body.findings
        if content.code == self.locale.code or not rest.strip():
            return rest
        return f'<div lang="{content.code.replace("_", "-")}" dir="{content.direction}">\n{rest}</div>\n'

    def _body(self, content_locale: Locale, root: str) -> Body:
        return Body(self.links, self.locale, content_locale, self.strings, root, self._published_from(root))

    def _published_from(self, root: str) -> Callable[[Asset], str]:
        up = "../" if root == "./" else f"{root}../"
        return lambda asset: up + self._publish(asset)

    def _publish(self, asset: Asset) -> str:
        """The published name of `asset` below the brand's root: `assets/shot.1a2b3c4d.png`."""
        if asset.path not in self.assets:
            stem, dot, ending = asset.path.rpartition("/")[2].rpartition(".")
            name = f"{slug(stem or ending) or 'file'}.{asset.digest[:8]}" + (
                f".{ending.lower()}" if dot and stem else ""
            )
            self.assets[asset.path] = (f"assets/{name}", asset)
        return self.assets[asset.path][0]


def render_bodies(project: Project, brand: Brand, locale: Locale) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """The bodies of what is written in `locale`, by source path without its ending: what a CMS is given."""
    assembler = _Assembler(project, brand, locale, Workshop(project))
    found: dict[str, str] = {}
    selection = assembler.links.selection
    for article in (*selection.articles.values(), *selection.indexes.values()):
        converted = assembler.workshop.converted(article, brand)
        if converted.is_withheld or article.key in assembler.lost or article.locale != locale.code:
            continue
        if article.is_index and not article.body.strip():
            continue
        body = assembler._body(project.settings.locale(article.locale), relative_root(address(article.key)))
        name = f"{article.key}/index".lstrip("/") if article.is_index else article.key
        found[name] = body.html(converted)
        assembler.findings += body.findings
    return dict(sorted(found.items())), tuple(sorted(set(assembler.findings)))
