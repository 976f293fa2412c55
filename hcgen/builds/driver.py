"""One build, step by step: what is asked for, the sources, and then the maker."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from hcgen.builds.cache import Cache
from hcgen.builds.glance import Glance, glance_name, stamp_of_tree
from hcgen.builds.install import desk, read_manifest
from hcgen.builds.plan import next_change
from hcgen.builds.renderers import forget_renderers, renderer_of
from hcgen.builds.report import BuildReport
from hcgen.builds.sources import read_sources
from hcgen.builds.wanted import Wanted, wanted_shards
from hcgen.errors import ProjectError
from hcgen.files.project import Frame, read_frame


class Driver(Struct, frozen=True):
    """One build of the project in `root` into `out`, as of the moment `now`."""

    root: Path
    out: Path
    wanted: Wanted
    now: datetime
    progress: Callable[[int, int], None]
    cache: Cache

    def build(self, look: str) -> BuildReport:
        """Builds and installs; `look` is what the sources looked like before, "" where that says nothing."""
        started = time.monotonic()
        forget_renderers()
        frame = read_frame(self.root)
        shards = wanted_shards(frame.brands, frame.settings.locales, self.wanted)
        if not shards:
            raise ProjectError("no brand has a language that was asked for", remedy="Check --brand and --locale.")
        # A folder of others is refused before anything is put beside it; what counts is what stands there then.
        manifest, stamp = read_manifest(self.out), stamp_of_tree(self.out)
        jobs = self.wanted.jobs or os.cpu_count() or 1
        with desk(self.out) as places:
            if stamp_of_tree(self.out) != stamp:
                manifest = read_manifest(self.out)
            reading = read_sources(frame, self.cache, self.now, jobs, self.progress, lambda: _prepare(frame))
            timings = {"read": round(time.monotonic() - started, 3)}
            try:
                from hcgen.builds.maker import Maker

                maker = Maker(self.out, self.wanted, jobs, self.progress, self.cache, frame, reading, timings)
                report = maker.make(shards, places, manifest)
            finally:
                reading.save(self.cache)
        if report.installed and look:
            glance = Glance(look, stamp_of_tree(self.out), next_change(reading.project), self.now, report)
            self.cache.put("glance", {glance_name(self.out, self.wanted): glance})
        maker.prune()
        return report


def _prepare(frame: Frame) -> None:
    """What the maker needs is loaded while workers read."""
    import hcgen.builds.maker  # noqa: F401

    renderer_of(frame.settings.renderer, frame.root).warm()
