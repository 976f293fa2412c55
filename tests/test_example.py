"""Properties of the example project's site: every article in, one page out; nothing internal; pages that agree."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from hcgen.files.project import read_project
from hcgen.model.project import Project
from hcgen.model.site import Kind
from hcgen.pages.assemble import assemble
from hcgen.pages.library import Workshop
from tests.web.documents import parsed
from tests.world import ROOT, World

LOCALES = {"en", "fr", "de", "ko", "ar"}


@pytest.fixture(scope="module")
def project() -> Project:
    """The example project."""
    return read_project(ROOT)


@pytest.fixture(scope="module")
def pages(example_site: Path) -> list[Path]:
    """Every page of the example's help centers but redirects."""
    found = [
        path for path in sorted(example_site.rglob("*.html")) if 'http-equiv="refresh"' not in path.read_text("utf-8")
    ]
    assert len(found) > 700
    return found


def test_the_example_is_what_it_promises(project: Project) -> None:
    assert len(project.brands) == 3
    assert {locale.code for locale in project.settings.locales} == LOCALES
    english = [one for one in project.library.articles.values() if one.locale == "en" and not one.brand]
    assert len(english) >= 24
    assert sum(one.is_internal for one in project.library.articles.values()) >= 2
    overrides = [
        key
        for (brand, locale, key) in project.library.articles
        if brand and ("", locale, key) in project.library.articles
    ]
    assert len(overrides) >= 3


def test_check_finds_nothing_in_the_example() -> None:
    done = World(ROOT).run("check", "--json", "--strict")
    assert json.loads(done.stdout)["findings"] == []


def test_every_public_article_has_exactly_one_page(project: Project, example_site: Path) -> None:
    workshop = Workshop(project)
    for brand in project.brands:
        for code in brand.locales:
            site = assemble(project, brand, project.settings.locale(code), workshop)
            keys = [page.key for page in site.pages if page.kind is Kind.ARTICLE]
            wanted = {
                key
                for (scope, locale, key), one in project.library.articles.items()
                if scope in ("", brand.id)
                and (locale == code or (brand.shows_fallback and locale in brand.chains[code]))
                and not one.is_internal
                and (not one.front.brands or brand.id in one.front.brands or scope == brand.id)
            }
            overridden = {k for (b, _, k), one in project.library.articles.items() if b == brand.id and one.is_internal}
            assert sorted(keys) == sorted(wanted - overridden)
            files = [
                example_site / brand.id / code / page.url / "index.html"
                for page in site.pages
                if page.kind is Kind.ARTICLE
            ]
            assert all(path.is_file() for path in files)
            assert len(set(files)) == len(files)


def test_internal_text_is_found_nowhere(example_site: Path, project: Project) -> None:
    sources = [*project.library.articles.values(), *project.library.indexes.values()]
    assert sum("INTERNAL-ONLY:" in project.text(one) for one in sources) >= 5
    secrets = {one.front.title for one in sources if one.is_internal and one.front.title}
    for path in example_site.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"INTERNAL-ONLY" not in data, path
            assert b"/// " not in data or path.suffix != ".html", path
            for secret in secrets:
                assert secret.encode() not in data, path


def test_brand_facts_stay_with_their_brand(example_site: Path, project: Project) -> None:
    for brand in project.brands:
        theirs = {f"{other.id}-help@tidemark.example" for other in project.brands if other.id != brand.id}
        for path in (example_site / brand.id).rglob("*.html"):
            text = path.read_text("utf-8")
            assert not any(address in text for address in theirs), path
            assert "{{" not in text, path


def test_no_placeholder_survives(pages: list[Path]) -> None:
    for path in pages:
        text = path.read_text("utf-8")
        assert "\ue000" not in text, path
        assert "\ue001" not in text, path


def test_every_internal_link_and_asset_exists(pages: list[Path], example_site: Path) -> None:
    for path in pages:
        if path.name == "404.html":
            continue
        base = f"http://host/{path.relative_to(example_site).parent.as_posix()}/"
        for tag, attributes in parsed(path).tags:
            for name in ("href", "src", "action"):
                target = attributes.get(name, "")
                if not target or (tag == "link" and attributes.get("rel") in ("canonical", "alternate")):
                    continue
                parts = urlsplit(urljoin(base, target))
                if parts.netloc != "host" or parts.scheme != "http":
                    continue
                file = example_site / unquote(parts.path).lstrip("/")
                file = file / "index.html" if file.is_dir() else file
                assert file.is_file(), f"{path}: {target}"
                if parts.fragment and file.suffix == ".html":
                    assert unquote(parts.fragment) in parsed(file).ids, f"{path}: {target}"


def test_no_external_request_no_inline_script_or_style(pages: list[Path]) -> None:
    loading = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data"}
    for path in pages:
        for tag, attributes in parsed(path).tags:
            assert "style" not in attributes, path
            assert not any(name.startswith("on") for name in attributes), path
            assert tag != "style", path
            if tag == "script":
                assert "src" in attributes or attributes.get("type") == "application/ld+json", path
            if tag in loading and loading[tag] in attributes:
                assert "//" not in attributes[loading[tag]], path
            if tag == "link" and attributes.get("rel") in ("stylesheet", "icon", "preload"):
                assert "//" not in attributes["href"], path


def test_ids_are_unique_and_pages_have_one_h1(pages: list[Path]) -> None:
    for path in pages:
        document = parsed(path)
        doubled = {one for one in document.ids if document.ids.count(one) > 1}
        assert not doubled, f"{path}: {doubled}"
        assert "" not in document.ids, path
        assert len(document.all("h1")) == 1, path


def site_of(project: Project, url: str) -> tuple[str, str] | None:
    """(brand, path below it) of an absolute address."""
    for brand in project.brands:
        if url.startswith(brand.site_url):
            return brand.id, unquote(url[len(brand.site_url) :])
    return None


def test_hreflang_canonical_sitemap_and_lang_agree(pages: list[Path], example_site: Path, project: Project) -> None:
    listed: dict[str, set[str]] = defaultdict(set)
    for path in example_site.rglob("sitemap*.xml"):
        brand = path.relative_to(example_site).parts[0]
        found = re.findall(r"<url><loc>(.*?)</loc>", path.read_text("utf-8"))
        listed[brand] |= {html.unescape(one) for one in found}
    links: dict[str, dict[str, str]] = {}
    for path in pages:
        inner = path.relative_to(example_site)
        if len(inner.parts) < 3 or path.name == "404.html":
            continue
        brand = project.brand(inner.parts[0])
        document = parsed(path)
        own = brand.site_url + "/".join(inner.parts[1:-1]) + "/"
        canonical = unquote(document.all("link", rel="canonical")[0]["href"])
        alternates = {
            one["hreflang"]: unquote(one["href"]) for one in document.all("link", rel="alternate") if "hreflang" in one
        }
        links[own] = alternates
        root = document.all("html")[0]
        locale = project.settings.locale(inner.parts[1])
        assert (root["lang"], root["dir"]) == (locale.code, locale.direction), path
        noindex = any("noindex" in one.get("content", "") for one in document.all("meta", name="robots"))
        in_sitemap = own in {unquote(one) for one in listed[brand.id]}
        if canonical == own and not noindex:
            assert in_sitemap, f"{path} is not in the sitemap"
            assert alternates.get(locale.code) == own, path
            assert "x-default" in alternates, path
        else:
            assert not in_sitemap, f"{path} is in the sitemap"
            assert not alternates, path
        target = site_of(project, canonical)
        assert target, canonical
        assert (example_site / target[0] / target[1] / "index.html").is_file(), canonical
    for own, alternates in links.items():
        for code, url in alternates.items():
            if code != "x-default":
                assert links[url][urlsplit(own).path.split("/")[2]] == own, f"{own} and {url} do not name each other"
                assert links[url].get("x-default") == alternates.get("x-default"), (
                    f"{own} and {url} differ in x-default"
                )


def test_fallback_pages_say_so(example_site: Path) -> None:
    page = example_site / "retail" / "ko" / "payments" / "refunds" / "respond-to-a-dispute" / "index.html"
    document = parsed(page)
    assert document.all("html")[0]["lang"] == "ko"
    assert document.all("link", rel="canonical")[0]["href"].endswith(
        "/retail/en/payments/refunds/respond-to-a-dispute/"
    )
    assert any(one.get("dir") == "ltr" for one in document.all("div", lang="en"))
    assert "한국어" in page.read_text("utf-8")
    hidden = example_site / "web" / "ko" / "payments" / "refunds" / "respond-to-a-dispute"
    assert not hidden.exists()


def test_structured_data_parses_and_agrees(pages: list[Path]) -> None:
    seen = 0
    for path in pages:
        text = path.read_text("utf-8")
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S):
            graph = json.loads(block)["@graph"]
            articles = [one for one in graph if one["@type"] == "Article"]
            canonical = parsed(path).all("link", rel="canonical")[0]["href"]
            assert all(one["url"] == canonical for one in articles), path
            seen += len(articles)
    assert seen > 300


def test_headings_keep_their_ids_across_languages(example_site: Path) -> None:
    key = "payments/card-payments/accepted-cards-and-fees/index.html"
    ids = {
        code: re.findall(r'<h2 id="([^"]+)"', (example_site / "retail" / code / key).read_text("utf-8"))
        for code in ("en", "fr", "ko", "ar")
    }
    assert len(ids["en"]) >= 5
    assert ids["en"] == ids["fr"] == ids["ko"] == ids["ar"]


def test_every_language_has_its_own_404_search_data_and_ticket(example_site: Path, project: Project) -> None:
    for brand in project.brands:
        for code in brand.locales:
            home = example_site / brand.id / code
            assert parsed(home / "404.html").all("html")[0]["lang"] == code
            index = json.loads((home / "search" / "index.json").read_text("utf-8"))
            titles = json.loads((home / "search" / f"titles-{index['titles']}.json").read_text("utf-8"))
            found = titles["urls"].split("\n")
            assert len(found) == index["count"] > 10
            assert all((home / url / "index.html").is_file() for url in found)
            assert (home / "contact" / "index.html").is_file()


def test_old_addresses_lead_on(example_site: Path) -> None:
    lines = (example_site / "retail" / "_redirects").read_text("utf-8").splitlines()
    moved = [line.split() for line in lines if line.endswith(" 301")]
    assert len(moved) >= 10
    for old, new, _ in moved:
        page = example_site / "retail" / unquote(old).removeprefix("/retail/") / "index.html"
        assert 'http-equiv="refresh"' in page.read_text("utf-8")
        assert (example_site / unquote(new).lstrip("/") / "index.html").is_file()


def test_assets_are_hashed_and_used(example_site: Path, pages: list[Path], project: Project) -> None:
    for brand in project.brands:
        used = set()
        for path in (example_site / brand.id).rglob("*.html"):
            used |= set(re.findall(r"assets/([^\"?#]+)", path.read_text("utf-8")))
        for asset in (example_site / brand.id / "assets").iterdir():
            assert re.search(r"\.[0-9a-f]{8}\.\w+$", asset.name), asset
            if asset.suffix not in (".js",):
                assert asset.name in used, f"{asset} is used by no page"
