"""The promise of the dialect: a construct at any block boundary never changes how the rest of a document is read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hcgen.markup.convert import convert
from hcgen.markup.lines import numbered
from hcgen.markup.select import select
from tests.markup.structure import (
    Node,
    blocks,
    boundaries,
    documents,
    filled,
    lists_with_a_hole,
    names_of,
    structure,
    with_hole,
    without,
    words_of,
)

MARK = "Zzmark"
# Bodies that are indented; what follows them at four columns belongs to them, as everywhere in MkDocs.
INDENTED = {
    "callout": ["!!! note", f"    {MARK} one", "", f"    - {MARK} two", "", "    ```", "    !!! x", "    ```"],
    "titled callout": [f'!!! warning "{MARK}"', f"    {MARK}"],
    "details": [f'??? tip "{MARK}"', "", f"    {MARK} one", "", f"    1. {MARK} two"],
    "open details": [f'???+ note "{MARK}"', f"    {MARK}"],
    "tabs": [f'=== "{MARK} A"', f"    {MARK} one", "", f'=== "{MARK} B"', "", f"    {MARK} two"],
    "nested": ["!!! note", f'    ??? tip "{MARK}"', f'        === "{MARK}"', f"            {MARK}"],
}
CLOSED = {
    "callout block": [f"/// note | {MARK}", f"{MARK} *x*", "", "```", "///", "```", "///"],
    "details block": ["/// details | T", "    type: warning", "    open: true", "", f"# {MARK}", "///"],
    "tab block": [f"/// tab | {MARK}", MARK, "///"],
    "html block": ["/// html | section.zz", f"- {MARK}", "///"],
    "brand block": ["/// brand | a", f"###### {MARK}", "///"],
    "internal block": ["/// internal", MARK, "", f"- {MARK}", "///"],
    "other brand's block": ["/// brand | b", f"> {MARK}", "", f"# {MARK}", "///"],
    "nested blocks": ["//// note", "/// brand | a", f"###### {MARK}", "///", "/// internal", MARK, "///", "////"],
}  # fmt: skip
CONSTRUCTS = {**INDENTED, **CLOSED}
CUT = {"internal block", "other brand's block"}
_FEW = settings(max_examples=110, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def read(text: str) -> str:
    """The HTML of `text` for brand `a`; fails the test where the text is withheld."""
    selected = select(text, "a", ["a", "b"])
    fragment = convert(selected.lines)
    assert not [one for one in (*selected.problems, *fragment.problems) if one.is_error]
    return filled(fragment)


def is_construct(node: Node) -> bool:
    """Whether a block is one of CONSTRUCTS: they all hold MARK, and stand in no block quote of the document."""
    return node.name in ("blockquote", "details", "section", "h6") and MARK in words_of(node.children)


@_FEW
@given(st.data(), st.booleans(), st.sampled_from(sorted(CONSTRUCTS)), st.booleans())
def test_a_construct_between_top_level_blocks_leaves_the_rest_alone(
    data: st.DataObject, sloppy: bool, name: str, spaced: bool
) -> None:
    text = data.draw(documents(sloppy=sloppy))
    at = data.draw(st.sampled_from(boundaries(text)))
    lines = text.split("\n")
    assume(name not in INDENTED or not lines[at : at + 1] or not lines[at].startswith("    "))
    blank = [""] if spaced else []
    found = read("\n".join([*lines[:at], *blank, *CONSTRUCTS[name], *blank, *lines[at:]]))
    assert (MARK in found) is (name not in CUT)
    assert without(structure(found), is_construct) == structure(read(text))


@settings(_FEW, max_examples=80)
@given(lists_with_a_hole(), st.sampled_from(sorted(CONSTRUCTS)))
def test_a_construct_in_a_list_item_leaves_the_rest_alone(text: str, name: str) -> None:
    """Held against an HTML comment at the same place, CommonMark's own way to part blocks."""
    found = read(with_hole(text, CONSTRUCTS[name]))
    assert (MARK in found) is (name not in CUT)
    kept = without(structure(found, paragraphs=False), is_construct)
    assert kept == structure(read(with_hole(text, ["<!-- -->"])), paragraphs=False)


@settings(_FEW, max_examples=60)
@given(st.lists(blocks(sloppy=False), min_size=1, max_size=3), st.sampled_from(["!!! note", "/// note"]))
def test_what_a_callout_holds_is_read_as_if_it_stood_alone(parts: list[list[str]], opening: str) -> None:
    lines = [line for part in parts for line in (*part, "")]
    if opening.startswith("!"):
        whole = [f'{opening} ""', *(f"    {line}" if line else "" for line in lines)]
    else:
        assume(not lines[0].startswith("    "))
        whole = [f"{opening} |", "", *lines, "///"]
    (callout,) = structure(read("\n".join(whole)))
    assert isinstance(callout, Node)
    assert callout.name == "blockquote"
    inner = callout.children
    if opening.startswith("/") and inner and inner[0] == Node("p", 0, ("[T:note]",)):
        inner = inner[1:]
    assert inner == structure(read("\n".join(lines)))


@pytest.mark.parametrize("name", sorted(CONSTRUCTS))
def test_numbering_goes_on_after_a_construct_in_an_item(name: str) -> None:
    body = "\n".join(f"   {line}" if line else "" for line in CONSTRUCTS[name])
    found = structure(read(f"1. one\n\n{body}\n\n   more\n2. two\n3. three\n"), paragraphs=False)
    assert [node.name for node in found if isinstance(node, Node)] == ["ol"]
    assert names_of(without(found, is_construct)) == ["ol", "li", "li", "li"]


@pytest.mark.parametrize("name", sorted(CONSTRUCTS))
@pytest.mark.parametrize("fence", ["```", "~~~~", "``` text"])
def test_constructs_in_fenced_code_stay_code(name: str, fence: str) -> None:
    lines = [line for line in CONSTRUCTS[name] if "`" not in line]
    found = structure(read("\n".join(["before", "", fence, *lines, fence.split(maxsplit=1)[0], "", "after"])))
    shown = " ".join(" ".join(lines).split())
    assert found == (Node("p", 0, ("before",)), Node("pre", 0, (shown,)), Node("p", 0, ("after",)))


@pytest.mark.parametrize("name", sorted(INDENTED))
@pytest.mark.parametrize("prefix", ["    ", "\t"])
def test_containers_in_indented_code_stay_code(name: str, prefix: str) -> None:
    lines = [line for line in INDENTED[name] if "`" not in line]
    found = structure(read("\n".join(["before", "", *(prefix + line for line in lines), "", "after"])))
    shown = " ".join(" ".join(lines).split())
    assert found == (Node("p", 0, ("before",)), Node("pre", 0, (shown,)), Node("p", 0, ("after",)))


@pytest.mark.parametrize("name", sorted(INDENTED))
def test_constructs_in_html_comments_are_not_shown(name: str) -> None:
    found = read("\n".join(["before", "", "<!--", *CONSTRUCTS[name], "-->", "", "after"]))
    assert structure(found) == (Node("p", 0, ("before",)), Node("p", 0, ("after",)))


@pytest.mark.parametrize("text", ["`!!! note`", "a !!! note", "\\!!! note", "!!!", "???", "=== A", "====", "a\n==="])
def test_what_only_looks_like_a_construct_stays_text(text: str) -> None:
    found = read(text)
    assert 'class="callout' not in found
    assert "<details" not in found


def test_many_constructs_in_code_stay_code() -> None:
    """More misread containers than there are rounds of taking one for text."""
    code = "\n\n".join(f"    !!! note\n        code {at}\n\ntext {at}" for at in range(60))
    found = names_of(structure(read(f"{code}\n")))
    assert found.count("pre") == 60
    assert "blockquote" not in found


def test_many_constructs_in_code_do_not_stop_a_real_one() -> None:
    code = "\n\n".join(f"    !!! note\n        code {at}\n\ntext {at}" for at in range(45))
    assert "blockquote" in names_of(structure(read(f"{code}\n\n!!! note\n    real\n")))


def test_a_real_construct_after_one_in_code_is_still_read() -> None:
    found = read("    !!! note\n        code\n\ntext\n\n!!! note\n    real\n")
    assert names_of(structure(found)) == ["pre", "p", "blockquote", "p", "p"]


def test_an_unclosed_fence_in_a_callout_ends_with_it() -> None:
    found = structure(read(f"!!! note\n    ```\n    {MARK}\n\nafter\n\n- list\n"))
    assert names_of(found) == ["blockquote", "p", "pre", "p", "ul", "li"]


def test_link_definitions_and_footnotes_inside_a_callout_serve_the_whole_text() -> None:
    found = read("[one][a] two[^n]\n\n!!! note\n    text\n\n    [a]: x.md\n\n    [^n]: Note.\n")
    assert 'href="x.md"' in found
    assert "Note." in found


def test_an_unclosed_comment_in_a_callout_ends_with_it() -> None:
    fragment = convert(numbered("!!! note\n    inside\n\n    <!-- oops\n\nafter\n"))
    assert names_of(structure(fragment.html)) == ["blockquote", "p", "p", "p"]
    assert [one.rule for one in fragment.problems] == ["unclosed-comment"]


def test_an_unclosed_comment_in_a_list_item_does_not_swallow_the_rest() -> None:
    text = "- one\n  <!-- oops\n- two\n\nafter\n"
    fragment = convert(numbered(text))
    assert "after" in fragment.html
    assert [one.rule for one in fragment.problems] == ["unclosed-comment"]


def test_a_callout_may_be_the_first_block_of_an_item() -> None:
    assert "!!!" not in read("- !!! note\n      body\n- two\n")


@pytest.mark.parametrize(
    "name", sorted(set(CONSTRUCTS) - {"internal block", "other brand's block", "brand block", "nested blocks"})
)
@pytest.mark.parametrize("depth", [1, 2])
def test_a_construct_in_a_quote_leaves_the_rest_alone(name: str, depth: int) -> None:
    lines = ["one", "", "1. two", "", *CONSTRUCTS[name], "", "3. three", "", "```", "four", "```"]
    found = read("\n".join([*(("> " * depth + line).rstrip() for line in lines), "", "five"]))
    kept = read(
        "\n".join([*(("> " * depth + line).rstrip() for line in [*lines[:4], "<!-- -->", *lines[-6:]]), "", "five"])
    )
    assert MARK in found
    (quote, *_) = structure(found)
    for _ in range(depth - 1):
        assert isinstance(quote, Node)
        (quote,) = quote.children
    (bare, *_) = structure(kept)
    for _ in range(depth - 1):
        assert isinstance(bare, Node)
        (bare,) = bare.children
    assert isinstance(quote, Node)
    assert isinstance(bare, Node)
    assert without(quote.children, is_construct) == bare.children
    assert structure(found)[1:] == structure(kept)[1:] == (Node("p", 0, ("five",)),)


def test_code_in_a_quote_that_shows_a_callout_stays_code() -> None:
    found = structure(read("> ```\n> !!! note\n>     body\n> ```\n"))
    assert found == (Node("blockquote", 0, (Node("pre", 0, ("!!! note body",)),)),)


@settings(_FEW, max_examples=60)
@given(documents(sloppy=False), st.sampled_from(["callout", "details", "callout block"]))
def test_a_construct_in_a_quote_leaves_the_rest_of_random_quotes_alone(text: str, name: str) -> None:
    quoted = [f"> {line}".rstrip() for line in text.split("\n")]
    found = read("\n".join([*(f"> {line}".rstrip() for line in CONSTRUCTS[name]), ">", *quoted]))
    bare = read("\n".join(["> <!-- -->", ">", *quoted]))
    (one,), (other,) = structure(found), structure(bare)
    assert isinstance(one, Node)
    assert isinstance(other, Node)
    assert without(one.children[:1], is_construct) == ()
    assert one.children[1:] == other.children
