"""Publishes to a notebook: one JSON file with a page for each translation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import RLock
from typing import Any

from hcgen.model.target import Target
from hcgen.publish.port import Blank, Capabilities
from hcgen.publish.values import Asset, Content, Kind, Loss, Redirect, Remote, RemoteAsset, Scope, State
from hcgen.publish.wire import Refused, Wire


def reader(target: Target, wire: Wire) -> NotebookReader:
    return NotebookReader(target)


def writer(target: Target, wire: Wire) -> NotebookWriter:
    return NotebookWriter(target)


class NotebookReader:
    def __init__(self, target: Target) -> None:
        self.file = target.root / target.url
        self.locales = dict(target.locales)

    @property
    def capabilities(self) -> Capabilities:
        # A notebook holds titles and texts; no files, no redirects. What is torn out is gone.
        return Capabilities(fields=frozenset(("title", "body")))

    def troubles(self, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
        missing = sorted({one.locale for one in scopes} - self.locales.keys())
        return tuple(f"the notebook has no part for {one!r}; add it to `locales`" for one in missing)

    def listing(self, scope: Scope) -> Iterator[Remote]:
        # Pages are numbered as they are made, and a folder is made before what is in it.
        for id, page in self._pages().items():
            if (page["brand"], page["locale"]) == (scope.brand, self.locales[scope.locale]):
                yield self._remote(id, page)

    def read(self, id: str) -> Remote | None:
        page = self._pages().get(id)
        return self._remote(id, page) if page else None

    def assets(self, scope: Scope) -> Iterator[RemoteAsset]:
        return iter(())

    def losses(self, body: str) -> tuple[Loss, ...]:
        return ()

    def _pages(self) -> dict[str, dict[str, Any]]:
        return json.loads(self.file.read_text("utf-8")) if self.file.is_file() else {}

    def _remote(self, id: str, page: dict[str, Any]) -> Remote:
        ours = {theirs: ours for ours, theirs in self.locales.items()}
        return Remote(
            id=id,
            kind=Kind(page["kind"]),
            brand=page["brand"],
            locale=ours[page["locale"]],
            content=Content(page["title"], page["body"], state=State(page["state"])),
            marker=page["key"],
            group=page["group"],
            parent=page["parent"],
            slug=page["slug"],
        )


class NotebookWriter(NotebookReader):
    # Several threads write at a time; one file takes them in turns.
    turn = RLock()

    def create(self, blank: Blank) -> Remote:
        with self.turn:
            pages = self._pages()
            id = str(1 + max(map(int, pages), default=0))
            pages[id] = {
                "kind": blank.kind, "brand": blank.scope.brand, "locale": self.locales[blank.scope.locale],
                "key": blank.key, "group": blank.group or f"g{id}", "parent": blank.parent, "slug": blank.slug,
                "title": blank.title, "body": "", "state": State.DRAFT,
            }  # fmt: skip
            self._save(pages)
            return self._remote(id, pages[id])

    def write(self, remote: Remote, content: Content, parent: str, slug: str) -> Remote:
        with self.turn:
            pages = self._pages()
            if remote.id not in pages:
                raise Refused(f"page {remote.id} is not there", status=404)
            pages[remote.id].update(
                title=content.title, body=content.body, state=content.state, parent=parent, slug=slug, key=remote.marker
            )
            self._save(pages)
            return self._remote(remote.id, pages[remote.id])

    def archive(self, remote: Remote) -> None:
        with self.turn:
            pages = self._pages()
            pages.pop(remote.id, None)
            self._save(pages)

    def restore(self, remote: Remote) -> Remote:
        with self.turn:
            scope = Scope(remote.brand, remote.locale)
            made = self.create(
                Blank(scope, remote.kind, remote.marker, remote.content.title, remote.slug, remote.parent, remote.group,
                      remote.content)
            )  # fmt: skip
            return self.write(made, remote.content, remote.parent, remote.slug)

    def upload(self, asset: Asset, file: Path, owner: Remote | None, scope: Scope) -> RemoteAsset:
        raise Refused("a notebook takes no files")

    def redirect(self, rule: Redirect) -> None:
        raise Refused("a notebook knows no redirects")

    def _save(self, pages: dict[str, dict[str, Any]]) -> None:
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(pages, ensure_ascii=False, indent=1), "utf-8")
        beside.replace(self.file)
