"""Does what a plan says, or refuses: looks whether anything moved, then goes through the phases, journal in hand.

Phases: folders and empty drafts with the source language first, files, then each body once, then what goes, then
redirects. Each write is read, compared with the plan, written, read back and compared. `steps.py` does the single ones.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from msgspec import Struct

from hcgen import __version__
from hcgen.model.target import Target
from hcgen.publish import journal as journals
from hcgen.publish.anonymous import look_at, sample
from hcgen.publish.journal import End, Journal
from hcgen.publish.ledger import Ledger, read_ledger, write_ledger
from hcgen.publish.lock import locked
from hcgen.publish.look import Seen, look, places_of
from hcgen.publish.plan import Action, Change, Plan, PlanError
from hcgen.publish.port import Writer
from hcgen.publish.recover import Run, folded, open_runs, read_run, settled
from hcgen.publish.sending import is_blank
from hcgen.publish.steps import Steps
from hcgen.publish.values import Identity, Kind, Scope
from hcgen.publish.wire import Wire

Numbered = tuple[int, Change]
Progress = Callable[[int, int], None]

_WRITES = (Action.CREATE, Action.UPDATE, Action.MOVE, Action.FLAG)
_ROUNDS = 8
"""Times that what was lost on the way is looked for and made again."""
_NAMED = 20


class Report(Struct, frozen=True):
    """What a run did. `failures` are by change; `warnings` are what readers and writers should know."""

    run: str
    done: int
    failures: tuple[str, ...]
    warnings: tuple[str, ...]
    fetched: int = 0
    """Public pages that were looked at."""

    @property
    def is_complete(self) -> bool:
        """Whether all of the plan was done."""
        return not self.failures


def apply(
    plan: Plan,
    target: Target,
    writer: Writer,
    elsewhere: Callable[[Identity], str],
    *,
    progress: Progress = lambda done, total: None,
    public: Callable[[], Wire] | None = None,
    fetches: int = 100,
    scrub: Callable[[str], str] = str,
) -> Report:
    """Applies `plan` to `target`. Raises PlanError where it is refused; then nothing was written.

    `public` opens a wire without any secret, by which at most `fetches` of the pages that were written are looked at.
    """
    _check(plan, target)
    with locked(target):
        scopes = _scopes(plan)
        seen = look(writer, target, scopes)
        if seen.troubles:
            raise PlanError(seen.troubles[0], remedy="Plan again once it is set right.")
        ledger, run = _recovered(plan, target, seen)
        moved = _moved(plan, ledger, seen, run)
        if moved and (applied := _applied(plan, target)):
            return Report(applied, 0, (), ("all of this plan was done before",))
        if moved:
            named = ", ".join(moved[:_NAMED]) + (f" and {len(moved) - _NAMED} more" if len(moved) > _NAMED else "")
            what = f"changed over there since the plan was made: {named}"
            raise PlanError(what, remedy="Plan again and look at them.")
        journal = _journal(plan, target, run)
        try:
            places = places_of(writer.capabilities, ledger, seen, elsewhere)
            doubtful = [one.change for one in run.loose if one.verb == "upload"] if run else []
            steps = Steps(target, writer, journal, ledger, places, seen, scrub, plan.changes, doubtful)
            _Phases(plan, steps, run.finished if run else frozenset(), progress).run()
            pages = sample(steps.pages, fetches)
            troubles = look_at(pages, public) if public else []
            write_ledger(target, steps.ledger)
            state = "complete" if not steps.failures else "incomplete"
            journal.write(End(_now(), state))
        finally:
            journal.close()
    failures = tuple(message for _, message in sorted(steps.failures.items()))
    return Report(journal.run, steps.count, failures, (*steps.warnings, *troubles), len(pages) if public else 0)


def _check(plan: Plan, target: Target) -> None:
    """Refuses a plan that is none of this target, or that was refused when it was made."""
    if (plan.target, plan.url, plan.provider) != (target.name, target.url, target.provider):
        what = f"the plan is one for {plan.target} at {plan.url}"
        raise PlanError(what, remedy="Plan again, or name the other target.")
    if plan.is_refused:
        why = plan.refusals[0] if plan.refusals else next(
            f"{one.identity}: {one.text}" for one in plan.conflicts if one.refuses
        )  # fmt: skip
        raise PlanError(f"the plan is refused: {why}", remedy="Plan again once it is settled.")


def _scopes(plan: Plan) -> tuple[Scope, ...]:
    found = [Scope(one.identity.brand, one.identity.locale) for one in plan.changes if one.identity]
    found += [one.scope for one in plan.changes if one.scope]
    return tuple(dict.fromkeys(found))


def _recovered(plan: Plan, target: Target, seen: Seen) -> tuple[Ledger, Run | None]:
    """The ledger with what interrupted runs did, and the run of this very plan if it was one of them."""
    ledger, mine = read_ledger(target), None
    for run in open_runs(target):
        journal = journals.reopen(run.path)
        try:
            for done in settled(run, seen):
                journal.write(done)
            run = read_run(run.path)
            ledger = folded(ledger, run.done.values())
            write_ledger(target, ledger)
            if run.begin.plan == plan.digest:
                mine = run
            else:
                journal.write(End(_now(), "settled"))
        finally:
            journal.close()
    return ledger, mine


def _journal(plan: Plan, target: Target, run: Run | None) -> Journal:
    """The journal of the run that is gone on with, or a new one."""
    return journals.reopen(run.path) if run else journals.begin(target, plan.digest, __version__, plan.rolls_back)


def _applied(plan: Plan, target: Target) -> str:
    """The last run, where it did all of this very plan; else ""."""
    paths = journals.runs(target)
    last = read_run(paths[-1]) if paths else None
    is_same = last is not None and last.begin.plan == plan.digest
    return last.begin.run if last and is_same and last.end and last.end.state == "complete" else ""


def _moved(plan: Plan, ledger: Ledger, seen: Seen, run: Run | None) -> list[str]:
    """What stands there otherwise than when the plan was made."""
    begun = {one.identity for one in run.intents.values() if one.verb == "create"} if run else set()
    finished = run.finished if run else frozenset()
    # An empty draft that this very run has made is what it goes on with.
    marked = seen.marked(ledger)
    there = {one for one, found in marked.items() if one not in begun or not all(is_blank(each) for each in found)}
    there |= {one for one, entry in ledger.entries.items() if entry.id in seen.remotes}
    return [
        str(change.identity)
        for at, change in enumerate(plan.changes)
        if at not in finished and change.identity and _is_moved(change, change.identity, seen, there)
    ]


def _is_moved(change: Change, identity: Identity, seen: Seen, there: Container[Identity]) -> bool:
    remote = seen.remotes.get(change.id) if change.id else None
    match change.action:
        case Action.UPLOAD | Action.REDIRECT:
            return False
        case Action.CREATE if not change.id:
            return identity in there
        case Action.RESTORE:
            return remote is not None
        case Action.RECORD if change.entry is None:
            return remote is not None
        case _:
            return remote is None or remote.fingerprint != change.base


class _Phases:
    """Goes through a plan's changes in the order that lets each body be written once."""

    def __init__(self, plan: Plan, steps: Steps, finished: frozenset[int], progress: Progress) -> None:
        self.steps, self.progress, self.changes, self.total = steps, progress, plan.changes, len(plan.changes)
        self.left = [(at, one) for at, one in enumerate(plan.changes) if at not in finished]
        self.ended = len(finished)

    def run(self) -> None:
        """All phases; the ledger is on disk after each."""
        steps = self.steps
        self._each(self._of(Action.RECORD), steps.record)
        creates = self._of(Action.CREATE)
        for level in _levels(creates):
            self._create(level)
        for level in _levels(self._of(Action.RESTORE)):
            # What holds the shared fields comes first: a group begins with it.
            firsts = [one for one in level if one[1].entry and one[1].entry.leads]
            self._each(firsts, steps.restore)
            self._each([one for one in level if one not in firsts], steps.restore)
        self._upload(self._of(Action.UPLOAD))
        writes = self._of(*_WRITES)
        for level in _levels(writes):
            movers = [one for one in level if {"parent", "slug"} & set(one[1].fields)]
            self._each(movers, steps.write)
            if movers and movers[0][1].identity and movers[0][1].identity.kind is not Kind.ARTICLE:
                steps.look_again()
            self._each([one for one in level if one not in movers], steps.write)
        every = [(at, one) for at, one in enumerate(self.changes) if one.action in _WRITES]
        # Addresses that changed while bodies were written: those bodies are settled now.
        self._each(steps.outdated(every), steps.write_again, counts=False)
        for change in self._of(Action.ARCHIVE):
            # In the plan's order: articles before their folders.
            self._each([change], steps.archive)
        self._each(self._of(Action.REDIRECT), steps.redirect)

    def _of(self, *actions: Action) -> list[Numbered]:
        return [(at, one) for at, one in self.left if one.action in actions]

    def _create(self, level: Sequence[Numbered]) -> None:
        """Makes empty drafts: group by group, the rest of a group after its first."""
        groups: dict[tuple[str, Kind, str], list[Numbered]] = {}
        for at, change in level:
            assert change.identity is not None
            groups.setdefault((change.identity.brand, change.identity.kind, change.identity.key), []).append(
                (at, change)
            )
        for _ in range(_ROUNDS):
            self._run([(group,) for group in groups.values()], self.steps.create)
            lost = self.steps.take_lost()
            if not lost:
                return
            self.steps.find_created(lost)
            groups = {key: group for key, group in groups.items() if any(one.identity in lost for _, one in group)}
        self.steps.give_up([one for group in groups.values() for one in group])

    def _upload(self, changes: list[Numbered]) -> None:
        for _ in range(_ROUNDS):
            self._run(changes, self.steps.upload)
            lost = self.steps.take_lost()
            if not lost:
                break
            self.steps.find_uploaded()
        else:
            self.steps.give_up([one for one in changes if not self.steps.is_uploaded(one[1])])
        self._advance(len(changes))

    def _each(self, changes: list[Numbered], step: Callable[[int, Change], None], *, counts: bool = True) -> None:
        self._run(changes, step, counts=counts)
        if changes:
            self.steps.checkpoint()

    def _run(self, tasks: Sequence[tuple[object, ...]], step: Callable[..., None], *, counts: bool = False) -> None:
        """One step for each task, several at a time. A fault that is no refusal of the target ends the run."""
        with ThreadPoolExecutor(max(1, self.steps.target.concurrency)) as pool:
            futures = [pool.submit(step, *task) for task in tasks]
            try:
                for future in futures:
                    future.result()
                    if counts:
                        self._advance(1)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _advance(self, count: int) -> None:
        self.ended += count
        self.progress(self.ended, self.total)


def _levels(changes: list[Numbered]) -> list[list[Numbered]]:
    """Changes level by level: what holds others before what it holds, all articles last."""
    levels: dict[tuple[int, int], list[Numbered]] = {}
    for at, change in changes:
        assert change.identity is not None
        kind, key = change.identity.kind, change.identity.key
        depth = key.count("/") if kind is Kind.SECTION else 0
        levels.setdefault((list(Kind).index(kind), depth), []).append((at, change))
    return [levels[name] for name in sorted(levels)]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
