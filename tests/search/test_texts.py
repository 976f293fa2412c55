"""An article's HTML as sections, and its terms put together from parts that several pages share."""

from __future__ import annotations

import pytest

from hcgen.markup.convert import convert
from hcgen.model.site import SearchEntry
from hcgen.search.documents import Document, Section, analysed
from hcgen.search.texts import analyser_of, entry_terms, sections_of, text_name, text_terms


def html(text: str) -> str:
    """The conversion of some Markdown."""
    return convert([(line, at) for at, line in enumerate(text.split("\n"), 1)]).html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First *words*.\n\n## Two `parts`\n\nMore.\n", [("", "", "First words."), ("0", "Two parts", "More.")]),
        ("# Title\n\nText.\n\n## Next\n", [("", "", "Text."), ("1", "Next", "")]),
        ("## At once\n\nText.\n", [("0", "At once", "Text.")]),
        ("re**set**ting it\\\nnow\n\n- a\n- b\n", [("", "", "resetting it now a b")]),
        ("| a | b |\n|---|---|\n| c | d |\n", [("", "", "a b c d")]),
        ("```python\nprint(ERR_17)\n```\n", [("", "", "print(ERR_17)")]),
        ("1 &lt; 2 &amp; <b>bold</b> [there](/a.md) ![shot](a.png)\n", [("", "", "1 < 2 & bold there")]),
        ("!!! note\n    Mind it.\n", [("", "", "Mind it.")]),
        ('!!! note "Mind"\n    It.\n', [("", "", "Mind It.")]),
        ("1. One\n2. Two\n\n### Deep {#own}\n", [("", "", "One Two"), ("0", "Deep", "")]),
        ("<!-- hidden -->Shown.\n", [("", "", "Shown.")]),
        ("", []),
    ],
)
def test_sections_are_the_words_under_each_heading(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = sections_of(html(text))
    assert [(one.id, one.title, one.text) for one in found] == expected


def test_brand_facts_are_words_of_the_brand() -> None:
    converted = html("Write to {{ brand.mail }}.\n\n## Ask {{ brand.name }}\n\nText.\n")
    (first, second) = sections_of(converted, (("mail", "a@b.example"), ("name", "<Acme> & Co")))
    assert first.text == "Write to a@b.example."
    assert second.title == "Ask <Acme> & Co"
    names = {text_name("sign", "en"), text_name("sign", "de"), text_name("sign", "en", (("mail", "a"),))}
    assert len(names) == 3
    assert text_name("sign", "en") == text_name("sign", "en-GB"), "one analyser, one entry"


@pytest.mark.parametrize("text", ["Pay money. Money pays.\n\n## Fees\n\nPay the fee.\n", "## Fees\n\nText.\n", ""])
@pytest.mark.parametrize("code", ["en", "de", "ko", "ja", "ar"])
def test_parts_together_are_the_whole(text: str, code: str) -> None:
    converted = html(text)
    entry = SearchEntry(
        "a/b/", "How to pay", "sign", ("fees",), description="Paying fees " * 20, synonyms=("cash", "buy now"),
        tags=("money",), category="Money", lang="en", popularity=0.5,
    )  # fmt: skip
    sections = tuple(Section("fees" if one.id else "", one.title, one.text) for one in sections_of(converted))
    whole = Document(
        entry.url, entry.title, sections, entry.description, entry.synonyms, entry.tags, "Money", "en", 0.5
    )
    assert entry_terms(entry, text_terms(converted, code), code) == analysed(whole, analyser_of(code))
