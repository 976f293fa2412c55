"""`assemble`: trees that several machines built in shares become the one tree that a single build makes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field

from hcgen.builds import extras
from hcgen.builds.cache import Cache, cache_folder
from hcgen.builds.finishing import Finisher
from hcgen.builds.install import MANIFEST, desk, read_manifest, remove_tree
from hcgen.builds.kept import adopted, shards_in
from hcgen.builds.report import BuildReport, ShardReport
from hcgen.builds.stage import Stage
from hcgen.builds.trees import ShardEntry, Tree
from hcgen.errors import OutputError
from hcgen.files.project import Frame, read_frame
from hcgen.files.theme import theme_folder
from hcgen.render.theme import theme_digest


def assemble_parts(root: Path, parts: Sequence[Path], out: Path) -> BuildReport:
    """Installs in `out` the tree that the shares in the folders `parts` make together, for the project in `root`.

    Raises OutputError where a folder is no share, a share is missing, or shares were built from different sources.
    """
    started = time.monotonic()
    out = out.resolve()
    frame = read_frame(root.resolve())
    shares = [_Share(folder.resolve(), read_manifest(folder.resolve())) for folder in parts]
    _refuse_gaps(shares)
    read_manifest(out)
    cache = Cache(cache_folder(frame.root))
    try:
        with desk(out) as places:
            assembly = _Assembly(frame, cache, places.empty_stage())
            for share in shares:
                assembly.take(share)
            tree = assembly.finish()
            with cache.transaction():
                cache.put("tree", {tree.id: tree})
            places.install(cache, "", tree.id, None)
            remove_tree(places.rejected)
    finally:
        cache.close()
    summaries = tuple(assembly.reports[place].summary for place in sorted(assembly.reports))
    return BuildReport(str(out), True, "", summaries, (), seconds=round(time.monotonic() - started, 3))


class _Share(Struct, frozen=True):
    folder: Path
    manifest: dict[str, object]


def _refuse_gaps(shares: Sequence[_Share]) -> None:
    """Raises OutputError unless `shares` are all shares of one build."""
    wanted: set[str] = set()
    for share in shares:
        name, _, of = str(share.manifest.get("share", "")).partition("/")
        if not (name.isdigit() and of.isdigit()):
            remedy = "Name folders that `hcgen build --shard K/N --out FOLDER` made."
            raise OutputError("the folder holds no share of a build", where=str(share.folder), remedy=remedy)
        wanted = wanted or {f"{number}/{of}" for number in range(1, int(of) + 1)}
        if share.manifest.get("sources") != shares[0].manifest.get("sources") or f"{name}/{of}" not in wanted:
            remedy = "Build all shares from one commit, with the same --shard N, --now, --brand and --locale."
            raise OutputError("the share was built from other sources or twice", where=str(share.folder), remedy=remedy)
        wanted = (wanted - {f"{name}/{of}"}) or {"none"}
    if wanted != {"none"}:
        missing = ", ".join(sorted(wanted))
        remedy = f"Build it with --shard {sorted(wanted)[0]} and name its folder, too."
        raise OutputError(f"the share {missing} is missing", where=str(shares[0].folder), remedy=remedy)


class _Assembly(Struct):
    frame: Frame
    cache: Cache
    stage: Stage
    entries: dict[tuple[str, str], ShardEntry] = field(default_factory=dict)
    reports: dict[tuple[str, str], ShardReport] = field(default_factory=dict)

    def take(self, share: _Share) -> None:
        """Links all files of one share."""
        for report in shards_in(share.manifest, self.frame.brands):
            place = (report.brand, report.locale)
            self.entries[place], state = adopted(self.cache, share.folder, report)
            self.reports[place] = report
            for path in state.outputs():
                self.stage.link(share.folder / path, path)

    def finish(self) -> Tree:
        """Adds what belongs to brands and to all of them."""
        order = [
            (brand.id, code)
            for brand in self.frame.brands
            for code in brand.locales
            if (brand.id, code) in self.entries
        ]
        by_brand: dict[str, list[ShardReport]] = {}
        for place in order:
            by_brand.setdefault(place[0], []).append(self.reports[place])
        entries = tuple(self.entries[place] for place in order)
        theme = theme_digest(theme_folder(self.frame.root))
        made = Finisher(self.frame, theme, self.cache, entries, by_brand, None).extras(self.stage, None)
        tree = Tree(entries, made)
        self.stage.write(MANIFEST, extras.manifest(by_brand, tree.id))
        return tree
