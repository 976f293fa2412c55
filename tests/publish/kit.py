"""A small world with a folder as its target: plans, runs, and what stands there, for tests."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from hcgen.model.target import Caps, Target
from hcgen.publish.apply import Report, apply
from hcgen.publish.desired import static_address
from hcgen.publish.ledger import Ledger, read_ledger
from hcgen.publish.plan import Plan, plan_json, read_plan
from hcgen.publish.planning import Asked
from hcgen.publish.port import Writer
from hcgen.publish.providers import folder
from hcgen.publish.providers.folder import Person
from hcgen.publish.push import Planned, plan_push, plan_rollback
from hcgen.publish.recover import read_run
from hcgen.publish.values import Identity, Kind, Remote, Scope
from hcgen.publish.wire import Wire
from tests.publish.plugins import environment
from tests.world import World

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077 53de0000000c49444154789c636098f1"
    "1f0003020200 8d1a5a0b0000000049454e44ae426082".replace(" ", "")
)
LIKE_A_CMS: dict[str, Any] = {
    "holders": ["section"], "shared": ["labels", "position", "is_internal", "parent"], "needs_group": True,
    "creates_groups": True, "sanitises": True, "restores": False, "asset_reach": "brand",
}  # fmt: skip


@dataclass
class Desk:
    """A world, a target in it, and hands on both."""

    world: World
    options: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        options = {"address": "https://folder.invalid/", **self.options}
        more = {"caps": Caps(small=1000), **self.more}
        return Target("try", "folder", "targets.yml", self.world.root, url="out", options=options, **more)

    @property
    def out(self) -> Path:
        return self.world.root / "out"

    def planned(self, **asked: Any) -> Planned:
        """What `hcgen push plan` makes of it now."""
        return plan_push(self.world.project(), self.target, folder.reader(self.target, Wire("")), Asked(**asked))

    def plan(self, **asked: Any) -> Plan:
        """The plan, as it comes back from its file."""
        plan = self.planned(**asked).plan
        assert plan is not None
        file = self.world.root / "plan.json"
        file.write_bytes(plan_json(plan))
        assert read_plan(file) == plan
        return plan

    def apply(self, plan: Plan, writer: Writer | None = None) -> Report:
        """Applies a plan."""
        opened = writer or folder.writer(self.target, Wire(""))
        return apply(plan, self.target, opened, static_address(self.world.project()))

    def push(self, **asked: Any) -> Report:
        """Plans and applies; all of it is done."""
        report = self.apply(self.plan(**asked))
        assert report.is_complete, report.failures
        return report

    def rollback(self, run: str, overrides: tuple[str, ...] = ()) -> Plan:
        """The plan that undoes a run."""
        path = self.world.root / ".hcgen/publish/try" / f"{run}.jsonl"
        return plan_rollback(self.target, folder.reader(self.target, Wire("")), read_run(path), overrides)

    @property
    def ledger(self) -> Ledger:
        return read_ledger(self.target)

    @property
    def person(self) -> Person:
        """Somebody who works over there."""
        return Person(self.target)

    def remotes(self) -> dict[str, Remote]:
        """All that readers and people see over there, by id."""
        reader = folder.reader(self.target, Wire(""))
        scopes = [Scope(brand.id, code) for brand in self.world.project().brands for code in brand.locales]
        return {one.id: one for scope in scopes for one in reader.listing(scope)}

    def remote(self, key: str, locale: str = "en", brand: str = "retail", kind: Kind = Kind.ARTICLE) -> Remote:
        """One translation over there."""
        entry = self.ledger.entries[Identity(brand, kind, key, locale)]
        return self.remotes()[entry.id]

    def writes(self) -> list[str]:
        """What was written over there by us, in order: verb and id."""
        log = self.out / "log.jsonl"
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        return [f"{one['verb']} {one['id']}" for one in map(msgspec.json.decode, lines)]

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """`hcgen push ARGUMENTS` in a process of its own, with our providers at hand."""
        return self.world.run("push", *arguments, **{**environment(self.world.root), **variables})


def actions(plan: Plan) -> list[tuple[str, str]]:
    """(action, what) of each change."""
    return [(one.action.value, str(one.identity or (one.asset.path if one.asset else ""))) for one in plan.changes]


def state_of(desk: Desk) -> dict[str, Any]:
    """All that stands there, with ids replaced by what they stand for: equal for equal states."""
    remotes = desk.remotes()
    names = {one.id: f"<{one.kind.value} {one.locale} {one.marker}>" for one in remotes.values()}
    groups = {one.group: f"<group {one.kind.value} {one.marker}>" for one in remotes.values()}

    def plain(value: object) -> str:
        text = msgspec.json.encode(msgspec.to_builtins(value)).decode()
        known = names | groups
        return re.sub(r"\b[0-9a-f]{8}(?:[0-9a-f]{4})?\b", lambda match: known.get(match[0], match[0]), text)

    items: dict[str, Any] = {}
    for one in remotes.values():
        name = f"{one.brand} {names[one.id]}"
        assert name not in items, f"{name} is there twice"
        fields = (one.content, one.parent, one.slug, one.url, one.group, one.pending)
        items[name] = plain(fields)
    files = sorted(path.relative_to(desk.out).as_posix() for path in desk.out.glob("files/**/*") if path.is_file())
    rules = sorted(plain(msgspec.json.decode(path.read_bytes())) for path in desk.out.glob("redirects/*.json"))
    return {"items": items, "files": files, "rules": rules}
