"""The words of Markdown without a conversion, and the lines where they stand."""

from __future__ import annotations

import re

import pytest

from hcgen.markup.lines import numbered
from hcgen.markup.plain import paragraphs, words
from tests.world import ROOT


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("a **bold** _word_ in snake_case", "a bold word in snake_case"),
        ("[text](page.md#x) and ![picture](a(1).png)", "text and picture"),
        ("[![alt](p.png)](https://x.example)", "alt"),
        ("`code` &amp; \\*star\\* ==marked== ++ctrl+c++", "code & *star* marked ctrl+c"),
        ("one[^1] <span class=x>two</span> {.big}", "one two"),
        ("<https://x.example> end", "end"),
    ],
)
def test_words_of_a_line(markdown: str, text: str) -> None:
    assert words(markdown) == text


def test_paragraphs_know_their_lines() -> None:
    text = """\
# Title {#id}

First line
of a paragraph.
- item one
- item two

> [!NOTE]
> Quoted.

| a | b |
| :-- | --: |
| c | d |

```sh
run --it
```

/// details | More
Inside.
///
!!! tip "Tip"
    Body.

<!-- a
comment --> Behind it.
Setext
------
[ref]: https://x.example
{{ brand.name }} sells.
"""
    found = [(one.line, one.text, one.is_heading) for one in paragraphs(numbered(text))]
    assert found == [
        (1, "Title", True), (3, "First line of a paragraph.", False), (5, "item one", False), (6, "item two", False),
        (9, "Quoted.", False), (11, "a b", False), (13, "c d", False), (16, "run --it", False),
        (19, "More Inside.", False), (22, "Tip Body.", False),
        (26, "Behind it. Setext", False), (30, "… sells.", False),
    ]  # fmt: skip


def test_every_word_of_the_example_stands_in_its_line() -> None:
    for path in sorted((ROOT / "content" / "en").rglob("*.md")):
        lines = path.read_text("utf-8").split("\n")
        for one in paragraphs(numbered("\n".join(lines))):
            first = re.search(r"\w+", one.text)
            assert first is None or first[0] in lines[one.line - 1], (path, one)
