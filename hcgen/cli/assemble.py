"""`hcgen assemble`: shares of a build, made on several machines, as one site."""

from __future__ import annotations

from pathlib import Path

import click

from hcgen.cli.build import say_report
from hcgen.cli.options import project_option


@click.command("assemble")
@project_option
@click.argument("parts", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--out", type=click.Path(path_type=Path), help="Where to install the site. [default: PROJECT/site]")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def command(root: Path, parts: tuple[Path, ...], out: Path | None, as_json: bool) -> None:
    """Join the shares that `hcgen build --shard K/N` made into the site that one build makes.

    PARTS are the folders of all N shares, built from the same commit.

    \b
    Example:
      hcgen assemble part-1 part-2 part-3 part-4 --out public
    """
    from hcgen.builds.assembly import assemble_parts

    say_report(assemble_parts(root, parts, (out or root / "site").absolute()), as_json=as_json)
