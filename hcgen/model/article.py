"""What writers write: articles, the index of a folder, and the files beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

ArticleKey = str
"""An article's place without locale or brand, such as `billing/refunds`; equal in all languages."""


class Audience(StrEnum):
    """Who may read an article. Internal ones never reach public output."""

    PUBLIC = "public"
    INTERNAL = "internal"


class TicketHint(Struct, frozen=True):
    """What a ticket opened from an article already knows: a form, a topic, field values."""

    form: str = ""
    topic: str = ""
    fields: tuple[tuple[str, str], ...] = ()


class Attachment(Struct, frozen=True):
    """A file that readers of an article may download: its path as written, a title or "", its line in the file."""

    file: str
    title: str
    line: int


class FrontMatter(Struct, frozen=True):
    """The keys of ours, parsed; files/schemas/front-matter.schema.json documents each. `extra` keeps foreign ones."""

    title: str = ""
    description: str = ""
    id: str = ""
    brands: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    order: float = 1000.0
    icon: str = ""
    redirect_from: tuple[str, ...] = ()
    issue: str = ""
    ticket: TicketHint = TicketHint()
    attachments: tuple[Attachment, ...] = ()
    tenure: tuple[str, ...] = ()
    publish_at: datetime | None = None
    expire_at: datetime | None = None
    review_by: str = ""
    updated: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    """Line of each key in its file, for findings."""


class Article(Struct, frozen=True):
    """One Markdown file: an article, or (`is_index`) the name and description of its folder.

    `brand` is the brand whose folder holds it, or "" for what all share. `digest` is of the whole file as it
    lies on disk. The Markdown itself is read when it is wanted (`Project.text`): its first line is line
    `body_line` of the file; `has_text` says whether there is any.
    """

    key: ArticleKey
    locale: str
    brand: str
    path: str
    front: FrontMatter
    body_line: int
    digest: str
    is_index: bool = False
    has_text: bool = True

    @property
    def folder(self) -> str:
        """The category or section it stands in ("" for the top)."""
        return self.key if self.is_index else self.key.rpartition("/")[0]

    @property
    def public_id(self) -> str:
        """How beacons and tickets name it: the `id` of its front matter, else its key."""
        return self.front.id or self.key or "home"

    @property
    def is_internal(self) -> bool:
        """Whether it must never reach public output."""
        return self.front.audience is Audience.INTERNAL


class Asset(Struct, frozen=True):
    """A file beside articles (picture, attachment). `path` is relative to the project."""

    path: str
    digest: str
    size: int
    width: int = 0
    height: int = 0
    """In pixels; 0 where the format does not say."""
