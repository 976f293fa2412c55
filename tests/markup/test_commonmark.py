"""What CommonMark and GitHub's tables know reads as they read it: the reference is markdown-it-py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from hcgen.files.frontmatter import split
from tests.markup.structure import documents, names_of, reference, rendered, structure
from tests.world import ROOT

KNOWN = {
    "list-indented-2": "- one\n  - two\n    - three\n- four\n",
    "list-indented-3": "1. one\n   - two\n     1. three\n2. four\n",
    "list-indented-4": "- one\n    - two\n        - three\n- four\n",
    "numbers-with-bullets-indented-4": "1. one\n    - a\n    - b\n2. two\n    - c\n",
    "numbers-with-bullets-indented-2": "1. one\n  - a\n  - b\n2. two\n",
    "list-right-after-paragraph": "Do this:\n- one\n- two\n",
    "numbered-list-right-after-paragraph": "Do this:\n1. one\n2. two\n",
    "only-a-list-from-one-interrupts": "In the year\n1984. It was.\n",
    "paragraph-right-after-list": "- one\n- two\nlazy\n\nafter\n",
    "fence-in-item": "1. one\n\n   ```text\n   - code\n\n   # code\n   ```\n\n2. two\n",
    "tight-fence-in-item": "- one\n  ```\n  code\n  ```\n- two\n",
    "fence-in-item-indented-4": "- one\n\n    ```\n    code\n    ```\n\n- two\n",
    "fence-ends-with-its-item": "- one\n  ```\n  code\n\nafter\n",
    "fence-not-indented-in-list": "1. one\n\n```\ncode\n```\n\n2. two\n",
    "restarted-numbering": "3. three\n4. four\n\ntext\n\n5. five\n",
    "other-delimiter-restarts": "1. one\n2. two\n1) one\n",
    "other-bullet-restarts": "- one\n- two\n* one\n",
    "comment-between-lists": "- one\n\n<!-- -->\n\n- two\n",
    "table": "| a | b |\n|---|--:|\n| 1 | 2 |\n| `x\\|y` | |\n\nafter\n",
    "table-after-paragraph": "text\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "table-in-item": "1. one\n\n   | a | b |\n   |---|---|\n   | 1 | 2 |\n\n2. two\n",
    "table-in-quote": "> | a |\n> |---|\n> | 1 |\n",
    "table-without-outer-bars": "a | b\n--- | ---\n1 | 2\n",
    "nested-quotes": "> one\n>\n> > two\n> >\n> > > three\n>\n> one\n",
    "lazy-quote": "> one\ntwo\n\nthree\n",
    "quote-with-list": "> - one\n>   - two\n>\n> 1. three\n",
    "list-with-quote": "- > one\n  > two\n\n  three\n- four\n",
    "setext": "One\n===\n\nTwo\nlines\n---\n\nthree\n\n---\n",
    "setext-after-list": "- one\n---\ntwo\n---\n",
    "atx": "# one #\n## two\n###three\n####### seven\n",
    "html-block": "<div>\n*raw*\n</div>\n\n*read*\n",
    "html-block-with-blank-lines": "<div>\n\n*read*\n\n</div>\n\nafter\n",
    "html-comment": "<!--\n- no list\n\n# no heading\n-->\n\n- list\n",
    "html-table": "<table>\n<tr><td>\n\n- one\n\n</td></tr>\n</table>\n",
    "inline-html": "a <b>b</b><br>c <kbd>d</kbd>\n",
    "tab-list": "-\tone\n\t- two\n\n\t  three\n",
    "tab-code": "one\n\n\tcode\n\t\tmore\n",
    "tab-in-quote": ">\t\tcode\n",
    "tight": "- one\n- two\n  - three\n",
    "loose": "- one\n\n- two\n\n  - three\n",
    "loose-by-second-paragraph": "- one\n\n  more\n- two\n",
    "inner-loose-outer-tight": "- one\n  - two\n\n    more\n- three\n",
    "indented-code": "    one\n\n      two\n\nthree\n",
    "code-in-item": "- one\n\n      code\n\n  text\n",
    "empty-items": "-\n- one\n-\n\n  two\n",
    "ten-and-more": "9. nine\n10. ten\n\n    more\n11. eleven\n",
    "hard-breaks": "one  \ntwo\\\nthree\n",
    "link-definitions": "[one][a] and [b]\n\n[a]: x.md\n[b]: y.md 'T'\n",
    "escapes": "\\# no heading\n\n1\\. no list\n\n\\> no quote\n",
    "nested-to-five": "- 1\n  - 2\n    - 3\n      - 4\n        - 5\n",
    "no-line-end": "# one\n\n- two",
    "blank-lines-with-spaces": "- one\n   \n  more\n \t\n- two\n",
}  # fmt: skip

# What the dialect reads and CommonMark does not: containers, blocks, definitions, footnotes, snippets, alerts, HTML
# with Markdown inside.
_OWN = re.compile(
    r'^[ \t]*(?:!!!|\?\?\?|===[+!]? *"|/{3,}|: |-{1,2}8<|\*\[|> ?\[!)|\[\^[^\]]+\]|<[^>]* markdown\b|^\s*\{:', re.M
)
ARTICLES = [
    path
    for path in sorted([*ROOT.glob("content/**/*.md"), *ROOT.glob("brands/*/content/**/*.md")])
    if not _OWN.search(split(path.read_text("utf-8"))[1])
]


@pytest.mark.parametrize("name", KNOWN)
def test_known_documents_have_the_blocks_that_commonmark_gives_them(name: str) -> None:
    assert structure(rendered(KNOWN[name])) == structure(reference(KNOWN[name]))


def test_the_comparison_sees_differences() -> None:
    """The comparer itself: what differs in looseness, numbering, nesting or words is told apart."""
    pairs = [("- a\n- b", "- a\n\n- b"), ("1. a", "2. a"), ("> a", "> > a"), ("a\n- b", "a\n\n    - b"), ("a", "b")]
    for one, other in pairs:
        assert structure(reference(one)) != structure(reference(other))


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(documents(sloppy=False))
def test_random_documents_have_the_blocks_that_commonmark_gives_them(text: str) -> None:
    assert structure(rendered(text)) == structure(reference(text))


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(documents(sloppy=True))
def test_random_sloppy_documents_have_the_blocks_that_commonmark_gives_them(text: str) -> None:
    assert structure(rendered(text)) == structure(reference(text))


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_articles_without_own_syntax_have_the_blocks_that_commonmark_gives_them(path: Path) -> None:
    _, body, _ = split(path.read_text("utf-8"))
    assert structure(rendered(body), words=False) == structure(reference(body), words=False)


def test_enough_articles_are_compared() -> None:
    compared = [body for body in (split(path.read_text("utf-8"))[1] for path in ARTICLES) if body.strip()]
    assert len(compared) >= 20
    kinds = {name for body in compared for name in names_of(structure(reference(body)))}
    assert {"ol", "ul", "h2", "p", "table"} <= kinds
