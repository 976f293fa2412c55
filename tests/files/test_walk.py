"""Which files of a folder a build reads: in what order, and what it says of the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hcgen.files.walk import entries, files_below, scan
from hcgen.model.finding import Finding


def write(root: Path, *paths: str) -> Path:
    """The folder `root` with small files in it."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path, "utf-8")
    return root.resolve()


def test_files_come_folder_by_folder_with_their_size_and_time(tmp_path: Path) -> None:
    root = write(tmp_path, "c/en/b/z.md", "c/en/b/a/x.md", "c/en/a/y.md", "c/en/z.md", "c/en/B.md", "c/de/no.md")
    findings: list[Finding] = []
    found = list(scan(root, "c/en", findings))
    assert [path for path, _ in found] == ["c/en/B.md", "c/en/z.md", "c/en/a/y.md", "c/en/b/z.md", "c/en/b/a/x.md"]
    assert [status for _, status in found] == [(root / path).stat() for path, _ in found]
    assert list(files_below(root, "c/en", findings)) == [path.removeprefix("c/en/") for path, _ in found]
    assert findings == []


def test_hidden_files_leftovers_and_what_is_no_file_are_passed_over(tmp_path: Path) -> None:
    root = write(tmp_path, "c/a.md", "c/.git/x", "c/.hidden", "c/a.md~", "c/old~/x")
    os.mkfifo(root / "c/pipe")
    findings: list[Finding] = []
    assert [path for path, _ in scan(root, "c", findings)] == ["c/a.md"]
    assert [entry.name for entry in entries(root, "c", findings)] == ["a.md", "pipe"]
    assert findings == []


def test_a_link_within_the_project_is_read_and_every_other_is_a_finding(tmp_path: Path) -> None:
    root = write(tmp_path / "project", "c/real.md", "c/folder/in.md")
    outside = write(tmp_path / "outside", "secret.md")
    (root / "c/a-inside.md").symlink_to("real.md")
    (root / "c/b-outside.md").symlink_to(outside / "secret.md")
    (root / "c/c-dangling.md").symlink_to("nothing.md")
    (root / "c/d-loop.md").symlink_to("d-loop.md")
    (root / "c/e-folder").symlink_to("folder")
    findings: list[Finding] = []
    found = dict(scan(root, "c", findings))
    assert list(found) == ["c/a-inside.md", "c/real.md", "c/folder/in.md"]
    assert found["c/a-inside.md"].st_size == len("c/real.md"), "the file is meant, not the link"
    assert [(one.path, one.rule) for one in findings] == [
        ("c/b-outside.md", "foreign-link"), ("c/c-dangling.md", "foreign-link"),
        ("c/d-loop.md", "foreign-link"), ("c/e-folder", "foreign-link"),
    ]  # fmt: skip
    assert [one.message.rsplit(" ", 1)[1] for one in findings] == ["project", "nothing", "nothing", "link"]


@pytest.mark.parametrize(
    ("kept", "left"),
    [("in/A.md", "in/a.md"), ("in/SS/x", "in/ß/x"), ("in/e\u0301.md", "in/\u00e9.md"), ("in/A/x", "in/a")],
)
def test_of_two_names_that_are_one_elsewhere_the_first_is_kept(tmp_path: Path, kept: str, left: str) -> None:
    root = write(tmp_path, f"c/en/{kept}", f"c/en/{left}", "c/en/other/a.md")
    findings: list[Finding] = []
    assert list(files_below(root, "c/en", findings)) == [kept, "other/a.md"]
    first, second = ("/".join(path.split("/")[:2]) for path in (kept, left))
    assert [(one.path, one.rule) for one in findings] == [(f"c/en/{second}", "case-collision")]
    assert repr(first) in findings[0].message


def test_a_name_that_is_not_utf8_is_shown_escaped(tmp_path: Path) -> None:
    root = write(tmp_path, "c/a.md")
    with open(os.fsencode(root / "c") + b"/caf\xe9.md", "wb"):
        pass
    findings: list[Finding] = []
    assert [path for path, _ in scan(root, "c", findings)] == ["c/a.md"]
    assert [(one.path, one.rule) for one in findings] == [("c/caf\\xe9.md", "not-utf8")]


def test_a_folder_or_file_that_the_system_does_not_give_is_a_finding(tmp_path: Path) -> None:
    root = write(tmp_path, "c/a.md", "c/b.md", "c/d/e.md")
    findings: list[Finding] = []
    assert list(scan(root, "none", findings)) == []
    assert [(one.path, one.rule) for one in findings] == [("none", "unreadable")]
    found = scan(root, "c", findings)
    assert next(found)[0] == "c/a.md"
    (root / "c/b.md").unlink()
    assert [path for path, _ in found] == ["c/d/e.md"]
    assert [(one.path, one.rule) for one in findings[1:]] == [("c/b.md", "unreadable")]
