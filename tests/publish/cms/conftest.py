"""The CMSs that tests publish to, booted once a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.publish.cms import wagtails


@pytest.fixture(scope="session")
def wagtail() -> Iterator[wagtails.Wagtail]:
    """A real Wagtail."""
    with wagtails.booted() as found:
        yield found
