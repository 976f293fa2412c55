"""`hcgen check`: every finding, for people, machines and CI."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from hcgen import plugins
from hcgen.cli.options import now_option, project_option, shard_options
from hcgen.cli.output import finding_json, progress, say, say_findings
from hcgen.errors import ExitCode
from hcgen.model.finding import Severity


@click.command("check")
@project_option
@shard_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="text for people, json for machines, github for annotations in a pull request.",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@now_option
def command(
    root: Path,
    brands: tuple[str, ...],
    locales: tuple[str, ...],
    form: str,
    as_json: bool,
    strict: bool,
    now: datetime | None,
) -> None:
    """Report what is wrong, without building. docs/rules.md explains each rule.

    \b
    Examples:
      hcgen check
      hcgen check --brand retail --format github
    """
    from hcgen.builds.wanted import Wanted, wanted_shards
    from hcgen.files.project import read_project
    from hcgen.files.queries import read_queries
    from hcgen.lint import check as lint
    from hcgen.lint.answers import answer_findings
    from hcgen.render.port import GROUP

    form = "json" if as_json else form
    project = read_project(root, now)
    plugins.load(GROUP, project.settings.renderer)
    shards = wanted_shards(project.brands, project.settings.locales, Wanted(brands, locales))
    with progress("Checking", shown=form == "text") as advance:
        golden, faults = read_queries(project)
        found = sorted({*lint.check(project, shards, advance), *faults, *answer_findings(project, golden)})
    errors = sum(one.severity is Severity.ERROR for one in found)
    if form == "json":
        value = {"errors": errors, "warnings": len(found) - errors, "findings": [finding_json(one) for one in found]}
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    elif form == "github":
        for one in found:
            click.echo(lint.as_github(one))
    else:
        say_findings(found, most=1_000_000)
        say(f"{errors} errors, {len(found) - errors} warnings", bold=True)
    if errors or (strict and found):
        raise click.exceptions.Exit(ExitCode.FINDINGS)
