"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]


def project_option(command: Command) -> Command:
    """`-C`: the project's folder."""
    return click.option(
        "-C", "--project", "root", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".",
        help="Folder of mkdocs.yml.", show_default=True,
    )(command)  # fmt: skip


def shard_options(command: Command) -> Command:
    """`--brand` and `--locale`, each as often as wanted."""
    command = click.option(
        "--locale", "locales", multiple=True, metavar="CODE", help="Only this language; repeatable."
    )(command)
    return click.option("--brand", "brands", multiple=True, metavar="ID", help="Only this brand; repeatable.")(command)


def now_option(command: Command) -> Command:
    """`--now`: the moment that publish_at and expire_at are held against."""
    return click.option(
        "--now", "now", callback=_moment, envvar="HCGEN_NOW", metavar="ISO-TIME",
        help="Build as of this moment (publish_at, expire_at); the present unless given.",
    )(command)  # fmt: skip


def _moment(context: click.Context, option: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no ISO 8601 time; write for example 2026-05-01T09:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
