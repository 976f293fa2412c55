"""The CMSs that tests publish to, booted once a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.publish.cms import wagtails, wordpresses
from tests.publish.cms.pushing import Push


@pytest.fixture(scope="session")
def wagtail() -> Iterator[wagtails.Wagtail]:
    """A real Wagtail."""
    with wagtails.booted() as found:
        yield found


@pytest.fixture(scope="session")
def bare_wagtail() -> Iterator[wagtails.Wagtail]:
    """One that has our page types, and nothing more in its API."""
    with wagtails.booted(has_app=False) as found:
        yield found


@pytest.fixture(scope="session")
def wordpress() -> Iterator[wordpresses.WordPress]:
    """A real WordPress; skips, saying so, where Debian's packages are not there."""
    reason = wordpresses.missing()
    if reason:
        pytest.skip(reason)
    with wordpresses.booted() as found:
        yield found


@pytest.fixture(scope="module")
def pushed(opens: Callable[[Path], Push], tmp_path_factory: pytest.TempPathFactory) -> Push:
    """A project pushed once, for tests that change nothing."""
    push = opens(tmp_path_factory.mktemp("pushed"))
    report = push.push()
    assert report.warnings == ()
    return push


@pytest.fixture
def push(opens: Callable[[Path], Push], tmp_path: Path) -> Push:
    """A project pushed for one test."""
    push = opens(tmp_path)
    push.push()
    return push
