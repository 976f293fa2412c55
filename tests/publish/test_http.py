"""The provider for a CMS of one's own: the contract and the commands, against the documented example server."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from hcgen.errors import ProjectError
from hcgen.files.targets import find_target
from hcgen.files.yamlio import parse
from hcgen.model.target import Target
from hcgen.publish.contract import ProviderContract
from hcgen.publish.port import Reader, Writer
from hcgen.publish.providers.http import reader, writer
from hcgen.publish.values import Content, Remote, Scope
from hcgen.publish.webhook import WINDOW, is_genuine, signed
from hcgen.publish.wire import Refused, Wire
from tests.publish.plugins import environment
from tests.world import ROOT, World, small_world

EXAMPLE = ROOT / "docs/examples/http-cms"
TOKEN, HOOK, PERSON = "canary-token-5a1f", "canary-hook-77b2", "somebody"


def _example() -> Any:
    """The example server's module."""
    spec = importlib.util.spec_from_file_location("example_http_cms", EXAMPLE / "server.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def cms(tmp_path: Path) -> Iterator[Any]:
    """The example server, empty."""
    server = _example().Cms(0, tmp_path / "cms.json", token=TOKEN, person=PERSON, hook=HOOK)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def target_for(address: str, **changes: Any) -> Target:
    value: Any = parse((EXAMPLE / "cms.yml").read_text("utf-8")).value
    return Target(
        "own", "http", "targets.yml", line=1, url=address, locales={"en": "en-us", "de": "de", "ar": "ar"},
        options={"mapping": {**value, **changes}},
    )  # fmt: skip


class TestContract(ProviderContract):
    @pytest.fixture(autouse=True)
    def _with_a_server(self, cms: Any) -> Iterator[None]:
        self.cms, self.target = cms, target_for(cms.address)
        self.wires: list[Wire] = []
        self.client = httpx.Client(base_url=cms.address, headers={"authorization": f"Bearer {PERSON}"})
        yield
        self.client.close()
        for wire in self.wires:
            wire.close()

    def open(self) -> tuple[Reader, Writer]:
        wire = Wire(self.target.url, secret={"token": TOKEN}.__getitem__)
        self.wires.append(wire)
        return reader(self.target, wire), writer(self.target, wire)

    def scopes(self) -> tuple[Scope, ...]:
        return Scope("retail", "en"), Scope("retail", "de")

    def closed_scope(self) -> Scope:
        return Scope("retail", "ar")

    def _theirs(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {{"body": "html", "labels": "tags"}.get(name, name): value for name, value in fields.items()}

    def edit_by_hand(self, remote: Remote, **fields: Any) -> None:
        self.client.put(f"/api/documents/{remote.id}", json=self._theirs(fields)).raise_for_status()

    def draft_by_hand(self, remote: Remote, **fields: Any) -> None:
        self.client.put(f"/api/documents/{remote.id}/draft", json=self._theirs(fields)).raise_for_status()

    def is_seen(self, remote: Remote) -> bool:
        return httpx.get(remote.url).status_code == 200

    def rules(self) -> Mapping[str, str]:
        return {one["from"]: one["to"] for one in self.client.get("/api/redirects").json()["redirects"]}

    def test_a_write_over_a_change_that_came_in_between_is_refused(self) -> None:
        """This CMS honours If-Match, so the race that others leave open is closed."""
        _, opened = self.open()
        before = self._write(opened, self._article(opened), self._content("One", "<p>a</p>"))
        self.edit_by_hand(before, body="<p>theirs</p>")
        with pytest.raises(Refused) as caught:
            opened.write(before, before.content, before.parent, before.slug)
        assert caught.value.status == 412
        assert "theirs" in self._now(opened, before).content.body

    def test_without_what_the_mapping_leaves_out_it_still_works(self) -> None:
        value: Any = parse((EXAMPLE / "cms.yml").read_text("utf-8")).value
        documents = {**value["documents"], "fields": {**value["documents"]["fields"]}}
        for name in ("summary", "labels", "position", "is_internal", "is_outdated", "group", "pending"):
            del documents["fields"][name]
        del documents["restore"]
        self.target = target_for(self.cms.address, documents=documents, files=None, redirect=None, languages=None)
        opened_reader, opened = self.open()
        assert opened_reader.capabilities.fields == {"title", "body"}
        assert not opened_reader.capabilities.restores
        made = self._article(opened)
        before = self._write(opened, made, Content("Plain", "<p>a</p>"))
        assert before.content == Content("Plain", "<p>a</p>")
        opened.archive(before)
        back = opened.restore(before)
        assert back.content == before.content
        assert opened_reader.troubles(self.scopes()) == ()


@pytest.fixture
def world(tmp_path: Path, cms: Any) -> World:
    targets = (
        f"own:\n  provider: http\n  url: {cms.address}\n  brands: [retail]\n  locales: {{en: en-us, de: de}}\n"
        "  options:\n    mapping: cms.yml\n"
        f"    webhooks: [{{url: '{cms.address}/hooks', signed_with: hook}}]\n"
        "  secrets: {token: {env: HC_TOKEN}, hook: {env: HC_HOOK}}\n"
    )
    return small_world(
        tmp_path / "world", {"targets.yml": targets, "cms.yml": (EXAMPLE / "cms.yml").read_text("utf-8")}
    )


def run(world: World, *arguments: str, code: int = 0) -> str:
    """A command with its secrets; neither shows in what it says or in any file that it leaves."""
    done = world.run(*arguments, **environment(world.root), HC_TOKEN=TOKEN, HC_HOOK=HOOK)
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    left = b"".join(path.read_bytes() for path in world.root.rglob("*") if path.is_file())
    assert not any(secret in said or secret.encode() in left for secret in (TOKEN, HOOK))
    return done.stdout


def test_push_edit_pull_push(world: World, cms: Any) -> None:
    run(world, "push", "plan", "own", "-o", str(world.root / "plan.json"), code=8)
    run(world, "push", "apply", str(world.root / "plan.json"))
    run(world, "push", "plan", "own", code=0)
    store = cms.store.documents
    number = next(id for id, one in store.items() if one["title"] == "Refund a sale")
    assert 'href="' in next(one["html"] for one in store.values() if one["title"] == "Read an invoice")
    (delivery,) = cms.store.deliveries.values()
    assert delivery["event"] == "push.applied"
    assert {"retail"} == {one["brand"] for one in delivery["changes"]}
    cms.store.change(number, {"html": store[number]["html"].replace("First.", "First of all.")}, "person")
    run(world, "push", "plan", "own", code=0)
    assert "content/en/billing/refunds.md" in run(world, "pull", "own")
    assert "First of all." in (world.root / "content/en/billing/refunds.md").read_text("utf-8")
    # The description is made of the first words, so it goes along.
    run(world, "push", "plan", "own", "-o", str(world.root / "plan.json"), code=8)
    run(world, "push", "apply", str(world.root / "plan.json"))
    assert store[number]["summary"].startswith("First of all.")
    run(world, "push", "plan", "own", code=0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    body: html\n", "", "body"),
        ("    summary: summary\n", "    sumary: summary\n", "sumary"),
        ("  reach: brand\n", "  reach: world\n", "reach"),
        ("documents:", "dokuments:", "dokuments"),
        ("  id: id", "  id: [", "YAML"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(world: World, old: str, new: str, message: str) -> None:
    text = (world.root / "cms.yml").read_text("utf-8")
    assert old in text
    assert find_target(world.project(), "own").options["mapping"]
    world.write({"cms.yml": text.replace(old, new)})
    with pytest.raises(ProjectError) as caught:
        find_target(world.project(), "own")
    assert "cms.yml" in str(caught.value)
    assert message in str(caught.value)
    assert caught.value.remedy


def test_a_mapping_that_is_not_there_is_told(world: World) -> None:
    world.write({"cms.yml": None})
    with pytest.raises(ProjectError, match=r"targets.yml:1: the file 'cms.yml' is not there"):
        find_target(world.project(), "own")


def test_a_message_is_believed_only_if_signed_and_fresh() -> None:
    body, now = b'{"event":"push.applied"}', 1_800_000_000
    headers = signed(body, HOOK, "run", now)
    assert is_genuine(headers, body, HOOK, now)
    assert is_genuine(headers, body, HOOK, now + WINDOW)
    assert not is_genuine(headers, body, HOOK, now + WINDOW + 1)
    assert not is_genuine(headers, body, HOOK, now - WINDOW - 1)
    assert not is_genuine(headers, body + b" ", HOOK, now)
    assert not is_genuine(headers, body, "another", now)
    assert not is_genuine({**headers, "hcgen-timestamp": str(now + 1)}, body, HOOK, now)
    assert not is_genuine({}, body, HOOK, now)


def test_the_example_believes_what_we_sign_and_nothing_else(cms: Any) -> None:
    body = json.dumps({"event": "push.applied"}).encode()
    now = int(time.time())
    good = signed(body, HOOK, "run-1", now)
    assert httpx.post(f"{cms.address}/hooks", content=body, headers=good).status_code == 200
    assert httpx.post(f"{cms.address}/hooks", content=body, headers=good).status_code == 200
    assert list(cms.store.deliveries) == ["run-1"], "a message that comes twice counts once"
    old = signed(body, HOOK, "run-2", now - 2 * WINDOW)
    forged = signed(body, "guess", "run-3", now)
    for headers in (old, forged, {**good, "hcgen-timestamp": str(now - 1)}, {}):
        assert httpx.post(f"{cms.address}/hooks", content=body, headers=headers).status_code in (400, 401)
    assert list(cms.store.deliveries) == ["run-1"]


def test_headers_hold_secrets_only_when_they_are_sent(cms: Any) -> None:
    wire = Wire(cms.address, secret={"token": "wrong"}.__getitem__)
    opened = reader(target_for(cms.address), wire)
    with pytest.raises(Refused) as caught:
        list(opened.listing(Scope("retail", "en")))
    assert caught.value.status == 401
    assert "wrong" not in f"{caught.value} {caught.value.remedy} {opened!r} {opened.__dict__!r}"
    wire.close()
