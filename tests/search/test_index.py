"""The index as files: equal input, equal bytes; one article changes few files; sizes stay small."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from hcgen.search.analyse import Analyser
from hcgen.search.documents import Analysed, Document, Section, analysed
from hcgen.search.encode import by_code_unit, front_coded, rising
from hcgen.search.index import index_files
from hcgen.search.languages import language
from tests.search.node import modules, run
from tests.search.test_search import world

ENGLISH = Analyser(language("en"))


def articles(count: int) -> list[Document]:
    """Articles of words that are as frequent as words are (Zipf)."""
    rng = random.Random(7)
    words = ["".join(rng.choices("abdefgiklmnoprstuv", k=rng.randint(3, 9))) for _ in range(4_000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]

    def text(size: int) -> str:
        return " ".join(rng.choices(words, weights, k=size))

    return [
        Document(
            f"c{at % 9}/{at:04}/",
            text(4),
            (Section("", "", text(60)), Section("one", text(3), text(90))),
            category=f"c{at % 9}",
        )
        for at in range(count)
    ]


@pytest.fixture(scope="module")
def many() -> list[Analysed]:
    return [analysed(one, ENGLISH) for one in articles(600)]


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    """A folder with the browser's reader of numbers and words."""
    return modules(tmp_path)


def test_the_order_of_documents_changes_no_byte(many: list[Analysed]) -> None:
    files = index_files(many, ENGLISH.language)
    assert index_files(list(reversed(many)), ENGLISH.language) == files
    assert index_files([analysed(one, Analyser(language("en"))) for one in articles(600)], ENGLISH.language) == files


def test_names_are_digests_and_the_manifest_names_every_file(many: list[Analysed]) -> None:
    files = index_files(many, ENGLISH.language)
    manifest = json.loads(files["index.json"])
    named = {
        f"{kind}-{name}.json"
        for kind, key in [("terms", "blocks"), ("titles", "titles"), ("details", "details")]
        for name in re.findall(".{10}", manifest[key])
    }
    assert named == files.keys() - {"index.json"}
    assert len(manifest["bounds"]) > 3
    assert manifest["bounds"] == sorted(manifest["bounds"], key=by_code_unit)


def test_one_article_changes_few_files(many: list[Analysed]) -> None:
    before = index_files(many, ENGLISH.language)
    changed = articles(600)[300]
    new = Document(
        changed.url,
        changed.title,
        (*changed.sections, Section("new", "Brand new", "zanzibar zanzibar")),
        category=changed.category,
    )
    after = index_files([*many[:300], analysed(new, ENGLISH), *many[301:]], ENGLISH.language)
    details = {name for name in before if name.startswith("details")}
    assert len(details - after.keys()) == 1
    assert {name for name in before if name.startswith("titles")} <= after.keys()
    assert before["index.json"] != after["index.json"]


def test_every_posting_is_read_as_it_was_written(many: list[Analysed], numbers: Path) -> None:
    """Terms and places by way of the files, against the documents themselves."""
    files = index_files(many, ENGLISH.language)
    read = run(
        numbers, "en",
        """
const { frontCoded, rising } = await import("./numbers.js");
out(input.flatMap(([words, , texts]) => {
  const lines = texts.split("\\n");
  return frontCoded(words).map((word, at) => [word, [...rising(lines[at])]]);
}));
""",
        [json.loads(data) for name, data in files.items() if name.startswith("terms")],
    )  # fmt: skip
    expected: dict[str, list[int]] = {}
    for at, one in enumerate(sorted(many, key=lambda one: one.url)):
        for entry in one.entries:
            for term in entry.terms:
                expected.setdefault(term, [])
        for term in one.terms:
            expected.setdefault(term, []).append(at)
    assert dict(map(tuple, read)) == expected


@pytest.mark.parametrize("code", ["en", "de", "ko", "zh", "he"])
def test_text_in_the_files_is_plain(code: str) -> None:
    analyser = Analyser(language(code))
    hostile = Document("x/", "\ud800 <b>x</b>", (Section("i", '"</script>', "\x00 \u2028 \U0001f600"),), category="\\")
    for data in index_files([analysed(one, analyser) for one in [*world(code), hostile]], analyser.language).values():
        json.loads(data)


@pytest.mark.parametrize(
    "values", [[], [0], [1], [0, 1, 2], [45, 46, 47], [5, 2_115, 2_116, 2_117, 100_000, 9_999_999]]
)
def test_numbers(values: list[int], numbers: Path) -> None:
    text = rising(values)
    assert '"' not in text
    assert "\\" not in text
    assert (
        run(numbers, "en", 'const { rising } = await import("./numbers.js"); out([...rising(input)]);', text) == values
    )


def test_front_coding(numbers: Path) -> None:
    words = sorted(
        ["", "a", "ab", "abc", "b", "x" * 40, "x" * 41, "가", "가나", "\U00020bb7x", "\uffee"], key=by_code_unit
    )[1:]
    assert (
        run(
            numbers,
            "en",
            'const { frontCoded } = await import("./numbers.js"); out(frontCoded(input));',
            front_coded(words),
        )
        == words
    )
