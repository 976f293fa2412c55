"""What booting a CMS needs: a cache that outlives a run, one builder at a time, and processes that end with us."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.world import ROOT

CACHE = ROOT / ".venv-cms"
"""What takes long to make and may be kept: environments and filled databases."""
HERE = Path(__file__).resolve().parent


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process at a time builds what `name` stands for."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sign_of(*parts: Path | str) -> str:
    """Equal for equal words and files: names what is cached."""
    found = hashlib.sha256()
    for part in parts:
        paths = sorted(part.rglob("*")) if isinstance(part, Path) and part.is_dir() else [part]
        for one in paths:
            if isinstance(one, str):
                found.update(one.encode() + b"\0")
            elif one.is_file() and "__pycache__" not in one.parts:
                found.update(one.name.encode() + b"\0" + one.read_bytes())
    return found.hexdigest()[:16]


def run(command: list[str | Path], environment: dict[str, str] | None = None, stdin: str = "") -> str:
    """What a command prints; fails the test with all it said where it fails."""
    done = subprocess.run(
        list(map(str, command)), input=stdin, capture_output=True, text=True, check=False, timeout=600,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@contextmanager
def running(
    command: list[str | Path], log: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A server in a process group of its own, which is ended with all that it started, or when we are killed."""
    # A parent that is killed ends nothing: the kernel does it (prctl(2), PR_SET_PDEATHSIG).
    bound: list[str | Path] = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    with log.open("w") as errors:
        server = subprocess.Popen(
            list(map(str, bound + command)), stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
        assert server.stdout
        try:
            yield server
        finally:
            for blow in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(server.pid, blow)
                    server.wait(timeout=20)
                except ProcessLookupError:
                    break
                except subprocess.TimeoutExpired:
                    continue
            server.stdout.close()
