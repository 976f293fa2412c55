"""A plan: each change that a push would make, and what keeps it from being made. A value, made by `planning.py`.

It says nothing of the time at which it was made: equal wishes, ledger and target give an equal plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hcgen import __version__
from hcgen.errors import ExitCode, HcgenError, ProjectError
from hcgen.publish.ledger import Entry
from hcgen.publish.values import Asset, Desired, Identity, Loss, Redirect, Remote, Scope, fingerprint

FORMAT = 1


class PlanError(HcgenError):
    """A plan is refused: something moved over there, too much would go, or it is no plan of this target."""

    exit_code = ExitCode.CONFLICT


class Action(StrEnum):
    """What happens to one thing."""

    CREATE = "create"
    UPDATE = "update"
    MOVE = "move"
    """Only its place or its address changes."""
    FLAG = "flag"
    """Only `is_outdated` changes."""
    RECORD = "record"
    """Nothing is sent: the ledger learns what stands there already, or forgets what is gone."""
    UPLOAD = "upload"
    ARCHIVE = "archive"
    RESTORE = "restore"
    REDIRECT = "redirect"


class Change(Struct, frozen=True, omit_defaults=True):
    """One change. `base` is the fingerprint of what stands there now, `before` that itself (None: nothing)."""

    action: Action
    identity: Identity | None = None
    id: str = ""
    base: str = ""
    source: str = ""
    """Digest of what is desired."""
    desired: Desired | None = None
    before: Remote | None = None
    fields: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    shown: str = ""
    """The body with addresses, as far as they are known, for people; "" where it is as `desired` says."""
    asset: Asset | None = None
    scope: Scope | None = None
    rule: Redirect | None = None
    """Its `target` is "" where the address is not known before the change of `identity`."""
    entry: Entry | None = None
    """What the ledger shall say afterwards, where that is not made of `desired` (records, rollbacks)."""
    forgets: Identity | None = None
    """What it was called until now, where its file was renamed."""
    parent: str | None = None
    """The id of the folder, where it is not found by the key that `desired` names (rollbacks)."""

    @property
    def title(self) -> str:
        """How people call it."""
        if self.desired:
            return self.desired.content.title
        if self.before:
            return self.before.content.title
        return self.entry.title if self.entry else self.asset.name if self.asset else ""


class Conflict(Struct, frozen=True, omit_defaults=True):
    """What is left as it is, since somebody has worked on it over there. `refuses`: Git wants to change it, too."""

    identity: Identity
    kind: str
    """both, pending, drift, gone, unknown, twice, first"""
    text: str
    remedy: str
    before: Remote | None = None
    desired: Desired | None = None
    refuses: bool = True


class Plan(Struct, frozen=True, kw_only=True):
    """All changes, in the order in which they are made."""

    format: int = FORMAT
    tool: str = __version__
    target: str
    provider: str
    url: str
    filters: Mapping[str, tuple[str, ...]]
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...] = ()
    refusals: tuple[str, ...] = ()
    """Why nothing of it may be done, with remedies."""
    warnings: tuple[str, ...] = ()
    owned: int = 0
    """How many things the ledger knows."""
    rolls_back: str = ""
    """The run that it undoes."""
    digest: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many changes there are of each action."""
        found = Counter(change.action for change in self.changes)
        return {action.value: found[action] for action in Action if found[action]}

    @property
    def is_refused(self) -> bool:
        """Whether apply would not take it."""
        return bool(self.refusals) or any(one.refuses for one in self.conflicts)

    def sealed(self) -> Plan:
        """The plan with the digest of all that it says."""
        return replace(self, digest=self._digest())

    def _digest(self) -> str:
        return fingerprint(replace(self, digest=""))

    def is_whole(self) -> bool:
        """Whether it is as it was made."""
        return self.digest == self._digest()


def plan_json(plan: Plan) -> bytes:
    """The plan as a file: JSON, indented, with its counts."""
    value = msgspec.to_builtins(plan)
    value = {"format": value.pop("format"), "digest": value.pop("digest"), "counts": plan.counts, **value}
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def read_plan(path: Path) -> Plan:
    """A plan from its file. Raises ProjectError or PlanError where it is none that may be applied."""
    remedy = "Make it anew with `hcgen push plan`."
    try:
        raw = msgspec.json.decode(path.read_bytes())
        if isinstance(raw, dict) and raw.get("format") != FORMAT:
            raise PlanError(f"the plan has format {raw.get('format')!r}", where=str(path), remedy=remedy)
        plan = msgspec.convert(raw, Plan)
    except OSError as error:
        raise ProjectError(f"the plan cannot be read: {error}", where=str(path), remedy=remedy) from error
    except msgspec.MsgspecError as error:
        raise PlanError(f"this is no plan: {error}", where=str(path), remedy=remedy) from error
    if not plan.is_whole():
        raise PlanError("the plan was changed after it was made", where=str(path), remedy=remedy)
    if plan.tool != __version__:
        what = f"the plan was made by hcgen {plan.tool}, this is {__version__}"
        raise PlanError(what, where=str(path), remedy=remedy)
    return plan
