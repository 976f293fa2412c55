"""Help centers of a tree that this build did not make: of another build, or of another machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hcgen.builds import extras
from hcgen.builds.cache import Cache
from hcgen.builds.report import ShardReport
from hcgen.builds.trees import ShardEntry, ShardState, remember_shard, sign_of
from hcgen.model.brand import Brand


def shards_in(manifest: dict[str, object], brands: tuple[Brand, ...]) -> Iterator[ShardReport]:
    """The help centers that a tree's manifest names and the project still has."""
    known = manifest.get("brands")
    for brand in brands:
        found = known.get(brand.id) if isinstance(known, dict) else None
        for code in brand.locales:
            if isinstance(found, dict) and code in found:
                try:
                    yield extras.shard_of(brand.id, code, found[code])
                except (KeyError, TypeError, ValueError):
                    continue


def adopted(cache: Cache, tree: Path, report: ShardReport) -> tuple[ShardEntry, ShardState]:
    """A help center in `tree` of which nothing is known but its manifest: its files, read and remembered."""
    home = tree / report.brand
    files: dict[str, str] = {}
    for path in sorted((home / report.locale).rglob("*")):
        if path.is_file():
            files[path.relative_to(tree).as_posix()] = sign_of(path.read_bytes())
    for name in report.assets:
        if (home / name).is_file():
            files[f"{report.brand}/{name}"] = sign_of((home / name).read_bytes())
    state = ShardState({}, files)
    return remember_shard(cache, report.brand, report.locale, "", state, report), state
