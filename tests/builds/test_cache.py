"""The cache: what is damaged or foreign is made again, what nobody wants goes, and nothing in it is run."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.builds import tools
from hcgen.builds.build import build
from hcgen.builds.cache import FILE, Cache
from hcgen.builds.wanted import Wanted
from hcgen.errors import OutputError
from tests.world import NOW, World, tree_digest

MakeWorld = Callable[..., World]
CHANGED = "---\ntitle: Refund a sale\nid: refunds\n---\nQuite new.\n\n## Steps\n"


def cache_file(world: World) -> Path:
    """The project's cache."""
    return world.root / ".hcgen" / FILE


def fragments(world: World) -> set[str]:
    """The names of all converted texts."""
    with sqlite3.connect(cache_file(world)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM entries WHERE kind = 'fragment'")}


def check_build(world: World, scratch: Path) -> None:
    """A build from what is left of the cache gives the bytes of one without."""
    assert build(world.root, world.root / "site", Wanted(), NOW).installed
    assert build(world.root, scratch, Wanted(), NOW, use_cache=False).installed
    assert tree_digest(world.root / "site") == tree_digest(scratch)


@pytest.mark.parametrize(
    "kind", ["fragment", "html", "terms", "sources", "conversions", "shard", "report", "tree", "glance", "standby"]
)
@pytest.mark.parametrize("damage", ["bytes", "sign", "gone", "foreign"])
def test_a_damaged_entry_is_noticed_and_made_again(world: World, tmp_path: Path, kind: str, damage: str) -> None:
    out = world.root / "site"
    build(world.root, out, Wanted(), NOW)
    world.write({"content/en/billing/one.md": "---\ntitle: One\n---\nOne.\n"})
    build(world.root, out, Wanted(), NOW)
    statement = {
        "bytes": "UPDATE entries SET data = data || x'00' WHERE kind = ?",
        "sign": "UPDATE entries SET sign = 'no' WHERE kind = ?",
        "gone": "DELETE FROM entries WHERE kind = ?",
        "foreign": "UPDATE entries SET data = x'93010203', sign = '3c7dfd3c4b26ac48' WHERE kind = ?",
    }[damage]
    with sqlite3.connect(cache_file(world)) as connection:
        assert connection.execute(statement, (kind,)).rowcount or kind == "glance"
    check_build(world, tmp_path / "scratch")
    world.write({"content/en/billing/refunds.md": CHANGED})
    check_build(world, tmp_path / "scratch")


def test_no_page_of_an_unchanged_help_center_is_lost_with_what_the_cache_knew_of_it(world: World) -> None:
    out = world.root / "site"
    build(world.root, out, Wanted(), NOW)
    before = tree_digest(out)
    with sqlite3.connect(cache_file(world)) as connection:
        connection.execute("UPDATE entries SET data = data || x'00' WHERE kind = 'shard'")
    # One language changes; the others are linked from the served tree, none stands by yet.
    world.write({"content/ar/billing/refunds.md": "---\ntitle: جديد\nid: refunds\n---\nجديد.\n"})
    assert build(world.root, out, Wanted(), NOW).installed
    assert before.keys() - tree_digest(out).keys() <= {path for path in before if "/ar/search/" in path}


@pytest.mark.parametrize("size", [0, 10, 5000, 20_000])
def test_a_file_that_is_no_whole_database_is_thrown_away(world: World, tmp_path: Path, size: int) -> None:
    build(world.root, world.root / "site", Wanted(), NOW)
    data = cache_file(world).read_bytes()
    for name in (f"{FILE}-wal", f"{FILE}-shm"):
        (world.root / ".hcgen" / name).unlink(missing_ok=True)
    cache_file(world).write_bytes(data[:size] + b"\xff" * (len(data) - size))
    world.write({"content/en/billing/refunds.md": CHANGED})
    check_build(world, tmp_path / "scratch")
    check_build(world, tmp_path / "scratch")


def test_a_cache_serves_another_folder_and_another_branch(make_world: MakeWorld, tmp_path: Path) -> None:
    world = make_world()
    build(world.root, world.root / "site", Wanted(), NOW)
    other = World(tmp_path / "elsewhere")
    shutil.copytree(world.root, other.root, copy_function=shutil.copy)
    report = build(other.root, other.root / "site", Wanted(), NOW)
    assert report.rendered == 0, "the tree is known by its id, wherever it stands"
    other.write({"content/en/billing/refunds.md": CHANGED})
    assert 0 < build(other.root, other.root / "site", Wanted(), NOW).rendered < report.pages
    check_build(other, tmp_path / "scratch")


def test_another_version_of_a_library_makes_everything_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(world.root, world.root / "site", Wanted(), NOW)
    before, tree = fragments(world), tree_digest(world.root / "site")
    tools.tool_digest.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(tools, "versions", lambda: {"pyromark": "999"})
        second = build(world.root, world.root / "site", Wanted(), NOW)
    tools.tool_digest.cache_clear()
    assert (second.read, second.rendered, second.written) == (first.read, first.rendered, 0)
    assert before < fragments(world)
    assert len(fragments(world)) == 2 * len(before)
    assert tree_digest(world.root / "site") == tree


def test_without_a_cache_nothing_is_read_or_kept(world: World) -> None:
    build(world.root, world.root / "site", Wanted(), NOW, use_cache=False)
    assert not (world.root / ".hcgen").exists()
    report = build(world.root, world.root / "site", Wanted(), NOW, use_cache=False)
    assert report.rendered == report.pages


def test_what_nobody_wants_is_removed_and_what_a_build_stands_on_is_kept(world: World, tmp_path: Path) -> None:
    build(world.root, world.root / "site", Wanted(), NOW)
    world.write({"content/en/billing/refunds.md": CHANGED})
    build(world.root, world.root / "site", Wanted(), NOW)
    before = fragments(world)
    with sqlite3.connect(cache_file(world)) as connection:
        connection.execute("UPDATE entries SET day = day - 31")
    cache = Cache(cache_file(world).parent)
    cache.put("state", {"pruned": cache.today - 31})
    cache.close()
    world.write({"content/en/billing/refunds.md": CHANGED + "More.\n"})
    build(world.root, world.root / "site", Wanted(), NOW)
    after = fragments(world)
    assert len(before - after) == 2, "both earlier texts of the article"
    assert len(after - before) == 1
    # Two of the articles are empty, and one text.
    assert len(after) == len(list(world.root.glob("content/**/*.md"))) - 1
    check_build(world, tmp_path / "scratch")


def test_a_cache_that_cannot_be_written_is_one_clear_error(world: World) -> None:
    (world.root / ".hcgen").write_text("a file")
    with pytest.raises(OutputError, match="cache") as caught:
        build(world.root, world.root / "site", Wanted(), NOW)
    assert "--no-cache" in caught.value.remedy
    assert not (world.root / "site").exists()
    assert build(world.root, world.root / "site", Wanted(), NOW, use_cache=False).installed


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    cache = Cache(tmp_path)

    def keep_and_fail() -> None:
        with cache.transaction():
            cache.put("state", {"one": 1})
            raise KeyError("a fault")

    with pytest.raises(KeyError):
        keep_and_fail()
    assert cache.get("state", "one", int) is None
    with cache.transaction():
        cache.put("state", {"one": 1})
    assert cache.get("state", "one", int) == 1
    assert cache.get("state", "one", str) is None, "a value of another type is none of ours"
    cache.close()
