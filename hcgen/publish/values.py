"""What publishing speaks of: what a target shall hold, what it does hold, and what is to be done. Knows no CMS."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, json

from hcgen.text import digest

_ENCODER = json.Encoder(order="deterministic")


class Kind(StrEnum):
    """What stands in a target's tree: folders of the first level, folders below them, articles."""

    CATEGORY = "category"
    SECTION = "section"
    ARTICLE = "article"


class State(StrEnum):
    """Whether readers see a thing. What is archived is out of listings and may be gone for good."""

    PUBLISHED = "published"
    DRAFT = "draft"
    ARCHIVED = "archived"


class Identity(Struct, frozen=True, order=True):
    """Which translation of what: equal in Git, ledger and marker. A title is never part of it."""

    brand: str
    kind: Kind
    key: str
    locale: str
    """Ours, such as `pt-BR`; a provider maps it to the target's own code."""

    def __str__(self) -> str:
        return f"{self.brand}/{self.locale}/{self.key}"


class Content(Struct, frozen=True):
    """The fields of one translation. None: held elsewhere (`Capabilities.shared`) or not known to the target.

    In a desired content `body` holds references (`references.py`); in what is sent or read it holds addresses.
    """

    title: str
    body: str = ""
    summary: str | None = None
    labels: tuple[str, ...] | None = None
    position: int | None = None
    is_internal: bool | None = None
    is_outdated: bool | None = None
    state: State = State.PUBLISHED


class Desired(Struct, frozen=True):
    """One translation as Git has it. `parent` is the key of its folder ("" for a category)."""

    identity: Identity
    parent: str
    content: Content
    slug: str
    """The last part of its address, for targets that let us choose."""
    source: str = ""
    """The file it was written in, relative to the project, for messages."""
    written_in: str = ""
    """The language of its text, where it is a fallback."""
    old_urls: tuple[str, ...] = ()
    name: str = ""
    """The `id` of its front matter: it stays when the file is renamed."""
    topics: tuple[str, ...] = ()
    """Its category and tags, for filters."""

    @property
    def digest(self) -> str:
        """Of all that its source says."""
        return fingerprint((self.parent, self.slug, self.content))


class Remote(Struct, frozen=True):
    """One translation as the target has it.

    `id` is the provider's own name for it, unique within the target and stable; `group` is what its translations
    share ("" where each stands alone); `parent` the id of its folder in the same language. `marker` is the key that
    we left in it, "" where there is none.
    """

    id: str
    kind: Kind
    brand: str
    locale: str
    content: Content
    marker: str = ""
    group: str = ""
    parent: str = ""
    slug: str = ""
    url: str = ""
    """Its public address, "" where it is not known."""
    edited_at: str = ""
    edited_by: str = ""
    pending: str = ""
    """Fingerprint of what a person has changed there without publishing it, else ""."""
    raw: Mapping[str, object] = {}
    """Further values that a restoration needs, of the provider's own (JSON values)."""

    @property
    def fingerprint(self) -> str:
        """Of all that a person could have changed; moves with nothing else."""
        return fingerprint((self.parent, self.slug, self.content, self.pending))


class Asset(Struct, frozen=True):
    """A file to upload: its path in the project, its name over there, its digest (BLAKE2b) and size in bytes."""

    path: str
    name: str
    digest: str
    size: int
    media_type: str


class RemoteAsset(Struct, frozen=True):
    """A file over there. `digest` is what our marker or name for it says, "" for a file that is not ours."""

    id: str
    url: str
    digest: str = ""
    name: str = ""


class Redirect(Struct, frozen=True):
    """An old address that shall lead to a new one, both absolute paths of one brand's host."""

    brand: str
    locale: str
    source: str
    target: str


class Scope(Struct, frozen=True):
    """One brand in one language."""

    brand: str
    locale: str


class Loss(Struct, frozen=True):
    """What the target's sanitiser would take out of a body: the element or attribute, and how often."""

    what: str
    count: int = 1


def fingerprint(value: object) -> str:
    """A digest of values and Structs; equal values, equal digests."""
    return digest(_ENCODER.encode(value))
