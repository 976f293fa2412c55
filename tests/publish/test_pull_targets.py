"""Pulling from what is no folder: the Zendesk emulator with its sanitiser, and a real help center as a whole."""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bench.corpora import CORPORA, make_project
from hcgen.files.rewrite import article_text, rewrite_article, write_new
from hcgen.markup.reverse.tree import canonical, settled
from hcgen.model.target import Target
from hcgen.publish.apply import apply
from hcgen.publish.desired import static_address, wishes
from hcgen.publish.ledger import read_ledger, write_ledger
from hcgen.publish.planning import Asked
from hcgen.publish.port import Capabilities
from hcgen.publish.providers.zendesk import place_of, reader, writer
from hcgen.publish.pulling import fetch, import_all, pull_changes, scopes_to_pull
from hcgen.publish.push import plan_push
from hcgen.publish.wire import Wire
from tests.publish.plugins import environment
from tests.publish.test_pull import PATH, REFUND, SHOT, TARGETS, push
from tests.publish.test_zendesk import target_of, wire_to
from tests.publish.zendesk import Account, Emulator, VirtualClock
from tests.publish.zendesk.state import People
from tests.world import World, small_world

RICH = REFUND.replace(
    "The end.", '> [!WARNING]\n> Hot.\n\n??? tip\n    Folded.\n\n=== "A"\n    One\n\n=== "B"\n    Two'
)
RICH += "\nPress ++ctrl+k++ and ==look==.[^1]\n\nTerm\n:   meaning\n\n[^1]: A note.\n"


@pytest.fixture
def zendesk() -> Iterator[Emulator]:
    account = Account(VirtualClock())
    account.brand("retail", "en-us", "de")
    with Emulator(account) as emulator:
        yield emulator


@pytest.fixture
def world(tmp_path: Path, zendesk: Emulator) -> World:
    """A small project that was pushed to Zendesk once."""
    made = small_world(tmp_path / "world", {PATH: RICH, "content/en/billing/images/shot.png": SHOT})
    push_to(made, zendesk)
    return made


def opened(world: World, emulator: Emulator) -> tuple[Target, Wire]:
    target = replace(target_of(emulator), root=world.root)
    return target, wire_to(target, emulator)


def push_to(world: World, emulator: Emulator) -> int:
    """Pushes; how many changes there were."""
    project = world.project()
    target, wire = opened(world, emulator)
    opened_writer = writer(target, wire)
    planned = plan_push(project, target, opened_writer, Asked())
    assert planned.plan, planned.errors
    report = apply(planned.plan, target, opened_writer, static_address(project))
    wire.close()
    assert report.is_complete, report.failures
    return len(planned.plan.changes)


def pull_from(world: World, emulator: Emulator) -> list[str]:
    """Pulls as the command does; the files that changed."""
    project = world.project()
    target, wire = opened(world, emulator)
    scopes = scopes_to_pull(project, target, (), ())
    harvest, _ = pull_changes(project, target, reader(target, wire), lambda one: True, scopes)
    wire.close()
    assert harvest.conflicts == 0
    changed = [
        path
        for path, one in harvest.files.items()
        if rewrite_article(world.root, path, one.body, one.front, one.remarks)
    ]
    write_ledger(target, harvest.ledger)
    return changed


def edit(world: World, emulator: Emulator, key: str, old: str, new: str) -> None:
    """A person changes the body of an article over there."""
    target, wire = opened(world, emulator)
    entry = next(entry for one, entry in read_ledger(target).entries.items() if (one.key, one.locale) == (key, "en"))
    place = place_of(entry.id)
    assert place
    item = emulator.account.brands["retail"].items[int(place.number)]
    body = item.translations["en-us"].body
    assert old in body
    People(emulator.account.brands["retail"]).edit(int(place.number), "en-us", body=body.replace(old, new))
    wire.close()


def test_what_zendesk_sanitises_is_no_edit(world: World, zendesk: Emulator) -> None:
    assert pull_from(world, zendesk) == []
    assert (world.root / PATH).read_text("utf-8") == RICH


def test_an_edit_in_zendesk_comes_back_alone(world: World, zendesk: Emulator) -> None:
    edit(world, zendesk, "billing/refunds", "Folded.", "Folded <strong>well</strong>.")
    assert pull_from(world, zendesk) == [PATH]
    assert (world.root / PATH).read_text("utf-8") == RICH.replace("Folded.", "Folded **well**.")
    push_to(world, zendesk)
    assert push_to(world, zendesk) == 0


def test_a_help_center_in_zendesk_is_imported(world: World, zendesk: Emulator, tmp_path: Path) -> None:
    empty = World(tmp_path / "again").write(
        {name: (world.root / name).read_text("utf-8") for name in ("mkdocs.yml", "brands/retail/brand.yml")}
    )
    project = empty.project()
    target, wire = opened(empty, zendesk)
    public = Wire("")
    found = import_all(
        project, target, reader(target, wire), scopes_to_pull(project, target, (), ()),
        lambda one: (write_new(empty.root, one.path, fetch(one.url, wire, public) or b""), (40, 20))[1],
    )  # fmt: skip
    wire.close()
    public.close()
    for one in found:
        assert one.is_exact, one.path
        write_new(empty.root, one.path, article_text(one.front, one.body))
    text = (empty.root / PATH).read_text("utf-8")
    assert "> [!WARNING]\n> Hot.\n" in text
    assert '=== "A"\n    One\n\n=== "B"\n    Two\n' in text
    assert "Press ++ctrl+k++ and ==look==.[^1]\n" in text
    # An attachment's address has no name in it.
    shot = re.search(r"- See \[the invoice\]\(invoices\.md\) and !\[a shot\]\((images/\d+\.png)\)\.", text)
    assert shot
    assert (empty.root / "content/en/billing" / shot[1]).read_bytes() == SHOT
    assert (empty.root / "content/de/billing/refunds.md").is_file()


def test_a_real_help_center_comes_back_from_what_was_pushed(corpora: Path, tmp_path: Path) -> None:
    """arduino-help, one article in eight: pushed to a folder, imported into an empty project, every body the same."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    first, again = World(tmp_path / "first"), World(tmp_path / "again")
    handler = functools.partial(Quiet, directory=str(first.root / "out"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        make_project(CORPORA["arduino-help"], first.root)
        for at, path in enumerate(sorted((first.root / "content").rglob("*.md"))):
            if at % 8 and path.name != "index.md":
                path.unlink()
        targets = TARGETS.replace("[retail]", "[arduino]").replace("PORT", str(server.server_port))
        first.write({"targets.yml": targets})
        push(first)
        kept = {name: (first.root / name).read_text("utf-8") for name in ("mkdocs.yml", "brands/arduino/brand.yml")}
        again.write({**kept, "targets.yml": targets.replace("url: out", "url: ../first/out")})
        done = again.run("pull", "try", "--import", "--json", **environment(again.root))
        server.shutdown()
        thread.join()
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["lost"], summary["inexact"]) == ([], [])
    one, other = _bodies(first), _bodies(again)
    assert len(one) > 50
    assert one == other


def _bodies(world: World) -> dict[str, str]:
    project = world.project()
    target = Target("any", "folder", "targets.yml", brands=("arduino",))
    wished = wishes(project, target, Capabilities(asset_limit=20_000_000))
    return {str(one.identity): canonical(settled(one.content.body)) for one in wished.items}
