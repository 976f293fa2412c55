"""`build`: all shards by workers into a staging folder, the brands' extras, and one step that installs it all."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from hcgen import plugins
from hcgen.builds import extras
from hcgen.builds.install import MANIFEST, forget_rejected, install, link_or_copy, read_manifest, set_aside, staging
from hcgen.builds.report import BuildReport, ShardReport
from hcgen.builds.shard import build_shard
from hcgen.errors import HcgenError
from hcgen.files.strings import theme_folder
from hcgen.model.brand import Brand
from hcgen.model.finding import Severity
from hcgen.model.project import Project
from hcgen.pages.library import Workshop
from hcgen.pages.resolve import identity_findings
from hcgen.render.port import GROUP, Renderer
from hcgen.render.theme import theme_files

Progress = Callable[[int, int], None]
"""Called with (shards done, shards in all)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to build: the brands and languages named, or all; `strict` counts warnings as errors."""

    brands: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    strict: bool = False
    jobs: int = 0
    """Workers; 0 for one a core."""


def wanted_shards(project: Project, wanted: Wanted) -> list[tuple[Brand, str]]:
    """(brand, locale code) of every shard to build. Raises HcgenError's ProjectError for names that do not exist."""
    from hcgen.errors import ProjectError

    known = {brand.id for brand in project.brands}
    codes = {locale.code for locale in project.settings.locales}
    for name, names, what in (
        *((b, known, "brand") for b in wanted.brands),
        *((c, codes, "language") for c in wanted.locales),
    ):
        if name not in names:
            raise ProjectError(f"no {what} is called {name!r}", remedy=f"Use one of: {', '.join(sorted(names))}.")
    return [
        (brand, code)
        for brand in project.brands
        if not wanted.brands or brand.id in wanted.brands
        for code in brand.locales
        if not wanted.locales or code in wanted.locales
    ]


def build(project: Project, out: Path, wanted: Wanted, progress: Progress = lambda done, total: None) -> BuildReport:
    """Builds `project` into `out`, all or what is `wanted`, and installs it unless there are errors.

    Raises OutputError where `out` cannot be used, ProjectError where `wanted` names what is not there.
    """
    started, cpu = time.monotonic(), _cpu()
    # Where `out` is a link, what it leads to is replaced.
    out = out.resolve()
    shards = wanted_shards(project, wanted)
    if not shards:
        from hcgen.errors import ProjectError

        raise ProjectError("no brand has a language that was asked for", remedy="Check --brand and --locale.")
    kept = _kept(read_manifest(out), project, shards)
    with staging(out) as stage:
        reports = list(_run(project, shards, stage, wanted.jobs or os.cpu_count() or 1, progress))
        everything = _in_order(project, [*reports, *kept])
        for shard in kept:
            _carry_over(out / shard.brand, stage / shard.brand, shard)
        _write_extras(project, everything, stage)
        findings = {*project.findings, *identity_findings(project)}
        for report in reports:
            findings |= set(report.findings)
        ordered = tuple(sorted(findings))
        refused = any(one.severity is Severity.ERROR or wanted.strict for one in ordered)
        staged = ""
        if refused:
            staged = str(set_aside(stage, out))
        else:
            install(stage, out)
            forget_rejected(out)
    return BuildReport(
        out=str(out),
        installed=not refused,
        staged=staged,
        shards=tuple(sorted(reports, key=lambda one: (one.brand, one.locale))),
        findings=ordered,
        seconds=round(time.monotonic() - started, 3),
        cpu_seconds=round(_cpu() - cpu, 3),
    )


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _kept(known: dict[str, object], project: Project, shards: Sequence[tuple[Brand, str]]) -> list[ShardReport]:
    """Shards of the installed tree that are not built now and still belong to the project."""
    brands = known.get("brands")
    built = {(brand.id, code) for brand, code in shards}
    kept = []
    for brand in project.brands:
        found = brands.get(brand.id) if isinstance(brands, dict) else None
        for code in brand.locales:
            if (brand.id, code) not in built and isinstance(found, dict) and code in found:
                try:
                    kept.append(extras.shard_of(brand.id, code, found[code]))
                except (KeyError, TypeError, ValueError):
                    continue
    return kept


def _carry_over(old: Path, new: Path, shard: ShardReport) -> None:
    for path in (old / shard.locale).rglob("*"):
        if path.is_file():
            link_or_copy(path, new / path.relative_to(old))
    for name in shard.assets:
        if (old / name).is_file() and not (new / name).exists():
            link_or_copy(old / name, new / name)


def _in_order(project: Project, reports: Sequence[ShardReport]) -> dict[str, list[ShardReport]]:
    known = {(report.brand, report.locale): report for report in reports}
    found = {}
    for brand in project.brands:
        mine = [known[brand.id, code] for code in brand.locales if (brand.id, code) in known]
        if mine:
            found[brand.id] = mine
    return found


def _write_extras(project: Project, shards: dict[str, list[ShardReport]], stage: Path) -> None:
    renderer = plugins.load(GROUP, project.settings.renderer)(project.root)
    theme = theme_folder(project.root)
    names: dict[str, dict[str, str]] = {}
    logos: dict[str, str] = {}
    for brand_id, found in shards.items():
        brand = project.brand(brand_id)
        files = theme_files(theme, brand)
        names[brand_id] = {name: published for name, (published, _) in files.items()}
        stem = brand.look.logo.rpartition("/")[2].rpartition(".")[0]
        logos[brand_id] = next((one for one in found[0].assets if stem and one.startswith(f"assets/{stem}.")), "")
        for published, data in files.values():
            _write(stage / brand_id / published, data)
        for path, data in extras.brand_files(project, brand, found, renderer, names[brand_id], logos[brand_id]):
            target = stage / brand_id / path
            if not target.exists():
                _write(target, data)
        default = brand.default_locale if any(one.locale == brand.default_locale for one in found) else found[0].locale
        shutil.copyfile(stage / brand_id / default / "404.html", stage / brand_id / "404.html")
    for path, data in extras.portal_files(project, shards, renderer, names, logos):
        _write(stage / path, data)
    _write(stage / MANIFEST, extras.manifest(shards))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


# Workers ----------------------------------------------------------------------------------------------------------

# A forked worker finds its project here; nothing is pickled but names and reports.
_SHARED: dict[str, object] = {}


def _end_with(parent: int) -> None:
    """Ends this worker when its parent is gone: nobody would give it work or take its report."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


def _work(brand_id: str, code: str) -> ShardReport:
    project, stage = _SHARED["project"], _SHARED["stage"]
    assert isinstance(project, Project)
    assert isinstance(stage, Path)
    if "workshop" not in _SHARED:
        _SHARED["workshop"] = Workshop(project)
        _SHARED["renderer"] = plugins.load(GROUP, project.settings.renderer)(project.root)
    workshop = _SHARED["workshop"]
    renderer: Renderer = _SHARED["renderer"]  # type: ignore[assignment]
    assert isinstance(workshop, Workshop)
    return build_shard(project, project.brand(brand_id), project.settings.locale(code), workshop, renderer, stage)


def _run(
    project: Project, shards: Sequence[tuple[Brand, str]], stage: Path, jobs: int, progress: Progress
) -> Iterator[ShardReport]:
    _SHARED.clear()
    _SHARED.update(project=project, stage=stage)
    progress(0, len(shards))
    try:
        if jobs == 1 or len(shards) == 1 or "fork" not in multiprocessing.get_all_start_methods():
            for done, (brand, code) in enumerate(shards, 1):
                yield _work(brand.id, code)
                progress(done, len(shards))
            return
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(
            min(jobs, len(shards)), mp_context=context, initializer=_end_with, initargs=(os.getpid(),)
        ) as pool:
            # Largest first, so that no worker is left with the longest shard at the end.
            tasks = {pool.submit(_work, brand.id, code): (brand.id, code) for brand, code in shards}
            for done, task in enumerate(as_completed(tasks), 1):
                try:
                    yield task.result()
                except BrokenProcessPool:
                    brand_id, code = tasks[task]
                    remedy = "Build again with --jobs 1; if it stays, the machine may lack memory."
                    raise HcgenError("a worker died", where=f"{brand_id}/{code}", remedy=remedy) from None
                progress(done, len(shards))
    finally:
        _SHARED.clear()
