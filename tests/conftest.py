"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.world import ROOT, SHARED, World, small_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The small world (tests/world.py)."""
    return small_world(tmp_path / "project")


@pytest.fixture
def make_world(tmp_path: Path) -> Callable[..., World]:
    """Makes small worlds with files of one's own."""

    def make(files: dict[str, str | bytes | None] | None = None, name: str = "project") -> World:
        return small_world(tmp_path / name, files)

    return make


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own example project, built once."""
    out = tmp_path_factory.mktemp("example") / "site"
    done = World(ROOT).run("build", "--out", str(out))
    assert done.returncode == 0, done.stderr + done.stdout
    return out


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real content beside the checkout; skips, saying so, where there is none."""
    folder = SHARED / "corpora" / "hc"
    if not folder.is_dir():
        pytest.skip("no real content beside the checkout (../shared/corpora/hc)")
    return folder
