"""Who we are, for targets that want a bearer token: one given, or one got for client credentials. Knows no CMS.

RFC 6749 section 4.4 (client credentials), RFC 6750 (bearer tokens).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from hcgen.publish.wire import Answer, Refused, TargetError, Wire

_EARLY = 60.0
"""Seconds before its end from which a token is not used any more: requests take time, and clocks differ."""


class Bearer:
    """A token that somebody gave us. It is asked for when it is needed, and kept nowhere else."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._token()}"}

    def renew(self) -> bool:
        return False


class ClientCredentials:
    """Gets tokens from `url` for a client and its secret, anew before they end and after a 401."""

    def __init__(
        self,
        url: str,
        client: Callable[[], str],
        secret: Callable[[], str],
        scope: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._client, self._secret, self._scope, self._clock = url, client, secret, scope, clock
        self._lock = threading.Lock()
        self._token, self._ends = "", 0.0
        self._used = threading.local()

    def headers(self) -> Mapping[str, str]:
        with self._lock:
            if not self._token or self._clock() >= self._ends:
                self._fetch()
            self._used.token = self._token
            return {"authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        with self._lock:
            # Another thread may have got a new one since this one was used.
            if self._token == getattr(self._used, "token", ""):
                self._token = ""
        return True

    def _fetch(self) -> None:
        asked = {
            "grant_type": "client_credentials", "client_id": self._client(), "client_secret": self._secret(),
            "scope": self._scope,
        }  # fmt: skip
        wire = Wire("")
        try:
            # A token more does no harm, so the request may be repeated.
            answer = self._ask(wire, json=asked) or self._ask(wire, data=asked)
        finally:
            wire.close()
        given = answer.json() if answer else {}
        if not isinstance(given, dict) or not given.get("access_token"):
            remedy = "Check the client's id and secret, and that it may use client credentials."
            raise TargetError(f"{self._url} gives no token", remedy=remedy)
        life = float(given.get("expires_in") or 300)
        self._token, self._ends = str(given["access_token"]), self._clock() + life - min(_EARLY, life / 10)

    def _ask(self, wire: Wire, **body: Any) -> Answer | None:
        """The answer; None where the request is refused: some read JSON alone, others the form of RFC 6749 alone."""
        try:
            return wire.send("POST", self._url, repeats=True, **body)
        except Refused:
            # What it says may repeat what was sent.
            return None
