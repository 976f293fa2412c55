"""`hcgen relevance` on the example and on small worlds: figures, limits, what got worse, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hcgen.errors import ExitCode, ToolError
from hcgen.files.project import read_settings
from hcgen.model.golden import Limit, Measure
from hcgen.pages.assemble import assemble
from hcgen.pages.library import Workshop
from hcgen.relevance.centers import centers
from hcgen.relevance.measure import Answer, Question
from hcgen.relevance.memory import MEMORY
from hcgen.relevance.node import Batch, rankings
from hcgen.relevance.queries import KINDS
from hcgen.relevance.scores import NOTHING, Row, Score, crossings, rows, score, worse
from hcgen.search.analyse import Analyser
from hcgen.search.documents import analysed
from hcgen.search.index import index_files
from hcgen.search.languages import language
from hcgen.search.runtime import runtime
from tests.search.node import write
from tests.search.test_known_items import ENGLISH
from tests.world import MKDOCS, ROOT, World

MakeWorld = Callable[..., World]
QUERIES = "content/en/queries.yml"
GOLDEN = "- {query: refnd a sale, article: refunds}\n- {query: invoic, article: billing/invoices}\n"


def relevance(world: World, *arguments: str, **environment: str) -> dict[str, Any]:
    """The report of a run that ends well."""
    done = world.run("relevance", "--json", *arguments, **environment)
    assert done.returncode == ExitCode.OK, done.stderr + done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def row(report: dict[str, Any], locale: str, kind: str, brand: str = "") -> dict[str, Any]:
    """One row of a report."""
    return next(one for one in report["scores"] if (one["locale"], one["class"], one["brand"]) == (locale, kind, brand))


def with_limits(text: str) -> str:
    """mkdocs.yml with the setting `relevance`."""
    return MKDOCS.replace("hcgen: {}", f"hcgen:\n      relevance: {text}")


# The example ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    """The report on the example project, which keeps its limits."""
    return relevance(World(ROOT), "--second-opinion")


def test_the_example_keeps_its_limits_in_every_language(example: dict[str, Any]) -> None:
    assert {one["locale"] for one in example["scores"]} == {"en", "fr", "de", "ko", "ar"}
    assert {one["setting"] for one in example["limits"]} >= {
        "relevance.mrr", "relevance.success_at_3", "relevance.zero_results", "relevance.golden",
    }  # fmt: skip
    assert not any(one["crossed"] for one in example["limits"])


@pytest.mark.parametrize(
    ("locale", "classes"),
    [
        ("en", {"form"}), ("fr", {"form", "accent"}), ("de", {"form", "compound", "accent", "digraph"}),
        ("ko", {"form", "joined"}), ("ar", {"form", "digraph"}),
    ],
)  # fmt: skip
def test_each_language_has_the_classes_that_make_sense_in_it(
    example: dict[str, Any], locale: str, classes: set[str]
) -> None:
    everywhere = {"title", "heading", "prefix", "typo", "question", "description", "golden", ""}
    found = {one["class"]: one["queries"] for one in example["scores"] if one["locale"] == locale and not one["brand"]}
    assert found.keys() == everywhere | classes
    assert found["golden"] >= 10
    assert found[""] == sum(found[kind] for kind in KINDS if kind in found)
    assert min(found[kind] for kind in ("title", "prefix", "typo")) >= 15


def test_each_brand_has_golden_queries_of_its_own(example: dict[str, Any]) -> None:
    asked = {(one["brand"], one["articles"][0]) for one in example["golden"]}
    assert {
        ("web", "create-a-discount-code"), ("restaurant", "split-or-move-a-bill"), ("retail", "count-your-stock"),
    } <= asked  # fmt: skip
    assert ("retail", "create-a-discount-code") not in asked


def test_whoosh_is_asked_what_the_pages_missed(example: dict[str, Any]) -> None:
    missed = [one for one in (*example["missed"], *example["golden"]) if not 0 < one["place"] <= 3]
    for suspect in example["suspects"]:
        assert 1 <= suspect["whoosh"] <= 3
        assert {name: suspect[name] for name in suspect if name != "whoosh"} in missed


def test_what_is_measured_is_the_index_that_is_built(make_world: MakeWorld, tmp_path: Path) -> None:
    steps = "---\ntitle: Pay {{ brand.price }}\nsynonyms: [cash]\ntags: [money]\n---\nOne.\n\n## Steps\n\n    code\n"
    world = make_world({
        "content/en/billing/pay.md": steps, "content/popular.yml": "articles: {en: [billing/pay, refunds]}\n",
        "theme/synonyms/en.yml": "- [refund, reimburse]\n",
    })  # fmt: skip
    project = world.project()
    workshop = Workshop(project)
    sites = [
        assemble(project, brand, project.settings.locale(code), workshop)
        for brand in project.brands
        for code in brand.locales
    ]
    site = world.build()
    for center in centers(sites, workshop.html, tmp_path / "measured", ROOT / "theme" / "search"):
        built = {
            path.name: path.read_bytes() for path in (site / center.brand / center.locale / "search").glob("*.json")
        }
        assert {path.name: path.read_bytes() for path in center.index.glob("*.json")} == built
        assert "index.json" in built


# Small worlds ---------------------------------------------------------------------------------------------------------


def test_two_runs_give_the_same_bytes(make_world: MakeWorld) -> None:
    world = make_world({QUERIES: GOLDEN})
    said = []
    for seed in ("1", "2"):
        said.append(world.run("relevance", "--json", PYTHONHASHSEED=seed).stdout)
        kept = (world.root / MEMORY).read_bytes()
        (world.root / MEMORY).unlink()
    assert said[0] == said[1] != ""
    world.run("relevance")
    assert (world.root / MEMORY).read_bytes() == kept


def test_what_is_asked_and_what_comes_of_it(make_world: MakeWorld) -> None:
    report = relevance(make_world({QUERIES: GOLDEN}), "--locale", "en")
    assert [(one["brand"], one["query"], one["place"], one["above"]) for one in report["golden"]] == [
        ("retail", "refnd a sale", 1, []), ("retail", "invoic", 1, []),
        ("web", "refnd a sale", 1, []), ("web", "invoic", 1, []),
    ]  # fmt: skip
    assert row(report, "en", "golden")["mrr"] == 1
    both, retail = row(report, "en", ""), row(report, "en", "", "retail")
    assert both["queries"] == 2 * retail["queries"] > 0
    assert report["queries"] == both["queries"] + 4
    assert (report["limits"], report["worse"], "suspects" in report) == ([], [], False)
    assert "before" not in both


def test_the_table_is_for_people(make_world: MakeWorld) -> None:
    world = make_world({QUERIES: GOLDEN + "- {query: zzzzq, article: refunds}\n"})
    done = world.run("relevance", "--brand", "web", "--locale", "en")
    assert done.returncode == ExitCode.OK, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["language", "queries", "number", "MRR@10", "success@3", "no", "result"]
    assert next(line for line in lines if " golden " in line).split() == [
        "en",
        "golden",
        "3",
        "0.667",
        "0.667",
        "33.3%",
    ]
    assert "golden query 'zzzzq' (web, en) for refunds: no result" in lines
    assert lines[-1].endswith(" made and 3 golden queries")
    assert "\x1b[" not in done.stdout


def test_one_brand_or_language_alone_leaves_the_others_remembered(make_world: MakeWorld) -> None:
    world = make_world({QUERIES: GOLDEN})
    relevance(world)
    relevance(world, "--brand", "web", "--locale", "en")
    report = relevance(world)
    for locale, brand in (("en", "retail"), ("en", "web"), ("de", "retail")):
        one = row(report, locale, "", brand)
        assert one["before"] == one["same_queries"] == {name: one[name] for name in one["before"]}


def test_a_golden_query_that_got_worse_is_named_with_what_stands_above(make_world: MakeWorld) -> None:
    world = make_world({QUERIES: "- {query: refund a sale, article: refunds}\n"})
    relevance(world, "--brand", "web", "--locale", "en")
    world.write({
        "content/en/billing/refunds.md": "---\ntitle: Give money\nid: refunds\n---\nRefund a sale with it.\n",
        "content/en/billing/other.md": "---\ntitle: Refund a sale\nid: other\n---\nRefund a sale so.\n",
    })  # fmt: skip
    done = world.run("relevance", "--brand", "web", "--locale", "en")
    assert (
        "worse than in the last run: 'refund a sale' (web, en) for refunds: place 1 before, place 2 now, below other"
        in done.stdout
    )
    # It is compared with the run before, and that one had it there already.
    (one,) = relevance(world, "--brand", "web", "--locale", "en")["golden"]
    assert (one["place"], one["before"], one["above"]) == (2, 2, ["other"])


@pytest.mark.parametrize("folder", ["", "help/center"])
def test_a_revision_is_measured_with_the_same_queries(make_world: MakeWorld, tmp_path: Path, folder: str) -> None:
    world = make_world({QUERIES: GOLDEN}, name=f"repository/{folder}".rstrip("/"))
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@acme.example", "-C", str(tmp_path / "repository")]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "First"]):
        subprocess.run([*git, *arguments], check=True)
    world.write({
        "content/en/billing/invoices.md": "---\ntitle: Papers\n---\nWith numbers.\n",
        "content/en/billing/new.md": "---\ntitle: Brand new things\nid: new\n---\nText.\n",
    })  # fmt: skip
    relevance(world, "--brand", "web", "--locale", "en")
    before = set((tmp_path / "repository" / ".git").rglob("*"))
    report = relevance(world, "--brand", "web", "--locale", "en", "--against", "main")
    assert set((tmp_path / "repository" / ".git").rglob("*")) == before
    (lost,) = report["worse"]
    assert (lost["query"], lost["before"]) == ("invoic", 1)
    assert lost["place"] in (0, NOTHING)
    known = row(report, "en", "")
    # Nobody could have found what was not written yet.
    assert 0 < known["before"]["queries"] == known["same_queries"]["queries"] < known["queries"]
    done = world.run("relevance", "--against", "--upload-pack=x")
    assert done.returncode == ExitCode.PROJECT
    assert "no revision is called '--upload-pack=x'" in done.stderr


def test_a_project_without_git_has_no_revisions(world: World) -> None:
    done = world.run("relevance", "--against", "main", GIT_CEILING_DIRECTORIES=str(world.root.parent))
    assert done.returncode == ExitCode.PROJECT
    assert "no revision is called 'main'" in done.stderr


def test_a_list_of_queries_is_tried_alone(make_world: MakeWorld) -> None:
    world = make_world({QUERIES: GOLDEN, "clicks.yml": "- {query: refund, article: refunds}\n"})
    file = str(world.root / "clicks.yml")
    report = relevance(world, "--locale", "en", "--queries", file)
    assert {(one["query"], one["brand"]) for one in report["golden"]} == {("refund", "retail"), ("refund", "web")}
    assert report["queries"] == 2
    assert not (world.root / MEMORY).exists()
    done = world.run("relevance", "--queries", file)
    assert done.returncode == ExitCode.USAGE
    assert "--locale, one of ar, de, en" in done.stderr


def test_faults_of_queries_end_with_findings(make_world: MakeWorld) -> None:
    world = make_world({QUERIES: "- {query: a, article: refnuds}\n", "clicks.yml": "- {query: a}\n"})
    done = world.run("relevance")
    assert (done.returncode, done.stdout) == (ExitCode.FINDINGS, "")
    assert f"{QUERIES}:1: error [unknown-answer]" in done.stderr
    done = world.run("relevance", "--locale", "en", "--queries", str(world.root / "clicks.yml"))
    assert done.returncode == ExitCode.FINDINGS
    assert "clicks.yml:1: error [queries-file]" in done.stderr


def test_a_language_that_the_brand_lacks_is_refused(world: World) -> None:
    done = world.run("relevance", "--brand", "web", "--locale", "ar")
    assert done.returncode == ExitCode.PROJECT
    assert "--locale" in done.stderr


def test_a_project_without_articles_has_nothing_to_measure(make_world: MakeWorld) -> None:
    hidden = "---\ntitle: Hidden\naudience: internal\n---\nText.\n"
    places = ("en/billing/refunds", "de/billing/refunds", "en/billing/invoices")
    report = relevance(make_world({f"content/{name}.md": hidden for name in places}))
    assert (report["queries"], report["scores"]) == (0, [])


# Limits ---------------------------------------------------------------------------------------------------------------


def test_a_crossed_limit_is_one_line_and_ends_with_findings(make_world: MakeWorld) -> None:
    world = make_world({
        "mkdocs.yml": with_limits("{golden: 0.6, mrr: 0.1, languages: {en: {golden: 0.9}}}"),
        QUERIES: GOLDEN + "- {query: zzzzq, article: refunds}\n",
    })  # fmt: skip
    done = world.run("relevance")
    assert done.returncode == ExitCode.FINDINGS
    line = "en: golden queries in the first three 0.667 is below 0.900 (relevance.languages.en.golden in mkdocs.yml)"
    assert done.stdout.splitlines()[-1] == line
    found = json.loads(world.run("relevance", "--json").stdout)["limits"]
    assert [(one["setting"], one["locale"]) for one in found if one["crossed"]] == [
        ("relevance.languages.en.golden", "en")
    ]


def test_limits_are_read_from_the_settings(make_world: MakeWorld) -> None:
    text = "{mrr: 0.9, classes: {typo: {zero_results: 0}}, languages: {de: {golden: 1, classes: {form: {mrr: .5}}}}}"
    settings, findings = read_settings(make_world({"mkdocs.yml": with_limits(text)}).root)
    assert findings == []
    assert settings.limits == (
        Limit(Measure.MRR, 0.9), Limit(Measure.NONE, 0, "", "typo"),
        Limit(Measure.GOLDEN, 1, "de"), Limit(Measure.MRR, 0.5, "de", "form"),
    )  # fmt: skip
    assert [one.setting for one in settings.limits][1:] == [
        "relevance.classes.typo.zero_results", "relevance.languages.de.golden",
        "relevance.languages.de.classes.form.mrr",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("{mrr: 2}", "relevance.mrr cannot be 2", "mrr: 0.9"),
        ("{goldn: 0.9}", "'goldn' is no key", "Did you mean `golden`?"),
        ("{classes: {typos: {mrr: 0.9}}}", "'typos' is no key", "Did you mean `typo`?"),
        ("{languages: {dee: {mrr: 0.9}}}", "'dee', which is no language", "Did you mean `de`?"),
        ("{languages: {de: {golden: many}}}", 'relevance.languages.de.golden cannot be "many"', "golden: 1.0"),
    ],
)
def test_a_wrong_limit_is_an_error_with_a_remedy(make_world: MakeWorld, text: str, says: str, hint: str) -> None:
    (finding,) = read_settings(make_world({"mkdocs.yml": with_limits(text)}).root)[1]
    assert (finding.path, finding.line, finding.rule) == ("mkdocs.yml", 14, "settings")
    assert says in finding.message
    assert hint in finding.remedy


def answer(place: int, kind: str = "title", brand: str = "a", locale: str = "en") -> Answer:
    """An answer with the article in this place; 0 for other articles, -1 for none."""
    asked = Question(brand, locale, kind, f"{kind} {brand} {locale} {place}", ("wanted",))
    others = tuple(f"other {at}" for at in range(9 if place == 0 else max(0, place - 1)))
    return Answer(asked, (*others, "wanted") if place > 0 else others)


def test_figures() -> None:
    assert score([1, 2, 4, 0, NOTHING]) == Score(5, round((1 + 0.5 + 0.25) / 5, 4), 0.4, 0.2)


def test_rows_are_by_language_class_and_brand_and_compare_what_both_runs_asked() -> None:
    answers = [answer(1), answer(2), answer(4, brand="b"), answer(1, "golden"), answer(0, "typo", locale="de")]
    found = rows(answers, {answers[1].question: 1, answer(3).question: 3})
    assert [(one.locale, one.kind, one.brand, one.now.queries) for one in found] == [
        ("en", "title", "", 3), ("en", "golden", "", 1), ("en", "", "", 3), ("en", "", "a", 2), ("en", "", "b", 1),
        ("de", "typo", "", 1), ("de", "", "", 1),
    ]  # fmt: skip
    title = found[0]
    assert title.now.mrr == round((1 + 1 / 2 + 1 / 4) / 3, 4)
    assert title.before == Score(1, 1, 1, 0)
    assert title.shared == Score(1, 0.5, 1, 0)
    assert found[-1].before is None


def test_the_most_special_limit_holds() -> None:
    figures = Score(10, 0.8, 0.9, 0.1)
    every = [Row("de", "", kind, figures) for kind in ("", "typo", "golden")] + [Row("fr", "", "", figures)]
    every.append(Row("fr", "a", "", Score(1, 0, 0, 1)))
    limits = [
        Limit(Measure.MRR, 0.9), Limit(Measure.MRR, 0.8, "de"), Limit(Measure.MRR, 0.81, "", "typo"),
        Limit(Measure.NONE, 0.09, "fr"), Limit(Measure.GOLDEN, 0.95, "de"),
    ]  # fmt: skip
    found = {(one.locale, one.kind, one.limit.measure): one.is_crossed for one in crossings(every, limits)}
    assert found == {
        ("de", "", Measure.MRR): False, ("de", "typo", Measure.MRR): True, ("de", "golden", Measure.GOLDEN): True,
        ("fr", "", Measure.MRR): True, ("fr", "", Measure.NONE): True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "is_worse"),
    [(1, 2, True), (3, 0, True), (3, NOTHING, True), (2, 1, False), (2, 2, False), (0, 9, False), (0, NOTHING, False)],
)
def test_worse_is_a_place_further_down(before: int, now: int, is_worse: bool) -> None:
    one = answer(now, "golden")
    assert bool(worse([one], {one.question: before})) == is_worse
    assert worse([one], {}) == []
    assert worse([answer(5)], {answer(5).question: 1}) == []


# Node.js --------------------------------------------------------------------------------------------------------------


def test_without_node_the_command_says_so(world: World, tmp_path: Path) -> None:
    done = world.run("relevance", PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (ExitCode.TOOL, "")
    assert done.stderr.splitlines() == [
        "hcgen: the program `node` is not there",
        "       Install Node.js 18 or newer (https://nodejs.org/); it runs the search as browsers do.",
    ]


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """An index of three articles, its script, and a query for one of them."""
    english = Analyser(language("en"))
    write(tmp_path, index_files([analysed(one, english) for one in ENGLISH], english.language))
    (tmp_path / "runtime.mjs").write_text(runtime(ROOT / "theme" / "search", english.language), "utf-8")
    return Batch(tmp_path, tmp_path / "runtime.mjs", ("recept printer", "qqqqq"))


def test_one_process_answers_all_batches(batch: Batch) -> None:
    assert list(rankings([batch, batch])) == [[("printer/",), ()]] * 2


@pytest.mark.parametrize(
    ("data", "status"), [(None, "unavailable"), (b"", "unavailable"), (b"{", "unavailable"), (b"{}", "outdated")]
)
def test_a_damaged_index_is_an_error_that_names_it(batch: Batch, data: bytes | None, status: str) -> None:
    path = batch.index / "index.json"
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(ToolError, match=status) as caught:
        list(rankings([batch]))
    assert caught.value.where == str(batch.index)
    assert "Build again" in caught.value.remedy


def test_a_script_that_fails_is_an_error(batch: Batch) -> None:
    batch.runtime.write_text("export const create = () => { throw new TypeError('no such thing'); };", "utf-8")
    with pytest.raises(ToolError, match="TypeError: no such thing"):
        list(rankings([batch]))


def test_hostile_queries_are_asked_like_others(batch: Batch) -> None:
    hostile = ("a" * 10_000, "🙂", "\ud800", "(?:[", "<img src=x onerror=alert(1)>", "\u0000\n", '"', "__proto__")
    (found,) = rankings([Batch(batch.index, batch.runtime, hostile)])
    assert len(found) == len(hostile)


def test_builds_load_neither_the_gate_nor_whoosh() -> None:
    script = "import sys, hcgen.builds.build; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "hcgen.builds.build" in done.stdout
    assert not {"hcgen.relevance", "whoosh"} & set(done.stdout.split())
