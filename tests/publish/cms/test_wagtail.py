"""The Wagtail provider against a real Wagtail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from hcgen.model.target import Target
from hcgen.publish.contract import ProviderContract
from hcgen.publish.port import Reader, Writer
from hcgen.publish.providers import wagtail as provider
from hcgen.publish.providers.wagtail import reader, writer
from hcgen.publish.values import Remote, Scope
from hcgen.publish.wire import Wire
from tests.publish.cms.pushing import Push, PushTests
from tests.publish.cms.wagtails import Wagtail

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
        target = target_of(self.site, page_size=5)
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
        return Rules(self.site)


class Rules(dict[str, str]):
    """Where old paths lead, as a browser finds out."""

    def __init__(self, site: Wagtail) -> None:
        super().__init__()
        self._site = site

    def __missing__(self, path: str) -> str:
        answer = httpx.get(self._site.url + path, follow_redirects=False)
        assert answer.status_code == 301, answer.status_code
        return answer.headers["location"].removeprefix(self._site.url)


@pytest.fixture(scope="module")
def opens(wagtail: Wagtail) -> Iterator[Callable[[Path], Push]]:
    wire, person = wire_of(wagtail), Person(wagtail)
    yield lambda root: Push(root, TARGETS % wagtail.url, provider, wire, person)
    person.close()
    wire.close()


class TestPush(PushTests):
    pass
