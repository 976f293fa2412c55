"""`hcgen render`: article bodies without pages around them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from hcgen.cli.options import now_option, project_option
from hcgen.cli.output import say, say_findings
from hcgen.errors import ExitCode, OutputError
from hcgen.model.finding import Severity


@click.command("render")
@project_option
@click.option("--brand", required=True, metavar="ID", help="The brand whose reader is meant.")
@click.option("--locale", required=True, metavar="CODE", help="The language.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where the bodies go.")
@now_option
def command(root: Path, brand: str, locale: str, out: Path, now: datetime | None) -> None:
    """Write the article bodies alone: OUT/<path>.html for each article, and index
    with a text, that is written in the language.

    \b
    Example:
      hcgen render --brand retail --locale de --out bodies
    """
    from hcgen.builds.wanted import Wanted, wanted_shards
    from hcgen.files.project import read_project
    from hcgen.pages.bodies import render_bodies

    project = read_project(root, now)
    for chosen, code in wanted_shards(project.brands, project.settings.locales, Wanted((brand,), (locale,))):
        bodies, findings = render_bodies(project, chosen, project.settings.locale(code))
        for name, body in bodies.items():
            target = out / f"{name}.html"
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(body, "utf-8")
            except OSError as error:
                reason = error.strerror or str(error)
                raise OutputError(
                    f"cannot be written: {reason}", where=str(target), remedy="Name another --out."
                ) from None
        say_findings([*project.findings, *findings], error=True)
        say(f"{len(bodies)} bodies in {out}")
        if any(one.severity is Severity.ERROR for one in (*project.findings, *findings)):
            raise click.exceptions.Exit(ExitCode.FINDINGS)
        return
    raise click.UsageError(f"{brand} is not in {locale!r}")
