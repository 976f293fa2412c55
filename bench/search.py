#!/usr/bin/env python3
"""Measures the search on real help articles: relevance, bytes, requests, times.

    python -m bench.search [CASE ...] [--pages N] [--per-class N] [--out FILE]

Known-item queries come from ../shared/bench/search and are scored as score.py there does. Titles and headings are
indexed, H1 and description are held back, as the classes h1 and descr ask for. Each query is a visitor's first.
The script that a browser gets runs in Node.js. Bytes are brotli's, the script's among those of a first query.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.corpora import ROOT, SHARED
from hcgen.search.analyse import Analyser
from hcgen.search.documents import Document, Section, analysed
from hcgen.search.index import index_files
from hcgen.search.languages import language
from hcgen.search.runtime import runtime

# Corpus, language, most pages. The first seven are those of the promises; two more guard against tuning to them.
CASES = {
    "de": ("m365-insights", "de", 1_000),
    "fr": ("m365-insights", "fr", 1_000),
    "ja": ("m365-insights", "ja", 1_000),
    "ar": ("m365-insights", "ar", 1_000),
    "nl": ("m365-insights", "nl", 1_000),
    "en": ("arduino-help", "en", 1_000),
    "es": ("bc-regions", "es", 1_000),
    "de-large": ("m365-insights", "de", 4_000),
    "de-bc": ("bc-regions", "de", 1_000),
    "en-bc": ("bc-regions", "en", 1_000),
}
_QUERIES = SHARED / "bench" / "search" / "queries.py"
# A mean over classes counts a class of one query as much as one of sixty; below this it is noise.
_LEAST_QUERIES = 10


def main() -> int:
    """Runs the cases and prints a table; with `--out` also writes all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--pages", type=int, default=10_000, help="at most so many pages a case")
    parser.add_argument("--per-class", type=int, default=60)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if not _QUERIES.is_file():
        print("no queries beside the checkout (../shared/bench/search): nothing is measured")
        return 0
    found = {}
    for name in args.cases or CASES:
        found[name] = measure(name, args.pages, args.per_class)
        print(line(name, found[name]), flush=True)
    if args.out:
        note = {"date": datetime.now(UTC).date().isoformat(), "python": platform.python_version()}
        note |= {"node": _node("--version").strip(), "pystemmer": version("pystemmer"), "cases": found}
        args.out.write_text(json.dumps(note, indent=1) + "\n", "utf-8")
    return 0


def measure(name: str, pages: int, per_class: int) -> dict[str, Any]:
    """All figures of one case."""
    corpus, code, most = CASES[name]
    maker = _maker()
    root = SHARED / "corpora" / "hc" / corpus / "content" / code
    articles = list(maker.read(root))[: min(most, pages)]
    documents = [document(root, article, maker.plain) for article in articles]
    asked = [(kind, " ".join(text.split()), one["id"]) for kind, text, one in maker.queries(articles, code, per_class)]
    asked = [one for one in asked if one[1]]

    start = time.process_time()
    analyser = Analyser(language(code))
    terms = [analysed(one, analyser) for one in documents]
    files = index_files(terms, analyser.language)
    cold = time.process_time() - start
    start = time.process_time()
    terms[0] = analysed(documents[0], analyser)
    index_files(terms, analyser.language)
    again = time.process_time() - start

    with tempfile.TemporaryDirectory() as folder:
        answers = _asked(Path(folder), code, files, [query for _, query, _ in asked])
    rankings = zip(asked, answers["first"], strict=True)
    return {
        "pages": len(documents),
        "classes": scores([(kind, wanted, row["results"]) for (kind, _, wanted), row in rankings]),
        "first": _spread(answers["first"]),
        "later": _spread(answers["later"]),
        "excerpt": _spread(answers["excerpt"]),
        "script": answers["script"],
        "p50_ms": round(statistics.median(answers["times"]), 2),
        "p95_ms": round(statistics.quantiles(answers["times"], n=20)[-1], 2),
        "cold_cpu_s": round(cold, 2),
        "one_article_cpu_s": round(again, 2),
    }


def document(root: Path, article: dict[str, Any], plain: Any) -> Document:
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
    return Document(url=article["id"], title=article["title"], sections=tuple(found))


def scores(rankings: list[tuple[str, str, list[str]]]) -> dict[str, dict[str, float]]:
    """MRR@10, success@3 and the share without a result, by class, as score.py has them; `mean` of the classes."""
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
    return found


def line(name: str, found: dict[str, Any]) -> str:
    """One case on one line."""
    classes, first, later = found["classes"], found["first"], found["later"]
    kinds = " ".join(f"{kind} {one['mrr']:.2f}" for kind, one in classes.items() if "n" in one)
    mean = classes.get("mean10", classes["mean"])
    return (
        f"{name:9} {found['pages']:5} pages  mrr {mean['mrr']:.3f} s3 {mean['s3']:.3f} none {mean['none']:.3f}"
        f" (all classes {classes['mean']['mrr']:.3f})"
        f"  first {first['bytes'] / 1000:.0f} KB (p95 {first['bytes_p95'] / 1000:.0f})"
        f", {first['requests']:.1f} requests (p95 {first['requests_p95']:.0f})"
        f"  later {later['bytes'] / 1000:.0f} KB (p95 {later['bytes_p95'] / 1000:.0f})"
        f"  p95 {found['p95_ms']} ms  cpu {found['cold_cpu_s']} s, one article {found['one_article_cpu_s']} s\n"
        f"          {kinds}"
    )


def _spread(rows: list[dict[str, Any]]) -> dict[str, float]:
    found = {}
    for key in ("bytes", "requests"):
        values = sorted(row[key] for row in rows)
        found[key] = round(statistics.mean(values), 1)
        found[f"{key}_p95"] = values[int(len(values) * 0.95)]
    return found


def _asked(folder: Path, code: str, files: dict[str, bytes], queries: list[str]) -> dict[str, Any]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "runtime.mjs").write_text(runtime(ROOT / "theme" / "search", language(code)), "utf-8")
    (folder / "queries.json").write_text(json.dumps(queries), "utf-8")
    script = Path(__file__).with_suffix(".mjs")
    answer: dict[str, Any] = json.loads(
        _node(str(script), str(folder / "runtime.mjs"), str(folder), str(folder / "queries.json"))
    )
    return answer


def _node(*arguments: str) -> str:
    return subprocess.run(["node", *arguments], capture_output=True, text=True, check=True).stdout


def _maker() -> Any:
    spec = importlib.util.spec_from_file_location("queries", _QUERIES)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
