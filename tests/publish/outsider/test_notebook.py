"""The notebook passes the contract that every provider passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import hcgen_notebook
import pytest

from hcgen.model.target import Target
from hcgen.publish.contract import ProviderContract
from hcgen.publish.port import Reader, Writer
from hcgen.publish.values import Remote, Scope
from hcgen.publish.wire import Wire


class TestNotebook(ProviderContract):
    has_pending = False

    @pytest.fixture(autouse=True)
    def _notebook(self, tmp_path: Path) -> None:
        self.target = Target(
            "notes", "notebook", "targets.yml", tmp_path, url="notes.json", locales={"en": "English", "de": "Deutsch"}
        )
        self.wire = Wire("")

    def open(self) -> tuple[Reader, Writer]:
        return hcgen_notebook.reader(self.target, self.wire), hcgen_notebook.writer(self.target, self.wire)

    def scopes(self) -> tuple[Scope, ...]:
        return Scope("retail", "en"), Scope("retail", "de")

    def closed_scope(self) -> Scope:
        return Scope("retail", "ar")

    def edit_by_hand(self, remote: Remote, **fields: Any) -> None:
        file = self.target.root / "notes.json"
        pages = json.loads(file.read_text("utf-8"))
        pages[remote.id].update(fields)
        file.write_text(json.dumps(pages), "utf-8")
