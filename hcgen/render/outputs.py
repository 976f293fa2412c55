"""What one `Site` becomes besides its pages: the search index and sitemaps; and where pages go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from hcgen.model.site import Kind, SearchEntry, Site
from hcgen.render.view import quoted, translations
from hcgen.search.documents import Analysed
from hcgen.search.index import index_files
from hcgen.search.languages import language
from hcgen.search.texts import entry_terms

# Sitemaps protocol 0.9: 50,000 addresses a file at most; each of ours names its alternates too, so fewer.
_MOST_ADDRESSES = 10_000


def page_path(site: Site, url: str) -> str:
    """Path below the brand's root of the page `url`."""
    return f"{site.locale.code}/{url}" if url.endswith(".html") else f"{site.locale.code}/{url}index.html"


def search_path(site: Site, name: str = "") -> str:
    """Path below the brand's root of the file `name` of the search index."""
    return f"{site.locale.code}/search/{name}"


def search_files(site: Site, text_of: Callable[[SearchEntry], Analysed]) -> Iterator[tuple[str, bytes]]:
    """The search index of one language. `text_of` gives the terms of an article's text (`search.texts.text_terms`)."""
    code = site.locale.code
    found = [entry_terms(entry, text_of(entry), code) for entry in site.search]
    for name, data in index_files(found, language(code), site.synonyms).items():
        yield search_path(site, name), data


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
