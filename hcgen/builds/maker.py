"""From what was read to an installed tree: plan, shards by workers, the rest of the tree, and its installation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from hcgen.builds import extras
from hcgen.builds.cache import Cache
from hcgen.builds.crew import run
from hcgen.builds.finishing import Finisher
from hcgen.builds.index import KIND, terms_name
from hcgen.builds.install import MANIFEST, Desk, remove_tree
from hcgen.builds.kept import adopted, shards_in
from hcgen.builds.plan import Planner
from hcgen.builds.renderers import renderer_of
from hcgen.builds.report import BuildReport, ShardReport, united
from hcgen.builds.shard import Keep, Result, Shop, Task, perform
from hcgen.builds.sources import Reading, Ready, fragment_name
from hcgen.builds.stage import Stage
from hcgen.builds.trees import Extras, ShardEntry, ShardState, Tree, merged, remember_shard
from hcgen.builds.wanted import Shards, Wanted, share_of
from hcgen.files.project import Frame
from hcgen.files.theme import theme_folder
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding, Severity
from hcgen.pages.library import Workshop
from hcgen.pages.resolve import identity_findings
from hcgen.render.theme import theme_digest

Place = tuple[str, str]
"""A shard by brand and language."""
# Pages that a share of a shard should have at least, and how many (new ones, known ones) are worth no worker.
_SHARE_PAGES, _FEW_NEW, _FEW_KNOWN = 100, 100, 1000


class Maker:
    """One build. What `__init__` leaves empty fills up as it goes."""

    def __init__(
        self,
        out: Path,
        wanted: Wanted,
        jobs: int,
        progress: Callable[[int, int], None],
        cache: Cache,
        frame: Frame,
        reading: Reading,
        timings: dict[str, float],
    ) -> None:
        self.out, self.wanted, self.jobs, self.progress = out, wanted, jobs, progress
        self.cache, self.frame, self.reading = cache, frame, reading
        self.timings = timings | {"search_cpu": round(reading.search_seconds, 3)}
        ready = Ready(reading.records, cache)
        self.workshop = Workshop(reading.project, ready)
        self.planner = Planner(reading, self.workshop, ready, theme_digest(theme_folder(frame.root)))
        # The tree that is served, where the cache knows it; and the one that is in the end.
        self.before: Tree | None = None
        self.tree: Tree | None = None
        # What is asked for, in the project's order.
        self.shards: list[Place] = []
        self.inputs: dict[Place, str] = {}
        self.entries: dict[Place, ShardEntry] = {}
        self.reports: dict[Place, ShardReport] = {}
        # States of the new tree and of the served one, where they had to be looked at.
        self.states: dict[Place, ShardState] = {}
        self.old_states: dict[Place, ShardState] = {}
        self.rendered = self.written = 0
        self._mark = time.monotonic()

    def make(self, shards: Shards, places: Desk, manifest: dict[str, object]) -> BuildReport:
        """Builds `shards` and installs the tree that they make with what `manifest` says is there."""
        self._plan(shards, manifest)
        self._time("plan")
        return self._make(places)

    @property
    def is_share(self) -> bool:
        """Whether this is one of several builds that are put together later."""
        return self.wanted.share[1] > 1

    def _time(self, step: str) -> None:
        now = time.monotonic()
        self.timings[step] = round(now - self._mark, 3)
        self._mark = now

    # Plan -----------------------------------------------------------------------------------------------------------

    def _plan(self, wanted: Shards, manifest: dict[str, object]) -> None:
        """Which shards there are, and which of them are as the served tree has them."""
        weights = {(brand.id, code): len(self.workshop.selection(brand, code).articles) for brand, code in wanted}
        mine = share_of(wanted, weights, self.wanted.share)
        self.shards = [(brand.id, code) for brand, code in mine]
        self.inputs = {(brand.id, code): self.planner.inputs(brand, code) for brand, code in mine}
        self.before = self.cache.get("tree", str(manifest.get("tree", "")), Tree) if manifest else None
        for place in self.shards:
            entry = self._old_entry(place)
            if entry and entry.inputs == self.inputs[place]:
                self._keep(place, entry)
        for report in () if self.is_share else shards_in(manifest, self.frame.brands):
            place = (report.brand, report.locale)
            if place not in self.shards:
                entry = self._old_entry(place)
                if not entry or not self._keep(place, entry):
                    self.entries[place], self.states[place] = adopted(self.cache, self.out, report)
                    self.reports[place] = report

    def _old_entry(self, place: Place) -> ShardEntry | None:
        return self.before.entry(*place) if self.before else None

    def _keep(self, place: Place, entry: ShardEntry) -> bool:
        """Takes a shard over as it is, if the cache has all of it."""
        report = self.cache.get("report", entry.report, ShardReport)
        if report is None or not self.cache.has("shard", entry.state):
            return False
        self.entries[place], self.reports[place] = entry, report
        return True

    def _state(self, entry: ShardEntry) -> ShardState:
        place = (entry.brand, entry.locale)
        if place not in self.states:
            self.states[place] = self.cache.get("shard", entry.state, ShardState) or ShardState({}, {})
        return self.states[place]

    # Make -----------------------------------------------------------------------------------------------------------

    def _make(self, places: Desk) -> BuildReport:
        stale = [place for place in self.shards if place not in self.entries]
        dropped = [
            entry for entry in (self.before.shards if self.before else ())
            if (entry.brand, entry.locale) not in {*self.shards, *self.entries}
        ]  # fmt: skip
        is_same_tree = self.before is not None and not stale and not dropped
        if is_same_tree and not self.is_share and self._finisher().is_current() and self._is_fine():
            remove_tree(places.rejected)
            self.tree = self.before
            return self._report(installed=True)
        is_known = self._remember(stale, dropped)
        stage = None
        if self.before and is_known:
            # Changed pages go to a copy of the served tree; where none stands by, what stays is linked from it.
            stage = places.standby_stage(self.cache, self.before.id)
        served = None if stage else self.out
        if served and (lost := self._lost()):
            stale, is_known = [*stale, *lost], False
        stage = stage or places.empty_stage()
        self._build_shards(stale, stage, served)
        self._time("pages")
        made = {} if self.is_share else self._finisher().extras(stage, served)
        tree = Tree(tuple(self.entries[place] for place in self._order()), made)
        changed = self._changed(stale, dropped, tree.extras)
        if served is None:
            stage.remove(self._gone(changed, tree.extras))
        stage.write(MANIFEST, extras.manifest(self._by_brand(), tree.id, self._share()))
        self._time("finish")
        if not self._is_fine():
            return self._report(installed=False, staged=str(places.set_aside()))
        with self.cache.transaction():
            self.cache.put("tree", {tree.id: tree})
        self.tree = tree
        old = self.before.id if self.before else ""
        places.install(self.cache, old, tree.id, {*changed, MANIFEST} if is_known else None)
        remove_tree(places.rejected)
        self._time("install")
        return self._report(installed=True)

    def _remember(self, stale: Iterable[Place], dropped: Iterable[ShardEntry]) -> bool:
        """Looks up what the served tree has of shards that change; whether the cache knows all of it.

        A file that nobody knows would stay in a copy of that tree.
        """
        entries = [entry for place in stale if (entry := self._old_entry(place))]
        for entry in (*entries, *dropped):
            if state := self.cache.get("shard", entry.state, ShardState):
                self.old_states[entry.brand, entry.locale] = state
        return all((entry.brand, entry.locale) in self.old_states for entry in (*entries, *dropped))

    def _lost(self) -> list[Place]:
        """Shards that were to be linked, but whose files the cache has lost: those to make again."""
        lost = [place for place, entry in self.entries.items() if not self._state(entry).pages]
        for place in lost:
            if place in self.shards:
                del self.entries[place], self.states[place]
            else:
                self.entries[place], self.states[place] = adopted(self.cache, self.out, self.reports[place])
        return [place for place in lost if place in self.shards]

    def _build_shards(self, stale: list[Place], stage: Stage, served: Path | None) -> None:
        """Plans and writes every stale shard, and links the others where the stage does not have them yet."""
        shop = Shop(self.reading, self.workshop, self.cache, stage, served)
        tasks: list[Task | Keep] = []
        work = 0.0
        for place in stale:
            old = self.old_states.get(place)
            pages = len(self.workshop.selection(self.frame_brand(place[0]), place[1]).articles)
            work += pages / (_FEW_KNOWN if old else _FEW_NEW)
            parts = max(1, min(-(-self.jobs // len(stale)), pages // _SHARE_PAGES))
            tasks += [Task(shop, *place, old, part, parts) for part in range(parts)]
        if served:
            tasks += [Keep(shop, self._state(entry)) for entry in self.entries.values()]
        if tasks:
            # Loaded here, the renderer and what it stands on is there in every forked worker.
            renderer_of(self.frame.settings.renderer, self.frame.root).warm()
        found: dict[Place, list[Result]] = {}
        self.progress(0, len(tasks))
        jobs = self.jobs if work > 1 or self.wanted.jobs else 1
        for done, result in enumerate(run(perform, tasks, jobs, meanwhile=lambda: self.reading.save(self.cache)), 1):
            if isinstance(result, Result):
                found.setdefault((result.brand, result.locale), []).append(result)
            self.progress(done, len(tasks))
        with self.cache.transaction():
            for place in stale:
                self._take(place, found[place])

    def _take(self, place: Place, results: list[Result]) -> None:
        """One shard's results, its shares put together."""
        results = sorted(results, key=lambda one: one.part)
        state, report = merged([one.state for one in results]), united([one.report for one in results])
        self.states[place], self.reports[place] = state, report
        self.entries[place] = remember_shard(self.cache, *place, self.inputs[place], state, report)
        self.rendered += sum(one.rendered for one in results)
        self.written += sum(one.written for one in results)
        for one in results:
            self.cache.put_encoded(KIND, one.terms)
        search = self.timings["search_cpu"] + sum(one.search_seconds for one in results)
        self.timings["search_cpu"] = round(search, 3)

    def frame_brand(self, brand_id: str) -> Brand:
        """The brand `brand_id`."""
        return self.reading.project.brand(brand_id)

    def _finisher(self) -> Finisher:
        entries = [self.entries[place] for place in self._order()]
        return Finisher(self.frame, self.planner.theme, self.cache, entries, self._by_brand(), self.before)

    def _share(self) -> dict[str, str] | None:
        """What the manifest of a share says of it."""
        number, of = self.wanted.share
        return {"share": f"{number}/{of}", "sources": self.planner.sources()} if self.is_share else None

    def _order(self) -> list[Place]:
        """All shards of the new tree, in the project's order."""
        return [
            (brand.id, code)
            for brand in self.frame.brands
            for code in brand.locales
            if (brand.id, code) in self.entries
        ]

    def _by_brand(self) -> dict[str, list[ShardReport]]:
        found: dict[str, list[ShardReport]] = {}
        for place in self._order():
            found.setdefault(place[0], []).append(self.reports[place])
        return found

    # Compare --------------------------------------------------------------------------------------------------------

    def _changed(self, stale: Iterable[Place], dropped: Iterable[ShardEntry], made: Mapping[str, Extras]) -> set[str]:
        """Paths at which the new tree may differ from the served one."""
        pairs: list[tuple[Mapping[str, str], Mapping[str, str]]] = []
        for place in stale:
            old = self.old_states.get(place)
            pairs.append((old.outputs() if old else {}, self.states[place].outputs()))
        for entry in dropped:
            gone = self.old_states.get((entry.brand, entry.locale))
            pairs.append((gone.outputs() if gone else {}, {}))
        before = dict(self.before.extras) if self.before else {}
        for name in before.keys() | made.keys():
            pairs.append((before[name].files if name in before else {}, made[name].files if name in made else {}))
        return {path for old, new in pairs for path in old.keys() | new.keys() if old.get(path) != new.get(path)}

    def _gone(self, changed: Iterable[str], made: Mapping[str, Extras]) -> list[str]:
        """Those of `changed` that the new tree does not have. Languages of a brand share its files."""
        changed = set(changed)
        brands = {path.partition("/")[0] for path in changed}
        for entry in self.entries.values():
            if entry.brand in brands:
                changed -= self._state(entry).outputs().keys()
        for one in made.values():
            changed -= one.files.keys()
        return sorted(changed)

    # Report ---------------------------------------------------------------------------------------------------------

    def _findings(self) -> tuple[Finding, ...]:
        project = self.reading.project
        found = {*project.findings, *identity_findings(project)}
        for place in self.shards:
            found |= set(self.reports[place].findings)
        return tuple(sorted(found))

    def _is_fine(self) -> bool:
        return not any(one.severity is Severity.ERROR or self.wanted.strict for one in self._findings())

    def _report(self, *, installed: bool, staged: str = "") -> BuildReport:
        return BuildReport(
            out=str(self.out),
            installed=installed,
            staged=staged,
            shards=tuple(self.reports[place].summary for place in sorted(self.shards)),
            findings=self._findings(),
            read=self.reading.read,
            rendered=self.rendered,
            written=self.written,
            timings=self.timings,
        )

    def prune(self) -> None:
        """Once a day: what this build stands on is marked as wanted, what nobody wants any more goes."""
        pruned = self.cache.get("state", "pruned", int)
        if pruned == self.cache.today:
            return
        if pruned is None:
            # A new cache: all that it has is wanted.
            self.cache.put("state", {"pruned": self.cache.today})
            return
        with self.cache.transaction():
            records = self.reading.records.values()
            names = [fragment_name(one.sign) for record in records for one in record.kept]
            self.cache.touch("fragment", names)
            self.cache.touch("html", names)
            # Terms of other languages and facts are made again once in so many days.
            self.cache.touch(KIND, [terms_name(sign, code) for sign, code in self._written()])
            for kind in ("sources", "conversions", "glance", "standby"):
                self.cache.touch_all(kind)
            self.cache.touch("shard", [entry.state for entry in self.entries.values()])
            self.cache.touch("report", [entry.report for entry in self.entries.values()])
            self.cache.touch("tree", [self.tree.id] if self.tree else [])
            self.cache.prune()
            self.cache.put("state", {"pruned": self.cache.today})

    def _written(self) -> Iterator[tuple[str, str]]:
        """The sign of each text, with the language that it is written in."""
        for record in self.reading.records.values():
            if record.content.article:
                for one in record.kept:
                    yield one.sign, record.content.article.locale
