"""The WordPress provider against a real WordPress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from hcgen.model.target import Target
from hcgen.publish.contract import ProviderContract
from hcgen.publish.port import Reader, Writer
from hcgen.publish.providers.wordpress import reader, writer
from hcgen.publish.values import Remote, Scope
from hcgen.publish.wire import Wire
from tests.publish.cms.wordpresses import WordPress, site_of

SITES = {"en": "", "de": "/de/"}


class Person:
    """Somebody who works in WordPress: an editor, through the API that the block editor itself uses."""

    def __init__(self, site: WordPress) -> None:
        auth = ("person", site.passwords["person"])
        self._client = httpx.Client(base_url=site.url, auth=auth, timeout=60)

    def _pages(self, remote: Remote) -> str:
        return f"{site_of(remote.locale)}/wp-json/wp/v2/pages/{remote.id.rpartition(':')[2]}"

    def save(self, remote: Remote, **fields: Any) -> None:
        answer = self._client.put(self._pages(remote), json=_theirs(fields))
        assert answer.status_code == 200, answer.text

    def type(self, remote: Remote, **fields: Any) -> None:
        """Changes a page and leaves the editor open: it saves by itself."""
        answer = self._client.post(f"{self._pages(remote)}/autosaves", json=_theirs(fields))
        assert answer.status_code == 200, answer.text

    def rules(self) -> Mapping[str, str]:
        return self._client.get("/wp-json/hcgen/v1/redirects").json()

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


class AsSomebody(ProviderContract):
    user = ""
    options: Mapping[str, Any] = {}

    @pytest.fixture(autouse=True)
    def _on_a_site(self, wordpress: WordPress) -> Iterator[None]:
        self.site = wordpress
        self.wire = wire_of(wordpress, self.user)
        self.person = Person(wordpress)
        yield
        self.person.close()
        self.wire.close()

    def open(self) -> tuple[Reader, Writer]:
        target = target_of(self.site, self.user, page_size=5, **self.options)
        return reader(target, self.wire), writer(target, self.wire)

    def scopes(self) -> tuple[Scope, ...]:
        return Scope("retail", "en"), Scope("retail", "de")

    def closed_scope(self) -> Scope:
        return Scope("retail", "fr")

    def edit_by_hand(self, remote: Remote, **fields: Any) -> None:
        self.person.save(remote, **fields)

    def draft_by_hand(self, remote: Remote, **fields: Any) -> None:
        self.person.type(remote, **fields)

    def is_seen(self, remote: Remote) -> bool:
        return httpx.get(remote.url).status_code == 200

    def rules(self) -> Mapping[str, str]:
        return self.person.rules()


class TestAsAnEditor(AsSomebody):
    user = "publisher"


class TestAsTheNetworksAdministrator(AsSomebody):
    user = "admin"
    options = {"unfiltered_html": True}
