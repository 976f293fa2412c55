"""`hcgen push` against Zendesk as its users start it, killed before and after any request; secrets are not shown."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hcgen.publish.plan import plan_json
from tests.publish.plugins import environment
from tests.publish.test_zendesk_push import Push, account_of, shape
from tests.publish.zendesk import Emulator
from tests.publish.zendesk.api import Request
from tests.world import REFUNDS_EN

TARGETS = """\
support:
  provider: zendesk
  url: {retail}
  locales: {{en: en-us, de: de, ar: ar}}
  options: {{client_id: hcgen, permission_group: 31}}
  brand_options:
    web: {{url: "{web}"}}
  caps: {{small: 1000}}
  secrets:
    client_secret: {{env: ZENDESK_SECRET}}
"""


class Command(Push):
    """The same, and `hcgen push` in a process of its own."""

    def __init__(self, root: Path, emulator: Emulator) -> None:
        super().__init__(root, emulator)
        urls = {name: brand.url for name, brand in emulator.account.brands.items()}
        self.world.write({"targets.yml": TARGETS.format(**urls)})

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        variables = {**os.environ, **environment(self.world.root), "ZENDESK_SECRET": "client-secret"}
        return subprocess.Popen(
            [sys.executable, "-m", "hcgen", "push", *arguments], cwd=self.world.root, env=variables, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def says(self, *arguments: str) -> tuple[int, str]:
        """Exit code and everything that it says."""
        child = self.start(*arguments)
        said, _ = child.communicate(timeout=120)
        return child.returncode, said


class Killer:
    """Kills a process at its nth request that is no GET, before or after the effect."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.at, self.after, self.count = at, after, 0
        self.child: subprocess.Popen[str] | None = None
        self.has_killed = False

    def __call__(self, request: Request, is_done: bool) -> bool:
        self.count += not is_done and request.method != "GET"
        if request.method != "GET" and self.count == self.at and is_done == self.after and not self.has_killed:
            assert self.child is not None
            os.kill(self.child.pid, signal.SIGKILL)
            self.has_killed = True
            return False
        return True


def second(push: Push) -> None:
    """Updates, files, new articles and what goes: all in one plan."""
    push.world.write(
        {
            "content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second. ![s](images/shot.png)"),
            "content/en/other/new.md": "---\ntitle: New\n---\n[back](../billing/refunds.md)\n",
            "content/de/billing/refunds.md": None,
        }
    )


def test_the_commands_of_a_push(tmp_path: Path) -> None:
    with Emulator(account_of()) as emulator:
        push = Command(tmp_path, emulator)
        code, said = push.says("plan", "support", "-o", "plan.json")
        assert code == 8, said
        assert emulator.writes() == 0, "planning cannot write"
        code, applied = push.says("apply", "plan.json")
        assert code == 0, applied
        code, again = push.says("plan", "support")
        assert code == 0, again
        files = [path for path in push.world.root.rglob("*") if path.is_file()]
        assert any(path.name == "support.ledger.jsonl" for path in files)
        told = "".join(path.read_text("utf-8", "replace") for path in files) + said + applied + again
        tokens = list(emulator.account.tokens)
        assert tokens
        assert not [one for one in ("client-secret", *tokens) if one in told]


@pytest.mark.parametrize("instants", [4, pytest.param(50, marks=pytest.mark.full)])
def test_killed_at_any_request_it_ends_as_if_it_had_not_been(tmp_path: Path, instants: int) -> None:
    with Emulator(account_of()) as still:
        undisturbed = Command(tmp_path / "still", still)
        undisturbed.push()
        first, firsts = shape(still, undisturbed), still.writes()
        second(undisturbed)
        undisturbed.push(archives=True)
        ends, seconds = shape(still, undisturbed), still.writes() - firsts
    chance = random.Random(20260601)
    for number in range(instants):
        with Emulator(account_of()) as emulator:
            push = Command(tmp_path / f"try{number}", emulator)
            killed(push, chance.randint(1, firsts), after=bool(number % 2))
            assert shape(emulator, push) == first
            second(push)
            killed(push, chance.randint(1, seconds), after=not number % 2, archives=True)
            assert shape(emulator, push) == ends
            assert push.plan(archives=True).changes == ()
            twice = [one for one, times in Counter(emulator.account.made).items() if times > 1]
            assert twice == []


def killed(push: Command, at: int, *, after: bool, **asked: Any) -> None:
    """Applies a plan by the command, killed at a request, and then to its end."""
    file = push.world.root / "plan.json"
    plan = push.plan(**asked)
    file.write_bytes(plan_json(plan))
    killer = push.emulator.watch = Killer(at, after=after)
    with push.emulator.account.lock:
        killer.child = push.start("apply", str(file))
    killer.child.communicate(timeout=120)
    assert killer.has_killed, "the run has ended before"
    assert killer.child.returncode == -signal.SIGKILL
    report = push.apply(plan)
    assert report.is_complete, report.failures
