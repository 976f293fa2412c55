"""The desk of a project: brands, languages, internal text, states, facets, and an index that follows the sources."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.builds.desk import Answer, Desks, Question, open_desks
from hcgen.errors import ProjectError
from tests.world import NOW, ROOT, World

MakeWorld = Callable[..., World]
FILES = {
    "content/en/billing/blocks.md": (
        "---\ntitle: Blocks\n---\nShared words.\n\n/// brand | web\nWebbish words.\n///\n\n"
        "/// brand | retail\nShoppy words.\n///\n"
        "\n/// internal\nAsk the riskteam.\n///\n\nAfter it.\n"
    ),
    "content/en/billing/limits.md": (
        "---\ntitle: Limits\naudience: internal\nbrands: [retail]\n---\nNobody but riskteam.\n"
    ),
    "content/en/billing/soon.md": "---\ntitle: Soon\npublish_at: 2026-12-01\n---\nFuturistic.\n",
    "content/en/billing/over.md": "---\ntitle: Over\nexpire_at: 2026-01-01\n---\nBygone.\n",
    "content/en/billing/dated.md": "---\ntitle: Dated\nupdated: 2026-05-01\n---\nDatedly.\n",
    "content/de/billing/dated.md": "---\ntitle: Datiert\nupdated: 2026-04-01\n---\nDatiertes.\n",
    "content/en/billing/own.md": "---\ntitle: Overridden\n---\nGeneric phrasing.\n",
    "brands/retail/content/en/billing/own.md": "---\ntitle: Of retail\n---\nShop phrasing.\n",
    "brands/web/content/en/billing/own.md": "---\ntitle: Of web\n---\nWebshop phrasing.\n",
}  # fmt: skip


@pytest.fixture
def desks(make_world: MakeWorld) -> Desks:
    return open_desks(make_world(FILES).root, NOW)


def paths(answer: Answer) -> list[str]:
    """The sources that answer, sorted, without `content/` and the ending."""
    return sorted(one.standing.article.path.replace("content/", "").removesuffix(".md") for one in answer.found)


def ask(desks: Desks, text: str, **more: object) -> list[str]:
    return paths(desks.answer(Question(text, **more)))  # type: ignore[arg-type]


# Who reads what -------------------------------------------------------------------------------------------------------


def test_brands_find_what_they_show(desks: Desks) -> None:
    assert ask(desks, "phrasing") == ["brands/retail/en/billing/own", "brands/web/en/billing/own", "en/billing/own"]
    assert ask(desks, "phrasing", brands=("web",)) == ["brands/web/en/billing/own"]
    assert ask(desks, "brand:retail phrasing") == ["brands/retail/en/billing/own", "en/billing/own"]


def test_a_block_of_one_brand_is_found_for_that_brand_alone(desks: Desks) -> None:
    assert ask(desks, "webbish") == ask(desks, "webbish", brands=("web",)) == ["en/billing/blocks"]
    assert ask(desks, "webbish", brands=("retail",)) == []
    assert ask(desks, "shared", brands=("retail",)) == ["en/billing/blocks"]
    (one,) = desks.answer(Question("shoppy words")).found
    assert (one.standing.brands, one.hit.line, one.hit.excerpt.text) == (("retail",), 11, "Shoppy words.")
    (both,) = desks.answer(Question("shared")).found
    assert both.standing.brands == ("retail", "web")


def test_languages_are_those_of_readers(desks: Desks) -> None:
    wanted = ["en/billing/invoices"]
    assert ask(desks, "title:invoice") == ask(desks, "title:invoice", locales=("de",)) == wanted
    (one,) = desks.answer(Question("title:invoice", locales=("de",))).found
    assert (one.standing.stands_in, one.standing.states) == (("de",), ("fallback",))
    # German readers have refunds in German; the English text is not theirs.
    assert ask(desks, "id:refunds", locales=("de",)) == ["de/billing/refunds"]
    assert ask(desks, "id:refunds", locales=("ar",)) == ["en/billing/refunds"]
    assert ask(desks, "id:refunds") == ["de/billing/refunds", "en/billing/refunds"]


def test_internal_words_only_for_those_who_ask(desks: Desks) -> None:
    assert ask(desks, "riskteam") == []
    assert ask(desks, "riskteam", is_internal=True) == ["en/billing/blocks", "en/billing/limits"]
    answer = desks.answer(Question("riskteam", is_internal=True))
    assert answer.facets["audience"] == {"internal": 1, "public": 1}
    assert {one.standing.article.key: one.standing.is_internal for one in answer.found} == {
        "billing/blocks": False, "billing/limits": True,
    }  # fmt: skip
    assert all(one.hit.is_internal for one in answer.found)
    assert [one.hit.line for one in answer.found if "blocks" in one.standing.article.path] == [15]
    assert ask(desks, "riskteam", is_internal=True, brands=("web",)) == ["en/billing/blocks"]


def test_a_folder_that_is_internal_closes_what_is_in_it(make_world: MakeWorld) -> None:
    world = make_world({
        "content/en/agents/index.md": "---\ntitle: Agents\naudience: internal\n---\n",
        "content/en/agents/calls.md": "---\ntitle: Calls\n---\nHow to answer a call.\n",
        "content/de/agents/calls.md": "---\ntitle: Anrufe\n---\nEinen Anruf annehmen.\n",
    })  # fmt: skip
    desks = open_desks(world.root, NOW)
    assert ask(desks, "call OR anruf") == []
    assert ask(desks, "call OR anruf", is_internal=True) == ["de/agents/calls", "en/agents/calls"]


# States ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "path", "states"),
    [
        ("futuristic", "en/billing/soon", ("unpublished",)),
        ("bygone", "en/billing/over", ("expired",)),
        ("datiertes", "de/billing/dated", ("stale",)),
        ("datedly", "en/billing/dated", ("fallback",)),
        ("generic", "en/billing/own", ("hidden",)),
        ("erstatten", "de/billing/refunds", ("current",)),
    ],
)
def test_states(desks: Desks, query: str, path: str, states: tuple[str, ...]) -> None:
    answer = desks.answer(Question(query))
    assert paths(answer) == [path]
    assert answer.found[0].standing.states == states
    assert answer.facets["state"] == dict.fromkeys(states, 1)
    assert ask(desks, query, states=states) == [path]
    assert ask(desks, query, states=tuple({"current", "expired", "stale"} - set(states))) == []


def test_facets_count_all_and_not_only_what_is_shown(desks: Desks) -> None:
    answer = desks.answer(Question("billing OR refund OR invoice OR phrasing OR abrechnung", limit=1))
    assert len(answer.found) == 1
    assert answer.total == sum(answer.facets["locale"].values()) == sum(answer.facets["audience"].values()) > 5
    assert set(answer.facets) == {"brand", "locale", "category", "audience", "state"}
    assert answer.facets["category"] == {"billing": answer.total}
    assert list(answer.facets["locale"].values()) == sorted(answer.facets["locale"].values(), reverse=True)


def test_categories(desks: Desks) -> None:
    assert ask(desks, "refund", categories=("billing",)) == ask(desks, "refund")
    assert ask(desks, "refund", categories=("bill",)) == []


# More of the same -----------------------------------------------------------------------------------------------------


def test_like_finds_what_says_nearly_the_same(make_world: MakeWorld) -> None:
    text = "Open the sale, choose the card payment and give the money back to the customer."
    world = make_world({
        "content/en/billing/one.md": f"---\ntitle: One\n---\n{text}\n",
        "content/en/billing/two.md": f"---\ntitle: Two\n---\n{text} The bank takes some days.\n",
        "content/en/billing/far.md": "---\ntitle: Far\n---\nClean the printer with a dry cloth.\n",
        "content/de/billing/one.md": "---\ntitle: Eins\n---\nDen Verkauf öffnen.\n",
    })  # fmt: skip
    desks = open_desks(world.root, NOW)
    for name in ("billing/one", "content/en/billing/one.md"):
        found = desks.answer(Question(like=name)).found
        assert found[0].standing.article.path == "content/en/billing/two.md"
        assert all("one" not in one.standing.article.key and one.standing.article.locale == "en" for one in found)
    with pytest.raises(ProjectError, match="no article is called 'billing/ona'") as raised:
        desks.answer(Question(like="billing/ona"))
    assert raised.value.remedy == "Did you mean `billing/one`?"


# The index follows the sources ----------------------------------------------------------------------------------------


def test_what_is_saved_is_found(world: World) -> None:
    def found(query: str) -> list[str]:
        return ask(open_desks(world.root, NOW), query)

    assert found("chargeback") == []
    world.write({"content/en/billing/refunds.md": "---\ntitle: Refunds\n---\nA chargeback.\n"})
    assert found("chargeback") == ["en/billing/refunds"]
    world.write({"content/en/billing/refunds.md": None, "content/en/billing/new.md": "# New\n\nA chargeback.\n"})
    assert found("chargeback") == ["en/billing/new"]
    world.write(
        {"content/_snippets/note.md": "Snippety.\n", "content/en/billing/new.md": '# New\n\n--8<-- "note.md"\n'}
    )
    assert found("snippety") == ["en/billing/new"]
    world.write({"content/_snippets/note.md": "Otherwise.\n"})
    assert (found("snippety"), found("otherwise")) == ([], ["en/billing/new"])
    world.write({"content/en/billing/new.md": "---\ntitle: New\naudience: internal\n---\nOtherwise.\n"})
    assert found("otherwise") == []
    world.write({"content/en/billing/new.md": "---\ntitle: New\nbrands: [web]\n---\nOtherwise.\n"})
    assert ask(open_desks(world.root, NOW), "brand:retail otherwise") == []
    assert found("otherwise") == ["en/billing/new"]


def test_a_build_and_the_desk_share_what_they_know(world: World) -> None:
    before = open_desks(world.root, NOW).answer(Question("refund")).total
    world.build()
    assert open_desks(world.root, NOW).answer(Question("refund")).total == before


def test_without_a_cache_sources_are_read_anew(world: World) -> None:
    # A checkout that may be read only: for root, a file in the folder's place does the same.
    (world.root / ".hcgen").write_text("no folder")
    assert "en/billing/refunds" in ask(open_desks(world.root, NOW), "refund")
    assert (world.root / ".hcgen").read_text() == "no folder"


def test_without_a_folder_for_the_index_it_is_made_in_memory(world: World) -> None:
    (world.root / ".hcgen").mkdir()
    (world.root / ".hcgen" / "desk").write_text("no folder")
    assert "en/billing/refunds" in ask(open_desks(world.root, NOW), "refund")
    assert (world.root / ".hcgen" / "desk").read_text() == "no folder"


# Processes ------------------------------------------------------------------------------------------------------------


def search(world: World, *query: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "hcgen", "search", "-C", str(world.root), "--json", *query]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def many(count: int) -> dict[str, str | bytes | None]:
    words = " ".join(f"word{at}" for at in range(120))
    return {
        f"content/en/billing/a{at}.md": f"---\ntitle: Article {at}\n---\n{words} refund {at}.\n" for at in range(count)
    }


def test_two_at_once_give_the_same_answer(make_world: MakeWorld) -> None:
    world = make_world(many(60))
    running = [search(world, "refund", "--limit", "3") for _ in range(3)]
    answers = [one.communicate(timeout=120) for one in running]
    assert [one.returncode for one in running] == [0, 0, 0], answers
    assert len({out for out, _ in answers}) == 1
    world.write({"content/en/billing/a7.md": "---\ntitle: Seven\n---\nchanged.\n"})
    running = [search(world, "changed") for _ in range(2)]
    assert all('"total": 1,' in one.communicate(timeout=120)[0] for one in running)


def test_killed_at_any_moment_the_next_search_is_right(make_world: MakeWorld) -> None:
    world = make_world(many(150))
    desk = world.root / ".hcgen" / "desk" / "en"
    for at in range(3):
        world.write({f"content/en/billing/a{at}.md": f"---\ntitle: Changed\n---\nanew{at}\n"})
        process = search(world, "refund")
        deadline = time.monotonic() + 60
        # While it writes: files are there that the seal does not know.
        while process.poll() is None and time.monotonic() < deadline and not _is_writing(desk):
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.communicate()
        assert ask(open_desks(world.root, NOW), f"anew{at}") == [f"en/billing/a{at}"]
        assert ask(open_desks(world.root, NOW), "refund 149")[:1] == ["en/billing/a149"]


def _is_writing(desk: Path) -> bool:
    try:
        return any(one.suffix == ".tmp" or one.is_dir() for one in desk.iterdir())
    except OSError:
        return False


def test_a_build_never_loads_whoosh(world: World) -> None:
    code = (
        "import sys\nfrom hcgen.cli.main import main\n"
        f"sys.argv = ['hcgen', 'build', '-C', {str(world.root)!r}, '--jobs', '1']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "assert 'jinja2' in sys.modules\nassert not [name for name in sys.modules if name.startswith('whoosh')]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
