"""Engines asked in Chromium over HTTP: rankings, bytes and requests of visitors, times."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Page, sync_playwright

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_SCRIPT = Path(__file__).with_name("search_engines.mjs")
_PAGE = '<!doctype html><meta charset="utf-8"><title>race</title><link rel="icon" href="data:,">'
# What a host sends compressed: brotli at its best, each file once.
_SIZES = """
const fs = require("node:fs"), zlib = require("node:zlib"), sizes = {};
const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 };
for (const path of JSON.parse(fs.readFileSync(0))) {
  sizes[path] = zlib.brotliCompressSync(fs.readFileSync(path), { params }).length;
}
console.log(JSON.stringify(sizes));
"""
_RANK = """async ([engine, base, queries, fresh]) => {
  const open = (n) => window.engines[engine](base, n);
  const one = await open(0), found = [];
  for (const query of queries) found.push(await (fresh ? await open(0) : one)(query, 10));
  return found;
}"""
# One visitor asks a first query and a second one.
_VISIT = """async ([engine, base, n, query, step]) => {
  if (step === 0) window.visitor = await window.engines[engine](base, n);
  await window.visitor(query);
  if (step === 1 && window.visitor.close) window.visitor.close();
}"""
_TIMES = """async ([engine, base, queries]) => {
  const search = await window.engines[engine](base, 0), times = [];
  for (const query of queries) await search(query);
  for (const query of queries) {
    const start = performance.now();
    await search(query);
    times.push(performance.now() - start);
  }
  return times;
}"""


class _Handler(SimpleHTTPRequestHandler):
    """A static host that nothing is kept of; isolated pages have exact clocks (HTML, cross-origin isolation)."""

    asked: list[str] = []

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/":
            self._send(_PAGE.encode(), "text/html")
        elif path == "/engines.js":
            self._send(_SCRIPT.read_bytes(), "text/javascript")
        else:
            _Handler.asked.append(path)
            super().do_GET()

    def _send(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class Visitors:
    """Visitors of the indexes in `folder`, one engine a folder."""

    def __init__(self, folder: Path, address: str, page: Page) -> None:
        self.folder, self.page = folder, page
        page.goto(f"{address}/")
        page.evaluate("async () => { window.engines = (await import('/engines.js')).engines; }")

    def rankings(self, engine: str, queries: Sequence[str], fresh: bool) -> list[list[str]]:
        """The ten best addresses for each query; with `fresh`, each is the first query of its visitor."""
        found = self.page.evaluate(_RANK, [engine, f"/{engine}/", list(queries), fresh])
        return [[_id(address, engine) for address in one] for one in found]

    def times(self, engine: str, queries: Sequence[str]) -> list[float]:
        """Milliseconds for each query when all files are loaded."""
        return list(self.page.evaluate(_TIMES, [engine, f"/{engine}/", list(queries)]))

    def visit(self, engine: str, n: int, first: str, second: str) -> list[list[str]]:
        """What is asked for at a visitor's first query and at the next."""
        found = []
        for step, query in enumerate((first, second)):
            _Handler.asked.clear()
            self.page.evaluate(_VISIT, [engine, f"/{engine}/", n, query, step])
            found.append([unquote(path[1:]) for path in _Handler.asked])
        return found

    def weigh(self, paths: Iterable[str]) -> dict[str, int]:
        """Bytes in brotli; a file that is missing has none."""
        files = {path: str(self.folder / path) for path in set(paths)}
        sizes = brotli([file for file in files.values() if Path(file).is_file()])
        return {path: sizes.get(file, 0) for path, file in files.items()}


def brotli(files: Sequence[str]) -> dict[str, int]:
    """Bytes of each file in brotli."""
    done = subprocess.run(["node", "-e", _SIZES], input=json.dumps(files), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _id(address: str, engine: str) -> str:
    return unquote(address).removeprefix(f"/{engine}/").strip("/") if engine == "pagefind" else address


@contextmanager
def visitors(folder: Path) -> Iterator[Visitors]:
    """A host for `folder` and a page of Chromium, both ended afterwards."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=_FLAGS)
            page = browser.new_page()
            page.set_default_timeout(600_000)
            yield Visitors(folder, f"http://127.0.0.1:{server.server_port}", page)
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
