"""A change makes again what shows it, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.builds.build import build
from hcgen.builds.report import BuildReport
from hcgen.builds.wanted import Wanted
from hcgen.text import digest
from tests.world import NOW, RETAIL, ROOT, WEB, World

MakeWorld = Callable[..., World]
LONG = "---\ntitle: {title}\ndescription: What it is.\n---\nFirst words.\n\n## Steps\n\n{text}\n"


@pytest.fixture
def town(make_world: MakeWorld) -> World:
    """Two brands with two categories each, of three articles, and a theme of their own."""
    files: dict[str, str | bytes | None] = {}
    for folder in ("billing", "shop"):
        files[f"content/en/{folder}/index.md"] = f"---\ntitle: {folder.title()}\n---\n"
        for name in ("one", "two", "three"):
            files[f"content/en/{folder}/{name}.md"] = LONG.format(title=f"{folder} {name}", text="Text.")
    world = make_world(files)
    shutil.copytree(ROOT / "theme", world.root / "theme")
    return world


def inodes(out: Path) -> dict[str, int]:
    """Which file stands at each path."""
    return {path.relative_to(out).as_posix(): path.stat().st_ino for path in out.rglob("*") if path.is_file()}


def after(world: World, files: dict[str, str | bytes | None]) -> tuple[set[str], BuildReport]:
    """Paths that a build after the change `files` wrote anew, and its report."""
    out = world.root / "site"
    assert build(world.root, out, Wanted(), NOW).installed
    before = inodes(out)
    world.write(files)
    report = build(world.root, out, Wanted(), NOW)
    assert report.installed, report.findings
    now = inodes(out)
    return {path for path, inode in now.items() if before.get(path) != inode} - {"hcgen.json"}, report


def indexed(*languages: str) -> set[str]:
    """The first file of the search index of some languages; names of the others change with what is in them."""
    return {f"{one}/search/index.json" for one in languages}


def without_index(written: set[str]) -> set[str]:
    """Those of the paths that are no file of a search index."""
    return {path for path in written if not ("/search/" in path and path.endswith(".json"))}


def pages(folder: str, *languages: str) -> set[str]:
    """The page of `folder` in some languages, written as brand/locale."""
    return {f"{one}/{folder}/index.html" for one in languages}


EVERYWHERE = ("retail/en", "retail/de", "retail/ar", "web/en", "web/de")


def test_words_within_an_article_change_its_own_pages_alone(town: World) -> None:
    written, report = after(town, {"content/en/shop/two.md": LONG.format(title="shop two", text="Other text.")})
    assert without_index(written) == pages("shop/two", *EVERYWHERE)
    assert indexed(*EVERYWHERE) <= written
    assert report.rendered == len(EVERYWHERE)
    assert report.read == 1 or report.read < 20


def test_a_title_changes_the_pages_that_name_it(town: World) -> None:
    written, report = after(town, {"content/en/shop/two.md": LONG.format(title="shop anew", text="Text.")})
    named = pages("shop/two", *EVERYWHERE) | pages("shop/one", *EVERYWHERE) | pages("shop", *EVERYWHERE)
    assert named <= written
    assert not any("/billing/" in path or "/contact/" in path or path.endswith("404.html") for path in written)
    assert indexed(*EVERYWHERE) <= written
    assert not any("/search/" in path for path in without_index(written))
    assert report.rendered <= 8 * len(EVERYWHERE)


def test_an_article_of_one_brand_leaves_the_other_brand_alone(town: World) -> None:
    written, _ = after(town, {"brands/web/content/en/shop/two.md": LONG.format(title="shop two", text="Web's own.")})
    assert pages("shop/two", "web/en", "web/de") <= written
    assert not any(path.startswith("retail/") for path in written)


def test_a_translation_tells_the_other_languages(town: World) -> None:
    written, _ = after(town, {"content/de/shop/two.md": LONG.format(title="Laden zwei", text="Text.")})
    assert pages("shop/two", "retail/de", "retail/en", "web/de", "web/en") <= written
    assert "retail/en/shop/one/index.html" not in written
    assert "retail/en/billing/one/index.html" not in written


def test_an_incident_changes_home_and_contact_alone(town: World) -> None:
    mine = "- {title: Slow, level: warning, since: 2026-05-01}\n"
    written, report = after(town, {"brands/web/incidents.yml": mine})
    assert written - pages("contact", "web/en", "web/de") == {"web/en/index.html", "web/de/index.html"}
    assert report.rendered == 4
    written, report = after(town, {"content/incidents.yml": mine})
    assert written - pages("contact", *EVERYWHERE) == {f"{one}/index.html" for one in EVERYWHERE}
    assert report.rendered == 2 * len(EVERYWHERE)
    # One that is over, and one that is still to come, show nothing.
    more = mine.replace("2026-05-01", "2020-01-01, until: 2020-01-02") + mine.replace("2026-05-01", "2030-01-01")
    written, report = after(town, {"content/incidents.yml": mine + more})
    assert (written, report.rendered) == (set(), 0)


def test_popular_articles_change_home_search_and_404_alone(town: World) -> None:
    written, report = after(town, {"brands/web/popular.yml": "articles: {en: [shop/two]}\nqueries: {de: [Geld]}\n"})
    english = {"web/en/index.html", "web/en/search/index.html", "web/en/404.html", "web/404.html"}
    assert without_index(written) == english | {"web/de/index.html"}
    assert written - without_index(written) == indexed("web/en"), "popularity is all that changed"
    assert report.rendered == 4
    written, _ = after(town, {"content/popular.yml": 'articles: {"": [shop/two]}\n'})
    names = ("index.html", "search/index.html", "404.html")
    others = {f"{one}/{name}" for one in EVERYWHERE if one != "web/en" for name in names}
    assert without_index(written) == others | {"retail/404.html"}
    assert written - without_index(written) == indexed("retail/en", "retail/de", "retail/ar", "web/de")


def test_a_template_of_a_brand_changes_its_own_pages(town: World) -> None:
    text = (town.root / "theme/partials/hc/contact.html").read_text("utf-8")
    name = "brands/web/theme/partials/hc/contact.html"
    for change in (text + "<p>Only here.</p>\n", text + "<p>Changed.</p>\n", None):
        written, report = after(town, {name: change})
        assert written == pages("contact", "web/en", "web/de")
        assert report.rendered == 2


def test_an_attachment_changes_its_own_article(town: World) -> None:
    text = LONG.format(title="shop two", text="Text.").replace("---\nFirst", "attachments: [a.pdf]\n---\nFirst")
    after(town, {"content/en/shop/two.md": text, "content/en/shop/a.pdf": b"%PDF one"})
    written, report = after(town, {"content/en/shop/a.pdf": b"%PDF two"})
    assert {path for path in written if path.endswith(".html")} == pages("shop/two", *EVERYWHERE)
    assert report.rendered == len(EVERYWHERE)
    assert len([path for path in written if path.endswith(".pdf")]) == 2


def test_a_lock_changes_the_pages_whose_steps_it_names_otherwise(town: World) -> None:
    key = "billing/refunds"
    one, two = (digest(word, 6) for word in ("One", "Two"))
    same = f"{key} step-{one[:6]} {one}\n{key} step-{two[:6]} {two}\n"
    written, report = after(town, {"content/steps.lock": same})
    assert (written, report.rendered) == (set(), 0)
    written, report = after(town, {"content/steps.lock": same.replace(f"step-{two[:6]}", "step-0a0a0a")})
    # German has one item only: no procedure.
    assert written == pages("billing/refunds", "retail/en", "retail/ar", "web/en")
    assert report.read == 0


def test_a_new_step_of_the_first_language_renames_those_of_the_others(town: World) -> None:
    text = "---\ntitle: {}\ndescription: What it is.\n---\n1. Eins {}\n2. Zwei\n"
    town.write({f"content/{code}/shop/one.md": text.format("Shop", code) for code in ("en", "de")})
    written, _ = after(town, {"content/en/shop/one.md": text.format("Shop", "new")})
    assert without_index(written) == pages("shop/one", *EVERYWHERE)
    written, _ = after(town, {"content/en/shop/one.md": text.format("Shop", "new") + "\nMore words.\n"})
    assert without_index(written) == pages("shop/one", *(one for one in EVERYWHERE if not one.endswith("/de")))


def test_a_brand_file_changes_its_own_pages(town: World) -> None:
    written, report = after(town, {"brands/web/brand.yml": WEB.replace("€19", "€21") + "former_hosts: [old.example]\n"})
    assert not any(path.startswith("retail/") for path in written)
    assert report.rendered < report.pages


def test_a_brands_name_changes_the_menus_of_the_others(town: World) -> None:
    written, _ = after(town, {"brands/web/brand.yml": WEB.replace("Acme Web", "Acme Net")})
    assert {"index.html", "retail/en/index.html", "web/en/index.html"} <= written


def test_a_template_changes_the_pages_it_takes_part_in(town: World) -> None:
    name = "theme/partials/hc/contact.html"
    text = (town.root / name).read_text("utf-8")
    written, report = after(town, {name: text + "\n<!-- new -->\n"})
    assert written == pages("contact", *EVERYWHERE)
    assert report.rendered == len(EVERYWHERE)


def test_a_template_changed_without_effect_writes_nothing(town: World) -> None:
    text = (town.root / "theme/main.html").read_text("utf-8")
    written, report = after(town, {"theme/main.html": "{# new #}" + text})
    assert written == set()
    assert report.rendered == report.pages


def test_words_of_a_language_change_its_pages(town: World) -> None:
    text = (town.root / "theme/strings/de.yml").read_text("utf-8")
    written, _ = after(
        town, {"theme/strings/de.yml": text.replace("\nrelated:", "\nrelated: Mehr, sagte er\nodd_key:")}
    )
    assert written
    assert all("/de/" in path for path in written)


def test_a_setting_changes_what_shows_it(town: World) -> None:
    text = (town.root / "mkdocs.yml").read_text("utf-8")
    written, report = after(town, {"mkdocs.yml": text + "# a comment\n"})
    assert (written, report.rendered) == (set(), 0)
    written, _ = after(town, {"mkdocs.yml": text.replace("site_name: ", "site_name: New ")})
    assert written == {"index.html"}


def test_what_has_no_source_any_more_goes_and_its_folders_with_it(town: World) -> None:
    after(town, {"content/en/extra/deep/x.md": LONG.format(title="Extra", text="Text.")})
    out = town.root / "site"
    assert (out / "retail/en/extra/deep/x/index.html").is_file()
    (town.root / "content/en/extra/deep/x.md").unlink()
    assert build(town.root, out, Wanted(), NOW).installed
    assert not (out / "retail/en/extra").exists()
    assert not [path for path in out.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_a_touch_reads_again_and_writes_nothing(town: World) -> None:
    out = town.root / "site"
    build(town.root, out, Wanted(), NOW)
    before = out.stat().st_ino
    for path in town.root.glob("content/**/*.md"):
        os.utime(path, ns=(1, path.stat().st_mtime_ns + 5_000_000_000))
    report = build(town.root, out, Wanted(), NOW)
    assert (report.rendered, report.written, out.stat().st_ino) == (0, 0, before)
    assert report.read > 0


def test_a_page_that_goes_and_comes_back_is_whole(town: World) -> None:
    out = town.root / "site"
    text = (town.root / "content/en/shop/two.md").read_text("utf-8")
    build(town.root, out, Wanted(), NOW)
    first = {path: (out / path).read_bytes() for path in inodes(out)}
    for change in (None, text, None, text):
        town.write({"content/en/shop/two.md": change})
        assert build(town.root, out, Wanted(), NOW).installed
        assert (out / "retail/en/shop/two/index.html").is_file() == (change is not None)
    assert {path: (out / path).read_bytes() for path in inodes(out)} == first


def test_the_same_project_in_two_folders_keeps_both(town: World, tmp_path: Path) -> None:
    for text in ("Text.", "One.", "Two."):
        town.write({"content/en/shop/two.md": LONG.format(title="shop two", text=text)})
        for out in (tmp_path / "a", tmp_path / "b"):
            assert build(town.root, out, Wanted(), NOW).installed
            assert text in (out / "web/en/shop/two/index.html").read_text("utf-8")


IMPORTED = """
import sys
from hcgen.cli.main import cli
cli.main(["build", "-C", sys.argv[1], "--json"], standalone_mode=False)
heavy = {"mkdocs", "jinja2", "markdown", "pymdownx", "pyromark", "nh3", "pygments", "babel", "yaml", "jsonschema_rs"}
print(sorted(heavy & sys.modules.keys()), file=sys.stderr)
"""


def test_nothing_to_do_is_seen_before_any_engine_is_loaded(town: World) -> None:
    town.build()
    for path in (*town.root.rglob("*"),):
        if path.is_file() and "site" not in path.parts:
            os.utime(path, (1_700_000_000, 1_700_000_000))
    # What was touched just now could change again within its time stamp; the first look after it is a closer one.
    subprocess.run(["sleep", "2.1"], check=True)
    town.build()
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, str(town.root)], capture_output=True, text=True, cwd=ROOT, check=False,
        env={**os.environ, "HCGEN_NOW": NOW.isoformat()},
    )  # fmt: skip
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("key", ["publish_at", "expire_at"])
def test_a_date_that_passes_is_no_build_without_changes(make_world: MakeWorld, key: str) -> None:
    world = make_world({"content/en/billing/dated.md": f"---\ntitle: Dated\n{key}: 2026-05-01\n---\nText.\n"})
    page = world.root / "site/web/en/billing/dated/index.html"
    seen = []
    for moment in ("2026-04-29", "2026-04-30", "2026-05-01", "2026-05-02", "2026-04-30"):
        world.build("--now", moment)
        seen.append(page.exists())
    hidden = [False, False, True, True, False]
    assert seen == (hidden if key == "publish_at" else [not one for one in hidden])


def test_an_incident_that_begins_or_ends_is_no_build_without_changes(make_world: MakeWorld) -> None:
    text = "- {title: Slow today, level: info, since: 2026-05-01, until: 2026-05-03}\n"
    world = make_world({"brands/web/incidents.yml": text})
    seen = []
    for moment in ("2026-04-30", "2026-05-01", "2026-05-02", "2026-05-03"):
        world.build("--now", moment)
        seen.append("Slow today" in (world.root / "site/web/en/index.html").read_text("utf-8"))
    assert seen == [False, True, True, False]


def test_a_variable_of_the_environment_is_part_of_the_settings(make_world: MakeWorld) -> None:
    world = make_world()
    text = (world.root / "mkdocs.yml").read_text("utf-8")
    world.write({"mkdocs.yml": text.replace("site_name: Acme Help", "site_name: !ENV [HELP_NAME, Acme]", 1)})
    assert "!ENV" in (world.root / "mkdocs.yml").read_text("utf-8")
    for name in ("One", "Two", "One"):
        assert world.run("build", HELP_NAME=name).returncode == 0
        assert name in (world.root / "site/index.html").read_text("utf-8")


def test_a_brand_that_leaves_takes_its_pages_along(town: World) -> None:
    build(town.root, town.root / "site", Wanted(), NOW)
    shutil.rmtree(town.root / "brands/web")
    build(town.root, town.root / "site", Wanted(), NOW)
    assert not (town.root / "site/web").exists()
    town.write({"brands/web/brand.yml": WEB, "brands/retail/brand.yml": RETAIL})
    build(town.root, town.root / "site", Wanted(), NOW)
    assert (town.root / "site/web/en/shop/two/index.html").is_file()
