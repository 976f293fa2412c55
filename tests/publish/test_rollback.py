"""Rolling back: everything as it was before the run, byte for byte as it is read, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from hcgen.publish.plan import PlanError
from hcgen.publish.values import Remote
from tests.publish.kit import LIKE_A_CMS, Desk, actions
from tests.publish.test_recovery import first_world, second_world
from tests.world import REFUNDS_EN

RESTORES = {**LIKE_A_CMS, "restores": True}


@pytest.fixture(params=["plain", "like a CMS", "no way back"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    found = first_world(tmp_path / "world")
    found.options = {"plain": {}, "like a CMS": RESTORES, "no way back": LIKE_A_CMS}[request.param]
    return found


def as_read(desk: Desk, *, with_ids: bool = True) -> object:
    """All that stands there, as people could have changed it."""

    def shown(one: Remote) -> object:
        same = (one.content, one.slug, one.marker, one.pending)
        return (one.id, one.group, one.parent, one.url, *same) if with_ids else same

    return sorted((shown(one) for one in desk.remotes().values()), key=repr)


def test_after_a_rollback_everything_is_as_before(desk: Desk) -> None:
    desk.push()
    before, ledger = as_read(desk), desk.ledger.entries
    second_world(desk)
    report = desk.push(archives=True)
    assert as_read(desk) != before
    back = desk.rollback(report.run)
    assert not back.is_refused
    assert desk.apply(back).is_complete
    is_same_ids = desk.options.get("restores", True)
    loosely = as_read(desk, with_ids=False)
    assert as_read(desk) == before if is_same_ids else loosely == sorted((one[4:] for one in before), key=repr)  # type: ignore[attr-defined]
    assert bool(back.warnings and "made anew" in back.warnings[0]) is not is_same_ids
    if is_same_ids:
        assert desk.ledger.entries == ledger
    # Git still wants what was rolled back: the next plan says so again.
    assert {what for _, what in actions(desk.plan(archives=True))} >= {"retail/en/billing/refunds"}


def test_a_first_push_is_undone_by_taking_everything_away(desk: Desk) -> None:
    report = desk.push()
    assert desk.apply(desk.rollback(report.run)).is_complete
    assert desk.remotes() == {}
    assert desk.ledger.entries == {}


def test_a_rollback_can_be_rolled_back(desk: Desk) -> None:
    desk.push()
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    report = desk.push()
    after = as_read(desk)
    back = desk.apply(desk.rollback(report.run))
    assert "First." in desk.remote("billing/refunds").content.body
    again = desk.rollback(back.run)
    assert again.rolls_back == back.run
    desk.apply(again)
    assert as_read(desk) == after
    assert actions(desk.plan()) == []


def test_what_was_edited_since_the_run_is_not_rolled_back(desk: Desk) -> None:
    desk.push()
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    report = desk.push()
    desk.person.edit(desk.remote("billing/refunds").id, body="<p>Since then.</p>")
    back = desk.rollback(report.run)
    assert [str(one.identity) for one in back.conflicts] == ["retail/en/billing/refunds"]
    with pytest.raises(PlanError):
        desk.apply(back)
    forced = desk.rollback(report.run, ("retail/en/billing/refunds",))
    assert desk.apply(forced).is_complete
    assert "First." in desk.remote("billing/refunds").content.body


def test_a_rollback_that_moved_since_it_was_planned_is_refused(desk: Desk) -> None:
    desk.push()
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    back = desk.rollback(desk.push().run)
    desk.person.edit(desk.remote("billing/refunds").id, body="<p>Since then.</p>")
    with pytest.raises(PlanError, match="retail/en/billing/refunds"):
        desk.apply(back)
