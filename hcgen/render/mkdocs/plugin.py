"""The door of `mkdocs build`: hooks that hand MkDocs the pages of one brand in one language.

Content features never live here: MkDocs gets finished pages and runs the same templates. The output folder then
holds what `hcgen build` puts into `site/<brand>/` for that language.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import jinja2
from mkdocs import plugins
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from hcgen.errors import HcgenError
from hcgen.files.project import read_project
from hcgen.files.theme import brand_theme, theme_folder
from hcgen.model.finding import Severity
from hcgen.model.site import Page, SearchEntry, Site
from hcgen.pages.assemble import assemble
from hcgen.pages.library import Workshop
from hcgen.render.mkdocs.renderer import prepare
from hcgen.render.outputs import page_path, search_files, sitemaps
from hcgen.render.theme import search_script, theme_files, theme_names
from hcgen.render.view import Views
from hcgen.search.documents import Analysed
from hcgen.search.texts import text_terms

_log = logging.getLogger("mkdocs.plugins.hcgen")


class HcgenPluginConfig(Config):  # type: ignore[no-untyped-call]
    """The plugin's settings; hcgen/files/schemas/settings.schema.json describes them."""

    brand = config_options.Optional(config_options.Type(str))
    locale = config_options.Optional(config_options.Type(str))
    page_size = config_options.Type(int, default=30)
    renderer = config_options.Type(str, default="mkdocs")
    relevance = config_options.Type(dict, default={})


class HcgenPlugin(plugins.BasePlugin[HcgenPluginConfig]):  # type: ignore[no-untyped-call]
    """Replaces MkDocs's files by the pages of one help center."""

    _workshop: Workshop
    _site: Site
    _pages: dict[str, Page]
    _views: Views

    @plugins.event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Reads the project and settles every choice of the one site to build."""
        root = Path(config.config_file_path).parent
        try:
            project = read_project(root)
        except HcgenError as error:
            raise PluginError(f"hcgen: {error} {error.remedy}") from None
        by_id = {brand.id: brand for brand in project.brands}
        brand = by_id.get(self.config.brand or project.brands[0].id)
        if brand is None:
            raise PluginError(f"hcgen: no brand is called {self.config.brand!r}; use one of: {', '.join(by_id)}.")
        code = self.config.locale or brand.default_locale
        if code not in brand.locales:
            raise PluginError(f"hcgen: {brand.id} is not in {code!r}; use one of: {', '.join(brand.locales)}.")
        self._workshop = Workshop(project)
        self._site = assemble(project, brand, project.settings.locale(code), self._workshop)
        for finding in sorted({*project.findings, *self._site.findings}):
            level = logging.ERROR if finding.severity is Severity.ERROR else logging.INFO
            _log.log(level, "%s: %s %s", finding.place, finding.message, finding.remedy)
        # mkdocs-static-i18n is read for its languages; its hooks would regroup files that are final already.
        i18n = config.plugins.get("i18n")
        for methods in config.plugins.events.values():
            methods[:] = [method for method in methods if i18n is None or getattr(method, "__self__", None) is not i18n]
        theme = str(theme_folder(project.root))
        if theme not in config.theme.dirs:
            config.theme.dirs.insert(0, theme)
        own = brand_theme(project.root, brand.id)
        if own.is_dir():
            config.theme.dirs.insert(0, str(own))
        config.theme.static_templates.clear()
        config.use_directory_urls = True
        config.site_url = brand.site_url
        return config

    @plugins.event_priority(-200)
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Our pages and files in place of those that MkDocs found."""
        site, root = self._site, Path(config.config_file_path).parent
        found = Files([])
        self._pages = {}
        for page in site.pages:
            path = page_path(site, page.url)
            source = path.removesuffix(".html") + ".md"
            file = File.generated(config, source, content="")
            file.dest_uri = path
            self._pages[source] = page
            found.append(file)
        theme = theme_folder(root)
        self._views = Views(site, theme_names(theme, site))
        for published, data in (*theme_files(theme, site.brand).values(), search_script(theme, site)):
            found.append(File.generated(config, published, content=data))
        for path, data in (*search_files(site, self._terms), *sitemaps(site)):
            found.append(File.generated(config, path, content=data))
        for published, asset in site.assets.values():
            found.append(File.generated(config, published, abs_src_path=str(root / asset.path)))
        return found

    def _terms(self, entry: SearchEntry) -> Analysed:
        return text_terms(self._workshop.html(entry.sign), self._site.locale.code, entry.facts)

    def on_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """The same environment as behind the other door."""
        return prepare(env)

    def on_page_context(self, context: Any, page: MkDocsPage, config: MkDocsConfig, nav: Navigation) -> Any:
        """The template's one value."""
        context["hc"] = self._views.of(self._pages[page.file.src_uri])
        return context
