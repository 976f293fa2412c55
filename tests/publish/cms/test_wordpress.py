"""The WordPress provider against a real WordPress."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from hcgen.model.target import Target
from hcgen.publish.contract import ProviderContract
from hcgen.publish.html import canonical
from hcgen.publish.port import Blank, Reader, Writer
from hcgen.publish.providers import kses
from hcgen.publish.providers import wordpress as provider
from hcgen.publish.providers.wordpress import reader, writer
from hcgen.publish.values import Asset, Content, Kind, Redirect, Remote, Scope
from hcgen.publish.wire import Wire
from hcgen.text import digest
from tests.publish.cms.pushing import Push, PushTests, Rules
from tests.publish.cms.wordpresses import WordPress, site_of
from tests.publish.kit import PICTURE

TARGETS = """\
cms:
  provider: wordpress
  url: %s
  options: {user: publisher, sites: {en: "", de: de}}
  secrets: {password: {env: WORDPRESS_PASSWORD}}
"""

EN = Scope("retail", "en")
SITES = {"en": "", "de": "/de/"}


class Person:
    """Somebody who works in WordPress: an editor, through the API that the block editor itself uses."""

    def __init__(self, site: WordPress) -> None:
        auth = ("person", site.passwords["person"])
        self._client = httpx.Client(base_url=site.url, auth=auth, timeout=60)

    def _pages(self, remote: Remote) -> str:
        return f"{site_of(remote.locale)}/wp-json/wp/v2/pages/{remote.id.rpartition(':')[2]}"

    def edit(self, remote: Remote, **fields: Any) -> None:
        """Saves a page, which publishes at once."""
        answer = self._client.put(self._pages(remote), json=_theirs(fields))
        assert answer.status_code == 200, answer.text

    def draft(self, remote: Remote, **fields: Any) -> None:
        """Changes a page and leaves the editor open: it saves by itself."""
        answer = self._client.post(f"{self._pages(remote)}/autosaves", json=_theirs(fields))
        assert answer.status_code == 200, answer.text

    def close(self) -> None:
        self._client.close()


def _theirs(fields: dict[str, Any]) -> dict[str, Any]:
    return {{"body": "content"}.get(name, name): value for name, value in fields.items()}


def target_of(site: WordPress, user: str = "publisher", **options: Any) -> Target:
    return Target(
        "cms", "wordpress", "targets.yml", url=site.url, brands=("retail",),
        options={"user": user, "sites": SITES, **options},
    )  # fmt: skip


def wire_of(site: WordPress, user: str = "publisher") -> Wire:
    return Wire(site.url, secret=lambda name: {"password": site.passwords[user]}[name])


class TestContract(ProviderContract):
    """As an editor, whose HTML WordPress filters."""

    @pytest.fixture(autouse=True)
    def _on_a_site(self, wordpress: WordPress) -> Iterator[None]:
        self.site = wordpress
        self.wire = wire_of(wordpress)
        self.person = Person(wordpress)
        yield
        self.person.close()
        self.wire.close()

    def open(self) -> tuple[Reader, Writer]:
        target = target_of(self.site, page_size=11)
        return reader(target, self.wire), writer(target, self.wire)

    def scopes(self) -> tuple[Scope, ...]:
        return Scope("retail", "en"), Scope("retail", "de")

    def closed_scope(self) -> Scope:
        return Scope("retail", "fr")

    def edit_by_hand(self, remote: Remote, **fields: Any) -> None:
        self.person.edit(remote, **fields)

    def draft_by_hand(self, remote: Remote, **fields: Any) -> None:
        self.person.draft(remote, **fields)

    def is_seen(self, remote: Remote) -> bool:
        return httpx.get(remote.url).status_code == 200

    def rules(self) -> Mapping[str, str]:
        return Rules(self.site.url)


@pytest.fixture
def opened(wordpress: WordPress) -> Iterator[Callable[..., Writer]]:
    """Opens a writer as a user."""
    wires: list[Wire] = []

    def open_as(user: str = "publisher", **options: Any) -> Writer:
        wires.append(wire_of(wordpress, user))
        return writer(target_of(wordpress, user, **options), wires[-1])

    yield open_as
    for wire in wires:
        wire.close()


def page(opened: Writer, key: str = "", slug: str = "", **more: Any) -> Remote:
    """A new page."""
    key = key or f"traps/{uuid4().hex[:10]}"
    blank = Blank(EN, Kind.ARTICLE, key, "A page", slug or key.rpartition("/")[2], "", "", Content("A page"), **more)
    return opened.create(blank)


def written(opened: Writer, remote: Remote, body: str, **fields: Any) -> Remote:
    """The page with that body, published."""
    content = Content("A page", body, summary="", labels=(), position=0, is_outdated=False, **fields)
    opened.write(remote, content, remote.parent, remote.slug)
    found = opened.read(remote.id)
    assert found
    return found


# Every element of HTML, and attributes that some of them may have; `target` alone makes WordPress add something.
ELEMENTS = re.findall(
    r"\w+",
    """
    a abbr address area article aside audio b bdi bdo blockquote br button canvas caption cite code col colgroup data
    datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 h2 h6 header hgroup
    hr i iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript object ol optgroup
    option output p picture pre progress q rp rt ruby s samp script search section select slot small source span strong
    style sub summary sup svg table tbody td template textarea tfoot th thead time tr track u ul var video wbr
    """,
)
ATTRIBUTES = (
    'id="a"', 'class="a"', 'lang="de"', 'dir="rtl"', 'title="a"', 'role="note"', 'style="color: red"',
    'style="position: fixed"', 'style="width: expression(1)"', 'data-a-b="1"', 'data-="1"', 'aria-label="a"',
    'aria-hidden="true"', 'aria-current="page"', 'hidden=""', 'tabindex="1"', 'onclick="a()"', 'href="https://a.b/"',
    'href="sftp://a.b/"', 'href="tel:+1"', 'src="https://a.b/"', 'hreflang="de"', 'name="a"', 'open=""', 'start="2"',
    'reversed=""', 'value="2"', 'colspan="2"', 'headers="a"', 'scope="col"', 'abbr="a"', 'datetime="2026-01-01"',
    'cite="https://a.b/"', 'width="1"', 'height="1"', 'loading="lazy"', 'align="left"', 'rel="a"',
    'download=""', 'type="1"', 'controls=""', 'poster="https://a.b/"', 'span="2"', 'for="a"', 'disabled=""',
)  # fmt: skip


def test_what_an_editor_loses_is_announced_exactly(opened: Callable[..., Writer]) -> None:
    editor = opened()
    cases = [f"<{name}>" for name in ELEMENTS] + [
        f"<{name} {attribute}>"
        for name in ("a", "p", "img", "ol", "li", "td", "details", "video")
        for attribute in ATTRIBUTES
    ]
    before = [f'<div class="case">{case}</div>' for case in cases]
    after = written(editor, page(editor), "\n".join(before)).content.body.split("\n")
    assert len(after) == len(before)
    wrong = [
        (case, then)
        for case, now, then in zip(cases, before, after, strict=True)
        if bool(kses.losses(now)) != (canonical(now) != canonical(then))
    ]
    assert wrong == []


def test_an_administrator_of_the_network_loses_nothing(opened: Callable[..., Writer]) -> None:
    admin = opened("admin", unfiltered_html=True)
    body = '<p onclick="a()">a</p>\n<script>b()</script>\n<iframe src="https://a.example/"></iframe>'
    assert admin.losses(body) == ()
    assert written(admin, page(admin), body).content.body == body


def test_a_slug_that_is_taken_changes_before_the_address_is_known_and_not_after(opened: Callable[..., Writer]) -> None:
    editor = opened()
    slug = uuid4().hex[:8]
    one, two = page(editor, slug=slug), page(editor, slug=slug)
    assert one.url != two.url
    assert written(editor, one, "<p>1</p>").url == one.url
    assert written(editor, two, "<p>2</p>").url == two.url
    assert "<p>2</p>" in httpx.get(two.url).text


def test_a_slug_of_digits_keeps_the_address_that_links_were_made_for(opened: Callable[..., Writer]) -> None:
    editor = opened()
    made = page(editor, slug=str(uuid4().int)[:9])
    assert written(editor, made, "<p>1</p>").url == made.url
    assert httpx.get(made.url).status_code == 200


def test_no_paragraphs_are_made_of_lines(opened: Callable[..., Writer]) -> None:
    editor = opened()
    body = "<div>\nfirst\n\nsecond\n</div>"
    assert body in httpx.get(written(editor, page(editor), body).url).text


def test_a_page_in_the_trash_gives_its_slug_back(opened: Callable[..., Writer]) -> None:
    editor = opened()
    before = written(editor, page(editor), "<p>1</p>")
    editor.archive(before)
    editor.archive(before)  # the second time WordPress answers 410
    gone = editor.read(before.id)
    assert gone
    assert gone.slug.endswith("__trashed")
    assert editor.restore(before).url == before.url
    assert httpx.get(before.url).status_code == 200


def test_a_file_sent_twice_is_found_by_its_digest(opened: Callable[..., Writer], tmp_path: Path) -> None:
    editor = opened()
    file = tmp_path / "shot.png"
    file.write_bytes(PICTURE + uuid4().bytes)
    asset = Asset("shot.png", "shot.png", digest(file.read_bytes()), file.stat().st_size, "image/png")
    for _ in range(2):
        editor.upload(asset, file, None, EN)
    found = [one for one in editor.assets(EN) if one.digest == asset.digest]
    assert len({one.url for one in found}) == 2, "WordPress keeps both; each is known for ours"


def test_redirects_written_at_the_same_time_are_all_kept(opened: Callable[..., Writer], wordpress: WordPress) -> None:
    editor = opened()
    old = [f"/old/{uuid4().hex[:8]}" for _ in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda path: editor.redirect(Redirect("retail", "en", path, f"/new{path}")), old))
    found = Rules(wordpress.url)
    assert [found[path] for path in old] == [f"/new{path}" for path in old]


def test_a_site_without_the_plugin_is_told_beforehand(opened: Callable[..., Writer], wordpress: WordPress) -> None:
    plugin = wordpress.state / "www/wp-content/mu-plugins/hcgen.php"
    text = plugin.read_text("utf-8")
    plugin.unlink()
    try:
        (trouble,) = opened().troubles((EN,))
    finally:
        plugin.write_text(text, "utf-8")
    assert "activate the plugin" in trouble


def test_a_wrong_password_shows_in_no_message(wordpress: WordPress) -> None:
    wire = Wire(wordpress.url, secret=lambda name: "canary-of-a-password")
    (trouble,) = reader(target_of(wordpress), wire).troubles((EN,))
    wire.close()
    assert "canary" not in trouble
    assert "Y2FuYXJ5" not in trouble, "nor in base64"


@pytest.fixture(scope="module")
def opens(wordpress: WordPress) -> Iterator[Callable[[Path], Push]]:
    wire, person = wire_of(wordpress), Person(wordpress)
    yield lambda root: Push(root, TARGETS % wordpress.url, provider, wire, person)
    person.close()
    wire.close()


class TestPush(PushTests):
    pass
