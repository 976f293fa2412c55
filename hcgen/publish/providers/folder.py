"""A target that is a folder: one JSON file a translation. The reference of the port, and a place to try publishing out.

Files are replaced by rename, so that several processes may work in it. `log.jsonl` has a line for every write.
Knows no plan and no ledger. Options, all of them for trying out what CMSs do:

| option | meaning |
|---|---|
| `address` | what public addresses begin with; without it they are those of the files |
| `enabled` | the target's languages; without it all |
| `fields`, `shared` | of `Content`; `shared` may name `parent` |
| `kinds`, `holders`, `depth`, `needs_group`, `creates_groups` | as in `Capabilities` |
| `sanitises` | whether scripts, handlers and styles are taken out of bodies |
| `asset_limit`, `asset_owner`, `asset_reach`, `redirects`, `restores` | as in `Capabilities` |
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from msgspec import DecodeError, convert, to_builtins
from msgspec import json as _json
from msgspec.structs import replace

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
from hcgen.text import canonical_json, digest, slug

_DEFAULTS: dict[str, Any] = {
    "kinds": [kind.value for kind in Kind],
    "holders": ["", "category", "section"],
    "depth": 99,
    "fields": ["title", "body", "summary", "labels", "position", "is_internal", "is_outdated"],
    "shared": [],
    "needs_group": False,
    "creates_groups": False,
    "asset_limit": 20_000_000,
    "asset_owner": False,
    "asset_reach": "locale",
    "redirects": True,
    "restores": True,
}
_GROUP = 8
"""Characters of a group's name."""
_DROPPED = (
    ("script", re.compile(r"<script\b.*?</script\s*>", re.I | re.S)),
    ("style", re.compile(r"""\sstyle\s*=\s*("[^"]*"|'[^']*')""", re.I)),
    ("on…", re.compile(r"""\son[a-z]+\s*=\s*("[^"]*"|'[^']*')""", re.I)),
)


def reader(target: Target, wire: Wire) -> FolderReader:
    """Looks into the folder that `url` names, relative to the project."""
    return FolderReader(target)


def writer(target: Target, wire: Wire) -> FolderWriter:
    """Looks and writes."""
    return FolderWriter(target)


class FolderReader:
    """Sees what is in the folder."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.root = (target.root / target.url.removeprefix("file://")).absolute()
        self.items, self.files, self.rules = self.root / "items", self.root / "files", self.root / "redirects"
        self._options = {**_DEFAULTS, **target.options}
        named = {name: self._options[name] for name in _DEFAULTS}
        self.capabilities: Capabilities = convert(named, Capabilities)
        self._theirs = dict(target.locales)
        self._ours = {theirs: ours for ours, theirs in target.locales.items()}

    def troubles(self, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
        enabled = self._options.get("enabled")
        if enabled is None:
            return ()
        wanted = dict.fromkeys(self._theirs.get(one.locale, one.locale) for one in scopes)
        return tuple(
            f"the language {code!r} is not enabled in {self.target.url}; name it in `enabled`"
            for code in wanted
            if code not in enabled
        )

    def listing(self, scope: Scope) -> Iterator[Remote]:
        stored = [one for one in self._stored() if (one["brand"], one["locale"]) == (scope.brand, self._code(scope))]
        stored = [one for one in stored if one["state"] != State.ARCHIVED]
        parents = {one["id"]: one["parent"] for one in stored}

        def depth(one: Mapping[str, Any]) -> int:
            above, at = 0, one["parent"]
            while at:
                above, at = above + 1, parents.get(at, "")
            return above

        for one in sorted(stored, key=lambda one: (one["kind"] == Kind.ARTICLE, depth(one), one["id"])):
            yield self._remote(one)

    def read(self, id: str) -> Remote | None:
        stored = self._load(id)
        return self._remote(stored) if stored else None

    def assets(self, scope: Scope) -> Iterator[RemoteAsset]:
        place = self._shelf(scope)
        for path in sorted(place.glob("*/*")) if place.is_dir() else []:
            yield self._asset(path)

    def losses(self, body: str) -> tuple[Loss, ...]:
        if not self._options.get("sanitises"):
            return ()
        found = [Loss(what, len(pattern.findall(body))) for what, pattern in _DROPPED]
        return tuple(loss for loss in found if loss.count)

    # Files --------------------------------------------------------------------------------------------------------

    def _code(self, scope: Scope) -> str:
        return self._theirs.get(scope.locale, scope.locale)

    def _shelf(self, scope: Scope) -> Path:
        parts = {"target": (), "brand": (scope.brand,), "locale": (scope.brand, self._code(scope))}
        return self.files.joinpath("all", *parts[self.capabilities.asset_reach])

    def _asset(self, path: Path) -> RemoteAsset:
        inner = path.relative_to(self.files).as_posix()
        url = f"{self._address()}files/{inner}" if self._address() else path.as_uri()
        return RemoteAsset(inner, url, path.parent.name, path.name)

    def _address(self) -> str:
        return str(self._options.get("address", ""))

    def _stored(self) -> list[dict[str, Any]]:
        names = sorted(path.stem for path in self.items.glob("*/*.json")) if self.items.is_dir() else []
        return [stored for stored in map(self._load, names) if stored]

    def _file(self, id: str) -> Path:
        """Translations of one thing lie in one folder, which their ids begin with."""
        return self.items / id[:_GROUP] / f"{id}.json"

    def _load(self, id: str) -> dict[str, Any] | None:
        if not re.fullmatch(r"[0-9a-f]{12}", id):
            return None
        try:
            found: dict[str, Any] = _json.decode(self._file(id).read_bytes())
        except FileNotFoundError:
            return None
        except (DecodeError, OSError) as error:
            raise Refused(f"{self._file(id)} cannot be read: {error}", remedy="Restore the file.") from error
        return found

    def _remote(self, stored: Mapping[str, Any]) -> Remote:
        content = convert({**stored["content"], "state": stored["state"]}, Content)
        address = "/".join((stored["brand"], stored["locale"], f"{stored['id']}-{stored['slug']}"))
        draft = stored.get("pending")
        return Remote(
            id=stored["id"],
            kind=Kind(stored["kind"]),
            brand=stored["brand"],
            locale=self._ours.get(stored["locale"], stored["locale"]),
            content=content,
            marker=stored["marker"],
            group=stored["group"],
            parent=stored["parent"] if stored["carries"] or "parent" not in self.capabilities.shared else "",
            slug=stored["slug"],
            url=self._address() + address if self._address() else self._file(stored["id"]).as_uri(),
            edited_at=stored["edited_at"],
            edited_by=stored["edited_by"],
            pending=fingerprint(draft) if draft else "",
        )


class FolderWriter(FolderReader):
    """Changes what is in the folder."""

    def create(self, blank: Blank) -> Remote:
        siblings = self._siblings(blank.group) if blank.group else []
        if self.capabilities.needs_group and blank.group and not siblings:
            raise Refused(f"there is no translation of {blank.key} to make another of", status=422)
        if blank.parent and self._load(blank.parent) is None:
            raise Refused(f"the folder {blank.parent} is not there", status=422)
        content = Content(blank.title, state=State.DRAFT)
        is_first = not siblings
        group = blank.group or uuid4().hex[:_GROUP]
        stored = {
            "id": _new_id(group), "kind": blank.kind, "brand": blank.scope.brand, "locale": self._code(blank.scope),
            "marker": blank.key, "group": group, "carries": is_first,
            "parent": blank.parent, "slug": slug(blank.slug or blank.title) or "article",
            "content": {"title": blank.title, "body": ""},
        }  # fmt: skip
        if is_first:
            shared = self.capabilities.shared - {"parent"}
            content = replace(content, **{name: getattr(blank.content, name) for name in shared})
        self._save(stored, content, by="hcgen", verb="create")
        return self._remote(stored)

    def create_group(self, blanks: tuple[Blank, ...]) -> tuple[Remote, ...]:
        first = self.create(blanks[0])
        return (first, *(self.create(replace(blank, group=first.group)) for blank in blanks[1:]))

    def write(self, remote: Remote, content: Content, parent: str, slug: str) -> Remote:
        stored = self._existing(remote.id)
        if stored["carries"] or "parent" not in self.capabilities.shared:
            stored["parent"] = parent
        stored.update(marker=remote.marker, slug=slug or stored["slug"], pending=None)
        self._save(stored, content, by="hcgen", verb="write")
        return self._remote(stored)

    def archive(self, remote: Remote) -> None:
        stored = self._existing(remote.id)
        if self.capabilities.restores:
            stored["state"] = State.ARCHIVED
            self._save(stored, None, by="hcgen", verb="archive")
            return
        self._file(remote.id).unlink()
        self._log("archive", remote.id)

    def restore(self, remote: Remote) -> Remote:
        stored = self._load(remote.id)
        if stored is None:
            stored = {
                "id": _new_id(remote.group), "kind": remote.kind, "brand": remote.brand,
                "locale": self._theirs.get(remote.locale, remote.locale), "marker": remote.marker,
                "group": remote.group, "carries": not self._siblings(remote.group), "content": {},
            }  # fmt: skip
        stored.update(parent=remote.parent, slug=remote.slug, pending=None)
        self._save(stored, remote.content, by="hcgen", verb="restore")
        return self._remote(stored)

    def upload(self, asset: Asset, file: Path, owner: Remote | None, scope: Scope) -> RemoteAsset:
        if asset.size > self.capabilities.asset_limit:
            raise Refused(f"{asset.name} has {asset.size} bytes, too many", status=413)
        place = self._shelf(scope) / asset.digest / Path(asset.name).name
        place.parent.mkdir(parents=True, exist_ok=True)
        # Not on the shelf: what a killed process leaves half written is no file of ours.
        beside = self.root / f".{uuid4().hex}"
        shutil.copyfile(file, beside)
        beside.replace(place)
        self._log("upload", asset.digest)
        return self._asset(place)

    def files_of(self, owner: Remote) -> Iterator[RemoteAsset]:
        yield from self.assets(Scope(owner.brand, owner.locale))

    def redirect(self, rule: Redirect) -> None:
        _put(self.rules / f"{digest(f'{rule.brand} {rule.source}')}.json", to_builtins(rule))
        self._log("redirect", rule.source)

    def _siblings(self, group: str) -> list[dict[str, Any]]:
        names = sorted(path.stem for path in (self.items / group).glob("*.json"))
        return [stored for stored in map(self._load, names) if stored]

    def _existing(self, id: str) -> dict[str, Any]:
        stored = self._load(id)
        if stored is None:
            raise Refused(f"{id} is not there", status=404)
        return stored

    def _save(self, stored: dict[str, Any], content: Content | None, *, by: str, verb: str) -> None:
        """Writes `stored`, with the fields of `content` that we keep; equal content moves nothing."""
        before = canonical_json(stored)
        if content is not None:
            kept = self.capabilities.fields - self.capabilities.shared
            if stored["carries"]:
                kept |= self.capabilities.shared & self.capabilities.fields
            given = to_builtins(content)
            own = {name: given[name] for name in sorted(kept) if given[name] is not None}
            own.setdefault("title", content.title)
            if self._options.get("sanitises"):
                for _, pattern in _DROPPED:
                    own["body"] = pattern.sub("", own.get("body", ""))
            stored["content"] = {**stored["content"], **own}
            stored["state"] = content.state
        if canonical_json(stored) != before or verb in ("create", "restore"):
            stored.update(edited_at=datetime.now(UTC).isoformat(timespec="microseconds"), edited_by=by)
        _put(self._file(stored["id"]), stored)
        self._log(verb, stored["id"])

    def _log(self, verb: str, what: str) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        line = canonical_json({"verb": verb, "id": what}) + "\n"
        handle = os.open(self.root / "log.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


class Person(FolderWriter):
    """Somebody who works in the folder by hand: for tests, and for trying out conflicts."""

    def edit(self, id: str, **fields: Any) -> None:
        """Changes fields of `Content`, or `parent` and `slug`, and publishes them."""
        stored = self._existing(id)
        stored.update({name: fields.pop(name) for name in ("parent", "slug", "state") if name in fields})
        stored["content"] = {**stored["content"], **fields}
        stored.update(edited_at=datetime.now(UTC).isoformat(timespec="microseconds"), edited_by="person")
        _put(self._file(id), stored)

    def draft(self, id: str, **fields: Any) -> None:
        """Changes fields without publishing them."""
        stored = self._existing(id)
        stored["pending"] = fields
        _put(self._file(id), stored)


def _new_id(group: str) -> str:
    return group + uuid4().hex[:4]


def _put(path: Path, value: Any) -> None:
    """Writes JSON in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{uuid4().hex}")
    beside.write_text(canonical_json(value, indent=1) + "\n", "utf-8")
    beside.replace(path)
