"""A small project pushed to a real CMS: what holds for every CMS, to be subclassed with one."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urldefrag, urljoin, urlsplit
from uuid import uuid4

import httpx
import pytest

from hcgen.files.targets import find_target
from hcgen.publish.apply import Report, apply
from hcgen.publish.desired import static_address
from hcgen.publish.journal import runs
from hcgen.publish.ledger import Entry, read_ledger
from hcgen.publish.opening import public_wire
from hcgen.publish.plan import Plan, PlanError
from hcgen.publish.planning import Asked
from hcgen.publish.port import Reader
from hcgen.publish.push import plan_push, plan_rollback
from hcgen.publish.recover import read_run
from hcgen.publish.values import Identity, Kind, Remote
from hcgen.publish.wire import Wire
from tests.publish.kit import PICTURE
from tests.publish.plugins import environment
from tests.world import World

MKDOCS = """\
site_name: Acme Help
site_url: https://help.acme.example/
docs_dir: content
plugins:
  - i18n:
      docs_structure: folder
      languages:
        - {locale: en, name: English, default: true}
        - {locale: de, name: Deutsch}
  - hcgen: {}
"""
BRAND = """\
id: web
name: Acme Web
site_url: https://help.acme.example/web/
locales: [en, de]
facts: {price: €29}
"""
REFUNDS = """\
---
title: Refund a sale & more
description: How to give money back < 5 days.
tags: [money]
synonyms: [money back]
redirect_from: [/hc/%(category)s/1-refunds]
order: 2
---
It costs {{ brand.price }}. See [the invoice](../invoices.md#read-it), [steps](#steps), and
[what was](../../%(category)s/index.md). The shortcode [gallery] is a word, [[so is this]].

![Two buttons](images/shot.png)

## Steps

1. Open **Orders**
2. Press ++enter++

| a | b |
| - | - |
| 1 | 2 |

> [!NOTE]
> Mind “this” – and 5 < 6.

```sh
if [ 1 -lt 2 ]; then echo "a && b"; fi
```
"""
WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))


class Person(Protocol):
    """Somebody who works in the CMS by hand."""

    def edit(self, remote: Remote, **fields: Any) -> None:
        """Changes fields of `Content` and publishes them."""

    def draft(self, remote: Remote, **fields: Any) -> None:
        """Changes fields and does not publish them."""


def pushed_world(root: Path, targets: str) -> tuple[World, str]:
    """A project with a category of its own name, two languages, links, a picture and a file."""
    category = f"c{uuid4().hex[:8]}"
    picture = PICTURE + uuid4().bytes
    files: dict[str, str | bytes] = {
        "mkdocs.yml": MKDOCS,
        "targets.yml": targets,
        "brands/web/brand.yml": BRAND,
    }
    for locale in ("en", "de"):
        below = f"content/{locale}/{category}"
        refunds = REFUNDS % {"category": category}
        files |= {
            f"{below}/index.md": f"---\ntitle: Billing {locale}\ndescription: Money.\n---\nAll about money.\n",
            f"{below}/refunds/index.md": f"---\ntitle: Refunds {locale}\n---\n",
            f"{below}/refunds/refund-a-sale.md": refunds if locale == "en" else refunds.replace("redirect_from", "was"),
            f"{below}/refunds/images/shot.png": picture,
            f"{below}/invoices.md": (
                f"---\nid: {category}-invoices\ntitle: Invoice {locale}\nattachments: [files/manual.pdf]\n---\n"
                "## Read it\n\nBack to [refunds](refunds/refund-a-sale.md#steps).\n"
            ),
            f"{below}/files/manual.pdf": b"%PDF-1.4\n" + category.encode() + locale.encode(),
        }
    files[f"content/en/{category}/english-only.md"] = "---\ntitle: English only\n---\nNo German.\n"
    return World(root).write(files), category


class Push:
    """One project and one target; `person` works over there, too."""

    def __init__(self, root: Path, targets: str, provider: Any, wire: Wire, person: Person) -> None:
        self.wire, self.person, self._provider = wire, person, provider
        self.world, self.category = pushed_world(root, targets)
        self.target = find_target(self.world.project(), "cms")

    @property
    def reader(self) -> Reader:
        return self._provider.reader(self.target, self.wire)

    def plan(self, **asked: Any) -> Plan:
        planned = plan_push(self.world.project(), self.target, self.reader, Asked(**asked))
        assert planned.plan, planned.errors
        return planned.plan

    def apply(self, plan: Plan) -> Report:
        writer = self._provider.writer(self.target, self.wire)
        report = apply(plan, self.target, writer, static_address(self.world.project()), public=public_wire)
        assert report.failures == ()
        return report

    def push(self, **asked: Any) -> Report:
        return self.apply(self.plan(**asked))

    def rollback(self) -> Report:
        return self.apply(plan_rollback(self.target, self.reader, read_run(runs(self.target)[-1])))

    def entries(self) -> Mapping[Identity, Entry]:
        return read_ledger(self.target).entries

    def remotes(self) -> dict[Identity, Remote]:
        """All that is ours, as it stands there."""
        reader = self.reader
        found = {identity: reader.read(entry.id) for identity, entry in self.entries().items()}
        return {identity: remote for identity, remote in found.items() if remote}

    def remote(self, identity: Identity) -> Remote:
        """One of them."""
        found = self.reader.read(self.entries()[identity].id)
        assert found
        return found

    def one(self, name: str = "refunds/refund-a-sale", locale: str = "en") -> Identity:
        return Identity("web", Kind.ARTICLE, f"{self.category}/{name}", locale)

    def file(self, name: str, locale: str = "en") -> Path:
        return self.world.root / f"content/{locale}/{self.category}/{name}.md"

    def rewrite(self, name: str = "refunds/refund-a-sale") -> None:
        path = self.file(name)
        path.write_text(path.read_text("utf-8") + "\nAnd one more line.\n", "utf-8")

    def written(self, work: Callable[[], object]) -> int:
        """How many requests that change something `work` sends."""
        before = sum(self.wire.sent.get(method, 0) for method in WRITES)
        work()
        return sum(self.wire.sent.get(method, 0) for method in WRITES) - before


class PushTests:
    """The tests. A file that subclasses them has a fixture `opens`, which opens a project in a folder (conftest.py)."""

    def test_a_second_plan_is_empty_and_a_second_run_sends_nothing(self, pushed: Push) -> None:
        second = pushed.plan()
        assert (second.changes, second.conflicts, second.warnings) == ((), (), ())
        assert pushed.written(lambda: pushed.apply(second)) == 0
        assert pushed.written(pushed.plan) == 0, "a plan cannot write"

    def test_each_body_is_written_once(self, pushed: Push) -> None:
        run = read_run(runs(pushed.target)[0])
        written = [one.identity for one in run.intents.values() if one.verb == "write"]
        assert len(written) == len(set(written)) == len(pushed.entries())

    def test_links_pictures_and_files_lead_somewhere_on_the_public_pages(self, pushed: Push) -> None:
        pages: dict[str, Page] = {}
        links = 0
        remotes = pushed.remotes()
        with httpx.Client(follow_redirects=True, timeout=60) as browser:
            for remote in remotes.values():
                page = fetched(browser, remote.url, pages)
                assert remote.content.title in page.words
                for link in page.links:
                    target, anchor = urldefrag(urljoin(remote.url, link))
                    if urlsplit(target).netloc == urlsplit(remote.url).netloc:
                        found = fetched(browser, target, pages)
                        assert not anchor or anchor in found.ids, f"{link} in {remote.url}"
                        links += 1
        body = remotes[pushed.one()].content.body
        assert "hcgen:" not in body
        assert remotes[pushed.one("invoices")].url in body
        assert re.search(r'<img src="http[^"]+"', body)
        assert links > 8

    def test_what_a_body_says_is_what_readers_get(self, pushed: Push) -> None:
        page = Page(httpx.get(pushed.remote(pushed.one()).url).text)
        for words in ("It costs €29.", "[gallery] is a word", "[[so is this]]", "if [ 1 -lt 2 ]; then echo"):
            assert words in page.words

    def test_old_addresses_lead_to_the_article(self, pushed: Push) -> None:
        url = pushed.remote(pushed.one()).url
        old = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/hc/{pushed.category}/1-refunds"
        assert str(httpx.get(old, follow_redirects=True).url) == url

    def test_what_people_do_between_plan_and_apply_is_not_overwritten(self, push: Push) -> None:
        push.rewrite()
        push.rewrite("invoices")
        plan = push.plan()
        assert plan.counts == {"update": 2}
        push.person.edit(push.remote(push.one()), body="<p>theirs</p>")
        push.person.draft(push.remote(push.one("invoices")), body="<p>not yet</p>")
        with pytest.raises(PlanError, match=r"invoices.*refund-a-sale|refund-a-sale.*invoices"):
            push.apply(plan)
        edited, drafted = push.remote(push.one()), push.remote(push.one("invoices"))
        assert "theirs" in edited.content.body
        assert drafted.pending
        assert "one more line" not in drafted.content.body

    def test_what_people_do_between_two_pushes_is_a_conflict_until_somebody_decides(self, push: Push) -> None:
        push.person.edit(push.remote(push.one()), title="Theirs")
        push.person.draft(push.remote(push.one("invoices")), body="<p>not yet</p>")
        left = push.plan()
        assert ({one.kind for one in left.conflicts}, left.changes) == ({"drift", "pending"}, ())
        assert not left.is_refused, "Git wants nothing of them"
        push.rewrite()
        push.rewrite("invoices")
        refused = push.plan()
        assert {one.kind for one in refused.conflicts} == {"both", "pending"}
        assert refused.is_refused
        push.push(overrides=(str(push.one()),), leaves=True)
        assert push.remote(push.one()).content.title == "Refund a sale & more"
        assert push.remote(push.one("invoices")).pending, "nobody has decided about it"
        assert push.plan().changes == ()

    def test_a_rollback_leaves_everything_as_it_was(self, push: Push) -> None:
        before = {identity: (remote.fingerprint, remote.content.body) for identity, remote in push.remotes().items()}
        gone = push.one("english-only")
        push.rewrite()
        push.file("english-only").unlink()
        below = f"content/en/{push.category}"
        push.world.write(
            {
                f"{below}/new.md": "---\ntitle: New\n---\nSee [refunds](refunds/refund-a-sale.md).\n",
                f"{below}/refunds/more/index.md": "---\ntitle: More\n---\n",
                f"{below}/refunds/more/deep.md": "---\ntitle: Deep\n---\nText.\n",
            }
        )
        assert push.plan().counts.get("archive", 0) == 0, "nothing goes without being asked"
        plan = push.plan(archives=True)
        assert plan.counts == {"create": 3, "update": 1, "archive": 1}
        push.apply(plan)
        assert push.plan(archives=True).changes == ()
        assert gone not in push.entries()
        push.rollback()
        now = {identity: (remote.fingerprint, remote.content.body) for identity, remote in push.remotes().items()}
        assert now == before
        assert httpx.get(push.remote(gone).url).status_code == 200

    def test_the_command_line_does_it_all_and_shows_no_secret(
        self, opens: Callable[[Path], Push], tmp_path: Path
    ) -> None:
        push = opens(tmp_path / "project")
        name = next(iter(push.target.secrets.values())).env
        secret = push.wire.secret(next(iter(push.target.secrets)))
        variables = {**environment(tmp_path), name: secret}
        said, plan = "", str(push.world.root / "plan.json")
        for arguments, answer in (
            (("plan", "cms", "-o", plan), 8),
            (("apply", plan), 0),
            (("plan", "cms"), 0),
            (("status", "cms"), 0),
        ):
            done = push.world.run("push", *arguments, **variables)
            said += done.stdout + done.stderr
            assert done.returncode == answer, said
        files = [path.read_text("utf-8", "replace") for path in push.world.root.rglob("*") if path.is_file()]
        assert any('"verb":"write"' in text for text in files), "the journal is among them"
        encoded = base64.b64encode(f"publisher:{secret}".encode()).decode()
        assert not any(one in text for one in (secret, encoded) for text in (said, *files))

    def test_what_people_change_comes_back_into_the_files(self, push: Push, tmp_path: Path) -> None:
        before = push.remote(push.one())
        changed = before.content.body.replace("It costs", "It <em>always</em> costs")
        push.person.edit(before, body=changed)
        name = next(iter(push.target.secrets.values())).env
        secret = push.wire.secret(next(iter(push.target.secrets)))
        done = push.world.run("pull", "cms", **environment(tmp_path), **{name: secret})
        assert done.returncode == 0, done.stdout + done.stderr
        text = push.file("refunds/refund-a-sale").read_text("utf-8")
        assert "It *always* costs {{ brand.price }}." in text
        assert text.replace("*always* ", "") == REFUNDS % {"category": push.category}, "nothing else has changed"
        push.push()
        assert push.plan().changes == ()

    def test_an_article_that_moves_keeps_its_id_and_its_old_address_leads_on(self, push: Push) -> None:
        before = push.remote(push.one("invoices"))
        for locale in ("en", "de"):
            old = push.file("invoices", locale)
            text = old.read_text("utf-8").replace("refunds/refund", "refund").replace("files/manual", "../files/manual")
            push.file("refunds/invoices", locale).write_text(text, "utf-8")
            old.unlink()
            other = push.file("refunds/refund-a-sale", locale)
            other.write_text(other.read_text("utf-8").replace("../invoices.md", "invoices.md"), "utf-8")
        push.push()
        after = push.remote(push.one("refunds/invoices"))
        assert after.id == before.id
        assert after.url != before.url
        assert httpx.get(before.url, follow_redirects=True).url == after.url
        assert after.url in push.remote(push.one()).content.body
        assert push.plan().changes == ()


class Page(HTMLParser):
    """What a browser makes of a page: where it leads, and what it can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words = ""
        self.links: list[str] = []
        self.ids: set[str] = set()
        self._depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given and (name == "id" or tag == "a")}
        self._depth += tag == "main"
        if self._depth:
            self.links += [given[name] for name in ("href", "src") if name in given]

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "main"


class Rules(dict[str, str]):
    """Where old paths lead, as a browser finds out."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def __missing__(self, path: str) -> str:
        answer = httpx.get(self._address + path, follow_redirects=False)
        assert answer.status_code == 301, answer.status_code
        return answer.headers["location"].removeprefix(self._address)


def fetched(browser: httpx.Client, url: str, known: dict[str, Page]) -> Page:
    """The page at `url`, asked for once."""
    if url not in known:
        answer = browser.get(url)
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        known[url] = Page(answer.text if answer.headers["content-type"].startswith("text/html") else "")
    return known[url]
