"""HTTP to one target: pace, patience and silence about secrets. Knows no CMS and no article.

Reads (GET) and replacements (PUT, PATCH, DELETE) are repeated when the server falters. What makes something (POST)
is sent once: where its answer is lost, `Unsettled` is raised and the caller looks whether it happened.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx
from msgspec import json as _json

from hcgen.errors import ExitCode, HcgenError

_PATIENCE = 6
"""Tries of what may be repeated."""
_STORM = 60
"""Times that one request is told to come back later (429) before we give up."""
_FALTERS = frozenset((500, 502, 503, 504, 520, 521, 522, 523, 524))
_SHOWN = 300


class TargetError(HcgenError):
    """The target refuses, or cannot be reached."""

    exit_code = ExitCode.TARGET


class Unsettled(TargetError):
    """A request that makes something was sent and its answer lost: it may have happened or not."""


class Refused(TargetError):
    """The target answered with an error. `status` is HTTP's, `text` the beginning of what it said, `location` where a
    redirect leads."""

    def __init__(
        self, what: str, *, status: int = 0, text: str = "", location: str = "", where: str = "", remedy: str = ""
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.status, self.text, self.location = status, text, location


class Answer:
    """An answer that is no error."""

    def __init__(self, response: httpx.Response) -> None:
        self.status, self.headers, self._response = response.status_code, response.headers, response

    def json(self) -> Any:
        """Its body. Raises Refused where it is no JSON."""
        try:
            return _json.decode(self._response.content)
        except ValueError as error:
            what = f"the answer to {self._response.request.method} {self._response.url.path} is no JSON"
            raise Refused(what, status=self.status, remedy="Look whether the address is that of the API.") from error

    @property
    def text(self) -> str:
        return self._response.text

    @property
    def content(self) -> bytes:
        """Its body as it came."""
        return self._response.content


class Auth(Protocol):
    """Gives the headers that prove who we are; `renew` is asked for new ones after a 401, once."""

    def headers(self) -> Mapping[str, str]: ...

    def renew(self) -> bool:
        """Whether there are new headers to try."""


class Bucket:
    """A token bucket: `rate` requests a minute, filled evenly, steered by what the answers say."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self._clock = rate, clock
        self._lock = threading.Lock()
        self._tokens, self._at, self._closed_until = float(rate), clock(), 0.0

    def take(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Waits until a request may go."""
        while True:
            with self._lock:
                now = self._clock()
                wait = self._closed_until - now
                if wait <= 0:
                    if not self.rate:
                        return
                    self._tokens = min(float(self.rate), self._tokens + (now - self._at) * self.rate / 60)
                    self._at = now
                    if self._tokens >= 1:
                        self._tokens -= 1
                        return
                    wait = (1 - self._tokens) * 60 / self.rate
            sleep(wait)

    def heard(self, limit: int | None, remaining: int | None) -> None:
        """What an answer said of the account's limit: others may be using it, too."""
        with self._lock:
            if limit and (not self.rate or limit < self.rate):
                self.rate = limit
            if remaining is not None:
                self._tokens = min(self._tokens, float(remaining))

    def close(self, seconds: float) -> None:
        """Nobody sends anything for so long."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + seconds)


class Wire:
    """One target's host(s). Safe to use from several threads."""

    def __init__(
        self,
        base: str,
        *,
        auth: Auth | None = None,
        rate: int = 0,
        secret: Callable[[str], str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        timeout: float = 30.0,
        patience: int = _PATIENCE,
    ) -> None:
        self._patience = patience
        self.base, self.auth, self._sleep = base.rstrip("/"), auth, sleep
        self.secret: Callable[[str], str] = secret or _none
        """The value of one of the target's secrets by its name; providers ask when they need it."""
        self.bucket = Bucket(rate)
        self.sent: dict[str, int] = {}
        """How many requests of each method went out."""
        # An API's redirect is a mistake of address or language: following it would send secrets elsewhere.
        timeouts = httpx.Timeout(timeout, connect=min(timeout, 10.0))
        self._client = httpx.Client(timeout=timeouts, follow_redirects=False, headers={"accept": "application/json"})
        self._lock = threading.Lock()

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, *, missing: bool = False, **params: Any) -> Answer | None:
        """What is there. With `missing`, 404 and 410 are None instead of an error."""
        return self.send("GET", path, params=params, missing=missing)

    def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        files: Any = None,
        data: Any = None,
        content: bytes | None = None,
        missing: bool = False,
        repeats: bool | None = None,
    ) -> Answer | None:
        """Sends a request; `path` may be a whole address. `repeats`: whether it may be sent again after a failure
        (by default all but POST may). Raises Refused, Unsettled or TargetError."""
        may_repeat = method != "POST" if repeats is None else repeats
        renewed = False
        attempt = storms = 0
        while True:
            attempt += 1
            last = attempt >= self._patience
            self.bucket.take(self._sleep)
            with self._lock:
                self.sent[method] = self.sent.get(method, 0) + 1
            try:
                response = self._client.request(
                    method, path if "://" in path else self.base + path, params=params or None, json=json,
                    files=files, data=data, content=content,
                    headers={**(self.auth.headers() if self.auth else {}), **(headers or {})},
                )  # fmt: skip
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                # Nothing was sent: any request may be tried again.
                if last:
                    raise TargetError(*self._lost(method, path, error)) from error
                self._pause(attempt)
                continue
            except httpx.HTTPError as error:
                if not may_repeat:
                    raise Unsettled(*self._lost(method, path, error)) from error
                if last:
                    raise TargetError(*self._lost(method, path, error)) from error
                self._pause(attempt)
                continue
            self._listen(response)
            if response.status_code == 429 and storms < _STORM:
                # Refused before anything happened, so a POST may come again, too; it is no failure that counts.
                storms += 1
                attempt -= 1
                self.bucket.close(_seconds(response.headers.get("retry-after"), storms))
                continue
            if response.status_code == 401 and self.auth and not renewed and self.auth.renew():
                renewed = True
                attempt -= 1
                continue
            if response.status_code in _FALTERS:
                if not may_repeat:
                    raise Unsettled(*self._lost(method, path, response.status_code))
                if not last:
                    self._pause(attempt)
                    continue
            if missing and response.status_code in (404, 410):
                return None
            if not response.is_success:
                raise self._refusal(method, path, response)
            return Answer(response)

    def _listen(self, response: httpx.Response) -> None:
        numbers = [response.headers.get(name, "") for name in ("x-rate-limit", "x-rate-limit-remaining")]
        if not numbers[0]:
            numbers = [response.headers.get(name, "") for name in ("ratelimit-limit", "ratelimit-remaining")]
        limit, remaining = (int(one) if one.isdigit() else None for one in numbers)
        self.bucket.heard(limit, remaining)

    def _pause(self, attempt: int) -> None:
        self._sleep(min(30.0, 0.5 * 2**attempt) * random.uniform(0.5, 1.0))  # noqa: S311

    def _lost(self, method: str, path: str, cause: object) -> tuple[str]:
        name = cause if isinstance(cause, int) else type(cause).__name__
        return (f"{method} {_plain(path)}: no answer that counts ({name})",)

    def _refusal(self, method: str, path: str, response: httpx.Response) -> Refused:
        text = " ".join(response.text.split())[:_SHOWN]
        return Refused(
            f"{method} {_plain(path)}: {response.status_code} {text}", status=response.status_code, text=text,
            location=response.headers.get("location", ""),
            remedy="Check the token and what its user may do." if response.status_code in (401, 403) else "",
        )  # fmt: skip


def _none(name: str) -> str:
    raise TargetError(f"the target has no secret {name!r}", remedy=f"Name it below `secrets:`: `{name}: {{env: ...}}`.")


def _plain(path: str) -> str:
    """An address without its query, which may hold a token."""
    return path.partition("?")[0]


def _seconds(value: str | None, attempt: int) -> float:
    """How long a 429 asks to wait (RFC 9110 section 10.2.3); its date form counts as not said."""
    return float(value) if value and value.isdigit() else min(60.0, 2.0**attempt)
