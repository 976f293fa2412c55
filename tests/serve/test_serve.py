"""The real server: pages, 404s, redirects and headers as of a host, nothing beside the site, rebuilt on save."""

from __future__ import annotations

import http.client
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.world import NOW, ROOT, World, small_world, tree_digest

PATIENCE = 60.0
REFUNDS = (
    "---\ntitle: Refund a sale\nid: refunds\nredirect_from: [/hc/en-us/articles/1-Refunds, old/refunds.html]\n---\n"
)


class Server:
    """`hcgen serve` in a process of its own, on a free port."""

    def __init__(self, world: World, *arguments: str) -> None:
        self.world = world
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hcgen", "serve", "-C", str(world.root), "--port", "0", *arguments],
            cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            env={**os.environ, "PYTHONWARNINGS": "error", "NO_COLOR": "1", "HCGEN_NOW": NOW.isoformat()},
        )  # fmt: skip
        self.said: list[str] = []
        self.errors: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.said), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self.errors), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: IO[str], into: list[str]) -> None:
        for line in stream:
            into.append(line)
            self._lines.put(line)
        self._lines.put("")

    def port(self) -> int:
        """The port that it prints; fails where it ends instead."""
        ended = 0
        while ended < 2:
            line = self._lines.get(timeout=PATIENCE)
            ended += not line
            if found := re.match(r"http://127\.0\.0\.1:(\d+)/ ", line):
                return int(found[1])
        pytest.fail(f"the server ended: {self.errors}")

    def listens(self) -> bool:
        """Whether it came as far as to print an address, before it ended."""
        ended = 0
        while ended < 2:
            line = self._lines.get(timeout=PATIENCE)
            ended += not line
            if line.startswith("http://"):
                return True
        return False

    def stop(self, signal_: int = signal.SIGINT) -> int:
        """Its exit code, once it was told to stop."""
        if self.process.poll() is None:
            self.process.send_signal(signal_)
        try:
            self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        return self.process.returncode


class Answer:
    """What a request got."""

    def __init__(self, port: int, path: str, method: str = "GET") -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        # With a Host of our own the client leaves the path as it is.
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", f"127.0.0.1:{port}")
        connection.endheaders()
        response = connection.getresponse()
        self.status, self.headers = response.status, dict(response.getheaders())
        self.data = response.read()
        connection.close()

    @property
    def text(self) -> str:
        return self.data.decode()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    root = tmp_path_factory.mktemp("serve")
    (root / "secret.txt").write_text("root:x:0:0")
    world = small_world(root / "project", {"content/en/billing/refunds.md": f"{REFUNDS}First.\n\n## Steps\n"})
    world.build("--jobs", "1")
    return world


@pytest.fixture(scope="module")
def port(world: World) -> Iterator[int]:
    server = Server(world)
    try:
        yield server.port()
    finally:
        server.stop()


# Answers --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/", "<title>"),
        ("/retail/", "Acme Retail"),
        ("/retail/en/", 'lang="en"'),
        ("/retail/ar/", 'dir="rtl"'),
        ("/retail/en/billing/refunds/", "First."),
        ("/retail/en/billing/refunds/?a=b", "First."),
        ("/retail/en/billing/refunds/index.html", "First."),
        ("/web/de/billing/refunds/", "Erst."),
        ("//retail/en/billing/../billing/./refunds/", "First."),
    ],
)
def test_pages_are_sent_as_html(port: int, path: str, says: str) -> None:
    answer = Answer(port, path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert says in answer.text


def test_each_file_of_the_site_is_sent_as_it_lies_on_disk(port: int, world: World) -> None:
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
             ".xml": "application/xml", ".txt": "text/plain"}  # fmt: skip
    for path in tree_digest(world.root / "site"):
        if Path(path).name.startswith(("_", ".", "headers.")):
            assert Answer(port, f"/{path}").status == 404
            continue
        if b'http-equiv="refresh"' in (world.root / "site" / path).read_bytes():
            continue  # moved for good by `_redirects`, as a host does; the page stands in where there is none
        answer = Answer(port, f"/{path}")
        assert answer.status == 200
        assert answer.data == (world.root / "site" / path).read_bytes()
        assert answer.headers["Content-Type"].startswith(kinds[Path(path).suffix])


def test_a_folder_without_slash_is_sent_on(port: int) -> None:
    answer = Answer(port, "/retail/en/billing")
    assert (answer.status, answer.headers["Location"], answer.data) == (301, "/retail/en/billing/", b"")


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/retail/en/nothing/", "en"),
        ("/retail/de/billing/nothing", "de"),
        ("/retail/ar/x.png", "ar"),
        ("/retail/nothing", "en"),
        ("/web/ar/", "en"),
    ],
)
def test_what_is_missing_is_404_in_the_language_of_its_place(port: int, path: str, language: str) -> None:
    answer = Answer(port, path)
    assert answer.status == 404
    assert f'<html lang="{language}"' in answer.text
    assert "noindex" in answer.text
    for name in re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js))"', answer.text):
        assert Answer(port, name).status == 200, name


def test_what_belongs_to_no_brand_is_404(port: int) -> None:
    assert Answer(port, "/nothing/at/all").status == 404


@pytest.mark.parametrize("old", ["/retail/hc/en-us/articles/1-Refunds/", "/retail/en/old/refunds.html"])
def test_old_addresses_lead_to_the_article(port: int, old: str) -> None:
    answer = Answer(port, old)
    target = answer.headers.get("Location") or answer.text
    assert answer.status in (200, 301)
    assert "/retail/en/billing/refunds/" in target


@pytest.mark.parametrize("old", ["/retail/hc/en-us/articles/1-Refunds", "/retail/en/old/refunds.html"])
def test_old_addresses_are_moved_permanently(port: int, old: str) -> None:
    answer = Answer(port, old)
    assert (answer.status, answer.headers.get("Location")) == (301, "/retail/en/billing/refunds/")


@pytest.mark.parametrize(
    "path", ["/retail/en/", "/retail/en/nothing", "/retail/en/search/index.json", "/retail/robots.txt"]
)
def test_answers_carry_the_security_headers_of_the_brand(port: int, path: str) -> None:
    headers = Answer(port, path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "base-uri 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/retail/en/billing/refunds/", "/retail/en/nothing", "/retail/en/billing"])
def test_head_has_the_headers_of_get_and_no_body(port: int, path: str) -> None:
    get, head = Answer(port, path), Answer(port, path, "HEAD")
    changing = {"Date"}
    assert (head.status, head.data) == (get.status, b"")
    assert {k: v for k, v in head.headers.items() if k not in changing} == {
        k: v for k, v in get.headers.items() if k not in changing
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(port: int, method: str) -> None:
    assert Answer(port, "/retail/en/", method).status == 501


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/../../secret.txt",
        "/retail/../../../secret.txt",
        "/%2e%2e/%2e%2e/secret.txt",
        "/..%2f..%2fsecret.txt",
        "/retail/en/..%2f..%2f..%2f..%2fsecret.txt",
        "/%2e%2e%5c%2e%2e%5csecret.txt",
        "//../secret.txt",
        "/%00",
        "/retail/%00/../../secret.txt",
        "/..%c0%af..%c0%afsecret.txt",
        "/.site.lock",
        "/%2e%2e/.site.lock",
        "/../mkdocs.yml",
        "/%2e%2e%2fmkdocs.yml",
        "http://127.0.0.1/../mkdocs.yml",
        "file:///etc/passwd",
        "/etc/passwd",
        "//etc/passwd",
        "/%2fetc/passwd",
    ],
)
def test_nothing_beside_the_site_is_sent(port: int, path: str) -> None:
    answer = Answer(port, path)
    assert answer.status in (400, 404)
    assert "root:x" not in answer.text
    assert "site_name" not in answer.text


def test_links_out_of_the_site_are_not_followed(port: int, world: World) -> None:
    link = world.root / "site/retail/leak.txt"
    link.symlink_to(world.root.parent / "secret.txt")
    try:
        assert Answer(port, "/retail/leak.txt").status == 404
    finally:
        link.unlink()


@pytest.mark.parametrize(
    "path", ["http://[", "/" + "a" * 300], ids=["half an IPv6 address", "a name too long for a file"]
)
def test_an_address_that_cannot_be_read_is_answered(port: int, path: str) -> None:
    assert Answer(port, path).status in (400, 404)


def test_only_loopback_is_listened_on(port: int) -> None:
    found = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in found - {"127.0.0.1"}:
        with socket.socket() as probe:
            probe.settimeout(5)
            assert probe.connect_ex((address, port)) != 0


# A server's life ------------------------------------------------------------------------------------------------------


def wait_until_served(port: int, path: str, text: str) -> str:
    """The page `path` once it holds `text`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        page = Answer(port, path).text
        if text in page:
            return page
        time.sleep(0.05)
    pytest.fail(f"{path} never showed {text!r}")


def test_it_builds_first_then_after_each_save_and_stops_cleanly(tmp_path: Path) -> None:
    world = small_world(tmp_path / "project")
    server = Server(world, "--brand", "web", "--locale", "en")
    try:
        port = server.port()
        page = "/web/en/billing/refunds/"
        assert "First." in Answer(port, page).text
        world.write({"content/en/billing/refunds.md": f"{REFUNDS}Second.\n\n## Steps\n"})
        assert "First." not in wait_until_served(port, page, "Second.")

        world.write({"content/en/billing/refunds.md": "---\ntitle: [\n---\nBroken.\n"})
        deadline = time.monotonic() + PATIENCE
        while not any("front-matter" in line for line in server.errors) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "Second." in Answer(port, page).text, "errors keep the old pages"

        world.write({"content/en/billing/refunds.md": f"{REFUNDS}Third.\n\n## Steps\n"})
        wait_until_served(port, page, "Third.")
        world.write({"mkdocs.yml": None})
        deadline = time.monotonic() + PATIENCE
        while not any("no mkdocs.yml" in line for line in server.errors) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "Third." in Answer(port, page).text
    finally:
        code = server.stop()
    errors = "".join(server.errors)
    assert code == 130
    assert "hcgen: stopped" in errors
    assert "Traceback" not in errors
    assert any("pages in" in line for line in server.said)
    assert any("keep the old pages" in line for line in server.said)


def test_a_port_that_is_taken_ends_with_4(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = str(taken.getsockname()[1])
        done = world.run("serve", "--port", number)
    assert done.returncode == 4
    assert f"127.0.0.1:{number}" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize(("option", "code"), [("--out", 4), ("--brand", 3)])
def test_what_a_build_refuses_is_not_served(tmp_path: Path, option: str, code: int) -> None:
    world = small_world(tmp_path / "project")
    (tmp_path / "private.txt").write_text("private")
    server = Server(world, option, str(tmp_path) if option == "--out" else "nothing")
    try:
        listens = server.listens()
    finally:
        found = server.stop()
    assert (listens, found) == (False, code)
