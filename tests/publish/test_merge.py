"""Merging by lines, then by words, then with marks: no word of either side is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgen.publish.merge import Merged, merge

BASE = "# Fees\n\nA card payment costs €29 a month.\n\n- one\n- two\n- three\n\nThe end of it.\n"


def test_one_side_alone_is_taken_as_it_is() -> None:
    other = BASE.replace("two", "2")
    assert merge(BASE, BASE, other, name="cms") == Merged(other)
    assert merge(BASE, other, BASE, name="cms") == Merged(other)
    assert merge(BASE, other, other, name="cms") == Merged(other)


def test_changes_in_other_lines_come_together() -> None:
    ours, theirs = BASE.replace("three", "3"), BASE.replace("The end", "An end")
    assert merge(BASE, ours, theirs, name="cms") == Merged(ours.replace("The end", "An end"))


def test_changes_in_other_words_of_one_line_come_together() -> None:
    ours = BASE.replace("€29", "{{ brand.price }}")
    theirs = BASE.replace("A card", "Every card").replace("month", "year")
    wanted = ours.replace("A card", "Every card").replace("month", "year")
    assert merge(BASE, ours, theirs, name="cms") == Merged(wanted)


def test_another_way_to_write_it_stays_ours() -> None:
    ours = BASE.replace("- ", "* ")
    theirs = BASE.replace("- two", "- two and a half")
    assert merge(BASE, ours, theirs, name="cms") == Merged(ours.replace("* two", "* two and a half"))


def test_what_cannot_be_settled_stands_there_twice() -> None:
    ours, theirs = BASE.replace("€29", "€31"), BASE.replace("€29", "€35")
    merged = merge(BASE, ours, theirs, name="zendesk")
    assert merged.conflicts == 1
    assert (
        "<<<<<<< file\nA card payment costs €31 a month.\n=======\nA card payment costs €35 a month.\n>>>>>>> zendesk\n"
        in merged.text
    )
    assert "- one\n- two\n- three\n\nThe end of it.\n" in merged.text


def test_without_a_base_nothing_is_lost() -> None:
    merged = merge("", "a\n\nsame\n\nb\n", "c\n\nsame\n\nb\n", name="cms")
    assert merged.conflicts == 1
    assert merged.text == "<<<<<<< file\na\n=======\nc\n>>>>>>> cms\n\nsame\n\nb\n"


@pytest.mark.parametrize("end", ["", "\n"])
def test_texts_without_a_last_line_end(end: str) -> None:
    assert merge("a\nb" + end, "A\nb" + end, "a\nb\nc\n", name="cms").text.split() == ["A", "b", "c"]


_TEXT = st.lists(st.sampled_from(["a", "b", "c d", "e f g", "", "<<<<<<< x", "=======", "ä 支"]), max_size=6).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(_TEXT, _TEXT, _TEXT)
def test_what_either_side_added_is_in_the_merged_text(base: str, ours: str, theirs: str) -> None:
    merged = merge(base, ours, theirs, name="cms").text
    kept = re.findall(r"\S+", merged)
    for word in {*ours.split(), *theirs.split()} - set(base.split()):
        assert word in kept
