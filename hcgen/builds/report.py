"""What a build did, for people and machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from hcgen.model.finding import Finding, Severity


class ShardReport(Struct, frozen=True):
    """One brand in one language. `articles` maps the public id of each article to the digest of its source."""

    brand: str
    locale: str
    pages: int
    articles: dict[str, str]
    fallback: int
    redirects: tuple[tuple[str, str], ...]
    assets: tuple[str, ...]
    sitemaps: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def summary(self) -> ShardSummary:
        """Its counts."""
        return ShardSummary(self.brand, self.locale, self.pages, len(self.articles), self.fallback)


def united(reports: Sequence[ShardReport]) -> ShardReport:
    """One report of a shard whose pages were made in several shares, of which the first knows all pages."""
    if len(reports) == 1:
        return reports[0]
    assets = {path for one in reports for path in one.assets}
    findings = {finding for one in reports for finding in one.findings}
    return replace(reports[0], assets=tuple(sorted(assets)), findings=tuple(sorted(findings)))


class ShardSummary(Struct, frozen=True):
    """One brand in one language, counted."""

    brand: str
    locale: str
    pages: int
    articles: int
    fallback: int

    @property
    def fallback_share(self) -> float:
        """Share of article pages shown in a stand-in language, 0 to 1."""
        return self.fallback / self.articles if self.articles else 0.0


class BuildReport(Struct, frozen=True):
    """A whole build. `installed` is false where errors kept the old site in place; `staged` then names the new tree.

    `read`, `rendered` and `written` count files read, pages rendered and files written anew: 0 where nothing
    changed. `timings` are wall seconds by step, and the CPU seconds of search (`search_cpu`).
    """

    out: str
    installed: bool
    staged: str
    shards: tuple[ShardSummary, ...]
    findings: tuple[Finding, ...]
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    read: int = 0
    rendered: int = 0
    written: int = 0
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """All pages of all shards."""
        return sum(shard.pages for shard in self.shards)

    def count(self, severity: Severity) -> int:
        """How many findings are of `severity`."""
        return sum(finding.severity is severity for finding in self.findings)
