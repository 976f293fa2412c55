"""The browser's dictionary: compounds as the build splits them, edits as they are defined, Hangul as its keys."""

from __future__ import annotations

import random
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from hcgen.search.compounds import parts
from hcgen.search.languages import language
from tests.search.node import modules, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the modules."""
    return modules(tmp_path)


def test_compounds_are_split_as_in_the_build(folder: Path) -> None:
    rng = random.Random(3)
    known = sorted({"".join(rng.choices("abens", k=rng.randint(3, 7))) for _ in range(3_000)})
    words = ["".join(rng.choices("abens", k=rng.randint(8, 16))) for _ in range(2_000)]
    words += [rng.choice(known) + rng.choice(["", "s", "en"]) + rng.choice(known) for _ in range(2_000)]
    links = language("de").links
    script = """
const { parts } = await import("./dictionary.js");
const known = new Set(input.known);
const stem = (word) => word.replace(/(en|s)$/, "");
out(input.words.map((word) => parts(word, (one) => known.has(one), input.links, stem)));
"""
    theirs = run(folder, "de", script, {"known": known, "words": words, "links": links})

    def stem(word: str) -> str:
        return re.sub("(en|s)$", "", word)

    held = set(known)
    ours = [list(parts(word, held, links, stem)) for word in words]
    assert theirs == ours
    assert sum(map(bool, ours)) > 1_000


def distance(word: str, term: str) -> int:
    """Optimal string alignment, by its definition."""

    @cache
    def of(a: int, b: int) -> int:
        if not a or not b:
            return a + b
        found = min(of(a - 1, b) + 1, of(a, b - 1) + 1, of(a - 1, b - 1) + (word[a - 1] != term[b - 1]))
        if a > 1 and b > 1 and word[a - 1] == term[b - 2] and word[a - 2] == term[b - 1]:
            found = min(found, of(a - 2, b - 2) + 1)
        return found

    return of(len(word), len(term))


@pytest.mark.parametrize("tail", [0, 4])
def test_edits(tail: int, folder: Path) -> None:
    rng = random.Random(5)
    words = ["".join(rng.choices("abc", k=rng.randint(1, 9))) for _ in range(1_500)]
    pairs = list(pairwise(words))
    script = 'const { edits } = await import("./dictionary.js"); out(input.map(([a, b]) => edits(a, b, 2, TAIL)));'
    theirs = run(folder, "en", script.replace("TAIL", str(tail)), pairs)
    ours = [min(3, *(distance(a[: len(a) - cut], b) for cut in range(min(tail, len(a)) + 1))) for a, b in pairs]
    assert theirs == ours
    assert set(ours) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("word", "typed"),
    [("결제", "ㄱㅕㄹㅈㅔ"), ("값", "ㄱㅏㅂㅅ"), ("와", "ㅇㅗㅏ"), ("ᄀ", "ㄱ"), ("usb", "usb")],
)
def test_hangul_as_the_keys_that_are_struck(word: str, typed: str, folder: Path) -> None:
    assert run(folder, "ko", 'const { keys } = await import("./dictionary.js"); out(keys(input));', word) == typed
