"""What pages say of themselves to search engines: canonical, hreflang, x-default, sitemap and JSON-LD agree."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from hcgen.model.site import Kind, Page, Site
from hcgen.pages.assemble import assemble
from hcgen.render.outputs import sitemaps
from hcgen.render.view import View
from tests.world import MKDOCS, RETAIL, World

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LIST = {f"content/en/many/a{at:02}.md": f"---\ntitle: Article {at:02}\n---\nText.\n" for at in range(35)}


@dataclass
class Everything:
    """All pages of all brands and languages, and what sitemaps say."""

    sites: list[Site]
    views: dict[str, View] = field(default_factory=dict)
    listed: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for site in self.sites:
            for page in site.pages:
                view = View(page, site, {})
                assert view.absolute_url not in self.views
                self.views[view.absolute_url] = view
            for _, data in sitemaps(site):
                for url in ET.fromstring(data):
                    links = [(link.get("hreflang") or "", link.get("href") or "") for link in url.iter(f"{XHTML}link")]
                    assert len(dict(links)) == len(links)
                    location = url.findtext(f"{SITEMAP}loc") or ""
                    assert location not in self.listed
                    self.listed[location] = dict(links)

    def indexed(self) -> Iterator[tuple[str, View]]:
        return ((url, view) for url, view in self.views.items() if view.page.is_indexed)

    def graph(self, view: View, kind: str) -> dict[str, object] | None:
        """The part of a page's JSON-LD of this kind."""
        parts = json.loads(view.json_ld)["@graph"] if view.json_ld else []
        return next((part for part in parts if part["@type"] == kind), None)


def everything(world: World) -> Everything:
    project = world.project()
    return Everything(
        [assemble(project, brand, project.settings.locale(code)) for brand in project.brands for code in brand.locales]
    )


@pytest.fixture
def every(make_world: Callable[..., World]) -> Everything:
    files = {
        "content/de/billing/größe & farbe.md": "---\ntitle: Größe\n---\nText.\n",
        "content/en/billing/größe & farbe.md": "---\ntitle: Size\n---\nText.\n",
        "content/ar/billing/refunds.md": "---\ntitle: استرداد\n---\nنص.\n",
        "content/de/nur/a.md": "---\ntitle: Nur deutsch\n---\nText.\n",
        "brands/web/content/de/billing/invoices.md": "---\ntitle: Rechnung\n---\nText.\n",
        **LIST,
    }
    return everything(make_world(files))


def test_all_kinds_of_pages_are_looked_at(every: Everything) -> None:
    assert {view.page.kind for view in every.views.values()} == set(Kind) - {Kind.SECTION}
    assert any(view.page.is_fallback for view in every.views.values())
    assert any(view.page.page_number == 2 for view in every.views.values())
    assert sum(1 for _ in every.indexed()) > 60


def test_hreflang_is_absolute_and_reciprocal_and_names_the_page_itself(every: Everything) -> None:
    for url, view in every.indexed():
        links = dict(view.hreflang)
        assert len(links) == len(view.hreflang), url
        assert links[view.locale.code] == url
        for code, other in view.hreflang:
            if code == "x-default":
                continue
            assert other.startswith("https://help.acme.example/")
            assert other.isascii()
            target = every.views[other]
            assert target.locale.code == code
            assert target.page.is_indexed, (url, other)
            assert dict(target.hreflang)[view.locale.code] == url


def test_x_default_is_one_of_the_languages_or_the_choice_of_languages(every: Everything) -> None:
    for url, view in every.indexed():
        links = dict(view.hreflang)
        default = links.pop("x-default")
        if view.page.kind is Kind.HOME:
            assert default == view.brand.site_url
        else:
            assert default in links.values(), url
            assert default == links.get(view.brand.default_locale, default)
        others = [dict(every.views[other].hreflang)["x-default"] for other in links.values()]
        assert set(others) == {default}


def test_canonical_of_an_indexed_page_is_itself(every: Everything) -> None:
    for url, view in every.indexed():
        assert view.page.canonical == url


def test_fallback_pages_are_canonical_to_their_source_and_nowhere_else(every: Everything) -> None:
    found = 0
    for url, view in every.views.items():
        if not view.page.is_fallback:
            continue
        found += 1
        source = every.views[view.page.canonical]
        assert (source.page.key, source.locale.code) == (view.page.key, view.page.content_locale.code)
        assert not source.page.is_fallback
        assert view.hreflang == ()
        assert url not in every.listed
        assert not any(url in dict(other.hreflang).values() for other in every.views.values())
    assert found > 60


def test_sitemaps_list_the_indexed_pages_with_their_hreflang(every: Everything) -> None:
    assert every.listed.keys() == {url for url, _ in every.indexed()}
    for url, links in every.listed.items():
        assert links == dict(every.views[url].hreflang)


def test_search_and_404_are_not_indexed(every: Everything) -> None:
    for view in every.views.values():
        if view.page.kind in (Kind.SEARCH, Kind.NOT_FOUND):
            assert not view.page.is_indexed
            assert view.hreflang == ()


def test_json_ld_names_the_canonical_address_and_the_language_of_the_text(every: Everything) -> None:
    for view in every.views.values():
        article = every.graph(view, "Article")
        assert (article is not None) is (view.page.kind is Kind.ARTICLE)
        if article:
            assert article["url"] == article["mainEntityOfPage"] == view.page.canonical
            assert article["inLanguage"] == view.page.content_locale.code
        assert "<" not in view.json_ld


def test_json_ld_breadcrumbs_lead_through_pages_that_are_there(every: Everything) -> None:
    for url, view in every.views.items():
        crumbs = every.graph(view, "BreadcrumbList")
        if view.page.kind in (Kind.HOME, Kind.NOT_FOUND):
            assert crumbs is None
            continue
        assert crumbs
        items = crumbs["itemListElement"]
        assert isinstance(items, list)
        assert [item["position"] for item in items] == list(range(1, len(items) + 1))
        assert items[-1]["item"] == url
        assert all(item["item"] in every.views and item["name"] for item in items)


def test_the_language_menu_leads_to_pages_that_are_there(every: Everything) -> None:
    for url, view in every.views.items():
        for language in view.languages:
            base = view.brand.site_url if view.page.kind is Kind.NOT_FOUND else url
            steps = language.url.removeprefix(view.brand.base_path)
            parts = base.removeprefix("https://help.acme.example/").strip("/").split("/")
            ups = steps.count("../")
            rest = steps.replace("../", "").removeprefix("./")
            target = "/".join([*parts[: len(parts) - ups], rest])
            assert f"https://help.acme.example/{target}" in every.views, (url, language.url)
        assert [language.is_current for language in view.languages].count(True) == 1


def test_pages_of_one_brand_name_no_address_of_another_as_an_alternate(every: Everything) -> None:
    for view in every.views.values():
        assert all(other.startswith(view.brand.site_url) for _, other in view.hreflang)


def test_a_page_in_one_language_alone_has_itself_and_x_default(every: Everything) -> None:
    url = "https://help.acme.example/retail/de/nur/a/"
    assert every.views[url].hreflang == (("de", url), ("x-default", url))


def page_of(world: World, brand: str, locale: str, key: str) -> Page:
    return world.page(key, brand, locale)


def test_a_list_with_nothing_in_its_language_is_no_translation(every: Everything) -> None:
    view = every.views["https://help.acme.example/retail/ar/many/"]
    assert not view.page.is_indexed


def test_a_text_that_the_brand_shows_in_no_other_language_is_indexed(make_world: Callable[..., World]) -> None:
    settings = MKDOCS.replace(
        "        - {locale: ar", "        - {locale: de-AT, name: Deutsch (AT)}\n        - {locale: ar"
    )
    world = make_world({"mkdocs.yml": settings, "brands/retail/brand.yml": RETAIL.replace("[en, de, ar]", "[de-AT]")})
    assert page_of(world, "retail", "de-AT", "billing/refunds").is_indexed
