"""Zendesk Guide: help centers of one account's brands, read. `zendesk_writer.py` holds what writes. Knows no plan.

An article is one thing with translations; each of them is a `Remote`, and the one in the source language carries what
all share: section, labels, position, audience. Source: the vendor's Help Center API reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from hcgen.model.target import Target
from hcgen.publish.allowlist import AllowList, Marked, losses, undisguised, unmark
from hcgen.publish.oauth import Bearer, ClientCredentials
from hcgen.publish.port import Capabilities
from hcgen.publish.values import Content, Kind, Loss, Remote, RemoteAsset, Scope, State
from hcgen.publish.wire import Answer, Auth, Refused, TargetError, Wire
from hcgen.text import closest

if TYPE_CHECKING:
    from hcgen.publish.providers.zendesk_writer import ZendeskWriter

API = "/api/v2/help_center"
PLURAL = {Kind.CATEGORY: "categories", Kind.SECTION: "sections", Kind.ARTICLE: "articles"}
_KIND = {plural: kind for kind, plural in PLURAL.items()}
_CHOICES = {
    "permission_group": ("/api/v2/guide/permission_groups", "permission_groups"),
    "internal_segment": (f"{API}/user_segments", "user_segments"),
}
_PAGE = 100
_FILE = 20 * 1024 * 1024
GONE, BLANK = "gone", "blank"
_SCOPE = "hc:read hc:write"
_BLOCKS = (
    "An article that people wrote in Zendesk may hold content blocks; a write replaces them by their text. "
    "Look for blocks in the articles named here before you apply."
)
ALLOWED = AllowList(
    tags=frozenset((
        "a", "abbr", "address", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "dfn",
        "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "iframe", "img",
        "ins", "kbd", "li", "ol", "p", "pre", "samp", "small", "source", "span", "strong", "sub", "sup", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "track", "ul", "var", "video",
    )),
    attributes={
        "a": frozenset(("href", "target", "name", "rel")),
        "img": frozenset(("src", "alt", "width", "height")),
        "iframe": frozenset(("src", "width", "height", "allowfullscreen", "frameborder", "allow")),
        "video": frozenset(("src", "width", "height", "controls", "poster", "preload", "loop", "muted")),
        "source": frozenset(("src", "type")),
        "track": frozenset(("src", "kind", "srclang", "label", "default")),
        "ol": frozenset(("start", "type", "reversed")),
        "li": frozenset(("value",)),
        "col": frozenset(("span",)),
        "colgroup": frozenset(("span",)),
        "td": frozenset(("colspan", "rowspan", "headers")),
        "th": frozenset(("colspan", "rowspan", "headers", "scope", "abbr")),
        "table": frozenset(("border", "cellpadding", "cellspacing", "width")),
        "blockquote": frozenset(("cite",)),
        "del": frozenset(("cite", "datetime")),
        "ins": frozenset(("cite", "datetime")),
    },
    schemes=frozenset(("http", "https", "mailto", "ftp", "sftp", "sms", "tel")),
    styles=frozenset((
        "background-color", "border", "border-collapse", "color", "float", "height", "margin", "padding", "text-align",
        "vertical-align", "width",
    )),
)  # fmt: skip
"""Source: "Allowing unsafe HTML in help center articles", the vendor's help center."""


def reader(target: Target, wire: Wire) -> ZendeskReader:
    """Looks into the help centers of `target`."""
    return ZendeskReader(target, wire)


def writer(target: Target, wire: Wire) -> ZendeskWriter:
    """Looks and writes."""
    from hcgen.publish.providers.zendesk_writer import ZendeskWriter

    return ZendeskWriter(target, wire)


class Place(Struct, frozen=True):
    """Where a translation stands over there; its text is the id of a `Remote`."""

    brand: str
    kind: Kind
    number: str
    locale: str
    """Ours."""

    def __str__(self) -> str:
        return f"{self.brand}/{PLURAL[self.kind]}/{self.number}/{self.locale}"

    @property
    def scope(self) -> Scope:
        return Scope(self.brand, self.locale)

    @property
    def path(self) -> str:
        """Of all its translations together, below the API's root."""
        return f"{API}/{PLURAL[self.kind]}/{self.number}"


def place_of(id: str) -> Place | None:
    """The place that an id names."""
    parts = id.split("/")
    if len(parts) != 4 or parts[1] not in _KIND or not parts[2].isdigit():
        return None
    return Place(parts[0], _KIND[parts[1]], parts[2], parts[3])


class ZendeskReader:
    """Sees what stands in the help centers."""

    def __init__(self, target: Target, wire: Wire) -> None:
        self.target, self.wire = target, wire
        wire.auth = wire.auth or _auth(target, wire)
        self.capabilities = Capabilities(
            holders=frozenset((Kind.SECTION.value,)),
            depth=99 if target.options.get("nested_sections", True) else 2,
            fields=frozenset(("title", "body", "labels", "position", "is_internal", "is_outdated")),
            shared=frozenset(("labels", "position", "is_internal", "parent")),
            creates_groups=True,
            needs_group=True,
            asset_limit=_FILE,
            asset_owner=True,
            asset_reach="locale",
            redirects=True,
            caution=_BLOCKS,
        )
        self.categories: dict[tuple[str, str], str] = {}
        """The category of each section seen, by brand and number."""

    # What the port asks -------------------------------------------------------------------------------------------

    def troubles(self, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
        found = []
        where = f"{self.target.path}:{self.target.line}"
        for brand in dict.fromkeys(scope.brand for scope in scopes):
            needed = ["permission_group", "internal_segment"] if self.target.is_internal else ["permission_group"]
            for name in needed:
                if not str(self.option(brand, name) or "").isdigit():
                    found.append(f"{brand}: name the `{name}` in {where}{self._choices(brand, name)}")
            enabled = self._enabled(brand)
            for scope in scopes:
                code = self.code(scope.locale)
                if scope.brand == brand and enabled and code not in enabled:
                    near = closest(code, enabled) or min((one for one in enabled if one[:2] == code[:2]), default="")
                    remedy = f"map it, `{scope.locale}: {near}` below `locales:` in {where}, or " if near else ""
                    found.append(f"{brand}: the language {code!r} is not enabled in Guide; {remedy}enable it there")
        return tuple(found)

    def _enabled(self, brand: str) -> frozenset[str]:
        """The languages of a help center; none where it does not say: what is wrong then shows when it is written."""
        answer = self.wire.get(self.address(brand, f"{API}/locales"), missing=True)
        given = _object(answer, "locales") if answer else {}
        return frozenset(norm(code) for code in given.get("locales") or ())

    def _choices(self, brand: str, name: str) -> str:
        """What an option may be, where the API says so."""
        path, rows = _CHOICES[name]
        try:
            named = [f"{row['id']} ({row.get('name')})" for row in self.get(brand, path).get(rows) or ()]
        except TargetError:
            return ""
        return f": one of {', '.join(named)}" if named else ""

    def listing(self, scope: Scope) -> Iterator[Remote]:
        yield from self._folders(scope)
        for row in self.rows(scope, Kind.ARTICLE):
            remote = self.article(row, scope)
            if remote:
                yield remote

    def read(self, id: str) -> Remote | None:
        place = place_of(id)
        if place is None:
            return None
        path = f"{API}/{self.code(place.locale)}/{PLURAL[place.kind]}/{place.number}"
        answer = self.wire.get(self.address(place.brand, path), missing=True)
        row = answer.json().get(place.kind.value) if answer else None
        if not row or norm(row.get("locale") or self.code(place.locale)) != self.code(place.locale):
            return None
        return self.article(row, place.scope) if place.kind is Kind.ARTICLE else self.folder(row, place.scope)

    def assets(self, scope: Scope) -> Iterator[RemoteAsset]:
        for row in self.rows(scope, Kind.ARTICLE):
            remote = self.article(row, scope)
            if remote and remote.marker:
                yield from self.files_of(remote)

    def files_of(self, owner: Remote) -> Iterator[RemoteAsset]:
        """The files of ours that belong to one translation."""
        path = f"{API}/articles/{owner.group}/attachments"
        for row in self.pages(owner.brand, path, "article_attachments", missing=True):
            asset = self.asset(owner.brand, row)
            if asset.digest and norm(row.get("locale") or "") == self.code(owner.locale):
                yield asset

    def losses(self, body: str) -> tuple[Loss, ...]:
        return losses(body, ALLOWED)

    # Rows to values -----------------------------------------------------------------------------------------------

    def rows(self, scope: Scope, kind: Kind) -> Iterator[Mapping[str, Any]]:
        """What has a translation in the language of `scope`."""
        code = self.code(scope.locale)
        for row in self.pages(scope.brand, f"{API}/{code}/{PLURAL[kind]}", PLURAL[kind]):
            if norm(row.get("locale") or code) == code:
                yield row

    def _folders(self, scope: Scope) -> Iterator[Remote]:
        for row in self.rows(scope, Kind.CATEGORY):
            yield self.folder(row, scope)
        waiting = list(self.rows(scope, Kind.SECTION))
        seen: set[str] = set()
        listed = {str(row["id"]) for row in waiting}
        while waiting:
            # A section comes after the one that it stands in, where that one has this language.
            ready = [row for row in waiting if _above(row) in seen or _above(row) not in listed]
            for row in ready or waiting:
                seen.add(str(row["id"]))
                yield self.folder(row, scope)
            waiting = [row for row in waiting if str(row["id"]) not in seen]

    def folder(self, row: Mapping[str, Any], scope: Scope) -> Remote:
        """A category or section in one language."""
        kind = Kind.SECTION if "category_id" in row else Kind.CATEGORY
        place = Place(scope.brand, kind, str(row["id"]), scope.locale)
        if kind is Kind.SECTION:
            self.categories[scope.brand, place.number] = str(row["category_id"])
        parent = ""
        if kind is Kind.SECTION:
            above = (Kind.SECTION, _above(row)) if _above(row) else (Kind.CATEGORY, str(row["category_id"]))
            parent = str(Place(scope.brand, *above, scope.locale))
        text = unmark(row.get("description") or "")
        content = Content(
            title=row.get("name") or "",
            body=folder_html(text.body),
            labels=(),
            position=int(row.get("position") or 0),
            is_internal=False,
            is_outdated=bool(row.get("outdated")),
            # Folders are never drafts; one that we have not filled yet says so.
            state=State.DRAFT if text.state == BLANK else State.PUBLISHED,
        )
        return self._remote(place, row, content, text, parent, {})

    def article(self, row: Mapping[str, Any], scope: Scope) -> Remote | None:
        """An article in one language; None where we took that translation out of sight."""
        text = unmark(row.get("body") or "")
        if text.state == GONE:
            return None
        place = Place(scope.brand, Kind.ARTICLE, str(row["id"]), scope.locale)
        segments = row.get("user_segment_ids") or [row.get("user_segment_id")]
        content = Content(
            title=row.get("title") or "",
            body=undisguised(text.body),
            labels=tuple(sorted(row.get("label_names") or ())),
            position=int(row.get("position") or 0),
            is_internal=segments != [self.option(scope.brand, "segment") or None],
            is_outdated=self.code(scope.locale) in {norm(code) for code in row.get("outdated_locales") or ()},
            state=State.DRAFT if row.get("draft") else State.PUBLISHED,
        )
        kept = ("permission_group_id", "promoted", "comments_disabled", "content_tag_ids", "author_id")
        raw = {name: row[name] for name in kept if row.get(name) is not None}
        parent = str(Place(scope.brand, Kind.SECTION, str(row.get("section_id")), scope.locale))
        return self._remote(place, row, content, text, parent, {**raw, "user_segment_id": segments[0]})

    def _remote(
        self, place: Place, row: Mapping[str, Any], content: Content, text: Marked, parent: str, raw: Mapping[str, Any]
    ) -> Remote:
        code, stands = self.code(place.locale), parent
        if norm(row.get("source_locale") or code) != code:
            content, parent = replace(content, labels=None, position=None, is_internal=None), ""
        return Remote(
            id=str(place),
            kind=place.kind,
            brand=place.brand,
            locale=place.locale,
            content=content,
            marker=self.key(text.name, place.scope),
            group=place.number,
            parent=parent,
            url=self.public(place),
            edited_at=str(row.get("edited_at") or row.get("updated_at") or ""),
            raw={"name": text.name, "state": text.state, "parent": stands, **raw},
        )

    def key(self, name: str, scope: Scope) -> str:
        """The key of a marker; "" where it was made for another brand or language: people copy texts."""
        start = f"{scope.brand}/{scope.locale}/"
        return name.removeprefix(start) if name.startswith(start) else ""

    def public(self, place: Place) -> str:
        """The address of the page, without the words of its title: those change, and the page is found without."""
        base = str(self.option(place.brand, "public_url") or self.base(place.brand)).rstrip("/")
        return f"{base}/hc/{self.code(place.locale)}/{PLURAL[place.kind]}/{place.number}"

    def asset(self, brand: str, row: Mapping[str, Any]) -> RemoteAsset:
        """A file that belongs to an article. Its name ends with its digest where it is ours."""
        name = str(row.get("file_name") or "")
        mine = name.rpartition(".")[0] if "." in name else name
        digest = mine.rpartition("-")[2]
        is_ours = len(digest) == 32 and not set(digest) - set("0123456789abcdef")
        url = str(row["content_url"])
        url = url if "://" in url else self.base(brand) + url
        return RemoteAsset(f"{brand}/attachments/{row['id']}", url, digest if is_ours else "", name)

    # The way there ------------------------------------------------------------------------------------------------

    def option(self, brand: str, name: str) -> Any:
        """An option of the brand, else of the target."""
        own = self.target.brand_options.get(brand, {})
        return own[name] if name in own else self.target.options.get(name)

    def base(self, brand: str) -> str:
        """The brand's host."""
        return str(self.option(brand, "url") or self.target.url).rstrip("/")

    def address(self, brand: str, path: str) -> str:
        return self.base(brand) + path

    def code(self, locale: str) -> str:
        """The target's code of a language of ours."""
        return norm(self.target.locales.get(locale, locale))

    def get(self, brand: str, path: str, **params: Any) -> dict[str, Any]:
        """The JSON object that a brand answers with."""
        return _object(said(self.wire.get(self.address(brand, path), **params)), path)

    def pages(
        self, brand: str, path: str, name: str, *, size: int = _PAGE, missing: bool = False, **query: Any
    ) -> Iterator[Mapping[str, Any]]:
        """All rows of a listing, by cursor; with `missing` none where its owner is gone."""
        params: dict[str, Any] | None = {"page[size]": size, **query}
        while params:
            found = self.wire.get(self.address(brand, path), missing=missing, **params)
            if found is None:
                return
            answer = _object(found, path)
            yield from answer.get(name) or ()
            params = _following(answer, params)


def _object(answer: Answer, path: str) -> dict[str, Any]:
    given = answer.json()
    if not isinstance(given, dict):
        raise Refused(f"GET {path}: the answer is no object", remedy="Check the address of the target.")
    return given


def _following(answer: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any] | None:
    """What to ask for the next page. Of its address the query counts alone: we go nowhere that we are sent."""
    meta, links = answer.get("meta") or {}, answer.get("links") or {}
    following = links.get("next") or answer.get("next_page")
    if meta and not meta.get("has_more"):
        return None
    if following:
        return dict(parse_qsl(urlsplit(following).query))
    return {**params, "page[after]": meta["after_cursor"]} if meta.get("after_cursor") else None


def _auth(target: Target, wire: Wire) -> Auth:
    """A token that is given, else client credentials of the account."""
    if "token" in target.secrets:
        return Bearer(lambda: wire.secret("token"))

    def client() -> str:
        return str(target.options.get("client_id") or wire.secret("client_id"))

    return ClientCredentials(
        f"{target.url.rstrip('/')}/oauth/tokens", client, lambda: wire.secret("client_secret"), _SCOPE
    )


def _above(row: Mapping[str, Any]) -> str:
    """The section that a section stands in, "" for none."""
    return str(row.get("parent_section_id") or "")


def folder_html(description: str) -> str:
    """A folder's description, which people write as plain text, as a paragraph."""
    return f"<p>{description}</p>" if description and "<" not in description else description


def norm(code: object) -> str:
    """A code of a language as the API writes it: `pt-br`."""
    return str(code).lower().replace("_", "-")


def said(answer: Answer | None) -> Answer:
    """An answer that is no miss."""
    if answer is None:
        raise TargetError("what was asked for is not there")
    return answer
