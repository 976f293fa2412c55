"""The one exception tree and the exit codes. Every message says what is wrong, where, and what to do."""

from __future__ import annotations

from enum import IntEnum
from functools import partial


class ExitCode(IntEnum):
    """What the process answers; documented in docs/cli.md."""

    OK = 0
    FINDINGS = 1
    """The content has errors (or, with --strict, warnings), a lock would change, or nothing was found."""
    USAGE = 2
    """The command line is wrong (click's own code)."""
    PROJECT = 3
    """The project cannot be read at all: no mkdocs.yml, no brands, an unusable setting."""
    OUTPUT = 4
    """The output cannot be written or installed."""
    TOOL = 5
    """A program that the command needs, Node.js or Git, is not there or fails."""
    TARGET = 6
    """A publishing target refuses, or cannot be reached."""
    CONFLICT = 7
    """A plan is refused: something moved over there, or too much would go."""
    CHANGES = 8
    """A plan has changes to make."""
    INTERNAL = 70
    """A fault of hcgen itself (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130
    """Stopped from outside by SIGINT."""


class HcgenError(Exception):
    """Root of everything hcgen raises on purpose."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(f"{where}: {what}" if where else what)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors of a worker travel to its parent whole.
        return partial(type(self), where=self.where, remedy=self.remedy), (self.what,)


class ProjectError(HcgenError):
    """The project cannot be used as a whole."""

    exit_code = ExitCode.PROJECT


class OutputError(HcgenError):
    """The output folder cannot be written or does not belong to us."""

    exit_code = ExitCode.OUTPUT


class ToolError(HcgenError):
    """A program of somebody else's that we need is not there or fails."""

    exit_code = ExitCode.TOOL
