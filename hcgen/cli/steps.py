"""`hcgen steps`: the lock of step ids, written or checked."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hcgen.cli.options import project_option
from hcgen.cli.output import say, say_findings
from hcgen.errors import ExitCode
from hcgen.model.finding import Severity

_MOST_SHOWN = 50


@click.command("steps")
@project_option
@click.option("--check", "only_check", is_flag=True, help="Change nothing; end with 1 where the file would change.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def command(root: Path, only_check: bool, as_json: bool) -> None:
    """Write content/steps.lock, by which steps keep their ids when their words change.

    Run it before you commit changed steps, and commit the file. Nothing is written while the content has errors: an
    article that cannot be read would lose its steps.

    \b
    Examples:
      hcgen steps
      hcgen steps --check
    """
    from hcgen.files.lock import LOCK_FILE, write_lock
    from hcgen.files.project import read_project
    from hcgen.pages.library import Workshop
    from hcgen.pages.lock import changes, lock_of, naming_articles

    project = read_project(root)
    # What is wrong with the lock itself is what this command puts right.
    errors = [one for one in project.findings if one.severity is Severity.ERROR and one.path != LOCK_FILE]
    if errors:
        say_findings(errors, error=True)
        say(f"{LOCK_FILE} is unchanged", error=True, fg="red")
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    workshop = Workshop(project)
    wanted = lock_of(workshop, naming_articles(workshop))
    found = changes(project.locked_steps, wanted)
    damaged = any(one.path == LOCK_FILE for one in project.findings)
    is_same = damaged is False and list(project.locked_steps.items()) == list(wanted.items())
    if not (only_check or is_same):
        write_lock(project.root, wanted)
    rows = {"added": found.added, "edited": found.edited, "dropped": found.dropped}
    if as_json:
        listed = {name: [{"key": key, "step": step} for key, step in places] for name, places in rows.items()}
        value = {"file": LOCK_FILE, "changed": not is_same, "kept": found.kept, **listed}
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        lines = [f"{name} {key} {step}" for name, places in rows.items() for key, step in places]
        for line in lines[:_MOST_SHOWN]:
            say(line)
        if len(lines) > _MOST_SHOWN:
            say(f"... and {len(lines) - _MOST_SHOWN} more")
        counts = ", ".join(f"{len(places)} {name}" for name, places in rows.items())
        verb = "is up to date" if is_same else "would change" if only_check else "is written"
        say(f"{LOCK_FILE} {verb}: {counts}, {found.kept} kept", bold=True)
    if only_check and not is_same:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
