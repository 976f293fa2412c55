"""`hcgen build`: the help centers, installed in one step."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from hcgen.builds.report import BuildReport
from hcgen.cli.options import now_option, project_option, shard_options
from hcgen.cli.output import finding_json, progress, say, say_findings
from hcgen.errors import ExitCode
from hcgen.model.finding import Severity


def _share(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, int]:
    """`K/N` as numbers."""
    if value is None:
        return 1, 1
    number, _, of = value.partition("/")
    if not (number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise click.BadParameter(f"{value!r} is no share; write for example 2/4")
    return int(number), int(of)


@click.command("build")
@project_option
@shard_options
@click.option("--out", type=click.Path(path_type=Path), help="Where to install the site. [default: PROJECT/site]")
@click.option("--strict", is_flag=True, help="Warnings keep the site from being installed, too.")
@click.option(
    "--jobs",
    type=click.IntRange(0),
    default=0,
    help="Worker processes; 0 for one a core, as far as they pay.",
    show_default=True,
)
@click.option("--no-cache", is_flag=True, help="Make everything anew, and keep nothing for the next build.")
@click.option(
    "--shard", "share", callback=_share, metavar="K/N", help="Build the K-th of N shares; `hcgen assemble` joins them."
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
    no_cache: bool,
    share: tuple[int, int],
    as_json: bool,
    now: datetime | None,
) -> None:
    """Build the help centers into a folder.

    Only what changed since the last build is made again; what is known lies in PROJECT/.hcgen.
    The new site takes the old one's place only when it is whole and without errors; a build with errors leaves
    the old one and keeps the new tree beside it, as OUT.rejected.

    \b
    Examples:
      hcgen build
      hcgen build --brand retail --locale de --out public
      hcgen build --shard 2/4 --out part-2
    """
    from hcgen.builds.build import build
    from hcgen.builds.wanted import Wanted

    wanted = Wanted(brands, locales, strict, jobs, share)
    with progress("Building", shown=not as_json) as advance:
        report = build(root, (out or root / "site").absolute(), wanted, now, advance, use_cache=not no_cache)
    say_report(report, as_json=as_json)
    if not report.installed:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def say_report(report: BuildReport, *, as_json: bool) -> None:
    """What a build did, as a table or as one JSON object."""
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    if as_json:
        value = {
            "out": report.out,
            "installed": report.installed,
            "rejected": report.staged,
            "pages": report.pages,
            "seconds": report.seconds,
            "cpu_seconds": report.cpu_seconds,
            "read": report.read,
            "rendered": report.rendered,
            "written": report.written,
            "timings": dict(report.timings),
            "errors": errors,
            "warnings": warnings,
            "sites": [
                {
                    "brand": one.brand,
                    "locale": one.locale,
                    "pages": one.pages,
                    "articles": one.articles,
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
            say(f"{one.brand:<20} {one.locale:<8} {one.pages:>7} {one.articles:>9} {one.fallback_share:>8.0%}")
        say(
            f"{report.pages} pages ({report.rendered} rendered), {errors} errors, {warnings} warnings, "
            f"{report.seconds:.1f} s",
            bold=True,
        )
        if report.installed:
            say(f"installed in {report.out}", fg="green")
        else:
            say(f"not installed; what was built lies in {report.staged}", fg="red", error=True)
