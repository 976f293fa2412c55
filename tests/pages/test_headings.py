"""Ids of headings: never empty, never twice, kept where given, equal in all languages of equal structure."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgen.markup.fragment import Fragment, Heading
from hcgen.pages.headings import anchor_targets, find_anchor, heading_ids
from hcgen.text import slug
from tests.markup.structure import fragment
from tests.world import World

TITLES = {
    "ar": ("الإعدادات", "الْفَوَاتِير", "الإعدادات"),
    "ja": ("返金について", "お支払い・請求", "返金について"),
    "ko": ("환불 방법", "결제", "환불 방법"),
    "th": ("การคืนเงิน", "ใบแจ้งหนี้", "การคืนเงิน"),
    "hi": ("धनवापसी", "चालान", "धनवापसी"),
    "symbols": ("???", "→ ←", "!!!"),
    "emoji": ("🎉", "🎉", "🎉🎉"),
}


def ids_of(text: str, reference: str | None = None) -> tuple[str, ...]:
    """The ids of the headings of a text, held against a text in the first language."""
    return heading_ids(fragment(text), fragment(reference) if reference is not None else None)


def body_ids(html: str) -> list[str]:
    """The ids of the headings that a body shows."""
    return re.findall(r'<h[2-6] id="([^"]*)"', html)


@pytest.mark.parametrize("script", TITLES)
def test_ids_in_any_script_are_neither_empty_nor_equal(script: str) -> None:
    ids = ids_of("".join(f"## {title}\n\ntext\n\n" for title in TITLES[script]))
    assert len(set(ids)) == 3
    assert all(ids)
    assert not any(re.search(r"\s", one) for one in ids)


@pytest.mark.parametrize("script", ["ar", "ja", "ko", "th", "hi"])
def test_ids_keep_the_letters_and_marks_of_their_script(script: str) -> None:
    title = TITLES[script][1]
    (found,) = ids_of(f"## {title}\n")
    assert found == slug(title)
    assert set(title) - set(found) <= set(" ・")


def test_explicit_ids_and_anchors_are_kept() -> None:
    assert ids_of('## One {#first}\n\n## Two <a name="second"></a>\n\n## Three\n\n## 返金 {#refund}\n') == (
        "first", "second", "three", "refund",
    )  # fmt: skip


def test_anchors_beside_headings_are_not_taken_twice() -> None:
    assert ids_of('<a name="steps"></a>\n\n## Steps\n\n## Steps\n') == ("steps-1", "steps-2")


def test_equal_headings_are_numbered() -> None:
    assert ids_of("## Fees\n\n## Fees\n\n## Fees-2\n") == ("fees", "fees-1", "fees-2")


def test_translations_of_equal_structure_have_the_ids_of_the_first_language() -> None:
    english = "# Title\n\n## Steps\n\n### Fees\n\n## Next\n"
    german = "## Schritte\n\n### Gebühren\n\n## Weiter\n"
    assert ids_of(german, english) == ids_of(english)[1:] == ("steps", "fees", "next")
    assert ids_of(f"# Titel\n\n{german}", english)[1:] == ("steps", "fees", "next")


@pytest.mark.parametrize(
    "text", ["## Schritte\n", "## Schritte\n\n## Gebühren\n\n## Weiter\n", "### Schritte\n\n## Gebühren\n"]
)
def test_translations_of_other_structure_keep_their_own_ids(text: str) -> None:
    assert ids_of(text, "## Steps\n\n### Fees\n\n## Next\n") == ids_of(text)


def test_explicit_ids_of_a_translation_win_over_borrowed_ones() -> None:
    assert ids_of("## Eins {#eins}\n\n## Zwei\n", "## One\n\n## Two {#zwo}\n") == ("eins", "zwo")


def test_ids_of_pages_are_equal_in_all_languages(make_world: Callable[..., World]) -> None:
    world = make_world(
        {
            "content/en/billing/a.md": "# A\n\n## Steps\n\n## Fees\n\n## Fees\n\n### 1. More\n",
            "content/de/billing/a.md": "---\ntitle: A\n---\n## Schritte\n\n## Kosten\n\n## Gebühren\n\n### Mehr\n",
            "content/ar/billing/a.md": "## الخطوات\n\n## الرسوم\n\n## الرسوم\n\n### المزيد\n",
        }
    )
    found = {locale: body_ids(world.page("billing/a", locale=locale).body) for locale in ("en", "de", "ar")}
    assert found["en"] == found["de"] == found["ar"] == ["steps", "fees", "fees-1", "1-more"]
    assert [entry.id for entry in world.page("billing/a", locale="ar").toc] == found["ar"]
    assert [entry.title for entry in world.page("billing/a", locale="de").toc][:2] == ["Schritte", "Kosten"]


def test_every_name_of_a_heading_leads_to_it() -> None:
    english, german = (
        fragment("## Steps\n\n## Fees {#cost}\n\n## Fees\n"),
        fragment("## Schritte\n\n## Kosten\n\n## Kosten\n"),
    )
    ids = heading_ids(german, english)
    names = anchor_targets(german, ids)
    assert ids == ("steps", "cost", "fees")
    assert {name: find_anchor(names, name) for name in ("steps", "schritte", "kosten", "kosten-1", "cost")} == {
        "steps": "steps", "schritte": "steps", "kosten": "cost", "kosten-1": "fees", "cost": "cost",
    }  # fmt: skip
    assert find_anchor(names, "Schritte") == "steps"
    assert find_anchor(names, "none") is None


_TITLE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co")), max_size=8)
_HEADING = st.builds(
    lambda level, title, explicit: Heading(level, title, slug(title), explicit),
    st.integers(1, 4), _TITLE, st.sampled_from(["", "", "own", "steps-2"]),
)  # fmt: skip
_FRAGMENT = st.builds(
    lambda headings, anchors: Fragment("", headings=tuple(headings), anchors=tuple(dict.fromkeys(anchors))),
    st.lists(_HEADING, max_size=6), st.lists(st.sampled_from(["steps", "own", "section-1"]), max_size=2),
)  # fmt: skip


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_FRAGMENT, _FRAGMENT)
def test_ids_are_never_empty_and_never_twice(one: Fragment, reference: Fragment) -> None:
    for found in (heading_ids(one), heading_ids(one, reference)):
        assert len(found) == len(one.headings)
        assert all(found)
        assert len({*found, *one.anchors}) == len(found) + len(one.anchors)


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(["Fees", "Steps", "Fees 2", "Fees-1", "More"]), max_size=6))
def test_every_id_and_every_first_title_leads_where_it_says(titles: list[str]) -> None:
    one = Fragment("", headings=tuple(Heading(2, title, slug(title), "") for title in titles))
    ids = heading_ids(one)
    names = anchor_targets(one, ids)
    assert [find_anchor(names, final) for final in ids] == list(ids)
    assert set(names.values()) == set(ids)


def test_the_second_of_equal_headings_has_githubs_number() -> None:
    names = anchor_targets(one := fragment("## Fees\n\n## Steps\n\n## Fees\n"), ids := heading_ids(one))
    assert find_anchor(names, "fees") == ids[0]
    assert find_anchor(names, "fees-1") == ids[2]


def test_the_third_of_equal_headings_has_githubs_number() -> None:
    names = anchor_targets(one := fragment("## Fees\n\n## Fees\n\n## Fees\n"), ids := heading_ids(one))
    assert find_anchor(names, "fees-2") == ids[2]
