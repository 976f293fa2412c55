"""Equal content makes equal bytes, whatever the workers, the folder, the order and times of the files, or the hour."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hcgen.builds.build import build
from hcgen.builds.wanted import Wanted
from tests.world import NOW, RETAIL, World, tree_digest

MakeWorld = Callable[..., World]
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h40v20z"/></svg>'


def rich_files() -> dict[str, str | bytes | None]:
    """Content that gives every kind of set and mapping something to be out of order about."""
    files: dict[str, str | bytes | None] = {
        "brands/retail/brand.yml": RETAIL
        + "look: {logo: logo.svg, light: {accent: '#0b6e4f'}}\nformer_hosts: [b.example]\n",
        "brands/retail/logo.svg": LOGO,
        "brands/retail/content/en/billing/refunds.md": "---\ntitle: Refund here\nid: refunds\n---\nOurs.\n\n## Steps\n",
        "content/_snippets/mail.md": "Write to {{ brand.support_email }}.\n",
        "content/en/setup/a/index.md": "---\ntitle: Section\nicon: material/cash\n---\nAbout it.\n",
        "content/en/setup/shot.svg": LOGO,
    }
    for at in range(12):
        files[f"content/en/setup/a/n{at}.md"] = (
            f"---\ntitle: Same title\ntags: [t{at % 3}, t{at % 4}, all]\nredirect_from: [/old/{at}, older/{at}]\n"
            f"synonyms: [s{at}, other {at}]\n---\n"
            f'![Shot](../shot.svg) to [next](n{(at + 1) % 12}.md).\n\n--8<-- "mail.md"\n\n'
            f"## One\n\n/// brand | retail\nRetail {at}.\n///\n\n## One\n\n!!! note\n    Text[^1].\n\n[^1]: Foot.\n\n"
            f'=== "A"\n    a\n\n=== "B"\n    b\n\n```python\nprint({at})\n```\n'
        )
        if at % 2:
            files[f"content/de/setup/a/n{at}.md"] = f"---\ntitle: Gleich\ntags: [all]\n---\nText {at}.\n\n## Eins\n"
    return files


def copy_in_reverse(source: World, root: Path) -> World:
    """The same project, its files created in the opposite order and at other times."""
    files = sorted(
        (path for path in source.root.rglob("*") if path.is_file() and "site" not in path.parts), reverse=True
    )
    copy = World(root).write({path.relative_to(source.root).as_posix(): path.read_bytes() for path in files})
    for at, path in enumerate(sorted(root.rglob("*"))):
        os.utime(path, (1_000_000_000 + at * 7919, 1_000_000_000 + at * 104_729))
    return copy


def test_workers_hash_seeds_folders_and_file_orders_change_no_byte(make_world: MakeWorld, tmp_path: Path) -> None:
    world = make_world(rich_files())
    other = copy_in_reverse(world, tmp_path / "a folder" / "of another name")
    one = world.run("build", "--jobs", "1", PYTHONHASHSEED="0", TZ="UTC")
    two = other.run("build", "--jobs", "2", "--out", str(tmp_path / "elsewhere"), PYTHONHASHSEED="1", TZ="Asia/Tokyo")
    assert "installed in" in one.stdout, one.stderr
    assert "installed in" in two.stdout, two.stderr
    first, second = tree_digest(world.root / "site"), tree_digest(tmp_path / "elsewhere")
    assert len(first) > 100
    assert {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)} == set()


def test_building_again_over_a_site_changes_no_byte(make_world: MakeWorld) -> None:
    world = make_world(rich_files())
    trees = []
    for jobs in (1, 2):
        assert build(world.root, world.root / "site", Wanted(jobs=jobs), NOW).installed
        trees.append(tree_digest(world.root / "site"))
    assert trees[0] == trees[1]


def test_no_page_names_the_folder_or_the_hour_of_its_build(make_world: MakeWorld) -> None:
    world = make_world(rich_files())
    assert build(world.root, world.root / "site", Wanted(jobs=1), NOW).installed
    today = datetime.now(UTC).date().isoformat()
    for path in (world.root / "site").rglob("*"):
        if path.suffix in (".html", ".xml", ".json", ".txt"):
            text = path.read_text("utf-8")
            assert str(world.root) not in text, path
            assert not re.search(rf"{today}|{NOW.date()}", text), path


def tree_at(world: World, moment: str) -> dict[str, str]:
    """The site as built at a moment."""
    out = world.root.parent / "built"
    now = datetime.fromisoformat(moment)
    assert build(world.root, out, Wanted(("retail",), ("en",), jobs=1), now).installed
    return tree_digest(out)


def test_the_moment_of_a_build_means_nothing_without_dates(world: World) -> None:
    assert tree_at(world, "2020-01-01T00:00+00:00") == tree_at(world, "2031-12-31T23:59+00:00")


@pytest.mark.parametrize("key", ["publish_at", "expire_at"])
def test_the_moment_of_a_build_matters_only_across_a_date(make_world: MakeWorld, key: str) -> None:
    world = make_world(
        {"content/en/billing/dated.md": f"---\ntitle: Dated\n{key}: 2026-05-01T12:00+02:00\n---\nText.\n"}
    )
    early, before = tree_at(world, "2020-01-01T00:00+00:00"), tree_at(world, "2026-05-01T09:59:59+00:00")
    at, after = tree_at(world, "2026-05-01T10:00:00+00:00"), tree_at(world, "2031-01-01T00:00+00:00")
    assert early == before
    assert at == after
    assert before != at
    page = "retail/en/billing/dated/index.html"
    assert [page in before, page in at] == ([False, True] if key == "publish_at" else [True, False])


def test_the_option_and_the_variable_name_the_moment(make_world: MakeWorld) -> None:
    world = make_world({"content/en/billing/dated.md": "---\ntitle: Dated\npublish_at: 2026-05-01\n---\nText.\n"})
    page = world.root / "site/web/en/billing/dated/index.html"
    only = ("--brand", "web", "--locale", "en")
    world.build(*only, "--now", "2026-04-30T23:59")
    assert not page.exists()
    assert "installed in" in world.run("build", *only, HCGEN_NOW="2026-05-01").stdout
    assert page.exists()
