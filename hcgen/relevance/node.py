"""The browser's search outside a browser: one Node.js process that answers batches of queries."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from hcgen.errors import ToolError

_SCRIPT = Path(__file__).with_name("ask.mjs")
_ERROR = re.compile(r"\s*\w*Error\b")
LIMIT = 10
"""Places that count."""


class Batch(Struct, frozen=True):
    """Queries for one index: its folder, and the script that pages search it with."""

    index: Path
    runtime: Path
    queries: tuple[str, ...]


def rankings(batches: Iterable[Batch]) -> Iterator[list[tuple[str, ...]]]:
    """For each batch the addresses that each of its queries finds, best first."""
    program = shutil.which("node")
    if program is None:
        remedy = "Install Node.js 18 or newer (https://nodejs.org/); it runs the search as browsers do."
        raise ToolError("the program `node` is not there", remedy=remedy)
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
        subprocess.Popen(  # noqa: S603  # our own script
            [program, str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
        ) as process,
    ):
        try:
            for batch in batches:
                found = _answer(process, batch)
                if found is None:
                    errors.seek(0)
                    raise _given_up(errors.read())
                yield found
        finally:
            process.kill()


def _answer(process: subprocess.Popen[str], batch: Batch) -> list[tuple[str, ...]] | None:
    """The rankings of a batch, or None where the process is gone."""
    assert process.stdin
    assert process.stdout
    asked = {
        "runtime": batch.runtime.absolute().as_uri(),
        "base": f"{batch.index.absolute()}/",
        "queries": batch.queries,
        "limit": LIMIT,
    }
    with suppress(BrokenPipeError):
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        return None
    answer = json.loads(line)
    if "fault" in answer:
        remedy = "Build again; the files of the index are incomplete, or of another version than its script."
        raise ToolError(f"the search answers {answer['fault']!r}", where=str(batch.index), remedy=remedy)
    return [tuple(urls) for urls in answer["rankings"]]


def _given_up(said: str) -> ToolError:
    reason = next((line.strip() for line in said.splitlines() if _ERROR.match(line)), "no reason given")
    remedy = "Use Node.js 18 or newer (`node --version`); if it is, the search script is at fault."
    return ToolError(f"Node.js gave up: {reason}", remedy=remedy)
