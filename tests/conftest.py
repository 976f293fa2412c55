"""Fixtures that every test may use."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.harness import launched, served
from tests.world import ROOT, SHARED, World, small_world

# What a shell runs in its background is deaf to Ctrl+C (POSIX), and so would be the programs that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once a file."""
    with launched() as found:
        yield found


@pytest.fixture(scope="session")
def address(example_site: Path) -> Iterator[str]:
    """The address of the example as `hcgen serve` sends it, without the last slash."""
    with served(example_site) as found:
        yield found


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real content beside the checkout; skips, saying so, where there is none."""
    folder = SHARED / "corpora" / "hc"
    if not folder.is_dir():
        pytest.skip("no real content beside the checkout (../shared/corpora/hc)")
    return folder
