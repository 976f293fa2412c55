"""`hcgen push`: publishing to a target, planned like a change of infrastructure: plan, apply, roll back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hcgen.cli.options import now_option, shard_options
from hcgen.cli.output import progress, say, say_findings
from hcgen.errors import ExitCode, ProjectError

if TYPE_CHECKING:
    from hcgen.model.project import Project
    from hcgen.model.target import Target
    from hcgen.publish.apply import Report
    from hcgen.publish.plan import Plan
    from hcgen.publish.recover import Run

_FETCHES = 100
_PLAN = ".plan.json"


def _project_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`-C`, before or behind the name of the command."""
    return click.option(
        "-C", "--project", "root", type=click.Path(path_type=Path, file_okay=False, exists=True), default=None,
        help="Folder of mkdocs.yml.",
    )(command)  # fmt: skip


def _override_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--override", "overrides", multiple=True, metavar="ITEM",
        help="Overwrite what was changed over there: BRAND/LOCALE/KEY, or a key; repeatable.",
    )(command)  # fmt: skip


def _report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a plan is shown as, and where it is written."""
    for option in (
        click.option("--html", "page", type=click.Path(path_type=Path), help="Write a page with bodies side by side."),
        click.option("--no-diff", is_flag=True, help="Without diffs, in text."),
        click.option(
            "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True,
            help="text for people, markdown for a review comment, json for machines.",
        ),
        click.option("-o", "--out", type=click.Path(path_type=Path), help="Write the plan for apply."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.group("push")
@_project_option
@click.pass_context
def command(context: click.Context, root: Path | None) -> None:
    """Publish articles to a CMS, and know beforehand what will happen.

    `plan` looks and writes nothing. `apply` does what a plan says, or refuses. docs/publishing.md is the walkthrough.

    \b
    Examples:
      hcgen push plan support -o plan.json
      hcgen push apply plan.json
      hcgen push rollback support 20260601-101500-ab12cd -o back.json
    """
    context.obj = root


@command.command("plan")
@_project_option
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@shard_options
@click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="Only this category or tag; repeatable.")
@click.option("--archive", "archives", is_flag=True, help="Also take away what Git no longer has.")
@click.option("--archive-limit", type=click.IntRange(0), help="How many may go, instead of the target's caps.")
@_override_option
@click.option("--leave-conflicts", "leaves", is_flag=True, help="Leave what is in conflict as it is; plan the rest.")
@_report_options
@now_option
@click.pass_obj
def plan_command(
    parent: Path | None,
    root: Path | None,
    targets: tuple[str, ...],
    brands: tuple[str, ...],
    locales: tuple[str, ...],
    topics: tuple[str, ...],
    archives: bool,
    archive_limit: int | None,
    overrides: tuple[str, ...],
    leaves: bool,
    out: Path | None,
    form: str,
    no_diff: bool,
    page: Path | None,
    now: datetime | None,
) -> None:
    """Say what a push would change. Ends with 0 for nothing, 8 for changes, 7 if the plan is refused."""
    from hcgen.publish.opening import reading
    from hcgen.publish.planning import Asked
    from hcgen.publish.push import plan_push

    project = _project(root or parent, now)
    _check_names(project, brands, locales)
    asked = Asked(brands, locales, topics, overrides, leaves, archives, archive_limit)
    code = ExitCode.OK
    for name in targets:
        target = _target(project, name)
        with progress(f"Looking at {name}", shown=form == "text"), reading(target) as reader:
            planned = plan_push(project, target, reader, asked)
        if planned.plan is None:
            say_findings(planned.errors, error=True)
            raise click.exceptions.Exit(ExitCode.FINDINGS)
        places = (out, page) if len(targets) == 1 else (_beside(out, f"{name}{_PLAN}"), _beside(page, f"{name}.html"))
        _show(planned.plan, form, no_diff, *places)
        code = _worse(code, planned.plan)
    raise click.exceptions.Exit(code)


@command.command("apply")
@_project_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="PLAN")
@click.option(
    "--fetch", type=click.IntRange(0), default=_FETCHES, show_default=True, metavar="N",
    help="Look at so many of the public pages afterwards, as anybody does.",
)  # fmt: skip
@click.pass_obj
def apply_command(parent: Path | None, root: Path | None, file: Path, fetch: int) -> None:
    """Do what a plan says, or refuse. After an interruption, the same command goes on where it stopped."""
    from hcgen.publish.apply import apply
    from hcgen.publish.desired import static_address
    from hcgen.publish.opening import public_wire, writing
    from hcgen.publish.plan import read_plan
    from hcgen.publish.secrets import Vault
    from hcgen.publish.webhook import announce, message

    plan = read_plan(file)
    project = _project(root or parent, None)
    target = _target(project, plan.target)
    vault = Vault(target)
    with progress("Publishing") as advance, writing(target, vault) as writer:
        report = apply(
            plan, target, writer, static_address(project),
            progress=advance, public=public_wire if fetch else None, fetches=fetch, scrub=vault.scrub,
        )  # fmt: skip
        troubles = announce(target, message(plan, report), vault, public_wire)
    _say_report(report)
    for trouble in troubles:
        say(vault.scrub(trouble), error=True, fg="yellow")
    if not report.is_complete:
        raise click.exceptions.Exit(ExitCode.TARGET)


@command.command("status")
@_project_option
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@now_option
@click.pass_obj
def status_command(parent: Path | None, root: Path | None, targets: tuple[str, ...], now: datetime | None) -> None:
    """Say how a target stands: what the ledger knows, what would change, what was interrupted."""
    from hcgen.publish.ledger import read_ledger
    from hcgen.publish.opening import reading
    from hcgen.publish.planning import Asked
    from hcgen.publish.push import plan_push
    from hcgen.publish.recover import open_runs
    from hcgen.publish.report import headline

    project = _project(root or parent, now)
    for name in targets:
        target = _target(project, name)
        ledger = read_ledger(target)
        kinds = Counter(identity.kind.value for identity in ledger.entries)
        owned = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing"
        say(f"{name}: the ledger knows {owned}; {len(ledger.files)} files, {len(ledger.rules)} redirects", bold=True)
        for run in open_runs(target):
            say(f"  interrupted: {run.begin.run}, {len(run.finished)} changes were done; apply its plan again")
        with reading(target) as reader:
            planned = plan_push(project, target, reader, Asked())
        if planned.plan is None:
            say(f"  {len(planned.errors)} errors in the content; see `hcgen check`")
            continue
        say(f"  {headline(planned.plan)}")
        for conflict in planned.plan.conflicts:
            say(f"  {conflict.identity}: {conflict.text}")


@command.command("log")
@_project_option
@click.argument("name", metavar="TARGET")
@click.argument("run", required=False, default="")
@click.pass_obj
def log_command(parent: Path | None, root: Path | None, name: str, run: str) -> None:
    """List the runs on a target, or what one RUN did."""
    from hcgen.publish.journal import records, runs
    from hcgen.publish.recover import read_run

    target = _target(_project(root or parent, None), name)
    if run:
        _say_run(_run(target, run))
        return
    for path in runs(target):
        if not any(True for _ in records(path)):
            continue
        one = read_run(path)
        verbs = Counter(intent.verb for number, intent in one.intents.items() if number in one.done)
        counts = ", ".join(f"{count} {verb}" for verb, count in sorted(verbs.items())) or "nothing"
        state = one.end.state if one.end else "interrupted"
        undoes = f" rolls back {one.begin.rolls_back}" if one.begin.rolls_back else ""
        say(f"{one.begin.run}  {one.begin.at}  {state:<10}  {counts}{undoes}")


def _say_run(run: Run) -> None:
    for number, intent in run.intents.items():
        state = "done" if number in run.done else "open"
        what = intent.identity or (intent.rule.source if intent.rule else intent.digest)
        say(f"{state:<5} {intent.verb:<8} {what}")


@command.command("rollback")
@_project_option
@click.argument("name", metavar="TARGET")
@click.argument("run")
@_override_option
@_report_options
@click.pass_obj
def rollback_command(
    parent: Path | None,
    root: Path | None,
    name: str,
    run: str,
    overrides: tuple[str, ...],
    out: Path | None,
    form: str,
    no_diff: bool,
    page: Path | None,
) -> None:
    """Plan to make everything as it was before RUN; apply that plan like any other. Ends as `plan` does."""
    from hcgen.publish.opening import reading
    from hcgen.publish.push import plan_rollback

    target = _target(_project(root or parent, None), name)
    read = _run(target, run)
    with reading(target) as reader:
        plan = plan_rollback(target, reader, read, overrides)
    _show(plan, form, no_diff, out, page)
    raise click.exceptions.Exit(_worse(ExitCode.OK, plan))


@command.command("adopt")
@_project_option
@click.argument("name", metavar="TARGET")
@click.option(
    "--id", "ids", multiple=True, metavar="ITEM=ID", help="This article is that thing over there; repeatable."
)
@click.option("--url", "urls", multiple=True, metavar="ITEM=URL", help="The same, by its address; repeatable.")
@click.option("--dry-run", is_flag=True, help="Say what would be adopted, and leave the ledger as it is.")
@now_option
@click.pass_obj
def adopt_command(
    parent: Path | None,
    root: Path | None,
    name: str,
    ids: tuple[str, ...],
    urls: tuple[str, ...],
    dry_run: bool,
    now: datetime | None,
) -> None:
    """Take over what exists over there: by marker, by the `id` or `redirect_from` of an article, or as you say.

    Nothing is sent: the ledger learns whose it is, and the next plan shows what Git would make of it.
    """
    from hcgen.publish.ledger import write_ledger
    from hcgen.publish.lock import locked
    from hcgen.publish.opening import reading
    from hcgen.publish.push import plan_adoption

    project = _project(root or parent, now)
    target = _target(project, name)
    with locked(target), reading(target) as reader:
        ledger, found = plan_adoption(project, target, reader, _pairs(ids, "--id"), _pairs(urls, "--url"))
        for one in found.found:
            say(f"{one.identity} is {one.remote.id} {one.remote.content.title!r} (by {one.by})")
        for trouble in found.troubles:
            say(trouble, error=True, fg="yellow")
        if found.found and not dry_run:
            write_ledger(target, ledger.learn([one.entry for one in found.found]))
    if found.found and reader.capabilities.caution:
        say(reader.capabilities.caution, error=True, fg="yellow")
    say(f"{len(found.found)} {'would be ' if dry_run else ''}adopted", bold=True)
    if found.troubles:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


@command.command("unlock")
@_project_option
@click.argument("name", metavar="TARGET")
@click.pass_obj
def unlock_command(parent: Path | None, root: Path | None, name: str) -> None:
    """Free the lock that a run on another machine left behind."""
    from hcgen.publish.lock import unlock

    holder = unlock(_target(_project(root or parent, None), name))
    say(f"freed the lock of {holder}" if holder else "it was not locked")


def _project(root: Path | None, now: datetime | None) -> Project:
    from hcgen.files.project import read_project

    return read_project(root or Path(), now)


def _target(project: Project, name: str) -> Target:
    from hcgen.files.targets import find_target

    return find_target(project, name)


def _check_names(project: Project, brands: tuple[str, ...], locales: tuple[str, ...]) -> None:
    from hcgen.builds.wanted import Wanted, wanted_shards

    wanted_shards(project.brands, project.settings.locales, Wanted(brands, locales))


def _run(target: Target, name: str) -> Run:
    from hcgen.publish.journal import runs
    from hcgen.publish.recover import read_run

    found = [path for path in runs(target) if path.stem.startswith(name)]
    if len(found) != 1:
        what = f"no run of {target.name} is called {name!r}" if not found else f"{name!r} names several runs"
        raise ProjectError(what, remedy=f"`hcgen push log {target.name}` lists them.")
    return read_run(found[0])


def _show(plan: Plan, form: str, no_diff: bool, out: Path | None, page: Path | None) -> None:
    from hcgen.publish.ledger import put_bytes
    from hcgen.publish.page import as_page
    from hcgen.publish.plan import plan_json
    from hcgen.publish.report import as_markdown, as_text

    if out:
        put_bytes(out, plan_json(plan))
    if page:
        put_bytes(page, as_page(plan).encode())
    shown = {"json": lambda: plan_json(plan).decode(), "markdown": lambda: as_markdown(plan)}
    click.echo(shown[form]() if form in shown else as_text(plan, diffs=not no_diff), nl=False)


def _beside(path: Path | None, name: str) -> Path | None:
    """Of several targets each has a file of its own in the folder that is named."""
    return path / name if path else None


def _worse(code: ExitCode, plan: Plan) -> ExitCode:
    if plan.is_refused or code is ExitCode.CONFLICT:
        return ExitCode.CONFLICT
    return ExitCode.CHANGES if plan.changes or code is ExitCode.CHANGES else ExitCode.OK


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    found = {}
    for one in given:
        item, equals, value = one.partition("=")
        if not (item and equals and value):
            raise click.UsageError(
                f"{option} takes ITEM=VALUE, such as {option} billing/refunds=12345; this is {one!r}"
            )
        found[item] = value
    return found


def _say_report(report: Report) -> None:
    for line in report.warnings:
        say(f"warning: {line}", error=True, fg="yellow")
    for line in report.failures:
        say(f"failed: {line}", error=True, fg="red")
    fetched = f", {report.fetched} public pages looked at" if report.fetched else ""
    say(f"run {report.run}: {report.done} done, {len(report.failures)} failed{fetched}", bold=True)
