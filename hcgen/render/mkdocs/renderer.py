"""Pages through MkDocs's theme folders: our templates over Material's, as `mkdocs build` would find them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import jinja2

from hcgen.files.theme import theme_folder
from hcgen.model.site import Page, Site
from hcgen.render.mkdocs.environment import theme_environment
from hcgen.render.mkdocs.pieces import DirectContext, Pieces
from hcgen.render.outputs import page_path
from hcgen.render.theme import theme_files
from hcgen.render.view import Views
from hcgen.text import digest


def prepare(environment: jinja2.Environment) -> jinja2.Environment:
    """The settings and functions that our templates stand on, the same behind both doors."""
    environment.autoescape = True
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.context_class = DirectContext
    pieces = Pieces(environment)
    environment.globals |= {"piece": pieces.piece, "svg": pieces.svg}
    return environment


def encode(text: str) -> bytes:
    """The bytes that MkDocs writes for a rendered template."""
    return text.encode("utf-8", errors="xmlcharrefreplace")


class MkDocsRenderer:
    """Renders without MkDocs: its theme folders and its templates' language alone."""

    def __init__(self, root: Path) -> None:
        self._theme = theme_folder(root)
        self._environment = theme_environment(self._theme)
        prepare(self._environment)
        self._views: Views | None = None
        self._used: dict[frozenset[str], frozenset[str]] = {}
        self._digests: dict[frozenset[str], str] = {}

    def warm(self) -> None:
        """Compiles the templates of pages."""
        self._environment.get_template("main.html")
        for path in sorted((self._theme / "partials").rglob("*.html")):
            self._environment.get_template(path.relative_to(self._theme).as_posix())

    def page(self, page: Page, site: Site) -> tuple[bytes, frozenset[str]]:
        """The bytes of one page of `site`, and the names of all templates that took part in it."""
        notes = self._environment.notes
        notes.names = set()
        text = self._environment.get_template("main.html").render(hc=self._views_of(site).of(page))
        names = frozenset(notes.names)
        # A site has few kinds of page: equal sets are one.
        return encode(text), self._used.setdefault(names, names)

    def pages(self, site: Site) -> Iterator[tuple[str, bytes]]:
        """(path below the brand's root, bytes) of every page."""
        for page in site.pages:
            yield page_path(site, page.url), self.page(page, site)[0]

    def document(self, template: str, values: Mapping[str, object]) -> bytes:
        """A page outside any site."""
        return encode(self._environment.get_template(template).render(**values))

    def digest_of(self, names: Iterable[str]) -> str:
        """A digest over the templates `names` and their texts, "none" for those that are not there."""
        wanted = frozenset(names)
        if wanted not in self._digests:
            self._digests[wanted] = digest("\n".join(f"{name}: {self._text_digest(name)}" for name in sorted(wanted)))
        return self._digests[wanted]

    def _text_digest(self, name: str) -> str:
        loader = self._environment.loader
        assert loader is not None
        try:
            return digest(loader.get_source(self._environment, name)[0])
        except jinja2.TemplateNotFound:
            return "none"

    def _views_of(self, site: Site) -> Views:
        """The views of `site`, kept until another site comes: pages come site by site."""
        if self._views is None or self._views.site is not site:
            names = {name: published for name, (published, _) in theme_files(self._theme, site.brand).items()}
            self._views = Views(site, names)
        return self._views
