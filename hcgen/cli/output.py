"""How the commands speak: findings, errors, progress; colours only where a terminal wants them (NO_COLOR)."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from hcgen.errors import HcgenError
from hcgen.model.finding import Finding, Severity

_MOST_SHOWN = 50


def colour() -> bool | None:
    """False where colours are unwanted (https://no-color.org), None to let click decide by the terminal."""
    return False if os.environ.get("NO_COLOR") else None


def say(text: str = "", *, error: bool = False, **style: Any) -> None:
    """One line to standard output, or to standard error."""
    click.secho(text, err=error, color=colour(), **style)


def say_error(error: HcgenError) -> None:
    """What went wrong, where, and what to do."""
    say(f"hcgen: {error}", error=True, fg="red")
    if error.remedy:
        say(f"       {error.remedy}", error=True)


def say_findings(findings: Sequence[Finding], *, most: int = _MOST_SHOWN, error: bool = False) -> None:
    """Each finding with its remedy, errors first, and a count of what is not shown."""
    ordered = sorted(findings, key=lambda one: (one.severity is not Severity.ERROR, one))
    for one in ordered[:most]:
        mark = click.style(one.severity.value, fg="red" if one.severity is Severity.ERROR else "yellow")
        click.echo(
            f"{click.style(one.place, bold=True)}: {mark} [{one.rule}] {one.message}\n    {one.remedy}",
            err=error,
            color=colour(),
        )
    if len(ordered) > most:
        rest = Counter(one.rule for one in ordered[most:])
        listed = ", ".join(f"{count} {rule}" for rule, count in rest.most_common())
        say(f"... and {len(ordered) - most} more: {listed}", error=error)


def finding_json(finding: Finding) -> dict[str, object]:
    """One finding as JSON values."""
    return {
        "path": finding.path, "line": finding.line, "rule": finding.rule, "severity": finding.severity.value,
        "message": finding.message, "remedy": finding.remedy,
    }  # fmt: skip


@contextmanager
def progress(label: str, *, shown: bool = True) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal; yields what to call with (done, total)."""
    if not shown or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            # A build has several steps: each begins anew.
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield advance
