"""`queries.yml`: what is read, what is wrong with it, and that no build knows of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from hcgen.builds.build import build
from hcgen.builds.wanted import Wanted
from hcgen.errors import ExitCode
from hcgen.files.queries import QUERIES, read_queries
from hcgen.model.finding import Finding
from hcgen.model.golden import Golden
from tests.world import MKDOCS, NOW, World, tree_digest

MakeWorld = Callable[..., World]
SHARED, OWN = f"content/en/{QUERIES}", f"brands/web/content/de/{QUERIES}"


def checked(world: World) -> list[tuple[str, int, str, str]]:
    """(path, line, rule, severity) of what `hcgen check` says."""
    found = json.loads(world.run("check", "--json").stdout)["findings"]
    return [(one["path"], one["line"], one["rule"], one["severity"]) for one in found]


def faults(world: World) -> list[Finding]:
    return read_queries(world.project())[1]


def test_queries_of_all_and_of_a_brand_are_read_as_they_are_written(make_world: MakeWorld) -> None:
    shared = "# Mine.\n- query: '  give   money back '\n  article: [refunds, /billing/invoices/, refunds]\n"
    world = make_world({SHARED: shared + "- {query: 007, article: 4711}\n", OWN: "- {query: yes, article: refunds}\n"})
    golden, findings = read_queries(world.project())
    assert findings == []
    assert golden == [
        Golden("give money back", ("refunds", "billing/invoices"), "en", "", SHARED, 2),
        Golden("007", ("4711",), "en", "", SHARED, 4),
        Golden("yes", ("refunds",), "de", "web", OWN, 1),
    ]


@pytest.mark.parametrize("text", ["", "# Nothing yet.\n", "[]\n"])
def test_a_file_may_be_empty(make_world: MakeWorld, text: str) -> None:
    assert read_queries(make_world({SHARED: text}).project()) == ([], [])


@pytest.mark.parametrize(
    ("text", "line", "says", "hint"),
    [
        ("- query: a\n- query: b\n  article: refunds\n", 1, "lacks `article`", "Add `article:"),
        ("- article: refunds\n", 1, "lacks `query`", "Add `query:"),
        ("- query: ' '\n  article: refunds\n", 1, "query cannot be", "What a customer types"),
        ("- query:\n  article: refunds\n", 1, "query cannot be null", "What a customer types"),
        ("- query: a\n  article: []\n", 2, "article cannot be", "Key or id"),
        ("- query: a\n  article: ''\n", 2, "article cannot be", "Key or id"),
        ("- query: a\n  artcle: refunds\n  article: refunds\n", 2, "'artcle'", "`article`"),
        ("- {query: Refund, article: refunds}\n\n- {query: refund, article: x}\n", 3, "in line 1 already", "Keep one"),
        ("- {query: a, article: refunds}\n- [b\n", 2, "not valid YAML", "Check indentation"),
        ("query: a\n", 1, "the file cannot be", ""),
        (f"- query: {'a' * 401}\n  article: refunds\n", 1, "query cannot be", "What a customer types"),
    ],
)
def test_each_fault_has_its_line_and_a_remedy(
    make_world: MakeWorld, text: str, line: int, says: str, hint: str
) -> None:
    (finding,) = faults(make_world({SHARED: text}))
    assert (finding.path, finding.line, finding.rule) == (SHARED, line, "queries-file")
    assert says in finding.message
    assert finding.remedy
    assert hint in finding.remedy


def test_bytes_that_are_no_text_are_a_fault(make_world: MakeWorld) -> None:
    assert [one.rule for one in faults(make_world({SHARED: b"- query: caf\xe9\n"}))] == ["not-utf8"]


def test_check_knows_articles_that_are_gone_and_those_that_nobody_shows(make_world: MakeWorld) -> None:
    world = make_world(
        {
            SHARED: "- {query: a, article: [refunds, refnuds]}\n- {query: b, article: billing/secret}\n",
            OWN: "- {query: c, article: billing/own}\n- {query: d, article: refunds}\n",
            "content/en/billing/secret.md": "---\ntitle: Secret\naudience: internal\n---\nText.\n",
            "brands/retail/content/de/billing/own.md": "---\ntitle: Retail's own\n---\nText.\n",
        }
    )
    assert sorted(checked(world)) == [
        (OWN, 1, "unknown-answer", "warning"),
        (SHARED, 1, "unknown-answer", "error"),
        (SHARED, 2, "unknown-answer", "warning"),
    ]
    done = world.run("check")
    assert done.returncode == ExitCode.FINDINGS
    assert "Did you mean `refunds`?" in done.stdout


def test_no_build_knows_of_them(make_world: MakeWorld) -> None:
    world = make_world({SHARED: "- {query: a, article: refunds}\n"})
    out = world.root / "site"
    assert build(world.root, out, Wanted(jobs=1), NOW).installed
    before = tree_digest(out)
    assert not any("queries" in path for path in before)
    # Not even faults keep a site from being installed.
    world.write({SHARED: "- {query: b, article: nowhere}\n- [\n", OWN: "- {query: c, article: refunds}\n"})
    again = build(world.root, out, Wanted(jobs=1), NOW)
    assert (again.installed, again.findings, again.rendered, again.written) == (True, (), 0, 0)
    assert tree_digest(out) == before
    world.write({SHARED: None, OWN: None})
    again = build(world.root, out, Wanted(jobs=1), NOW)
    assert (again.rendered, again.written, again.read) == (0, 0, 0)


def test_limits_render_nothing_again(make_world: MakeWorld) -> None:
    world = make_world()
    out = world.root / "site"
    build(world.root, out, Wanted(jobs=1), NOW)
    world.write({"mkdocs.yml": MKDOCS.replace("hcgen: {}", "hcgen: {relevance: {golden: 1.0}}")})
    again = build(world.root, out, Wanted(jobs=1), NOW)
    assert (again.installed, again.rendered) == (True, 0)


def test_an_article_may_be_called_so(make_world: MakeWorld) -> None:
    world = make_world({"content/en/queries.md": "---\ntitle: Queries\n---\nText.\n"})
    assert world.page("queries").title == "Queries"
