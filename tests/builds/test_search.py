"""The search index of builds: what is in it, what never is, and how little a change makes again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.builds.build import build
from hcgen.builds.wanted import Wanted
from hcgen.render.headers import header_files
from tests.world import NOW, ROOT, World, tree_digest

MakeWorld = Callable[..., World]
CANARY = "zeppelin"


def front_coded(text: str) -> list[str]:
    """Sorted words as theme/search/numbers.js reads them."""
    words, before = [], ""
    for line in text.split("\n") if text else []:
        before = before[: int(line[0], 36)] + line[1:]
        words.append(before)
    return words


def said(folder: Path) -> str:
    """All that the files of a search folder say, their words spelled out."""
    found = []
    for path in sorted(folder.glob("*.json")):
        text = path.read_text("utf-8")
        found.append(text)
        if path.name.startswith("terms-"):
            found += front_coded(json.loads(text)[0])
        if path.name == "index.json":
            found += front_coded(json.loads(text)["hot"])
    return "\n".join(found).lower()


def urls(folder: Path) -> list[str]:
    """The addresses in an index."""
    (titles,) = folder.glob("titles-*.json")
    return str(json.loads(titles.read_text("utf-8"))["urls"]).split("\n")


def built(world: World, **wanted: int) -> Path:
    """The tree that a build makes of `world`."""
    report = build(world.root, world.root / "site", Wanted(**wanted), NOW)
    assert report.installed, report.findings
    return world.root / "site"


def test_what_is_internal_withheld_or_of_another_brand_never_reaches_an_index(make_world: MakeWorld) -> None:
    secret = f"Secret {CANARY}.\n\n## The {CANARY}s\n\nText.\n"
    world = make_world(
        {
            "content/en/billing/inside.md": f"---\ntitle: {CANARY}\naudience: internal\nid: in-{CANARY}\n---\n{secret}",
            "content/en/billing/block.md": f"---\ntitle: Block\n---\nOpen.\n\n/// internal\n{secret}\n///\n",
            "content/en/billing/later.md": f"---\ntitle: {CANARY}\npublish_at: 2030-01-01\n---\n{secret}",
            "content/en/billing/over.md": f"---\ntitle: {CANARY}\nexpire_at: 2020-01-01\n---\n{secret}",
            "content/en/billing/foreign.md": f"---\ntitle: Foreign\n---\nOpen.\n\n/// brand | nobody\n{secret}\n///\n",
            "content/en/billing/ours.md": "---\ntitle: Ours\n---\n/// brand | retail\nBathyscaphe.\n///\n\nText.\n",
            "content/popular.yml": "articles: {en: [billing/inside, billing/refunds]}\n",
        }
    )
    report = build(world.root, world.root / "site", Wanted(), NOW)
    # The block for a brand that does not exist withholds its article, and the build with it.
    assert {one.rule for one in report.findings} & {"unknown-brand"}
    folders = sorted(Path(report.staged or report.out).glob("*/*/search"))
    assert len(folders) == 5
    for folder in folders:
        assert CANARY not in said(folder), folder
        assert "refund" in said(folder)
    english = {folder.parts[-3]: said(folder) for folder in folders if folder.parts[-2] == "en"}
    assert ("bathyscaph" in english["retail"], "bathyscaph" in english["web"]) == (True, False)


def test_an_index_has_the_articles_of_its_own_brand_and_language(make_world: MakeWorld) -> None:
    world = make_world({"brands/web/content/en/billing/only.md": "---\ntitle: Only web\n---\nText.\n"})
    site = built(world)
    shared = ["billing/invoices/", "billing/refunds/"]
    assert urls(site / "retail/en/search") == shared
    assert urls(site / "web/en/search") == ["billing/invoices/", "billing/only/", "billing/refunds/"]
    (titles,) = (site / "web/de/search").glob("titles-*.json")
    german = json.loads(titles.read_text("utf-8"))
    assert dict(zip(german["urls"].split("\n"), german["titles"].split("\n"), strict=True)) == {
        "billing/invoices/": "Read an invoice", "billing/only/": "Only web", "billing/refunds/": "Verkauf erstatten",
    }  # fmt: skip
    assert german["langs"] == {"0": "en", "1": "en"}, "a stand-in says in which language it is written"


def test_what_is_said_of_an_article_can_be_found(make_world: MakeWorld) -> None:
    front = "title: Payouts\ndescription: When they arrive.\nsynonyms: [wire transfer]\ntags: [banking]\n"
    body = "# Waiting for money\n\nWe pay to {{ brand.support_email }}.\n\n## Ho<em>lida</em>ys\n\n```\nERR_17\n```\n"
    world = make_world({"content/en/billing/pay.md": f"---\n{front}---\n{body}"})
    site = built(world)
    text = said(site / "retail/en/search")
    for word in ("payout", "arriv", "wire", "bank", "wait", "retail", "holiday", "err17"):
        assert word in text.split("\n") or word in text, word
    assert "web@acme" not in text
    assert "retail@acme.example" in text
    (details,) = (site / "retail/en/search").glob("details-*.json")
    pay = json.loads(details.read_text("utf-8"))[1]
    assert pay == [["", "", "We pay to retail@acme.example."], ["holidays", "Holidays", "ERR_17"]]


def test_popularity_follows_the_list(make_world: MakeWorld) -> None:
    world = make_world({"content/popular.yml": "articles: {en: [billing/refunds, nowhere, billing/invoices]}\n"})
    site = built(world)
    assert json.loads((site / "web/en/search/index.json").read_text("utf-8"))["popularity"] == "47"
    assert json.loads((site / "web/de/search/index.json").read_text("utf-8"))["popularity"] == ""


def test_synonyms_are_those_of_hcgen_of_the_project_and_of_the_brand(make_world: MakeWorld) -> None:
    world = make_world(
        {
            "theme/synonyms/en.yml": "- [till, cash register]\n- [1.10, version 1.10]\n",
            "brands/web/theme/synonyms/en.yml": "- [basket, cart]\n",
        }
    )
    site = built(world)
    groups = {
        place: json.loads((site / place / "search/index.json").read_text("utf-8"))["synonyms"]
        for place in ("retail/en", "web/en", "retail/de", "retail/ar")
    }
    assert ["sign in", "log in", "login"] in groups["retail/en"], "the shipped ones"
    assert ["till", "cash register"] in groups["retail/en"]
    assert ["1.10", "version 1.10"] in groups["retail/en"]
    assert ["basket", "cart"] in groups["web/en"]
    assert ["basket", "cart"] not in groups["retail/en"]
    assert not any("till" in group for group in groups["retail/de"])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- [one, two]\n- [alone]\n", 2, "two words or more"),
        ("- [one, two]\nword: other\n", 2, "YAML"),
        ("one: two\n", 1, "- [sign in, log in]"),
        ("- [one, [two]]\n", 1, "word or a phrase"),
    ],
)
def test_a_fault_in_synonyms_names_file_line_and_remedy(
    make_world: MakeWorld, text: str, line: int, words: str
) -> None:
    world = make_world({"theme/synonyms/en.yml": text})
    report = build(world.root, world.root / "site", Wanted(), NOW)
    (found,) = [one for one in report.findings if one.rule == "synonyms-file"]
    assert (found.path, found.line) == ("theme/synonyms/en.yml", line)
    assert words in f"{found.message} {found.remedy}", found
    assert found.remedy
    assert not report.installed


def kept_terms(world: World) -> set[str]:
    """The names of all terms in the cache."""
    with sqlite3.connect(world.root / ".hcgen/cache.db") as connection:
        return {name for (name,) in connection.execute("SELECT name FROM entries WHERE kind = 'terms'")}


def test_a_changed_article_is_analysed_alone_and_other_files_stay(make_world: MakeWorld) -> None:
    long = "Unchanging words of an article. " * 200
    files: dict[str, str | bytes | None] = {
        f"content/en/billing/n{at:02}.md": f"---\ntitle: Number {at}\n---\n{long}\n\n## Part {at}\n\n{long}\n"
        for at in range(30)
    }
    world = make_world(files)
    folder = built(world) / "web/en/search"
    before, inodes = kept_terms(world), {path.name: path.stat().st_ino for path in folder.iterdir()}
    assert len(before) > 30
    world.write({"content/en/billing/n07.md": f"---\ntitle: Number 7\n---\n{long}Anew.\n\n## Part 7\n\n{long}\n"})
    built(world)
    # In English, and for the two languages in which English stands in.
    assert len(kept_terms(world) - before) == 3
    now = {path.name: path.stat().st_ino for path in folder.iterdir()}
    kept = {name for name, inode in now.items() if inodes.get(name) == inode}
    assert {name.partition("-")[0] for name in kept} >= {"titles", "details"}
    assert "index.json" not in kept
    assert len(now) == len(inodes)


def test_a_change_that_is_not_searched_leaves_the_index(make_world: MakeWorld) -> None:
    world = make_world()
    shutil.copytree(ROOT / "theme", world.root / "theme")
    folder = built(world) / "web/en/search"
    before = {path.name: path.stat().st_ino for path in folder.iterdir()}
    main = world.root / "theme/main.html"
    world.write({"theme/main.html": main.read_text("utf-8") + "<!-- other -->\n"})
    assert built(world)
    now = {path.name: path.stat().st_ino for path in folder.iterdir()}
    assert {name for name in now if before.get(name) != now[name]} == {"index.html"}


def test_the_script_that_searches_is_named_by_what_is_in_it(make_world: MakeWorld) -> None:
    world = make_world()
    shutil.copytree(ROOT / "theme", world.root / "theme")
    site = built(world)

    def scripts() -> dict[str, str]:
        places = ("web/en", "web/de", "retail/en")
        return {one: next((site / one / "search").glob("search.*.js")).name for one in places}

    first = scripts()
    assert first["web/en"] == first["retail/en"] != first["web/de"]
    text = (site / "web/de/billing/refunds/index.html").read_text("utf-8")
    assert f'data-search="../../../de/search/{first["web/de"]}"' in text
    page = world.root / "theme/search/page.js"
    world.write({"theme/search/page.js": page.read_text("utf-8").replace("SUGGEST = 250", "SUGGEST = 251")})
    built(world)
    assert all(scripts()[place] != name for place, name in first.items())
    words = (world.root / "theme/strings/de.yml").read_text("utf-8")
    assert "search_more: " in words
    world.write({"theme/strings/de.yml": words.replace("search_more: ", "search_more: Noch ")})
    second = scripts()
    built(world)
    assert {place for place, name in scripts().items() if second[place] != name} == {"web/de"}, "its words are in it"


def test_shares_of_a_language_and_workers_make_the_same_index(make_world: MakeWorld, tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        f"content/en/billing/n{at}.md": f"---\ntitle: Number {at}\nsynonyms: [no {at}]\n---\nText {at}.\n"
        for at in range(230)
    }
    world = make_world(files)
    only = {"brands": ("retail",), "locales": ("en",)}
    trees = []
    for jobs in (1, 3):
        out = tmp_path / f"out-{jobs}"
        assert build(world.root, out, Wanted(jobs=jobs, **only), NOW, use_cache=False).installed
        trees.append(tree_digest(out))
    assert trees[0] == trees[1]
    assert any("/search/terms-" in path for path in trees[0])


def test_hosts_are_told_to_share_the_search_folder_alone(world: World) -> None:
    brand = next(one for one in world.project().brands if one.id == "retail")
    files = {name: data.decode() for name, data in header_files(brand)}
    for code in brand.locales:
        assert f"/retail/{code}/search/*\n  Access-Control-Allow-Origin: *\n" in files["_headers"]
        assert f'header /retail/{code}/search/* Access-Control-Allow-Origin "*"\n' in files["headers.caddy"]
    assert files["_headers"].count("Access-Control") == len(brand.locales)
