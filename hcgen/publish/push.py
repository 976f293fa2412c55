"""The whole of a plan, from a project and a reader; and of a rollback's. Nothing here can write to a target."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from hcgen.model.finding import Finding, Severity
from hcgen.model.project import Project
from hcgen.model.target import Target
from hcgen.publish.adopt import Adoptions, adoptions
from hcgen.publish.desired import Group, Wishes, static_address, wishes
from hcgen.publish.ledger import Ledger, read_ledger
from hcgen.publish.look import Seen, look
from hcgen.publish.plan import Plan
from hcgen.publish.planning import Asked, make_plan
from hcgen.publish.port import Reader
from hcgen.publish.recover import Run, folded, open_runs, settled
from hcgen.publish.rollback import rollback_plan, scopes_of_run
from hcgen.publish.values import Scope


class Planned(Struct, frozen=True):
    """A plan, or (with `plan` None) the errors of the content that keep one from being made."""

    plan: Plan | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the content from being published."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)


def plan_push(project: Project, target: Target, reader: Reader, asked: Asked) -> Planned:
    """What `hcgen push plan` plans. What interrupted runs did is taken into account, and not written down."""
    ledger = read_ledger(target)
    runs = open_runs(target)
    for run in runs:
        ledger = folded(ledger, run.done.values())
    wished = wishes(project, target, reader.capabilities, firsts_of(ledger))
    if wished.errors:
        return Planned(None, wished.findings)
    seen = look(reader, target, tuple(scope for scope in wished.scopes if asked.takes_scope(scope)))
    for run in runs:
        ledger = folded(ledger, settled(run, seen))
    plan = make_plan(asked, wished, seen, ledger, target, reader.capabilities, reader.losses, static_address(project))
    return Planned(plan, wished.findings)


def plan_rollback(target: Target, reader: Reader, run: Run, overrides: tuple[str, ...] = ()) -> Plan:
    """What `hcgen push rollback` plans: everything as it was before `run`."""
    seen = look(reader, target, scopes_of_run(run))
    return rollback_plan(run, seen, read_ledger(target), target, reader.capabilities, overrides)


def plan_adoption(
    project: Project, target: Target, reader: Reader, ids: Mapping[str, str], urls: Mapping[str, str]
) -> tuple[Ledger, Adoptions]:
    """The ledger as it is, and what `hcgen push adopt` would put into it."""
    ledger = read_ledger(target)
    wished, seen = survey(project, target, reader, ledger)
    return ledger, adoptions(wished, seen, ledger, reader.capabilities.shared, ids, urls)


def survey(project: Project, target: Target, reader: Reader, ledger: Ledger) -> tuple[Wishes, Seen]:
    """All that Git wishes and all that stands there."""
    wished = wishes(project, target, reader.capabilities, firsts_of(ledger))
    return wished, look(reader, target, tuple(dict.fromkeys((*wished.scopes, *_owned(ledger)))))


def firsts_of(ledger: Ledger) -> dict[Group, str]:
    """The language in which each group over there holds what its translations share."""
    return {(one.brand, one.kind, one.key): one.locale for one, entry in ledger.entries.items() if entry.leads}


def _owned(ledger: Ledger) -> list[Scope]:
    return sorted({Scope(one.brand, one.locale) for one in ledger.entries}, key=lambda one: (one.brand, one.locale))
