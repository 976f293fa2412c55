"""Every page of one help center in one language, every choice made: first as drafts, then as a `Site`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from msgspec.structs import replace

from hcgen.contact.csp import policy_findings
from hcgen.contact.ticket import STEP, TicketContext, contact_form, ticket_form
from hcgen.markup.fragment import Fragment, fill
from hcgen.model.article import Article, Asset
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.model.locale import Locale
from hcgen.model.project import Project, Strings
from hcgen.model.site import Kind, Link, Page, SearchEntry, Site
from hcgen.pages.addresses import absolute, address, collisions, page_address, relative_root
from hcgen.pages.alternates import Elsewhere
from hcgen.pages.body import Body, contents, summary_of, title_of
from hcgen.pages.bulletins import MOST_ARTICLES, notices, popular_keys, popular_queries, popularity
from hcgen.pages.draft import Draft, finish
from hcgen.pages.library import Workshop
from hcgen.pages.links import Links
from hcgen.pages.navigation import Folder, ancestors, build_tree, folder_link, trail
from hcgen.pages.redirects import old_path, redirects_of
from hcgen.pages.related import Related
from hcgen.text import shorten, slug

_SHOWN_OF_SECTION = 6
_SIBLINGS = 12


def assemble(project: Project, brand: Brand, locale: Locale, workshop: Workshop | None = None) -> Site:
    """The help center of `brand` in `locale`. A `workshop` shared between calls saves conversions."""
    return Assembler(project, brand, locale, workshop or Workshop(project)).site()


class Assembler:
    """Plans one help center. `findings`, `assets` and `search` are whole once all drafts are made."""

    def __init__(self, project: Project, brand: Brand, locale: Locale, workshop: Workshop) -> None:
        self.project, self.brand, self.locale, self.workshop = project, brand, locale, workshop
        self.findings: list[Finding] = policy_findings(brand)
        self.assets: dict[str, tuple[str, Asset]] = {}
        self.search: list[SearchEntry] = []
        self.article_links: dict[str, Link] = {}
        self.trails: dict[str, tuple[Link, ...]] = {}
        self.strings: Strings = self.project.strings[self.locale.code]
        self.elsewhere = Elsewhere(self.project, self.brand, self.locale, self.workshop)
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
        self.lost: frozenset[str] = taken | frozenset(withheld)
        by_id = {one.front.id: one for one in selection.articles.values() if one.front.id and one.key not in self.lost}
        by_redirect: dict[str, Article] = {}
        for article in selection.articles.values():
            for old in article.front.redirect_from:
                by_redirect.setdefault(old_path(old, article.locale) or old, article)
        self.links = Links(self.workshop, self.brand, selection, self.lost, by_id, by_redirect)
        plain = self.body("./")
        self.tree: dict[str, Folder] = build_tree(
            selection,
            self.lost,
            lambda one: plain.text(title_of(one, self.workshop.converted(one, self.brand).fragment), one),
            lambda one: plain.text(one.front.description, one),
            lambda one: one.has_text and not self.workshop.converted(one, self.brand).is_withheld,
        )
        self.findings += plain.findings

    def drafts(self, part: int = 0, parts: int = 1) -> list[Draft]:
        """All pages in the order of their addresses, bodies not filled in. To be asked for once.

        Of several `parts`, each plans its share of the articles alone; the first also has all other pages, and
        sketches of the other articles: as much of them as search, sitemaps and reports need.
        """
        found: list[Draft] = []
        related = Related(
            self.links.selection, self.lost, lambda one: self.workshop.converted(one, self.brand).fragment
        )
        count = 0
        for folder in self.tree.values():
            if part == 0 and folder.key:
                found += self._folder_pages(folder)
            for at in range(len(folder.articles)):
                is_mine = count % parts == part
                count += 1
                if is_mine or part == 0:
                    found.append(self._article(folder, at, related if is_mine else None))
        if part == 0:
            found += [self._home(), self._plain(Kind.SEARCH), self._plain(Kind.CONTACT), self._plain(Kind.NOT_FOUND)]
            for key in sorted(self.lost):
                self._look_at(key)
        logo = self.project.brand_assets.get((self.brand.id, self.brand.look.logo))
        if self.brand.look.logo and logo:
            self.asset_name(logo)
        return sorted(found, key=lambda draft: (draft.page.url, draft.page.kind))

    def site(self, drafts: list[Draft] | None = None, *, with_bodies: bool = True) -> Site:
        """All pages and what goes with them."""
        drafts = self.drafts() if drafts is None else drafts
        pages = [finish(one, self.strings, self.workshop.html) if with_bodies else one.page for one in drafts]
        redirects, faults = redirects_of(self.brand, self.locale.code, [(one.page, one.article) for one in drafts])
        return Site(
            brand=self.brand,
            locale=self.locale,
            strings=self.strings,
            pages=tuple(pages),
            assets=dict(sorted(self.assets.items())),
            search=tuple(sorted(self.search, key=lambda one: one.url)),
            redirects=redirects,
            findings=tuple(sorted(set(self.findings + faults))),
            languages=tuple(self.project.settings.locale(code) for code in self.brand.locales),
            synonyms=self.project.synonyms.get((self.brand.id, self.locale.code), ()),
        )

    # Pages of one kind each -------------------------------------------------------------------------------------

    def _home(self) -> Draft:
        index = self.tree[""].index
        heading = self.strings["home_title"]
        description = self.strings["home_lead"].replace("{brand}", self.brand.name)
        if index:
            plain = self.body("./")
            heading = plain.text(index.front.title, index) or heading
            description = plain.text(index.front.description, index) or description
        categories = self._categories()
        loose = tuple(self._article_link(key) for key in self.tree[""].articles)
        page = self._page(
            Kind.HOME, "", "", self.brand.name, heading, description,
            children=(*categories, *loose), categories=categories, popular=self._popular(),
            queries=popular_queries(self.project, self.brand, self.locale.code),
            incidents=notices(self.project, self.brand, self.locale.code),
        )  # fmt: skip
        return self._with_index(page, index)

    def _plain(self, kind: Kind) -> Draft:
        url = {Kind.SEARCH: "search/", Kind.CONTACT: "contact/", Kind.NOT_FOUND: "404.html"}[kind]
        title = self.strings[{Kind.SEARCH: "search_title", Kind.CONTACT: "contact_title"}.get(kind, "not_found_title")]
        description = self.strings[{Kind.CONTACT: "contact_lead"}.get(kind, "search_label")]
        is_contact = kind is Kind.CONTACT
        page = self._page(
            kind, "", url, title, title, description,
            is_indexed=is_contact,
            ticket=contact_form(self.brand, self.locale.code) if is_contact else None,
            breadcrumb=(Link(self.strings["home"], ""),) if kind is not Kind.NOT_FOUND else (),
            categories=() if is_contact else self._categories(),
            popular=() if is_contact else self._popular(),
            incidents=notices(self.project, self.brand, self.locale.code) if is_contact else (),
        )  # fmt: skip
        return Draft(page)

    def _folder_pages(self, folder: Folder) -> list[Draft]:
        kind = Kind.CATEGORY if folder.depth == 1 else Kind.SECTION
        size = self.project.settings.page_size
        sections = tuple(self._section_link(self.tree[name]) for name in folder.folders)
        count = max(1, -(-len(folder.articles) // size))
        beside = self.tree[folder.key.rpartition("/")[0]].folders if folder.depth > 1 else ()
        siblings = tuple(folder_link(self.tree[name]) for name in beside)
        breadcrumb = trail(self.tree, folder.key, self.strings["home"])
        drafts = []
        for number in range(1, count + 1):
            listed = tuple(self._article_link(key) for key in folder.articles[(number - 1) * size : number * size])
            page = self._page(
                kind, folder.key, page_address(folder.key, number), folder.title, folder.title, folder.description,
                number=number, icon=folder.icon, siblings=siblings, breadcrumb=breadcrumb, page_count=count,
                children=(*(sections if number == 1 else ()), *listed),
            )  # fmt: skip
            drafts.append(self._with_index(page, folder.index if number == 1 else None))
        return drafts

    def _article(self, folder: Folder, at: int, related: Related | None) -> Draft:
        """The article's page, or (without `related`) a sketch of it."""
        key = folder.articles[at]
        article = self.links.selection.articles[key]
        converted = self.workshop.converted(article, self.brand)
        fragment = converted.fragment
        url = address(key)
        body = self.body(relative_root(url))
        title = body.text(title_of(article, fragment), article)
        description = body.text(article.front.description, article) or summary_of(fragment, body, article)
        ids = self.workshop.heading_ids(article, self.brand)
        lead = " ".join(self._facts_in(fragment.opening).split())
        toc = contents(fragment, ids, self._facts_in)
        page = self._page(
            Kind.ARTICLE, key, url, title, lead or title, shorten(description, 300), article=article,
            heading_id=ids[0] if lead and ids else "",
            toc=toc,
            attachments=body.attachments(article) if related else (),
            updated=article.front.updated,
            breadcrumb=self._trail(folder.key),
            **self._around(folder, at, title, related),
        )  # fmt: skip
        self.search.append(self._entry(page, article, converted.sign, fragment, body))
        if related is None:
            return Draft(page, article, is_sketch=True)
        filling = body.filling(converted)
        self.findings += body.findings
        return Draft(page, article, filling, page.content_locale)

    def _entry(self, page: Page, article: Article, sign: str, fragment: Fragment, body: Body) -> SearchEntry:
        """What search knows of the article's page."""
        front = article.front
        # A title of its own that the text begins with is one more name of the article.
        names = (page.heading,) if page.heading != page.title else ()
        return SearchEntry(
            url=page.url,
            title=page.title,
            sign=sign,
            ids=self.workshop.heading_ids(article, self.brand),
            facts=tuple((name, self.brand.fact(name, self.locale.code) or "") for name in fragment.facts),
            description=body.text(front.description, article),
            synonyms=(*names, *front.synonyms),
            tags=front.tags,
            category=" › ".join(link.title for link in page.breadcrumb[1:]),
            lang=page.content_locale.code.replace("_", "-") if page.is_fallback else "",
            popularity=self._popularity.get(page.key, 0),
        )

    def _around(self, folder: Folder, at: int, title: str, related: Related | None) -> dict[str, Any]:
        """What an article's page has beside its text, as fields of `Page`; a sketch has nothing."""
        if related is None:
            return {}
        near, link = folder.articles, self._article_link
        article = self.links.selection.articles[near[at]]
        context = TicketContext(self.locale.code, article.public_id, article.digest[:12], title, article.front.ticket)
        asks_steps = bool(self.brand.feedback and self.workshop.converted(article, self.brand).fragment.steps)
        return {
            "siblings": tuple(map(link, _window(near, at))),
            "previous": link(near[at - 1]) if at else None,
            "next": link(near[at + 1]) if at + 1 < len(near) else None,
            "related": tuple(map(link, related.of(near[at]))),
            "ticket": ticket_form(self.brand, context),
            "asks_steps": asks_steps,
            "step_ticket": ticket_form(self.brand, replace(context, step=STEP)) if asks_steps else None,
        }

    def _look_at(self, key: str) -> None:
        """Finds the further faults of an article that gets no page: its writer should see all of them at once."""
        article = self.links.selection.articles[key]
        body = replace(self.body(relative_root(address(key))), use_asset=lambda asset: asset.path)
        body.filling(self.workshop.converted(article, self.brand))
        body.attachments(article)
        self.findings += body.findings

    # What pages share -------------------------------------------------------------------------------------------

    def _page(
        self,
        kind: Kind,
        key: str,
        url: str,
        title: str,
        heading: str,
        description: str,
        *,
        article: Article | None = None,
        number: int = 1,
        is_indexed: bool | None = None,
        **more: Any,
    ) -> Page:
        """A page with what every kind has; `more` are fields of `Page`."""
        titled = self.tree[key].lang if kind in (Kind.CATEGORY, Kind.SECTION) else ""
        written = article.locale if article else titled or self.locale.code
        content = self.locale if written == self.locale.code else self.project.settings.locale(written)
        is_fallback = article is not None and content.code != self.locale.code
        elsewhere = self.elsewhere
        has_source = is_fallback and content.code in self.brand.locales and elsewhere.shows(content.code, kind, key)
        alternates = elsewhere.alternates(kind, key, url, number)
        return Page(
            kind=kind,
            key=key,
            url=url,
            title=title,
            heading=heading,
            description=description,
            locale=self.locale,
            content_locale=content,
            is_fallback=is_fallback,
            is_indexed=elsewhere.is_written(kind, key) if is_indexed is None else is_indexed,
            canonical=absolute(self.brand, content.code if has_source else self.locale.code, url),
            alternates=alternates,
            x_default=elsewhere.x_default(kind, alternates),
            brands=elsewhere.brands(kind, key, url),
            page_number=number,
            **more,
        )

    def _with_index(self, page: Page, index: Article | None) -> Draft:
        """The page of a folder with the text of its index."""
        if index is None or not index.has_text:
            return Draft(page)
        converted = self.workshop.converted(index, self.brand)
        if converted.is_withheld:
            return Draft(page)
        body = self.body(relative_root(page.url))
        filling = body.filling(converted)
        self.findings += body.findings
        return Draft(page, None, filling, self.project.settings.locale(index.locale), marks=True)

    def _facts_in(self, text: str) -> str:
        return fill(text, lambda kind, name: self.brand.fact(name, self.locale.code) or "" if kind == "F" else "")

    def _trail(self, folder: str) -> tuple[Link, ...]:
        """The breadcrumb of what stands in `folder`."""
        if folder not in self.trails:
            self.trails[folder] = trail(self.tree, f"{folder}/" if folder else "", self.strings["home"])
        return self.trails[folder]

    def _categories(self) -> tuple[Link, ...]:
        return tuple(folder_link(self.tree[name]) for name in self.tree[""].folders)

    @cached_property
    def _popular_keys(self) -> tuple[str, ...]:
        shown = self.links.selection.articles.keys() - self.lost
        return popular_keys(self.project, self.brand, self.locale.code, shown, self.links.by_id)

    @cached_property
    def _popularity(self) -> dict[str, float]:
        return popularity(self._popular_keys)

    def _popular(self) -> tuple[Link, ...]:
        return tuple(self._article_link(key) for key in self._popular_keys[:MOST_ARTICLES])

    def _section_link(self, folder: Folder) -> Link:
        shown = folder.articles[:_SHOWN_OF_SECTION]
        rest = [key for name in folder.folders for key in self.tree[name].articles][: _SHOWN_OF_SECTION - len(shown)]
        return folder_link(folder, tuple(self._article_link(key) for key in (*shown, *rest)))

    def _article_link(self, key: str) -> Link:
        if key not in self.article_links:
            article = self.links.selection.articles[key]
            fragment = self.workshop.converted(article, self.brand).fragment
            body = self.body("./")
            title = body.text(title_of(article, fragment), article)
            given = article.front.description
            description = body.text(given, article) if given else summary_of(fragment, body, article)
            lang = article.locale if article.locale != self.locale.code else ""
            self.article_links[key] = Link(title, address(key), description, lang=lang)
        return self.article_links[key]

    def body(self, root: str) -> Body:
        """What fills the bodies of a page from which `root` leads to the root of its language."""
        up = "../" if root == "./" else f"{root}../"
        return Body(self.links, self.locale, self.strings, root, lambda asset: up + self.asset_name(asset))

    def asset_name(self, asset: Asset) -> str:
        """The published name of `asset` below the brand's root: `assets/shot.1a2b3c4d.png`."""
        if asset.path not in self.assets:
            stem, dot, ending = asset.path.rpartition("/")[2].rpartition(".")
            name = f"{slug(stem or ending) or 'file'}.{asset.digest[:8]}" + (
                f".{ending.lower()}" if dot and stem else ""
            )
            self.assets[asset.path] = (f"assets/{name}", asset)
        return self.assets[asset.path][0]


def _window(keys: tuple[str, ...], at: int) -> tuple[str, ...]:
    """The neighbours of a long list that stand around `at`."""
    start = max(0, min(at - _SIBLINGS // 2, len(keys) - _SIBLINGS))
    return keys[start : start + _SIBLINGS]
