"""Related articles: near by what they say at their top, the same in any order, and for brands each by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.world import ROOT, World

MakeWorld = Callable[..., World]


def related(world: World, key: str, brand: str = "web", locale: str = "en") -> list[str]:
    return [link.url for link in world.page(key, brand, locale).related]


def article(title: str, text: str = "-", **front: str) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in front.items())
    return f"---\ntitle: {title}\n{lines}---\n{text}\n"


# Enough others for a word of two articles to tell something.
OTHERS: dict[str, str | bytes | None] = {
    f"content/en/other/{name}.md": article(name.title(), f"About {name}.")
    for name in ("apples", "bridges", "candles", "deserts", "engines", "forests")
}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (article("Printer jams"), article("Cleaning your printer")),
        (article("Anything", description="When the printer jams."), article("Printer")),
        (article("Anything", "## The printer jams\n"), article("Printer")),
        (article("Anything", "Opening words on the printer.\n\n## Later\n"), article("Printer")),
        (article("Anything", tags="[devices]"), article("Something", tags="[Devices]")),
        (article("Anything", synonyms="[printer]"), article("Printer")),
    ],
)
def test_articles_are_near_by_what_stands_at_their_top(make_world: MakeWorld, one: str, two: str) -> None:
    world = make_world({**OTHERS, "content/en/shop/one.md": one, "content/en/stock/two.md": two})
    assert related(world, "shop/one")[0] == "stock/two/"
    assert related(world, "stock/two")[0] == "shop/one/"


def test_what_most_articles_say_tells_nothing(make_world: MakeWorld) -> None:
    world = make_world({f"content/en/shop/a{at}.md": article(f"Nr{at}", "Please read this first.") for at in range(9)})
    assert all(related(world, f"shop/a{at}") == [] for at in range(9))


def test_a_rare_word_is_nearer_than_common_ones(make_world: MakeWorld) -> None:
    common = {f"content/en/shop/c{at}.md": article(f"Weekly report {at}{at}{at}{at}") for at in range(5)}
    world = make_world({
        **OTHERS, **common,
        "content/en/shop/one.md": article("Weekly report of chargebacks"),
        "content/en/shop/two.md": article("Chargebacks"),
    })  # fmt: skip
    assert related(world, "shop/one")[0] == "shop/two/"
    assert len(related(world, "shop/one")) == 4


def test_names_of_a_brand_bring_nobody_together(make_world: MakeWorld) -> None:
    text = "{{ brand.support_email }}"
    world = make_world({
        **OTHERS, "content/en/shop/one.md": article("Aaaa", text), "content/en/shop/two.md": article("Bbbb", text),
    })  # fmt: skip
    assert related(world, "shop/one") == []


@pytest.mark.parametrize(
    ("one", "two"),
    [("프린터를 연결하기", "프린터가 멈출 때"), ("重置密码", "忘记密码"), ("パスワードを変える", "新しいパスワード")],
)
def test_scripts_whose_words_have_no_ends(make_world: MakeWorld, one: str, two: str) -> None:
    world = make_world({**OTHERS, "content/en/shop/one.md": article(one), "content/en/stock/two.md": article(two)})
    assert related(world, "shop/one") == ["stock/two/"]


def test_the_example_has_the_same_ones_in_every_process() -> None:
    code = (
        "from tests.world import World, ROOT\n"
        "site = World(ROOT).site('retail', 'en')\n"
        "print([(page.key, [link.url for link in page.related]) for page in site.pages if page.article])\n"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(shown) == 1
    assert "'payments/refunds/cancel-a-sale/'" in shown.pop()
