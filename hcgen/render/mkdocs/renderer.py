"""Pages through MkDocs's theme folders: our templates over Material's, as `mkdocs build` would find them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import jinja2

from hcgen.files.theme import brand_theme, theme_folder
from hcgen.model.site import Page, Site
from hcgen.render.mkdocs.environment import NotingEnvironment, theme_environment
from hcgen.render.mkdocs.pieces import DirectContext, Pieces
from hcgen.render.outputs import page_path
from hcgen.render.theme import theme_names
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
        self._root, self._theme = root, theme_folder(root)
        # By brand; brands without templates of their own share one.
        self._environments: dict[str, NotingEnvironment] = {"": self._made(self._theme)}
        self._views: Views | None = None
        self._used: dict[frozenset[str], frozenset[str]] = {}
        self._digests: dict[tuple[NotingEnvironment, frozenset[str]], str] = {}

    def warm(self) -> None:
        """Compiles the templates of pages."""
        environment = self._environments[""]
        environment.get_template("main.html")
        for path in sorted((self._theme / "partials").rglob("*.html")):
            environment.get_template(path.relative_to(self._theme).as_posix())

    def page(self, page: Page, site: Site) -> tuple[bytes, frozenset[str]]:
        """The bytes of one page of `site`, and the names of all templates that took part in it."""
        environment = self._environment(site.brand.id)
        notes = environment.notes
        notes.names = set()
        text = environment.get_template("main.html").render(hc=self._views_of(site).of(page))
        names = frozenset(notes.names)
        # A site has few kinds of page: equal sets are one.
        return encode(text), self._used.setdefault(names, names)

    def pages(self, site: Site) -> Iterator[tuple[str, bytes]]:
        """(path below the brand's root, bytes) of every page."""
        for page in site.pages:
            yield page_path(site, page.url), self.page(page, site)[0]

    def document(self, template: str, values: Mapping[str, object], brand: str) -> bytes:
        """A page outside any site, of a brand or ("") of all."""
        return encode(self._environment(brand).get_template(template).render(**values))

    def digest_of(self, names: Iterable[str], brand: str) -> str:
        """A digest over the templates `names` of `brand` and their texts, "none" for those that are not there."""
        environment = self._environment(brand)
        key = (environment, frozenset(names))
        if key not in self._digests:
            lines = [f"{name}: {_text_digest(environment, name)}" for name in sorted(key[1])]
            self._digests[key] = digest("\n".join(lines))
        return self._digests[key]

    def _environment(self, brand: str) -> NotingEnvironment:
        """The templates of `brand`: its own before the theme's."""
        if brand not in self._environments:
            own = brand_theme(self._root, brand)
            self._environments[brand] = self._made(own, self._theme) if own.is_dir() else self._environments[""]
        return self._environments[brand]

    def _made(self, *folders: Path) -> NotingEnvironment:
        environment = theme_environment(*folders)
        prepare(environment)
        return environment

    def _views_of(self, site: Site) -> Views:
        """The views of `site`, kept until another site comes: pages come site by site."""
        if self._views is None or self._views.site is not site:
            self._views = Views(site, theme_names(self._theme, site))
        return self._views


def _text_digest(environment: jinja2.Environment, name: str) -> str:
    assert environment.loader is not None
    try:
        return digest(environment.loader.get_source(environment, name)[0])
    except jinja2.TemplateNotFound:
        return "none"
