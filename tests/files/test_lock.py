"""content/steps.lock: what is written is read again, damaged lines are found, and one step replaces the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgen.files.lock import LOCK_FILE, lock_text, read_lock, write_lock
from hcgen.model.project import LockedStep
from tests.world import World

A, B = LockedStep("step-0a1b2c", "0a1b2c3d4e5f"), LockedStep("step-0a1b2c-2", "ffffffffffff")
_HEX = st.text("0123456789abcdef", min_size=6, max_size=6)
_KEYS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9).map(lambda key: f"a/b {key}")
_STEPS = st.lists(
    st.builds(lambda a, b: LockedStep(f"step-{a}", a + b), _HEX, _HEX), min_size=1, unique_by=lambda s: s.id
)


def folder(tmp_path: Path, text: str | bytes | None = None) -> Path:
    """A project with this lock."""
    (tmp_path / "content").mkdir(exist_ok=True)
    if text is not None:
        (tmp_path / LOCK_FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


def test_a_lock_is_sorted_by_key_and_keeps_the_order_of_steps() -> None:
    assert lock_text({"b": (B, A), "a c": (A,)}) == (
        "a c step-0a1b2c 0a1b2c3d4e5f\nb step-0a1b2c-2 ffffffffffff\nb step-0a1b2c 0a1b2c3d4e5f\n"
    )


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.dictionaries(_KEYS, _STEPS.map(tuple), max_size=5))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, lock: dict[str, tuple[LockedStep, ...]]
) -> None:
    root = folder(tmp_path_factory.mktemp("lock"))
    write_lock(root, lock)
    assert read_lock(root) == (lock, [])


def test_no_file_is_no_lock(tmp_path: Path) -> None:
    assert read_lock(folder(tmp_path)) == ({}, [])


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("<<<<<<< HEAD", "is no line"),
        ("a step-0a1b2c", "is no line"),
        ("a step-0A1B2C 0a1b2c3d4e5f", "is no line"),
        (" step-0a1b2c 0a1b2c3d4e5f", "is no line"),
        ("a <b> 0a1b2c3d4e5f", "is no line"),
        ("a step-0a1b2c 0a1b2c3d4e5f ", "is no line"),
        ("a step-0a1b2c ffffffffffff", "twice"),
    ],
)
def test_damaged_lines_have_a_place_and_a_remedy(tmp_path: Path, line: str, what: str) -> None:
    lock, findings = read_lock(folder(tmp_path, f"a step-0a1b2c 0a1b2c3d4e5f\n{line}\nb step-0a1b2c-2 ffffffffffff\n"))
    assert lock == {"a": (A,), "b": (B,)}
    assert [(one.place, one.rule) for one in findings] == [(f"{LOCK_FILE}:2", "damaged-lock")]
    assert what in findings[0].message
    assert "hcgen steps" in findings[0].remedy


def test_bytes_that_are_no_text_and_line_ends_of_windows(tmp_path: Path) -> None:
    _, findings = read_lock(folder(tmp_path, b"\xff step-0a1b2c 0a1b2c3d4e5f\n"))
    assert [one.rule for one in findings] == ["not-utf8"]
    assert read_lock(folder(tmp_path, "a step-0a1b2c 0a1b2c3d4e5f\r\n")) == ({"a": (A,)}, [])


def test_a_lock_outside_the_project_is_not_read(world: World, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("billing/refunds step-0a1b2c 0a1b2c3d4e5f\n")
    (world.root / LOCK_FILE).symlink_to(tmp_path / "elsewhere")
    project = world.project()
    assert project.locked_steps == {}
    assert [one.rule for one in project.findings] == ["foreign-link"]


def test_the_file_is_replaced_only_where_it_changes(tmp_path: Path) -> None:
    root = folder(tmp_path)
    assert not write_lock(root, {})
    assert not (root / LOCK_FILE).exists()
    assert write_lock(root, {"a": (A,)})
    inode = (root / LOCK_FILE).stat().st_ino
    assert not write_lock(root, {"a": (A,)})
    assert (root / LOCK_FILE).stat().st_ino == inode
    assert write_lock(root, {"a": (A, B)})
    assert [path.name for path in (root / "content").iterdir()] == ["steps.lock"]


def test_a_lock_is_no_stranger_in_the_shared_folder_alone(world: World) -> None:
    world.write({LOCK_FILE: "", "brands/retail/content/steps.lock": ""})
    assert [one.path for one in world.project().findings] == ["brands/retail/content/steps.lock"]
