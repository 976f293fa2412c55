"""What is wrong with somebody's input: one value, with file, line, rule and remedy."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """ERROR keeps a build from being installed; WARNING does so with --strict only."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Struct, frozen=True, order=True):
    """One fault of one file.

    `path` is relative to the project, with forward slashes; `line` counts from 1 (0: the file as a whole).
    `rule` is a name from docs/rules.md; `message` says what is wrong, `remedy` what to do about it.
    """

    path: str
    line: int
    rule: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """`path:line`, or the path alone."""
        return f"{self.path}:{self.line}" if self.line else self.path
