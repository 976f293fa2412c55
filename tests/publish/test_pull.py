"""Changes made on a target come back into the files that they were pushed from, and nothing else changes."""

from __future__ import annotations

import functools
import http.server
import json
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hcgen.files.rewrite import article_text, with_keys
from hcgen.files.targets import find_target
from hcgen.model.target import Target
from hcgen.publish import journal as journals
from hcgen.publish.apply import apply
from hcgen.publish.desired import static_address, wishes
from hcgen.publish.ledger import read_ledger
from hcgen.publish.look import look
from hcgen.publish.planning import Asked, make_plan
from hcgen.publish.providers import folder
from hcgen.publish.values import Remote
from hcgen.publish.wire import Wire
from tests.publish.plugins import environment
from tests.world import World, small_world


def _png(colour: int) -> bytes:
    """A picture of 40 by 20 pixels (PNG, section 5)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([colour, 0, 0]) * 40) * 20
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


SHOT, UPLOAD = _png(10), _png(200)
REFUND = """\
---
# The team reads this comment.
title: Refund a sale
order: 10 # first
id: refunds
tags: [money]
---
You pay {{ brand.price }} a month. Write to *{{ brand.support_email }}*.

## Steps

* Open the app.
* See [the invoice](invoices.md) and ![a shot](images/shot.png).

/// brand | web
Only on the web.
///

/// internal
Nobody outside sees this.
///

The end.
"""
TARGETS = """\
try:
  provider: folder
  url: out
  brands: [retail]
  options: {address: "http://127.0.0.1:PORT/"}
"""


def push(world: World, *overrides: str) -> None:
    """Plans and applies, as `hcgen push` does."""
    project = world.project()
    target = find_target(project, "try")
    wire = Wire("")
    writer = folder.writer(target, wire)
    ledger = read_ledger(target)
    wished = wishes(project, target, writer.capabilities)
    seen = look(writer, target, wished.scopes)
    elsewhere = static_address(project)
    asked = Asked(overrides=overrides)
    plan = make_plan(asked, wished, seen, ledger, target, writer.capabilities, writer.losses, elsewhere)
    report = apply(plan, target, writer, elsewhere)
    assert report.is_complete, report.failures
    wire.close()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A server of what the folder holds, as a help center serves its files."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path / "world/out"))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def world(tmp_path: Path, port: int) -> World:
    """A small project that was pushed once."""
    made = small_world(
        tmp_path / "world",
        {
            "content/en/billing/refunds.md": REFUND,
            "content/en/billing/images/shot.png": SHOT,
            "content/en/billing/trial.md": "---\ntitle: Trial\n---\nShared.\n",
            "brands/retail/content/en/billing/trial.md": "---\ntitle: Trial\n---\nOur own.\n",
            "targets.yml": TARGETS.replace("PORT", str(port)),
        },
    )
    push(made)
    return made


def target_of(world: World) -> Target:
    return find_target(world.project(), "try")


def remote(world: World, key: str, locale: str = "en") -> Remote:
    """What the target has of an article."""
    target = target_of(world)
    entry = next(entry for one, entry in read_ledger(target).entries.items() if (one.key, one.locale) == (key, locale))
    found = folder.reader(target, Wire("")).read(entry.id)
    assert found
    return found


def edit(world: World, key: str, old: str = "", new: str = "", locale: str = "en", **fields: Any) -> None:
    """A person changes an article over there."""
    there = remote(world, key, locale)
    if old:
        assert old in there.content.body, there.content.body
        fields["body"] = there.content.body.replace(old, new)
    folder.Person(target_of(world)).edit(there.id, **fields)


def pull(world: World, *options: str, code: int = 0) -> dict[str, Any]:
    """`hcgen pull try --json`."""
    done = world.run("pull", "try", "--json", *options, **environment(world.root))
    assert done.returncode == code, done.stderr + done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def text(world: World, path: str) -> str:
    return (world.root / path).read_text("utf-8")


PATH = "content/en/billing/refunds.md"


def test_where_nothing_moved_nothing_changes(world: World) -> None:
    before = text(world, PATH)
    assert pull(world)["files"] == []
    assert text(world, PATH) == before


def test_a_word_comes_back_into_its_place_and_nothing_else_changes(world: World) -> None:
    edit(world, "billing/refunds", "a month", "a year")
    summary = pull(world)
    assert summary["files"] == [PATH]
    assert text(world, PATH) == REFUND.replace("a month", "a year")
    assert pull(world)["files"] == [], "what was pulled is known"
    assert text(world, PATH) == REFUND.replace("a month", "a year")


def test_new_text_links_and_pictures_become_markdown(world: World) -> None:
    invoices = remote(world, "billing/invoices").url
    stored = world.root / "out/files/upload.png"
    stored.write_bytes(UPLOAD)
    picture = invoices.partition("retail/")[0] + "files/upload.png"
    new = (
        f'<p>See <a href="{invoices}#x">it</a>.</p>\n<p><img src="{picture}" alt="New"></p>\n<p>The end.'
        "</p>\n<ul><li>One <strong>more</strong></li></ul><p>"
    )
    edit(world, "billing/refunds", "<p>The end.", new)
    summary = pull(world)
    assert summary["downloads"] == ["content/en/billing/images/upload.png"]
    assert summary["lost"] == []
    wanted = "See [it](invoices.md#x).\n\n![New](images/upload.png)\n\nThe end.\n\n- One **more**\n"
    assert text(world, PATH) == REFUND.replace("The end.\n", wanted)
    assert (world.root / "content/en/billing/images/upload.png").read_bytes() == UPLOAD


def test_front_matter_keeps_comments_and_order(world: World) -> None:
    edit(world, "billing/refunds", title="Refund: a sale", position=20, labels=["cash", "money"])
    pull(world)
    wanted = REFUND.replace("title: Refund a sale", "title: 'Refund: a sale'").replace("order: 10 #", "order: 20 #")
    assert text(world, PATH) == wanted.replace("[money]", "[money, cash]")


def test_both_sides_are_merged(world: World) -> None:
    edit(world, "billing/refunds", "Open the app", "Open the new app")
    world.write({PATH: REFUND.replace("The end.", "The very end.").replace("Refund a sale", "Refund sales")})
    pull(world)
    merged = text(world, PATH)
    assert merged == REFUND.replace("The end.", "The very end.").replace("Refund a sale", "Refund sales").replace(
        "Open the app", "Open the new app"
    )
    push(world)
    assert "very end" in remote(world, "billing/refunds").content.body
    assert "new app" in remote(world, "billing/refunds").content.body


def test_what_cannot_be_merged_stands_there_twice(world: World) -> None:
    edit(world, "billing/refunds", "The end.", "Their end.", title="Their title")
    world.write({PATH: REFUND.replace("The end.", "My end.").replace("Refund a sale", "My title")})
    summary = pull(world, code=1)
    assert summary["conflicts"] == 2
    merged = text(world, PATH)
    assert "<<<<<<< file\n" in merged
    assert "My end.\n=======\nTheir end.\n>>>>>>> try\n" in merged
    assert "title: My title\n" in merged
    assert "# title over there: Their title\n" in merged


def test_without_a_memory_of_the_last_push_nothing_is_lost(world: World) -> None:
    edit(world, "billing/refunds", "The end.", "Their end.")
    world.write({PATH: REFUND.replace("Open the app", "Open our app")})
    for path in journals.runs(target_of(world)):
        path.unlink()
    pull(world, code=1)
    merged = text(world, PATH)
    assert all(words in merged for words in ("Open our app", "Their end.", "The end.", "Nobody outside", "Only on"))


def test_without_a_memory_an_unchanged_file_takes_all(world: World) -> None:
    edit(world, "billing/refunds", "The end.", "Their end.")
    for path in journals.runs(target_of(world)):
        path.unlink()
    pull(world)
    assert text(world, PATH) == REFUND.replace("The end.", "Their end.")


def test_a_brands_own_text_is_changed_where_it_came_from(world: World) -> None:
    edit(world, "billing/trial", "Our own.", "Our very own.")
    assert pull(world)["files"] == ["brands/retail/content/en/billing/trial.md"]
    assert text(world, "content/en/billing/trial.md").endswith("Shared.\n")


def test_folders_come_back_too(world: World) -> None:
    edit(world, "billing", title="Money")
    pull(world)
    assert text(world, "content/en/billing/index.md").startswith("---\ntitle: Money\ndescription: Invoices")


def test_one_article_alone(world: World) -> None:
    edit(world, "billing/refunds", "The end.", "An end.")
    edit(world, "billing/invoices", title="Invoices")
    assert pull(world, "--article", "billing/invoices")["files"] == ["content/en/billing/invoices.md"]
    assert pull(world)["files"] == [PATH]


def test_a_dry_run_writes_nothing(world: World) -> None:
    edit(world, "billing/refunds", "The end.", "An end.")
    before = text(world, "publish/try.ledger.jsonl")
    assert pull(world, "--dry-run")["files"] == [PATH]
    assert text(world, PATH) == REFUND
    assert text(world, "publish/try.ledger.jsonl") == before


def test_what_no_file_can_take_is_said(world: World) -> None:
    there = remote(world, "billing/refunds")
    folder.Person(target_of(world)).edit(there.id, state="draft")
    folder.Person(target_of(world)).draft(remote(world, "billing/invoices").id, title="Later")
    notes = "\n".join(pull(world)["notes"])
    assert "retail/en/billing/refunds was taken off the air" in notes
    assert "retail/en/billing/invoices has changes over there that nobody has published yet" in notes


def test_an_import_gives_the_project_again(world: World, tmp_path: Path, port: int) -> None:
    empty = World(tmp_path / "world/again")
    empty.write(
        {
            "mkdocs.yml": text(world, "mkdocs.yml"),
            "brands/retail/brand.yml": text(world, "brands/retail/brand.yml"),
            "targets.yml": TARGETS.replace("PORT", str(port)).replace("url: out", "url: ../out"),
        }
    )
    summary = pull(empty, "--import")
    assert summary["lost"] == []
    assert "content/de/billing/refunds.md" in summary["files"]
    refunds = text(empty, "content/en/billing/refunds.md")
    assert refunds == (
        "---\ntitle: Refund a sale\ndescription: You pay €29 a month. Write to retail@acme.example.\norder: 10\n"
        "tags: [money]\n---\nYou pay €29 a month. Write to *<retail@acme.example>*.\n\n## Steps\n\n- Open the app.\n"
        "- See [the invoice](invoices.md) and ![a shot](images/shot.png).\n\nThe end.\n"
    )
    assert (empty.root / "content/en/billing/images/shot.png").read_bytes() == SHOT
    assert text(empty, "content/en/billing/index.md").startswith("---\ntitle: Billing\n")
    again = pull(empty, "--import")
    assert again["files"] == [], "what is there is not written again"
    assert empty.findings() == []


def test_an_import_of_what_others_made(world: World, tmp_path: Path, port: int) -> None:
    target = target_of(world)
    for path in (target.root / "out/items").glob("*/*.json"):
        stored = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({**stored, "marker": ""}), "utf-8")
    empty = World(tmp_path / "world/again")
    empty.write(
        {
            "mkdocs.yml": text(world, "mkdocs.yml"),
            "brands/retail/brand.yml": text(world, "brands/retail/brand.yml"),
            "targets.yml": TARGETS.replace("PORT", str(port)).replace("url: out", "url: ../out"),
        }
    )
    assert "content/de/billing/refund-a-sale.md" in pull(empty, "--import")["files"]
    refunds = text(empty, "content/en/billing/refund-a-sale.md")
    there = remote(world, "billing/refunds")
    assert f"id: {there.group}\n" in refunds or f"id: '{there.group}'\n" in refunds
    assert f"redirect_from: [/retail/en/{there.id}-refunds]\n" in refunds
    assert "[the invoice](read-an-invoice.md)" in refunds
    assert [one.rule for one in empty.findings()] == []


def test_front_matter_is_changed_key_by_key() -> None:
    front = "# head\ntitle: A # why\n\n# about tags\ntags:\n  - a\n  - b\nother: x\n"
    changed = with_keys(front, {"title": "B: c", "tags": ["a"], "order": 3}, {"description": "Theirs"})
    assert changed == (
        "# head\ntitle: 'B: c' # why\n\n# about tags\ntags: [a]\nother: x\norder: 3\n# description over there: Theirs\n"
    )
    assert article_text({"title": "yes", "id": "12", "tags": ["a, b", "on"]}, "x\n") == (
        "---\ntitle: 'yes'\nid: '12'\ntags: ['a, b', 'on']\n---\nx\n"
    )
