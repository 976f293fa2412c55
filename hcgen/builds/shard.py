"""One brand in one language, or a share of its pages, written below a staging folder: what changed, and no more.

Runs in a worker as well as in the parent.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from hcgen.builds.cache import Cache, encode
from hcgen.builds.crew import Note
from hcgen.builds.index import Terms, index_digest
from hcgen.builds.renderers import renderer_of
from hcgen.builds.report import ShardReport
from hcgen.builds.sources import Reading, Ready, fragment_name
from hcgen.builds.stage import Stage
from hcgen.builds.tools import tool_digest
from hcgen.builds.trees import PageState, ShardState, sign_of, sign_of_asset
from hcgen.files.theme import theme_folder
from hcgen.model.project import Project
from hcgen.model.site import Kind, Site
from hcgen.pages.assemble import Assembler
from hcgen.pages.draft import Draft, finish
from hcgen.pages.library import Workshop, conversions_of
from hcgen.render.outputs import page_path, search_files, search_path, sitemaps
from hcgen.render.theme import search_script, theme_files, theme_names
from hcgen.render.view import shell_digest
from hcgen.text import digest


class Shop(Struct, frozen=True):
    """What all shards of a build work with; forked workers find it in memory."""

    reading: Reading
    workshop: Workshop
    cache: Cache
    stage: Stage
    served: Path | None = None
    """The installed tree, from which files that stay are linked; None where the stage has them already."""

    @property
    def project(self) -> Project:
        """The project."""
        return self.reading.project


class Task(Struct, frozen=True):
    """Share `part` of `parts` of a shard's pages; the first share does what is the shard's as a whole."""

    shop: Shop
    brand: str
    locale: str
    previous: ShardState | None
    part: int = 0
    parts: int = 1


class Keep(Struct, frozen=True):
    """A shard of the served tree that goes into the new one as it is."""

    shop: Shop
    state: ShardState


class Result(Struct, frozen=True):
    """What a task did. The first share's report counts all pages. `terms` are to be kept, `search_seconds` of CPU."""

    brand: str
    locale: str
    part: int
    state: ShardState
    report: ShardReport
    rendered: int
    written: int
    terms: list[tuple[str, bytes]]
    search_seconds: float


def perform(task: Task | Keep, note: Note) -> Result | None:
    """Plans a shard and writes those of its pages and files that are not as before, or links one that stays."""
    if isinstance(task, Keep):
        assert task.shop.served is not None
        for path in task.state.outputs():
            task.shop.stage.link(task.shop.served / path, path)
        return None
    builder = _Builder(task, note)
    try:
        return builder.result()
    finally:
        builder.cache.close()


class _Builder:
    def __init__(self, task: Task, note: Note) -> None:
        self.task, self.note, shop = task, note, task.shop
        self.cache = shop.cache.for_worker()
        self.project, self.stage, self.served = shop.project, shop.stage, shop.served
        self.fresh = shop.reading.html
        self.terms = Terms(task.locale, self.cache, shop.reading.terms, self._html)
        self.renderer = renderer_of(shop.project.settings.renderer, shop.project.root)
        self.brand = shop.project.brand(task.brand)
        ready = Ready(shop.reading.records, self.cache)
        self.workshop = replace(shop.workshop, ready=ready, load=self._html)
        locale = shop.project.settings.locale(task.locale)
        self.assembler = Assembler(shop.project, self.brand, locale, self.workshop)
        self.previous = task.previous or ShardState({}, {})
        self.sets: dict[frozenset[str], int] = {}
        self.is_current = [
            self.renderer.digest_of(names, task.brand) == sign for names, sign in self.previous.templates
        ]
        self.rendered = self.written = 0

    def result(self) -> Result:
        drafts = self.assembler.drafts(self.task.part, self.task.parts)
        site = self.assembler.site(drafts, with_bodies=False)
        names = theme_names(self._theme, site)
        shell = tool_digest() + shell_digest(site, names)
        pages = {
            path: state for draft in drafts if not draft.is_sketch for path, state in [self._page(draft, site, shell)]
        }
        files = self._assets(site)
        maps: list[tuple[str, bytes]] = []
        search, search_seconds = "", 0.0
        if self.task.part == 0:
            started = time.process_time()
            search = index_digest(site)
            files |= self._search(site, search)
            search_seconds = time.process_time() - started
            maps = list(sitemaps(site))
            for path, data in maps:
                files |= self._put(path, data)
        templates = tuple((tuple(sorted(one)), self.renderer.digest_of(one, self.brand.id)) for one in self.sets)
        state = ShardState(pages, files, templates, search)
        shared = (published for published, _ in theme_files(self._theme, self.brand).values())
        used = sorted({*(published for published, _ in site.assets.values()), *shared})
        report = _report(site, drafts, tuple(path for path, _ in maps), tuple(used))
        return Result(
            self.brand.id, site.locale.code, self.task.part, state, report, self.rendered, self.written,
            self.terms.made, search_seconds,
        )  # fmt: skip

    @property
    def _theme(self) -> Path:
        return theme_folder(self.project.root)

    def _search(self, site: Site, made_from: str) -> dict[str, str]:
        """Puts the script and the index of search, which stays where it would be made from the same."""
        files = self._put(*search_script(self._theme, site))
        if made_from != self.previous.search:
            for path, data in search_files(site, self.terms.of):
                files |= self._put(path, data)
            return files
        folder = f"{self.brand.id}/{search_path(site)}"
        kept = {path: output for path, output in self.previous.files.items() if path.startswith(folder)}
        for path in kept.keys() - files.keys():
            if path.endswith(".json"):
                self._stay(path)
                files[path] = kept[path]
        return files

    def _page(self, draft: Draft, site: Site, shell: str) -> tuple[str, PageState]:
        """The page's path and state, rendered if anything it shows is not as before."""
        path = f"{self.brand.id}/{page_path(site, draft.page.url)}"
        value = digest(shell.encode() + encode(draft), 8)
        before = self.previous.pages.get(path)
        if before and before.value == value and self.is_current[before.templates]:
            names = frozenset(self.previous.templates[before.templates][0])
            self._stay(path)
            return path, PageState(value, self._set(names), before.output)
        self.note(draft.article.path if draft.article else path)
        data, used = self.renderer.page(finish(draft, site.strings, self.workshop.html), site)
        self.rendered += 1
        output = sign_of(data)
        if before is None or before.output != output:
            self.stage.write(path, data)
            self.written += 1
        else:
            self._stay(path)
        return path, PageState(value, self._set(used), output)

    def _set(self, names: frozenset[str]) -> int:
        return self.sets.setdefault(names, len(self.sets))

    def _put(self, inner: str, data: bytes) -> dict[str, str]:
        path, output = f"{self.brand.id}/{inner}", sign_of(data)
        if self.previous.files.get(path) != output:
            self.stage.write(path, data)
            self.written += 1
        else:
            self._stay(path)
        return {path: output}

    def _stay(self, path: str) -> None:
        if self.served:
            self.stage.link(self.served / path, path)

    def _assets(self, site: Site) -> dict[str, str]:
        """Puts the files that pages use into the brand's folder, which its languages share."""
        found = {}
        for published, asset in site.assets.values():
            path = f"{self.brand.id}/{published}"
            found[path] = sign_of_asset(asset)
            if not self._is_there(path, found[path]):
                self.note(asset.path)
                self.stage.copy(self.project.root / asset.path, path)
        # Pages that a later, partial build keeps need the style and scripts of today.
        for published, data in theme_files(self._theme, self.brand).values():
            path = f"{self.brand.id}/{published}"
            found[path] = sign_of(data)
            if not self._is_there(path, found[path]):
                self.stage.write(path, data)
        return found

    def _is_there(self, path: str, output: str) -> bool:
        """Whether a shared file is in the stage, perhaps since this moment."""
        if self.served and self.previous.files.get(path) == output:
            self.stage.link(self.served / path, path)
            return True
        return (self.stage.folder / path).is_file()

    def _html(self, sign: str) -> str:
        data = self.fresh.get(sign) or self.cache.get_raw("html", fragment_name(sign))
        if data is not None:
            return data.decode()
        # The entry is damaged or gone: its text is converted again.
        selection = self.assembler.links.selection
        for article in (*selection.articles.values(), *selection.indexes.values()):
            if self.workshop.converted(article, self.brand).sign == sign:
                names, snippets = self.project.brand_names, self.project.library.snippets
                text = self.project.text(article)
                return conversions_of(text, [self.brand.id], names, snippets, {})[1][sign].html
        raise AssertionError(f"no article has the text {sign}")


def _report(site: Site, drafts: Iterable[Draft], sitemaps: tuple[str, ...], assets: tuple[str, ...]) -> ShardReport:
    articles = [draft for draft in drafts if draft.page.kind is Kind.ARTICLE]
    return ShardReport(
        brand=site.brand.id,
        locale=site.locale.code,
        pages=len(site.pages),
        articles={draft.article.public_id: draft.article.digest[:12] for draft in articles if draft.article},
        fallback=sum(draft.page.is_fallback for draft in articles),
        redirects=site.redirects,
        assets=assets,
        sitemaps=sitemaps,
        findings=site.findings,
    )
