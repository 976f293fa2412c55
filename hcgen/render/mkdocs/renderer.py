"""Pages through MkDocs's theme environment: our templates over Material's, as `mkdocs build` would find them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import jinja2
from mkdocs.theme import Theme

from hcgen.files.theme import theme_folder
from hcgen.model.site import Page, Site
from hcgen.render.outputs import page_path
from hcgen.render.theme import theme_files
from hcgen.render.view import View


def prepare(environment: jinja2.Environment) -> jinja2.Environment:
    """The settings that our templates stand on, the same behind both doors."""
    environment.autoescape = True
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    return environment


def page_view(page: Page, site: Site, names: Mapping[str, str]) -> View:
    """The value `hc` of the page's template."""
    return View(page, site, names)


def encode(text: str) -> bytes:
    """The bytes that MkDocs writes for a rendered template."""
    return text.encode("utf-8", errors="xmlcharrefreplace")


class MkDocsRenderer:
    """Renders without MkDocs's build loop: its theme look-up and Jinja2 environment alone."""

    def __init__(self, root: Path) -> None:
        self._theme = theme_folder(root)
        self._environment = prepare(Theme(name="material", custom_dir=str(self._theme)).get_env())

    def pages(self, site: Site) -> Iterator[tuple[str, bytes]]:
        """(path below the brand's root, bytes) of every page."""
        names = {name: published for name, (published, _) in theme_files(self._theme, site.brand).items()}
        template = self._environment.get_template("main.html")
        for page in site.pages:
            yield page_path(site, page.url), encode(template.render(hc=page_view(page, site, names)))

    def warm(self) -> None:
        self._environment.get_template("main.html")

    def page(self, page: Page, site: Site) -> tuple[bytes, frozenset[str]]:
        names = {name: published for name, (published, _) in theme_files(self._theme, site.brand).items()}
        template = self._environment.get_template("main.html")
        return encode(template.render(hc=page_view(page, site, names))), frozenset({"main.html"})

    def digest_of(self, names) -> str:
        from hcgen.render.theme import theme_digest

        if not hasattr(self, "_d"):
            self._d = theme_digest(self._theme)
        return self._d

    def document(self, template: str, values: Mapping[str, object]) -> bytes:
        """A page outside any site."""
        return encode(self._environment.get_template(template).render(**values))
