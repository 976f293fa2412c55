"""The HTML is valid: Nu over every page, html-validate over pages of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.harness import SITES, file_of, visits
from tests.web.tools import html_validate, nu


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A page with errors: a checker that finds them has worked."""
    path = tmp_path / "broken.html"
    path.write_text('<!doctype html><html lang="en"><title>x</title><p id=1><p id=1><div></p></div>', "utf-8")
    return path


def test_nu_finds_no_error(example_site: Path, broken: Path) -> None:
    faults = nu(example_site, broken)
    assert [one for one in faults if one.page != str(broken)] == []
    assert faults


def test_html_validate_finds_nothing(example_site: Path, broken: Path) -> None:
    files = {
        file_of(example_site, visit.path.partition("?")[0])
        for brand, locales in SITES.items()
        for locale in locales
        for visit in visits(example_site, brand, locale)
        if visit.state.status == 200
    }
    files |= set(example_site.rglob("404.html"))
    assert len(files) > 100
    faults = html_validate(broken, *sorted(files))
    assert [one for one in faults if one.page != str(broken)] == []
    assert faults
