#!/usr/bin/env python3
"""The results of the races as a table and a chart. Pure: the same file gives the same bytes.

    python -m bench.chart bench/results/DATE.json

writes README.md and races.svg beside it.
"""

from __future__ import annotations

import argparse
import json
from html import escape
from pathlib import Path
from typing import Any

Line = dict[str, Any]

_UNITS = {"cpu": " CPU s", "wall": " s", "mb": " MB", "bytes": " bytes"}
_TITLES = {"hcgen": "hcgen", "python": "Python", "hugo": "Hugo", "pagefind": "Pagefind", "mkdocs": "MkDocs"}
_TITLES |= {"mkdocs-material": "Material", "mkdocs-static-i18n": "static-i18n", "zensical": "Zensical"}
_COLUMNS = [
    "case",
    "hcgen wall / CPU",
    "peer wall / CPU",
    "figure",
    "CPU ratio",
    "must",
    "aim",
    "verdict",
    "corpus, rounds",
]


def title(line: Line) -> str:
    """What is raced, and against whom."""
    return f"{line['title']}, against {line['against']}" if "against" in line else str(line["title"])


def amount(line: Line, value: float | None) -> str:
    """A value, a must or an aim with its unit; a dash for None."""
    if value is None:
        return "–"
    unit = line["unit"]
    if unit in ("mb", "bytes"):
        return f"{value:,.0f}{_UNITS[unit]}"
    if unit in ("cpu", "wall"):
        return f"{value:.2f}{_UNITS[unit]}"
    return f"{value:.3f}x" if value < 0.1 else f"{value:.2f}x"


def met(line: Line) -> str:
    """Whether the must is met, and the aim."""
    if line["must"] is None:
        return "–"
    if line["value"] > line["must"]:
        return "**not met**"
    return "met, aim too" if line["aim"] is not None and line["value"] <= line["aim"] else "met"


def _times(took: Line | None) -> str:
    return f"{took['wall']:.2f} / {took['cpu']:.2f}" if took else "–"


def table(results: dict[str, Any]) -> str:
    """README.md."""
    versions, machine = results["versions"], results["machine"]
    lines = list(results["cases"].values())
    rows = [_row(line) for line in lines if "value" in line]
    skipped = [f"- {line['title']} (`{line['name']}`): {line['skipped']}" for line in lines if "skipped" in line]
    used = ", ".join(f"{_TITLES[name]} {version}" for name, version in versions.items() if name in _TITLES)
    return "\n".join(
        [
            f"# Races of {results['day']}",
            "",
            "![Each figure as a share of what is allowed](races.svg)",
            "",
            f"{used}. {machine['cores']} cores, {machine['memory_gb']} GB, Linux {machine['kernel']}.",
            "Drawn by `python -m bench.chart` from the JSON file beside this one, which holds all rounds.",
            "",
            "Times are medians of the rounds, in seconds; ratios are medians of the rounds' ratios of wall seconds, so",
            "they need not be the quotient of the medians. The verdict is on the figure.",
            "",
            f"| {' | '.join(_COLUMNS)} |",
            "| :-- | --: | --: | --: | --: | --: | --: | :-- | :-- |",
            *rows,
            *(["", "Without figures:", "", *skipped] if skipped else []),
            *_foreign(results, lines),
            "",
        ]
    )


def _row(line: Line) -> str:
    figure = amount(line, line["value"]) + (f" ({line['note']})" if "note" in line else "")
    ratio = f"{line['cpu_ratio']:.2f}x" if "cpu_ratio" in line else "–"
    times = f"{_times(line['hcgen'])} | {_times(line.get('peer'))}"
    limits = f"{amount(line, line['must'])} | {amount(line, line['aim'])}"
    return f"| {title(line)} | {times} | {figure} | {ratio} | {limits} | {met(line)} | {_source(line)} |"


def _source(line: Line) -> str:
    return f"{line['corpus']}, {len(line['rounds'])}"


def _foreign(results: dict[str, Any], lines: list[Line]) -> list[str]:
    """A remark where some cases were run with another version of hcgen than the last."""
    now = results["versions"]["hcgen"]
    others = [f"{line['name']} ({line['hcgen_version']})" for line in lines if line.get("hcgen_version", now) != now]
    return ["", f"Run with another version of hcgen: {', '.join(others)}."] if others else []


_WIDTH, _LEFT, _FULL, _HIGH, _TOP = 950, 340, 200, 34, 92
_CLIP = 1.75
_STYLE = """
text { font: 14px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #1c2430; }
.head { font-size: 18px; font-weight: 600; } .small { font-size: 12px; fill: #4d5866; }
.ground { fill: #ffffff; } .lane { fill: #eef1f4; } .good { fill: #0b6b5d; } .bad { fill: #b3400f; }
.edge { stroke: #ffffff; stroke-width: 6; } .must { stroke: #1c2430; stroke-width: 2; }
.aim { stroke: #1c2430; stroke-width: 2; stroke-dasharray: 3 3; }
@media (prefers-color-scheme: dark) {
text { fill: #e8ecf1; } .small { fill: #aab4c0; } .ground { fill: #14181d; } .lane { fill: #242b33; }
.good { fill: #5fd0bd; } .bad { fill: #fb9a62; } .must, .aim { stroke: #e8ecf1; } .edge { stroke: #14181d; }
}
"""


def svg(results: dict[str, Any]) -> str:
    """races.svg: each figure that has a must, as a share of it."""
    lines = [line for line in results["cases"].values() if "value" in line and line["must"] is not None]
    height = _TOP + _HIGH * len(lines) + 44
    bottom = _TOP + _HIGH * len(lines)
    good = sum(line["value"] <= line["must"] for line in lines)
    told = " ".join(f"{title(line)}: {_words(line)}." for line in lines)
    summary = f"{good} of {len(lines)} musts are met."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        ' role="img" aria-labelledby="title desc">',
        f'<title id="title">hcgen\'s races of {escape(results["day"])}: each figure as a share of its must</title>',
        f'<desc id="desc">{escape(f"{summary} {told}")}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="ground" width="{_WIDTH}" height="{height}" rx="8"/>',
        f'<text class="head" x="24" y="36">Races of {escape(results["day"])}: shorter is better</text>',
        f'<text class="small" x="24" y="58">{summary} Bars are shares of the must. Solid line: the must.'
        " Dashed: the aim.</text>",
        *(_bar(line, _TOP + _HIGH * index) for index, line in enumerate(lines)),
        _upright("must", _LEFT + _FULL, _TOP - 6, bottom),
        f'<text class="small" x="{_LEFT + _FULL}" y="{_TOP - 12}" text-anchor="middle">must</text>',
        f'<text class="small" x="24" y="{bottom + 26}">{escape(_caption(results))}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _words(line: Line) -> str:
    aim = f", aim {amount(line, line['aim'])}" if line["aim"] is not None else ""
    return f"{amount(line, line['value'])}, must {amount(line, line['must'])}{aim}, {met(line).strip('*')}"


def _bar(line: Line, top: int) -> str:
    share = line["value"] / line["must"]
    width, color = max(2.0, _FULL * min(share, _CLIP)), "good" if share <= 1 else "bad"
    end = _LEFT + width
    beyond = f'<path class="bad" d="M{end:.1f} {top + 4}l10 9l-10 9z"/>' if share > _CLIP else ""
    aim = ""
    if line["aim"] is not None:
        aim = _upright("aim", _LEFT + _FULL * line["aim"] / line["must"], top, top + 26)
    name, peer = escape(line["title"]), escape(line.get("against", ""))
    label = f'{name} <tspan class="small">{f"/ {peer}" if peer else ""}</tspan>'
    figure = f'{amount(line, line["value"])} <tspan class="small">must {amount(line, line["must"])}, '
    return (
        f'<text x="24" y="{top + 18}">{label}</text>'
        f'<rect class="lane" x="{_LEFT}" y="{top + 4}" width="{_FULL * _CLIP:.0f}" height="18"/>'
        f'<rect class="{color}" x="{_LEFT}" y="{top + 4}" width="{width:.1f}" height="18"/>{beyond}{aim}'
        f'<text x="{_LEFT + _FULL * _CLIP + 18:.0f}" y="{top + 18}">{figure}{met(line).strip("*")}</tspan></text>'
    )


def _upright(kind: str, x: float, top: int, bottom: int) -> str:
    """A line that also stands out on a bar."""
    place = f'x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"'
    return f'<line class="edge" {place}/><line class="{kind}" {place}/>'


def _caption(results: dict[str, Any]) -> str:
    versions, machine = results["versions"], results["machine"]
    return f"hcgen {versions['hcgen']}, {machine['cores']} cores, {machine['memory_gb']} GB"


def draw(path: Path) -> None:
    """Writes table and chart beside the results in `path`."""
    results = json.loads(path.read_text("utf-8"))
    path.with_name("README.md").write_text(table(results), "utf-8")
    path.with_name("races.svg").write_text(svg(results), "utf-8")


def main() -> None:
    """Draws one file of results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    draw(parser.parse_args().file)


if __name__ == "__main__":
    main()
