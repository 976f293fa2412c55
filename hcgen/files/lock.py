"""`content/steps.lock`, the memory of step ids: plain text, a line a step, `KEY STEP-ID DIGEST`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from hcgen.errors import OutputError
from hcgen.files.frontmatter import decode
from hcgen.files.walk import unreadable
from hcgen.model.finding import Finding
from hcgen.model.project import LockedStep

LOCK_NAME = "steps.lock"
LOCK_FILE = f"content/{LOCK_NAME}"
# A key may hold spaces, as file names may; ids and digests never do.
_LINE = re.compile(r"(.+) (step-[0-9a-f]{6}(?:-[0-9]+)?) ([0-9a-f]{12})")


def read_lock(root: Path) -> tuple[dict[str, tuple[LockedStep, ...]], list[Finding]]:
    """The locked steps by key, in their order, and every line that is none. No file: no steps."""
    path = root / LOCK_FILE
    # A link that leads out of the project is reported where folders are read.
    if not path.resolve().is_relative_to(root.resolve()):
        return {}, []
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        return {}, [unreadable(LOCK_FILE, error)]
    text, findings = decode(data, LOCK_FILE)
    found: dict[str, list[LockedStep]] = {}
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE.fullmatch(line)
        if match and (match[1], match[2]) not in seen:
            seen.add((match[1], match[2]))
            found.setdefault(match[1], []).append(LockedStep(match[2], match[3]))
        elif line:
            findings.append(_damaged(line, number, is_double=match is not None))
    return {key: tuple(steps) for key, steps in found.items()}, findings


def _damaged(line: str, number: int, *, is_double: bool) -> Finding:
    what = "the step is locked twice" if is_double else f"{line[:40]!r} is no line `KEY STEP-ID DIGEST`"
    remedy = "Run `hcgen steps`: it writes the file anew from all lines that can be read."
    return Finding(LOCK_FILE, number, "damaged-lock", what, remedy)


def lock_text(lock: Mapping[str, tuple[LockedStep, ...]]) -> str:
    """The file's text: sorted by key, the steps of a key in their order, so that Git merges changes of two writers."""
    return "".join(f"{key} {step.id} {step.digest}\n" for key in sorted(lock) for step in lock[key])


def write_lock(root: Path, lock: Mapping[str, tuple[LockedStep, ...]]) -> bool:
    """Puts the file in place in one step; whether it was another before. Raises OutputError where that fails."""
    path, text = root / LOCK_FILE, lock_text(lock).encode()
    beside = path.with_name(f".{LOCK_NAME}.new")
    try:
        if (path.read_bytes() if path.exists() else b"") == text:
            return False
        beside.write_bytes(text)
        os.replace(beside, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot be written: {reason}", where=LOCK_FILE, remedy="Make content/ writable.") from None
    return True
