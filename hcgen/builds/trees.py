"""What an installed tree consists of: per shard its pages with what they were made from, and the tree as a whole.

A tree's id is a digest of all its files but hcgen.json, which holds the id: equal ids, equal trees. So what a cache
knows of a tree serves wherever that tree stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from hcgen.builds.cache import Cache, encode
from hcgen.builds.report import ShardReport
from hcgen.model.article import Asset
from hcgen.text import digest

_SIGN = 16


def sign_of(data: bytes) -> str:
    """The digest by which trees know a file."""
    return digest(data)[:_SIGN]


def sign_of_asset(asset: Asset) -> str:
    """The same for a file whose whole digest is known."""
    return asset.digest[:_SIGN]


class PageState(Struct, frozen=True):
    """One page as written: `value` is of everything it was rendered from but templates, `output` of its bytes.

    `templates` is the place of its set of templates in the shard's list.
    """

    value: str
    templates: int
    output: str


class ShardState(Struct, frozen=True):
    """All files of one brand in one language, by path below the tree.

    `templates` lists the sets of templates that pages were rendered with, each with the digest of their texts;
    `search` is a digest of what the search index was made from.
    """

    pages: Mapping[str, PageState]
    files: Mapping[str, str]
    templates: tuple[tuple[tuple[str, ...], str], ...] = ()
    search: str = ""

    def outputs(self) -> dict[str, str]:
        """The digest of every file by path."""
        return {**{path: page.output for path, page in self.pages.items()}, **self.files}


class ShardEntry(Struct, frozen=True):
    """A shard within a tree: what its plan depended on, the names of its state and report in the cache, its digest."""

    brand: str
    locale: str
    inputs: str
    state: str
    report: str
    outputs: str
    not_found: str = ""
    """Digest of its 404 page, which the default language lends to its brand."""


class Extras(Struct, frozen=True):
    """Files that belong to a brand ("" for the portal) rather than to a language, and what they were made from."""

    inputs: str
    files: Mapping[str, str]


class Tree(Struct, frozen=True):
    """A whole tree."""

    shards: tuple[ShardEntry, ...]
    extras: Mapping[str, Extras] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The digest of everything in it."""
        shards = sorted((one.brand, one.locale, one.outputs) for one in self.shards)
        extras = sorted((path, sign) for one in self.extras.values() for path, sign in one.files.items())
        return digest(encode([shards, extras]))

    def entry(self, brand: str, locale: str) -> ShardEntry | None:
        """The shard of `brand` in `locale`, if it has one."""
        return next((one for one in self.shards if (one.brand, one.locale) == (brand, locale)), None)


def outputs_digest(outputs: Mapping[str, str]) -> str:
    """One digest of files by path."""
    return digest(encode(sorted(outputs.items())))


def remember_shard(
    cache: Cache, brand: str, locale: str, inputs: str, state: ShardState, report: ShardReport
) -> ShardEntry:
    """Keeps a shard's state and report, each by its digest."""
    names = []
    for kind, value in (("shard", state), ("report", report)):
        data = encode(value)
        names.append(digest(data))
        cache.put_encoded(kind, [(names[-1], data)])
    not_found = state.pages.get(f"{brand}/{locale}/404.html")
    return ShardEntry(
        brand, locale, inputs, names[0], names[1], outputs_digest(state.outputs()),
        not_found.output if not_found else "",
    )  # fmt: skip


def merged(parts: Sequence[ShardState]) -> ShardState:
    """One state of a shard whose pages were made in several shares."""
    if len(parts) == 1:
        return parts[0]
    pages: dict[str, PageState] = {}
    files: dict[str, str] = {}
    sets: dict[tuple[tuple[str, ...], str], int] = {}
    for part in parts:
        places = [sets.setdefault(one, len(sets)) for one in part.templates]
        pages |= {path: PageState(one.value, places[one.templates], one.output) for path, one in part.pages.items()}
        files |= part.files
    return ShardState(dict(sorted(pages.items())), files, tuple(sets), parts[0].search)
