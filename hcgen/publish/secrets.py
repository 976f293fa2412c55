"""Secrets of a target: looked up when they are needed, hidden wherever something is shown. Knows no CMS."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from hcgen.errors import HcgenError, ProjectError
from hcgen.model.target import SecretRef, Target

HIDDEN = "***"
_SECONDS = 60
_SHORTEST = 4


class Vault:
    """Gives a target's secrets by name, and takes them out of texts. Its `repr` shows none."""

    def __init__(self, target: Target) -> None:
        self._target, self._lock = target, threading.Lock()
        self._known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """The secret `name`. Raises ProjectError where nobody has it; the message holds none."""
        with self._lock:
            if name not in self._known:
                ref = self._target.secrets.get(name)
                if ref is None:
                    remedy = f"Name it below `secrets:`: `{name}: {{env: NAME_OF_A_VARIABLE}}`."
                    raise ProjectError(f"the target has no secret {name!r}", where=self._where, remedy=remedy)
                self._known[name] = self._find(name, ref)
            return self._known[name]

    @property
    def _where(self) -> str:
        return f"{self._target.path}:{self._target.line}"

    def _find(self, name: str, ref: SecretRef) -> str:
        if ref.env:
            value = os.environ.get(ref.env, "")
            if not value:
                remedy = f"Set it, or name another one below `secrets: {name}:`."
                raise ProjectError(f"the variable {ref.env} is not set", where=self._where, remedy=remedy)
            return value
        remedy = "Run the command by hand and look what it says."
        try:
            # What the project's own file names, without a shell.
            done = subprocess.run(  # noqa: S603
                list(ref.command), capture_output=True, text=True, timeout=_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            what = f"the command for the secret {name!r} failed ({type(error).__name__})"
            raise ProjectError(what, where=self._where, remedy=remedy) from None
        value = done.stdout.strip()
        if not value:
            raise ProjectError(f"the command for the secret {name!r} printed nothing", where=self._where, remedy=remedy)
        return value

    def scrub(self, text: str) -> str:
        """`text` without any secret that was given out, quoted (RFC 3986) and in Base64 included."""
        for value in sorted(self._known.values(), key=len, reverse=True):
            if len(value) < _SHORTEST:
                continue
            encoded = base64.b64encode(value.encode()).decode()
            for form in (value, quote(value, safe=""), encoded, encoded.rstrip("=")):
                text = text.replace(form, HIDDEN)
        return text

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Errors leave this block without secrets."""
        try:
            yield
        except BaseException as error:
            self._clean(error)
            raise

    def _clean(self, error: BaseException) -> None:
        seen: set[int] = set()
        found: list[BaseException | None] = [error]
        while found:
            one = found.pop()
            if one is None or id(one) in seen:
                continue
            seen.add(id(one))
            one.args = tuple(self.scrub(arg) if isinstance(arg, str) else arg for arg in one.args)
            if isinstance(one, HcgenError):
                one.what, one.remedy = self.scrub(one.what), self.scrub(one.remedy)
            found += [one.__cause__, one.__context__]
