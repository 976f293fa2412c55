"""Internal and brand blocks: what is cut never shows, wherever the block stands, or the text is withheld."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgen.markup.convert import convert
from hcgen.markup.fragment import Fragment, Problem
from hcgen.markup.lines import numbered
from hcgen.markup.select import Selected, include, left_over, select
from tests.markup.structure import blocks, filled, rendered, structure

SECRET = "Zzsecret"
_PRE = re.compile(r"<pre\b.*?</pre>", re.S)
BRANDS = ("a", "b")


def shown(text: str, brand: str = "a", **options: object) -> tuple[str, bool]:
    """(all that a page of `brand` could show of `text`, whether it is withheld with an error)."""
    selected = select(text, brand, BRANDS, **options)  # type: ignore[arg-type]
    fragment = convert(selected.lines)
    return f"{filled(fragment)}\n{_beside(fragment)}", _is_withheld(selected, fragment)


def _beside(fragment: Fragment) -> str:
    parts = [*(one.title for one in fragment.headings), *(one.slug for one in fragment.headings), *fragment.anchors]
    parts += [*(f"{one.target} {one.text}" for one in fragment.links), *(one.alt for one in fragment.images)]
    return "\n".join((*parts, *fragment.facts))


def _is_withheld(selected: Selected, fragment: Fragment) -> bool:
    problems: tuple[Problem, ...] = (*selected.problems, *fragment.problems)
    return left_over(fragment.html) or any(one.is_error for one in problems)


def rules(text: str, brand: str = "a") -> list[tuple[int, str]]:
    """(line, rule) of every fault that the selection finds."""
    return [(one.line, one.rule) for one in select(text, brand, BRANDS).problems]


CUT = {
    "between paragraphs": "one\n\n/// internal\nSECRET\n///\n\ntwo\n",
    "without blank lines": "one\n/// internal\nSECRET\n///\ntwo\n",
    "with a title": "/// internal | SECRET\nSECRET\n///\n",
    "without a space": "///internal\nSECRET\n///\n",
    "in capitals": "/// Internal\nSECRET\n///\n",
    "with more slashes": "///// internal\nSECRET\n/////\n",
    "in a list item": "- one\n\n    /// internal\n    SECRET\n    ///\n\n- two\n",
    "in a list item after a tight line": "1. one\n   /// internal\n   SECRET\n   ///\n2. two\n",
    "in a nested item": "- one\n  - two\n\n    /// internal\n    SECRET\n    ///\n",
    "in a callout": "!!! note\n\n    one\n\n    /// internal\n    SECRET\n    ///\n\ntwo\n",
    "in a tab": '=== "One"\n\n    /// internal\n    SECRET\n    ///\n',
    "in a block of equal slashes": "/// note\none\n\n/// internal\nSECRET\n///\n\ntwo\n///\n",
    "in a block of more slashes": "//// note\n/// internal\nSECRET\n///\n////\n",
    "in a brand block": "/// brand | a\none\n/// internal\nSECRET\n///\n///\n",
    "around a brand block": "/// internal\n/// brand | a\nSECRET\n///\nSECRET\n///\n",
    "around a callout": "/// internal\n!!! note\n    SECRET\n\n/// tip\nSECRET\n///\nSECRET\n///\n",
    "around code that shows a block": "/// internal\n```\n///\n```\nSECRET\n///\n",
    "around a heading": "/// internal\n## SECRET\n///\n",
    "around a link definition": "[one]\n\n/// internal\n[one]: SECRET.md\n///\n",
    "around a footnote": "one[^n]\n\n/// internal\n[^n]: SECRET\n///\n",
    "around an abbreviation": "HTML\n\n/// internal\n*[HTML]: SECRET\n///\n",
    "around a picture": "/// internal\n![SECRET](SECRET.png)\n///\n",
    "around html": '/// internal\n<a name="SECRET"></a>\n\n<div>SECRET\n///\n',
    "around a fact": "/// internal\n{{ brand.SECRET }}\n///\n",
    "in html": "<div>\n/// internal\nSECRET\n///\n</div>\n",
    "in an html comment": "<!--\n/// internal\nSECRET\n///\n-->\n",
    "of another brand": "/// brand | b\nSECRET\n///\n",
    "of another brand, in an own one": "/// brand | a, b\none\n/// brand | b\nSECRET\n///\n///\n",
    "twice": "/// internal\nSECRET\n///\none\n/// internal\nSECRET\n///\n",
    "after closed code": "```\ncode\n```\n/// internal\nSECRET\n///\n",
    "after code in an item": "- ```\n  code\n  ```\n\n/// internal\nSECRET\n///\n",
}
WITHHELD = {
    "never closed": "one\n\n/// internal\nSECRET\n",
    "closed with other slashes": "/// internal\nSECRET\n////\nSECRET\n",
    "an inner block is not closed": "//// internal\n/// note\nSECRET\n////\n",
    "in a quote": "> /// internal\n> SECRET\n> ///\n",
    "as the first block of an item": "- /// internal\n  SECRET\n  ///\n",
    "with two slashes": "// internal\nSECRET\n//\n",
    "with emphasis": "/// **internal**\nSECRET\n///\n",
    "behind a word": "one /// internal\nSECRET\n///\n",
    "with a colon": "/// internal:\nSECRET\n///\n",
    "with a further word": "/// internal only\nSECRET\n///\n",
    "after an unclosed fence": "```\ncode\n\n/// internal\nSECRET\n///\n",
    "after an unclosed fence of tildes": "~~~\ncode\n\n/// internal\nSECRET\n///\n",
    "with an unclosed fence inside": "/// internal\n```\nSECRET\n///\n\ntwo\n",
    "with an unclosed fence inside and code behind": "/// internal\n```\nSECRET\n///\n\n```\ntwo\n```\n",
    "after a fence that its list item ends": "- ```\n  code\n\n/// internal\nSECRET\n///\n\n```\ntwo\n```\n",
    "between fences in indented code": "    ```\n\n/// internal\nSECRET\n///\n\n    ```\n",
    "a misspelt name": "/// internel\nSECRET\n///\n",
    "a brand that does not exist": "/// brand | c\nSECRET\n///\n",
    "no brand": "/// brand\nSECRET\n///\n",
    "a brand in other case": "/// brand | A\nSECRET\n///\n",
}


@pytest.mark.parametrize("name", CUT)
def test_what_is_cut_does_not_show(name: str) -> None:
    found, is_withheld = shown(CUT[name].replace("SECRET", SECRET))
    assert not is_withheld
    assert SECRET.lower() not in found.lower()
    assert "///" not in found


@pytest.mark.parametrize("name", CUT)
def test_what_is_cut_is_there_for_agents_and_its_own_brand(name: str) -> None:
    """The same texts do show it to those that it is for: the test above is not passed by empty pages."""
    selected = select(CUT[name].replace("SECRET", SECRET), "b", BRANDS, internal=True)
    wanted = "around a brand block" not in name and name != "in a brand block"
    assert (SECRET in selected.text) is (wanted or name == "around a brand block")


@pytest.mark.parametrize("name", WITHHELD)
def test_what_cannot_be_read_for_sure_is_withheld(name: str) -> None:
    _, is_withheld = shown(WITHHELD[name].replace("SECRET", SECRET))
    assert is_withheld


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one\n\n/// internal\ntwo\n", [(3, "unclosed-block")]),
        ("//// internal\n\n/// note\n////\n", [(3, "unclosed-block")]),
        ("one\n/// brand | a, zz\n///\n", [(2, "unknown-brand")]),
        ("/// brand |\n///\n", [(1, "unknown-brand")]),
        ("one\n\n~~~\n/// internal\n///\n", [(3, "unclosed-code")]),
        ("one\n\n```\nno block here\n", []),
        ("/// brand | a , b\n///\n", []),
    ],
)
def test_faults_of_blocks_have_their_line(text: str, found: list[tuple[int, str]]) -> None:
    assert rules(text) == found


def test_blocks_keep_the_lines_around_them_and_their_numbers() -> None:
    selected = select("1\n/// internal\n3\n///\n5\n/// brand | a\n7\n///\n9", "a", BRANDS)
    assert [line for line in selected.lines if line[0]] == [("1", 1), ("5", 5), ("7", 7), ("9", 9)]


def test_brands_see_their_own_blocks_only() -> None:
    text = "/// brand | a\nfor a\n///\n/// brand | b\nfor b\n///\n/// brand | a, b\nfor both\n///\n"
    assert shown(text, "a")[0].split("<p>")[1:] == shown(text.replace("for b\n", ""), "a")[0].split("<p>")[1:]
    assert "for a" in shown(text, "a")[0]
    assert "for b<" not in shown(text, "a")[0]
    assert "for both" in shown(text, "a")[0]
    assert "for a<" not in shown(text, "b")[0]


def test_texts_that_are_equal_for_two_brands_are_equal_selections() -> None:
    text = "one\n\n/// internal\ntwo\n///\n"
    assert select(text, "a", BRANDS) == select(text, "b", BRANDS)


@pytest.mark.parametrize("fence", ["```", "~~~", "```` text"])
def test_fenced_code_shows_the_syntax(fence: str) -> None:
    found, is_withheld = shown(f"{fence}\n/// internal\nexample\n///\n{fence.split(maxsplit=1)[0]}\n")
    assert not is_withheld
    assert "/// internal\nexample\n///" in found


def test_inline_code_shows_the_syntax() -> None:
    found, is_withheld = shown("Write `/// internal` before it.\n")
    assert not is_withheld
    assert "<code>/// internal</code>" in found


def test_snippets_are_included_before_blocks_are_cut() -> None:
    snippets = {"one.md": f"shown\n\n/// internal\n{SECRET}\n///\n", "two.md": "/// internal", "end.md": "///"}
    found, is_withheld = shown('--8<-- "one.md"\n', snippets=snippets)
    assert ("shown" in found, SECRET in found, is_withheld) == (True, False, False)
    found, is_withheld = shown(f'--8<-- "two.md"\n{SECRET}\n--8<-- "end.md"\n', snippets=snippets)
    assert (SECRET in found, is_withheld) == (False, False)


def test_snippets_keep_indent_and_line_and_unknown_ones_stay() -> None:
    problems: list[Problem] = []
    lines = include('- a\n\n    --8<-- "s.md"\n--8<-- "none.md"', {"s.md": "one\n\ntwo\n"}, problems)
    assert lines[2:] == [("    one", 3), ("", 3), ("    two", 3), ('--8<-- "none.md"', 4)]
    assert [(one.line, one.rule, one.is_error) for one in problems] == [(4, "missing-snippet", True)]


def test_snippets_are_not_included_in_code() -> None:
    assert include('```\n--8<-- "s.md"\n```', {"s.md": "one"}, []) == numbered('```\n--8<-- "s.md"\n```')


_FEW = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
_BLOCKS = st.lists(blocks(sloppy=True), min_size=1, max_size=2).map(
    lambda parts: [line for one in parts for line in (*one, "")]
)


@st.composite
def texts_with_secrets(draw: st.DrawFn) -> str:
    """Random documents with internal or foreign blocks around random blocks that hold SECRET in every line of words."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        lines += draw(_BLOCKS)
        if draw(st.integers(0, 5)) == 0:
            lines.append(draw(st.sampled_from(["<div>", "<!--", "-->", "> open", "/// note", "///", "```", "~~~"])))
        indent = " " * draw(st.sampled_from([0, 0, 0, 2, 3, 4]))
        slashes = "/" * draw(st.sampled_from([3, 3, 4]))
        opening = draw(st.sampled_from(["internal", "internal | why", "brand | b", "Internal"]))
        inner = [SECRET if line.strip(" >-+*0123456789.)`~|:=_#") else line for line in draw(_BLOCKS)]
        inside = [f"{indent}{slashes} {opening}", *(indent + line for line in (SECRET, *inner)), f"{indent}{slashes}"]
        lines += draw(st.sampled_from([inside, inside, inside, inside[:-1]]))
        lines += draw(st.sampled_from([[], [""], ["", "after", ""]]))
    return "\n".join(lines) + "\n"


@_FEW
@given(texts_with_secrets())
def test_random_texts_show_no_secret_unless_withheld(text: str) -> None:
    found, is_withheld = shown(text)
    # In a fence that a line of the text opens and another closes, the block is code and shows itself as code does.
    assert is_withheld or SECRET.lower() not in _PRE.sub("", found).lower()
    assert is_withheld or all("///" in code for code in _PRE.findall(found) if SECRET in code)


@_FEW
@given(_BLOCKS, _BLOCKS, st.sampled_from(["internal", "brand | b"]))
def test_random_texts_read_on_after_a_block_that_is_cut(before: list[str], after: list[str], name: str) -> None:
    selected = select("\n".join([*before, f"/// {name}", SECRET, "", f"- {SECRET}", "///", *after]), "a", BRANDS)
    assert selected.problems == ()
    assert structure(filled(convert(selected.lines))) == structure(rendered("\n".join([*before, "", *after])))


# Places where a block could have slipped through --------------------------------------------------------------------

LEAKS = {
    "an unclosed fence and a later one with a language": "```\none\n/// internal\nSECRET\n///\n```bash\ntwo\n```\n",
    "a deeper line of slashes ends the block": "/// internal\n\n    ///\n\nSECRET\n\n///\n\nafter\n",
    "a block behind a tab is code": "one\n\n\t/// internal\n\tSECRET\n\t///\n",
    "a block behind tabs in an item is code": "1. one\n\n\t\t/// internal\n\t\tSECRET\n\t\t///\n",
    "an unclosed fence that code in the block closes": "```\n/// internal\n```bash\none\n```\nSECRET\n///\n",
}


@pytest.mark.parametrize("name", LEAKS)
def test_doubtful_blocks_are_cut_or_withheld(name: str) -> None:
    found, is_withheld = shown(LEAKS[name].replace("SECRET", SECRET))
    assert is_withheld or SECRET not in found


def test_addresses_that_hold_the_word_are_no_blocks() -> None:
    found, is_withheld = shown(
        "See https://internal.example/brand and <https://brand.example>.\n\nhttps://internal.example\n"
    )
    assert "internal.example" in found
    assert not is_withheld
