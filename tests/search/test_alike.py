"""Texts that say nearly the same: exact, whatever the texts; and the rule of `hcgen check` on real and made ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgen.lint.check import check
from hcgen.markup.lines import numbered
from hcgen.markup.plain import paragraphs
from hcgen.model.finding import Finding
from hcgen.search.alike import near_duplicates
from tests.world import ROOT, World

MakeWorld = Callable[..., World]


def compared(texts: dict[str, list[str]], share: float) -> set[tuple[str, str]]:
    """Every pair looked at."""
    runs = {name: set(zip(terms, terms[1:], terms[2:], strict=False)) for name, terms in texts.items()}
    runs = {name: some for name, some in runs.items() if len(some) >= 25}
    return {
        (one, other)
        for one in runs
        for other in runs
        if one < other and len(runs[one] & runs[other]) / len(runs[one] | runs[other]) >= share
    }


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 0.7, 0.8, 0.95, 1.0]))
def test_all_pairs_are_found_and_no_others(seed: int, share: float) -> None:
    chance = random.Random(seed)
    base = [f"w{chance.randrange(60)}" for _ in range(chance.randrange(20, 90))]
    texts = {}
    for at in range(14):
        terms = list(base)
        for _ in range(chance.randrange(12)):
            terms[chance.randrange(len(terms))] = f"w{chance.randrange(60)}"
        texts[f"t{at}"] = terms[: chance.randrange(len(terms) // 2, len(terms) + 1)]
    found = near_duplicates(texts, share)
    assert {(one.first, one.second) for one in found} == compared(texts, share)
    assert found == sorted(found)


def duplicates(world: World, brands: Sequence[str] = ("retail", "web")) -> list[Finding]:
    project = world.project()
    shards = [(brand, code) for brand in project.brands if brand.id in brands for code in brand.locales]
    return [one for one in check(project, shards) if one.rule == "near-duplicate"]


def example(path: str) -> str:
    """The Markdown of an article of the example, without its front matter and what needs its brands."""
    text = (ROOT / path).read_text("utf-8").split("---\n", 2)[2]
    return "\n\n".join(one.text for one in paragraphs(numbered(text)))


REAL = {
    "en": "content/en/payments/refunds/cancel-a-sale.md",
    "de": "content/de/payments/payouts/when-payouts-arrive.md",
    "ar": "content/ar/payments/refunds/refund-a-sale.md",
}


@pytest.mark.parametrize("code", REAL)
def test_a_copy_with_a_few_other_words_is_reported(make_world: MakeWorld, code: str) -> None:
    text = example(REAL[code])
    changed = " ".join(text.split(" ")[:-3])
    world = make_world({
        f"content/{code}/billing/one.md": f"---\ntitle: One\n---\n{text}\n",
        f"content/{code}/billing/two.md": f"---\ntitle: Two\n---\n{changed} X Y Z.\n",
    })  # fmt: skip
    (found,) = duplicates(world)
    assert (found.path, found.severity.value) == (f"content/{code}/billing/two.md", "warning")
    share = int(found.message.partition("%")[0])
    assert 80 <= share < 100
    assert found.message == f"{share}% of its text stands in content/{code}/billing/one.md, too"


def test_of_many_copies_each_names_one(make_world: MakeWorld) -> None:
    text = example(REAL["en"])
    names = [f"content/en/billing/copy{at}.md" for at in range(4)]
    found = duplicates(make_world(dict.fromkeys(names, f"---\ntitle: Copy\n---\n{text}\n")))
    assert [one.path for one in found] == names[1:]
    assert all("100% of its text" in one.message for one in found)


def test_overrides_translations_and_stand_ins_are_no_duplicates(make_world: MakeWorld) -> None:
    text = f"---\ntitle: One\n---\n{example(REAL['en'])}\n"
    world = make_world({
        "content/en/billing/one.md": text,
        "content/de/billing/one.md": text,
        "brands/retail/content/en/billing/one.md": text,
    })  # fmt: skip
    assert duplicates(world) == []


def test_brands_are_compared_each_by_itself(make_world: MakeWorld) -> None:
    text = example(REAL["en"])
    world = make_world({
        "content/en/billing/one.md": f"---\ntitle: One\nbrands: [retail]\n---\n{text}\n",
        "content/en/billing/two.md": f"---\ntitle: Two\nbrands: [web]\n---\n{text}\n",
    })  # fmt: skip
    assert duplicates(world) == []
    # A block makes them equal for one brand.
    world.write({
        "content/en/billing/one.md": f"---\ntitle: One\n---\n{text}\n",
        "content/en/billing/two.md": f"---\ntitle: Two\n---\nOther.\n\n/// brand | web\n\n{text}\n\n///\n",
    })  # fmt: skip
    assert [one.path for one in duplicates(world)] == ["content/en/billing/two.md"]
    assert duplicates(world, ["retail"]) == []


def test_short_texts_and_internal_ones_are_left_alone(make_world: MakeWorld) -> None:
    short = "Open the app, tap Sales and choose the sale."
    text = example(REAL["en"])
    world = make_world({
        "content/en/billing/one.md": f"# One\n\n{short}\n",
        "content/en/billing/two.md": f"# Two\n\n{short}\n",
        "content/en/billing/three.md": f"---\ntitle: T\naudience: internal\n---\n{text}\n",
        "content/en/billing/four.md": f"---\ntitle: F\n---\n{text}\n",
    })  # fmt: skip
    assert duplicates(world) == []


def test_the_example_has_none() -> None:
    assert duplicates(World(ROOT), ["retail", "web", "restaurant"]) == []
