"""HTML back to Markdown: what the dialect says comes back as it is written, what it cannot say stays HTML."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcgen.files.frontmatter import decode, split
from hcgen.files.project import read_project
from hcgen.markup.convert import convert
from hcgen.markup.lines import numbered
from hcgen.markup.reverse.restore import markdown_of, plain_html, words_of
from hcgen.markup.reverse.tree import canonical, settled
from hcgen.markup.select import select
from hcgen.model.project import Project
from hcgen.pages.bodies import render_bodies
from hcgen.pages.library import Workshop
from tests.world import ROOT

WORDS = {"note": "Note", "tip": "Tip", "warning": "Warning", "hint": "Hint", "danger": "Danger"}

WRITTEN = {
    "text": "First *em*, **strong**, ~~gone~~ and `code`.\nSecond line\\\nafter a break.",
    "marks that are none": "2 * 3 * 4, snake_case, a < b, C:\\dir, AT&T \\*\\*not bold\\*\\* and \\[x](y) \\<b>",
    "starts that are none": "\\# no heading\n\\- no item\n1\\. no step\n\\> no quote",
    "headings": "## When it arrives\n\n### Fees {#what-it-costs}\n\n#### Plain {.wide}",
    "lists": "- one\n- two\n  - inner\n\n    text\n\n1. step\n\n2. step\n\n   more\n\n- another list\n\n* and another",
    "tasks": "- [ ] open\n- [x] done",
    "tight": "- one\n- two\n  - three\n    - four\n- five",
    "numbers": "3. three\n4. four",
    "quote": "> said\n>\n> - twice",
    "alert": "> [!WARNING]\n> Hot.\n>\n> Very.",
    "callouts": '!!! hint wide\n    Shown.\n\n!!! note "My *own* title"\n    Text.\n\n!!! note ""\n    No title.',
    "folds": '??? danger\n    Hidden.\n\n???+ "A title"\n    Open.\n\n??? note "Named"\n    Text.',
    "tabs": '=== "iPhone"\n    Tap.\n\n    - x\n\n=== "Android"\n    Press.\n\n===! "Other"\n    Ask.',
    "callout in a list": '1. Do it.\n\n   !!! tip "T"\n       Well.\n\n2. Done.',
    "blocks": "/// html | div.box.wide\nIn **box**\n///\n\n/// caption\nBelow\n///",
    "nested blocks": '//// html | div.a\n!!! note "x"\n    y\n\n/// html | div.b\nz\n///\n////',
    "code": '```python title="a.py" hl_lines="2 4"\nx = 1\n\ndef f(): pass\ny\n```\n\n```\n*plain* <b>\n```',
    "code in code": "````\n```\nx\n```\n````",
    "spans": "``a`b``, ` `` `, `#!python x = 1` and `a`{.b}",
    "table": "| Left | Right | Middle |\n| :-- | --: | :-: |\n| a \\| b | `c` | **d**<br>e |",
    "terms": "Term\n:   meaning\n\nOther\n:   more\n:   and more",
    "footnotes": "One[^a] two[^2] one[^a].\n\n[^a]: First.\n\n    Still first.\n\n[^2]: Second.",
    "figure": '![Words](images/a.png "A caption")',
    "pictures": 'See ![a](a.png "tip") and ![b](b.png){.c width=20}.',
    "links": '[a](b.md#c "t"){.button} [b](<x%20(y.md>) <https://x.example/a_b> <me@x.example>',
    "attributes": "A lead.\n{: .lead}",
    "anchors": 'Here <a id="old"></a> it was.',
    "keys": "Press ++ctrl+alt+del++, ==mark==, ^^new^^, x^2^ and H~2~O.",
    "proof": "{++new++} {--old--} {==both==}",
    "abbreviation": "Your PIN is a PIN.\n\n*[PIN]: Personal number",
    "html inside": "<u>under</u> <small>small *text*</small> <kbd>K</kbd>",
    "mixed html": '<section id="x" markdown>\n\n## In *it*\n\n</section>',
    "details": "<details>\n<summary>More</summary>\n\n- text\n\n</details>",
    "rule": "---",
}


def shown(markdown: str) -> str:
    """The HTML of a text, with the words of these tests."""
    return plain_html(convert(select(markdown, "x", frozenset(("x", "retail", "web"))).lines), WORDS)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_the_dialect_comes_back_as_it_is_written(name: str) -> None:
    restored = markdown_of(shown(WRITTEN[name]), WORDS)
    assert restored.text == WRITTEN[name] + "\n"
    assert restored.is_exact


@pytest.mark.parametrize(
    ("foreign", "markdown"),
    [
        ("<p><b>Bold</b><strong> spaced </strong>out</p>", "**Bold** **spaced** out\n"),
        ("<div><p>a</p></div>", "<div markdown>\n\na\n\n</div>\n"),
        ('<p>Mail a@b.example</p>', "Mail <a@b.example>\n"),
        ('<p style="color:red" onclick="x()">a</p>', "a\n"),
        ("<script>x</script><p>a</p><!-- c -->", "a\n"),
        ('<iframe src="//v.example/1" title="Film"></iframe>', "[Film](https://v.example/1)\n"),
        ("<ul>\n <li>a\n  <ol><li>b</li></ol></li>\n</ul>", "- a\n  1. b\n"),
        ("<p>a</p>text<p>b</p>", "a\n\ntext\n\nb\n"),
        ("<p>{{ brand.name }}</p>", "&#123;{ brand.name }}\n"),
        ('<p>"a"<strong>"b"</strong>c</p>', '\\"a\\"<strong>\\"b\\"</strong>c\n'.replace('\\"', '"')),
        ("<center><font color=red>a</font></center>", "a\n"),
    ],
)  # fmt: skip
def test_what_others_wrote_becomes_the_dialect(foreign: str, markdown: str) -> None:
    restored = markdown_of(foreign, WORDS)
    assert restored.text == markdown
    assert restored.is_exact


@pytest.mark.parametrize(
    "table",
    [
        "<table><tbody><tr><td>no</td><td>header</td></tr></tbody></table>",
        '<table><thead><tr><th colspan="2">wide</th></tr></thead><tbody><tr><td>a</td><td>b</td></tr></tbody></table>',
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><ul><li>list</li></ul></td></tr></tbody></table>",
    ],
)
def test_what_markdown_cannot_say_stays_html(table: str) -> None:
    restored = markdown_of(f"<p>Before</p>\n{table}\n<p>After</p>", WORDS)
    assert restored.text == f"Before\n\n{table}\n\nAfter\n"
    assert restored.is_exact


def test_what_pages_add_is_not_taken_for_text() -> None:
    body = (
        '<h2 id="schritte">Schritte</h2><h2 id="fees">Gebühren</h2><ol><li id="step-1a2b3c">Eins</li>'
        '<li id="step-4d5e6f-2">Zwei</li></ol><p><img src="a.png" alt="A" loading="lazy"></p>'
    )
    restored = markdown_of(body, WORDS, ids={"fees"})
    assert restored.text == "## Schritte\n\n## Gebühren\n\n1. Eins\n2. Zwei\n\n![A](a.png)\n"


# Everything that may stand in a text, and the elements that hold it.
_VOCABULARY = (
    "Refund a sale müssen 2*3 snake_case x<y a&b &amp; C:\\dir `tick` [box] (see) ! # + - 1. = ~ | \" ' _x_ *y* <b> "
    "{x} 支払い :note: me@example.org https://x.example/a_b $5 a^b !!! /// === ??? > 10) ... @me %20 \\ (c) ==y=="
)
_WORD = st.sampled_from(_VOCABULARY.split())
_TEXT = st.lists(_WORD, min_size=1, max_size=6).map(lambda words: html.escape(" ".join(words), quote=False))


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = ["strong", "em", "del", "code", "mark", "u", "small", "sup", "sub", "kbd", "b"]
    return st.one_of(
        st.tuples(st.sampled_from(names), inner).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"),
        inner.map(lambda text: f'<a href="../x/y.md#z">{text}</a>'),
        inner.map(lambda text: f'a<br>{text} <img src="a b.png" alt="x [y]" width="20">'),
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
    )


_LINE = st.recursive(_TEXT, _wrapped, max_leaves=4)
_CODE = st.lists(st.sampled_from(["x = 1", "", "```", "  y", "<b> & *", "~~~"]), min_size=1, max_size=4).map(
    lambda lines: f'<pre><code class="language-python">{html.escape(chr(10).join(lines))}\n</code></pre>'
)
_ROW = st.lists(_LINE, min_size=2, max_size=2)
_TABLE = st.lists(_ROW, min_size=1, max_size=3).map(
    lambda rows: (
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>"
        + "".join(f"<tr><td>{row[0]}</td><td>{row[1]}</td></tr>" for row in rows)
        + "</tbody></table>"
    )
)


def _held(block: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(block, min_size=1, max_size=2).map("".join)
    tight = st.lists(_LINE, min_size=1, max_size=3).map(lambda found: "".join(f"<li>{one}</li>" for one in found))
    loose = st.lists(some, min_size=1, max_size=3).map(
        lambda found: "".join(f"<li><p>x</p>{one}</li>" for one in found)
    )
    holders = [
        "<blockquote>{}</blockquote>", '<div class="box">{}</div>', '<div id="x">{}</div>',
        '<div class="callout callout-note"><p class="callout-title">Note</p>{}</div>',
        '<div class="callout callout-tip hint wide"><p class="callout-title">My <em>t</em></p>{}</div>',
        '<details class="tab" name="a" open><summary>T</summary>{0}</details>'
        '<details class="tab" name="a"><summary>U</summary>{0}</details>',
        "<dl><dt>T</dt><dd>{}</dd></dl>", '<details class="details"><summary>More "x"</summary>{}</details>',
    ]  # fmt: skip
    return st.one_of(
        st.tuples(st.sampled_from(["ul", "ol"]), st.one_of(tight, loose)).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"),
        st.tuples(st.sampled_from(holders), some).map(lambda t: t[0].format(t[1])),
    )


_BLOCK = st.recursive(
    st.one_of(
        _LINE.map(lambda text: f"<p>{text}</p>"), _LINE.map(lambda text: f"<h2>{text}</h2>"),
        _LINE.map(lambda text: f'<h3 id="own">{text}</h3>'), _CODE, _TABLE, st.just("<hr>"),
    ),
    _held, max_leaves=4,
)  # fmt: skip
_DOCUMENT = st.lists(_BLOCK, min_size=1, max_size=4).map("\n".join)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_DOCUMENT)
def test_any_document_reads_the_same_and_is_stable_from_the_first_round_on(body: str) -> None:
    first = markdown_of(body, WORDS)
    again = shown(first.text)
    assert canonical(settled(again)) == canonical(settled(body))
    assert markdown_of(again, WORDS).text == first.text


def _rounds(bodies: dict[str, str], words: dict[str, str]) -> list[str]:
    """The names of those that do not come back: as the same HTML, and as the same Markdown the second time."""
    wrong = []
    for name, body in bodies.items():
        first = markdown_of(body, words)
        again = plain_html(convert(numbered(first.text)), words)
        if canonical(settled(again)) != canonical(settled(body)) or markdown_of(again, words).text != first.text:
            wrong.append(name)
    return wrong


@pytest.fixture(scope="module")
def example() -> Project:
    """The example project."""
    return read_project(ROOT)


@pytest.mark.parametrize("code", ["en", "de", "fr", "ko", "ar"])
def test_the_bodies_of_the_example_come_back(code: str, example: Project) -> None:
    workshop, words = Workshop(example), words_of(example.strings[code])
    for brand in example.brands:
        if code in brand.locales:
            bodies, _ = render_bodies(example, brand, example.settings.locale(code), workshop)
            assert len(bodies) > 10
            assert _rounds(bodies, words) == []


@pytest.mark.parametrize(("name", "every"), [("arduino-help", 20), ("m365-insights", 200), ("bc-regions", 70)])
def test_real_articles_come_back(name: str, every: int, corpora: Path) -> None:
    found = {}
    for path in sorted(corpora.joinpath(name, "content").rglob("*.md"))[::every]:
        text, _ = decode(path.read_bytes(), path.name)
        found[str(path)] = shown(split(text)[1])
    assert len(found) > 10
    assert _rounds(found, WORDS) == []
