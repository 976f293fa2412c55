"""Steps: items of a text's own ordered lists are marked, those of other lists are not, and HTML stays what it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings

from hcgen.markup.fragment import Step, fill
from hcgen.markup.steps import steps
from tests.markup.structure import documents, fragment

SOMEWHERE_ELSE = {
    "a bullet": "- item\n\n  1. One\n  2. Two\n",
    "a step": "- item\n\n  1. One\n     1. Inner\n     2. Inner too\n  2. Two\n",
    "a quote": "> 1. One\n> 2. Two\n",
    "an alert": "> [!NOTE]\n> 1. One\n> 2. Two\n",
    "a callout": "!!! note\n    1. One\n    2. Two\n",
    "a tab": '=== "A"\n    1. One\n    2. Two\n',
    "details": "/// details | More\n1. One\n2. Two\n///\n",
    "a block of HTML": "<div markdown>\n1. One\n2. Two\n</div>\n",
    "a table": "<table><tr><td><ol><li>One</li><li>Two</li></ol></td></tr></table>\n",
    "a definition": "Term\n: 1. One\n  2. Two\n",
    "a footnote": "Text.[^1]\n\n[^1]: Note\n\n    1. One\n    2. Two\n",
    "code": "```html\n<ol><li>One</li><li>Two</li></ol>\n```\n",
}


def marks(text: str) -> list[str]:
    """The placeholders of steps in the HTML of a text, in order."""
    return re.findall("\ue000([SW]\\d+)\ue001", fragment(text).html)


def test_items_of_a_list_are_steps() -> None:
    one = fragment("1. Open **it**.\n2. Close it.\n")
    assert one.html == (
        "<ol>\n<li\ue000S0\ue001>Open <strong>it</strong>.\ue000W0\ue001</li>\n"
        "<li\ue000S1\ue001>Close it.\ue000W1\ue001</li>\n</ol>\n"
    )
    assert [step.list for step in one.steps] == [0, 0]


def test_lists_are_counted_and_a_single_item_is_no_procedure() -> None:
    one = fragment("1. One\n2. Two\n\nText.\n\n1. Alone\n\nText.\n\n4. Four\n5. Five\n")
    assert [step.list for step in one.steps] == [0, 0, 2, 2]
    assert "Alone" not in one.html.partition("\ue000S2")[2]


@pytest.mark.parametrize("where", SOMEWHERE_ELSE)
def test_lists_within_anything_else_have_no_steps(where: str) -> None:
    one = fragment(SOMEWHERE_ELSE[where])
    assert "One" in one.html
    assert one.steps == ()
    assert marks(SOMEWHERE_ELSE[where]) == []
    assert len(fragment(f"{SOMEWHERE_ELSE[where]}\nText.\n\n1. A\n2. B\n").steps) == 2


def test_what_stands_in_a_step_stays_in_it() -> None:
    text = "1. One\n\n   > [!WARNING]\n   > Mind.\n\n   1. Inner\n   2. Inner\n\n2. Two\n\n   ```\n   code\n   ```\n"
    assert marks(text) == ["S0", "W0", "S1", "W1"]
    html = fragment(text).html
    assert (
        html.index("Inner") < html.index("\ue000W0") < html.index("Two") < html.index("code") < html.index("\ue000W1")
    )


def test_words_alone_tell_steps_apart() -> None:
    def digests(text: str) -> list[str]:
        return [step.digest for step in fragment(text).steps]

    plain = digests("1. Open the box.\n2. Use {{ brand.app }}.\n")
    assert digests("1. Open **the** [box](a.md).\n\n2. Use *{{ brand.app }}*.\n") == plain
    assert digests("![x](a.png)\n\n1. Open the box. ![x](a.png)\n2. Use {{ brand.app }}.\n") == plain
    assert digests("1. Open a box.\n2. Use {{ brand.other }}.\n")[0] != plain[0]
    assert digests("1. Open a box.\n2. Use {{ brand.other }}.\n")[1] != plain[1]


def test_an_id_of_the_writers_own_stays() -> None:
    html = fragment("1. One\n   {: #mine .big}\n2. Two\n").html
    assert '<li\ue000S0\ue001 class="big"><a id="mine"></a>One' in html
    html = fragment('<ol><li id="a&quot;b">One</li><li id="">Two</li></ol>\n').html
    assert '<li\ue000S0\ue001><a id="a&quot;b"></a>One' in html
    assert "<li\ue000S1\ue001>Two" in html


def test_tags_in_words_and_attributes_are_no_structure() -> None:
    text = '1. One <abbr title="<li></ol>">x</abbr> `</ol>`\n2. Two [l](a.md "<li>")\n'
    assert marks(text) == ["S0", "W0", "S1", "W1"]
    assert all(re.fullmatch("<li\ue000S\\d\ue001>", one) for one in re.findall("<li\ue000[^>]*>", fragment(text).html))


@pytest.mark.parametrize(
    "text", ["<ol><li>a<li>b</ol>", "<ol><li>a</li><li>b</li>", "</div><ol><li>a</li><li>b</li></ol>"]
)
def test_html_that_does_not_balance_has_no_steps(text: str) -> None:
    assert steps(text) == (text, ())


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(documents(sloppy=True))
def test_any_document_is_the_same_but_for_the_marks(text: str) -> None:
    html = fragment(text).html
    bare = fill(html, lambda kind, value: "" if kind in "SW" else f"\ue000{kind}{value}\ue001")
    again, found = steps(bare)
    assert again == html
    assert found == fragment(text).steps
    assert (
        re.findall("\ue000S(\\d+)", html) == re.findall("\ue000W(\\d+)", html) == [str(at) for at in range(len(found))]
    )
    assert all(isinstance(step, Step) and re.fullmatch("[0-9a-f]{12}", step.digest) for step in found)
