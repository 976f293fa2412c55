"""Three versions of a text become one: what the file says, what was changed over there, and what both came from.

`git merge-file` does it line by line, and word by word where both changed a line. What still cannot be settled stands
in the text twice, between conflict marks: nothing is lost. Knows no target.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from msgspec import Struct

from hcgen.errors import ToolError

_MARK = 41
"""Length of the marks between hunks: none that a text holds is so long."""
_HUNK = re.compile(
    rf"^<{{{_MARK}}}[^\n]*\n(.*?)^\|{{{_MARK}}}[^\n]*\n(.*?)^={{{_MARK}}}\n(.*?)^>{{{_MARK}}}[^\n]*\n", re.M | re.S
)
_WORD = re.compile(r"\n|[^\S\n]+|\S+")
_CONFLICTS = 127
"""git merge-file answers the number of conflicts, at most this; beyond it is an error."""
_BREAK = "\x1f"


class Merged(Struct, frozen=True):
    """The merged text, and how many places somebody has to look at."""

    text: str
    conflicts: int = 0


def merge(base: str, ours: str, theirs: str, *, name: str) -> Merged:
    """`ours` with what changed from `base` to `theirs`. `name` stands in the marks at what comes from over there."""
    if theirs in (base, ours):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    merged, count = _merge_file(base, ours, theirs, "--diff3", f"--marker-size={_MARK}")
    if not count:
        return Merged(merged)
    left = 0

    def settle(match: re.Match[str]) -> str:
        nonlocal left
        mine, old, new = (match[at] for at in (1, 2, 3))
        words, conflicts = _merge_file(*map(_by_word, (old, mine, new)))
        if not conflicts:
            return "".join(words.split("\n")).replace(_BREAK, "\n")
        shown, conflicts = _merge_file(old, mine, new, "-L", "file", "-L", "base", "-L", name)
        left += conflicts
        return shown

    return Merged(_HUNK.sub(settle, merged), left)


def _by_word(text: str) -> str:
    """A line for each word and each line end."""
    return "".join(f"{part.replace(chr(10), _BREAK)}\n" for part in _WORD.findall(text))


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _merge_file(base: str, ours: str, theirs: str, *options: str) -> tuple[str, int]:
    """What `git merge-file` makes of three texts, and the number of conflicts."""
    with tempfile.TemporaryDirectory(prefix="hcgen-merge-") as folder:
        paths = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(_ended(text).encode())
        command = ["git", "merge-file", "-p", "-q", *options, *map(str, paths)]
        try:
            done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # fixed words and own files
        except OSError as error:
            raise ToolError(
                f"Git cannot be started: {error}", remedy="Install Git; `hcgen pull` merges with it."
            ) from None
    if done.returncode < 0 or done.returncode > _CONFLICTS:
        raise ToolError(f"git merge-file failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(), done.returncode
