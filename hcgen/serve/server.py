"""A loopback web server over a built tree, and the loop that builds again after a save."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from hcgen.errors import OutputError
from hcgen.model.brand import Brand
from hcgen.serve.hosting import Mount, answer
from hcgen.serve.watch import Picture, changed, take

HOST = "127.0.0.1"


def mounts_of(brands: Iterable[Brand], site: Path) -> tuple[Mount, ...]:
    """The brands of `site` and the paths they are built for."""
    return tuple(Mount(site / brand.id, brand.id, brand.base_path) for brand in brands)


def make_server(site: Path, mounts: Callable[[], tuple[Mount, ...]], port: int) -> ThreadingHTTPServer:
    """A server of `site` on loopback; port 0 takes a free one. Raises OutputError where the port is taken."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "hcgen"
        # Headers and body are two writes; on a kept connection Nagle's algorithm holds the second back for 40 ms.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._send(with_body=True)

        def do_HEAD(self) -> None:
            self._send(with_body=False)

        def _send(self, *, with_body: bool) -> None:
            found = answer(site, mounts(), self.path)
            self.send_response(found.status)
            for name, value in found.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            if with_body:
                self.wfile.write(found.body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent: the terminal belongs to findings."""

    try:
        server = ThreadingHTTPServer((HOST, port), Handler)
    except OSError as error:
        remedy = "Name another port with --port, or stop what is listening there."
        raise OutputError(f"cannot listen: {error.strerror}", where=f"{HOST}:{port}", remedy=remedy) from None
    server.daemon_threads = True
    return server


def watch(
    root: Path, last: Picture, rebuild: Callable[[list[str]], None], stop: threading.Event, pause: float = 0.3
) -> None:
    """Calls `rebuild` with the changed paths after each save, until `stop` is set. Looks every `pause` seconds.

    `last` is the project as it was before what is served was built: no save is missed.
    """
    while not stop.wait(pause):
        now = take(root)
        paths = changed(last, now)
        if not paths:
            continue
        # An editor may write in several steps: wait until nothing moves.
        while True:
            time.sleep(0.05)
            later = take(root)
            if later == now:
                break
            now = later
        last = now
        rebuild(paths)
