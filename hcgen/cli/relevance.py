"""`hcgen relevance`: whether search finds the articles, measured and held against limits."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hcgen.cli.options import now_option, project_option, shard_options
from hcgen.cli.output import progress, say_findings
from hcgen.errors import ExitCode, ProjectError
from hcgen.model.finding import Severity

if TYPE_CHECKING:
    from hcgen.model.finding import Finding
    from hcgen.model.golden import Golden
    from hcgen.model.project import Project
    from hcgen.relevance.centers import Center


@click.command("relevance")
@project_option
@shard_options
@click.option(
    "--queries",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Ask the golden queries of this file alone, in one language.",
)
@click.option("--against", metavar="REV", help="Compare with this revision of Git, not with the last run.")
@click.option(
    "--sample", type=click.IntRange(1), default=60, help="Made queries of one class and language.", show_default=True
)
@click.option("--second-opinion", is_flag=True, help="Ask Whoosh, too, and list what it finds and the pages do not.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@now_option
def command(
    root: Path,
    brands: tuple[str, ...],
    locales: tuple[str, ...],
    file: Path | None,
    against: str | None,
    sample: int,
    second_opinion: bool,
    as_json: bool,
    now: datetime | None,
) -> None:
    """Measure whether search finds the articles, with the search of the pages itself. Needs Node.js.

    Asked are queries made from the content, and the golden queries of queries.yml. Limits stand in mkdocs.yml;
    docs/relevance.md explains the figures.

    \b
    Examples:
      hcgen relevance
      hcgen relevance --locale de --against origin/main
      hcgen relevance --brand retail --locale en --queries clicks.yml
    """
    from hcgen.cli.scores import say_report
    from hcgen.files.project import read_project
    from hcgen.relevance.gate import Wish, run
    from hcgen.relevance.memory import remember, remembered
    from hcgen.relevance.report import report_json
    from hcgen.relevance.revision import check_out

    project = read_project(root, now)
    names = _named(project, brands, locales)
    golden = _golden(project, {code for _, code in names}, file)
    wish = Wish(golden, 0 if file else sample, project.settings.limits, second_opinion)
    before = remembered(project.root)
    with (
        progress("Measuring", shown=not as_json) as advance,
        tempfile.TemporaryDirectory(prefix="hcgen-relevance-") as name,
    ):
        folder = Path(name)
        there = None
        if against:
            check_out(project.root, against, folder / "revision")
            # Held against the same moment, and by the code of now.
            there = _centers(read_project(folder / "revision", project.now), names, folder / "there")
        made = run(_centers(project, names, folder / "here"), there, wish, before, advance)
    if not file:
        remember(project.root, made.answers, before)
    if as_json:
        click.echo(json.dumps(report_json(made), ensure_ascii=False, indent=1))
    else:
        say_report(made, against or "the last run")
    if made.crossed:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _named(project: Project, brands: tuple[str, ...], locales: tuple[str, ...]) -> set[tuple[str, str]]:
    """(brand, language) of each help center that is asked for."""
    from hcgen.builds.wanted import Wanted, wanted_shards

    found = wanted_shards(project.brands, project.settings.locales, Wanted(brands, locales))
    if not found:
        raise ProjectError("no brand has a language that was asked for", remedy="Check --brand and --locale.")
    return {(brand.id, code) for brand, code in found}


def _golden(project: Project, codes: set[str], file: Path | None) -> list[Golden]:
    """The golden queries of the project, or of `file`, for the languages `codes`; faults in them end the command."""
    from hcgen.files.queries import read_file, read_queries
    from hcgen.lint.answers import answer_findings

    findings: list[Finding] = []
    if file and len(codes) > 1:
        raise click.UsageError(f"--queries needs one language: add --locale, one of {', '.join(sorted(codes))}.")
    if file:
        golden = read_file(file, str(file), "", next(iter(codes)), findings)
    else:
        golden, findings = read_queries(project)
    findings += [one for one in answer_findings(project, golden) if one.severity is Severity.ERROR]
    if findings:
        say_findings(findings, error=True)
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    return golden


def _centers(project: Project, names: set[tuple[str, str]], folder: Path) -> list[Center]:
    """The help centers (brand, language) of `names` that a project has, with their indexes."""
    from hcgen.files.theme import shipped_theme
    from hcgen.pages.assemble import assemble
    from hcgen.pages.library import Workshop
    from hcgen.relevance.centers import centers

    workshop, settings = Workshop(project), project.settings
    sites = (
        assemble(project, brand, settings.locale(code), workshop)
        for brand in project.brands
        for code in brand.locales
        if (brand.id, code) in names
    )
    return centers(sites, workshop.html, folder, shipped_theme() / "search")
