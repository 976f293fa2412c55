"""A build replaces the site whole or not at all: with errors, beside other builds, killed at any moment."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from hcgen.builds.build import build
from hcgen.builds.install import desk
from hcgen.builds.report import BuildReport
from hcgen.builds.wanted import Wanted
from hcgen.errors import OutputError
from tests.world import NOW, RETAIL, ROOT, WEB, World, tree_digest

MakeWorld = Callable[..., World]
KILLS = 25


def build_here(world: World, *, brands: tuple[str, ...] = (), locales: tuple[str, ...] = ()) -> BuildReport:
    """Builds within this process, by one worker."""
    return build(world.root, world.root / "site", Wanted(brands, locales, jobs=1), NOW)


def start_build(world: World, *arguments: str) -> subprocess.Popen[str]:
    """`hcgen build` in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "hcgen", "build", "-C", str(world.root), *arguments],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        # A file may still be open where a build is interrupted: no fault.
        env={**os.environ, "PYTHONWARNINGS": "error,ignore::ResourceWarning", "NO_COLOR": "1",
             "HCGEN_NOW": NOW.isoformat()},
    )  # fmt: skip


def wait_for(what: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Returns when `what` holds or `process` has ended."""
    while not what() and process.poll() is None:
        time.sleep(0.001)


def kill_group(process: subprocess.Popen[str]) -> None:
    """Kills a build and its workers, all at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def of(tree: dict[str, str], *folders: str) -> dict[str, str]:
    """The part of a tree below some folders."""
    return {path: digest for path, digest in tree.items() if path.startswith(tuple(f"{folder}/" for folder in folders))}


def lasting(tree: dict[str, str]) -> set[str]:
    """The paths of a tree that do not tell bytes, as those of search indexes do."""
    return {path for path in tree if "/search/" not in path or path.endswith(".html")}


# Errors ---------------------------------------------------------------------------------------------------------------


def test_a_build_with_errors_leaves_the_site_and_keeps_the_new_one_aside(world: World) -> None:
    assert build_here(world).installed
    before = tree_digest(world.root / "site")
    inode = (world.root / "site").stat().st_ino
    world.write({
        "content/en/billing/bad.md": "---\ntitle: [\n---\n",
        "content/en/billing/refunds.md": "---\ntitle: Refund a sale\nid: refunds\n---\nQuite new.\n\n## Steps\n",
    })  # fmt: skip
    done = world.run("build")
    assert done.returncode == 1
    assert "site.rejected" in done.stderr
    assert "bad.md:" in done.stderr
    assert tree_digest(world.root / "site") == before
    assert (world.root / "site").stat().st_ino == inode
    rejected = world.root / "site.rejected"
    assert lasting(tree_digest(rejected)) == lasting(before)
    assert "Quite new." in (rejected / "retail/en/billing/refunds/index.html").read_text("utf-8")
    assert not (world.root / ".site.staging").exists()
    world.write({"content/en/billing/bad.md": None})
    assert build_here(world).installed
    assert not rejected.exists()
    assert "Quite new." in (world.root / "site/retail/en/billing/refunds/index.html").read_text("utf-8")


def test_a_first_build_with_errors_installs_nothing(make_world: MakeWorld) -> None:
    world = make_world({"content/en/billing/bad.md": b"\xff"})
    report = build_here(world)
    assert not report.installed
    assert not (world.root / "site").exists()
    assert report.staged == str(world.root / "site.rejected")


def test_strict_refuses_warnings(make_world: MakeWorld) -> None:
    world = make_world({"content/en/billing/bad.md": "---\ntitel: Bad\n---\n"})
    report = build(world.root, world.root / "site", Wanted(jobs=1, strict=True), NOW)
    assert not report.installed
    assert build_here(world).installed


# Folders that are not ours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "files",
    [{"index.html": "mine"}, {".git/HEAD": "ref"}, {"hcgen.json": "no JSON"}, {"hcgen.json/x": "a folder"}],
    ids=["a page", "a hidden folder", "a broken manifest", "a folder named as the manifest"],
)
def test_a_folder_of_others_is_refused_and_untouched(world: World, files: dict[str, str]) -> None:
    out = world.root.parent / "public"
    World(out).write(dict(files))
    before = tree_digest(out)
    with pytest.raises(OutputError) as caught:
        build(world.root, out, Wanted(jobs=1), NOW)
    assert caught.value.where.startswith(str(out))
    assert caught.value.remedy
    assert tree_digest(out) == before
    assert sorted(path.name for path in out.parent.iterdir()) == ["project", "public"]


def test_the_command_ends_with_code_4_for_a_folder_of_others(world: World) -> None:
    out = world.root.parent / "public"
    World(out).write({"index.html": "mine"})
    done = world.run("build", "--out", str(out))
    assert done.returncode == 4
    assert str(out) in done.stderr
    assert "--out" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree_digest(out).keys() == {"index.html"}


def test_an_empty_folder_is_taken(world: World) -> None:
    (world.root / "site").mkdir()
    assert build_here(world).installed
    assert (world.root / "site/index.html").is_file()


def test_a_file_as_output_is_called_a_file(world: World) -> None:
    with pytest.raises(OutputError, match="the output is a file"):
        build(world.root, world.root / "mkdocs.yml", Wanted(jobs=1), NOW)


def test_an_output_that_is_a_link_is_built_where_it_leads(world: World) -> None:
    served = world.root.parent / "served"
    served.mkdir()
    (world.root / "site").symlink_to(served)
    assert build_here(world).installed
    assert (served / "index.html").is_file()


# Partial builds and what disappears -----------------------------------------------------------------------------------


def test_partial_builds_keep_the_bytes_of_the_other_sites(world: World) -> None:
    build_here(world)
    out = world.root / "site"
    before = tree_digest(out)
    changed = "---\ntitle: Refund a sale\nid: refunds\n---\nQuite new.\n\n## Steps\n"
    world.write({"content/en/billing/refunds.md": changed, "content/de/billing/refunds.md": changed})

    build_here(world, brands=("web",))
    after = tree_digest(out)
    assert of(after, "retail") == of(before, "retail")
    assert after["web/en/billing/refunds/index.html"] != before["web/en/billing/refunds/index.html"]
    assert lasting(after) == lasting(before)

    build_here(world, locales=("de",))
    last = tree_digest(out)
    assert of(last, "retail/en", "retail/ar", "web/en") == of(after, "retail/en", "retail/ar", "web/en")
    assert last["retail/de/billing/refunds/index.html"] != before["retail/de/billing/refunds/index.html"]
    assert lasting(last) == lasting(before)

    build_here(world)
    whole = tree_digest(out)
    build_here(world, brands=("retail",), locales=("ar",))
    assert tree_digest(out) == whole, "a partial build of what did not change must change nothing"


def test_a_refused_partial_build_leaves_the_site(world: World) -> None:
    build_here(world)
    before = tree_digest(world.root / "site")
    world.write({"content/en/billing/bad.md": b"\xff"})
    assert not build_here(world, brands=("web",), locales=("en",)).installed
    assert tree_digest(world.root / "site") == before


def test_pages_that_a_partial_build_keeps_still_find_their_style(world: World) -> None:
    build_here(world)
    world.write({"brands/retail/brand.yml": RETAIL + "look: {radius: 3px}\n"})
    build_here(world, brands=("retail",), locales=("de",))
    for page in sorted((world.root / "site/retail").rglob("index.html")):
        loaded = re.findall(r'(?:href|src)="([^":]+\.(?:css|js))"', page.read_text("utf-8"))
        assert loaded, page
        assert [name for name in loaded if not (page.parent / name).is_file()] == [], page


def test_deleted_articles_languages_and_brands_disappear(make_world: MakeWorld) -> None:
    picture = b"\x89PNG\r\n\x1a\n"
    world = make_world(
        {"content/en/billing/gone.md": "---\ntitle: Gone\n---\n![A](a.png)\n", "content/en/billing/a.png": picture}
    )
    build_here(world)
    out = world.root / "site"
    assert len([path for path in tree_digest(out) if "/gone/" in path]) == 5
    assert list(out.glob("retail/assets/a.*.png"))

    world.write({"content/en/billing/gone.md": None})
    build_here(world)
    assert not [path for path in tree_digest(out) if "gone" in path]
    assert not list(out.glob("*/assets/a.*.png"))
    assert "Gone" not in (out / "retail/en/billing/index.html").read_text("utf-8")
    assert "gone" not in (out / "hcgen.json").read_text("utf-8")

    world.write({"brands/retail/brand.yml": RETAIL.replace("[en, de, ar]", "[en, de]")})
    build_here(world)
    assert (out / "retail/de").is_dir()
    assert not (out / "retail/ar").exists()

    world.write({"brands/web/brand.yml": None})
    (world.root / "brands/web").rmdir()
    build_here(world, brands=("retail",), locales=("en",))
    assert [path.name for path in out.iterdir() if path.is_dir()] == ["retail"]
    assert "web" not in (out / "robots.txt").read_text("utf-8")
    assert (out / "retail/de").is_dir()


# Several builds, and builds that are killed ---------------------------------------------------------------------------


def test_of_two_builds_at_once_the_second_is_refused(world: World) -> None:
    first = start_build(world)
    try:
        wait_for((world.root / ".site.staging").is_dir, first)
        os.kill(first.pid, signal.SIGSTOP)
        assert first.poll() is None, first.communicate()
        with pytest.raises(OutputError, match="another build is writing here") as caught:
            build_here(world)
        assert caught.value.where == str(world.root / "site")
        assert "Wait" in caught.value.remedy
        os.kill(first.pid, signal.SIGCONT)
        _, errors = first.communicate(timeout=120)
        assert first.returncode == 0, errors
    finally:
        kill_group(first)
    assert (world.root / "site/retail/en/billing/refunds/index.html").is_file()
    assert not (world.root / ".site.staging").exists()


VERSIONS: list[dict[str, str | bytes | None]] = [
    {
        "content/en/billing/invoices.md": "---\ntitle: Read an invoice\n---\nOld words.\n",
        "content/en/billing/one.md": "---\ntitle: One\n---\nOnly in the old site.\n",
    },
    {
        "content/en/billing/invoices.md": "---\ntitle: Read an invoice\n---\nNew words.\n",
        "content/en/billing/two.md": "---\ntitle: Two\n---\nOnly in the new site.\n",
    },
]


def become(world: World, version: int) -> None:
    """Makes the project the one or the other of `VERSIONS`."""
    other = VERSIONS[1 - version]
    gone = [name for name in other if name not in VERSIONS[version] and (world.root / name).exists()]
    world.write({**dict.fromkeys(gone), **VERSIONS[version]})


def test_a_build_killed_at_any_moment_leaves_the_old_or_the_new_site_whole(make_world: MakeWorld) -> None:
    world = make_world({"brands/web/brand.yml": WEB.replace("[en, de]", "[en]")})
    out, stage = world.root / "site", world.root / ".site.staging"
    trees = []
    for version in (1, 0):
        become(world, version)
        assert build_here(world).installed
        trees.insert(0, tree_digest(out))
    assert trees[0] != trees[1]
    chance = random.Random(20260601)
    # What to wait for, and the longest delay after it: start, writing, installing, removing.
    moments: list[tuple[Callable[[], bool], float]] = [
        (lambda: True, 1.0),
        (stage.is_dir, 0.3),
        ((stage / "hcgen.json").is_file, 0.004),
        ((stage / "hcgen.json").is_file, 0.02),
        (lambda: out.stat().st_ino != stood, 0.01),
    ]
    installed = 0
    for at in range(KILLS):
        become(world, 1 - installed)
        stood = out.stat().st_ino
        awaited, longest = moments[at % len(moments)]
        process = start_build(world, "--jobs", "2")
        wait_for(awaited, process)
        time.sleep(chance.uniform(0, longest))
        kill_group(process)
        tree = tree_digest(out)
        assert tree in trees, f"after kill {at} the site is neither the old nor the new one"
        installed = trees.index(tree)
    become(world, 1 - installed)
    done = world.run("build", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert tree_digest(out) == trees[1 - installed]
    assert sorted(path.name for path in world.root.iterdir()) == [
        ".hcgen",
        ".site.lock",
        ".site.standby",
        "brands",
        "content",
        "mkdocs.yml",
        "site",
    ]


def has_members(group: int) -> bool:
    """Whether any process of a group lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_end_with_a_parent_process_that_alone_was_killed(world: World) -> None:
    process = start_build(world, "--jobs", "2")
    try:
        wait_for(lambda: any(world.root.glob(".site.staging/*/*/index.html")), process)
        process.kill()
        process.wait()
        deadline = time.monotonic() + 30
        while has_members(process.pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not has_members(process.pid), "workers outlive the build that made them"
        assert build_here(world).installed
    finally:
        kill_group(process)


def test_nobody_builds_where_workers_of_a_killed_build_still_write(world: World) -> None:
    process = start_build(world, "--jobs", "2")
    try:
        wait_for(lambda: any(world.root.glob(".site.staging*/*/*/index.html")), process)
        os.killpg(process.pid, signal.SIGSTOP)
        assert process.poll() is None
        used = set(world.root.glob(".site.staging*"))
        process.kill()
        process.wait()
        assert used
        assert has_members(process.pid)
        # To be refused is as good as to get another folder.
        with contextlib.suppress(OutputError), desk(world.root / "site") as places:
            assert places.staging not in used, "a stopped worker will go on to write here"
    finally:
        kill_group(process)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_build_says_so_and_leaves_the_site(world: World, jobs: str) -> None:
    build_here(world)
    before = tree_digest(world.root / "site")
    become(world, 1)
    process = start_build(world, "--jobs", jobs)
    try:
        wait_for(lambda: any(world.root.glob(".site.staging/*/*/index.html")), process)
        # As a terminal does: the whole group at once.
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        kill_group(process)
    assert process.returncode == 130
    assert "untouched" in errors
    assert "Traceback" not in errors
    assert tree_digest(world.root / "site") == before
    assert build_here(world).installed
    assert not (world.root / ".site.staging").exists()
