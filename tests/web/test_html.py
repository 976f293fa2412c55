"""The HTML is valid: Nu over every page, html-validate over pages of each kind."""

from __future__ import annotations

from pathlib import Path

from tests.web.harness import SITES, visits
from tests.web.tools import html_validate, nu


def test_nu_finds_no_error(example_site: Path) -> None:
    assert nu(example_site) == []


def test_nu_would_find_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang=en><title>x</title><p><div></p></div>", "utf-8")
    assert nu(page)


def test_html_validate_finds_nothing(example_site: Path) -> None:
    files = {
        example_site / visit.path.partition("?")[0].lstrip("/") / "index.html"
        for brand, locales in SITES.items()
        for locale in locales
        for visit in visits(example_site, brand, locale)
        if visit.state.status == 200
    }
    files |= set(example_site.rglob("404.html"))
    assert len(files) > 100
    assert html_validate(*sorted(files)) == []


def test_html_validate_would_find_something(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="en"><head><title>x</title></head><body><b id="1">x</p></body></html>')
    assert html_validate(page)
