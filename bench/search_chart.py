#!/usr/bin/env python3
"""The results of bench/search.py as a table and a chart. Pure: the same file gives the same bytes.

    python -m bench.search_chart bench/results/search-DATE.json

writes search.md and search.svg beside it.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from bench.search_engines import TITLES

Row = dict[str, Any]
_PROMISED = ("de", "fr", "ja", "ar", "nl", "en", "es")
_CJK = ("ja",)
_LARGE = "de-4000"


def _mean(one: Row) -> Row:
    found: Row = one["classes"].get("mean10", one["classes"]["mean"])
    return found


def _kind(name: str) -> Callable[[Row], float | None]:
    return lambda one: one["classes"].get(name, {}).get("mrr")


def _kb(value: float) -> str:
    return f"{value / 1000:.0f}"


# Title, the figure of one engine in one case, how it is written, what is promised (Latin, CJK), whether more is better.
_TABLES: list[tuple[str, Callable[[Row], float | None], Callable[[float], str], float, float, bool]] = [
    ("MRR@10, mean of the classes", lambda one: _mean(one)["mrr"], "{:.3f}".format, 0.93, 0.93, True),
    ("success@3", lambda one: _mean(one)["s3"], "{:.3f}".format, 0.96, 0.96, True),
    ("MRR@10 of queries with a typo", _kind("typo"), "{:.3f}".format, 0.92, 0.92, True),
    ("MRR@10 of German compounds", _kind("compound"), "{:.3f}".format, 0.95, 0.95, True),
    ("MRR@10 without diacritics", _kind("diac"), "{:.3f}".format, 0.97, 0.97, True),
    ("MRR@10 with ae, oe, ue", _kind("digraph"), "{:.3f}".format, 0.97, 0.97, True),
    ("Queries without a result, %", lambda one: 100 * _mean(one)["none"], "{:.1f}".format, 0.5, 0.5, False),
    ("First query, KB", lambda one: one["first"]["bytes"], _kb, 120_000, 200_000, False),
    ("First query, requests", lambda one: one["first"]["requests"], "{:.1f}".format, 8, 8, False),
    ("Later query, KB", lambda one: one["later"]["bytes"], _kb, 45_000, 90_000, False),
    ("Index, all of it, KB", lambda one: one["index_bytes"], _kb, 0, 0, False),
    ("Query warm, p50, ms", lambda one: one["p50_ms"], "{:.1f}".format, 0, 0, False),
    ("Query warm, p95, ms", lambda one: one["p95_ms"], "{:.1f}".format, 15, 15, False),
    ("Indexing, CPU s", lambda one: one.get("cold_cpu_s"), "{:.2f}".format, 0, 0, False),
]


def _limit(title: str, case: str, latin: float, cjk: float) -> float:
    if case == _LARGE and title == "First query, KB":
        return 160_000
    return cjk if case in _CJK else latin


def table(results: Row) -> str:
    """search.md."""
    cases, versions = results["cases"], results["versions"]
    pages = ", ".join(f"{name} {one['pages']:,}" for name, one in cases.items())
    parts = [
        f"# Search, {results['day']}",
        "",
        "![MRR@10 and bytes of a first query](search.svg)",
        "",
        ", ".join(f"{name} {value}" for name, value in versions.items()) + ".",
        f"Articles: {pages}. `bench/README.md` tells how it is measured; what misses a promise stands in bold.",
        "",
    ]
    for title, figure, write, latin, cjk, up in _TABLES:
        shown = [name for name, one in cases.items() if figure(one["engines"]["hcgen"]) is not None]
        if not shown:
            continue
        limits = [_limit(title, name, latin, cjk) for name in shown]
        parts += [f"## {title}", "", f"| | {' | '.join(shown)} |", f"| :-- |{' --: |' * len(shown)}"]
        for engine in TITLES:
            rows = [cases[name]["engines"].get(engine) for name in shown]
            values = [figure(row) if row else None for row in rows]
            if any(value is not None for value in values):
                cells = [
                    _cell(value, write, limit if engine == "hcgen" else 0, up)
                    for value, limit in zip(values, limits, strict=True)
                ]
                parts.append(f"| {TITLES[engine]} | {' | '.join(cells)} |")
        if any(limits):
            parts.append(f"| promised | {' | '.join(write(limit) for limit in limits)} |")
        parts.append("")
    parts += _notes(results)
    return "\n".join(parts)


def _cell(value: float | None, write: Callable[[float], str], limit: float, up: bool) -> str:
    if value is None:
        return "–"
    missed = limit and (value < limit if up else value > limit)
    return f"**{write(value)}**" if missed else write(value)


def _notes(results: Row) -> list[str]:
    """All classes of hcgen, and what one changed article costs."""
    cases = results["cases"]
    found = [one["engines"]["hcgen"] for one in cases.values()]
    kinds = sorted({kind for one in found for kind, row in one["classes"].items() if "n" in row})
    parts = ["## hcgen by class: MRR@10 (queries)", "", f"| | {' | '.join(cases)} |", f"| :-- |{' --: |' * len(cases)}"]

    def add(title: str, cells: list[str]) -> None:
        parts.append(f"| {title} | {' | '.join(cells)} |")

    for kind in kinds:
        rows = [one["classes"].get(kind) for one in found]
        add(kind, [f"{row['mrr']:.3f} ({row['n']})" if row else "–" for row in rows])
    for name, title in (("mean", "all classes alike"), ("queries", "all queries alike")):
        add(title, [f"{one['classes'][name]['mrr']:.3f}" for one in found])
    add("one article changed, CPU s", [f"{one['article_cpu_s']:.2f}" for one in found])
    return [*parts, ""]


_STYLE = """
text { font: 14px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #1c2430; }
.head { font-size: 18px; font-weight: 600; } .small { font-size: 12px; fill: #4d5866; }
.ground { fill: #ffffff; } .line { stroke: #c9d0d8; } .must { stroke: #1c2430; stroke-dasharray: 3 3; }
.hcgen { fill: #0b6b5d; } .pagefind { fill: #b3400f; } .minisearch { fill: #3b5bb5; } .material { fill: #7a4fa3; }
@media (prefers-color-scheme: dark) {
text { fill: #e8ecf1; } .small { fill: #aab4c0; } .ground { fill: #14181d; } .line { stroke: #39424d; }
.must { stroke: #e8ecf1; } .hcgen { fill: #5fd0bd; } .pagefind { fill: #fb9a62; } .minisearch { fill: #9db4f5; }
.material { fill: #c9a4ee; }
}
"""
_WIDTH, _LEFT, _SPAN, _HIGH, _TOP = 950, 90, 380, 30, 118


def svg(results: Row) -> str:
    """search.svg: for each case a line with a mark for each engine, relevance and bytes side by side."""
    cases = results["cases"]
    bottom = _TOP + _HIGH * len(cases)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {bottom + 40}" width="{_WIDTH}"'
        f' height="{bottom + 40}" role="img" aria-labelledby="title desc">',
        f'<title id="title">Search of {escape(results["day"])}: relevance and bytes of a first query</title>',
        f'<desc id="desc">{escape(_told(cases))}</desc>',
        f'<style>{_STYLE}</style><rect class="ground" width="{_WIDTH}" height="{bottom + 40}" rx="8"/>',
        f'<text class="head" x="24" y="34">Search of {escape(results["day"])}</text>',
        *_legend(),
        f'<text class="small" x="{_LEFT}" y="{_TOP - 20}">MRR@10: further right is better</text>',
        f'<text class="small" x="{_LEFT + _SPAN + 60}" y="{_TOP - 20}">First query, KB in brotli, logarithmic:'
        " further left is better</text>",
        *(part for at, (name, one) in enumerate(cases.items()) for part in _lane(name, one, _TOP + _HIGH * at)),
        f'<text class="small" x="24" y="{bottom + 24}">Dashed: what is promised. Figures: search.md.</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _told(cases: Row) -> str:
    return " ".join(
        f"{name}: "
        + ", ".join(
            f"{TITLES[engine]} {_mean(row)['mrr']:.2f} and {row['first']['bytes'] / 1000:.0f} KB"
            for engine, row in one["engines"].items()
        )
        + "."
        for name, one in cases.items()
    )


def _legend() -> Iterator[str]:
    for at, (engine, title) in enumerate(TITLES.items()):
        x = 24 + 190 * at
        yield f'<circle class="{engine}" cx="{x + 6}" cy="60" r="6"/><text x="{x + 20}" y="65">{escape(title)}</text>'


def _lane(name: str, one: Row, y: int) -> Iterator[str]:
    def share(value: float) -> float:
        return _LEFT + _SPAN * value

    def size(value: float) -> float:
        return _LEFT + _SPAN + 60 + _SPAN * math.log(max(value, 20_000) / 20_000) / math.log(200)

    yield f'<text x="24" y="{y + 5}">{escape(name)}</text>'
    for start in (_LEFT, _LEFT + _SPAN + 60):
        yield f'<line class="line" x1="{start}" x2="{start + _SPAN}" y1="{y}" y2="{y}"/>'
    limit = _limit("First query, KB", name, 120_000, 200_000)
    for x in (share(0.93), size(limit)):
        yield f'<line class="must" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 11}" y2="{y + 11}"/>'
    for engine, row in reversed(one["engines"].items()):
        for x in (share(_mean(row)["mrr"]), size(row["first"]["bytes"])):
            yield f'<circle class="{engine}" cx="{x:.1f}" cy="{y}" r="6"/>'


def draw(path: Path) -> None:
    """Writes table and chart beside the results in `path`."""
    results = json.loads(path.read_text("utf-8"))
    path.with_name("search.md").write_text(table(results), "utf-8")
    path.with_name("search.svg").write_text(svg(results), "utf-8")


def main() -> None:
    """Draws one file of results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    draw(parser.parse_args().file)


if __name__ == "__main__":
    main()
