"""The staging folder: nothing is written into a file that is served, and what stands in the way goes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hcgen.builds.stage import Stage
from hcgen.errors import OutputError


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty stage."""
    folder = tmp_path / "stage"
    folder.mkdir()
    return Stage(folder)


def test_a_linked_file_is_replaced_and_never_written_into(stage: Stage, tmp_path: Path) -> None:
    served = tmp_path / "served.html"
    served.write_bytes(b"old")
    stage.link(served, "a/b/index.html")
    assert os.path.samefile(served, stage.folder / "a/b/index.html")
    stage.write("a/b/index.html", b"new")
    assert served.read_bytes() == b"old"
    assert (stage.folder / "a/b/index.html").read_bytes() == b"new"


def test_a_link_made_twice_is_one_and_a_lost_file_is_an_error(stage: Stage, tmp_path: Path) -> None:
    served = tmp_path / "served.html"
    served.write_bytes(b"old")
    for _ in range(2):
        stage.link(served, "assets/a.png")
    assert served.stat().st_nlink == 2
    served.unlink()
    with pytest.raises(OutputError, match="lost a file") as caught:
        stage.link(served, "assets/b.png")
    assert "--no-cache" in caught.value.remedy


def test_files_and_folders_give_way_to_each_other(stage: Stage, tmp_path: Path) -> None:
    stage.write("a", b"a file")
    stage.write("a/b/c", b"below it")
    assert (stage.folder / "a/b/c").read_bytes() == b"below it"
    stage.write("a", b"a file again")
    assert (stage.folder / "a").read_bytes() == b"a file again"
    other = tmp_path / "other"
    other.write_bytes(b"linked")
    stage.link(other, "a/b")
    assert (stage.folder / "a/b").read_bytes() == b"linked"
    stage.copy(other, "a/b/c")
    assert (stage.folder / "a/b/c").read_bytes() == b"linked"


def test_what_is_removed_takes_its_empty_folders_along(stage: Stage) -> None:
    stage.write("a/b/one", b"")
    stage.write("a/c/two", b"")
    stage.remove(["a/b/one", "never/there"])
    assert not (stage.folder / "a/b").exists()
    assert (stage.folder / "a/c/two").is_file()
    stage.remove(["a/c/two"])
    assert list(stage.folder.iterdir()) == []


def test_a_full_disk_is_an_error_with_a_place(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: memoryview) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OutputError, match="No space left") as caught:
        stage.write("a/index.html", b"x")
    assert caught.value.where.endswith("a/index.html")
    assert caught.value.remedy


def test_a_large_file_is_written_whole(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:10]))
    stage.write("a/index.html", b"0123456789" * 5 + b"end")
    assert (stage.folder / "a/index.html").read_bytes().endswith(b"9end")
