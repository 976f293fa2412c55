"""What Git says that a target shall hold: a `Project` to `Desired` items, with references for links. Knows no CMS.

Bodies come from the same assembler as the static pages, so that overrides, fallback, brand blocks and facts are
settled in one place. Filters have no say here: what is not wished for is what may be archived.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from hcgen.errors import ProjectError
from hcgen.model import article as files
from hcgen.model.article import Article, Audience
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding, Severity
from hcgen.model.project import Project
from hcgen.model.target import Target
from hcgen.pages.addresses import absolute, address
from hcgen.pages.assemble import Assembler
from hcgen.pages.body import Body, summary_of, title_of, without_title, word_of
from hcgen.pages.library import Workshop
from hcgen.pages.navigation import Folder, ancestors
from hcgen.pages.redirects import old_path
from hcgen.pages.resolve import INTERNAL, is_stale
from hcgen.publish.internal import leak, withheld_lines
from hcgen.publish.port import Capabilities
from hcgen.publish.references import PAGES, to_asset, to_page
from hcgen.publish.values import Asset, Content, Desired, Identity, Kind, Scope
from hcgen.text import shorten

HOME = "."
"""Key of the folder for articles that stand at the top, where a target wants them in one. No file is called so."""
_LINK = re.compile(r'(?<=")' + PAGES + r'([^"#?]*)(\?[^"#]*)?(#[^"]*)?(?=")')
_OPTIONAL = frozenset(("summary", "labels", "position", "is_internal", "is_outdated"))

Group = tuple[str, Kind, str]
"""Brand, kind and key: what translations have in common."""


class Wishes(Struct, frozen=True):
    """All that a target shall hold, folders before what is in them, and the files that bodies name."""

    scopes: tuple[Scope, ...]
    items: tuple[Desired, ...]
    assets: Mapping[str, files.Asset]
    """By digest."""
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the content from being published."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)


def scopes_of(project: Project, target: Target) -> tuple[Scope, ...]:
    """Brands and languages that `target` gets, each brand's default language first."""
    known = {brand.id for brand in project.brands}
    for name in target.brands:
        if name not in known:
            remedy = f"Use one of: {', '.join(sorted(known))}."
            raise ProjectError(f"no brand is called {name!r}", where=f"{target.path}:{target.line}", remedy=remedy)
    found = []
    for brand in project.brands:
        if not target.brands or brand.id in target.brands:
            codes = sorted(brand.locales, key=lambda code: code != brand.default_locale)
            found += [Scope(brand.id, code) for code in codes if not target.locales or code in target.locales]
    return tuple(found)


def wishes(
    project: Project, target: Target, capabilities: Capabilities, firsts: Mapping[Group, str] | None = None
) -> Wishes:
    """All that `target` shall hold. `firsts` names the languages that groups over there began with, where known."""
    scopes = scopes_of(project, target)
    plain = Workshop(project)
    closed = {scope: _closed(project, plain, scope) for scope in scopes}
    workshop = plain
    if target.is_internal:
        workshop = _for_agents(project, scopes, plain, closed)
    items: list[Desired] = []
    assets: dict[str, files.Asset] = {}
    findings: list[Finding] = []
    for scope in scopes:
        maker = _Maker(workshop, target, capabilities, scope, closed[scope], assets)
        items += maker.items()
        findings += maker.assembler.findings
    items = _shared(items, capabilities, project, firsts or {})
    order = {scope: at for at, scope in enumerate(scopes)}
    items.sort(key=lambda one: _order(one, order))
    return Wishes(scopes, tuple(items), assets, tuple(sorted({*project.findings, *findings})))


def _order(one: Desired, scopes: Mapping[Scope, int]) -> tuple[object, ...]:
    identity = one.identity
    depth = identity.key.count("/") if identity.kind is not Kind.ARTICLE else 0
    kinds = list(Kind)
    place = scopes[Scope(identity.brand, identity.locale)]
    return kinds.index(identity.kind), depth, identity.brand, identity.key, place


def _closed(project: Project, workshop: Workshop, scope: Scope) -> frozenset[str]:
    """Keys of what only agents may read."""
    hidden = workshop.selection(project.brand(scope.brand), scope.locale).hidden
    return frozenset(key for key, reason in hidden.items() if reason == INTERNAL)


def _for_agents(
    project: Project, scopes: Iterable[Scope], plain: Workshop, closed: Mapping[Scope, frozenset[str]]
) -> Workshop:
    """A workshop in which nothing is internal, for a target that agents alone can read."""
    keys = frozenset().union(*closed.values())

    def opened(one: Article) -> Article:
        return replace(one, front=replace(one.front, audience=Audience.PUBLIC))

    library = replace(
        project.library,
        articles={key: opened(one) for key, one in project.library.articles.items()},
        indexes={key: opened(one) for key, one in project.library.indexes.items()},
    )
    paths = frozenset(one.path for one in library.articles.values() if one.key in keys)
    return Workshop(replace(project, library=library), for_agents=paths)


def _shared(
    items: list[Desired], capabilities: Capabilities, project: Project, firsts: Mapping[Group, str]
) -> list[Desired]:
    """Items with what translations share at the first of them alone, labels united."""
    if not capabilities.shared:
        return items
    groups: dict[Group, list[Desired]] = {}
    for one in items:
        groups.setdefault((one.identity.brand, one.identity.kind, one.identity.key), []).append(one)
    fields = dict.fromkeys(capabilities.shared - {"parent"})
    found: list[Desired] = []
    for group, members in groups.items():
        default = firsts.get(group) or project.brand(group[0]).default_locale
        first = next((one for one in members if one.identity.locale == default), members[0])
        labels = sorted({label for one in members for label in one.content.labels or ()})
        for one in members:
            if one is first:
                is_told = first.content.labels is not None and "labels" in fields
                found.append(replace(one, content=replace(one.content, labels=tuple(labels))) if is_told else one)
                continue
            parent = "" if "parent" in capabilities.shared else one.parent
            found.append(replace(one, parent=parent, content=replace(one.content, **fields)))
    return found


class _Maker:
    """Makes the items of one brand in one language."""

    def __init__(
        self,
        workshop: Workshop,
        target: Target,
        capabilities: Capabilities,
        scope: Scope,
        closed: frozenset[str],
        assets: dict[str, files.Asset],
    ) -> None:
        self.project, self.target, self.capabilities, self.scope = workshop.project, target, capabilities, scope
        self.brand: Brand = self.project.brand(scope.brand)
        self.locale = self.project.settings.locale(scope.locale)
        self.workshop, self.closed, self.assets = workshop, closed, assets
        self.assembler = Assembler(self.project, self.brand, self.locale, workshop)
        self.selection = self.assembler.links.selection
        self.tree = self.assembler.tree
        self.depth = capabilities.depth if Kind.SECTION in capabilities.kinds else 1
        self.depth = self.depth if Kind.CATEGORY in capabilities.kinds else 0
        written = workshop.outline(self.brand, scope.locale).written
        shown = [key for key in self.selection.articles if key not in self.assembler.lost]
        self.keys = [key for key in shown if key in written or target.pushes_fallbacks]
        self.written = written
        self.holders = dict.fromkeys(self._holder(key) for key in self.keys)
        self.folders = self._folders()
        self.pages = {scope.locale: {address(key): pair for key, pair in self._pages()}}

    def items(self) -> list[Desired]:
        """Folders, then articles."""
        return [*self._folder_items(), *(self._article(key) for key in self.keys)]

    # The tree -----------------------------------------------------------------------------------------------------

    def _holder(self, key: str) -> tuple[Kind, str] | None:
        """The folder that an article stands in over there; None at the top."""
        folder = "/".join(key.split("/")[:-1][: self.depth])
        if folder:
            kind = Kind.SECTION if "/" in folder else Kind.CATEGORY
            return (kind if kind.value in self.capabilities.holders else Kind.SECTION), folder
        if "" in self.capabilities.holders or not self.depth:
            return None
        return (Kind.CATEGORY if Kind.CATEGORY.value in self.capabilities.holders else Kind.SECTION), HOME

    def _folders(self) -> dict[tuple[Kind, str], str]:
        """The key of the folder above, by kind and key of each folder that holds something."""
        found: dict[tuple[Kind, str], str] = {}
        for holder in self.holders:
            if holder is None:
                continue
            kind, key = holder
            for name in (*ancestors(key), key):
                own = Kind.SECTION if "/" in name else Kind.CATEGORY
                found[own, name] = name.rpartition("/")[0]
            if kind is Kind.SECTION and "/" not in key:
                # The section of the category's own name, for what stands in it directly.
                found[kind, key] = key
        return found

    def _pages(self) -> Iterable[tuple[str, tuple[Kind, str]]]:
        for kind, key in self.folders:
            if key != HOME and (kind is Kind.CATEGORY or "/" in key):
                yield key, (kind, key)
        for key in self.keys:
            yield key, (Kind.ARTICLE, key)

    def _folder_items(self) -> Iterable[Desired]:
        for (kind, key), above in self.folders.items():
            folder = self.tree.get(key) if key != HOME else None
            if folder is None:
                content = Content(self.assembler.strings["home"])
                yield self._item(kind, key, above, content, "home", None)
                continue
            body = self._index_body(folder)
            content = Content(folder.title, body, summary=folder.description, position=round(folder.order))
            if not body and "summary" not in self.capabilities.fields and folder.description:
                content = replace(content, body=f"<p>{html.escape(folder.description)}</p>")
            yield self._item(kind, key, above, content, _last(key), folder.index)

    def _index_body(self, folder: Folder) -> str:
        index = folder.index
        if index is None or not index.has_text or self.workshop.converted(index, self.brand).is_withheld:
            return ""
        return self._body(index)

    # One item -----------------------------------------------------------------------------------------------------

    def _article(self, key: str) -> Desired:
        article = self.selection.articles[key]
        fragment = self.workshop.converted(article, self.brand).fragment
        plain = self.assembler.body("./")
        title = plain.text(title_of(article, fragment), article)
        summary = plain.text(article.front.description, article) or summary_of(fragment, plain, article)
        front = article.front
        content = Content(
            title=title,
            body=self._body(article),
            summary=shorten(summary, 300),
            labels=tuple(sorted({" ".join(label.split()) for label in (*front.tags, *front.synonyms)} - {""})),
            position=round(front.order),
            is_internal=key in self.closed,
            is_outdated=key in self.written and is_stale(self.project, article),
        )
        holder = self._holder(key)
        return self._item(Kind.ARTICLE, key, holder[1] if holder else "", content, _last(key), article)

    def _item(self, kind: Kind, key: str, parent: str, content: Content, slug: str, article: Article | None) -> Desired:
        identity = Identity(self.brand.id, kind, key, self.scope.locale)
        absent = _OPTIONAL - self.capabilities.fields
        if kind is not Kind.ARTICLE:
            content = replace(content, labels=() if "labels" not in absent else None)
            content = replace(content, is_internal=False, is_outdated=False)
        content = replace(content, **dict.fromkeys(absent))
        topics = (key.partition("/")[0], *(article.front.tags if article else ()))
        if article is None:
            return Desired(identity, parent, content, slug, topics=topics)
        is_own = key in self.written or kind is not Kind.ARTICLE
        old = article.front.redirect_from if is_own and article.locale == self.scope.locale else ()
        return Desired(
            identity, parent, content, slug,
            source=article.path, written_in="" if is_own else article.locale, name=article.front.id, topics=topics,
            old_urls=tuple(f"/{path}" for raw in old if (raw.startswith("/") or "://" in raw)
                           if (path := old_path(raw, article.locale))),
        )  # fmt: skip

    # Bodies -------------------------------------------------------------------------------------------------------

    def _body(self, article: Article) -> str:
        """The HTML of an article without its title, with references, and the files that it offers below."""
        body = Body(
            self.assembler.links, self.locale, self.assembler.strings, PAGES, lambda asset: self._asset(asset, article)
        )
        converted = self.workshop.converted(article, self.brand)
        filling = body.filling(converted)
        language = self.project.settings.locale(article.locale)
        text = without_title(
            self.workshop.html(converted.sign), filling,
            lambda word: word_of(word, self.assembler.strings, self.locale, language),
        )  # fmt: skip
        offered = body.attachments(article)
        if offered:
            links = "".join(f'<li><a href="{one.url}">{html.escape(one.title)}</a></li>\n' for one in offered)
            text += f'<ul class="attachments">\n{links}</ul>\n'
        if language.code != self.locale.code and text.strip():
            text = f'<div lang="{language.code.replace("_", "-")}" dir="{language.direction}">\n{text}</div>\n'
        self.assembler.findings += body.findings
        text = _LINK.sub(self._reference, text)
        if article.key not in self.closed:
            self._look_for_leaks(article, text)
        return text

    def _look_for_leaks(self, article: Article, text: str) -> None:
        line = leak(text, withheld_lines(self.project, article, self.brand))
        if line:
            remedy = "Do not publish; take the words out of the text outside the block, or report a fault of hcgen."
            what = f"words of an internal block would be published: {shorten(line.strip(), 60)!r}"
            self.assembler.findings.append(Finding(article.path, 0, "internal-leak", what, remedy))

    def _asset(self, asset: files.Asset, article: Article) -> str:
        limit = self.capabilities.asset_limit
        if asset.size > limit:
            url = self.brand.site_url + self.assembler.asset_name(asset)
            if limit:
                what = f"the file has {asset.size} bytes, {self.target.name} takes {limit}; its link leads to {url}"
                remedy = "Make it smaller, or publish the static help center, too."
                self.assembler.findings.append(
                    Finding(asset.path, 0, "large-asset", what, remedy, Severity.WARNING)
                )  # fmt: skip
            return url
        self.assets.setdefault(asset.digest, asset)
        return to_asset(asset.digest, asset.path.rpartition("/")[2])

    def _reference(self, match: re.Match[str]) -> str:
        """A page's address as a reference, or as that of the static site where it is not published here."""
        place, query, anchor = unquote(html.unescape(match[1])), match[2] or "", match[3] or ""
        locale = self.scope.locale
        if place.startswith("../"):
            locale, _, place = place[3:].partition("/")
        for code in dict.fromkeys((locale, *self.brand.chains[self.scope.locale])):
            found = self._pages_in(code).get(place)
            if found:
                return to_page(found[0], code, found[1], anchor[1:])
        return f"{html.escape(absolute(self.brand, locale, place))}{query}{anchor}"

    def _pages_in(self, locale: str) -> Mapping[str, tuple[Kind, str]]:
        """What the target gets in a language, by its address on the static site."""
        if locale not in self.pages:
            outline = self.workshop.outline(self.brand, locale) if locale in self.brand.locales else None
            is_here = outline is not None and (not self.target.locales or locale in self.target.locales)
            keys = outline.written if outline and is_here else ()
            self.pages[locale] = {address(key): (Kind.ARTICLE, key) for key in keys}
        return self.pages[locale]


def static_address(project: Project) -> Callable[[Identity], str]:
    """Where the static site shows what an identity names, for links to what is not published."""

    def address_of(identity: Identity) -> str:
        key = "" if identity.key == HOME else identity.key
        return absolute(project.brand(identity.brand), identity.locale, address(key))

    return address_of


def asset_values(found: Mapping[str, files.Asset]) -> dict[str, Asset]:
    """The files as values of publishing, by digest."""
    return {
        one: Asset(file.path, file.path.rpartition("/")[2], one, file.size, media_type(file.path))
        for one, file in found.items()
    }


def media_type(path: str) -> str:
    """By the name's ending, as RFC 2046 calls it."""
    import mimetypes

    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def _last(key: str) -> str:
    return address(key).rstrip("/").rpartition("/")[2]
