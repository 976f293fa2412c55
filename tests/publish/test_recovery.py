"""A run that is killed at any instant, and goes on: nothing twice, nothing lost, the same end as undisturbed."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.publish import journal as journals
from hcgen.publish.journal import Intent
from hcgen.publish.plan import Plan, PlanError, read_plan
from hcgen.publish.port import Blank
from hcgen.publish.providers import folder
from hcgen.publish.recover import open_runs, read_run
from hcgen.publish.values import Asset, Remote, RemoteAsset, Scope
from hcgen.publish.wire import Unsettled, Wire
from tests.publish.kit import LIKE_A_CMS, PICTURE, Desk, actions, state_of
from tests.world import REFUNDS_EN, small_world

FORK = multiprocessing.get_context("fork")
SHAPES = {"plain": {}, "like a CMS": {**LIKE_A_CMS, "creates_groups": False}}
LINKS = (
    "---\ntitle: Read an invoice\ntags: [money]\n---\n[a](refunds.md#steps) [b](later.md) ![shot](images/shot.png)\n"
)
LATER = "---\ntitle: Later\nredirect_from: [/hc/en-us/articles/7-Later]\n---\n[back](invoices.md)\n"


def first_world(root: Path) -> Desk:
    return Desk(
        small_world(
            root,
            {
                "content/en/billing/invoices.md": LINKS, "content/en/billing/later.md": LATER,
                "content/en/billing/images/shot.png": PICTURE,
            },
        )
    )  # fmt: skip


def second_world(desk: Desk) -> None:
    """Updates, a move with a new address, new articles and what goes: all in one plan."""
    desk.world.write(
        {
            "content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second."),
            "content/en/billing/invoices.md": None,
            "content/en/billing/later.md": LATER.replace("[back](invoices.md)", "[new](../other/new.md)"),
            "content/en/other/new.md": "---\ntitle: New\n---\n[later](../billing/later.md) ![s](images/two.png)\n",
            "content/en/other/images/two.png": PICTURE + b"\0",
            "content/de/billing/refunds.md": None,
        }
    )


def applied(desk: Desk, plan: Plan) -> None:
    report = desk.apply(plan)
    os._exit(0 if report.is_complete else 3)


def kill_now_and_then(desk: Desk, plan: Plan, chance: random.Random, span: float, kills: int) -> int:
    """Applies `plan` in processes that are killed at random instants, then to its end; how often it was cut off."""
    cut = 0
    for _ in range(kills):
        child = FORK.Process(target=applied, args=(desk, plan))
        child.start()
        time.sleep(chance.uniform(0, span))
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        if child.exitcode == 0:
            return cut
        cut += 1
    report = desk.apply(plan)
    assert report.is_complete, report.failures
    return cut


def ids_are_known(desk: Desk) -> None:
    """Each thing over there is in the ledger, and each entry of it stands there."""
    assert {entry.id for entry in desk.ledger.entries.values()} == set(desk.remotes())


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("instants", [13, pytest.param(100, marks=pytest.mark.full)])
def test_killed_at_random_instants_it_ends_as_if_it_had_not_been(tmp_path: Path, shape: str, instants: int) -> None:
    options = SHAPES[shape]
    still = first_world(tmp_path / "still")
    still.options = options
    begun = time.monotonic()
    still.push()
    span = time.monotonic() - begun
    first = state_of(still)
    second_world(still)
    still.push(archives=True)
    second = state_of(still)

    chance = random.Random(20260601)
    left, tries = instants, 0
    while left > 0:
        tries += 1
        assert tries < 20 * instants, "the runs end before they can be killed"
        desk = first_world(tmp_path / f"try{tries}")
        desk.options = options
        left -= kill_now_and_then(desk, desk.plan(), chance, span, min(left, 3))
        assert state_of(desk) == first
        ids_are_known(desk)
        assert actions(desk.plan()) == []
        second_world(desk)
        left -= kill_now_and_then(desk, desk.plan(archives=True), chance, span, min(left, 3)) if left > 0 else 0
        if state_of(desk) == first:
            desk.push(archives=True)
        assert state_of(desk) == second
        ids_are_known(desk)
        assert actions(desk.plan(archives=True)) == []
        assert not open_runs(desk.target)
        shutil.rmtree(desk.world.root)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return first_world(tmp_path / "world")


def cut_journal(desk: Desk, keep: Callable[[int], bool]) -> Path:
    """The journal of the last run as it was before it ended: as many of its lines as `keep` lets stay."""
    path = journals.runs(desk.target)[-1]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for at, line in enumerate(lines) if keep(at)))
    return path


def test_a_plan_made_after_an_interruption_knows_what_was_done(desk: Desk) -> None:
    plan = desk.plan()
    child = FORK.Process(target=applied, args=(desk, plan))
    child.start()
    child.join()
    path = journals.runs(desk.target)[-1]
    total = len(path.read_bytes().splitlines())
    (desk.world.root / "publish/try.ledger.jsonl").unlink()
    cut_journal(desk, lambda at: at < total - 5)
    again = desk.plan()
    assert set(again.counts) <= {"record", "redirect", "update"}
    assert "create" not in again.counts
    assert not again.is_refused
    desk.apply(again)
    ids_are_known(desk)
    assert not open_runs(desk.target)
    assert len({one.marker for one in desk.remotes().values()}) == 4


def test_a_line_cut_off_in_the_middle_counts_as_not_written(desk: Desk) -> None:
    plan = desk.plan()
    desk.apply(plan)
    before = state_of(desk)
    total = len(journals.runs(desk.target)[-1].read_bytes().splitlines())
    path = cut_journal(desk, lambda at: at < total - 2)
    (desk.world.root / "publish/try.ledger.jsonl").unlink()
    whole = path.read_bytes()
    assert len(read_run(path).loose) == 1
    path.write_bytes(whole + b'{"event":"done","num')
    assert desk.apply(plan).is_complete
    assert state_of(desk) == before
    assert read_run(path).end is not None


def test_an_edit_by_hand_during_an_interruption_is_not_lost(desk: Desk) -> None:
    plan = desk.plan()
    desk.apply(plan)
    refunds = desk.remote("billing/refunds")
    # As if the process had died between the write of this article and the line that says so.
    path = journals.runs(desk.target)[-1]
    run = read_run(path)
    number = next(
        n for n, one in run.intents.items()
        if one.verb == "write" and one.identity == next(
            i for i, e in desk.ledger.entries.items() if e.id == refunds.id)
    )  # fmt: skip
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [
        line for line in lines if f'"event":"done","number":{number},'.encode() not in line and b'"end"' not in line
    ]
    assert len(kept) == len(lines) - 2
    path.write_bytes(b"".join(kept))
    (desk.world.root / "publish/try.ledger.jsonl").unlink()
    desk.person.edit(refunds.id, body="<p>Written while nothing ran.</p>")
    with pytest.raises(PlanError, match="retail/en/billing/refunds"):
        desk.apply(plan)
    assert desk.remotes()[refunds.id].content.body == "<p>Written while nothing ran.</p>"
    again = desk.plan()
    assert [(str(one.identity), one.kind) for one in again.conflicts] == [("retail/en/billing/refunds", "unknown")]


def test_intents_stand_in_the_journal_before_anything_is_sent(desk: Desk) -> None:
    """What is written over there is never ahead of the journal."""
    seen: list[int] = []

    class Watching(folder.FolderWriter):
        def _log(self, verb: str, what: str) -> None:
            path = journals.runs(desk.target)[-1]
            run = read_run(path)
            seen.append(len(run.loose))
            super()._log(verb, what)

    report = desk.apply(desk.plan(), Watching(desk.target))
    assert report.is_complete
    assert len(seen) >= len(desk.remotes())
    assert min(seen) >= 1


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("shape", ["plain", "like a CMS"])
def test_a_lost_answer_to_what_makes_something_is_looked_into(tmp_path: Path, shape: str, when: str) -> None:
    desk = first_world(tmp_path / "world")
    desk.options = LIKE_A_CMS if shape == "like a CMS" else {}
    chance = random.Random(7)

    class Losing(folder.FolderWriter):
        lost = 0

        def _lose(self, moment: str) -> None:
            if moment == when and chance.random() < 0.25:
                Losing.lost += 1
                raise Unsettled("POST /items: no answer that counts (ReadError)")

        def create(self, blank: Blank) -> Remote:
            self._lose("before")
            made = super().create(blank)
            self._lose("after")
            return made

        def upload(self, asset: Asset, file: Path, owner: Remote | None, scope: Scope) -> RemoteAsset:
            self._lose("before")
            made = super().upload(asset, file, owner, scope)
            self._lose("after")
            return made

    still = first_world(tmp_path / "still")
    still.options = desk.options
    still.push()
    report = desk.apply(desk.plan(), Losing(desk.target))
    assert report.is_complete, report.failures
    assert Losing.lost > 2
    assert state_of(desk) == state_of(still)
    ids_are_known(desk)


def test_a_plan_file_is_taken_up_by_another_process(desk: Desk) -> None:
    plan = desk.plan()
    assert read_plan(desk.world.root / "plan.json").digest == plan.digest
    assert [one for one in read_run(_killed(desk, plan)).intents.values() if isinstance(one, Intent)]
    assert desk.apply(plan).is_complete
    ids_are_known(desk)


def _killed(desk: Desk, plan: Plan) -> Path:
    """A run that is killed once it has written some lines."""
    child = FORK.Process(target=applied, args=(desk, plan))
    child.start()
    while not (paths := journals.runs(desk.target)) or len(paths[-1].read_bytes().splitlines()) < 6:
        time.sleep(0.001)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    folder.writer(desk.target, Wire(""))
    return paths[-1]


def test_a_plan_that_was_done_is_not_done_again(desk: Desk) -> None:
    plan = desk.plan()
    first = desk.apply(plan)
    writes = desk.writes()
    again = desk.apply(plan)
    assert (again.run, again.done, again.is_complete) == (first.run, 0, True)
    assert desk.writes() == writes
    desk.person.edit(desk.remote("billing/refunds").id, body="<p>Since then.</p>")
    assert desk.apply(plan).done == 0
    assert desk.remote("billing/refunds").content.body == "<p>Since then.</p>"
