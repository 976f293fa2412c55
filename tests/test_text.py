"""Slugs and quoted paths are as defined, however they are computed; suggestions are near."""

from __future__ import annotations

import re
import sys
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgen.text import closest, quote_path, shorten, slug

RELAXED = settings(deadline=None, derandomize=True)
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(" \t-_.,/AÄé\u0301\u0338\u094dİß日")))


def slug_as_defined(text: str) -> str:
    """Character by character: letters, marks, digits and _ stay, gaps become hyphens."""
    folded = unicodedata.normalize("NFC", text).lower()
    kept = "".join(c for c in folded if c.isalnum() or c in "_-" or c.isspace() or unicodedata.category(c)[0] == "M")
    return re.sub(r"[\s-]+", "-", kept).strip("-")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Refund a sale", "refund-a-sale"), ("  A -- b_c  ", "a-b_c"), ("What's new?", "whats-new"), ("!?", ""),
        ("Größe", "größe"), ("e\u0301", "é"), ("हिन्दी", "हिन्दी"), ("日本 語", "日本-語"),
        ("№ 5½", "5½"), ("a\u2028b\x1cc", "a-b-c"), ("", ""),
    ],
)  # fmt: skip
def test_a_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


@RELAXED
@given(TEXTS)
def test_a_slug_is_as_defined(text: str) -> None:
    assert slug(text) == slug_as_defined(text)


def test_the_slug_of_every_character_is_as_defined() -> None:
    wrong = [
        c for at in range(sys.maxunicode + 1) if (slug.__wrapped__(f"a{(c := chr(at))}B")) != slug_as_defined(f"a{c}B")
    ]
    assert wrong == []


@RELAXED
@given(st.one_of(TEXTS, st.text(st.sampled_from("azAZ09/-._~!$&'()*+,;=:@%?# é"))))
def test_a_path_is_quoted_as_rfc_3986_says(path: str) -> None:
    try:
        expected = quote(path, safe="/-._~!$&'()*+,;=:@")
    except UnicodeEncodeError:
        with pytest.raises(UnicodeEncodeError):
            quote_path(path)
        return
    assert quote_path(path) == expected


def test_a_quoted_path_is_a_plain_text() -> None:
    class Marked(str):
        __slots__ = ()

    assert type(quote_path(Marked("kept/as-it-is"))) is str
    assert type(slug(Marked("kept"))) is str


def test_the_closest_word() -> None:
    assert closest("titel", ["title", "tags"]) == "title"
    assert closest("Publish-At", ["publish_at"]) == "publish_at"
    assert closest("vendor", ["title", "tags"]) is None
    assert closest("x", []) is None


def test_a_long_text_is_cut_at_a_word() -> None:
    assert shorten("one\n two", 20) == "one two"
    assert shorten("one two three four", 12) == "one two…"
    assert len(shorten("x" * 50, 12)) == 12
