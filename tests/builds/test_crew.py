"""Workers: answers, errors and deaths, forked or spawned."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest

from hcgen.builds.crew import Note, run
from hcgen.errors import HcgenError, ProjectError

METHODS = ["fork", "spawn"]


def double(task: int, note: Note) -> int:
    """Twice the task, by a process of its own."""
    note(f"content/en/{task}.md")
    return 2 * task + 100_000 * (os.getpid() != PARENT)


PARENT = os.getpid()


def die_at_three(task: int, note: Note) -> int:
    """Dies as a process does that the system kills."""
    note(f"content/en/{task}.md")
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return task


def refuse(task: int, note: Note) -> int:
    """Raises what a build reports."""
    raise ProjectError("no good", where=f"content/en/{task}.md", remedy="Mend it.")


def break_down(task: int, note: Note) -> int:
    """Raises what nobody expects, and what cannot travel."""
    raise ValueError("odd", lambda: None)


@pytest.mark.parametrize("method", METHODS)
def test_every_task_is_done_by_a_worker(method: str) -> None:
    answers = sorted(run(double, list(range(7)), 2, method))
    assert [answer % 100_000 for answer in answers] == [0, 2, 4, 6, 8, 10, 12]
    assert method == "spawn" or all(answer >= 100_000 for answer in answers)


def test_one_task_and_one_job_stay_in_this_process() -> None:
    assert list(run(double, [1], 2)) == [2]
    assert list(run(double, [1, 2, 3], 1)) == [2, 4, 6]


@pytest.mark.parametrize("method", METHODS)
def test_a_worker_that_dies_is_reported_with_the_file_it_had(method: str) -> None:
    with pytest.raises(HcgenError, match="SIGKILL") as caught:
        list(run(die_at_three, list(range(8)), 2, method))
    assert caught.value.where == "content/en/3.md"
    assert "--jobs 1" in caught.value.remedy


@pytest.mark.parametrize("method", METHODS)
def test_an_error_arrives_whole(method: str) -> None:
    with pytest.raises(ProjectError, match="no good") as caught:
        list(run(refuse, [1, 2], 2, method))
    assert caught.value.remedy == "Mend it."
    assert caught.value.where.startswith("content/en/")


def test_an_error_that_cannot_travel_arrives_in_words() -> None:
    with pytest.raises(RuntimeError, match="ValueError"):
        list(run(break_down, [1, 2], 2, "fork"))


def test_no_worker_outlives_a_run_that_is_given_up() -> None:
    answers = run(double, list(range(20)), 2, "fork")
    next(answers)
    answers.close()
    assert multiprocessing.active_children() == []
