"""The CMSs that tests publish to, booted once a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.publish.cms import wagtails, wordpresses


@pytest.fixture(scope="session")
def wagtail() -> Iterator[wagtails.Wagtail]:
    """A real Wagtail."""
    with wagtails.booted() as found:
        yield found


@pytest.fixture(scope="session")
def wordpress() -> Iterator[wordpresses.WordPress]:
    """A real WordPress; skips, saying so, where Debian's packages are not there."""
    reason = wordpresses.missing()
    if reason:
        pytest.skip(reason)
    with wordpresses.booted() as found:
        yield found
