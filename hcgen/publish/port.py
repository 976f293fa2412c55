"""What a target must be able to do. A provider is one file with these verbs and an entry point of `hcgen.providers`.

Planning gets a `Reader`: it has no verb that writes. Only apply asks for a `Writer`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from hcgen.model.target import Target
from hcgen.publish.values import Asset, Content, Kind, Loss, Redirect, Remote, RemoteAsset, Scope
from hcgen.publish.wire import Wire


class Capabilities(Struct, frozen=True):
    """What a target can hold. Nothing is asked of it that it has not named here."""

    kinds: frozenset[Kind] = frozenset(Kind)
    holders: frozenset[str] = frozenset(("", Kind.CATEGORY, Kind.SECTION))
    """What an article may stand in: folders of these kinds, "" for the top. Where its own is missing here, core makes
    a section of the category's key and title for it."""
    depth: int = 99
    """Levels of folders; deeper ones are joined to the last."""
    fields: frozenset[str] = frozenset(("title", "body"))
    """The fields of `Content` that it keeps. Others are None in what is sent and compared."""
    shared: frozenset[str] = frozenset()
    """Fields (and "parent") that all translations of a group have in common: sent with the first of them alone, the one
    in the group's source language. The others read None, and "" as their parent."""
    creates_groups: bool = False
    """Whether the writer is a `GroupWriter`."""
    needs_group: bool = False
    """Whether a translation can only be made of one that exists."""
    asset_limit: int = 0
    """Bytes of the largest file; 0: no files."""
    asset_owner: bool = False
    """Whether a file belongs to one article and goes with it."""
    asset_reach: Literal["locale", "brand", "target"] = "locale"
    """Within what one uploaded file serves all articles."""
    redirects: bool = False
    caution: str = ""
    """What a plan has to say where it overwrites or adopts what people made over there."""
    restores: bool = False
    """Whether what was archived can be brought back under its id."""


class Blank(Struct, frozen=True):
    """A translation to be made: empty, unseen by readers, with our marker in it."""

    scope: Scope
    kind: Kind
    key: str
    title: str
    slug: str
    parent: str
    """Id of its folder in the same language, "" at the top."""
    group: str
    """Group of the translations that exist, "" for the first."""
    content: Content
    """What it will hold: for fields that can only be set now, such as the audience."""


class Reader(Protocol):
    """Looks, and cannot write."""

    @property
    def capabilities(self) -> Capabilities:
        """What the target can hold; some ask it."""

    def troubles(self, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
        """Why these cannot be published here, a sentence with its remedy each: a language that is not enabled, ..."""

    def listing(self, scope: Scope) -> Iterator[Remote]:
        """All that stands there, bodies included, from listing endpoints; folders before what is in them."""

    def read(self, id: str) -> Remote | None:
        """One translation as it is now, or None."""

    def assets(self, scope: Scope) -> Iterator[RemoteAsset]:
        """The files over there that are ours."""

    def losses(self, body: str) -> tuple[Loss, ...]:
        """What its sanitiser would take out of this HTML, without asking it."""


class Writer(Reader, Protocol):
    """Writes what it is told, once: it never repeats a request that makes something (a POST) on its own.

    Several threads use one writer at a time (`Target.concurrency`).
    """

    def create(self, blank: Blank) -> Remote:
        """Makes it. Raises `wire.Unsettled` where the answer was lost: it may or may not be there."""

    def write(self, remote: Remote, content: Content, parent: str, slug: str) -> Remote | None:
        """Replaces all fields of `remote` (as read just before, or as `create` gave it), its place and its state;
        `slug` where it can. Returns it as it is stored now where the target's answer says so: that is the reading
        back, and saves a request. None: it has to be read."""

    def archive(self, remote: Remote) -> None:
        """Takes it out of sight: never destroys where the target can archive."""

    def restore(self, remote: Remote) -> Remote:
        """Brings back what was archived, as it was: under its id where `capabilities.restores`, else as a new one."""

    def upload(self, asset: Asset, file: Path, owner: Remote | None, scope: Scope) -> RemoteAsset:
        """Sends a file. Raises `wire.Unsettled` as `create`."""

    def redirect(self, rule: Redirect) -> None:
        """Makes or replaces the rule."""


class GroupWriter(Writer, Protocol):
    """A writer that can make all translations of a thing in one request (`Capabilities.creates_groups`)."""

    def create_group(self, blanks: tuple[Blank, ...]) -> tuple[Remote, ...]:
        """Makes them in the order given, the source language first; `group` of all is "". Raises `wire.Unsettled`
        as `create`: then each may be there or not."""


class OwnerWriter(Writer, Protocol):
    """A writer of a target where files belong to articles (`Capabilities.asset_owner`).

    Listing all of them may take a request an article. So the ledger is believed, and only where an answer was lost the
    owner is asked.
    """

    def files_of(self, owner: Remote) -> Iterator[RemoteAsset]:
        """The files of ours that belong to one translation."""


class Provider(Protocol):
    """What the entry point names: a module or object that opens a target."""

    def reader(self, target: Target, wire: Wire) -> Reader: ...

    def writer(self, target: Target, wire: Wire) -> Writer: ...
