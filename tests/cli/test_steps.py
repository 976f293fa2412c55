"""`hcgen steps` and the rule that asks for it: what is written, what is only said, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from hcgen.errors import ExitCode
from tests.world import RETAIL, ROOT, World

MakeWorld = Callable[..., World]
LOCK = "content/steps.lock"
ASKS = RETAIL + "feedback: https://answers.acme.example/v1\n"
TEXT = "---\ntitle: Refund a sale\nid: refunds\n---\nFirst.\n\n1. {}\n2. {}\n"


@pytest.fixture
def asking(make_world: MakeWorld) -> World:
    """A world in which a brand asks about steps."""
    return make_world({"brands/retail/brand.yml": ASKS, "content/en/billing/refunds.md": TEXT.format("One", "Two")})


def warnings(world: World) -> list[tuple[str, str]]:
    """(path, message) of what `hcgen check` says of steps."""
    done = world.run("check", "--json")
    found = json.loads(done.stdout)["findings"]
    return [(one["path"], one["message"]) for one in found if one["rule"] == "steps-not-locked"]


def test_the_lock_is_written_once_and_says_what_it_did(asking: World) -> None:
    done = asking.run("steps")
    assert done.returncode == ExitCode.OK, done.stderr
    assert "content/steps.lock is written: 2 added, 0 edited, 0 dropped, 0 kept" in done.stdout
    text = (asking.root / LOCK).read_text("utf-8")
    assert [line.split()[0] for line in text.splitlines()] == ["billing/refunds"] * 2
    again = asking.run("steps")
    assert "is up to date: 0 added, 0 edited, 0 dropped, 2 kept" in again.stdout
    assert (asking.root / LOCK).read_text("utf-8") == text


def test_edits_are_told_from_new_steps(asking: World) -> None:
    asking.run("steps")
    before = (asking.root / LOCK).read_text("utf-8").split()
    asking.write({"content/en/billing/refunds.md": TEXT.format("New\n1. One", "Two, edited")})
    done = asking.run("steps", "--json")
    value = json.loads(done.stdout)
    assert (value["changed"], value["kept"]) == (True, 1)
    assert [one["step"] for one in value["edited"]] == [before[4]]
    assert len(value["added"]) == 1
    assert value["dropped"] == []
    asking.write({"content/en/billing/refunds.md": None})
    value = json.loads(asking.run("steps", "--json").stdout)
    # The German text, of which one item is left, names itself now: it has no procedure.
    assert len(value["dropped"]) == 3
    assert (asking.root / LOCK).read_text("utf-8") == ""


def test_check_changes_nothing_and_ends_with_findings(asking: World) -> None:
    done = asking.run("steps", "--check")
    assert done.returncode == ExitCode.FINDINGS
    assert "would change: 2 added" in done.stdout
    assert not (asking.root / LOCK).exists()
    asking.run("steps")
    assert asking.run("steps", "--check").returncode == ExitCode.OK


def test_nothing_is_written_while_the_content_has_errors(asking: World) -> None:
    asking.run("steps")
    before = (asking.root / LOCK).read_text("utf-8")
    asking.write({"content/en/billing/refunds.md": "---\naudience: 7\n---\n1. A\n2. B\n"})
    done = asking.run("steps")
    assert done.returncode == ExitCode.FINDINGS
    assert "refunds.md:2" in done.stderr
    assert (asking.root / LOCK).read_text("utf-8") == before


def test_a_damaged_lock_is_an_error_and_put_right(asking: World) -> None:
    asking.run("steps")
    good = (asking.root / LOCK).read_text("utf-8")
    asking.write({LOCK: f"<<<<<<< HEAD\n{good}=======\n{good}>>>>>>> theirs\n"})
    done = asking.run("build")
    assert done.returncode == ExitCode.FINDINGS
    assert f"{LOCK}:1: error [damaged-lock]" in done.stderr
    assert asking.run("steps", "--check").returncode == ExitCode.FINDINGS
    assert asking.run("steps").returncode == ExitCode.OK
    assert (asking.root / LOCK).read_text("utf-8") == good
    asking.build()


def test_building_and_checking_never_write_it(asking: World) -> None:
    asking.build()
    asking.run("check")
    assert not (asking.root / LOCK).exists()


def test_steps_that_are_not_locked_are_a_warning(asking: World) -> None:
    assert warnings(asking) == [
        ("content/en/billing/refunds.md", "2 steps are not in content/steps.lock, new or with other words")
    ]
    asking.run("steps")
    assert warnings(asking) == []
    asking.write({"content/en/billing/refunds.md": TEXT.format("One", "Two, edited")})
    assert [message.partition(",")[0] for _, message in warnings(asking)] == ["1 step is not in content/steps.lock"]
    asking.write({"content/en/billing/refunds.md": TEXT.format("One", "Two").replace("2. Two", "")})
    assert warnings(asking) == []


def test_who_asks_nobody_needs_no_lock(world: World) -> None:
    assert warnings(world) == []


def test_a_brand_of_its_own_is_locked_under_its_own_name(asking: World) -> None:
    asking.write({"brands/web/content/en/billing/refunds.md": TEXT.format("One", "Web's own")})
    asking.run("steps")
    lines = (asking.root / LOCK).read_text("utf-8").splitlines()
    assert [line.split()[0] for line in lines] == ["/web/billing/refunds"] * 2 + ["billing/refunds"] * 2
    assert lines[0].split()[1] == lines[2].split()[1]


def test_the_example_is_locked() -> None:
    done = World(ROOT).run("steps", "--check")
    assert done.returncode == ExitCode.OK, done.stdout
