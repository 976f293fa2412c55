"""The Zendesk emulator is as strict as the vendor's reference says: else what passes against it proves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import httpx
import pytest

from tests.publish.zendesk import Account, Emulator, Faults, VirtualClock
from tests.publish.zendesk.state import STAFF, People

API = "/api/v2/help_center"


@pytest.fixture(autouse=True)
def _connections_end() -> Iterator[None]:
    yield
    while Client.open:
        Client.open.pop().close()


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    account = Account(VirtualClock())
    account.brand("acme", "en-us", "de")
    account.brand("other", "en-us")
    with Emulator(account) as running:
        yield running


class Client:
    """A small client of its own, so that the emulator is not judged by what it shall judge."""

    open: ClassVar[list[httpx.Client]] = []

    def __init__(self, emulator: Emulator, brand: str = "acme", token: str = "plain-token") -> None:
        url = emulator.account.brands[brand].url
        self.http = httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"})
        self.open.append(self.http)

    def __call__(self, method: str, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return self.http.request(method, path, json=json, **more)


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return Client(emulator)


@pytest.fixture
def section(client: Client) -> int:
    category = client("POST", f"{API}/en-us/categories", {"category": {"name": "Floor"}}).json()["category"]["id"]
    made = client("POST", f"{API}/en-us/categories/{category}/sections", {"section": {"name": "Tables"}})
    assert made.status_code == 201
    return int(made.json()["section"]["id"])


def article(**fields: Any) -> dict[str, Any]:
    return {
        "article": {"title": "One", "body": "<p>a</p>", "permission_group_id": 31, "user_segment_id": None, **fields}
    }


def make(client: Client, section: int, **fields: Any) -> dict[str, Any]:
    made = client("POST", f"{API}/en-us/sections/{section}/articles", article(**fields))
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()["article"]
    return found


@pytest.mark.parametrize("missing", ["title", "permission_group_id", "user_segment_id"])
def test_an_article_needs_what_the_reference_says(client: Client, section: int, missing: str) -> None:
    given = article()
    del given["article"][missing]
    answer = client("POST", f"{API}/en-us/sections/{section}/articles", given)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["title"] == "Invalid attribute"


def test_an_article_needs_a_locale_that_is_enabled(client: Client, section: int) -> None:
    assert client("POST", f"{API}/sections/{section}/articles", article()).status_code == 400
    assert client("POST", f"{API}/sections/{section}/articles", article(locale="fr")).status_code == 400
    assert client("POST", f"{API}/fr/sections/{section}/articles", article()).status_code == 404
    assert client("POST", f"{API}/sections/{section}/articles", article(locale="de")).status_code == 201


def test_what_nobody_knows_is_refused(client: Client, section: int) -> None:
    path = f"{API}/en-us/sections/{section}/articles"
    assert client("POST", path, article(external_id="x")).status_code == 400
    assert client("POST", path, article(notify_subscribers=False)).status_code == 400
    assert client("POST", path, {**article(), "notify_subscribers": False}).status_code == 201
    assert client("GET", f"{API}/pages").json()["error"] == "InvalidEndpoint"
    assert client("PATCH", path, article()).status_code == 404
    assert client("GET", f"{API}/articles?limit=3").status_code == 400


def test_texts_in_a_put_of_an_article_are_ignored_with_200(client: Client, section: int) -> None:
    made = make(client, section)
    answer = client("PUT", f"{API}/articles/{made['id']}", {"article": {"title": "Two", "body": "b", "position": 4}})
    assert answer.status_code == 200
    found = client("GET", f"{API}/articles/{made['id']}").json()["article"]
    assert (found["title"], found["body"], found["position"]) == ("One", "<p>a</p>", 4)


def test_an_article_may_come_with_its_translations(client: Client, section: int) -> None:
    given = article()
    del given["article"]["title"]
    given["article"]["translations"] = [
        {"locale": "en-us", "title": "One", "body": "a"},
        {"locale": "de", "title": "Eins", "body": "b", "draft": True},
    ]
    made = client("POST", f"{API}/sections/{section}/articles", given).json()["article"]
    assert made["source_locale"] == "en-us"
    german = client("GET", f"{API}/articles/{made['id']}/translations/de").json()["translation"]
    assert (german["title"], german["draft"]) == ("Eins", True)
    again = client("POST", f"{API}/articles/{made['id']}/translations", {"translation": {"locale": "de", "title": "x"}})
    assert again.status_code == 400


def test_an_identical_put_leaves_updated_at(client: Client, section: int) -> None:
    made = make(client, section)
    path = f"{API}/articles/{made['id']}/translations/en-us"
    before = client("GET", path).json()["translation"]
    same = client("PUT", path, {"translation": {"title": "One", "body": "<p>a</p>", "draft": False}}).json()
    other = client("PUT", path, {"translation": {"body": "<p>b</p>"}}).json()
    assert same["translation"]["updated_at"] == before["updated_at"]
    assert other["translation"]["updated_at"] > before["updated_at"]


def test_a_put_with_draft_unpublishes_what_was_live(client: Client, emulator: Emulator, section: int) -> None:
    made = make(client, section)
    page = re.sub(r"^http://[^/]+", "", made["html_url"])
    assert client("GET", page).status_code == 200
    client("PUT", f"{API}/articles/{made['id']}/translations/en-us", {"translation": {"body": "new", "draft": True}})
    assert client("GET", page).status_code == 404


def test_a_page_is_public_only_where_its_folders_are_translated(client: Client, section: int) -> None:
    made = make(client, section)
    client("POST", f"{API}/articles/{made['id']}/translations", {"translation": {"locale": "de", "title": "Eins"}})
    assert client("GET", f"/hc/de/articles/{made['id']}").status_code == 404
    category = client("GET", f"{API}/sections/{section}").json()["section"]["category_id"]
    for path in (f"sections/{section}", f"categories/{category}"):
        client("POST", f"{API}/{path}/translations", {"translation": {"locale": "de", "title": "Ordner"}})
    assert client("GET", f"/hc/de/articles/{made['id']}-any-words").status_code == 200


def test_restricted_articles_lead_to_sign_in(client: Client, section: int) -> None:
    made = make(client, section, user_segment_id=STAFF)
    assert client("GET", f"/hc/en-us/articles/{made['id']}").status_code == 302


def test_content_blocks_are_flattened_and_a_write_destroys_them(
    client: Client, emulator: Emulator, section: int
) -> None:
    made = make(client, section)
    brand = emulator.account.brands["acme"]
    block = People(brand).insert_block(made["id"], "en-us", "<p>shared</p>")
    read = client("GET", f"{API}/articles/{made['id']}").json()["article"]["body"]
    assert read == "<p>a</p><p>shared</p>"
    assert f"block:{block}" in brand.items[made["id"]].translations["en-us"].body
    client("PUT", f"{API}/articles/{made['id']}/translations/en-us", {"translation": {"body": read}})
    assert f"block:{block}" not in brand.items[made["id"]].translations["en-us"].body


def test_the_sanitiser_keeps_what_is_listed(client: Client, section: int) -> None:
    sent = (
        '<div data-hcgen="a/b" aria-label="x" id="i" class="c" lang="ar" dir="rtl"><iframe src="https://v.example/"></iframe>'
        '<a href="javascript:alert(1)">x</a><a href="tel:1">y</a><script>alert(1)</script><p onclick="x()" '
        'style="position: fixed; text-align: center">z</p><details><summary>s</summary>t</details></div>'
    )
    body = make(client, section, body=sent)["body"]
    for kept in ('data-hcgen="a/b"', 'aria-label="x"', 'id="i"', 'lang="ar"', "<iframe", 'href="tel:1"', "text-align"):
        assert kept in body, kept
    for gone in ("script", "javascript", "onclick", "position", "details", "summary"):
        assert gone not in body, gone


def test_archiving_takes_an_article_out_and_redirects_fire_only_then(client: Client, section: int) -> None:
    made = make(client, section)
    old, new = f"/hc/en-us/articles/{made['id']}", "/hc/en-us"
    rule = {"redirect_rule": {"redirect_from": old, "redirect_to": new, "redirect_status": 301}}
    answer = client("POST", "/api/v2/guide/redirect_rules", rule)
    assert (answer.status_code, answer.content) == (204, b"")
    assert client("GET", f"{old}-One").status_code == 200
    assert client("DELETE", f"{API}/articles/{made['id']}").status_code == 204
    assert client("GET", f"{API}/articles/{made['id']}").status_code == 404
    assert client("DELETE", f"{API}/articles/{made['id']}").status_code == 404
    assert client("GET", f"{old}-One").headers["location"] == new
    rule["redirect_rule"]["redirect_status"] = 300
    assert client("POST", "/api/v2/guide/redirect_rules", rule).status_code == 400
    listed = client("GET", "/api/v2/guide/redirect_rules").json()
    assert [one["redirect_from"] for one in listed["records"]] == [old]
    assert listed["meta"]["has_more"] is False


def test_pages_are_by_cursor_and_by_number_not_beyond_ten_thousand(client: Client, section: int) -> None:
    ids = [make(client, section, title=f"T{at}")["id"] for at in range(5)]
    found, query = [], "page[size]=2"
    while query:
        page = client("GET", f"{API}/en-us/articles?{query}").json()
        found += [one["id"] for one in page["articles"]]
        assert page["meta"]["has_more"] is bool(page["links"]["next"])
        query = page["links"]["next"].partition("?")[2] if page["meta"]["has_more"] else ""
    assert found == ids
    assert client("GET", f"{API}/articles?page[size]=101").status_code == 400
    assert client("GET", f"{API}/articles?page=2&per_page=2").json()["count"] == 5
    assert client("GET", f"{API}/articles?page=101&per_page=100").status_code == 400


def test_attachments(client: Client, emulator: Emulator, section: int) -> None:
    made = make(client, section)
    path = f"{API}/articles/{made['id']}/attachments"
    file = {"file": ("shot.png", b"\x89PNG\r\n\x1a\n\r\n--x", "image/png")}
    kept = client("POST", path, files=file, data={"inline": "true", "locale": "de"})
    assert kept.status_code == 201
    found = kept.json()["article_attachment"]
    assert "shot" not in found["content_url"]
    assert client.http.get(found["content_url"]).content == file["file"][1]
    assert client("POST", path, files=file, data={"locale": "de"}).status_code == 400
    big = {"file": ("big.png", bytes(20 * 1024 * 1024 + 1), "image/png")}
    assert client("POST", path, files=big).status_code == 413
    later = client("POST", f"{API}/articles/attachments", files=file).json()["article_attachment"]["id"]
    emulator.clock.sleep(7200)
    assert client("GET", f"{API}/articles/attachments/{later}").status_code == 404
    assert client("GET", f"{API}/articles/attachments/{found['id']}").status_code == 200


def test_guide_media(client: Client, section: int) -> None:
    made = make(client, section)
    asked = client("POST", "/api/v2/guide/medias/upload_url", {"content_type": "image/png", "file_size": 3}).json()
    place, headers = asked["upload_url"]["url"], asked["headers"]
    assert client.http.put(place, content=b"abc", headers=headers).status_code == 400, "a token more is one too many"
    assert httpx.put(place, content=b"abc", headers=headers).status_code == 200
    named = {"asset_upload_id": asked["upload_url"]["asset_upload_id"], "filename": "shot.png"}
    media = client("POST", "/api/v2/guide/medias", named).json()["media"]["id"]
    form = {"guide_media_id": (None, media), "inline": (None, "true")}
    found = client("POST", f"{API}/articles/{made['id']}/attachments", files=form).json()["article_attachment"]
    assert client.http.get(found["content_url"]).content == b"abc"


def test_folders_nest_and_take_their_articles_with_them(client: Client, emulator: Emulator, section: int) -> None:
    category = client("GET", f"{API}/en-us/sections/{section}").json()["section"]["category_id"]
    path = f"{API}/en-us/categories/{category}/sections"
    inner = client("POST", path, {"section": {"name": "Inner", "parent_section_id": section}}).json()["section"]["id"]
    made = make(client, inner)
    emulator.account.is_enterprise = False
    assert client("POST", path, {"section": {"name": "x", "parent_section_id": section}}).status_code == 400
    assert client("DELETE", f"{API}/sections/{section}").status_code == 204
    assert client("GET", f"{API}/articles/{made['id']}").status_code == 404
    assert client("GET", f"{API}/sections/{inner}").status_code == 404


def test_incremental_lists_changes_of_metadata_only(client: Client, emulator: Emulator, section: int) -> None:
    made = make(client, section)
    emulator.clock.sleep(100)
    since = emulator.clock.now()
    client("PUT", f"{API}/articles/{made['id']}/translations/en-us", {"translation": {"body": "drift"}})
    path = f"{API}/incremental/articles?start_time={since}"
    assert client("GET", path).json()["articles"] == []
    client("PUT", f"{API}/articles/{made['id']}", {"article": {"position": 9}})
    assert [one["id"] for one in client("GET", path).json()["articles"]] == [made["id"]]


def test_tokens_end_and_have_scopes(emulator: Emulator) -> None:
    anyone = Client(emulator, token="no")
    asked = {"grant_type": "client_credentials", "client_id": "hcgen", "client_secret": "client-secret"}
    assert anyone("GET", f"{API}/articles").status_code == 401
    assert anyone("POST", "/oauth/tokens", {**asked, "client_secret": "wrong"}).status_code == 401
    assert anyone("POST", "/oauth/tokens", {**asked, "expires_in": 200}).status_code == 400
    given = anyone("POST", "/oauth/tokens", {**asked, "scope": "hc:read", "expires_in": 300}).json()
    reading = Client(emulator, token=given["access_token"])
    assert reading("GET", f"{API}/articles").status_code == 200
    assert reading("POST", f"{API}/en-us/categories", {"category": {"name": "x"}}).status_code == 403
    assert reading("GET", "/api/v2/brands").status_code == 403
    assert Client(emulator, "other", given["access_token"])("GET", f"{API}/articles").status_code == 200
    emulator.clock.sleep(300)
    assert reading("GET", f"{API}/articles").status_code == 401


def test_the_minute_is_limited_and_says_when_to_come_back() -> None:
    account = Account(VirtualClock())
    account.brand("acme", "en-us")
    with Emulator(account, rate=3) as emulator:
        client = Client(emulator)
        answers = [client("GET", f"{API}/articles") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert [one.headers["x-rate-limit-remaining"] for one in answers] == ["2", "1", "0", "0"]
        assert answers[3].headers["content-type"] == "text/plain"
        emulator.clock.sleep(float(answers[3].headers["retry-after"]))
        assert client("GET", f"{API}/articles").status_code == 200


@pytest.mark.parametrize("kind", ["429", "500", "503", "before", "after", "timeout"])
def test_faults_come_before_or_after_the_effect(kind: str) -> None:
    account = Account(VirtualClock())
    brand = account.brand("acme", "en-us")
    with Emulator(account, faults=Faults({kind: 1.0}, hold=0.05)) as emulator:
        client = Client(emulator)
        if kind in ("before", "after", "timeout"):
            with pytest.raises(httpx.HTTPError):
                client("POST", f"{API}/en-us/categories", {"category": {"name": "x"}})
        else:
            assert client("POST", f"{API}/en-us/categories", {"category": {"name": "x"}}).status_code == int(kind)
        assert len(brand.items) == (kind in ("500", "after", "timeout"))
        assert [(one.fault, one.method) for one in emulator.log] == [(kind, "POST")]


def test_faults_are_the_same_for_the_same_seed() -> None:
    shares = {"429": 0.1, "500": 0.1, "before": 0.1}
    one, two, three = (Faults(shares, seed) for seed in (5, 5, 6))
    drawn = [[faults.next() for _ in range(200)] for faults in (one, two, three)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert set(drawn[0]) == {"", "429", "500", "before"}
