"""The emulator's HTTP: one port a brand, tokens, limits, faults and a log of what was asked."""

from __future__ import annotations

import json
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.publish.zendesk import api, files, guide, pages
from tests.publish.zendesk.api import Request, Response
from tests.publish.zendesk.faults import Clock, Faults, Window
from tests.publish.zendesk.state import Account, Brand


@dataclass(frozen=True)
class Entry:
    """One request as it came in. `fault` is what went wrong with it on purpose."""

    method: str
    path: str
    brand: str
    status: int
    fault: str
    body: bytes


# Endpoints make themselves known as their modules are read.
_ = (files, guide)


class Emulator:
    """Runs the account's brands on free ports of 127.0.0.1 until it is left."""

    def __init__(
        self,
        account: Account | None = None,
        *,
        clock: Clock | None = None,
        rate: int = 0,
        faults: Faults | None = None,
        ports: tuple[int, ...] = (),
    ) -> None:
        self.account = account or Account(clock)
        self.clock = self.account.clock
        self.faults = faults or Faults()
        self.window = Window(rate, self.clock) if rate else None
        self.ports = ports
        self.log: list[Entry] = []
        self.watch: Callable[[Request, bool], bool] = lambda request, is_done: True
        """Asked for each request of the API twice: whether it may have its effect, and after that before the answer."""
        self.plain_tokens: set[str] = {"plain-token"}
        """Bearer tokens that never end."""
        self._servers: list[ThreadingHTTPServer] = []

    def __enter__(self) -> Emulator:
        for at, brand in enumerate(self.account.brands.values()):
            handler = type("Handler", (_Handler,), {"emulator": self, "brand": brand})
            server = _Server(("127.0.0.1", self.ports[at] if at < len(self.ports) else 0), handler)
            brand.url = f"http://127.0.0.1:{server.server_address[1]}"
            self._servers.append(server)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def counts(self, *, since: int = 0) -> Counter[str]:
        """How many requests of each method reached the API, refused ones included; `since` an index of the log."""
        return Counter(entry.method for entry in self.log[since:] if entry.path.startswith("/api/"))

    def writes(self, *, since: int = 0) -> int:
        """Requests that would change something."""
        return sum(number for method, number in self.counts(since=since).items() if method != "GET")

    # What a request meets ---------------------------------------------------------------------------------------

    def answer(self, request: Request, authorization: str) -> tuple[Response, str]:
        """The answer and the fault that hits it; the handler drops or delays as the fault says."""
        self.clock.tick()
        account = self.account
        if request.path == "/oauth/tokens" and request.method == "POST":
            with account.lock:
                return self._token(request), ""
        if not request.path.startswith("/api/"):
            with account.lock:
                if request.path.startswith("/uploads/") and request.method == "PUT":
                    # The address itself says who may: the store takes no second proof.
                    return Response(400, text="InvalidArgument") if authorization else self._store(request), ""
                return pages.public(request), ""
        with account.lock:
            limits, refused = self._limits()
            if refused:
                return refused, ""
            fault = self.faults.next()
            if fault == "429":
                return _too_many({**limits, "Retry-After": "2"}), fault
            if fault in ("503", "before"):
                return Response(503, text="Service Unavailable", headers=limits), fault
            if not self.watch(request, False):
                return Response(503, text="Service Unavailable", headers=limits), "before"
            response = self._allowed(request, authorization) or api.handle(request)
            self.watch(request, True)
            if fault == "500":
                response = Response(500, {"error": "InternalError"})
            response.headers |= limits
            return response, fault

    def _limits(self) -> tuple[dict[str, str], Response | None]:
        if not self.window:
            return {}, None
        passes, remaining, wait = self.window.take()
        limits = {"X-Rate-Limit": str(self.window.limit), "X-Rate-Limit-Remaining": str(remaining)}
        return limits, None if passes else _too_many({**limits, "Retry-After": str(wait)})

    def _allowed(self, request: Request, authorization: str) -> Response | None:
        token = authorization.removeprefix("Bearer ")
        needed = "hc:read" if request.method == "GET" else "hc:write"
        if token in self.plain_tokens:
            return None
        ends, scopes = self.account.tokens.get(token, (0.0, frozenset()))
        if not authorization.startswith("Bearer ") or ends <= self.clock.now():
            told = "The access token provided is expired, revoked, malformed or invalid for other reasons."
            return Response(401, {"error": "invalid_token", "error_description": told})
        if request.path.startswith("/api/v2/brands"):
            needed = "read"
        if needed not in scopes:
            return Response(403, {"error": "Forbidden", "description": "You are missing a required scope."})
        return None

    def _token(self, request: Request) -> Response:
        """RFC 6749 section 4.4, with the vendor's bounds for `expires_in`."""
        given: dict[str, Any] = request.json if isinstance(request.json, dict) else dict(request.form)
        if given.get("grant_type") != "client_credentials":
            return Response(400, {"error": "unsupported_grant_type"})
        if (given.get("client_id"), given.get("client_secret")) != self.account.client:
            return Response(401, {"error": "invalid_client"})
        life = int(given.get("expires_in", self.account.token_life))
        if "expires_in" in given and not 300 <= life <= 172_800:
            return Response(400, {"error": "invalid_request"})
        token = secrets.token_hex(16)
        scopes = frozenset(str(given.get("scope", "")).split())
        self.account.tokens[token] = (self.clock.now() + life, scopes)
        return Response(
            200, {"access_token": token, "token_type": "bearer", "scope": given.get("scope"), "expires_in": life}
        )

    def _store(self, request: Request) -> Response:
        number = request.path.rpartition("/")[2]
        if number not in request.brand.uploads:
            return Response(403, text="expired")
        request.brand.uploads[number] = request.data
        return Response(200, text="")


def _too_many(headers: dict[str, str]) -> Response:
    told = "Number of allowed API requests per minute exceeded"
    return Response(429, text=told, headers={**headers, "content-type": "text/plain"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    emulator: Emulator
    brand: Brand
    protocol_version = "HTTP/1.1"
    # Head and body are two packets: the second would wait for the first to be acknowledged.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal: the emulator keeps its own log."""

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        request = _read(self.command, self.path, self.headers.get("content-type", ""), body, self.brand)
        if isinstance(request, Response):
            response, fault = request, ""
        else:
            response, fault = self.emulator.answer(request, self.headers.get("authorization", ""))
        kept = body if (self.headers.get("content-type") or "").startswith("application/json") else b""
        entry = Entry(self.command, self.path, self.brand.name, response.status, fault, kept)
        self.emulator.log.append(entry)
        if fault == "timeout":
            time.sleep(self.emulator.faults.hold)
        if fault in ("before", "after", "timeout"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault == "slow":
            time.sleep(self.emulator.faults.slow)
        self._send(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

    def _send(self, response: Response) -> None:
        data = response.data if response.data is not None else (response.text or "").encode()
        headers = dict(response.headers)
        if response.json is not None:
            data = api.dumps(response.json)
            headers["content-type"] = "application/json; charset=utf-8"
        self.send_response(response.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if response.status != 204:
            self.send_header("content-length", str(len(data)))
        self.end_headers()
        if response.status != 204:
            self.wfile.write(data)


def _read(method: str, target: str, kind: str, body: bytes, brand: Brand) -> Request | Response:
    parts = urlsplit(target)
    request = Request(method, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), brand, data=body)
    if kind.startswith("application/json") and body:
        try:
            request.json = json.loads(body)
        except ValueError:
            return Response(400, {"error": "InvalidJSON", "description": "the body is no JSON"})
    elif kind.startswith("application/x-www-form-urlencoded"):
        request.form = dict(parse_qsl(body.decode()))
    elif kind.startswith("multipart/form-data"):
        _parts(request, kind.partition("boundary=")[2].strip('"'), body)
    elif body and method in ("POST", "PUT") and parts.path.startswith("/api/"):
        return Response(415, {"error": "UnsupportedMediaType"})
    return request


def _parts(request: Request, boundary: str, body: bytes) -> None:
    """The fields and files of a form (RFC 7578)."""
    form, files = {}, {}
    for part in body.split(f"--{boundary}".encode())[1:-1]:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        data = data.removesuffix(b"\r\n")
        lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        named = dict(one.strip().partition("=")[::2] for one in headers["content-disposition"].split(";")[1:])
        name = named["name"].strip('"')
        if "filename" in named:
            files[name] = (named["filename"].strip('"'), headers.get("content-type", ""), data)
        else:
            form[name] = data.decode()
    request.form, request.files = form, files
