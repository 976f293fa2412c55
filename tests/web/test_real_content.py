"""Real help articles, as writers of three support organisations left them: valid HTML of ours, nothing too wide."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from bench.corpora import CORPORA, make_project, run
from hcgen.files.project import read_project
from hcgen.model.site import Kind
from hcgen.pages.assemble import assemble
from tests.web.harness import file_of, pages_of, served
from tests.web.test_overflow import too_wide
from tests.web.tools import Fault, nu

pytestmark = pytest.mark.full
# Of the largest corpus one brand, as in tests/test_corpora.py.
CHOSEN = {"arduino-help": [], "bc-regions": [], "m365-insights": ["--brand", "files"]}
CHECKED, MEASURED = 400, 200
"""Pages of each corpus that Nu reads, and that are measured."""


@pytest.fixture(scope="module", params=CHOSEN)
def project(request: pytest.FixtureRequest, corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a corpus as a project, its `site` built."""
    folder = tmp_path_factory.mktemp("real") / request.param
    make_project(CORPORA[request.param], folder)
    done, _, _ = run("build", "-C", str(folder), "--out", str(folder / "site"), "--json", *CHOSEN[request.param])
    assert json.loads(done.stdout)["installed"], done.stderr
    return folder


def sample(project: Path, count: int) -> list[str]:
    """So many addresses of the project's site, always the same."""
    paths = pages_of(project / "site")
    return sorted(random.Random(project.name).sample(paths, min(count, len(paths))))


def test_errors_are_the_writers_own(project: Path, tmp_path: Path) -> None:
    """An error counts unless the same Markdown has it when markdown-it alone renders it: then raw HTML made it."""
    site = project / "site"
    found: dict[Path, list[Fault]] = defaultdict(list)
    for fault in nu(*(file_of(site, path) for path in sample(project, CHECKED))):
        found[Path(fault.page).relative_to(site)].append(fault)
    plain = {path: tmp_path / f"{number}.html" for number, path in enumerate(found)}
    for path, text in articles(project, set(found)):
        # Below a title, as in our page: so a heading that skips a level does it here, too.
        body = "<h1>x</h1>\n" + MarkdownIt("commonmark").enable("table").render(text)
        plain[path].write_text(f'<!doctype html><html lang="en"><title>x</title><body>{body}</body></html>', "utf-8")
    theirs = Counter((one.page, one.message) for one in nu(tmp_path))
    ours = [one for path in found for one in found[path] if not theirs[str(plain[path]), one.message]]
    assert ours == [], "\n".join(map(str, ours))


def test_nothing_is_too_wide(browser: Browser, project: Path) -> None:
    paths: dict[str, list[str]] = defaultdict(list)
    for path in sample(project, MEASURED):
        paths[path.split("/")[1]].append(path)
    with served(project / "site", project) as address:
        brands = [brand for brand in CORPORA[project.name].brands if paths[brand]]
        assert brands
        for brand in brands:
            assert too_wide(browser, address, paths[brand]) == {}


def articles(folder: Path, pages: set[Path]) -> Iterator[tuple[Path, str]]:
    """(page, its article's Markdown) of those pages, paths below the site, that are articles."""
    project = read_project(folder)
    for brand_id, code in sorted({page.parts[:2] for page in pages}):
        brand = project.brand(brand_id)
        for page in assemble(project, brand, project.settings.locale(code)).pages:
            path = Path(brand_id, code, page.url, "index.html")
            if path in pages and page.kind is Kind.ARTICLE and page.article:
                yield path, project.text(page.article)
