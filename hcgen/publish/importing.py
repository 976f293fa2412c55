"""A whole help center as files: folders, articles, pictures, old addresses. Pure: reads and writes nothing.

Names come from titles in the language that a thing was written in first; its translations share them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from hcgen.markup.reverse.restore import markdown_of, words_of
from hcgen.model.project import Project
from hcgen.model.target import Target
from hcgen.pages.addresses import RESERVED
from hcgen.publish.downloads import Download, Shelf
from hcgen.publish.homeward import Homeward, Place, plain
from hcgen.publish.values import Kind, Remote, RemoteAsset, State
from hcgen.text import slug

_NUMBER = re.compile(r"/(?:articles|sections|categories)/(\d+)")
_LONGEST = 80


class NewFile(Struct, frozen=True):
    """A Markdown file to be."""

    path: str
    front: Mapping[str, object]
    body: str
    id: str
    """Of what it was made of."""
    is_exact: bool = True


class Importer(Struct):
    """Names everything of one brand first, then writes it down. `known` are paths that are taken already."""

    project: Project
    target: Target
    brand: str
    known: frozenset[str] = frozenset()
    keys: dict[str, str] = field(default_factory=dict)
    """By id."""
    home: Homeward = field(default_factory=Homeward)

    @property
    def root(self) -> str:
        """Where the files go: what all brands share where there is one brand alone, else the brand's own."""
        return "content" if len(self.project.brands) < 2 else f"brands/{self.brand}/content"

    def take(
        self, remotes: Sequence[Remote], assets: Iterable[RemoteAsset], fetch: Callable[[Download], tuple[int, int]]
    ) -> tuple[NewFile, ...]:
        """Everything in `remotes`, folders before what is in them. `fetch` gets a file and tells a picture's size."""
        self._name(remotes)
        for remote in remotes:
            self.home.learn_page(remote.url, Place(remote.locale, self._below(remote)))
        names = {one.url: one.name for one in assets if one.url}
        shelf = Shelf(self.known, names, urlsplit(self.target.url).netloc)
        for remote in remotes:
            base = remote.url or self.target.url
            at = Place(remote.locale, self._below(remote))
            shelf.take(self.home, remote.content.body, base, self.root, at)
        for one in shelf.found.values():
            self.home.sizes[self.home.files[plain(one.url)]] = fetch(one)
        return tuple(one for one in map(self._file, remotes) if one)

    # Names --------------------------------------------------------------------------------------------------------

    def _name(self, remotes: Sequence[Remote]) -> None:
        """A key for everything; translations of a group have one key."""
        first = self.project.brand(self.brand).default_locale
        groups: dict[str, list[Remote]] = {}
        for remote in remotes:
            groups.setdefault(_group(remote), []).append(remote)
        taken: set[str] = set()
        named: dict[str, str] = {}
        for group in _outer_first(groups):
            members = sorted(groups[group], key=lambda one: one.locale != first)
            source = next((one for one in members if one.parent), members[0])
            folder = self.keys.get(source.parent, "") if source.parent else ""
            marker = next((one.marker for one in members if one.marker), "")
            key = marker if marker and marker not in taken else self._free(folder, members[0], taken)
            taken.add(key)
            named[group] = key
            self.keys.update((one.id, key) for one in members)

    def _free(self, folder: str, remote: Remote, taken: set[str]) -> str:
        name = _shortened(slug(remote.content.title)) or slug(remote.slug) or f"{remote.kind}-{_number(remote)}"
        if name in ("index", "readme") or (not folder and name in RESERVED):
            name = f"{name}-{remote.kind}"
        count, unique = 1, posixpath.join(folder, name)
        while unique in taken:
            count += 1
            unique = posixpath.join(folder, f"{name}-{count}")
        return unique

    def _below(self, remote: Remote) -> str:
        """The path of its file below the language."""
        key = self.keys[remote.id]
        if remote.kind is not Kind.ARTICLE:
            return f"{key}/index.md"
        folder, _, name = key.rpartition("/")
        # What nobody was shown over there is not published here either.
        return posixpath.join(folder, f"{'_' if remote.content.state is State.DRAFT else ''}{name}.md")

    # Texts --------------------------------------------------------------------------------------------------------

    def _file(self, remote: Remote) -> NewFile | None:
        below = self._below(remote)
        path = f"{self.root}/{remote.locale}/{below}"
        if path in self.known or remote.content.state is State.ARCHIVED:
            return None
        at, base = Place(remote.locale, below), remote.url or self.target.url
        here = self.home.body(remote.content.body, at, base)
        restored = markdown_of(here, words_of(self.project.strings[remote.locale]))
        text = restored.text if restored.text.strip() else ""
        return NewFile(path, self._front(remote), text, remote.id, restored.is_exact)

    def _front(self, remote: Remote) -> dict[str, object]:
        content = remote.content
        front: dict[str, object] = {"title": content.title}
        if content.summary:
            front["description"] = content.summary
        is_article = remote.kind is Kind.ARTICLE
        if is_article and not remote.marker:
            front["id"] = _number(remote)
        if content.position is not None:
            front["order"] = content.position
        if content.labels and is_article:
            front["tags"] = list(content.labels)
        if content.is_internal:
            front["audience"] = "internal"
        old = unquote(urlsplit(remote.url).path)
        if is_article and not remote.marker and old.strip("/"):
            front["redirect_from"] = [old]
        return front


def _group(remote: Remote) -> str:
    return f"{remote.kind}:{remote.marker or remote.group or remote.id}"


def _outer_first(groups: Mapping[str, Sequence[Remote]]) -> list[str]:
    """Groups whose folders were named before them."""
    of = {one.id: group for group, members in groups.items() for one in members}
    above = {
        group: next((of[one.parent] for one in members if one.parent in of), "") for group, members in groups.items()
    }

    def depth(group: str) -> int:
        steps = 0
        while above[group] and steps < len(groups):
            steps, group = steps + 1, above[group]
        return steps

    return sorted(groups, key=depth)


def _number(remote: Remote) -> str:
    """What names a thing over there in all its languages: the number in its address, else its group, else its id."""
    match = _NUMBER.search(urlsplit(remote.url).path)
    return match[1] if match else remote.group or remote.id


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    return name[:_LONGEST].rpartition("-")[0] or name[:_LONGEST]
