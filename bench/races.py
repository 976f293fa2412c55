#!/usr/bin/env python3
"""Races hcgen against its peers on the same pages, and against its own promises.

    python -m bench.races [--cases NAME ...] [--rounds N] [--big] [--corpus own|shared] [--work DIR] [--out DIR]

What a case compares runs in the same round, in turns first and second, always into new folders, on a quiet disk. Ratios
are medians of the rounds' ratios. Results go to OUT/<date>.json, a run of some cases into the day's; then table and
chart are drawn from it (bench/chart.py). A peer that is not there is skipped. Exits 1 where hcgen itself failed.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any

from bench import chart
from bench.corpora import ROOT, SHARED
from bench.ours import Hcgen, Real, middle_and_large
from bench.pages import CORPORA, SIZES, Size, usual_corpus
from bench.peers import TITLES, Hugo, MkDocs, Tools, Track, Zensical
from bench.timing import Failed, Took


@dataclass(frozen=True)
class Case:
    """One line of the results: a step of hcgen in one size, alone, against peers, or against itself in `base`.

    `unit` is what `must` and `aim` count: `ratio` (of wall seconds to the peers'), `cpu` (seconds), `wall` (seconds),
    `mb` (peak memory), `growth` (CPU seconds a page, times those in `base`), `bytes` (an article's page, median).
    """

    name: str
    title: str
    size: str
    step: str = "cold"
    peers: tuple[str, ...] = ()
    unit: str = "ratio"
    must: float | None = None
    aim: float | None = None
    base: str = ""


_HUGO, _FOUND = ("hugo",), ("hugo", "pagefind")
_M365 = "m365-insights"
CASES = (
    Case("cold-S-hugo", "Cold, S", "S", peers=_HUGO, must=1.0, aim=0.5),
    Case("cold-M-hugo", "Cold, M", "M", peers=_HUGO, must=1.0, aim=0.5),
    Case("cold-M-pagefind", "Cold, M", "M", peers=_FOUND, must=1.0, aim=0.5),
    Case("cold-L-pagefind", "Cold, L", "L", peers=_FOUND, must=0.6, aim=0.3),
    Case("cold-M-mkdocs", "Cold, M", "M", peers=("mkdocs",), must=0.08, aim=0.04),
    Case("unchanged-L-cpu", "Nothing changed, L (CPU s)", "L", "unchanged", unit="cpu", must=0.5, aim=0.2),
    Case("unchanged-L", "Nothing changed, L", "L", "unchanged", _HUGO, must=0.02),
    Case("article-L", "One article changed, L", "L", "article", _HUGO, must=0.1, aim=0.03),
    Case("template-L", "A template changed, L", "L", "template", _HUGO, must=0.6, aim=0.3),
    Case("growth-L", "CPU a page, L over M", "L", unit="growth", must=1.15, base="M"),
    Case("growth-big", "CPU a page, 144,352 over M", "big", unit="growth", must=1.15, base="M"),
    Case("memory-M", "Peak memory, M", "M", unit="mb"),
    Case("memory-L", "Peak memory, L", "L", unit="mb", must=700, aim=400),
    Case("memory-big", "Peak memory, 144,352 pages", "big", unit="mb", must=2000, aim=1000),
    Case("bytes-S", "An article's page, S", "S", unit="bytes"),
    Case("bytes-L", "An article's page, L", "L", unit="bytes"),
    Case("bytes-big", "An article's page, 144,352 pages", "big", unit="bytes"),
    Case("title-L", "One title changed, L", "L", "title", _HUGO),
    Case("cold-L-hugo", "Cold, L", "L", peers=_HUGO),
    Case("cold-S-mkdocs", "Cold, S", "S", peers=("mkdocs",)),
    Case("cold-S-zensical", "Cold, S", "S", peers=("zensical",)),
    Case("cold-m365", f"Cold, {_M365}", _M365, unit="wall"),
    Case("unchanged-m365", f"Nothing changed, {_M365}", _M365, "unchanged", unit="wall"),
    Case("article-m365", f"One article changed, {_M365}", _M365, "article", unit="wall"),
)
_ORDER = ("S", "M", "L", _M365, "big")
_MOST_ROUNDS = {"big": 1}
_ROOM_FOR_BIG = 15e9


@dataclass
class Outcome:
    """What the rounds of one size took, by step or peer; sizes of articles' pages; why an entrant dropped out."""

    rounds: list[dict[str, Took]] = field(default_factory=list)
    page_bytes: tuple[int, int] | None = None
    rejected: bool = False
    failures: dict[str, str] = field(default_factory=dict)


def race(track: Track, cases: list[Case], tools: Tools, rounds: int) -> Outcome:
    """Runs all that the cases of one size need, `rounds` times."""
    outcome = Outcome()
    steps, wanted = {case.step for case in cases}, {peer for case in cases for peer in case.peers}
    there = wanted & tools.available()
    outcome.failures = {peer: f"{TITLES[peer]} is not installed" for peer in wanted - there}
    ours = Real(track, steps) if track.size.name == _M365 else Hcgen(track, steps)
    entrants: list[Hcgen | Hugo | MkDocs] = [ours]
    entrants += [Hugo(tools, track, "pagefind" in there)] if "hugo" in there else []
    entrants += [MkDocs(tools, track)] if "mkdocs" in there else []
    entrants += [Zensical(tools, track)] if "zensical" in there else []
    for number in range(-1, rounds):
        took: dict[str, Took] = {}
        for entrant in entrants if number % 2 == 0 else entrants[::-1]:
            try:
                if number < 0:
                    entrant.prepare()
                    continue
                for name, one in entrant.run(number):
                    took[name] = one
                    _say(f"{track.size.name} round {number + 1}, {TITLES.get(name, f'hcgen {name}')}", one)
            except (Failed, OSError, subprocess.CalledProcessError) as fault:
                print(f"FAILED: {entrant.name}, {track.size.name}: {fault}", flush=True)
                outcome.failures[entrant.name] = f"{entrant.name} failed"
        entrants = [entrant for entrant in entrants if entrant.name not in outcome.failures]
        outcome.rounds += [took] if took else []
    outcome.rejected = ours.site != ours.out
    if "bytes" in {case.unit for case in cases} and outcome.rounds:
        sizes = ours.article_bytes()
        outcome.page_bytes = middle_and_large(sizes) if sizes else None
    return outcome


def _say(what: str, took: Took) -> None:
    memory = f"{took.peak_mb:.0f} MB, {took.pages} pages"
    print(f"{what}: {took.wall:.2f} s wall, {took.cpu:.2f} CPU s, {memory}", flush=True)


def _median(every: list[Took]) -> Took:
    wall, cpu, peak = (statistics.median(getattr(one, name) for one in every) for name in ("wall", "cpu", "peak_mb"))
    return Took(wall, cpu, peak, every[0].pages)


def _cpu_per_page(outcome: Outcome) -> float:
    return statistics.median(one["cold"].cpu / one["cold"].pages for one in outcome.rounds if "cold" in one)


def evaluate(case: Case, outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """The case's line: figures, or under `skipped` why there are none."""
    outcome = outcomes[case.size]
    every = [one for one in outcome.rounds if {case.step, *case.peers} <= one.keys()]
    if not every or (case.base and not any("cold" in one for one in outcomes[case.base].rounds)):
        lost = [outcome.failures[name] for name in ("hcgen", *case.peers) if name in outcome.failures]
        return {"skipped": "; ".join(lost) or "no round came to an end"}
    ours = [one[case.step] for one in every]
    line: dict[str, Any] = {"hcgen": _median(ours).as_json(), "rounds": [{"hcgen": one.as_json()} for one in ours]}
    if case.peers:
        theirs = [reduce(Took.then, (one[peer] for peer in case.peers)) for one in every]
        line |= {"peer": _median(theirs).as_json(), "against": " + ".join(TITLES[peer] for peer in case.peers)}
        line["value"] = statistics.median(one.wall / other.wall for one, other in zip(ours, theirs, strict=True))
        line["cpu_ratio"] = statistics.median(one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True))
        for kept, other in zip(line["rounds"], theirs, strict=True):
            kept["peer"] = other.as_json()
    elif case.unit == "growth":
        here, there = _cpu_per_page(outcome), _cpu_per_page(outcomes[case.base])
        line |= {"value": here / there, "note": f"{1000 * there:.2f} → {1000 * here:.2f} CPU ms a page"}
    elif case.unit == "bytes":
        if not outcome.page_bytes:
            return {"skipped": "no article's page was found"}
        line |= {"value": outcome.page_bytes[0], "note": f"95th percentile {outcome.page_bytes[1]:,} bytes"}
    else:
        line["value"] = line["hcgen"][{"cpu": "cpu", "wall": "wall", "mb": "peak_mb"}[case.unit]]
    if case.unit == "wall":
        line["note"] = f"{ours[0].pages:,} pages" + (", not installed" if outcome.rejected else "")
    line["value"] = round(line["value"], 4)
    return line


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def surroundings(peers: dict[str, str]) -> dict[str, Any]:
    """Versions and machine."""
    commit = _said("git", "rev-parse", "--short", "HEAD") or "no commit known"
    changed = ", changed" if _said("git", "status", "--porcelain", "hcgen", "theme") else ""
    version = _said(sys.executable, "-m", "hcgen", "--version").rpartition(" ")[2]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "versions": {"hcgen": f"{version} ({commit}{changed})", "python": platform.python_version(), **peers},
        "machine": {"cores": os.cpu_count(), "memory_gb": round(memory / 1e9, 1), "kernel": platform.release()},
    }


def _record(out: Path, day: str, about: dict[str, Any], lines: dict[str, dict[str, Any]]) -> None:
    """Merges the lines into the day's file and draws table and chart. A skipped case does not undo a measured one."""
    path = out / f"{day}.json"
    known = json.loads(path.read_text("utf-8"))["cases"] if path.is_file() else {}
    lines = {name: line for name, line in lines.items() if "skipped" not in line or "value" not in known.get(name, {})}
    ordered = {case.name: (known | lines)[case.name] for case in CASES if case.name in known | lines}
    out.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"day": day, **about, "cases": ordered}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    chart.draw(path)


def _chosen(options: argparse.Namespace) -> list[Case]:
    """The cases that can run here."""
    chosen = [case for case in CASES if case.name in options.cases] if options.cases else list(CASES)
    free = shutil.disk_usage(options.work).free
    if not options.big:
        chosen = [case for case in chosen if case.size != "big" or case.name in options.cases]
    if free < _ROOM_FOR_BIG and any(case.size == "big" for case in chosen):
        print(f"SKIPPED: 144,352 pages need {_ROOM_FOR_BIG / 1e9:.0f} GB, and {free / 1e9:.0f} GB are free")
        chosen = [case for case in chosen if case.size != "big"]
    if not (SHARED / "corpora" / "hc" / _M365).is_dir() and any(case.size == _M365 for case in chosen):
        print(f"SKIPPED: {_M365} is not beside the checkout")
        chosen = [case for case in chosen if case.size != _M365]
    return chosen


def run(options: argparse.Namespace, folder: Path) -> bool:
    """Runs the chosen cases below `folder`, recording after each size; whether hcgen never failed."""
    chosen, tools, day = _chosen(options), Tools(options.work / "peers"), f"{datetime.now(UTC):%Y-%m-%d}"
    about = surroundings(tools.install({peer for case in chosen for peer in case.peers}))
    compileall.compile_dir(ROOT / "hcgen", quiet=1)
    outcomes: dict[str, Outcome] = {}
    needed = [name for name in _ORDER if any(name in (case.size, case.base) for case in chosen)]
    for name in needed:
        size = SIZES.get(name, Size(name, 0, 0))
        track = Track(folder / name, size, name if name == _M365 else options.corpus)
        cases = [case for case in chosen if case.size == name]
        rounds = min(options.rounds, _MOST_ROUNDS.get(name, options.rounds))
        what = f"{size.pages:,} pages of the {track.corpus} corpus" if size.pages else "real articles"
        print(f"{name}: {what}, rounds: {rounds}", flush=True)
        outcomes[name] = race(track, cases, tools, rounds)
        ready = [case for case in cases if not case.base or case.base in outcomes]
        when = {"at": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}", "corpus": track.corpus, "pages": size.pages}
        made_by = {"hcgen_version": about["versions"]["hcgen"]}
        lines = {case.name: asdict(case) | evaluate(case, outcomes) | when | made_by for case in ready}
        _record(options.out, day, about, lines)
    return not any("hcgen" in outcome.failures for outcome in outcomes.values())


def main() -> int:
    """Runs the races."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", choices=[case.name for case in CASES], default=[], metavar="NAME")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--big", action="store_true", help="the cases of 144,352 pages, too")
    parser.add_argument("--corpus", choices=CORPORA, default=usual_corpus())
    parser.add_argument("--work", type=Path, default=ROOT / "bench" / "work")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results")
    options = parser.parse_args()
    options.work, options.out = options.work.resolve(), options.out.resolve()
    folder = options.work / f"races-{os.getpid()}"
    folder.mkdir(parents=True)
    # As after an installation: nobody's modules are compiled within a timed run.
    compileall.compile_dir(ROOT / "hcgen", quiet=2)
    try:
        return 0 if run(options, folder) else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
