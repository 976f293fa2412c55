"""One brand in one language, written below a staging folder. Runs in a worker as well as in the parent."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hcgen.builds.report import ShardReport
from hcgen.errors import HcgenError
from hcgen.files.strings import theme_folder
from hcgen.model.brand import Brand
from hcgen.model.locale import Locale
from hcgen.model.project import Project
from hcgen.model.site import Kind, Site
from hcgen.pages.assemble import assemble
from hcgen.pages.library import Workshop
from hcgen.render.outputs import site_files
from hcgen.render.port import Renderer
from hcgen.render.theme import theme_files


def build_shard(
    project: Project, brand: Brand, locale: Locale, workshop: Workshop, renderer: Renderer, stage: Path
) -> ShardReport:
    """Assembles, renders and writes one site below `stage/<brand>/`, assets included."""
    site = assemble(project, brand, locale, workshop)
    home = stage / brand.id
    sitemaps = []
    made: set[Path] = set()
    for path, data in site_files(site, renderer):
        target = home / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(data)
        if path.endswith(".xml"):
            sitemaps.append(path)
    assets = []
    for published, asset in site.assets.values():
        target = home / published
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            _copy(project.root / asset.path, target)
        assets.append(published)
    # A partial build of another time keeps these pages, and the style and scripts they load with them.
    assets += [published for published, _ in theme_files(theme_folder(project.root), brand).values()]
    return _report(site, tuple(sitemaps), tuple(sorted(set(assets))))


def _copy(source: Path, target: Path) -> None:
    # Two workers may want the same file at once: each writes its own and renames it.
    part = target.with_name(f".{os.getpid()}.part")
    try:
        shutil.copyfile(source, part)
        part.rename(target)
    except OSError as error:
        remedy = "It was there when the build began; build again."
        raise HcgenError(f"the file cannot be copied: {error.strerror}", where=str(source), remedy=remedy) from None


def _report(site: Site, sitemaps: tuple[str, ...], assets: tuple[str, ...]) -> ShardReport:
    articles = [page for page in site.pages if page.kind is Kind.ARTICLE]
    return ShardReport(
        brand=site.brand.id,
        locale=site.locale.code,
        pages=len(site.pages),
        articles={page.article.public_id: page.article.digest[:12] for page in articles if page.article},
        fallback=sum(page.is_fallback for page in articles),
        redirects=site.redirects,
        assets=assets,
        sitemaps=sitemaps,
        findings=site.findings,
    )
