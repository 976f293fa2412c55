"""WordPress through wp/v2, and the plugin `extras/wordpress/hcgen.php`, which adds what the API lacks.

https://developer.wordpress.org/rest-api/. One site a language, in folders or on hosts of their own; folders and
articles are pages. The field `hc_uid` carries our marker. Knows no plan and no ledger. docs/publishing-wordpress.md has
the options.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hcgen.model.target import Target
from hcgen.publish.names import Name, own_slug, parse_name, plain_slug
from hcgen.publish.port import Blank, Capabilities, Reader, Writer
from hcgen.publish.providers import kses
from hcgen.publish.values import Asset, Content, Kind, Loss, Redirect, Remote, RemoteAsset, Scope, State
from hcgen.publish.wire import Answer, Refused, Wire

_PAGE = 100
"""The most that `per_page` may be."""
_STATES = "publish,draft,pending,private,future"
_FIELDS = (
    "id,slug,generated_slug,status,parent,title.raw,content.raw,excerpt.raw,menu_order,meta,link,permalink_template,"
    "modified_gmt,hc_pending"
)
_BLOCK = ("<!-- wp:html -->\n", "\n<!-- /wp:html -->")
"""Without it WordPress makes paragraphs of line breaks (wpautop)."""
_SHORTCODE = re.compile(r"\[(?=[\w/\[])")
_MEDIA = re.compile(r"hc-([0-9a-f]{16,128})(?:-\d+)?")
_BAD_SLUG = re.compile(r"(?:page)?\d+|feed|embed|rdf|rss|rss2|atom|wp-json")
"""Slugs that WordPress changes, since its own addresses have them (wp_unique_post_slug)."""


def reader(target: Target, wire: Wire) -> Reader:
    """Looks into the sites below the target's `url`."""
    return WordPressReader(target, wire)


def writer(target: Target, wire: Wire) -> Writer:
    """Looks and writes."""
    return WordPressWriter(target, wire)


class ApplicationPassword:
    """The target's option `user` with its secret `password`, an application password of that user's."""

    def __init__(self, target: Target, wire: Wire) -> None:
        self._user, self._wire = str(target.options.get("user", "")), wire

    def headers(self) -> Mapping[str, str]:
        both = f"{self._user}:{self._wire.secret('password')}".encode()
        return {"authorization": f"Basic {base64.b64encode(both).decode()}"}

    def renew(self) -> bool:
        return False


class WordPressReader:
    """Sees the pages of sites."""

    def __init__(self, target: Target, wire: Wire) -> None:
        self.target, self.wire = target, wire
        wire.auth = wire.auth or ApplicationPassword(target, wire)
        self._size = int(str(target.options.get("page_size", _PAGE)))
        self._schemas: dict[str, frozenset[str]] = {}

    @cached_property
    def capabilities(self) -> Capabilities:
        """As the first site itself tells."""
        known = self._known(self._first_site)
        fields = {
            "title", "body", "position",
            *(name for name, field in (("summary", "excerpt"), ("labels", "hc_labels"), ("is_outdated", "hc_outdated"))
              if field in known),
        }  # fmt: skip
        index = self._get(f"{self._first_site}/wp-json/", _fields="namespaces")
        return Capabilities(
            fields=frozenset(fields),
            asset_limit=int(str(self.target.options.get("asset_limit", 2_000_000))),
            redirects=index is not None and "hcgen/v1" in index.json()["namespaces"],
            restores=True,
        )

    def troubles(self, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
        found = []
        for site in dict.fromkeys(map(self._site, scopes)):
            place = f"{self.target.url.rstrip('/')}{site}" if "://" not in site else site
            try:
                answer = self._get(f"{site}/wp-json/wp/v2/pages", context="edit", status="draft", _fields="id")
            except Refused as error:
                user = self.target.options.get("user")
                found.append(f"{place}: {error.what}; see what the user {user!r} may do there")
                continue
            if answer is None:
                found.append(f"no WordPress answers at {place}; add the site, or name its place in the option `sites`")
            elif "hc_uid" not in self._known(site):
                found.append(f"{place} does not know the field `hc_uid`; activate the plugin hcgen.php for it")
        return tuple(found)

    def listing(self, scope: Scope) -> Iterator[Remote]:
        pages = {page["id"]: page for page in self._all(scope, "pages", status=_STATES, _fields=_FIELDS)}
        holding = {page["parent"] for page in pages.values()}

        def depth(page: Mapping[str, Any]) -> int:
            above, at = 0, page["parent"]
            while at in pages and above < len(pages):
                above, at = above + 1, pages[at]["parent"]
            return above

        for page in sorted(pages.values(), key=lambda page: (depth(page), page["id"])):
            name = parse_name(_meta(page, "hc_uid"))
            if name is None or name.brand == scope.brand:
                yield self._remote(page, scope, is_folder=page["id"] in holding)

    def read(self, id: str) -> Remote | None:
        parts = id.rsplit(":", 2)
        if len(parts) != 3 or not parts[2].isdigit():
            return None
        scope = Scope(parts[0], parts[1])
        answer = self._get(f"{self._api(scope)}/pages/{parts[2]}", context="edit", _fields=_FIELDS)
        return self._remote(answer.json(), scope) if answer else None

    def assets(self, scope: Scope) -> Iterator[RemoteAsset]:
        for file in self._all(scope, "media", _fields="id,slug,source_url,title.raw"):
            if _MEDIA.fullmatch(file["slug"]):
                yield _asset(file)

    def losses(self, body: str) -> tuple[Loss, ...]:
        return () if self.target.options.get("unfiltered_html") else kses.losses(body)

    # Sites --------------------------------------------------------------------------------------------------------

    def _site(self, scope: Scope) -> str:
        """Where the site of a language is: a path below the target's `url`, or an address of its own."""
        code = self.target.locales.get(scope.locale, scope.locale)
        sites = self._sites(scope.brand)
        place = str(sites.get(scope.locale, code)).strip("/")
        return place if "://" in place or not place else f"/{place}"

    def _sites(self, brand: str = "") -> Mapping[str, object]:
        for options in (self.target.brand_options.get(brand, {}), self.target.options):
            sites = options.get("sites")
            if isinstance(sites, Mapping):
                return sites
        return {}

    @property
    def _first_site(self) -> str:
        for brand in self.target.brands or ("",):
            for locale in self._sites(brand):
                return self._site(Scope(brand, locale))
        return ""

    def _api(self, scope: Scope) -> str:
        return f"{self._site(scope)}/wp-json/wp/v2"

    def _known(self, site: str) -> frozenset[str]:
        """The fields of pages, those of `meta` among them."""
        if site not in self._schemas:
            answer = self.wire.send("OPTIONS", f"{site}/wp-json/wp/v2/pages", missing=True)
            known = answer.json().get("schema", {}).get("properties", {}) if answer else {}
            own = known.get("meta", {}).get("properties", {})
            self._schemas[site] = frozenset((*known, *own))
        return self._schemas[site]

    # Reading ------------------------------------------------------------------------------------------------------

    def _get(self, path: str, **params: Any) -> Answer | None:
        return self.wire.get(path, missing=True, **params)

    def _all(self, scope: Scope, what: str, **params: Any) -> Iterator[dict[str, Any]]:
        """All things of a listing; `X-WP-TotalPages` tells its end."""
        page, last = 1, 1
        while page <= last:
            answer = self._get(
                f"{self._api(scope)}/{what}", context="edit", per_page=self._size, page=page, orderby="id",
                order="asc", **params,
            )  # fmt: skip
            if answer is None:
                return
            last = int(answer.headers.get("x-wp-totalpages", 1))
            page += 1
            yield from answer.json()

    def _remote(self, page: Mapping[str, Any], scope: Scope, *, is_folder: bool = False) -> Remote:
        name = parse_name(_meta(page, "hc_uid"))
        kind = Kind.ARTICLE if not is_folder else Kind.SECTION if page["parent"] else Kind.CATEGORY
        slug = page["slug"] or page.get("generated_slug") or ""
        is_live = page["status"] == "publish"
        before = f"{scope.brand}:{scope.locale}"
        return Remote(
            id=f"{before}:{page['id']}",
            kind=name.kind if name else kind,
            brand=scope.brand,
            locale=scope.locale,
            content=self._content(page),
            marker=name.key if name else "",
            parent=f"{before}:{page['parent']}" if page["parent"] else "",
            slug=slug,
            url=page["link"] if is_live else str(page["permalink_template"]).replace("%pagename%", slug),
            edited_at=page["modified_gmt"],
            pending=str(page.get("hc_pending") or ""),
        )

    def _content(self, page: Mapping[str, Any]) -> Content:
        fields = self.capabilities.fields
        states = {"publish": State.PUBLISHED, "trash": State.ARCHIVED}
        excerpt = (page.get("excerpt") or {}).get("raw") or ""
        return Content(
            title=html.unescape(page["title"]["raw"]),
            body=_unwrapped(page["content"]["raw"]),
            summary=html.unescape(excerpt) if "summary" in fields else None,
            labels=tuple(_meta(page, "hc_labels").splitlines()) if "labels" in fields else None,
            position=int(page["menu_order"]),
            is_outdated=bool(_meta(page, "hc_outdated")) if "is_outdated" in fields else None,
            state=states.get(page["status"], State.DRAFT),
        )


class WordPressWriter(WordPressReader):
    """Changes pages."""

    def create(self, blank: Blank) -> Remote:
        name = Name(blank.scope.brand, blank.kind, blank.key)
        parent = _number(blank.parent)
        data = {
            "title": html.escape(blank.title, quote=False),
            "slug": self._free_slug(blank.scope, blank.slug, str(name), parent),
            "status": "draft",
            "parent": parent,
            "meta": self._marks(blank.scope, str(name)),
        }
        return self._store("POST", blank.scope, "", data)

    def write(self, remote: Remote, content: Content, parent: str, slug: str) -> Remote:
        scope = Scope(remote.brand, remote.locale)
        name = str(Name(remote.brand, remote.kind, remote.marker)) if remote.marker else ""
        fields = self.capabilities.fields
        meta: dict[str, Any] = self._marks(scope, name)
        data: dict[str, Any] = {
            "title": html.escape(content.title, quote=False),
            "content": _wrapped(content.body),
            "status": "publish" if content.state is State.PUBLISHED else "draft",
            "parent": _number(parent),
            "menu_order": content.position or 0,
            "meta": meta,
        }
        if "summary" in fields:
            data["excerpt"] = html.escape(content.summary or "", quote=False)
        if "labels" in fields:
            meta["hc_labels"] = "\n".join(content.labels or ())
        if "is_outdated" in fields:
            meta["hc_outdated"] = bool(content.is_outdated)
        if slug and (parent != remote.parent or remote.slug not in (plain_slug(slug), own_slug(slug, name))):
            data["slug"] = self._free_slug(scope, slug, name, _number(parent), _number(remote.id))
        return self._store("PUT", scope, f"/{_number(remote.id)}", data)

    def archive(self, remote: Remote) -> None:
        # Into the trash, where `force` would destroy; what is there already answers 410.
        path = f"{self._api(Scope(remote.brand, remote.locale))}/pages/{_number(remote.id)}"
        self.wire.send("DELETE", path, missing=True)

    def restore(self, remote: Remote) -> Remote:
        now = self.read(remote.id)
        if now is None:
            raise Refused(f"the page {remote.id} is gone from {self.target.url}", status=404)
        # In the trash a slug is another one.
        return self.write(replace(remote, slug=now.slug), remote.content, remote.parent, remote.slug)

    def upload(self, asset: Asset, file: Path, owner: Remote | None, scope: Scope) -> RemoteAsset:
        stem, suffix = Path(asset.name).stem, Path(asset.name).suffix
        # Its own name for each content: WordPress would call a second `shot.png` `shot-1.png`.
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-") or "file"
        answer = self.wire.send(
            "POST", f"{self._api(scope)}/media",
            params={"slug": f"hc-{asset.digest}", "title": asset.name, "context": "edit"},
            content=file.read_bytes(),
            headers={
                "content-type": asset.media_type,
                "content-disposition": f'attachment; filename="{plain}-{asset.digest[:8]}{suffix}"',
            },
        )  # fmt: skip
        return _asset(_said(answer).json())

    def redirect(self, rule: Redirect) -> None:
        path = f"{self._site(Scope(rule.brand, rule.locale))}/wp-json/hcgen/v1/redirects"
        self.wire.send("PUT", path, json={"source": rule.source, "target": rule.target})

    def _store(self, method: str, scope: Scope, place: str, data: dict[str, Any]) -> Remote:
        path = f"{self._api(scope)}/pages{place}"
        answer = self.wire.send(method, path, json=data, params={"context": "edit", "_fields": _FIELDS})
        return self._remote(_said(answer).json(), scope)

    def _marks(self, scope: Scope, name: str) -> dict[str, Any]:
        own = {"hc_uid": name, "hc_group": name, "hc_locale": scope.locale}
        return {field: value for field, value in own.items() if field in self._known(self._site(scope))}

    def _free_slug(self, scope: Scope, slug: str, name: str, parent: int, but: int = 0) -> str:
        """`slug`, or one of the page's own where another page has it: WordPress would add a number when it publishes,
        and the address would not be the one that links were made for."""
        wanted = plain_slug(slug).lower()
        answer = self._get(
            f"{self._api(scope)}/pages", context="edit", slug=wanted, parent=parent, status=_STATES, _fields="id"
        )
        taken = [one for one in (answer.json() if answer else ()) if one["id"] != but]
        return own_slug(wanted, name) if taken or _BAD_SLUG.fullmatch(wanted) else wanted


def _said(answer: Answer | None) -> Answer:
    assert answer is not None, "only a request that may miss has no answer"
    return answer


def _number(id: str) -> int:
    """WordPress's id in ours, 0 for the top."""
    return int(id.rpartition(":")[2] or 0)


def _meta(page: Mapping[str, Any], name: str) -> Any:
    """A field of `meta`, which is a list where there is none."""
    meta = page.get("meta")
    return meta.get(name, "") if isinstance(meta, Mapping) else ""


def _wrapped(body: str) -> str:
    """As a block of HTML; a bracket before a word is no shortcode."""
    return _SHORTCODE.sub("&#91;", body).join(_BLOCK) if body else ""


def _unwrapped(raw: str) -> str:
    first, last = _BLOCK
    is_ours = raw.startswith(first) and raw.endswith(last) and raw.count(first) == 1
    return (raw.removeprefix(first).removesuffix(last) if is_ours else raw).replace("&#91;", "[")


def _asset(file: Mapping[str, Any]) -> RemoteAsset:
    found = _MEDIA.fullmatch(file["slug"])
    return RemoteAsset(str(file["id"]), file["source_url"], found[1] if found else "", file["title"]["raw"])
