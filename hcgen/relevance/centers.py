"""A help center as the gate sees it: its index as files, its articles, and the names that queries give them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from hcgen.model.site import Kind, Site
from hcgen.relevance.documents import documents_of
from hcgen.search.analyse import Analyser
from hcgen.search.documents import Document, analysed
from hcgen.search.index import index_files
from hcgen.search.languages import language
from hcgen.search.runtime import runtime


class Center(Struct, frozen=True):
    """One brand in one language. `index` holds the files that its pages search, `runtime` the script they do it with.

    `names` leads from addresses, relative to the locale's root, to the public ids of articles, and `ids` to these
    from all that an article is called: its id and its key.
    """

    brand: str
    locale: str
    documents: tuple[Document, ...]
    names: Mapping[str, str]
    ids: Mapping[str, str]
    index: Path
    runtime: Path


def centers(sites: Iterable[Site], html: Callable[[str], str], folder: Path, scripts: Path) -> list[Center]:
    """The help centers `sites` with their indexes, as a build makes them, below `folder`.

    `html` gives the HTML of a conversion by its sign; `scripts` is theme/search.
    """
    analysers: dict[str, Analyser] = {}
    found = []
    for site in sites:
        code = site.locale.code
        analyser = analysers.setdefault(code, Analyser(language(code)))
        home = folder / site.brand.id / code
        home.mkdir(parents=True)
        documents = tuple(documents_of(site, html))
        terms = [analysed(one, analyser) for one in documents]
        for name, data in index_files(terms, analyser.language, site.synonyms).items():
            (home / name).write_bytes(data)
        script = home / "runtime.mjs"
        script.write_text(runtime(scripts, analyser.language), "utf-8")
        found.append(_center(site, documents, home, script))
    return found


def _center(site: Site, documents: tuple[Document, ...], index: Path, script: Path) -> Center:
    names: dict[str, str] = {}
    ids: dict[str, str] = {}
    for page in site.pages:
        if page.kind is Kind.ARTICLE and page.article:
            names[page.url] = page.article.public_id
            ids[page.key] = page.article.public_id
    # An id goes before a key that is spelt like it.
    ids |= {name: name for name in names.values()}
    return Center(site.brand.id, site.locale.code, documents, names, ids, index, script)
