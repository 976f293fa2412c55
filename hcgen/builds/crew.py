"""Workers: one process a task, as many at once as there are cores, and what is known of one that dies.

A process a task (and not a pool that is fed) keeps memory low: what a task touched goes with it. Forked workers
find everything in place; where a fork is unsafe (other platforms, several threads) they are spawned instead.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from msgspec import Struct

from hcgen.errors import HcgenError

Note = Callable[[str], None]
"""Called by a task with the file it is about to work on."""
Work = Callable[[Any, Note], Any]
_NOTE_BYTES = 512


def start_method() -> str:
    """How workers are made here: `fork` where it is safe, else `spawn`."""
    is_safe = sys.platform.startswith("linux") and threading.active_count() == 1
    return "fork" if is_safe and "fork" in multiprocessing.get_all_start_methods() else "spawn"


class _Worker(Struct):
    process: Any
    note: Any


def run(
    work: Work, tasks: Sequence[Any], jobs: int, method: str | None = None, meanwhile: Callable[[], None] | None = None
) -> Iterator[Any]:
    """`work(task, note)` of every task, in the order in which they end; in this process where there is but one.

    `meanwhile` is done once the first workers are at work.

    Raises what `work` raises, and HcgenError, naming the file it had, where a worker dies.
    """
    if jobs == 1 or len(tasks) <= 1:
        for task in tasks:
            yield work(task, lambda name: None)
        return
    context: Any = multiprocessing.get_context(method or start_method())
    waiting = list(reversed(tasks))
    running: dict[Connection, _Worker] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                connection, worker = _started(context, work, waiting.pop())
                running[connection] = worker
            if meanwhile:
                meanwhile()
                meanwhile = None
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)
                yield _answer(ready, running.pop(ready))
    finally:
        for worker in running.values():
            worker.process.kill()
        for worker in running.values():
            worker.process.join()


def _started(context: Any, work: Work, task: Any) -> tuple[Connection, _Worker]:
    receiver, sender = context.Pipe(duplex=False)
    note = context.RawArray("c", _NOTE_BYTES)
    process = context.Process(target=_run_one, args=(work, task, sender, note, os.getpid()), daemon=True)
    process.start()
    sender.close()
    return receiver, _Worker(process, note)


def _answer(connection: Connection, worker: _Worker) -> Any:
    try:
        is_value, value = connection.recv()
    except EOFError:
        worker.process.join()
        raise _death(worker) from None
    finally:
        connection.close()
    worker.process.join()
    if is_value:
        return value
    raise value


def _death(worker: _Worker) -> HcgenError:
    code = worker.process.exitcode
    name = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
    remedy = "Build again with --jobs 1; if it stays, the file may be too much for the machine's memory."
    return HcgenError(
        f"a worker died ({name}) while it had this file", where=worker.note.value.decode("utf-8", "ignore"),
        remedy=remedy,
    )  # fmt: skip


def _run_one(work: Work, task: Any, sender: Connection, note: Any, parent: int) -> None:
    _end_with(parent)

    def take_note(name: str) -> None:
        note.value = name.encode()[: _NOTE_BYTES - 1]

    try:
        answer = (True, work(task, take_note))
    except KeyboardInterrupt:
        os._exit(130)
    except Exception as error:  # noqa: BLE001  whatever it is, the parent raises it
        answer = (False, error)
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        _send(sender, answer)
    # Nothing of the parent's (open files, exit handlers) is ours to end.
    os._exit(0)


def _send(sender: Connection, answer: tuple[bool, Any]) -> None:
    try:
        sender.send(answer)
    except (TypeError, AttributeError, ValueError):
        sender.send((False, RuntimeError(f"{type(answer[1]).__name__}: {answer[1]}")))


def _end_with(parent: int) -> None:
    """Ends this worker when its parent is gone: nobody would take its answer."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()
