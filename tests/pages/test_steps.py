"""Ids of steps: none twice, kept through inserts, edits, moves and deletions, equal in all languages and brands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgen.files.lock import lock_text
from hcgen.markup.fragment import Step
from hcgen.model.project import LockedStep
from hcgen.pages.library import Workshop
from hcgen.pages.lock import changes, lock_of, naming_articles
from hcgen.pages.steps import ids_in, matched, named_after, own_ids, united
from hcgen.text import digest
from tests.world import RETAIL, World

MakeWorld = Callable[..., World]
KEY = "billing/refunds"
RETAIL_ASKS = RETAIL + "feedback: https://answers.acme.example/v1\n"


def steps(*words: str, list_: int = 0) -> tuple[Step, ...]:
    """Steps of one list, by their words."""
    return tuple(Step(list_, digest(word, 6)) for word in words)


def locked(found: tuple[Step, ...], ids: tuple[str, ...]) -> tuple[LockedStep, ...]:
    """The lock of some steps."""
    return tuple(LockedStep(name, step.digest) for name, step in zip(ids, found, strict=True))


def name(word: str) -> str:
    """The id that a new step of these words gets."""
    return f"step-{digest(word, 6)[:6]}"


def after(before: tuple[str, ...], now: tuple[str, ...]) -> dict[str, str]:
    """Words before by words now, as ids tell it: a text was locked, then changed."""
    first = steps(*before)
    ids = own_ids(first, ())
    known = dict(zip(ids, before, strict=True))
    found = own_ids(steps(*now), locked(first, ids))
    return {word: known[one] for word, one in zip(now, found, strict=True) if one in known}


# One text and its lock ----------------------------------------------------------------------------------------------


def test_a_new_step_is_named_by_its_words() -> None:
    assert own_ids(steps("a", "b"), ()) == (name("a"), name("b"))
    assert own_ids(steps("a", "b", "a", "a"), ()) == (name("a"), name("b"), f"{name('a')}-2", f"{name('a')}-3")


def test_inserted_deleted_moved_and_edited_steps() -> None:
    assert after(("a", "b"), ("new", "a", "b")) == {"a": "a", "b": "b"}
    assert after(("a", "b", "c"), ("a", "c")) == {"a": "a", "c": "c"}
    assert after(("a", "b", "c"), ("c", "a", "b")) == {"a": "a", "b": "b", "c": "c"}
    assert after(("a", "b", "c"), ("b", "a", "c")) == {"a": "a", "b": "b", "c": "c"}
    assert after(("a", "b", "c"), ("a", "edited", "c")) == {"a": "a", "edited": "b", "c": "c"}
    assert after(("a", "b"), ("x", "y")) == {"x": "a", "y": "b"}
    assert after(("a", "b", "c", "d"), ("a", "x", "y", "d")) == {"a": "a", "x": "b", "y": "c", "d": "d"}


def test_what_cannot_be_told_is_new() -> None:
    assert after(("a", "b"), ("x", "y", "b")) == {"b": "b"}
    assert after((), ("a",)) == {}


def test_a_locked_id_outlives_its_words_and_nobody_else_gets_it() -> None:
    edited = (LockedStep(name("old"), digest("a", 6)),)
    assert own_ids(steps("a"), edited) == (name("old"),)
    assert own_ids(steps("a", "old"), edited) == (name("old"), f"{name('old')}-2")


words = st.text("abcdef", min_size=1, max_size=2)
texts = st.lists(words, max_size=8, unique=True).map(tuple)
fresh = st.text("xyz", min_size=3, max_size=5)
_MANY = settings(max_examples=400, deadline=None, derandomize=True)


@_MANY
@given(st.lists(words, max_size=8), st.lists(words, max_size=8))
def test_matched_pairs_each_step_with_one_at_most(old: list[str], new: list[str]) -> None:
    pairs = matched(old, new)
    assert len(set(pairs.values())) == len(pairs)
    assert all(0 <= mine < len(new) and 0 <= theirs < len(old) for mine, theirs in pairs.items())
    both = sum(min(old.count(word), new.count(word)) for word in set(old))
    assert sum(old[theirs] == new[mine] for mine, theirs in pairs.items()) == both
    assert matched(old, old) == {at: at for at in range(len(old))}


@_MANY
@given(st.lists(words, max_size=8).map(tuple), st.lists(words, max_size=8).map(tuple))
def test_ids_are_never_equal_and_relocking_changes_nothing(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    first = own_ids(steps(*old), ())
    second = own_ids(steps(*new), locked(steps(*old), first))
    for ids in (first, second):
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"step-[0-9a-f]{6}(-\d+)?", one) for one in ids)
    assert own_ids(steps(*new), locked(steps(*new), second)) == second


@_MANY
@given(texts, st.data())
def test_an_edit_at_any_place_keeps_all_ids(text: tuple[str, ...], data: st.DataObject) -> None:
    edited = tuple(data.draw(st.one_of(st.just(word), fresh)) for word in text)
    assert after(text, edited) == dict(zip(edited, text, strict=True)) or len(set(edited)) < len(edited)


@_MANY
@given(texts, texts.map(lambda text: tuple(f"new {word}" for word in text)), st.data())
def test_inserts_and_deletions_leave_the_other_ids(
    text: tuple[str, ...], more: tuple[str, ...], data: st.DataObject
) -> None:
    inserted = list(text)
    for word in more:
        inserted.insert(data.draw(st.integers(0, len(inserted))), word)
    assert after(text, tuple(inserted)) == {word: word for word in text}
    kept = tuple(word for word in text if data.draw(st.booleans()))
    assert after(text, kept) == {word: word for word in kept}


@_MANY
@given(texts, st.randoms(use_true_random=False))
def test_moves_keep_all_ids(text: tuple[str, ...], chance: object) -> None:
    moved = list(text)
    chance.shuffle(moved)  # type: ignore[attr-defined]
    assert after(text, tuple(moved)) == {word: word for word in text}


# Other texts --------------------------------------------------------------------------------------------------------


@_MANY
@given(st.lists(texts, max_size=4), st.data())
def test_a_translation_has_the_same_ids_where_lists_are_as_long(
    lists: list[tuple[str, ...]], data: st.DataObject
) -> None:
    reference = tuple(step for at, text in enumerate(lists) for step in steps(*text, list_=at))
    ids = own_ids(reference, ())
    lengths = [len(text) if data.draw(st.booleans()) else len(text) + 1 for text in lists]
    mine = tuple(Step(at, f"{at}-{no}") for at, length in enumerate(lengths) for no in range(length))
    borrowed = named_after(mine, reference, ids, same_language=False)
    for at, step in enumerate(mine):
        if lengths[step.list] == len(lists[step.list]):
            place = sum(len(text) for text in lists[: step.list]) + int(step.digest.partition("-")[2])
            assert borrowed[at] == ids[place]
        else:
            assert at not in borrowed


def test_a_variant_is_told_by_its_words_first_then_by_its_lists() -> None:
    shared, ids = steps("a", "b", "c"), ("A", "B", "C")
    assert named_after(steps("b", "own", "own too", "c"), shared, ids, same_language=True) == {0: "B", 3: "C"}
    assert named_after(steps("x", "y", "z"), shared, ids, same_language=True) == {0: "A", 1: "B", 2: "C"}
    more = (*steps("x", "y", "z"), *steps("m", "n", list_=1))
    assert named_after(more, shared, ids, same_language=True) == {0: "A", 1: "B", 2: "C"}


@_MANY
@given(st.lists(st.lists(words, max_size=6).map(tuple), max_size=4))
def test_every_view_is_in_the_whole(views: list[tuple[str, ...]]) -> None:
    seen = [steps(*view) for view in views]
    whole = united(seen)
    ids = own_ids(whole, ())
    by_id = dict(zip(ids, whole, strict=True))
    for view in seen:
        mine = ids_in(view, whole, ids)
        assert len(set(mine)) == len(view)
        assert [by_id[one].digest for one in mine] == [step.digest for step in view]


# Projects -----------------------------------------------------------------------------------------------------------


def article(*words: str, more: str = "", front: str = "title: T") -> str:
    """An article with one procedure."""
    return f"---\n{front}\n---\nText.\n\n" + "".join(f"1. {word}\n" for word in words) + more


def ids_of(world: World, brand: str = "retail", locale: str = "en", key: str = KEY) -> list[str]:
    """The ids of the steps on a page."""
    return re.findall(r'<li id="(step-[^"]*)"', world.page(key, brand, locale).body)


def lock(world: World) -> None:
    """Writes the lock, as `hcgen steps` does."""
    workshop = Workshop(world.project())
    world.write({"content/steps.lock": lock_text(lock_of(workshop, naming_articles(workshop)))})


def test_all_languages_and_brands_name_a_step_alike(make_world: MakeWorld) -> None:
    world = make_world({
        f"content/en/{KEY}.md": article("One", "Two", "Three"),
        f"content/de/{KEY}.md": article("Eins", "Zwei", "Drei"),
        f"brands/web/content/en/{KEY}.md": article("One", "Other", "Other too", "Three"),
        f"brands/web/content/de/{KEY}.md": article("Eins", "Anderes", "Noch eins", "Drei"),
    })  # fmt: skip
    first = [name("One"), name("Two"), name("Three")]
    assert ids_of(world) == ids_of(world, locale="de") == ids_of(world, locale="ar") == first
    web = [first[0], name("Other"), name("Other too"), first[2]]
    assert ids_of(world, "web") == ids_of(world, "web", "de") == web


def test_ids_stay_when_the_first_language_changes(make_world: MakeWorld) -> None:
    world = make_world({f"content/en/{KEY}.md": article("One", "Two"), f"content/de/{KEY}.md": article("Eins", "Zwei")})
    lock(world)
    before = ids_of(world)
    world.write({f"content/en/{KEY}.md": article("New", "One", "Two")})
    assert ids_of(world)[1:] == before
    world.write({f"content/en/{KEY}.md": article("New", "One, really", "Two")})
    lock(world)
    assert ids_of(world)[2] == before[1]
    world.write({f"content/de/{KEY}.md": article("Neu", "Eins", "Zwei")})
    assert ids_of(world, locale="de") == ids_of(world)


def test_brands_that_see_other_parts_agree_on_the_rest(make_world: MakeWorld) -> None:
    text = "1. One\n\n/// brand | web\n\n1. Only web\n2. Web too\n\n///\n\nText.\n\n1. Two\n2. Three\n"
    world = make_world({f"content/en/{KEY}.md": f"---\ntitle: T\n---\n{text}"})
    lock(world)
    web, retail = ids_of(world, "web"), ids_of(world)
    assert retail == [name("Two"), name("Three")]
    assert set(retail) < set(web)
    world.write({f"content/en/{KEY}.md": f"---\ntitle: T\n---\n{text.replace('Two', 'Two, edited')}"})
    assert (ids_of(world, "web"), ids_of(world)) == (web, retail)


def test_folders_have_no_steps(make_world: MakeWorld) -> None:
    world = make_world({"content/en/billing/index.md": article("One", "Two"), "brands/retail/brand.yml": RETAIL_ASKS})
    body = world.page("billing").body
    assert "<li>One" in body
    assert "hc-did" not in body


def test_internal_articles_name_nobody_and_are_not_locked(make_world: MakeWorld) -> None:
    world = make_world({
        f"content/en/{KEY}.md": article("One", "Two"),
        "content/en/billing/secret.md": article("Secret", "Secret too", front="title: S\naudience: internal"),
    })  # fmt: skip
    lock(world)
    text = (world.root / "content/steps.lock").read_text("utf-8")
    assert KEY in text
    assert "secret" not in text
    assert digest("Secret", 6) not in text


def test_a_brand_is_asked_only_where_it_has_an_endpoint(make_world: MakeWorld) -> None:
    world = make_world({"brands/retail/brand.yml": RETAIL_ASKS})
    asked, silent = world.page(KEY), world.page(KEY, "web")
    assert asked.asks_steps
    assert asked.body.count('form="hc-did"') == 4
    assert asked.step_ticket
    assert "step%3D_step_" in asked.step_ticket.url
    assert not silent.asks_steps
    assert silent.step_ticket is None
    assert "hc-did" not in silent.body
    assert ids_of(world) == ids_of(world, "web")


def test_the_question_is_in_the_readers_language(make_world: MakeWorld) -> None:
    world = make_world({"brands/retail/brand.yml": RETAIL_ASKS})
    body = world.page(KEY, locale="ar").body
    assert '<fieldset class="hc-did" lang="ar" dir="rtl">' in body
    assert "نعم" in body
    assert '<fieldset class="hc-did"><legend>Did this step work?' in world.page(KEY).body


@pytest.mark.parametrize("stay", [True, False])
def test_changes_between_locks(stay: bool) -> None:
    old = {"a": (LockedStep("step-1", "x"), LockedStep("step-2", "y")), "b": (LockedStep("step-1", "z"),)}
    new = {"a": (LockedStep("step-1", "x"), LockedStep("step-2", "edited"), LockedStep("step-3", "n"))}
    found = changes(old, old if stay else new)
    assert found.kept == (3 if stay else 1)
    assert found.added == (() if stay else (("a", "step-3"),))
    assert found.edited == (() if stay else (("a", "step-2"),))
    assert found.dropped == (() if stay else (("b", "step-1"),))
