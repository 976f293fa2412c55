"""`hcgen pull`: what people changed on a target comes back into files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hcgen.cli.options import now_option, project_option, shard_options
from hcgen.cli.output import say
from hcgen.errors import ExitCode

if TYPE_CHECKING:
    from datetime import datetime

    from hcgen.model.project import Project
    from hcgen.model.target import Target
    from hcgen.publish.downloads import Download
    from hcgen.publish.port import Reader
    from hcgen.publish.pull import Harvest
    from hcgen.publish.values import Remote, Scope
    from hcgen.publish.wire import Wire


@click.command("pull")
@project_option
@click.argument("name", metavar="TARGET")
@shard_options
@click.option("--article", "keys", multiple=True, metavar="KEY", help="Only this article or folder; repeatable.")
@click.option("--import", "imports", is_flag=True, help="Take in what is not ours yet, as new files.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
@now_option
def command(
    root: Path,
    name: str,
    brands: Sequence[str],
    locales: Sequence[str],
    keys: Sequence[str],
    imports: bool,
    dry_run: bool,
    as_json: bool,
    now: datetime | None,
) -> None:
    """Bring changes that were made on a target back into the files that it was pushed from.

    Texts become Markdown and are merged with what the files say now; what cannot be merged stands there twice, between
    conflict marks. Nothing is sent. Look at the changes with `git diff`, and commit them with the ledger.

    \b
    Examples:
      hcgen pull zendesk
      hcgen pull zendesk --article payments/refunds/refund-a-sale --dry-run
      hcgen pull zendesk --import
    """
    from hcgen.files.project import read_project
    from hcgen.files.targets import find_target
    from hcgen.publish.opening import looking, public_wire
    from hcgen.publish.pulling import scopes_to_pull

    project = read_project(root, now)
    target = find_target(project, name)
    scopes = scopes_to_pull(project, target, brands, locales)
    public = public_wire()
    try:
        with looking(target) as (reader, wire):
            if imports:
                summary = _import(project, target, reader, scopes, dry_run, (wire, public))
            else:
                summary = _pull(project, target, reader, scopes, frozenset(keys), dry_run, (wire, public))
    finally:
        public.close()
    if as_json:
        click.echo(json.dumps({"target": name, "dry_run": dry_run, **summary}, ensure_ascii=False, indent=1))
    else:
        _say(summary, dry_run=dry_run)
    if summary["conflicts"]:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _pull(
    project: Project,
    target: Target,
    reader: Reader,
    scopes: tuple[Scope, ...],
    keys: frozenset[str],
    dry_run: bool,
    wires: tuple[Wire, Wire],
) -> dict[str, Any]:
    from hcgen.publish.ledger import write_ledger
    from hcgen.publish.lock import locked
    from hcgen.publish.pulling import pull_changes, remember

    def harvested() -> tuple[Harvest, list[Remote]]:
        harvest, seen = pull_changes(project, target, reader, lambda one: not keys or one.key in keys, scopes)
        return harvest, [seen.remotes[harvest.ledger.entries[identity].id] for identity in harvest.taken]

    if dry_run:
        harvest, _ = harvested()
        changed, lost = list(harvest.files), list[str]()
    else:
        with locked(target):
            harvest, remotes = harvested()
            changed = _write(project, harvest)
            lost = _download(project, harvest.downloads, wires)
            remember(target, remotes)
            write_ledger(target, harvest.ledger)
    return {
        "files": changed,
        "downloads": [one.path for one in harvest.downloads],
        "lost": lost,
        "inexact": [path for path, one in harvest.files.items() if not one.is_exact],
        "notes": [f"{one.identity} {one.message}" for one in harvest.notes],
        "conflicts": harvest.conflicts,
        "strangers": harvest.strangers,
    }


def _write(project: Project, harvest: Harvest) -> list[str]:
    """Puts the changes into the files; the paths of those that are others now."""
    from hcgen.files.rewrite import article_text, rewrite_article, write_new

    changed = []
    for path, one in harvest.files.items():
        if one.is_new:
            is_changed = write_new(project.root, path, article_text(one.front, one.body))
        else:
            is_changed = rewrite_article(project.root, path, one.body, one.front, one.remarks)
        changed += [path] if is_changed else []
    return changed


def _import(
    project: Project, target: Target, reader: Reader, scopes: tuple[Scope, ...], dry_run: bool, wires: tuple[Wire, Wire]
) -> dict[str, Any]:
    from hcgen.files.pictures import dimensions
    from hcgen.files.rewrite import article_text, write_new
    from hcgen.publish.pulling import import_all

    downloads: list[Download] = []
    lost: list[str] = []

    def fetched(one: Download) -> tuple[int, int]:
        downloads.append(one)
        if dry_run:
            return 0, 0
        lost.extend(_download(project, [one], wires))
        return dimensions(project.root / one.path) if one.url not in lost else (0, 0)

    files = import_all(project, target, reader, scopes, fetched)
    written = [
        one.path for one in files if dry_run or write_new(project.root, one.path, article_text(one.front, one.body))
    ]
    return {
        "files": written,
        "downloads": [one.path for one in downloads],
        "lost": lost,
        "inexact": [one.path for one in files if not one.is_exact],
        "notes": [],
        "conflicts": 0,
        "strangers": 0,
    }


def _download(project: Project, downloads: Sequence[Download], wires: tuple[Wire, Wire]) -> list[str]:
    """Fetches files; the addresses of those that cannot be had."""
    from hcgen.files.rewrite import write_new
    from hcgen.publish.pulling import fetch

    lost = []
    for one in downloads:
        data = fetch(one.url, *wires)
        if data is None:
            lost.append(one.url)
        else:
            write_new(project.root, one.path, data)
    return lost


def _say(summary: dict[str, Any], *, dry_run: bool) -> None:
    for path in summary["files"]:
        say(path)
    for note in summary["notes"]:
        say(note, error=True, fg="yellow")
    for url in summary["lost"]:
        say(f"{url} cannot be fetched; put the file there by hand", error=True, fg="yellow")
    for path in summary["inexact"]:
        say(f"{path}: some of it reads differently as Markdown; look at it", error=True, fg="yellow")
    verb = "would change" if dry_run else "changed"
    fetched = len(summary["downloads"]) - len(summary["lost"])
    say(f"{len(summary['files'])} files {verb}, {fetched} {'to fetch' if dry_run else 'fetched'}", bold=True)
    if summary["conflicts"]:
        say(f"{summary['conflicts']} conflicts: look for <<<<<<< and settle them", error=True, fg="red")
    if summary["strangers"]:
        say(f"{summary['strangers']} things over there are not ours; `--import` takes them in", error=True)
