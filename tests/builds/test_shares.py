"""Shares of a build on several machines make the tree that one build makes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.builds.assembly import assemble_parts
from hcgen.builds.build import build
from hcgen.builds.wanted import Wanted
from hcgen.errors import OutputError
from tests.world import NOW, ROOT, World, tree_digest

MakeWorld = Callable[..., World]


def build_shares(world: World, folder: Path, of: int, **named: bool) -> list[Path]:
    """All shares of a build, each on a machine (a copy of the project) of its own."""
    parts = []
    for number in range(1, of + 1):
        machine = World(folder / f"machine-{number}")
        shutil.copytree(world.root, machine.root, ignore=shutil.ignore_patterns(".hcgen", "site"))
        parts.append(folder / f"part-{number}")
        report = build(machine.root, parts[-1], Wanted(share=(number, of)), NOW, **named)
        assert report.installed, report.findings
    return parts


@pytest.mark.parametrize("of", [2, 3, 9])
def test_shares_make_the_tree_that_one_build_makes(make_world: MakeWorld, tmp_path: Path, of: int) -> None:
    picture = {
        "content/en/billing/a.png": b"\x89PNG\r\n\x1a\n",
        "content/en/billing/b.md": "---\ntitle: B\n---\n![A](a.png)\n",
    }
    world = make_world(picture | {"content/en/billing/c.md": "---\ntitle: C\nredirect_from: [/old]\n---\nC.\n"})
    assert build(world.root, world.root / "site", Wanted(), NOW).installed
    expected = tree_digest(world.root / "site")
    parts = build_shares(world, tmp_path, of)
    pages = [{path for path in tree_digest(part) if path != "hcgen.json" and "/assets/" not in path} for part in parts]
    assert sum(map(len, pages)) == len(set().union(*pages)), "no page is built twice"
    report = assemble_parts(world.root, list(reversed(parts)), tmp_path / "joined")
    assert tree_digest(tmp_path / "joined") == expected
    assert report.pages == sum(one.pages for one in report.shards) > 0
    # The next build takes the joined tree over like any other.
    assert build(world.root, tmp_path / "joined", Wanted(), NOW).installed
    assert tree_digest(tmp_path / "joined") == expected


def test_shares_over_an_older_site_replace_it(make_world: MakeWorld, tmp_path: Path) -> None:
    world = make_world()
    out = tmp_path / "joined"
    assemble_parts(world.root, build_shares(world, tmp_path / "one", 2), out)
    world.write({"content/en/billing/refunds.md": None, "content/de/billing/refunds.md": None})
    world.write({"content/en/billing/invoices.md": "---\ntitle: Invoices\n---\nNew.\n"})
    assemble_parts(world.root, build_shares(world, tmp_path / "two", 2), out)
    build(world.root, world.root / "site", Wanted(), NOW)
    assert tree_digest(out) == tree_digest(world.root / "site")


@pytest.mark.parametrize("fault", ["missing", "twice", "other sources", "no share", "no tree"])
def test_what_does_not_belong_together_is_refused(world: World, tmp_path: Path, fault: str) -> None:
    parts = build_shares(world, tmp_path, 2)
    if fault == "missing":
        parts.pop()
    elif fault == "twice":
        parts[1] = parts[0]
    elif fault == "other sources":
        world.write({"content/en/billing/refunds.md": "---\ntitle: Other\n---\n"})
        parts[1] = build_shares(world, tmp_path / "again", 2)[1]
    elif fault == "no share":
        build(world.root, tmp_path / "whole", Wanted(), NOW)
        parts[1] = tmp_path / "whole"
    else:
        parts[1] = tmp_path / "empty"
        parts[1].mkdir()
    with pytest.raises(OutputError) as caught:
        assemble_parts(world.root, parts, tmp_path / "joined")
    assert caught.value.remedy
    assert not (tmp_path / "joined").exists()


def test_the_example_in_four_shares_by_the_command(tmp_path: Path) -> None:
    example = World(ROOT)
    whole = example.run("build", "--out", str(tmp_path / "whole"), "--no-cache")
    assert whole.returncode == 0, whole.stderr
    parts = [tmp_path / f"part-{number}" for number in (1, 2, 3, 4)]
    for number, part in enumerate(parts, 1):
        done = example.run("build", "--shard", f"{number}/4", "--out", str(part), "--no-cache")
        assert done.returncode == 0, done.stderr
    done = example.run("assemble", *map(str, parts), "--out", str(tmp_path / "joined"))
    assert done.returncode == 0, done.stderr
    assert tree_digest(tmp_path / "joined") == tree_digest(tmp_path / "whole")


@pytest.mark.parametrize("share", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_a_share_that_makes_no_sense_is_a_usage_error(world: World, share: str) -> None:
    done = world.run("build", "--shard", share)
    assert done.returncode == 2
    assert "2/4" in done.stderr
