"""What people changed over there, as changes to the files that it was pushed from. Pure: reads and writes nothing.

Three versions meet in each file: what was last pushed as it was read back, the file as it is now, and what stands over
there. Where nobody knows what was pushed, what both still have in common stands in for it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from hcgen.markup.reverse.restore import markdown_of, words_of
from hcgen.model.article import Article
from hcgen.model.project import Project
from hcgen.model.target import Target
from hcgen.pages.library import Workshop
from hcgen.publish.desired import Wishes
from hcgen.publish.downloads import Download, Shelf
from hcgen.publish.homeward import Homeward, Place
from hcgen.publish.ledger import Entry, Ledger
from hcgen.publish.merge import merge
from hcgen.publish.values import Content, Desired, Identity, Kind, Remote, Scope, State

_OFFERED = re.compile(r'\s*<ul class="attachments">.*?</ul>\s*\Z', re.S)
_TITLE = re.compile(r"\A(\s*# )([^\n]*?)( *(?:\{[^{}\n]*\})?)(?=\n|\Z)")

Bases = Callable[[Entry, Desired], Content | None]
"""What was last pushed, as it was read back; None where nobody knows."""


class Rewrite(Struct, frozen=True):
    """A file that changes, or (`is_new`) that comes to be: its body, the keys of its front matter that change.

    `remarks` are values of front matter that could not be merged, by key: what stands over there.
    """

    path: str
    body: str
    front: Mapping[str, object] = {}
    remarks: Mapping[str, str] = {}
    conflicts: int = 0
    is_new: bool = False
    is_exact: bool = True


class Note(Struct, frozen=True):
    """What somebody should know of one thing over there."""

    identity: Identity
    message: str


class Harvest(Struct, frozen=True):
    """What a pull brings: changed files by path, notes, and the ledger that knows what was seen."""

    files: Mapping[str, Rewrite]
    notes: tuple[Note, ...]
    ledger: Ledger
    downloads: tuple[Download, ...] = ()
    taken: tuple[Identity, ...] = ()
    strangers: int = 0
    """How many things over there are not ours."""

    @property
    def conflicts(self) -> int:
        """Places that somebody has to look at."""
        return sum(one.conflicts + len(one.remarks) for one in self.files.values())


class _Draft(Struct):
    """A file on its way."""

    article: Article | None
    body: str
    front: dict[str, object] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    conflicts: int = 0
    is_exact: bool = True


class Puller(Struct):
    """Takes in one thing after the other; several may have come from one file."""

    project: Project
    target: Target
    ledger: Ledger
    wishes: Wishes
    homes: Mapping[str, Homeward]
    """By brand."""
    shelf: Shelf
    base_of: Bases
    drafts: dict[str, _Draft] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    taken: list[Entry] = field(default_factory=list)

    def pull(self, remotes: Iterable[Remote], wanted: Callable[[Identity], bool], scopes: Iterable[Scope]) -> Harvest:
        """All that moved of what the ledger knows."""
        known = {entry.id: entry for entry in self.ledger.entries.values()}
        wished = {one.identity: one for one in self.wishes.items}
        seen = {one.id: one for one in remotes}
        for entry in sorted(known.values(), key=lambda one: one.identity):
            if not wanted(entry.identity) or Scope(entry.identity.brand, entry.identity.locale) not in scopes:
                continue
            remote = seen.get(entry.id)
            if remote is None:
                self._say(entry.identity, "is gone over there; the next push makes it again unless its file goes, too")
            elif remote.fingerprint != entry.remote:
                self._take(entry, remote, wished.get(entry.identity), seen)
        return Harvest(
            files={path: self._rewrite(path, draft) for path, draft in sorted(self.drafts.items())},
            notes=tuple(self.notes),
            ledger=self.ledger.learn(self.taken),
            downloads=tuple(self.shelf.found.values()),
            taken=tuple(one.identity for one in self.taken),
            strangers=sum(one.id not in known for one in seen.values()),
        )

    def _say(self, identity: Identity, message: str) -> None:
        self.notes.append(Note(identity, message))

    def _take(self, entry: Entry, remote: Remote, wish: Desired | None, seen: Mapping[str, Remote]) -> None:
        identity = entry.identity
        if remote.pending:
            self._say(identity, "has changes over there that nobody has published yet; they are not pulled")
        if wish is None or not (wish.source or identity.kind is not Kind.ARTICLE):
            self._say(identity, "was changed over there and has no file any more; nothing is pulled")
            return
        base = self.base_of(entry, wish)
        self._tell_moves(entry, remote, base, seen)
        if wish.written_in:
            self._translate(wish, remote, base)
        else:
            self._merge(wish, remote, base)
        self.taken.append(replace(entry, remote=remote.fingerprint, url=remote.url or entry.url))

    def _tell_moves(self, entry: Entry, remote: Remote, base: Content | None, seen: Mapping[str, Remote]) -> None:
        """Says what no file can take: it is for somebody to decide."""
        identity = entry.identity
        if remote.parent and entry.parent and remote.parent != entry.parent:
            folder = seen.get(remote.parent)
            named = folder.content.title if folder else remote.parent
            self._say(identity, f"was moved over there to {named!r}; move its file, or the next push moves it back")
        if remote.content.state is not State.PUBLISHED:
            self._say(identity, "was taken off the air over there; the next push publishes it again")
        was = base.is_internal if base else None
        if was is not None and remote.content.is_internal not in (None, was):
            self._say(identity, "has another audience over there; change `audience` in its file if that is meant")

    # One text -----------------------------------------------------------------------------------------------------

    def _merge(self, wish: Desired, remote: Remote, base: Content | None) -> None:
        draft = self._draft(wish)
        theirs = _without_downloads(remote.content.body)
        known = _without_downloads(base.body) if base else None
        if theirs != known:
            new, exact = self._markdown(theirs, wish, draft.article, remote, is_new=True)
            old = self._markdown(known, wish, draft.article, remote)[0] if known is not None else None
            if old is None:
                now = self._markdown(_without_downloads(wish.content.body), wish, draft.article, remote)[0]
                old = _in_common(now, new)
            merged = merge(old, draft.body, new, name=self.target.name)
            draft.body, draft.conflicts = merged.text, draft.conflicts + merged.conflicts
            draft.is_exact = draft.is_exact and exact
        self._front(draft, wish.content, remote.content, base)

    def _translate(self, wish: Desired, remote: Remote, base: Content | None) -> None:
        """A page in a stand-in language that somebody rewrote over there becomes the translation that was missing."""
        if base is not None and (base.body, base.title) == (remote.content.body, remote.content.title):
            return
        root = wish.source.partition(f"/{wish.written_in}/")[0]
        path = f"{root}/{wish.identity.locale}/{wish.identity.key}.md"
        text, exact = self._markdown(_without_downloads(remote.content.body), wish, None, remote, is_new=True)
        front: dict[str, object] = {"title": remote.content.title}
        if remote.content.summary:
            front["description"] = remote.content.summary
        self.drafts[path] = _Draft(None, text, front, is_exact=exact)
        self._say(wish.identity, f"was written over there in its own language, and becomes {path}")

    def _draft(self, wish: Desired) -> _Draft:
        path = wish.source or f"content/{wish.identity.locale}/{wish.identity.key}/index.md"
        if path not in self.drafts:
            library = self.project.library
            every = (*library.articles.values(), *library.indexes.values())
            article = next((one for one in every if one.path == path), None)
            self.drafts[path] = _Draft(article, self.project.text(article) if article else "")
        return self.drafts[path]

    def _markdown(
        self, body: str, wish: Desired, article: Article | None, remote: Remote, *, is_new: bool = False
    ) -> tuple[str, bool]:
        """A body as its file would say it. Files that only a new one names are to be fetched."""
        identity = wish.identity
        ids: frozenset[str] = frozenset()
        if article is not None:
            ids = frozenset(Workshop(self.project).heading_ids(article, self.project.brand(identity.brand)))
        ending = ".md" if identity.kind is Kind.ARTICLE else "/index.md"
        at, home, base = Place(identity.locale, identity.key + ending), self.homes[identity.brand], remote.url
        if is_new:
            root = wish.source.partition(f"/{wish.written_in or identity.locale}/")[0] or "content"
            self.shelf.take(home, body, base or self.target.url, root, at)
        here = home.body(body, at, base or self.target.url)
        restored = markdown_of(here, words_of(self.project.strings[identity.locale]), ids)
        return restored.text, restored.is_exact

    # Front matter -------------------------------------------------------------------------------------------------

    def _front(self, draft: _Draft, now: Content, theirs: Content, base: Content | None) -> None:
        front = draft.article.front if draft.article else None
        title = _TITLE.match(draft.body) if not (front and front.title) else None
        if title:
            found = self._line(draft, "title", title[2], theirs.title, base.title if base else None, now.title)
            if found is not None:
                draft.body = f"{title[1]}{found}{draft.body[title.end(2) :]}"
        else:
            self._text(draft, "title", theirs.title, base.title if base else None, now.title)
        self._text(draft, "description", theirs.summary, base.summary if base else None, now.summary)
        old = base or now
        if theirs.position is not None and old.position is not None and theirs.position != old.position:
            draft.front["order"] = theirs.position
        if theirs.labels is not None and old.labels is not None and theirs.labels != old.labels:
            gone = set(old.labels) - set(theirs.labels) if base else set()
            self._labels(draft, set(theirs.labels) - set(old.labels), gone)

    def _text(self, draft: _Draft, key: str, theirs: str | None, base: str | None, now: str | None) -> None:
        front = draft.article.front if draft.article else None
        current = str(draft.front.get(key, getattr(front, key) if front else ""))
        found = self._line(draft, key, current, theirs, base, now)
        if found is not None and found != current:
            draft.front[key] = found

    def _line(
        self, draft: _Draft, key: str, ours: str, theirs: str | None, base: str | None, now: str | None
    ) -> str | None:
        """A short text merged; None where nothing changes, or where somebody has to decide."""
        if theirs is None or theirs in (base, ours) or (base is None and theirs == now):
            return None
        if not ours:
            return theirs
        merged = merge(f"{base}\n" if base else "", f"{ours}\n", f"{theirs}\n", name=self.target.name)
        if merged.conflicts:
            draft.remarks[key] = theirs
            return None
        return merged.text.removesuffix("\n")

    def _labels(self, draft: _Draft, added: set[str], removed: set[str]) -> None:
        for key in ("tags", "synonyms"):
            current = tuple(getattr(draft.article.front, key)) if draft.article else ()
            listed: tuple[str, ...] = tuple(draft.front.get(key, current))  # type: ignore[arg-type]
            kept = [one for one in listed if " ".join(one.split()) not in removed]
            kept += [one for one in sorted(added) if one not in kept] if key == "tags" else []
            if tuple(kept) != listed:
                draft.front[key] = kept

    def _rewrite(self, path: str, draft: _Draft) -> Rewrite:
        return Rewrite(
            path, draft.body, dict(draft.front), dict(draft.remarks), draft.conflicts,
            is_new=draft.article is None, is_exact=draft.is_exact,
        )  # fmt: skip


def _without_downloads(body: str) -> str:
    """A body without the list of files that front matter names."""
    return _OFFERED.sub("\n", body)


def _in_common(one: str, other: str) -> str:
    """The lines that two texts share, in their order."""
    first, second = one.splitlines(keepends=True), other.splitlines(keepends=True)
    blocks = difflib.SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return "".join(line for block in blocks for line in first[block.a : block.a + block.size])
