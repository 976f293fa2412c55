"""A CMS of one's own: a JSON API described in a small file (`options: {mapping: cms.yml}`), docs/publishing-http.md.

Knows no CMS. The mapping says where things are, how they are called there, and which of them there are; what it does
not name the target does not hold.
"""

from __future__ import annotations

import html.parser
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urljoin

import msgspec
from msgspec import Struct

from hcgen.errors import ProjectError
from hcgen.model.target import Target
from hcgen.publish.port import Blank, Capabilities
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
from hcgen.publish.wire import Refused, Wire

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w-]*)\}")
_CONTENT: Mapping[str, Any] = {
    "title": "", "body": "", "summary": "", "labels": [], "position": 0, "is_internal": False, "is_outdated": False,
}  # fmt: skip
"""The fields of a content, and what stands for a null in one."""
_NEEDED = ("id", "brand", "locale", "kind", "state", "marker", "title", "body")


class Call(Struct, frozen=True, forbid_unknown_fields=True):
    """One request. `items` and `next` are paths into the answer of a listing; `answer` is where a document stands in
    the answer of a write ("" for all of it, None where the answer holds none)."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = {}
    items: str = ""
    next: str = ""
    answer: str | None = None
    body: Mapping[str, Any] | None = None
    file: str = "file"
    form: Mapping[str, str] = {}
    code: str = ""


class Documents(Struct, frozen=True, forbid_unknown_fields=True):
    """Folders and articles: names of fields, names of values, requests."""

    fields: Mapping[str, str]
    list: Call
    read: Call
    create: Call
    write: Call
    archive: Call
    values: Mapping[str, Mapping[str, Any]] = {}
    restore: Call | None = None


class Files(Struct, frozen=True, forbid_unknown_fields=True):
    """Pictures and attachments."""

    limit: int
    fields: Mapping[str, str]
    list: Call
    upload: Call
    reach: Literal["locale", "brand", "target"] = "locale"


class Drops(Struct, frozen=True, forbid_unknown_fields=True):
    """What its sanitiser takes out of bodies; `*` stands for any letters."""

    elements: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


class CmsMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    documents: Documents
    headers: Mapping[str, str] = {}
    kinds: tuple[Kind, ...] = tuple(Kind)
    holders: tuple[str, ...] = ("", "category", "section")
    depth: int = 99
    files: Files | None = None
    redirect: Call | None = None
    languages: Call | None = None
    drops: Drops = Drops()


def reader(target: Target, wire: Wire) -> HttpReader:
    """Looks."""
    return HttpReader(target, wire)


def writer(target: Target, wire: Wire) -> HttpWriter:
    """Looks and writes."""
    return HttpWriter(target, wire)


class _Auth:
    """Headers of the mapping, with secrets in them."""

    def __init__(self, headers: Mapping[str, str], secret: Callable[[str], str]) -> None:
        self._headers, self._secret = headers, secret

    def headers(self) -> Mapping[str, str]:
        return {
            name: _PLACEHOLDER.sub(lambda match: self._secret(match[1]), value) for name, value in self._headers.items()
        }

    def renew(self) -> bool:
        return False


class HttpReader:
    """Sees what the API shows."""

    def __init__(self, target: Target, wire: Wire) -> None:
        self.target, self.wire, self.mapping = target, wire, _mapping_of(target)
        wire.auth = _Auth(self.mapping.headers, wire.secret)
        documents = self.mapping.documents
        self.fields = documents.fields
        self._theirs = {name: dict(values) for name, values in documents.values.items()}
        self._theirs["locale"] = {**self._theirs.get("locale", {}), **target.locales}
        self._ours = {name: {str(value): one for one, value in values.items()} for name, values in self._theirs.items()}

    @property
    def capabilities(self) -> Capabilities:
        files = self.mapping.files
        return Capabilities(
            kinds=frozenset(self.mapping.kinds),
            holders=frozenset(self.mapping.holders),
            depth=self.mapping.depth,
            fields=frozenset(_CONTENT.keys() & self.fields.keys()),
            asset_limit=files.limit if files else 0,
            asset_reach=files.reach if files else "locale",
            redirects=self.mapping.redirect is not None,
            restores=self.mapping.documents.restore is not None,
        )

    def troubles(self, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
        call = self.mapping.languages
        if call is None:
            return ()
        enabled = {str(_at(one, call.code)) for one in self._all(call, {})}
        wanted = dict.fromkeys(self._name("locale", one.locale) for one in scopes)
        return tuple(
            f"the language {code!r} is not enabled at {self.target.url}; enable it there, or leave it out of `locales`"
            for code in wanted
            if code not in enabled
        )

    def listing(self, scope: Scope) -> Iterator[Remote]:
        found = [self._remote(one) for one in self._all(self.mapping.documents.list, self._names(scope))]
        parents = {one.id: one.parent for one in found}

        def depth(one: Remote) -> int:
            above, at = 0, one.parent
            while at in parents and above < len(parents):
                above, at = above + 1, parents[at]
            return above

        shown = [one for one in found if one.content.state is not State.ARCHIVED]
        yield from sorted(shown, key=lambda one: (one.kind is Kind.ARTICLE, depth(one)))

    def read(self, id: str) -> Remote | None:
        call = self.mapping.documents.read
        answer = self.wire.get(_filled(call.path, {"id": id}, quoted=True), missing=True)
        return self._remote(_at(answer.json(), call.answer or "")) if answer else None

    def assets(self, scope: Scope) -> Iterator[RemoteAsset]:
        files = self.mapping.files
        for one in self._all(files.list, self._names(scope)) if files else ():
            yield self._asset(one)

    def losses(self, body: str) -> tuple[Loss, ...]:
        counter = _Counter(self.mapping.drops)
        counter.feed(body)
        counter.close()
        return tuple(Loss(what, count) for what, count in sorted(counter.found.items()))

    # Values -------------------------------------------------------------------------------------------------------

    def _name(self, field: str, value: str) -> Any:
        return self._theirs.get(field, {}).get(value, value)

    def _names(self, scope: Scope) -> dict[str, Any]:
        return {"brand": self._name("brand", scope.brand), "locale": self._name("locale", scope.locale)}

    def _all(self, call: Call, names: Mapping[str, Any]) -> Iterator[Any]:
        """All items of a listing, page by page."""
        path: str | None = _filled(call.path, names, quoted=True)
        while path:
            answer = self.wire.get(path)
            value = answer.json() if answer else None
            yield from _at(value, call.items) or ()
            following = _at(value, call.next) if call.next else None
            path = urljoin(f"{self.wire.base}{path}", str(following)) if following else None
            if path is not None:
                path = path.removeprefix(self.wire.base)

    def _remote(self, document: Any) -> Remote:
        def get(field: str) -> Any:
            return _at(document, self.fields[field]) if field in self.fields else None

        def ours(field: str) -> str:
            value = "" if get(field) is None else str(get(field))
            return self._ours.get(field, {}).get(value, value)

        kept = {
            name: (default if get(name) is None else get(name)) if name in self.fields else None
            for name, default in _CONTENT.items()
        }
        if kept["labels"] is not None:
            kept["labels"] = sorted(map(str, kept["labels"]))
        pending = get("pending")
        try:
            return Remote(
                id=str(get("id")), kind=Kind(ours("kind")), brand=ours("brand"), locale=ours("locale"),
                content=msgspec.convert({**kept, "state": ours("state")}, Content), marker=ours("marker"),
                group=ours("group"), parent=ours("parent"), slug=ours("slug"), url=ours("url"),
                edited_at=ours("edited_at"), edited_by=ours("edited_by"),
                pending=fingerprint(pending) if pending else "", raw={"version": get("version")},
            )  # fmt: skip
        except (ValueError, msgspec.ValidationError) as error:
            remedy = "Correct `documents: values:` of the mapping, so that it names every value of the API."
            raise Refused(f"document {get('id')!r} does not fit the mapping: {error}", remedy=remedy) from error

    def _asset(self, value: Any) -> RemoteAsset:
        assert self.mapping.files
        fields = self.mapping.files.fields
        found = {name: str(_at(value, fields[name]) or "") if name in fields else "" for name in _FILE}
        return RemoteAsset(**{**found, "url": urljoin(f"{self.wire.base}/", found["url"])})


_FILE = ("id", "url", "digest", "name")


class HttpWriter(HttpReader):
    """Writes through the API."""

    def create(self, blank: Blank) -> Remote:
        content = msgspec.structs.replace(blank.content, title=blank.title, body="", state=State.DRAFT)
        given = {
            "brand": blank.scope.brand, "locale": blank.scope.locale, "kind": blank.kind, "marker": blank.key,
            "group": blank.group or None, "parent": blank.parent, "slug": blank.slug,
        }  # fmt: skip
        call = self.mapping.documents.create
        made = self._send(call, {}, self._document({key: value for key, value in given.items() if value is not None},
                                                   content))  # fmt: skip
        return self._remote(_at(made, call.answer or ""))

    def write(self, remote: Remote, content: Content, parent: str, slug: str) -> Remote | None:
        call = self.mapping.documents.write
        given = {
            "brand": remote.brand, "locale": remote.locale, "kind": remote.kind, "marker": remote.marker,
            "group": remote.group, "parent": parent, "slug": slug or remote.slug,
        }  # fmt: skip
        answer = self._send(call, self._known(remote), self._document(given, content))
        return None if call.answer is None else self._remote(_at(answer, call.answer))

    def archive(self, remote: Remote) -> None:
        self._send(self.mapping.documents.archive, self._known(remote), None)

    def restore(self, remote: Remote) -> Remote:
        call = self.mapping.documents.restore
        if call is None:
            scope = Scope(remote.brand, remote.locale)
            blank = Blank(scope, remote.kind, remote.marker, remote.content.title, remote.slug, remote.parent,
                          remote.group, remote.content)  # fmt: skip
            back = self.create(blank)
        else:
            self._send(call, self._known(remote), None)
            back = self._existing(remote.id)
        self.write(back, remote.content, remote.parent, remote.slug)
        return self._existing(back.id)

    def upload(self, asset: Asset, file: Path, owner: Remote | None, scope: Scope) -> RemoteAsset:
        assert self.mapping.files
        call = self.mapping.files.upload
        names = {**self._names(scope), "digest": asset.digest, "name": asset.name}
        answer = self.wire.send(
            call.method, _filled(call.path, names, quoted=True), headers=self._headers(call, names),
            files={call.file: (asset.name, file.read_bytes(), asset.media_type)},
            data={name: _filled(value, names) for name, value in call.form.items()},
        )  # fmt: skip
        found = self._asset(_at(answer.json() if answer else None, call.answer or ""))
        return found if found.digest else msgspec.structs.replace(found, digest=asset.digest)

    def redirect(self, rule: Redirect) -> None:
        call = self.mapping.redirect
        assert call
        names = {**self._names(Scope(rule.brand, rule.locale)), "source": rule.source, "target": rule.target}
        self._send(call, names, None)

    def _existing(self, id: str) -> Remote:
        found = self.read(id)
        if found is None:
            raise Refused(f"{id} is not there", status=404)
        return found

    def _known(self, remote: Remote) -> dict[str, Any]:
        names = self._names(Scope(remote.brand, remote.locale))
        return {**names, "id": remote.id, "group": remote.group, "slug": remote.slug, **remote.raw}

    def _document(self, given: Mapping[str, Any], content: Content) -> dict[str, Any]:
        """All fields as the API names them."""
        found: dict[str, Any] = {}
        values = {**given, **msgspec.to_builtins(content)}
        for name, value in values.items():
            if name in self.fields and value is not None:
                _put(found, self.fields[name], self._name(name, value) if isinstance(value, str) else value)
        return found

    def _send(self, call: Call, names: Mapping[str, Any], document: Mapping[str, Any] | None) -> Any:
        body = document
        if call.body is not None:
            body = {key: _filled(one, names) if isinstance(one, str) else one for key, one in call.body.items()}
        answer = self.wire.send(
            call.method, _filled(call.path, names, quoted=True), json=body, headers=self._headers(call, names)
        )
        return answer.json() if answer and call.answer is not None else None

    def _headers(self, call: Call, names: Mapping[str, Any]) -> dict[str, str]:
        return {name: _filled(value, names) for name, value in call.headers.items()}


class _Counter(html.parser.HTMLParser):
    """Counts what goes."""

    def __init__(self, drops: Drops) -> None:
        super().__init__()
        self.drops, self.found = drops, Counter[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update([f"<{tag}>"] if any(fnmatch(tag, one) for one in self.drops.elements) else [])
        self.found.update(name for name, _ in attrs if any(fnmatch(name, one) for one in self.drops.attributes))


def _mapping_of(target: Target) -> CmsMapping:
    where = f"{target.path}:{target.line}"
    remedy = "docs/publishing-http.md describes the file that `options: {mapping: cms.yml}` names."
    try:
        found = msgspec.convert(target.options.get("mapping"), CmsMapping)
    except msgspec.ValidationError as error:
        raise ProjectError(f"the mapping of {target.name!r} is wrong: {error}", where=where, remedy=remedy) from None
    missing = [name for name in _NEEDED if name not in found.documents.fields]
    if missing:
        what = f"the mapping of {target.name!r} misses fields of documents: {', '.join(missing)}"
        raise ProjectError(what, where=where, remedy=remedy)
    return found


def _filled(template: str, names: Mapping[str, Any], *, quoted: bool = False) -> str:
    """A template with its placeholders filled; one that nobody knows stays."""

    def put(match: re.Match[str]) -> str:
        if match[1] not in names or names[match[1]] is None:
            return match[0]
        value = str(names[match[1]])
        return quote(value, safe="") if quoted else value

    return _PLACEHOLDER.sub(put, template)


def _at(value: Any, path: str) -> Any:
    """What stands at a path such as `meta.key`; None where nothing does."""
    for part in path.split(".") if path else ():
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    for part in outer:
        document = document.setdefault(part, {})
    document[last] = value
