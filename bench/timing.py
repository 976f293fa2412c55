"""One command, timed: wall seconds, CPU seconds and peak memory of the whole tree of its processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_PAUSE = 0.05
# A look at a large process takes a while, and the kernel holds its memory map meanwhile: no more than a twentieth.
_SHARE = 20


class Failed(Exception):
    """A command of a race ended with an error."""


@dataclass(frozen=True)
class Took:
    """What a command took. `peak_mb` is 0 where the system does not tell; `pages` is 0 where nobody counted."""

    wall: float = 0.0
    cpu: float = 0.0
    peak_mb: float = 0.0
    pages: int = 0

    def then(self, other: Took) -> Took:
        """Both, one after the other."""
        return Took(
            self.wall + other.wall, self.cpu + other.cpu, max(self.peak_mb, other.peak_mb), self.pages + other.pages
        )

    def as_json(self) -> dict[str, float | int]:
        """For the results."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


class _Memory(threading.Thread):
    """Watches the memory of a process and its descendants: the sum of their proportional set sizes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def run(self) -> None:
        pause = 0.0
        while not self.over.wait(pause):
            started = time.monotonic()
            self.peak = max(self.peak, sum(_proportional_size(pid) for pid in _tree(self.pid)))
            pause = max(_PAUSE, _SHARE * (time.monotonic() - started))


def _tree(pid: int) -> Iterator[int]:
    """The process and its descendants."""
    yield pid
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                for child in Path(f"/proc/{pid}/task/{thread}/children").read_text("ascii").split():
                    yield from _tree(int(child))


def _proportional_size(pid: int) -> int:
    """Bytes; shared pages count in part for each process that has them. 0 for a process that is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """That of the bench, in which Python keeps what it compiled, as in every installation."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return known | dict(more)


def timed(
    command: Sequence[str],
    log: Path,
    *,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    accept: tuple[int, ...] = (0,),
) -> tuple[Took, str]:
    """(what it took, its standard output). Its standard error is kept in `log`; Failed where it ends with an error.

    What earlier steps wrote goes to the disk first, so that this one does not pay for it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    output = log.with_suffix(".out")
    os.sync()
    with output.open("wb") as out, log.open("wb") as err:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err, cwd=cwd, env=_environment(env or {}))
        memory = _Memory(process.pid)
        memory.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    memory.over.set()
    memory.join()
    said = output.read_text("utf-8", "replace")
    if process.returncode not in accept:
        tail = (log.read_text("utf-8", "replace") or said)[-2000:]
        raise Failed(f"{Path(command[0]).name} ended with {process.returncode}: {tail.strip()}")
    return Took(wall, usage.ru_utime + usage.ru_stime, memory.peak / 1e6), said
