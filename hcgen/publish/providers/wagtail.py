"""Wagtail through its API v3 (Wagtail 8), and the app `extras/wagtail/hc`, which adds what the API lacks.

https://docs.wagtail.org/en/stable/advanced_topics/api/. A help center is the tree below one home page; its translations
are the trees of the other languages. The field `uid` of a page carries our marker. Knows no plan and no ledger.
docs/publishing-wagtail.md has the options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from hcgen.model.target import Target
from hcgen.publish.names import Name, own_slug, parse_name, plain_slug
from hcgen.publish.port import Blank, Capabilities, Reader, Writer
from hcgen.publish.values import (
    Asset,
    Content,
    Kind,
    Loss,
    Redirect,
    Remote,
    RemoteAsset,
    Scope,
    State,
    fingerprint,
)  # fmt: skip
from hcgen.publish.wire import Answer, Refused, Wire

_PAGE = 100
"""Things on one page of a listing; more than the site's WAGTAILAPI_LIMIT_MAX is refused."""
_TYPES = {"home": "hc.BrandRoot", "folder": "hc.Section", "article": "hc.Article"}
_FIELDS = {
    "title": "title", "body": "body", "summary": "search_description", "labels": "labels", "position": "position",
    "is_outdated": "is_outdated",
}  # fmt: skip
"""Fields of `Content` and those of pages."""
_GONE = "archived:"
"""Begins the `uid` of what was archived: unpublished pages are drafts to Wagtail."""
# Moves with every save, whatever was saved.
_VOLATILE = ("latest_revision_created_at", "edited_by", "last_published_at")


def reader(target: Target, wire: Wire) -> Reader:
    """Looks into the site at the target's `url`."""
    return WagtailReader(target, wire)


def writer(target: Target, wire: Wire) -> Writer:
    """Looks and writes."""
    return WagtailWriter(target, wire)


class Token:
    """The token of a Wagtail user (Settings > API tokens), the target's secret `token`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._wire.secret('token')}"}

    def renew(self) -> bool:
        return False


class WagtailReader:
    """Sees home pages and what stands below them."""

    def __init__(self, target: Target, wire: Wire) -> None:
        self.target, self.wire = target, wire
        wire.auth = wire.auth or Token(wire)
        self._api = str(target.options.get("api", "/api/v3")).rstrip("/")
        named = target.options.get("types")
        self._types: dict[str, str] = {**_TYPES, **(named if isinstance(named, Mapping) else {})}
        self._size = int(str(target.options.get("page_size", _PAGE)))
        self._homes: dict[Scope, int] = {}

    @cached_property
    def capabilities(self) -> Capabilities:
        """As the site itself tells: which fields its articles have, and whether the app `hc` is there."""
        known = self._fields(self._types["article"])
        app = self._app
        return Capabilities(
            fields=frozenset(name for name, field in _FIELDS.items() if field in known),
            needs_group=True,
            asset_limit=int(app.get("file_limit", 0)),
            asset_reach="target",
            redirects=bool(app.get("redirects")),
            restores=True,
        )

    def troubles(self, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
        found = [
            f"{self.target.url} has no page type {name!r} with the field `uid`; install the app `hc`"
            for name in (self._types["folder"], self._types["article"])
            if "uid" not in self._fields(name)
        ]
        for scope in scopes:
            try:
                self._home(scope)
            except Refused as error:
                found.append(f"{error.what}; {error.remedy[:1].lower()}{error.remedy[1:].rstrip('.')}")
        return tuple(found)

    def listing(self, scope: Scope) -> Iterator[Remote]:
        home = self._home(scope)
        pages = self._pages("/hc/pages/", root=home) if self._app else self._one_by_one(scope, home)
        for page in pages:
            remote = self._remote(page, scope)
            if remote.content.state is not State.ARCHIVED:
                yield remote

    def read(self, id: str) -> Remote | None:
        parts = id.rsplit(":", 2)
        if len(parts) != 3 or not parts[2].isdigit():
            return None
        page = self._page(parts[2])
        return self._remote(page, Scope(parts[0], parts[1])) if page else None

    def assets(self, scope: Scope) -> Iterator[RemoteAsset]:
        if self._app:
            for file in self._pages("/hc/files/"):
                yield _asset(file)

    def losses(self, body: str) -> tuple[Loss, ...]:
        return ()  # a RawHTMLBlock is kept byte for byte

    # What the site is ---------------------------------------------------------------------------------------------

    @cached_property
    def _app(self) -> dict[str, Any]:
        """What the app `hc` can do, empty where it is not installed."""
        answer = self._get("/hc/")
        return dict(answer.json()) if answer else {}

    def _fields(self, type_name: str) -> frozenset[str]:
        """The plain fields that can be written; a rich text field would give other HTML back than it got."""
        if type_name not in self._schemas:
            answer = self._get(f"/schema/{type_name}/")
            known = answer.json().get("patch", {}).get("properties", {}) if answer else {}
            self._schemas[type_name] = frozenset(name for name, one in known.items() if "RichText" not in str(one))
        return self._schemas[type_name]

    @cached_property
    def _schemas(self) -> dict[str, frozenset[str]]:
        return {}

    def _home(self, scope: Scope) -> int:
        """The id of the home page. Raises Refused where the language or the page is not there."""
        if scope not in self._homes:
            code = self._code(scope.locale)
            given = self.target.brand_options.get(scope.brand, {}).get("root")
            filters: dict[str, Any] = {"type": self._types["home"], "uid": f"brand:{scope.brand}"}
            if given:
                page = self._page(str(given))
                if page and page["meta"]["locale"] == code:
                    self._homes[scope] = int(str(given))
                    return self._homes[scope]
                filters = {"translation_of": given}
            answer = self._get("/pages/", locale=code, **filters)
            if answer is None:
                what = f"the language {code!r} is not enabled in {self.target.url}"
                raise Refused(what, status=404, remedy="Add it in Wagtail below Settings > Locales.")
            items = answer.json()["items"]
            if not items:
                what = f"the brand {scope.brand!r} has no home page in {code!r} in {self.target.url}"
                remedy = "Make one, or translate the brand's home page; name its id in the target's option `root`."
                raise Refused(what, status=404, remedy=remedy)
            self._homes[scope] = items[0]["id"]
        return self._homes[scope]

    def _code(self, locale: str) -> str:
        theirs = self.target.locales.get(locale, locale)
        return theirs if theirs != locale else locale.replace("_", "-").lower()

    # Reading ------------------------------------------------------------------------------------------------------

    def _get(self, path: str, **params: Any) -> Answer | None:
        return self.wire.get(f"{self._api}{path}", missing=True, **params)

    def _page(self, number: str, **params: Any) -> dict[str, Any] | None:
        answer = self._get(f"/pages/{number}/", **params)
        return dict(answer.json()) if answer else None

    def _pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """All items of a listing."""
        offset, count = 0, 1
        while offset < count:
            answer = self._get(path, limit=self._size, offset=offset, **params)
            whole: dict[str, Any] = answer.json() if answer else {"items": (), "count": 0}
            count = whole["count"]
            offset += self._size
            yield from whole["items"]

    def _one_by_one(self, scope: Scope, home: int) -> Iterator[dict[str, Any]]:
        """The pages below `home`, parents first, without the app `hc`: the API's own listing has no bodies."""
        for name in (self._types["folder"], self._types["article"]):
            listed = self._pages("/pages/", type=name, descendant_of=home, locale=self._code(scope.locale))
            whole = [page for page in (self._page(str(one["id"])) for one in listed) if page]
            # An address of a page is longer than those of the pages above it.
            yield from sorted(whole, key=lambda page: str(page["meta"]["html_url"]).count("/"))

    def _remote(self, page: Mapping[str, Any], scope: Scope) -> Remote:
        meta = page["meta"]
        above = str((meta["parent"] or {}).get("id", ""))
        is_top = (meta["parent"] or {}).get("meta", {}).get("type") == self._types["home"]
        is_live = bool(page["live"] if "live" in page else meta["first_published_at"])
        uid = str(page.get("uid") or "")
        is_gone = not is_live and uid.startswith(_GONE)
        uid = uid.removeprefix(_GONE)
        name = parse_name(uid)
        name = name if name and name.brand == scope.brand else None
        kind = Kind.CATEGORY if is_top else Kind.SECTION
        kind = Kind.ARTICLE if meta["type"] == self._types["article"] else kind
        has_draft = is_live and bool(page.get("has_unpublished_changes"))
        state = State.PUBLISHED if is_live else State.ARCHIVED if is_gone else State.DRAFT
        return Remote(
            id=f"{scope.brand}:{scope.locale}:{page['id']}",
            kind=name.kind if name else kind,
            brand=scope.brand,
            locale=scope.locale,
            content=replace(self._content(page), state=state),
            marker=name.key if name else "",
            group=uid if name else "",
            parent="" if is_top else f"{scope.brand}:{scope.locale}:{above}",
            slug=meta["slug"],
            url=meta["html_url"] or "",
            edited_at=str(page.get("latest_revision_created_at") or ""),
            edited_by=str(page.get("edited_by") or ""),
            pending=self._pending(page) if has_draft else "",
        )

    def _content(self, page: Mapping[str, Any]) -> Content:
        fields = self.capabilities.fields
        labels = str(page.get("labels") or "").splitlines()
        return Content(
            title=page["title"],
            body="\n".join(str(block["value"]) for block in page.get("body") or () if block["type"] == "html"),
            summary=page["meta"].get("search_description") or "" if "summary" in fields else None,
            labels=tuple(label for label in labels if label) if "labels" in fields else None,
            position=int(page.get("position") or 0) if "position" in fields else None,
            is_outdated=bool(page.get("is_outdated")) if "is_outdated" in fields else None,
        )

    def _pending(self, page: Mapping[str, Any]) -> str:
        draft = self._page(page["id"], version="draft") or {}
        return fingerprint({name: value for name, value in draft.items() if name not in _VOLATILE})


class WagtailWriter(WagtailReader):
    """Changes pages."""

    def create(self, blank: Blank) -> Remote:
        data = {
            "uid": str(Name(blank.scope.brand, blank.kind, blank.key)),
            "title": blank.title,
            "slug": plain_slug(blank.slug),
        }
        above = self._number(blank.parent) if blank.parent else self._home(blank.scope)
        page = self._translation(blank, above, data) if blank.group else None
        if page is None:
            page = self._store(
                "POST", "/pages/", {**data, "meta": {"type": self._type(blank.kind), "parent_id": above}}
            )
        return self._remote(page, blank.scope)

    def _translation(self, blank: Blank, above: int, data: dict[str, Any]) -> dict[str, Any] | None:
        """An empty translation of what has the group's name; None where nothing has it any more."""
        code = self._code(blank.scope.locale)
        if self._app:
            try:
                more = {"group": blank.group, "parent_id": above, "locale": code}
                return self._store("POST", "/hc/translations/", {**data, **more})
            except Refused as error:
                if error.status != 404:
                    raise
                return None
        source = self._source(blank, code)
        if source is None:
            return None
        copied = self._send("POST", f"/pages/{source}/actions/copy_for_translation/", {"locale": code}).json()
        if (copied["meta"]["parent"] or {}).get("id") != above:
            self._move(copied["id"], above)
        return self._store("PATCH", f"/pages/{copied['id']}/", {**self._values(Content(""), blank.kind), **data})

    def write(self, remote: Remote, content: Content, parent: str, slug: str) -> None:
        number = self._number(remote.id)
        if parent != remote.parent:
            scope = Scope(remote.brand, remote.locale)
            self._move(number, self._number(parent) if parent else self._home(scope))
        is_seen = content.state is State.PUBLISHED
        if not is_seen and remote.content.state is State.PUBLISHED:
            self._unpublish(number)
        data = self._values(content, remote.kind)
        data["uid"] = str(Name(remote.brand, remote.kind, remote.marker)) if remote.marker else ""
        if slug and remote.slug not in (plain_slug(slug), own_slug(slug, data["uid"])):
            data["slug"] = plain_slug(slug)
        # All fields: a draft of a person's would go live with the few that we send.
        self._store("PATCH", f"/pages/{number}/", {**data, "meta": {"action": "publish"} if is_seen else {}})

    def archive(self, remote: Remote) -> None:
        number = self._number(remote.id)
        self._unpublish(number)
        uid = f"{_GONE}{Name(remote.brand, remote.kind, remote.marker)}"
        self._store("PATCH", f"/pages/{number}/", {"uid": uid})

    def restore(self, remote: Remote) -> Remote:
        self.write(remote, remote.content, remote.parent, remote.slug)
        found = self.read(remote.id)
        if found is None:
            raise Refused(f"the page {remote.id} is gone from {self.target.url}", status=404)
        return found

    def upload(self, asset: Asset, file: Path, owner: Remote | None, scope: Scope) -> RemoteAsset:
        path = f"{self._api}/hc/files/{asset.digest}/{quote(asset.name, safe='')}/"
        answer = self.wire.send("PUT", path, content=file.read_bytes(), headers={"content-type": asset.media_type})
        return _asset(_said(answer).json())

    def redirect(self, rule: Redirect) -> None:
        home = self._home(Scope(rule.brand, rule.locale))
        self._send("PUT", "/hc/redirects/", {"root": home, "source": rule.source, "target": rule.target})

    def _values(self, content: Content, kind: Kind) -> dict[str, Any]:
        """The fields of a page, as far as its type has them."""
        values: dict[str, Any] = {
            "title": content.title,
            "search_description": content.summary or "",
            "body": [{"type": "html", "value": content.body}] if content.body else [],
            "labels": "\n".join(content.labels or ()),
            "position": content.position or 0,
            "is_outdated": bool(content.is_outdated),
        }
        return {name: value for name, value in values.items() if name in self._fields(self._type(kind))}

    def _source(self, blank: Blank, code: str) -> int | None:
        """The page to make a translation of, archived ones last; None where there is none."""
        for uid in (blank.group, _GONE + blank.group):
            items = self._pages("/pages/", type=self._type(blank.kind), uid=uid)
            found = [int(one["id"]) for one in items if one["meta"]["locale"] != code]
            if found:
                return min(found)
        return None

    def _store(self, method: str, path: str, data: dict[str, Any]) -> dict[str, Any]:
        """Sends a page; one whose slug another page has gets a slug of its own."""
        try:
            answer = self._send(method, path, data)
        except Refused as error:
            if error.status != 422 or "'slug'" not in error.text.replace('"', "'") or "slug" not in data:
                raise
            answer = self._send(method, path, {**data, "slug": own_slug(data["slug"], data["uid"])})
        return dict(answer.json())

    def _move(self, number: int, above: int) -> None:
        data = {"destination_id": above, "position": "last-child"}
        self._send("POST", f"/pages/{number}/actions/move/", data, repeats=True)

    def _unpublish(self, number: int) -> None:
        self._send("POST", f"/pages/{number}/actions/unpublish/", {"recursive": False}, repeats=True)

    def _send(self, method: str, path: str, data: dict[str, Any], repeats: bool | None = None) -> Answer:
        return _said(self.wire.send(method, f"{self._api}{path}", json=data, repeats=repeats))

    def _type(self, kind: Kind) -> str:
        return self._types["article" if kind is Kind.ARTICLE else "folder"]

    @staticmethod
    def _number(id: str) -> int:
        return int(id.rpartition(":")[2])


def _said(answer: Answer | None) -> Answer:
    assert answer is not None, "only a request that may miss has no answer"
    return answer


def _asset(file: Mapping[str, Any]) -> RemoteAsset:
    return RemoteAsset(file["digest"], file["url"], file["digest"], file["name"])
