"""`build`: a look at whether anything changed; if so, the driver makes it again, and one step installs it all."""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from hcgen.builds.cache import Cache, DamagedCacheError, cache_folder
from hcgen.builds.glance import unchanged
from hcgen.builds.report import BuildReport
from hcgen.builds.wanted import Wanted

Progress = Callable[[int, int], None]
"""Called with (parts done, parts in all) of one step after another."""


def build(
    root: Path,
    out: Path,
    wanted: Wanted,
    now: datetime | None = None,
    progress: Progress = lambda done, total: None,
    *,
    use_cache: bool = True,
) -> BuildReport:
    """Builds the project in `root` into `out`, all or what is `wanted`, and installs it unless there are errors.

    Without `use_cache` nothing of earlier builds is used and nothing is kept for later ones. Raises OutputError where
    `out` cannot be used, ProjectError where the project cannot be read or `wanted` names what is not there.
    """
    started, cpu = time.monotonic(), _cpu()
    # Where `out` is a link, what it leads to is replaced.
    root, out = root.resolve(), out.resolve()
    now = now or datetime.now(UTC)
    with _memory(root, use_cache) as cache:
        look, report = unchanged(cache, root, out, wanted, now)
        if report is not None:
            report = replace(report, read=0, rendered=0, written=0, timings={})
        else:
            # Imported late: what follows stands on libraries that a look does not need.
            with _without_collector():
                from hcgen.builds.driver import Driver

                try:
                    report = Driver(root, out, wanted, now, progress, cache).build(look)
                except DamagedCacheError:
                    report = Driver(root, out, wanted, now, progress, cache).build(look)
    return replace(report, seconds=round(time.monotonic() - started, 3), cpu_seconds=round(_cpu() - cpu, 3))


@contextmanager
def _memory(root: Path, use_cache: bool) -> Iterator[Cache]:
    """The project's cache, or an empty one for this build alone."""
    if use_cache:
        cache = Cache(cache_folder(root))
        try:
            yield cache
        finally:
            cache.close()
        return
    with tempfile.TemporaryDirectory(prefix="hcgen-") as folder:
        cache = Cache(Path(folder))
        try:
            yield cache
        finally:
            cache.close()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nothing is searched for cycles meanwhile: a build makes few, and looking would touch pages that forks share."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
