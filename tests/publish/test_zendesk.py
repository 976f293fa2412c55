"""The Zendesk provider passes the contract against a strict emulator, and does what is Zendesk's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hcgen.model.target import SecretRef, Target
from hcgen.publish.contract import ProviderContract
from hcgen.publish.port import Reader, Writer
from hcgen.publish.providers.zendesk import place_of, reader, writer
from hcgen.publish.values import Remote, Scope
from hcgen.publish.wire import Wire
from tests.publish.zendesk import Account, Emulator, VirtualClock
from tests.publish.zendesk.state import STAFF, People

SECRETS = {"client_secret": "client-secret", "token": "plain-token"}


def target_of(emulator: Emulator, *, is_internal: bool = False, by: str = "client_secret", **options: Any) -> Target:
    """A target for all brands of `emulator`."""
    brands = emulator.account.brands.values()
    given = {"permission_group": 31, "internal_segment": STAFF, "client_id": "hcgen", **options}
    return Target(
        "support", "zendesk", "targets.yml", line=3, url=next(iter(brands)).url, locales={"en": "en-us", "de": "de"},
        options=given, brand_options={brand.name: {"url": brand.url} for brand in brands},
        secrets={by: SecretRef(env="CANARY")}, is_internal=is_internal,
    )  # fmt: skip


def wire_to(target: Target, emulator: Emulator, **more: Any) -> Wire:
    return Wire(target.url, secret=lambda name: SECRETS[name], sleep=emulator.clock.sleep, **more)


class TestContract(ProviderContract):
    has_pending = False
    many = 7

    @pytest.fixture(autouse=True)
    def _against_the_emulator(self) -> Iterator[None]:
        account = Account(VirtualClock())
        account.brand("retail", "en-us", "de")
        account.page_size = 3
        with Emulator(account) as emulator:
            self.emulator = emulator
            self.target = target_of(emulator)
            self.wire = wire_to(self.target, emulator)
            yield
            self.wire.close()

    def open(self) -> tuple[Reader, Writer]:
        return reader(self.target, self.wire), writer(self.target, self.wire)

    def scopes(self) -> tuple[Scope, ...]:
        return Scope("retail", "en"), Scope("retail", "de")

    def closed_scope(self) -> Scope:
        return Scope("retail", "ar")

    def edit_by_hand(self, remote: Remote, **fields: Any) -> None:
        place = place_of(remote.id)
        assert place is not None
        code = self.target.locales[remote.locale]
        People(self.emulator.account.brands["retail"]).edit(int(place.number), code, **fields)

    def is_seen(self, remote: Remote) -> bool:
        import httpx

        path = re.sub(r"^https?://[^/]+", "", remote.url)
        return httpx.get(self.emulator.account.brands["retail"].url + path).status_code == 200

    def rules(self) -> Mapping[str, str]:
        rules = self.emulator.account.brands["retail"].rules
        return {one["redirect_from"]: one["redirect_to"] for one in rules.values()}
