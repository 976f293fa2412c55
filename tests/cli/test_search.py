"""`hcgen search` on the command line: text and JSON, exit codes, colours, hostile input."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.test_cli import Cli, on_a_terminal
from tests.world import ROOT, World

MakeWorld = Callable[..., World]
FILES = {
    "content/en/billing/limits.md": "---\ntitle: Limits\naudience: internal\n---\nAsk the riskteam.\n",
    "content/en/billing/own.md": "---\ntitle: Cards\n---\n\nA card is refused.\n\n/// internal\nRiskteam only.\n///\n",
}


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


def test_articles_are_listed_so_that_an_editor_opens_them(cli: Cli, make_world: MakeWorld) -> None:
    world = make_world(FILES)
    code, out, err = cli("search", "-C", str(world.root), "refused", "cards")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "content/en/billing/own.md:5: Cards",
        "    en · retail, web · stands in for ar, de",
        "    A card is refused.",
        "1 article",
        "  brand     retail 1, web 1",
    ]
    code, out, _ = cli("search", "-C", str(world.root), "--internal", "--limit", "1", "riskteam")
    assert out.splitlines()[:4] == [
        "content/en/billing/limits.md:5: Limits",
        "    en · retail, web · internal",
        "    Ask the riskteam.",
        "2 articles, the best 1 are shown",
    ]
    assert "internal block" in cli("search", "-C", str(world.root), "--internal", "riskteam")[1]


def test_nothing_found_ends_with_1(cli: Cli, make_world: MakeWorld) -> None:
    world = make_world(FILES)
    assert cli("search", "-C", str(world.root), "zeppelin") == (1, "", "nothing found\n")
    assert cli("search", "-C", str(world.root), "riskteam") == (1, "", "nothing found\n")
    assert cli("search", "-C", str(world.root), "refused", "--category", "shipping")[0] == 1


def test_it_says_what_it_took_for_what(cli: Cli, world: World) -> None:
    _, out, err = cli("search", "-C", str(world.root), "invoyce", "read")
    assert err == "no article has 'invoyce'; searched for invoice\n"
    assert out.startswith("content/en/billing/invoices.md:")
    _, out, err = cli("search", "-C", str(world.root), "invoice", "zeppelin")
    assert err == "no article has all of these words; these have some of them\n"
    assert out.startswith("content/en/billing/invoices.md:")


@pytest.mark.parametrize("arguments", [(), ("",), ("  ",), ("refund", "--like", "refunds")])
def test_a_query_or_an_article(cli: Cli, world: World, arguments: tuple[str, ...]) -> None:
    code, out, err = cli("search", "-C", str(world.root), *arguments)
    assert (code, out) == (2, "")
    assert "a QUERY, or an article with --like" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--brand", "nobody", "x"), "no brand is called 'nobody'"),
        (("--locale", "xx", "x"), "no language is called 'xx'"),
        (("--brand", "web", "--locale", "ar", "x"), "web is not in ar"),
        (("--like", "billing/refundz"), "no article is called 'billing/refundz'"),
    ],
)
def test_names_that_do_not_exist(cli: Cli, world: World, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = cli("search", "-C", str(world.root), *arguments)
    assert (code, out) == (3, "")
    assert message in err


def test_json(cli: Cli, make_world: MakeWorld) -> None:
    world = make_world(FILES)
    code, out, err = cli("search", "-C", str(world.root), "--json", "--internal", "riskteam", "OR", "refused")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found.keys() == {"query", "match", "meant", "total", "hits", "facets"}
    assert (found["query"], found["match"], found["meant"], found["total"]) == ("riskteam OR refused", "all", {}, 2)
    hit = next(one for one in found["hits"] if one["key"] == "billing/own")
    score = hit.pop("score")
    assert score > 0
    assert hit == {
        "path": "content/en/billing/own.md", "line": 5, "id": "billing/own", "key": "billing/own", "title": "Cards",
        "locale": "en", "brands": ["retail", "web"], "category": "billing", "audience": "public",
        "states": ["fallback"], "stands_in": ["ar", "de"],
        "excerpt": {"text": "A card is refused.", "ranges": [[10, 17]], "internal": False},
    }  # fmt: skip
    assert found["facets"] == {
        "brand": {"retail": 2, "web": 2}, "locale": {"en": 2}, "category": {"billing": 2},
        "audience": {"internal": 1, "public": 1}, "state": {"current": 1, "fallback": 1},
    }  # fmt: skip
    code, out, _ = cli("search", "-C", str(world.root), "--json", "zeppelin")
    assert (code, json.loads(out)["hits"]) == (1, [])


@pytest.mark.parametrize(("value", "coloured"), [("", True), ("1", False)])
def test_matches_are_marked_on_a_terminal(make_world: MakeWorld, value: str, coloured: bool) -> None:
    shown = on_a_terminal(make_world(FILES), "search", "refused", NO_COLOR=value)
    assert ("\x1b[32m\x1b[1mrefused\x1b[0m" in shown) == coloured
    assert ("\x1b[3" in shown) == coloured


def test_a_terminal_obeys_no_article_and_no_query(cli: Cli, world: World) -> None:
    world.write({"content/en/billing/esc.md": '---\ntitle: "Red \\x1b[31mtitle\\a"\n---\nZeppelin \x9b31m flight.\n'})
    _, out, err = cli("search", "-C", str(world.root), "zeppelin")
    assert "\x1b" not in out + err
    assert "\x9b" not in out + err
    assert "\x07" not in out + err


def test_a_file_may_be_called_anything(cli: Cli, world: World) -> None:
    world.write({"content/en/billing/a b:c%d\ne.md": "---\ntitle: Odd\n---\nZeppelin.\n"})
    assert cli("search", "-C", str(world.root), "zeppelin")[1].startswith("content/en/billing/a b:c%d e.md:4: Odd\n")
    assert json.loads(cli("search", "-C", str(world.root), "--json", "zeppelin")[1])["total"] == 1


HOSTILE = ["((", '"', "a" * 10_000, "\udcff", "💥", "title:", "*", "NOT", "\x1b[31m", "<b>x</b>", "(a+)+$", "../../etc"]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:20])
def test_hostile_queries_end_well(cli: Cli, world: World, query: str) -> None:
    for more in ((), ("--json", "--internal")):
        code, out, err = cli("search", "-C", str(world.root), *more, "--", query)
        assert code in (0, 1)
        assert "Traceback" not in out + err


def test_the_example_is_searched_in_every_language_of_two_brands(cli: Cli) -> None:
    for locale, query in {"en": "refund", "fr": "rembourser", "de": "erstatten", "ko": "환불", "ar": "استرداد"}.items():
        for brand in ("retail", "restaurant" if locale == "fr" else "web"):
            code, out, _ = cli("search", "-C", str(ROOT), "--brand", brand, "--locale", locale, "--json", query)
            hits = json.loads(out)["hits"]
            assert (code, [hit["locale"] for hit in hits[:1]]) == (0, [locale]), (brand, locale)
            assert all(brand in hit["brands"] for hit in hits)
            assert hits[0]["key"] == "payments/refunds/refund-a-sale"


def test_the_example_shows_internal_articles_to_agents_alone(cli: Cli) -> None:
    _, out, _ = cli("search", "-C", str(ROOT), "--internal", "--json", "audience:internal")
    internal = {hit["key"] for hit in json.loads(out)["hits"]}
    assert internal == {"account/security/verify-a-caller", "payments/payouts/escalate-a-payout-delay"}
    _, out, _ = cli("search", "-C", str(ROOT), "--limit", "100", "--json", "caller OR escalate OR payout")
    assert not internal & {hit["key"] for hit in json.loads(out)["hits"]}


def test_the_example_has_translations_that_are_behind(cli: Cli) -> None:
    _, out, _ = cli("search", "-C", str(ROOT), "--state", "stale", "--json", "*")
    found = json.loads(out)
    assert {hit["path"] for hit in found["hits"]} == {
        "content/de/reports/exports/export-sales-as-csv.md",
        "content/ko/account/security/turn-on-two-step-sign-in.md",
    }
    assert found["facets"]["brand"] == {"retail": 2, "web": 2, "restaurant": 1}


def test_what_says_nearly_the_same_in_the_example(cli: Cli) -> None:
    _, out, _ = cli("search", "-C", str(ROOT), "--like", "cancel-a-sale", "--json", "--limit", "3")
    assert "payments/refunds/refund-a-sale" in [hit["key"] for hit in json.loads(out)["hits"]]
