"""Pushes to Zendesk from beginning to end: a world in Markdown, a plan, a strict emulator, faults, limits, people."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from hcgen.model.target import Caps, Target
from hcgen.publish.apply import Report, apply
from hcgen.publish.desired import Wishes, static_address
from hcgen.publish.ledger import read_ledger
from hcgen.publish.look import look
from hcgen.publish.oauth import ClientCredentials
from hcgen.publish.plan import Plan, PlanError
from hcgen.publish.planning import Asked, make_plan
from hcgen.publish.providers.zendesk import ZendeskReader
from hcgen.publish.providers.zendesk_writer import ZendeskWriter
from hcgen.publish.push import plan_push, plan_rollback
from hcgen.publish.recover import read_run
from hcgen.publish.values import Content, Desired, Identity, Kind, Scope
from hcgen.publish.wire import Bucket, Wire
from tests.publish.test_zendesk import target_of, wire_to
from tests.publish.zendesk import Account, Emulator, Faults, VirtualClock
from tests.publish.zendesk.faults import KINDS
from tests.publish.zendesk.state import People
from tests.world import REFUNDS_EN, World, small_world

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
LINKED = """---
title: Read an invoice
tags: [money]
synonyms: [bill]
---
See [refunds](refunds.md#steps). ![shot](images/shot.png)

!!! note
    A *callout*.
"""
OTHER = REFUNDS_EN.replace("First.", "==Other==").replace("id:", "tags: [x]\nid:")
LOCALES = {"en": "en-us", "de": "de", "ar": "ar"}


class Push:
    """A world, an account, and what `hcgen push` does between them."""

    def __init__(self, root: Path, emulator: Emulator, **more: Any) -> None:
        self.emulator, self.more = emulator, more
        files: dict[str, str | bytes | None] = {
            "content/en/billing/invoices.md": LINKED, "content/en/billing/images/shot.png": PNG,
        }  # fmt: skip
        self.world: World = small_world(root / "world", files)

    @property
    def target(self) -> Target:
        target = target_of(self.emulator)
        return replace(target, root=self.world.root, locales=LOCALES, caps=Caps(small=1000), **self.more)

    def wire(self) -> Wire:
        wire = wire_to(self.target, self.emulator, timeout=2.0)
        wire.bucket = Bucket(0, self.emulator.clock.now)
        return wire

    def plan(self, **asked: Any) -> Plan:
        wire = self.wire()
        planned = plan_push(self.world.project(), self.target, ZendeskReader(self.target, wire), Asked(**asked))
        wire.close()
        assert planned.plan is not None, planned.errors
        return planned.plan

    def apply(self, plan: Plan) -> Report:
        wire = self.wire()
        try:
            writer = ZendeskWriter(self.target, wire)
            return apply(plan, self.target, writer, static_address(self.world.project()))
        finally:
            wire.close()

    def push(self, **asked: Any) -> Report:
        report = self.apply(self.plan(**asked))
        assert report.is_complete, report.failures
        return report

    def rollback(self, run: str) -> Plan:
        wire = self.wire()
        path = self.world.root / ".hcgen/publish" / self.target.name / f"{run}.jsonl"
        plan = plan_rollback(self.target, ZendeskReader(self.target, wire), read_run(path))
        wire.close()
        return plan

    def entry(self, key: str, locale: str = "en", brand: str = "retail", kind: Kind = Kind.ARTICLE) -> Any:
        return read_ledger(self.target).entries[Identity(brand, kind, key, locale)]

    def people(self, brand: str = "retail") -> People:
        return People(self.emulator.account.brands[brand])


def account_of(clock: VirtualClock | None = None) -> Account:
    account = Account(clock or VirtualClock())
    for name in ("retail", "web"):
        account.brand(name, *LOCALES.values())
    return account


@pytest.fixture
def push(tmp_path: Path) -> Iterator[Push]:
    with Emulator(account_of()) as emulator:
        yield Push(tmp_path, emulator)


def test_all_is_there_and_a_second_push_sends_nothing(push: Push) -> None:
    push.push()
    made = push.plan()
    assert (made.changes, made.conflicts, made.refusals) == ((), (), ())
    since = len(push.emulator.log)
    assert push.apply(made).done == 0
    assert push.emulator.writes(since=since) == 0
    page = httpx.get(push.entry("billing/invoices").url)
    assert page.status_code == 200
    links = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert len(links) == 2
    for link in links:
        assert httpx.get(link).status_code == 200, link
    assert 'class="callout' in page.text


def test_an_article_keeps_its_address_when_its_title_changes(push: Push) -> None:
    push.push()
    push.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("Refund a sale", "Give money back")})
    plan = push.plan()
    assert {str(one.identity) for one in plan.changes} == {"retail/en/billing/refunds", "web/en/billing/refunds"}
    assert push.apply(plan).is_complete
    assert push.plan().changes == ()


def test_a_human_edit_is_shown_and_not_overwritten(push: Push) -> None:
    push.push()
    people, number = push.people(), int(push.entry("billing/refunds").group)
    push.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    plan = push.plan()
    people.edit(number, "en-us", title="By hand")
    with pytest.raises(PlanError, match="retail/en/billing/refunds"):
        push.apply(plan)
    again = push.plan()
    assert [(str(one.identity), one.kind) for one in again.conflicts] == [("retail/en/billing/refunds", "both")]
    forced = push.plan(overrides=("retail/en/billing/refunds",))
    assert any("content blocks" in warning for warning in forced.warnings)
    assert push.apply(forced).is_complete
    assert people.brand.items[number].translations["en-us"].title == "Refund a sale"


def test_an_article_that_people_took_offline_stays_so(push: Push) -> None:
    push.push()
    number = int(push.entry("billing/refunds").group)
    push.people().edit(number, "en-us", draft=True)
    plan = push.plan()
    assert [(one.kind, one.refuses) for one in plan.conflicts] == [("drift", False)]
    push.apply(plan)
    assert push.people().brand.items[number].translations["en-us"].draft


def test_what_goes_is_archived_and_its_address_leads_on(push: Push) -> None:
    push.push()
    number, old = push.entry("billing/refunds").group, push.entry("billing/refunds").url
    brand = push.people().brand
    push.world.write(
        {
            "content/en/billing/refunds.md": None, "content/de/billing/refunds.md": None,
            "content/en/billing/invoices.md": LINKED.replace("[refunds](refunds.md#steps)", "nothing").replace(
                "title:", f"redirect_from: [/hc/en-us/articles/{number}]\ntitle:"
            ),
        }
    )  # fmt: skip
    report = push.push(archives=True)
    assert int(number) in brand.archived
    answer = httpx.get(old)
    assert answer.status_code == 301
    assert answer.headers["location"].endswith(f"/articles/{push.entry('billing/invoices').group}")
    assert push.plan(archives=True).changes == ()
    back = push.rollback(report.run)
    assert push.apply(back).is_complete
    texts = {one.title for item in brand.of("article") for one in item.translations.values()}
    assert {"Refund a sale", "Verkauf erstatten"} <= texts
    assert push.plan().conflicts == ()


def test_a_rollback_restores_what_was_there_byte_for_byte(push: Push) -> None:
    push.push()
    before = push.emulator.account.snapshot()
    push.world.write(
        {
            "content/en/billing/refunds.md": OTHER,
            "content/de/billing/index.md": "---\ntitle: Rechnungen\n---\nMehr.\n",
        }
    )  # fmt: skip
    report = push.push()
    assert push.emulator.account.snapshot() != before
    assert push.apply(push.rollback(report.run)).is_complete
    assert push.emulator.account.snapshot() == before


def test_a_redirect_that_was_made_is_kept_when_its_answer_is_lost(push: Push) -> None:
    push.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("id:", "redirect_from: [/old/refunds]\nid:")})
    push.emulator.faults = Faults({"after": 0.2}, seed=3)
    for _ in range(6):
        if push.apply(push.plan()).is_complete:
            break
    rules = push.emulator.account.snapshot()["retail"]["rules"]
    assert list(rules) == ["/old/refunds"]


def test_tokens_that_end_during_a_push_cost_nothing(tmp_path: Path) -> None:
    # Each request takes half a minute over there; our own clock does not see it pass.
    account = account_of(VirtualClock(pace=30.0))
    account.token_life = 600
    with Emulator(account) as emulator:
        push = Push(tmp_path, emulator)
        push.push()
        assert sum(entry.status == 401 for entry in emulator.log) > 0
        assert sum(entry.path == "/oauth/tokens" for entry in emulator.log) > 2
        assert max(Counter(account.made).values()) == 1
        assert push.plan().changes == ()


# Faults -----------------------------------------------------------------------------------------------------------


def blind(emulator: Emulator) -> list[str]:
    """POSTs that were sent again though the first may have worked, without a look in between.

    A POST that was refused (429, 401) made nothing. After any other failure its thing must have been looked for.
    """
    found: list[str] = []
    unknown: dict[tuple[str, bytes], int] = {}
    reads = 0
    for entry in emulator.log:
        reads += entry.method == "GET"
        if entry.method != "POST" or not entry.path.startswith("/api/"):
            continue
        key = (entry.brand + entry.path, entry.body)
        if key in unknown and unknown[key] == reads:
            found.append(f"{entry.path} {entry.body[:200]!r}")
        is_known = entry.fault not in ("500", "503", "before", "after", "timeout")
        if is_known:
            unknown.pop(key, None)
        else:
            unknown[key] = reads
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_tenth_of_faults_of_each_kind_converges(tmp_path: Path, kind: str) -> None:
    converges(tmp_path, {kind: 0.1}, seed=11)


def test_faults_of_all_kinds_together_converge(tmp_path: Path) -> None:
    converges(tmp_path, dict.fromkeys(KINDS, 0.1 / len(KINDS) * 3), seed=12)


def converges(root: Path, shares: dict[str, float], seed: int) -> None:
    """Pushes through faults until nothing is left to do; all ends as without them, and nothing was made twice."""
    with Emulator(account_of()) as calm:
        undisturbed = Push(root / "calm", calm)
        undisturbed.push()
    faults = Faults(shares, seed=seed, hold=2.5)
    with Emulator(account_of(), faults=faults) as emulator:
        push = Push(root / "stormy", emulator)
        for _ in range(10):
            plan = push.plan()
            if not plan.changes:
                break
            push.apply(plan)
        assert not plan.changes
        assert faults.seen.total() > 3, "faults have hit"
        assert blind(emulator) == []
        made = Counter(entry for entry in emulator.account.made)
        assert [entry for entry, times in made.items() if times > 1] == []
        assert shape(emulator, push) == shape(calm, undisturbed)


def shape(emulator: Emulator, push: Push) -> Any:
    """What stands there, with numbers and hosts as names."""
    names = {entry.group: f"<{entry.identity.kind}:{entry.identity.key}>" for entry in entries_of(push)}
    hosts = {brand.url: name for name, brand in emulator.account.brands.items()}

    def plain(value: object) -> str:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False)
        for url, name in hosts.items():
            text = text.replace(url, name)
        return re.sub(r"\b360\d{9}\b", lambda match: names.get(match[0], "<number>"), text)

    return {
        name: {what: sorted(plain(one) for one in (found.values() if isinstance(found, dict) else found))
               for what, found in brand.items()}
        for name, brand in emulator.account.snapshot().items()
    }  # fmt: skip


def entries_of(push: Push) -> list[Any]:
    return list(read_ledger(push.target).entries.values())


# Many -------------------------------------------------------------------------------------------------------------

BODY = """<h2 id="a">Steps</h2>
<ol><li>One</li></ol>
<p><a href="hcgen:article/{locale}/floor/s{other}/a{other}">next</a></p>
"""


def many(count: int, locales: tuple[str, ...]) -> Wishes:
    """So many articles in twenty sections and all languages, linked in a ring."""
    items: list[Desired] = []

    def add(kind: Kind, key: str, parent: str, body: str = "", **fields: Any) -> None:
        for locale in locales:
            identity = Identity("retail", kind, key, locale)
            shared = {"labels": (), "position": 0, "is_internal": False} if locale == locales[0] else {}
            text = body.replace("{locale}", locale)
            content = Content(f"{locale} {key}", text, is_outdated=False, **{**shared, **fields})
            items.append(Desired(identity, parent if locale == locales[0] else "", content, key.rpartition("/")[2]))

    add(Kind.CATEGORY, "floor", "")
    for at in range(20):
        add(Kind.SECTION, f"floor/s{at}", "floor")
    for at in range(count):
        other = (at + 20) % count
        body = BODY.replace("s{other}", f"s{other % 20}").replace("{other}", str(other))
        add(Kind.ARTICLE, f"floor/s{at % 20}/a{at}", f"floor/s{at % 20}", body)
    return Wishes(tuple(Scope("retail", locale) for locale in locales), tuple(items), {}, ())


def run_many(root: Path, count: int) -> tuple[Emulator, int, int]:
    """Pushes `count` articles in four languages at 400 requests a minute: what was sent, and the least there is."""
    locales = ("en", "de", "fr", "ar")
    clock = VirtualClock(pace=0.01)
    account = Account(clock)
    account.token_life = 300
    account.brand("retail", "en-us", "de", "fr", "ar")
    with Emulator(account, rate=400) as emulator:
        codes = {"en": "en-us", "de": "de", "fr": "fr", "ar": "ar"}
        target = replace(target_of(emulator), root=root, locales=codes, caps=Caps(small=10_000), concurrency=8)
        wishes = many(count, locales)

        def wire() -> Wire:
            opened = wire_to(target, emulator)
            opened.bucket = Bucket(0, clock.now)
            url = f"{target.url}/oauth/tokens"
            opened.auth = ClientCredentials(
                url, lambda: "hcgen", lambda: "client-secret", "hc:read hc:write", clock=clock.now
            )
            return opened

        def plan() -> Plan:
            opened = wire()
            reader = ZendeskReader(target, opened)
            seen, ledger = look(reader, target, wishes.scopes), read_ledger(target)
            made = make_plan(
                Asked(), wishes, seen, ledger, target, reader.capabilities, reader.losses, lambda one: f"/{one.key}"
            )
            opened.close()
            return made

        first = plan()
        opened = wire()
        report = apply(first, target, ZendeskWriter(target, opened), lambda one: f"/{one.key}")
        opened.close()
        assert report.is_complete, report.failures[:3]
        assert not any(entry.status == 401 for entry in emulator.log), "tokens are renewed before they end"
        sent = emulator.counts().total()
        since = len(emulator.log)
        second = plan()
        assert second.changes == ()
        read = emulator.log[since:]
        assert {entry.method for entry in read if entry.path.startswith("/api")} == {"GET"}
        listing = re.compile(r"/api/v2/help_center/(locales|[a-z-]+/(categories|sections|articles))(\?.*)?")
        assert all(listing.fullmatch(entry.path) for entry in read if entry.path.startswith("/api"))
        # One request makes an article in all languages, and one fills each of them; folders are made and named.
        least = count + 4 * count + 21 + 4 * 21
        return emulator, sent, least


def test_requests_stay_near_the_least_that_the_api_allows(tmp_path: Path) -> None:
    emulator, sent, least = run_many(tmp_path, 100)
    assert sent <= 1.15 * least, f"{sent} requests, {least} at least"
    assert sum(entry[0] == "article" for entry in emulator.account.made) == 400


@pytest.mark.full
def test_a_thousand_articles_in_four_languages(tmp_path: Path) -> None:
    emulator, sent, least = run_many(tmp_path, 1000)
    assert sent <= 1.15 * least, f"{sent} requests, {least} at least"
    assert sum(entry[0] == "article" for entry in emulator.account.made) == 4000
