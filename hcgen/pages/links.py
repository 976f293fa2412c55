"""Where a writer's link leads for one brand and language: a page, a file, the outside, or nowhere (a finding)."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from hcgen.model.article import Article, Asset
from hcgen.model.brand import Brand
from hcgen.model.project import Project
from hcgen.pages.addresses import address
from hcgen.pages.headings import find_anchor
from hcgen.pages.library import Workshop
from hcgen.pages.navigation import ancestors
from hcgen.pages.resolve import INTERNAL, OTHER_BRAND, UNTRANSLATED, Selection
from hcgen.text import closest, quote_path

_OLD_ARTICLE = re.compile(r"^/?(?:hc/)?(?:[a-z]{2,3}(?:-[\w]+)?/)?articles/(\d+)", re.I)
# What runs or reads on the reader's machine; links of apps (`ms-settings:`) are as good as any.
_UNSAFE = frozenset(("javascript", "data", "vbscript", "file", "blob", "about", "view-source"))
_PAGES = (".md", ".markdown", ".html", ".htm")


class Target(Struct, frozen=True):
    """Where a link leads.

    `url` is relative to the language's root, or to the brand's where `locale` differs
    (then it begins with `../`), or absolute; None where it leads nowhere. `rule` and `message` name a fault."""

    url: str | None
    asset: Asset | None = None
    rule: str = ""
    message: str = ""
    remedy: str = ""


class Links:
    """Resolves links of one brand's pages in one language."""

    def __init__(
        self,
        workshop: Workshop,
        brand: Brand,
        selection: Selection,
        lost: frozenset[str],
        by_id: dict[str, Article],
        by_redirect: dict[str, Article],
    ) -> None:
        self.workshop, self.brand, self.selection, self.lost = workshop, brand, selection, lost
        self.by_id, self.by_redirect = by_id, by_redirect
        self.hints: dict[str, str | None] = {}
        self._known: dict[tuple[str, str, str], Target] = {}
        self._chains: dict[str, tuple[str, ...]] = {}
        keys = selection.articles
        self.codes = frozenset(one.code for one in self._project.settings.locales)
        nearest = {key.rpartition("/")[0] for key in keys} - {""}
        self.folders = frozenset(nearest | {name for key in nearest for name in ancestors(key)})
        # Keys that only other brands have.
        self.foreign = frozenset(
            key for brand, _, key in self._project.library.articles if brand not in ("", self.brand.id)
        )
        self.by_address = {address(key): key for key in reversed(list(keys))}

    @property
    def _project(self) -> Project:
        return self.workshop.project

    def resolve(self, source: Article, raw: str) -> Target:
        """Where `raw`, written in `source`, leads."""
        if raw.lstrip().startswith("#"):
            return self._resolve(source, raw)
        # Articles of one folder name the same places.
        key = (source.folder, source.locale, raw)
        if key not in self._known:
            self._known[key] = self._resolve(source, raw)
        return self._known[key]

    def _resolve(self, source: Article, raw: str) -> Target:
        target = raw.strip()
        if not target:
            return Target(
                None, rule="dead-link", message="the link has no target", remedy="Write one, or remove the link."
            )
        if target.startswith("//"):
            target = f"https:{target}"
        if target.startswith("#"):
            return self._anchor(source, target[1:], "")
        try:
            parts = urlsplit(target)
        except ValueError:
            return _dead(target, "Check its spelling.")
        scheme = parts.scheme.lower()
        if scheme and not (len(scheme) == 1 or "/" in scheme):
            if scheme in _UNSAFE:
                return Target(
                    None, rule="unsafe-link", message=f"links of the kind {scheme}: are not allowed",
                    remedy="Link to a page, a file beside the article, or an https address.",
                )  # fmt: skip
            return self._outside(source, target) if scheme in ("http", "https") else Target(target)
        return self._inside(source, unquote(parts.path), unquote(parts.fragment), target, parts.query)

    def _outside(self, source: Article, target: str) -> Target:
        parts = urlsplit(target)
        if target.startswith(self.brand.site_url):
            rest = unquote(target[len(self.brand.site_url) :].split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])
            return self._inside(source, f"/{rest}", unquote(parts.fragment), target, parts.query)
        old = _OLD_ARTICLE.match(parts.path)
        is_own = (parts.hostname or "") in self.brand.former_hosts
        if old and is_own and old[1] in self.by_id:
            return self._page(self.by_id[old[1]].key, unquote(parts.fragment), target)
        if is_own:
            found = self.by_redirect.get(unquote(parts.path).strip("/"))
            if found:
                return self._page(found.key, unquote(parts.fragment), target)
            remedy = "Link to the article's file, or add the old address to its redirect_from."
            return Target(target, rule="old-link", message=f"{target!r} leads to an earlier help center", remedy=remedy)
        return Target(target)

    def _inside(self, source: Article, path: str, fragment: str, raw: str, query: str) -> Target:
        path = unicodedata.normalize("NFC", path.replace("\\", "/"))
        locale, place = self._place(source, path)
        old = _OLD_ARTICLE.match(path)
        if old and old[1] in self.by_id:
            return self._page(self.by_id[old[1]].key, fragment, raw)
        if place is None:
            return _dead(raw, "The path leads out of the content; count the `../` again.")
        asset = self.asset(place, source)
        if asset and not place.endswith(_PAGES):
            return Target(None, asset=asset)
        stem = place
        for ending in _PAGES:
            stem = stem.removesuffix(ending)
        stem = stem.strip("/")
        for key in (stem, posixpath.dirname(stem) if posixpath.basename(stem) in ("index", "README") else stem):
            if key in self.selection.articles or key in self.selection.indexes or self._is_folder(key):
                return self._page(key, fragment, raw, locale, query)
        moved = self.by_redirect.get(path.strip("/"))
        if moved:
            return self._page(moved.key, fragment, raw, locale)
        by_address = self._by_address(stem)
        if by_address is not None:
            return self._page(by_address, fragment, raw, locale, query)
        return self._nowhere(stem, raw, fragment)

    def _place(self, source: Article, path: str) -> tuple[str, str | None]:
        """(locale, path below it) that a path written in `source` means."""
        codes, home = self.codes, self.selection.locale
        if path.startswith("/"):
            first, _, rest = path.lstrip("/").partition("/")
            return (first, rest) if first in codes else (home, path.lstrip("/"))
        joined = posixpath.normpath(posixpath.join("@", source.folder, path))
        if joined == "@" or joined.startswith("@/"):
            return home, joined[2:]
        first, _, rest = joined.partition("/")
        return (first, rest) if first in codes else (home, None)

    def _is_folder(self, key: str) -> bool:
        return not key or key in self.folders

    def _by_address(self, stem: str) -> str | None:
        return self.by_address.get(address(stem)) if stem else None

    def _page(self, key: str, fragment: str, raw: str, locale: str = "", query: str = "") -> Target:
        selection = self.selection
        if locale and locale != selection.locale and locale in self.brand.locales:
            other = self.workshop.selection(self.brand, locale)
            if key in other.articles:
                selection = other
        article = selection.articles.get(key) or selection.indexes.get(key)
        if key in self.lost or (article is None and not self._is_folder(key)):
            return self._nowhere(key, raw)
        url = address(key) if selection is self.selection else f"../{selection.locale}/{address(key)}"
        url = quote_path(url) + (f"?{query}" if query else "")
        if article is None or not fragment:
            return Target(url)
        return self._anchor(article, fragment, url)

    def _anchor(self, article: Article, fragment: str, url: str) -> Target:
        wanted = unquote(fragment)
        if not wanted:
            return Target(url or "#")
        if wanted.startswith(("fn-", "ref-fn-")) and not url:
            return Target(f"#{quote_path(wanted)}")
        names = self.workshop.anchors(article, self.brand)
        found = find_anchor(names, wanted)
        if found is not None:
            return Target(f"{url}#{quote_path(found)}")
        near = closest(wanted, names)
        remedy = (
            f"Did you mean `#{near}`?"
            if near
            else f"{article.path} has no such heading; give it one with {{#{wanted}}}."
        )
        return Target(url or None, rule="dead-anchor", message=f"nothing is called #{wanted} there", remedy=remedy)

    def _nowhere(self, key: str, raw: str, fragment: str = "") -> Target:
        reason = self.selection.hidden.get(key)
        if reason == UNTRANSLATED:
            # Readers would rather read it in another language than not at all.
            for code in self.brand.chains[self.selection.locale]:
                if code in self.brand.locales and key in self.workshop.selection(self.brand, code).articles:
                    return self._page(key, fragment, raw, code)
        if reason == INTERNAL:
            remedy = "Remove the link, or put it into an `/// internal` block."
            return Target(None, rule="internal-link", message=f"{raw!r} leads to an internal article", remedy=remedy)
        if reason:
            remedy = "Remove the link, or put it into a `/// brand` block of the brands that have the article."
            rule = "other-brand-link" if reason == OTHER_BRAND else "unpublished-link"
            return Target(None, rule=rule, message=f"{raw!r} {reason} ({self.brand.id})", remedy=remedy)
        if key in self.foreign:
            remedy = "Remove the link, or put it into a `/// brand` block of the brands that have the article."
            return Target(
                None, rule="other-brand-link", message=f"{raw!r} {OTHER_BRAND} ({self.brand.id})", remedy=remedy
            )
        near = self._hint(key, self.selection.articles)
        return _dead(raw, f"Did you mean `/{near}.md`?" if near else "Correct the path, or remove the link.")

    def _hint(self, path: str, known: Iterable[str]) -> str | None:
        """`_near`, remembered: old content repeats its dead links."""
        if path not in self.hints:
            self.hints[path] = _near(path, known)
        return self.hints[path]

    def asset(self, place: str, source: Article) -> Asset | None:
        """The file at `place` below a locale: the brand's before the shared, the source's language before others."""
        assets = self._project.library.assets
        if source.locale not in self._chains:
            more = (*self.brand.chains[self.selection.locale], self._project.settings.project_locale)
            self._chains[source.locale] = tuple(dict.fromkeys((source.locale, *more)))
        for locale in self._chains[source.locale]:
            for scope in (self.brand.id, ""):
                if (scope, locale, place) in assets:
                    return assets[scope, locale, place]
        return None

    def image(self, source: Article, raw: str) -> tuple[Asset | None, Target]:
        """The picture `raw` of `source`, or what is wrong with it."""
        target = raw.strip()
        scheme = urlsplit(target).scheme.lower() if ":" in target else ""
        if target.startswith("//") or scheme in ("http", "https"):
            url = f"https:{target}" if target.startswith("//") else target
            remedy = "Put the picture beside the article: pages must not load anything from elsewhere."
            return None, Target(
                url, rule="external-image", message=f"the picture {url!r} lies elsewhere", remedy=remedy
            )
        asset, near = (None, None) if scheme else self._file(source, target)
        if asset:
            return asset, Target(None)
        remedy = f"Did you mean `/{near}`?" if near else "Put the picture there, or correct its path."
        return None, Target(None, rule="missing-image", message=f"the picture {raw!r} is not there", remedy=remedy)

    def attachment(self, source: Article, raw: str) -> tuple[Asset | None, Target]:
        """The file `raw` that `source` lists as an attachment, or what is wrong with it."""
        asset, near = self._file(source, raw)
        if asset:
            return asset, Target(None)
        remedy = f"Did you mean `/{near}`?" if near else "Put the file there, or correct its path."
        return None, Target(None, rule="missing-attachment", message=f"the file {raw!r} is not there", remedy=remedy)

    def _file(self, source: Article, raw: str) -> tuple[Asset | None, str | None]:
        """(the file that a path written in `source` means, or else the path that was probably meant)."""
        path = unquote(raw.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])
        _, place = self._place(source, unicodedata.normalize("NFC", path.replace("\\", "/")))
        asset = self.asset(place, source) if place else None
        if asset or not place:
            return asset, None
        return None, self._hint(place, (name for _, _, name in self._project.library.assets))


def _dead(raw: str, remedy: str) -> Target:
    return Target(None, rule="dead-link", message=f"{raw!r} leads to no page", remedy=remedy)


def _near(path: str, known: Iterable[str]) -> str | None:
    """The known path that was probably meant: the same name elsewhere, else a similar name in the same folder."""
    folder, _, name = path.rpartition("/")
    if not name:
        return None
    beside: dict[str, str] = {}
    for one in known:
        its_folder, _, its_name = one.rpartition("/")
        if its_name == name:
            return one
        if its_folder == folder:
            beside[its_name] = one
    near = closest(name, beside)
    return beside[near] if near else None
