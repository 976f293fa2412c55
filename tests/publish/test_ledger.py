"""Ledger, journal, lock, plan files and secrets: what they say when something is wrong with them."""

from __future__ import annotations

import base64
import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.errors import ExitCode, ProjectError
from hcgen.model.target import SecretRef, Target
from hcgen.publish import journal as journals
from hcgen.publish.ledger import ledger_path, read_ledger, write_ledger
from hcgen.publish.lock import LockedError, locked, unlock
from hcgen.publish.plan import PlanError, read_plan
from hcgen.publish.recover import read_run
from hcgen.publish.secrets import HIDDEN, Vault
from tests.publish.kit import Desk, actions
from tests.publish.test_recovery import first_world

CANARY = "canary-4f9e1b7a"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return first_world(tmp_path / "world")


def test_the_ledger_is_sorted_one_thing_a_line_and_comes_back_whole(desk: Desk) -> None:
    desk.push()
    path = ledger_path(desk.target)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert lines[0] == {"ledger": 1, "target": "try", "url": "out"}
    names = [list(one["item"]["identity"].values()) for one in lines if "item" in one]
    keyed = [
        (i["brand"], i["kind"], i["key"], i["locale"]) for i in (o["item"]["identity"] for o in lines if "item" in o)
    ]
    assert keyed == sorted(keyed)
    assert len(names) == len(desk.remotes())
    ledger, before = read_ledger(desk.target), path.read_bytes()
    write_ledger(desk.target, ledger)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text.replace('"id"', '"no"', 1), "no line of a ledger"),
        (lambda text: "<<<<<<< HEAD\n" + text, "no line of a ledger"),
        (lambda text: text.replace('"ledger":1', '"ledger":9', 1), "format 9"),
        (lambda text: text.replace('"url":"out"', '"url":"https://other.example"', 1), "belongs to https://other"),
    ],
)
def test_a_damaged_ledger_is_named_with_its_line(desk: Desk, damage: Callable[[str], str], message: str) -> None:
    desk.push()
    path = ledger_path(desk.target)
    path.write_text(damage(path.read_text("utf-8")), "utf-8")
    with pytest.raises(ProjectError, match=message) as caught:
        read_ledger(desk.target)
    assert caught.value.where.startswith("publish/try.ledger.jsonl:")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("changes", [], "changed after it was made"),
        ("url", "elsewhere", "changed after it was made"),
        ("format", 2, "format 2"),
        ("target", 3, "no plan"),
    ],
)
def test_a_plan_that_is_not_as_it_was_made_is_refused(desk: Desk, name: str, value: object, message: str) -> None:
    desk.plan()
    path = desk.world.root / "plan.json"
    plan = json.loads(path.read_bytes())
    plan[name] = value
    path.write_text(json.dumps(plan))
    with pytest.raises(PlanError, match=message):
        read_plan(path)


def test_a_plan_of_another_place_or_version_is_refused(desk: Desk) -> None:
    from msgspec.structs import replace

    from hcgen.publish.plan import plan_json

    plan = desk.plan()
    with pytest.raises(PlanError, match="plan is one for"):
        desk.apply(replace(plan, url="elsewhere").sealed())
    path = desk.world.root / "old.json"
    path.write_bytes(plan_json(replace(plan, tool="0.0.1").sealed()))
    with pytest.raises(PlanError, match=r"hcgen 0\.0\.1"):
        read_plan(path)


def test_a_plan_says_what_it_would_do(desk: Desk) -> None:
    desk.plan()
    plan = json.loads((desk.world.root / "plan.json").read_bytes())
    assert plan["format"] == 1
    assert plan["counts"] == {"create": len([c for c in plan["changes"] if c["action"] == "create"]), "upload": 2,
                              "redirect": 2}  # fmt: skip
    assert {"target", "url", "tool", "digest", "filters"} <= plan.keys()
    made = next(one for one in plan["changes"] if one["action"] == "create")
    assert made["source"]
    assert made["identity"]["brand"] == "retail"


def test_one_run_at_a_time(desk: Desk) -> None:
    plan = desk.plan()
    with locked(desk.target):
        with pytest.raises(LockedError, match=str(os.getpid())):
            desk.apply(plan)
        with pytest.raises(LockedError):
            unlock(desk.target)
    assert desk.apply(plan).is_complete


def test_a_lock_of_another_machine_stays_until_it_is_freed(desk: Desk) -> None:
    plan = desk.plan()
    path = journals.folder_of(desk.target) / "lock"
    path.parent.mkdir(parents=True)
    path.write_text('{"host":"elsewhere","pid":7,"since":"2026-06-01T00:00:00+00:00"}')
    with pytest.raises(LockedError, match="elsewhere") as caught:
        desk.apply(plan)
    assert "hcgen push unlock try" in caught.value.remedy
    assert "elsewhere" in str(unlock(desk.target))
    assert desk.apply(plan).is_complete
    # One that was killed here leaves no lock.
    path.write_text(f'{{"host":"{socket.gethostname()}","pid":7,"since":"2026-06-01T00:00:00+00:00"}}')
    with locked(desk.target):
        pass


def test_a_journal_is_for_its_owner_alone_and_names_what_was_done(desk: Desk) -> None:
    run = desk.push().run
    path = journals.folder_of(desk.target) / f"{run}.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = read_run(path)
    assert read.loose == ()
    assert read.end is not None
    assert read.end.state == "complete"
    writes = [one for one in read.intents.values() if one.verb == "write"]
    assert len(writes) == len(desk.remotes())
    assert all(one.before is not None for one in writes)


def target_with(tmp_path: Path, secrets: dict[str, SecretRef]) -> Target:
    return Target("try", "folder", "targets.yml", tmp_path, 3, "out", secrets=secrets)


def test_secrets_come_from_the_environment_or_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRY_TOKEN", CANARY)
    vault = Vault(
        target_with(tmp_path, {"token": SecretRef(env="TRY_TOKEN"), "key": SecretRef(command=("echo", CANARY + "2"))})
    )
    assert vault("token") == CANARY
    assert vault("key") == f"{CANARY}2"
    assert CANARY not in repr(vault)
    monkeypatch.delenv("TRY_TOKEN")
    assert vault("token") == CANARY, "it is asked for once"


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        (SecretRef(env="NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE is not set"),
        (SecretRef(command=("false",)), "failed"),
        (SecretRef(command=("no-such-program-here",)), "failed"),
        (SecretRef(command=("true",)), "printed nothing"),
        (SecretRef(command=("sh", "-c", f"echo {CANARY} >&2; exit 1")), "failed"),
    ],
)
def test_a_secret_that_cannot_be_had_is_named_not_shown(tmp_path: Path, ref: SecretRef, message: str) -> None:
    with pytest.raises(ProjectError, match=message) as caught:
        Vault(target_with(tmp_path, {"token": ref}))("token")
    assert caught.value.where == "targets.yml:3"
    assert CANARY not in f"{caught.value!r} {caught.value} {caught.value.remedy}"


def test_errors_leave_without_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = f"{CANARY}/+&="
    monkeypatch.setenv("TRY_TOKEN", value)
    vault = Vault(target_with(tmp_path, {"token": SecretRef(env="TRY_TOKEN")}))
    vault("token")
    coded = base64.b64encode(value.encode()).decode()

    def refuse() -> None:
        try:
            raise ValueError(f"sent {value} to https://x.example/?t=canary-4f9e1b7a%2F%2B%26%3D")
        except ValueError as error:
            raise ProjectError(f"refused: {value} {coded}", remedy=f"not {value}") from error

    with pytest.raises(ProjectError) as caught, vault.guarded():
        refuse()
    shown = f"{caught.value} {caught.value.what} {caught.value.remedy} {caught.value.__cause__}"
    assert CANARY not in shown
    assert coded not in shown
    assert HIDDEN in shown


def test_the_command_line_walks_through_plan_apply_log_and_rollback(desk: Desk) -> None:
    files = {
        "targets.yml": "try:\n  provider: folder\n  url: out\n  secrets: {token: {env: TRY_TOKEN}}\n"
    }  # fmt: skip
    desk.world.write({**files})
    secret = {"TRY_TOKEN": CANARY}
    outputs: list[str] = []

    def run(*arguments: str, code: ExitCode) -> str:
        done = desk.run(*arguments, **secret)
        outputs.append(done.stdout + done.stderr)
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout

    plan, page = str(desk.world.root / "p.json"), str(desk.world.root / "p.html")
    assert "+ create   retail/en/billing/refunds" in run(
        "plan", "try", "-o", plan, "--html", page, code=ExitCode.CHANGES
    )
    assert "0 failed" in run("apply", plan, "--fetch", "0", code=ExitCode.OK)
    assert "nothing to do" in run("plan", "try", code=ExitCode.OK)
    assert "nothing to do" in run("status", "try", code=ExitCode.OK)
    listed = run("log", "try", code=ExitCode.OK)
    name = listed.split()[0]
    assert "complete" in listed
    assert "retail/en/billing/refunds" in run("log", "try", name, code=ExitCode.OK)
    back = str(desk.world.root / "back.json")
    assert "- archive" in run("rollback", "try", name, "-o", back, code=ExitCode.CHANGES)
    markdown = run("rollback", "try", name, "--format", "markdown", code=ExitCode.CHANGES)
    assert markdown.startswith(f"### rollback of {name} for try")
    run("apply", back, "--fetch", "0", code=ExitCode.OK)
    assert desk.remotes() == {}
    assert "it was not locked" in run("unlock", "try", code=ExitCode.OK)
    assert "no target is called" in run("plan", "tri", code=ExitCode.PROJECT) + outputs[-1]
    everything = [path.read_bytes() for path in desk.world.root.rglob("*") if path.is_file()]
    assert not any(CANARY.encode() in data for data in everything)
    assert CANARY not in "".join(outputs)


def test_the_command_line_refuses_and_adopts(desk: Desk) -> None:
    desk.world.write({"targets.yml": "try:\n  provider: folder\n  url: out\n"})
    plan = str(desk.world.root / "p.json")
    assert desk.run("plan", "try", "-o", plan).returncode == ExitCode.CHANGES
    assert desk.run("apply", plan, "--fetch", "0").returncode == ExitCode.OK
    refunds = desk.remote("billing/refunds").id
    desk.person.edit(refunds, body="<p>Theirs.</p>")
    (desk.world.root / "publish/try.ledger.jsonl").unlink()
    refused = desk.run("plan", "try")
    assert refused.returncode == ExitCode.CONFLICT
    assert "retail/en/billing/refunds: it carries our marker" in refused.stdout
    dry = desk.run("adopt", "try", "--dry-run")
    assert f"retail/en/billing/refunds is {refunds}" in dry.stdout
    assert not (desk.world.root / "publish/try.ledger.jsonl").exists()
    assert desk.run("adopt", "try").returncode == ExitCode.OK
    shown = desk.run("plan", "try")
    assert shown.returncode == ExitCode.CHANGES
    assert "-<p>Theirs.</p>" in shown.stdout
    json_plan = json.loads(desk.run("plan", "try", "--format", "json").stdout)
    assert [one["action"] for one in json_plan["changes"] if one["action"] not in ("record", "redirect")] == ["update"]


def test_adoption_goes_by_marker_old_id_address_or_word_never_by_title(desk: Desk) -> None:
    from hcgen.publish.port import Blank
    from hcgen.publish.providers import folder
    from hcgen.publish.push import plan_adoption
    from hcgen.publish.values import Content, Kind, Scope
    from hcgen.publish.wire import Wire

    def theirs(title: str) -> str:
        return desk.person.create(
            Blank(Scope("retail", "en"), Kind.ARTICLE, "", title, title, "", "", Content(title))
        ).id

    def adopted(**words: dict[str, str]) -> dict[str, tuple[str, str]]:
        reader = folder.reader(desk.target, Wire(""))
        project = desk.world.project()
        _, found = plan_adoption(project, desk.target, reader, words.get("ids", {}), words.get("urls", {}))
        return {str(one.identity): (one.remote.id, one.by) for one in found.found}

    same_title = theirs("Refund a sale")
    assert adopted() == {}
    word = {"retail/en/billing/refunds": same_title}
    assert adopted(ids=word) == {"retail/en/billing/refunds": (same_title, "word")}
    url = desk.remotes()[same_title].url
    assert adopted(urls={"retail/en/billing/refunds": url}) == {"retail/en/billing/refunds": (same_title, "word")}
    path = url.removeprefix("https://folder.invalid")
    desk.world.write({"content/en/billing/later.md": f"---\ntitle: Later\nredirect_from: [{path}]\n---\nText\n"})
    assert adopted() == {"retail/en/billing/later": (same_title, "address")}
    digits = next(one for one in iter(lambda: theirs("By number"), "") if one.isdigit())
    desk.world.write({"content/en/billing/later.md": f"---\ntitle: Later\nid: '{digits}'\n---\nText\n"})
    assert adopted()["retail/en/billing/later"] == (digits, "id")
    assert actions(desk.plan())[0][0] == "create"
