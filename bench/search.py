#!/usr/bin/env python3
"""Races the search on real help articles against Pagefind, MiniSearch and Material's lunr.

    python -m bench.search [CASE ...] [--engines NAME ...] [--pages N] [--per-class N] [--work DIR] [--out DIR]

Known-item queries come from ../shared/bench/search and are scored as score.py there does. Titles and headings are
indexed, H1 and description are held back, as the classes h1 and descr ask for. All engines index the same documents
and are asked in Chromium, over HTTP. Bytes are brotli's, scripts included. Writes search-DATE.json and, from it,
search.md and search.svg (bench/search_chart.py).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.corpora import ROOT, SHARED
from bench.search_browser import Visitors, brotli, visitors
from bench.search_chart import draw
from bench.search_engines import ENGINES, Workshop
from hcgen.search.documents import Document, Section

# Sources (corpus, language), most pages. Queries are made from the first source, in its language. The first seven are
# those of the promises; two more guard against tuning to them; the last is as large as a help center becomes.
M365, BC, ARDUINO = "m365-insights", "bc-regions", "arduino-help"
CASES: dict[str, tuple[list[tuple[str, str]], int]] = {
    "de": ([(M365, "de")], 1_000),
    "fr": ([(M365, "fr")], 1_000),
    "ja": ([(M365, "ja")], 1_000),
    "ar": ([(M365, "ar")], 1_000),
    "nl": ([(M365, "nl")], 1_000),
    "en": ([(ARDUINO, "en")], 1_000),
    "es": ([(BC, "es")], 1_000),
    "de-bc": ([(BC, "de")], 1_000),
    "en-bc": ([(BC, "en")], 1_000),
    "de-4000": ([(M365, "de"), (BC, "de"), (M365, "nl"), (ARDUINO, "en")], 4_000),
}
_QUERIES = SHARED / "bench" / "search" / "queries.py"
# A mean over classes counts a class of one query as much as one of sixty; below this it is noise.
_LEAST_QUERIES = 10
# Visitors whose bytes are counted. An engine of one file sends everyone the same.
_VISITORS = {"hcgen": 40, "pagefind": 20, "minisearch": 2, "material": 2}


def main() -> int:
    """Runs the cases and prints a table; writes all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--engines", nargs="*", default=list(ENGINES), choices=ENGINES)
    parser.add_argument("--pages", type=int, default=10_000, help="at most so many pages a case")
    parser.add_argument("--per-class", type=int, default=60)
    parser.add_argument("--work", type=Path, default=ROOT / "bench" / "work")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if not _QUERIES.is_file():
        print("no queries beside the checkout (../shared/bench/search): nothing is measured")
        return 0
    workshop = Workshop(args.work.resolve())
    # Before the first case: a commit that is made meanwhile is not what was measured.
    note = _note(workshop.install(args.engines))
    found: dict[str, Any] = {}
    for name in args.cases or CASES:
        found[name] = measure(name, args.engines, workshop, args.pages, args.per_class)
        for engine, one in found[name]["engines"].items():
            print(line(name, engine, found[name]["pages"], one), flush=True)
    if args.out:
        path = args.out / f"search-{datetime.now(UTC).date().isoformat()}.json"
        path.write_text(json.dumps(note | {"cases": found}, indent=1) + "\n", "utf-8")
        draw(path)
    return 0


def _note(versions: dict[str, str]) -> dict[str, Any]:
    def say(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()

    versions = {"hcgen": say("git", "rev-parse", "--short", "HEAD"), "pystemmer": version("pystemmer"), **versions}
    versions |= {"python": platform.python_version(), "chromium": say("/usr/bin/chromium", "--version").split()[1]}
    return {"day": datetime.now(UTC).date().isoformat(), "versions": versions}


def measure(name: str, engines: Sequence[str], workshop: Workshop, pages: int, per_class: int) -> dict[str, Any]:
    """All figures of one case, all engines in one run."""
    documents, asked = case(name, pages, per_class)
    code = CASES[name][0][0][1]
    queries = [query for _, query, _ in asked]
    workshop.folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="search-", dir=workshop.folder))
    try:
        costs = {engine: workshop.build(engine, documents, code, folder / engine) for engine in engines}
        found = {}
        with visitors(folder) as browser:
            for engine in engines:
                rankings = browser.rankings(engine, queries, fresh=engine == "hcgen")
                rows = [(kind, wanted, row) for (kind, _, wanted), row in zip(asked, rankings, strict=True)]
                times = browser.times(engine, queries)
                found[engine] = {
                    "classes": scores(rows),
                    **_bytes(browser, engine, queries),
                    "index_bytes": _index_size(folder / engine),
                    "p50_ms": round(statistics.median(times), 2),
                    "p95_ms": round(statistics.quantiles(times, n=20)[-1], 2),
                    **costs[engine],
                }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"pages": len(documents), "queries": len(queries), "engines": found}


def case(name: str, pages: int, per_class: int) -> tuple[list[Document], list[tuple[str, str, str]]]:
    """(the documents, (class, query, address of its article) of each query)."""
    sources, most = CASES[name]
    maker = _maker()
    documents: list[Document] = []
    asked: list[tuple[str, str, str]] = []
    for corpus, code in sources:
        root = SHARED / "corpora" / "hc" / corpus / "content" / code
        articles = list(maker.read(root))[: min(most, pages) - len(documents)]
        where = "" if not documents else f"{corpus}-{code}/"
        documents += [document(root, article, maker.plain, where) for article in articles]
        if not asked:
            made = maker.queries(articles, code, per_class)
            asked = [(kind, " ".join(text.split()), one["id"]) for kind, text, one in made]
    return documents, [one for one in asked if one[1]]


def document(root: Path, article: dict[str, Any], plain: Any, where: str = "") -> Document:
    """The article as it is indexed here: without its H1 and its description."""
    text = (root / f"{article['id']}.md").read_text("utf-8", "replace").lstrip("\ufeff")
    text = re.sub(r"^---\s*\n.*?\n---\s*\n", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"```.*?```|<!--.*?-->", " ", text, flags=re.DOTALL)
    sections: list[tuple[str, list[str]]] = [("", [])]
    for row in text.split("\n"):
        heading = re.match(r"(#{1,3})\s+(.*?)\s*#*\s*$", row)
        if not heading:
            sections[-1][1].append(row)
        elif len(heading[1]) > 1:
            sections.append((plain(heading[2]), []))
    found = (
        Section(f"s{at}" if title else "", title, plain("\n".join(rows))) for at, (title, rows) in enumerate(sections)
    )
    return Document(url=where + article["id"], title=article["title"], sections=tuple(found))


def scores(rankings: list[tuple[str, str, list[str]]]) -> dict[str, dict[str, float]]:
    """MRR@10, success@3 and the share without a result by class, as score.py has them; of the classes `mean`, of those
    that are more than noise `mean10`, and of the queries `queries`."""
    rows: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for kind, wanted, results in rankings:
        place = results.index(wanted) + 1 if wanted in results else 0
        rows[kind].append((1 / place if place else 0, float(0 < place <= 3), float(not results)))
    keys = ("mrr", "s3", "none")

    def mean(hits: list[tuple[float, float, float]]) -> dict[str, float]:
        return {key: round(statistics.mean(hit[at] for hit in hits), 4) for at, key in enumerate(keys)}

    found = {kind: {"n": len(hits), **mean(hits)} for kind, hits in sorted(rows.items())}
    counted = {"mean": list(found.values()), "mean10": [one for one in found.values() if one["n"] >= _LEAST_QUERIES]}
    for name, classes in counted.items():
        if classes:
            found[name] = {key: round(statistics.mean(one[key] for one in classes), 4) for key in keys}
    found["queries"] = mean([hit for hits in rows.values() for hit in hits])
    return found


def line(name: str, engine: str, pages: int, found: dict[str, Any]) -> str:
    """One engine of a case in three lines."""
    classes, first, later = found["classes"], found["first"], found["later"]
    kinds = " ".join(f"{kind} {one['mrr']:.2f}" for kind, one in classes.items() if "n" in one)
    mean = classes.get("mean10", classes["mean"])
    article = f", one article {found['article_cpu_s']} s" if "article_cpu_s" in found else ""
    return (
        f"{name:8} {engine:10} {pages:5} pages  mrr {mean['mrr']:.3f} s3 {mean['s3']:.3f} none {mean['none']:.3f}"
        f" (all classes {classes['mean']['mrr']:.3f}, queries {classes['queries']['mrr']:.3f})"
        f"  index {found['index_bytes'] / 1000:.0f} KB  first {first['bytes'] / 1000:.0f} KB in"
        f" {first['requests']:.1f} (p95 {first['bytes_p95'] / 1000:.0f} in {first['requests_p95']:.0f})"
        f"  later {later['bytes'] / 1000:.0f} KB (p95 {later['bytes_p95'] / 1000:.0f})"
        f"  p50 {found['p50_ms']} p95 {found['p95_ms']} ms  cpu {found.get('cold_cpu_s', '-')} s{article}\n"
        f"         {kinds}"
    )


def _bytes(browser: Visitors, engine: str, queries: Sequence[str]) -> dict[str, dict[str, float]]:
    """Bytes and requests of first and of later queries, of visitors spread over all classes."""
    many = min(_VISITORS[engine], len(queries))
    places = [at * len(queries) // many for at in range(many)]
    visits = [browser.visit(engine, n, queries[at], queries[(at + 7) % len(queries)]) for n, at in enumerate(places, 1)]
    sizes = browser.weigh(path for visit in visits for asked in visit for path in asked)
    rows = [[(sum(sizes[path] for path in asked), len(asked)) for asked in visit] for visit in visits]
    return {"first": _spread([first for first, _ in rows]), "later": _spread([later for _, later in rows])}


def _spread(rows: list[tuple[int, int]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for place, key in enumerate(("bytes", "requests")):
        values = sorted(row[place] for row in rows)
        found[key] = round(statistics.mean(values), 1)
        found[f"{key}_p95"] = values[int(len(values) * 0.95)]
    return found


def _index_size(folder: Path) -> int:
    """All that searches may load, in brotli; pages are none of it."""
    files = [str(path) for path in folder.rglob("*") if path.is_file() and path.suffix not in (".html", ".css", ".map")]
    wanted = [path for path in files if "/lunr/" not in path and "pagefind-" not in Path(path).name]
    return sum(brotli(wanted).values())


def _maker() -> Any:
    spec = importlib.util.spec_from_file_location("queries", _QUERIES)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
