"""What the relevance gate holds search against: golden queries, and limits below which it fails."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Golden(Struct, frozen=True):
    """A query as a customer types it, and the articles, by key or id, of which one should be found.

    `brand` is the brand whose folder names it, or "" for what all share; `path` and `line` are where it stands.
    """

    query: str
    articles: tuple[str, ...]
    locale: str
    brand: str
    path: str
    line: int


class Measure(StrEnum):
    """What is measured of a list of queries; the names are those of the settings."""

    MRR = "mrr"
    """The mean of 1 / place of the article among the first ten, 0 where it is not there."""
    SUCCESS = "success_at_3"
    """The share with the article in the first three."""
    NONE = "zero_results"
    """The share that finds nothing at all."""
    GOLDEN = "golden"
    """The share of golden queries with an article of theirs in the first three."""


class Limit(Struct, frozen=True):
    """The worst that a measure may be. `locale` and `kind` are "" for every language, and for all classes together."""

    measure: Measure
    value: float
    locale: str = ""
    kind: str = ""

    @property
    def setting(self) -> str:
        """Where it stands in mkdocs.yml, below the settings of the plugin."""
        parts = ["relevance"]
        parts += ["languages", self.locale] if self.locale else []
        parts += ["classes", self.kind] if self.kind else []
        return ".".join([*parts, self.measure.value])
