"""The Wagtail provider against a real Wagtail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from hcgen.model.target import Target
from hcgen.publish.contract import ProviderContract
from hcgen.publish.port import Blank, Reader, Writer
from hcgen.publish.providers import wagtail as provider
from hcgen.publish.providers.wagtail import reader, writer
from hcgen.publish.values import Asset, Content, Kind, Remote, Scope, State
from hcgen.publish.wire import Refused, Wire
from hcgen.text import digest
from tests.publish.cms.pushing import Push, PushTests, Rules
from tests.publish.cms.wagtails import Wagtail

EN, DE = Scope("retail", "en"), Scope("retail", "de")
TARGETS = """\
cms:
  provider: wagtail
  url: %s
  secrets: {token: {env: WAGTAIL_TOKEN}}
"""


class Person:
    """Somebody who works in Wagtail with a token of their own."""

    def __init__(self, site: Wagtail) -> None:
        headers = {"authorization": f"Bearer {site.person}"}
        self._client = httpx.Client(base_url=f"{site.url}/api/v3", headers=headers, timeout=60)

    def edit(self, remote: Remote, **fields: Any) -> None:
        """Saves and publishes."""
        self._save(remote, {"action": "publish"}, fields)

    def draft(self, remote: Remote, **fields: Any) -> None:
        """Saves."""
        self._save(remote, {}, fields)

    def copy(self, remote: Remote, slug: str) -> str:
        """Copies a page beside itself; the id of the copy."""
        before, _, number = remote.id.rpartition(":")
        answer = self._client.post(f"/pages/{number}/actions/copy/", json={"slug": slug, "keep_live": True})
        assert answer.status_code == 201, answer.text
        return f"{before}:{answer.json()['id']}"

    def _save(self, remote: Remote, meta: dict[str, str], fields: dict[str, Any]) -> None:
        if "body" in fields:
            fields["body"] = [{"type": "html", "value": fields["body"]}]
        number = remote.id.rpartition(":")[2]
        answer = self._client.patch(f"/pages/{number}/", json={**fields, "meta": meta})
        assert answer.status_code == 200, answer.text

    def close(self) -> None:
        self._client.close()


def target_of(site: Wagtail, **options: Any) -> Target:
    return Target("cms", "wagtail", "targets.yml", url=site.url, brands=("retail", "web"), options=options)


def wire_of(site: Wagtail) -> Wire:
    return Wire(site.url, secret=lambda name: {"token": site.token}[name])


class TestContract(ProviderContract):
    @pytest.fixture(autouse=True)
    def _on_a_site(self, wagtail: Wagtail) -> Iterator[None]:
        self.site = wagtail
        self.wire = wire_of(wagtail)
        self.person = Person(wagtail)
        yield
        self.person.close()
        self.wire.close()

    def open(self) -> tuple[Reader, Writer]:
        target = target_of(self.site, page_size=11)
        return reader(target, self.wire), writer(target, self.wire)

    def scopes(self) -> tuple[Scope, ...]:
        return Scope("retail", "en"), Scope("retail", "pt-BR")

    def closed_scope(self) -> Scope:
        return Scope("retail", "ko")

    def edit_by_hand(self, remote: Remote, **fields: Any) -> None:
        self.person.edit(remote, **fields)

    def draft_by_hand(self, remote: Remote, **fields: Any) -> None:
        self.person.draft(remote, **fields)

    def is_seen(self, remote: Remote) -> bool:
        return httpx.get(remote.url).status_code == 200

    def rules(self) -> Mapping[str, str]:
        return Rules(self.site.url)


class TestContractWithoutTheApp(TestContract):
    """What Wagtail's API can do alone: no files and no redirects."""

    @pytest.fixture(autouse=True)
    def _on_a_site(self, bare_wagtail: Wagtail) -> Iterator[None]:
        self.site = bare_wagtail
        self.wire = wire_of(bare_wagtail)
        self.person = Person(bare_wagtail)
        yield
        self.person.close()
        self.wire.close()


@pytest.fixture
def opened(wagtail: Wagtail) -> Iterator[Writer]:
    wire = wire_of(wagtail)
    yield writer(target_of(wagtail), wire)
    wire.close()


@pytest.fixture
def person(wagtail: Wagtail) -> Iterator[Person]:
    found = Person(wagtail)
    yield found
    found.close()


def made(
    opened: Writer, kind: Kind = Kind.ARTICLE, scope: Scope = EN, parent: str = "", group: str = "", key: str = ""
) -> Remote:
    """A new page."""
    key = key or f"traps/{uuid4().hex[:10]}"
    name = key.rpartition("/")[2]
    return opened.create(Blank(scope, kind, key, f"Page {name}", name, parent, group, Content("")))


def written(opened: Writer, remote: Remote, body: str) -> Remote:
    """The page with that body, published."""
    opened.write(remote, Content("Ours", body, "What", ("a", "b"), 1, is_outdated=False), remote.parent, remote.slug)
    found = opened.read(remote.id)
    assert found
    return found


def test_a_draft_of_a_person_does_not_go_live_with_what_we_write(opened: Writer, person: Person) -> None:
    page = written(opened, made(opened), "<p>ours</p>")
    person.draft(page, title="Theirs", body="<p>not yet</p>", labels="theirs")
    after = written(opened, page, "<p>ours again</p>")
    assert after.content == Content("Ours", "<p>ours again</p>", "What", ("a", "b"), 1, is_outdated=False)
    assert not after.pending


def test_what_a_person_publishes_again_is_no_longer_archived(opened: Writer, person: Person) -> None:
    page = written(opened, made(opened), "<p>ours</p>")
    opened.archive(page)
    gone = opened.read(page.id)
    assert gone
    assert gone.content.state is State.ARCHIVED
    person.edit(page, title="Back")
    back = next(one for one in opened.listing(EN) if one.id == page.id)
    assert (back.content.state, back.content.title, back.marker) == (State.PUBLISHED, "Back", page.marker)


def test_a_translation_stands_in_its_own_folder_though_that_is_none_of_its_sources(
    opened: Writer, wagtail: Wagtail
) -> None:
    folder = made(opened, Kind.CATEGORY)
    first = written(opened, made(opened, parent=folder.id), "<p>English</p>")
    elsewhere = made(opened, Kind.CATEGORY, DE)
    second = made(opened, scope=DE, parent=elsewhere.id, group=first.group, key=first.marker)
    assert (second.parent, second.group, second.content.body) == (elsewhere.id, first.group, "")
    query = {"translation_of": first.id.rpartition(":")[2], "locale": "de"}
    headers = {"authorization": f"Bearer {wagtail.token}"}
    linked = httpx.get(f"{wagtail.url}/api/v3/pages/", params=query, headers=headers).json()["items"]
    assert [str(one["id"]) for one in linked] == [second.id.rpartition(":")[2]], "Wagtail knows them as translations"


def test_a_translation_of_what_is_gone_stands_alone(opened: Writer) -> None:
    name = f"traps/{uuid4().hex[:10]}"
    alone = made(opened, scope=DE, group=f"retail:article:{name}", key=name)
    assert (alone.locale, alone.marker) == ("de", name)


def test_brands_do_not_meet(opened: Writer) -> None:
    one, two = made(opened), made(opened, scope=Scope("web", "en"))
    listings = [{page.id for page in opened.listing(Scope(brand, "en"))} for brand in ("retail", "web")]
    assert [one.id in listing for listing in listings] == [True, False]
    assert [two.id in listing for listing in listings] == [False, True]
    assert urlsplit(one.url).hostname != urlsplit(two.url).hostname


def test_a_file_larger_than_django_takes_into_memory_arrives_whole(opened: Writer, tmp_path: Path) -> None:
    file = tmp_path / "a film.mp4"
    file.write_bytes(uuid4().bytes * 200_000)
    asset = Asset("a film.mp4", "a film.mp4", digest(file.read_bytes()), file.stat().st_size, "video/mp4")
    assert asset.size > 2_621_440, "DATA_UPLOAD_MAX_MEMORY_SIZE"
    sent = opened.upload(asset, file, None, EN)
    assert httpx.get(sent.url).content == file.read_bytes()
    assert opened.upload(asset, file, None, EN) == sent, "sent again, it is the same file"


def test_a_wrong_token_shows_in_no_message(wagtail: Wagtail) -> None:
    wire = Wire(wagtail.url, secret=lambda name: "canary-of-a-token")
    with pytest.raises(Refused) as caught:
        reader(target_of(wagtail), wire).troubles((EN,))
    wire.close()
    assert caught.value.status == 401
    assert "canary" not in f"{caught.value!r} {caught.value} {caught.value.remedy} {wire.auth!r}"


@pytest.fixture(scope="module")
def opens(wagtail: Wagtail) -> Iterator[Callable[[Path], Push]]:
    wire, person = wire_of(wagtail), Person(wagtail)
    yield lambda root: Push(root, TARGETS % wagtail.url, provider, wire, person)
    person.close()
    wire.close()


class TestPush(PushTests):
    def test_a_copy_that_a_person_makes_is_left_alone(self, push: Push) -> None:
        page = push.remote(push.one())
        copy = push.person.copy(page, f"copy-{uuid4().hex[:8]}")
        before = push.reader.read(copy)
        assert before
        assert before.marker == page.marker, "Wagtail copies the name, too"
        push.rewrite()
        push.push()
        assert push.reader.read(copy) == before
        assert "one more line" in push.remote(push.one()).content.body
        assert push.plan().changes == ()
