"""Everything one `Site` becomes: pages by the renderer, search data, sitemap, and the files it uses."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from hcgen.model.site import Kind, Site
from hcgen.render.port import Renderer
from hcgen.render.view import quoted, translations
from hcgen.text import canonical_json

# Sitemaps protocol 0.9: 50,000 addresses a file at most; each of ours names its alternates too, so fewer.
_MOST_ADDRESSES = 10_000


def site_files(site: Site, renderer: Renderer) -> Iterator[tuple[str, bytes]]:
    """(path below the brand's root, bytes) of all files of `site` but the assets, pages first."""
    yield from renderer.pages(site)
    yield from data_files(site)


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The files of `site` that no template makes: search data and sitemaps."""
    yield search_path(site), search_data(site)
    yield from sitemaps(site)


def page_path(site: Site, url: str) -> str:
    """Path below the brand's root of the page `url`."""
    return f"{site.locale.code}/{url}" if url.endswith(".html") else f"{site.locale.code}/{url}index.html"


def search_path(site: Site) -> str:
    """Path below the brand's root of the search data."""
    return f"{site.locale.code}/search/index.json"


def search_data(site: Site) -> bytes:
    """What the search page loads: a list of articles; `url` is relative to the language's root."""
    rows = []
    for entry in site.search:
        row = {"title": entry.title, "url": entry.url, "category": entry.category}
        row |= {"description": entry.description, "words": entry.words}
        rows.append(row | ({"lang": entry.lang} if entry.lang else {}))
    return canonical_json(rows).encode()


def sitemaps(site: Site) -> Iterator[tuple[str, bytes]]:
    """The sitemap of one language, in as many files as it takes."""
    pages = [page for page in site.pages if page.is_indexed and page.kind is not Kind.NOT_FOUND]
    base = f"{site.brand.site_url}{site.locale.code}/"
    for at in range(0, max(1, len(pages)), _MOST_ADDRESSES):
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        ]
        for page in pages[at : at + _MOST_ADDRESSES]:
            lines.append(f"<url><loc>{_text(base + quoted(page.url))}</loc>")
            if page.updated:
                lines.append(f"<lastmod>{_text(page.updated)}</lastmod>")
            lines += [
                f'<xhtml:link rel="alternate" hreflang={_attribute(code)} href={_attribute(url)}/>'
                for code, url in translations(page, site.brand)
            ]
            lines.append("</url>")
        lines.append("</urlset>\n")
        name = "sitemap.xml" if at == 0 else f"sitemap-{at // _MOST_ADDRESSES + 1}.xml"
        yield f"{site.locale.code}/{name}", "\n".join(lines).encode()


def _attribute(value: str) -> str:
    return '"' + _text(value).replace('"', "&quot;") + '"'


def _text(value: str) -> str:
    return escape(value, quote=False)
