"""What users of other tools paid for, each a test of that name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hcgen.publish import journal as journals
from hcgen.publish.plan import PlanError
from hcgen.publish.values import Kind
from hcgen.publish.wire import Unsettled, Wire
from tests.publish.kit import LIKE_A_CMS, Desk, actions
from tests.publish.test_recovery import first_world
from tests.world import REFUNDS_EN, tree_digest


@pytest.fixture(params=["plain", "like a CMS"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    found = first_world(tmp_path / "world")
    found.options = LIKE_A_CMS if request.param == "like a CMS" else {}
    return found


def test_ids_lost_in_a_crash_between_publish_and_commit(desk: Desk) -> None:
    """The machine is gone, and with it journal and ledger: markers tell what is ours, and nothing is made twice."""
    desk.push()
    count = len(desk.remotes())
    for path in (desk.world.root / "publish/try.ledger.jsonl", *journals.runs(desk.target)):
        path.unlink()
    plan = desk.plan()
    assert set(plan.counts) <= {"record", "redirect"}
    assert not plan.is_refused
    desk.apply(plan)
    assert len(desk.remotes()) == count
    assert {entry.id for entry in desk.ledger.entries.values()} == set(desk.remotes())
    assert actions(desk.plan()) == []


@contextmanager
def serving(answers: list[tuple[int, dict[str, str]]], heard: list[str]) -> Iterator[str]:
    """A server that gives these answers one after another, then 200."""

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            heard.append(self.command)
            status, headers = answers.pop(0) if answers else (200, {})
            self.send_response(status)
            for name, value in {"content-length": "2", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = do_PUT = do

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_429_storms(tmp_path: Path) -> None:
    """All threads wait as long as was told, then each request is sent; a POST that was refused may come again."""
    waits: list[float] = []
    heard: list[str] = []
    with serving([(429, {"retry-after": "7"})] * 20, heard) as base:
        wire = Wire(base, sleep=lambda seconds: waits.append(seconds) or _let_pass(wire, seconds))
        try:
            assert wire.send("POST", "/made", json={}) is not None
            assert wire.get("/there") is not None
        finally:
            wire.close()
    assert heard == ["POST"] * 21 + ["GET"]
    assert sum(waits) == pytest.approx(140, abs=1)


def _let_pass(wire: Wire, seconds: float) -> None:
    """Time goes by without anybody waiting for it."""
    clock = wire.bucket._clock
    wire.bucket._clock = lambda: clock() + seconds


def test_a_post_is_never_repeated_blindly() -> None:
    heard: list[str] = []
    with serving([(502, {})], heard) as base:
        wire = Wire(base, sleep=lambda seconds: None)
        try:
            with pytest.raises(Unsettled):
                wire.send("POST", "/made", json={})
        finally:
            wire.close()
    assert heard == ["POST"]


def test_a_dry_run_that_wrote(desk: Desk) -> None:
    """Planning gets a reader: it has no verb that writes, and nothing changes anywhere."""
    desk.push()
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    before = tree_digest(desk.world.root)
    desk.planned(archives=True)
    assert tree_digest(desk.world.root) == before
    from hcgen.publish.providers import folder

    reader = folder.reader(desk.target, Wire(""))
    for verb in ("create", "create_group", "write", "archive", "restore", "upload", "redirect"):
        assert not hasattr(reader, verb), verb


def test_two_versions_per_push_because_links_were_rewritten_after_the_first(desk: Desk) -> None:
    """Articles that link to each other in a circle are written once each."""
    desk.push()
    written = [line for line in desk.writes() if line.startswith("write ")]
    assert sorted(written) == sorted(f"write {one.id}" for one in desk.remotes().values())
    one, other = desk.remote("billing/invoices"), desk.remote("billing/later")
    assert other.url in one.content.body
    assert one.url in other.content.body


def test_silent_overwrites(desk: Desk) -> None:
    desk.push()
    desk.person.edit(desk.remote("billing/refunds").id, title="A better title")
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    plan = desk.plan()
    assert plan.is_refused
    with pytest.raises(PlanError):
        desk.apply(plan)
    assert desk.remote("billing/refunds").content.title == "A better title"


def test_deletes_without_state(desk: Desk) -> None:
    """Without a ledger nobody knows what is ours, so nothing goes: neither theirs nor ours."""
    desk.push()
    theirs = {one.id for one in desk.remotes().values()}
    (desk.world.root / "publish/try.ledger.jsonl").unlink()
    for name in ("refunds", "later"):
        desk.world.write({f"content/en/billing/{name}.md": None})
    desk.world.write({"content/de/billing/refunds.md": None})
    plan = desk.plan(archives=True)
    assert "archive" not in plan.counts
    desk.apply(desk.plan(archives=True, leaves=True))
    assert set(desk.remotes()) == theirs


def test_attachments_sent_again_at_every_run(desk: Desk) -> None:
    desk.push()
    sent = [line for line in desk.writes() if line.startswith("upload ")]
    # One picture in one article of two brands.
    assert len(sent) == 2
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN + "\n![again](images/shot.png)\n"})
    desk.push()
    (desk.world.root / "publish/try.ledger.jsonl").unlink()
    desk.push(leaves=True)
    assert [line for line in desk.writes() if line.startswith("upload ")] == sent


def test_one_language_only(desk: Desk) -> None:
    """Every language is there, its folder too, and translations know of each other."""
    desk.push()
    english, german = desk.remote("billing/refunds"), desk.remote("billing/refunds", "de")
    assert (english.content.title, german.content.title) == ("Refund a sale", "Verkauf erstatten")
    assert english.group == german.group
    assert desk.remote("billing", "de", kind=Kind.CATEGORY).content.title == "Abrechnung"
    assert {one.locale for one in desk.remotes().values()} == {"en", "de"}
