"""What is Zendesk's own: how many requests, tokens that end, drafts, audiences, brands, what goes and comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from hcgen.model.target import Target
from hcgen.publish.oauth import ClientCredentials
from hcgen.publish.port import Blank
from hcgen.publish.providers.zendesk import ZendeskReader, reader
from hcgen.publish.providers.zendesk_writer import ZendeskWriter
from hcgen.publish.values import Asset, Content, Kind, Redirect, Remote, Scope, State
from hcgen.publish.wire import TargetError, Wire
from hcgen.text import digest
from tests.publish.test_zendesk import target_of, wire_to
from tests.publish.zendesk import Account, Emulator, VirtualClock, files, guide
from tests.publish.zendesk.api import invalid
from tests.publish.zendesk.state import STAFF, People

EN, DE = Scope("retail", "en"), Scope("retail", "de")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    account = Account(VirtualClock())
    account.brand("retail", "en-us", "de")
    account.brand("web", "en-us", "de")
    with Emulator(account) as running:
        yield running


class Desk:
    """A writer with its wire, and short ways to what tests need."""

    def __init__(self, emulator: Emulator, target: Target, **more: Any) -> None:
        self.emulator, self.wire = emulator, wire_to(target, emulator, **more)
        self.writer = ZendeskWriter(target, self.wire)

    def section(self, scope: Scope = EN) -> Remote:
        category = self.writer.create(blank(scope, Kind.CATEGORY, "floor"))
        return self.writer.create(blank(scope, Kind.SECTION, "floor/tables", category.id))

    def pair(self, **fields: Any) -> tuple[Remote, Remote]:
        """An article in two languages, written and published."""
        home = self.section()
        key = "floor/tables/split"
        made = self.writer.create_group((blank(EN, Kind.ARTICLE, key, home.id, **fields), blank(DE, Kind.ARTICLE, key)))
        return tuple(self.fill(one, f"<p>{one.locale}</p>") for one in made)  # type: ignore[return-value]

    def fill(self, remote: Remote, body: str, **fields: Any) -> Remote:
        content = replace(remote.content, body=body, state=State.PUBLISHED, **fields)
        stored = self.writer.write(remote, content, remote.parent, "")
        assert stored is not None
        return stored


def blank(scope: Scope, kind: Kind, key: str, parent: str = "", group: str = "", **fields: Any) -> Blank:
    first = {"labels": (), "position": 0, "is_internal": False} if parent or kind is not Kind.ARTICLE else {}
    content = Content(f"{scope.locale} {key}", **{**first, "is_outdated": False, **fields})
    return Blank(scope, kind, key, content.title, "", parent, group, content)


@pytest.fixture
def desk(emulator: Emulator) -> Iterator[Desk]:
    made = Desk(emulator, target_of(emulator))
    yield made
    made.wire.close()


def bodies(emulator: Emulator, since: int = 0) -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in emulator.log[since:] if entry.body]


# Requests ---------------------------------------------------------------------------------------------------------


def test_an_article_in_two_languages_takes_one_post_and_one_put_each(desk: Desk, emulator: Emulator) -> None:
    home = desk.section()
    first, _ = desk.writer.create_group((blank(EN, Kind.ARTICLE, "a", home.id), blank(DE, Kind.ARTICLE, "a")))
    for at in range(5):
        first = desk.fill(first, f"<p>{at}</p>")
    since = len(emulator.log)
    made = desk.writer.create_group((blank(EN, Kind.ARTICLE, "b", home.id), blank(DE, Kind.ARTICLE, "b")))
    for one in made:
        desk.fill(one, "<p>text</p>")
    assert emulator.counts(since=since) == {"POST": 1, "PUT": 2}


def test_what_all_share_is_sent_only_where_it_is_another(desk: Desk, emulator: Emulator) -> None:
    first, _ = desk.pair()
    since = len(emulator.log)
    desk.writer.write(first, replace(first.content, labels=("bill", "split")), first.parent, "")
    assert bodies(emulator, since) == [{"article": {"label_names": ["bill", "split"]}}]
    read = desk.writer.read(first.id)
    assert read is not None
    assert read.content.labels == ("bill", "split")


def test_no_text_is_ever_sent_where_the_api_ignores_it(desk: Desk, emulator: Emulator) -> None:
    first, _ = desk.pair()
    desk.fill(first, "<p>new</p>", labels=("x",), position=7, title="Another")
    sent = [entry for entry in emulator.log if entry.method == "PUT" and "/translations/" not in entry.path]
    assert sent
    for entry in sent:
        assert not {"title", "body", "draft", "locale"} & json.loads(entry.body)["article"].keys()


def ignoring(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "translations": None}


def wanting_a_title(given: dict[str, Any]) -> dict[str, Any]:
    if not (given.get("title") or given.get("name")):
        raise invalid("title must be given")
    return given


def refusing(given: dict[str, Any]) -> dict[str, Any]:
    if given.get("translations"):
        raise invalid("translations is not a property of article")
    return given


def published(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "translations": [{**one, "draft": False} for one in given.get("translations") or ()]}


@pytest.mark.parametrize(
    ("twist", "posts"), [(ignoring, 2), (wanting_a_title, 1), (refusing, 2), (published, 2)]
)  # fmt: skip
def test_translations_of_new_articles_are_made_in_whatever_form_is_taken(
    desk: Desk, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, twist: Callable[[Any], Any], posts: int
) -> None:
    plain = guide._texts
    monkeypatch.setattr(guide, "_texts", lambda request, given, *more: plain(request, twist(given), *more))
    assert [one.content.body for one in desk.pair()] == ["<p>en</p>", "<p>de</p>"]
    assert [entry[2] for entry in emulator.account.made if entry[0] == "article"] == ["en-us", "de"]
    home = next(one for one in desk.writer.listing(EN) if one.kind is Kind.SECTION)
    since = len(emulator.log)
    made = desk.writer.create_group((blank(EN, Kind.ARTICLE, "b", home.id), blank(DE, Kind.ARTICLE, "b")))
    assert emulator.counts(since=since) == {"POST": posts}, "what is taken is known after the first"
    assert [desk.writer.read(one.id) for one in made] == [
        replace(one, edited_at=read.edited_at, raw=read.raw) for one in made if (read := desk.writer.read(one.id))
    ]


def test_an_answer_is_believed_once_it_has_said_what_is_stored(desk: Desk, emulator: Emulator) -> None:
    first, _ = desk.pair()
    desk.fill(first, "<p onclick='x()'>new</p>")
    since = len(emulator.log)
    stored = desk.fill(first, "<p onclick='x()'>newer</p>")
    assert emulator.counts(since=since) == {"PUT": 1}
    assert stored.content.body == "<p>newer</p>"


def test_an_answer_that_only_repeats_what_was_sent_is_not_believed(
    desk: Desk, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = desk.pair()
    plain = guide._translation
    sent = "<p onclick='x()'>new</p>"

    def repeat(request: Any, *more: Any) -> dict[str, Any]:
        given = request.json["translation"] if request.method == "PUT" else {}
        return {**plain(request, *more), **given}

    monkeypatch.setattr(guide, "_translation", repeat)
    content = replace(first.content, body=sent)
    assert desk.writer.write(first, content, first.parent, "") is None
    assert desk.writer.write(first, content, first.parent, "") is None
    read = desk.writer.read(first.id)
    assert read is not None
    assert read.content.body == "<p>new</p>"


# Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["file", "media", "media where files are refused"])
def test_files_go_with_a_translation_and_are_found_by_their_digest(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    desk = Desk(emulator, target_of(emulator, guide_media=way == "media"))
    first, second = desk.pair()
    if way.endswith("refused"):
        plain = files._attach

        def refusing_files(request: Any, article: Any) -> Any:
            if request.files:
                raise invalid("guide_media_id must be given")
            return plain(request, article)

        monkeypatch.setattr(files, "_attach", refusing_files)
    for at, owner in enumerate((first, second)):
        file = tmp_path / "shot.png"
        file.write_bytes(b"\x89PNG" + bytes([at]) * 9)
        asset = Asset("content/en/shot.png", "shot.png", digest(file.read_bytes()), 13, "image/png")
        sent = desk.writer.upload(asset, file, owner, Scope("retail", owner.locale))
        assert httpx.get(sent.url).content == file.read_bytes()
        assert list(desk.writer.files_of(owner)) == [sent]
        assert sent.digest == asset.digest
        assert [one.locale for one in emulator.account.brands["retail"].attachments.values()][-1] == (
            desk.writer.code(owner.locale)
        )
    authorized = [entry for entry in emulator.log if entry.path.startswith("/uploads/")]
    assert len(authorized) == (0 if way == "file" else 2)
    desk.wire.close()


# Tokens -----------------------------------------------------------------------------------------------------------


def test_a_token_that_ends_is_renewed_after_a_401(desk: Desk, emulator: Emulator) -> None:
    home = desk.section()
    emulator.clock.sleep(emulator.account.token_life + 1)
    made = desk.writer.create(blank(EN, Kind.ARTICLE, "a", home.id))
    assert made.marker == "a"
    assert [entry.status for entry in emulator.log if entry.method == "POST" and "articles" in entry.path] == [401, 201]
    assert sum(entry[0] == "article" for entry in emulator.account.made) == 1


def test_a_token_is_renewed_before_it_ends(emulator: Emulator) -> None:
    desk = Desk(emulator, target_of(emulator))
    url = f"{emulator.account.brands['retail'].url}/oauth/tokens"
    desk.wire.auth = ClientCredentials(
        url, lambda: "hcgen", lambda: "client-secret", "hc:read hc:write", clock=emulator.clock.now
    )
    for _ in range(5):
        list(desk.writer.listing(EN))
        emulator.clock.sleep(emulator.account.token_life - 30)
    desk.wire.close()
    assert {entry.status for entry in emulator.log if entry.path.startswith("/api")} == {200}
    assert sum(entry.path == "/oauth/tokens" for entry in emulator.log) == 5


def test_a_wrong_secret_is_told_without_being_shown(emulator: Emulator) -> None:
    wire = Wire(emulator.account.brands["retail"].url, secret=lambda name: "canary-9f3", sleep=emulator.clock.sleep)
    with pytest.raises(TargetError) as error:
        list(reader(target_of(emulator), wire).listing(EN))
    wire.close()
    assert "canary-9f3" not in f"{error.value!r} {error.value} {error.value.remedy}"
    assert "secret" in error.value.remedy


def test_a_plain_token_does(emulator: Emulator) -> None:
    desk = Desk(emulator, target_of(emulator, by="token"))
    assert list(desk.writer.listing(EN)) == []
    desk.wire.close()
    assert not any(entry.path == "/oauth/tokens" for entry in emulator.log)


# Drafts, blocks and audiences -------------------------------------------------------------------------------------


def test_an_update_never_unpublishes_what_is_live(desk: Desk, emulator: Emulator) -> None:
    first, _ = desk.pair()
    since = len(emulator.log)
    desk.fill(first, "<p>newer</p>", title="New title")
    assert [body["translation"]["draft"] for body in bodies(emulator, since)] == [False]
    assert httpx.get(f"{first.url}").status_code in (200, 404)


def test_a_page_is_public_with_its_folders(desk: Desk, emulator: Emulator) -> None:
    first, second = desk.pair()
    assert httpx.get(first.url).status_code == 200
    assert httpx.get(second.url).status_code == 404
    for kind, key in ((Kind.CATEGORY, "floor"), (Kind.SECTION, "floor/tables")):
        group = next(one.group for one in desk.writer.listing(EN) if one.kind is kind)
        desk.writer.create(blank(DE, kind, key, group=group))
    assert httpx.get(second.url).status_code == 200


def test_overwriting_says_what_becomes_of_content_blocks(desk: Desk, emulator: Emulator) -> None:
    first, _ = desk.pair()
    people = People(emulator.account.brands["retail"])
    block = people.insert_block(int(first.group), "en-us", "<p>shared</p>")
    seen = desk.writer.read(first.id)
    assert seen is not None
    assert seen.fingerprint != first.fingerprint, "somebody has worked on it"
    desk.fill(seen, "<p>ours</p>")
    assert f"block:{block}" not in people.brand.items[int(first.group)].translations["en-us"].body
    assert "content blocks" in desk.writer.capabilities.caution


def test_internal_articles_are_restricted_before_they_have_a_text(emulator: Emulator) -> None:
    desk = Desk(emulator, target_of(emulator, is_internal=True))
    first, _ = desk.pair(is_internal=True)
    assert first.content.is_internal
    item = emulator.account.brands["retail"].items[int(first.group)]
    assert item.user_segment_id == STAFF
    assert httpx.get(first.url).status_code == 302
    since = len(emulator.log)
    desk.writer.write(first, replace(first.content, is_internal=False, body="<p>open</p>"), first.parent, "")
    changed = [next(iter(body)) for body in bodies(emulator, since)]
    assert changed == ["article", "translation"]
    desk.wire.close()


def test_an_audience_that_people_have_changed_is_seen(desk: Desk, emulator: Emulator) -> None:
    first, _ = desk.pair()
    People(emulator.account.brands["retail"]).change(int(first.group), user_segment_id=42)
    seen = desk.writer.read(first.id)
    assert seen is not None
    assert seen.content.is_internal
    assert seen.fingerprint != first.fingerprint


# Going and coming back --------------------------------------------------------------------------------------------


def test_an_article_is_archived_with_its_last_language(desk: Desk, emulator: Emulator) -> None:
    first, second = desk.pair()
    brand = emulator.account.brands["retail"]
    desk.writer.archive(first)
    assert not brand.archived
    assert brand.items[int(first.group)].translations["en-us"].draft
    assert [one.locale for one in desk.writer.listing(EN) if one.kind is Kind.ARTICLE] == []
    assert desk.writer.read(first.id) is None
    desk.writer.archive(second)
    assert list(brand.archived) == [int(first.group)]
    desk.writer.archive(second)
    desk.writer.redirect(Redirect("retail", "en", f"/hc/en-us/articles/{first.group}", "/hc/en-us"))
    assert httpx.get(first.url).headers["location"] == "/hc/en-us"


def test_a_language_that_went_comes_back_to_its_article(desk: Desk, emulator: Emulator) -> None:
    first, second = desk.pair()
    desk.writer.archive(second)
    made = desk.writer.create(blank(DE, Kind.ARTICLE, "floor/tables/split", group=first.group))
    assert made.id == second.id
    assert made.content.body == ""
    desk.writer.archive(made)
    back = desk.writer.restore(second)
    assert (back.id, back.content) == (second.id, second.content)


def test_an_article_that_went_is_made_again_as_one(desk: Desk, emulator: Emulator) -> None:
    pair = [desk.writer.read(one.id) for one in desk.pair(labels=("bill",), position=4)]
    for one in pair:
        desk.writer.archive(one)
    back = [desk.writer.restore(one) for one in reversed(pair)][::-1]
    again = [desk.writer.read(one.id) for one in back]
    assert [one.content for one in again] == [one.content for one in pair]
    assert again[0].group == again[1].group != pair[0].group
    assert again[0].parent == pair[0].parent


def test_another_run_finds_what_an_interrupted_one_brought_back(desk: Desk, emulator: Emulator) -> None:
    first, second = desk.pair()
    for one in (first, second):
        desk.writer.archive(one)
    back = desk.writer.restore(first)
    later = Desk(emulator, target_of(emulator))
    assert later.writer.restore(second).group == back.group
    later.wire.close()


def test_a_folder_goes_only_when_it_is_empty(desk: Desk, emulator: Emulator) -> None:
    first, _ = desk.pair()
    section = desk.writer.read(first.parent)
    assert section is not None
    with pytest.raises(TargetError, match="still holds"):
        desk.writer.archive(section)
    assert int(first.group) in emulator.account.brands["retail"].items
    emulator.account.brands["retail"].items.pop(int(first.group))
    desk.writer.archive(section)
    assert desk.writer.read(section.id) is None


# Brands, folders and listings -------------------------------------------------------------------------------------


def test_brands_have_hosts_of_their_own(desk: Desk, emulator: Emulator) -> None:
    for name in ("retail", "web"):
        desk.section(Scope(name, "en"))
    for name in ("retail", "web"):
        found = list(desk.writer.listing(Scope(name, "en")))
        assert [(one.brand, one.marker) for one in found] == [(name, "floor"), (name, "floor/tables")]
        assert all(one.url.startswith(emulator.account.brands[name].url) for one in found)


def test_a_text_that_was_copied_to_another_language_is_not_taken_for_ours(desk: Desk, emulator: Emulator) -> None:
    first, second = desk.pair()
    brand = emulator.account.brands["retail"]
    item = brand.items[int(first.group)]
    item.translations["de"].body = item.translations["en-us"].body
    seen = desk.writer.read(second.id)
    assert seen is not None
    assert seen.marker == ""


def test_sections_nest_and_move(desk: Desk, emulator: Emulator) -> None:
    outer = desk.section()
    inner = desk.writer.create(blank(EN, Kind.SECTION, "floor/tables/round", outer.id))
    assert inner.parent == outer.id
    other = desk.writer.create(blank(EN, Kind.CATEGORY, "stock"))
    away = desk.writer.create(blank(EN, Kind.SECTION, "stock/levels", other.id))
    for parent in (away.id, other.id, outer.id):
        inner = desk.writer.write(inner, replace(inner.content, state=State.PUBLISHED), parent, "") or inner
        read = desk.writer.read(inner.id)
        assert read is not None
        assert read.parent == inner.parent == parent


def test_a_description_that_is_one_paragraph_is_stored_as_text(desk: Desk, emulator: Emulator) -> None:
    section = desk.section()
    stored = desk.writer.write(section, replace(section.content, body="<p>Bills &amp; tips</p>"), section.parent, "")
    assert stored is not None
    assert stored.content.body == "<p>Bills &amp; tips</p>"
    item = emulator.account.brands["retail"].items[int(section.group)]
    assert item.translations["en-us"].body.startswith("Bills &amp; tips<span data-hcgen=")


def test_a_listing_follows_no_address_to_another_host(
    desk: Desk, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = desk.section()
    for at in range(4):
        desk.writer.create(blank(EN, Kind.ARTICLE, f"a{at}", home.id))
    emulator.account.page_size = 2
    brand = emulator.account.brands["retail"]
    real, brand.url = brand.url, "https://elsewhere.example"
    found = [one for one in desk.writer.listing(EN) if one.kind is Kind.ARTICLE]
    brand.url = real
    assert len(found) == 4


def test_what_is_missing_in_the_target_is_told(emulator: Emulator) -> None:
    target = target_of(emulator, is_internal=True, permission_group=None, internal_segment=None)
    wire = wire_to(target, emulator)
    told = ZendeskReader(replace(target, locales={"en": "en", "de": "de"}), wire).troubles((EN, DE))
    wire.close()
    for word in ("permission_group", "internal_segment", "32 (Writers)", "'en'", "`en: en-us`"):
        assert any(word in one for one in told), word
    assert all("targets.yml:3" in one for one in told)
