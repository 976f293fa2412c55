"""The folder provider passes the contract, in every shape that its options give it."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hcgen.model.target import Target
from hcgen.publish.contract import ProviderContract
from hcgen.publish.port import Reader, Writer
from hcgen.publish.providers.folder import Person, reader, writer
from hcgen.publish.values import Asset, Remote, Scope
from hcgen.publish.wire import Wire


class FolderContract(ProviderContract):
    options: Mapping[str, Any] = {}

    @pytest.fixture(autouse=True)
    def _in_a_folder(self, tmp_path: Path) -> Iterator[None]:
        given = {"address": "https://folder.example/", "enabled": ["en-us", "de"], **self.options}
        self.target = Target(
            "try", "folder", "targets.yml", tmp_path, url="out", options=given, locales={"en": "en-us"}
        )
        self.wire = Wire("")
        yield
        self.wire.close()

    def open(self) -> tuple[Reader, Writer]:
        return reader(self.target, self.wire), writer(self.target, self.wire)

    def scopes(self) -> tuple[Scope, ...]:
        return Scope("retail", "en"), Scope("retail", "de")

    def closed_scope(self) -> Scope:
        return Scope("retail", "ar")

    def edit_by_hand(self, remote: Remote, **fields: Any) -> None:
        Person(self.target).edit(remote.id, **fields)

    def draft_by_hand(self, remote: Remote, **fields: Any) -> None:
        Person(self.target).draft(remote.id, **fields)

    def rules(self) -> Mapping[str, str]:
        found = [msgspec.json.decode(path.read_bytes()) for path in (self.target.root / "out/redirects").glob("*.json")]
        return {one["source"]: one["target"] for one in found}


class TestPlain(FolderContract):
    pass


class TestLikeACmsWithSections(FolderContract):
    options = {
        "holders": ["section"], "shared": ["labels", "position", "is_internal", "parent"], "needs_group": True,
        "creates_groups": True, "sanitises": True, "restores": False, "asset_owner": True,
        "asset_reach": "brand",
    }  # fmt: skip


class TestBare(FolderContract):
    options = {"fields": ["title", "body"], "kinds": ["article"], "asset_limit": 0, "redirects": False}


def test_a_file_that_was_cut_off_in_the_middle_is_no_file(tmp_path: Path) -> None:
    """A push that found it there would link to half of it."""
    target = Target("try", "folder", "targets.yml", tmp_path, url="out")
    source = tmp_path / "shot.bin"
    source.write_bytes(b"x" * 5000)
    asset, scope = Asset(source.name, source.name, "d" * 32, 5000, "application/octet-stream"), Scope("retail", "en")
    hands = writer(target, Wire(""))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            hands.upload(asset, source, None, scope)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(hands.assets(scope)) == []
    hands.upload(asset, source, None, scope)
    assert [one.digest for one in hands.assets(scope)] == [asset.digest]
