"""`hcgen build`: the help centers, installed in one step."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from hcgen.cli.options import now_option, project_option, shard_options
from hcgen.cli.output import progress, say, say_findings
from hcgen.errors import ExitCode
from hcgen.model.finding import Severity


@click.command("build")
@project_option
@shard_options
@click.option("--out", type=click.Path(path_type=Path), help="Where to install the site. [default: PROJECT/site]")
@click.option("--strict", is_flag=True, help="Warnings keep the site from being installed, too.")
@click.option(
    "--jobs", type=click.IntRange(0), default=0, help="Worker processes; 0 for one a core.", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
@now_option
def command(
    root: Path,
    brands: tuple[str, ...],
    locales: tuple[str, ...],
    out: Path | None,
    strict: bool,
    jobs: int,
    as_json: bool,
    now: datetime | None,
) -> None:
    """Build the help centers into a folder.

    The new site takes the old one's place only when it is whole and without errors; a build with errors leaves
    the old one and keeps the new tree beside it, as OUT.rejected.

    \b
    Examples:
      hcgen build
      hcgen build --brand retail --locale de --out public
    """
    from hcgen.builds.build import Wanted, build
    from hcgen.files.project import read_project
    from hcgen.lint.check import as_json as finding_json

    project = read_project(root, now)
    with progress("Building", shown=not as_json) as advance:
        report = build(project, (out or root / "site").absolute(), Wanted(brands, locales, strict, jobs), advance)
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    if as_json:
        value = {
            "out": report.out,
            "installed": report.installed,
            "rejected": report.staged,
            "pages": report.pages,
            "seconds": report.seconds,
            "cpu_seconds": report.cpu_seconds,
            "errors": errors,
            "warnings": warnings,
            "sites": [
                {
                    "brand": one.brand,
                    "locale": one.locale,
                    "pages": one.pages,
                    "articles": len(one.articles),
                    "fallback": one.fallback,
                    "fallback_share": round(one.fallback_share, 4),
                }
                for one in report.shards
            ],
            "findings": [finding_json(one) for one in report.findings],
        }
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        say_findings(report.findings, error=True)
        say(f"{'brand':<20} {'locale':<8} {'pages':>7} {'articles':>9} {'fallback':>9}", bold=True)
        for one in report.shards:
            say(f"{one.brand:<20} {one.locale:<8} {one.pages:>7} {len(one.articles):>9} {one.fallback_share:>8.0%}")
        say(f"{report.pages} pages, {errors} errors, {warnings} warnings, {report.seconds:.1f} s", bold=True)
        if report.installed:
            say(f"installed in {report.out}", fg="green")
        else:
            say(f"not installed; what was built lies in {report.staged}", fg="red", error=True)
    if not report.installed:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
