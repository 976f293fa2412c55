"""A provider by an outsider: one file and an entry point are enough for every command."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest

from tests.publish.plugins import environment
from tests.world import ROOT, World, small_world

PACKAGE = Path(__file__).parent / "outsider"


@pytest.fixture
def world(tmp_path: Path) -> World:
    targets = (
        "notes:\n  provider: notebook\n  url: notes.json\n  brands: [retail]\n  locales: {en: English, de: Deutsch}\n"
    )
    return small_world(tmp_path / "world", {"targets.yml": targets})


def run(world: World, *arguments: str, code: int = 0) -> str:
    """A command with the outsider's package on the path, as if it were installed."""
    with (PACKAGE / "pyproject.toml").open("rb") as file:
        points = tomllib.load(file)["project"]["entry-points"]["hcgen.providers"]
    found = environment(world.root, **points)
    found["PYTHONPATH"] += f"{os.pathsep}{PACKAGE}"
    done = world.run(*arguments, **found)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_push_pull_and_push_again(world: World) -> None:
    plan, notes = str(world.root / "plan.json"), world.root / "notes.json"
    run(world, "push", "plan", "notes", "-o", plan, code=8)
    run(world, "push", "apply", plan)
    run(world, "push", "plan", "notes")
    pages = json.loads(notes.read_text("utf-8"))
    id = next(id for id, one in pages.items() if one["title"] == "Refund a sale")
    pages[id]["body"] = pages[id]["body"].replace("First.", "First of all.")
    notes.write_text(json.dumps(pages), "utf-8")
    assert "billing/refunds" in run(world, "push", "plan", "notes")
    run(world, "pull", "notes")
    assert "First of all." in (world.root / "content/en/billing/refunds.md").read_text("utf-8")
    assert "1 record" in run(world, "push", "plan", "notes", "-o", plan, code=8)
    run(world, "push", "apply", plan)
    run(world, "push", "plan", "notes")
    assert json.loads(notes.read_text("utf-8")) == pages, "what was pulled has nothing to be sent"


def test_an_unknown_provider_is_told_with_those_that_there_are(world: World) -> None:
    text = (world.root / "targets.yml").read_text("utf-8")
    world.write({"targets.yml": text.replace("notebook", "notbook")})
    said = run(world, "push", "plan", "notes", code=3)
    assert "notbook" in said
    assert "notebook" in said


def test_the_guide_shows_the_very_files() -> None:
    guide = (ROOT / "docs/providers.md").read_text("utf-8")
    for name in ("pyproject.toml", "hcgen_notebook.py", "test_notebook.py"):
        assert (PACKAGE / name).read_text("utf-8") in guide, name
