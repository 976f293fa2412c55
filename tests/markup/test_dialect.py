"""Every construct of the dialect: what a writer writes and what a page shows."""

from __future__ import annotations

import re

import pytest

from hcgen.markup.containers import CALLOUTS
from hcgen.markup.convert import convert
from hcgen.markup.fragment import Heading, Image, plain_text
from hcgen.markup.lines import numbered
from hcgen.markup.select import select
from tests.markup.structure import Node, filled, fragment, names_of, rendered, structure, words_of

NOTE = '<div class="callout callout-note" role="note">\n<p class="callout-title">[T:note]</p>\n<p>Body</p>\n</div>\n'


def rules(text: str) -> list[tuple[int, str, bool]]:
    """(line, rule, is it an error) of what is wrong with a text."""
    return [(one.line, one.rule, one.is_error) for one in fragment(text).problems]


# Callouts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "!!! note\n    Body\n",
        "!!!note\n    Body\n",
        "!!! NOTE\n\n    Body\n",
        "/// note\nBody\n///\n",
        "/// note\n\nBody\n\n///",
        "///// note\nBody\n/////\n",
        "/// admonition\n    type: note\n\nBody\n///\n",
        "> [!NOTE]\n> Body\n",
        "> [!note]\n> Body\n",
    ],
)
def test_all_ways_to_write_a_callout_give_one_html(text: str) -> None:
    assert rendered(text).strip() == NOTE.strip()


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_alerts_of_a_git_host_are_the_callouts_of_the_same_name(kind: str) -> None:
    body = ["One *line*", "", "- a", "- b"]
    alert = rendered("\n".join([f"> [!{kind.upper()}]", *(f"> {line}".rstrip() for line in body)]))
    callout = rendered("\n".join([f"!!! {kind}", *(f"    {line}".rstrip() for line in body)]))
    assert alert.split() == callout.split()
    assert f'class="callout callout-{kind}"' in alert


@pytest.mark.parametrize("kind", sorted(CALLOUTS))
def test_every_kind_of_callout_has_a_colour_and_a_title_to_translate(kind: str) -> None:
    found = rendered(f"!!! {kind}\n    Body\n")
    colour = re.match(r'<div class="callout callout-(\w+)', found)
    assert colour
    assert colour[1] in {"note", "tip", "important", "warning", "caution"}
    assert f"[T:{kind}]" in found
    assert found.split(">\n", 1)[1] == rendered(f"/// {kind}\nBody\n///\n").split(">\n", 1)[1]


def test_an_own_kind_of_callout_is_a_note_with_its_name() -> None:
    found = rendered("!!! custom wide\n    Body\n")
    assert found.startswith('<div class="callout callout-note custom wide" role="note">')
    assert ">Custom</p>" in found


@pytest.mark.parametrize(
    ("title", "shown"), [('"Plain"', "Plain"), ('"A *b* `c` & <d>"', "A <em>b</em> <code>c</code> &amp; &lt;d&gt;")]
)
def test_titles_are_inline_markdown(title: str, shown: str) -> None:
    assert f'<p class="callout-title">{shown}</p>' in rendered(f"!!! note {title}\n    Body\n")
    assert f'<summary class="callout-title">{shown}</summary>' in rendered(f"??? note {title}\n    Body\n")
    assert f"<summary>{shown}</summary>" in rendered(f"=== {title}\n    Body\n")


def test_an_empty_title_is_none() -> None:
    assert "callout-title" not in rendered('!!! note ""\n    Body\n')


def test_an_alert_that_a_git_host_does_not_know_is_text_and_noted() -> None:
    assert rules("one\n\n> [!DANGER]\n> text\n") == [(3, "odd-alert", False)]
    assert rules("> [!NOTE] title\n> text\n") == [(1, "odd-alert", False)]
    assert "[!DANGER]" in rendered("> [!DANGER]\n> text\n")
    assert rules("`> [!DANGER]`\n\n```\n> [!DANGER]\n```\n") == []


def test_an_alert_may_hold_quotes_and_stand_between_them() -> None:
    found = structure(rendered("> one\n\n> [!TIP]\n> two\n>\n> > three\n\n> four\n"))
    assert [words_of(node.children) for node in found if isinstance(node, Node)] == ["one", "[T:tip] two three", "four"]
    assert names_of(found).count("blockquote") == 4


# Details and tabs ---------------------------------------------------------------------------------------------------


def test_details_are_closed_and_with_a_plus_open() -> None:
    assert rendered('??? tip "T"\n    Body\n') == (
        '<details class="callout callout-tip">\n<summary class="callout-title">T</summary>\n<p>Body</p>\n</details>\n'
    )
    assert '<details class="callout callout-tip" open>' in rendered('???+ tip "T"\n    Body\n')
    assert '<details class="details">' in rendered('??? "T"\n    Body\n')


@pytest.mark.parametrize(("options", "start"), [
    ("", '<details class="details">'),
    ("    open: true\n", '<details class="details" open>'),
    ("    open: True\n    type: warning\n", '<details class="callout callout-warning" open>'),
    ("    type: 'warning'\n", '<details class="callout callout-warning">'),
])  # fmt: skip
def test_options_of_a_details_block(options: str, start: str) -> None:
    found = rendered(f"/// details | T\n{options}\nBody\n///\n")
    assert found == f'{start}\n<summary class="callout-title">T</summary>\n<p>Body</p>\n</details>\n'


def tabs(text: str) -> list[tuple[str, str, bool]]:
    """(title, group, whether it is open) of each tab."""
    pattern = r'<details class="tab" name="([^"]*)"( open)?>\n<summary>(.*?)</summary>'
    return [(title, group, bool(is_open)) for group, is_open, title in re.findall(pattern, rendered(text))]


@pytest.mark.parametrize(
    "text",
    [
        '=== "A"\n    a\n=== "B"\n    b\n',
        '=== "A"\n\n    a\n\n\n=== "B"\n\n    b\n',
        "/// tab | A\na\n///\n\n/// tab | B\nb\n///\n",
    ],
)
def test_tabs_beside_each_other_are_one_group_with_the_first_open(text: str) -> None:
    (one, group, is_open), (two, other, is_other_open) = tabs(text)
    assert (one, two, group == other, is_open, is_other_open) == ("A", "B", True, True, False)


@pytest.mark.parametrize(
    "text",
    [
        '=== "A"\n    a\n\ntext\n\n=== "B"\n    b\n',
        '=== "A"\n    a\n\n===! "B"\n    b\n',
        "/// tab | A\na\n///\n/// tab | B\n    new: true\n\nb\n///\n",
    ],
)
def test_text_between_tabs_or_a_mark_begins_a_new_group(text: str) -> None:
    (_, group, is_open), (_, other, is_other_open) = tabs(text)
    assert (group != other, is_open, is_other_open) == (True, True, True)


def test_tabs_in_two_items_and_in_a_tab_are_groups_of_their_own() -> None:
    text = '- a\n\n    === "A"\n        a\n\n- b\n\n    === "B"\n        b\n\ntext\n\n=== "C"\n    === "D"\n        d\n'
    assert len({group for _, group, _ in tabs(text)}) == 4


def test_tabs_in_an_item_and_behind_the_list_are_groups_of_their_own() -> None:
    (_, group, _), (_, other, is_open) = tabs('- a\n\n    === "A"\n        a\n\n=== "B"\n    b\n')
    assert group != other
    assert is_open


# Blocks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "start", "end"), [
    ("html | div.a.b", '<div class="a b">', "</div>"),
    ("html | section.x", '<section class="x">', "</section>"),
    ("html | script.x", '<div class="x">', "</div>"),
    ("caption", '<div class="caption">', "</div>"),
])  # fmt: skip
def test_html_and_caption_blocks(name: str, start: str, end: str) -> None:
    assert rendered(f"/// {name}\n*Body*\n///\n") == f"{start}\n<p><em>Body</em></p>\n{end}\n"


def test_an_unknown_block_is_an_error_with_its_line() -> None:
    assert rules("one\n\n/// nothing | x\nBody\n///\n") == [(3, "unknown-block", True)]


def test_constructs_nest_in_each_other() -> None:
    text = (
        '!!! note\n    ??? tip "D"\n        === "T"\n            /// warning | W\n            - Body\n            ///\n'
    )
    assert names_of(structure(rendered(text))) == [
        "blockquote", "p", "blockquote", "summary", "details", "summary", "blockquote", "p", "ul", "li",
    ]  # fmt: skip


def test_blocks_nest_with_equal_and_with_more_slashes() -> None:
    equal = "/// note\n/// tip\nBody\n///\nrest\n///\nafter\n"
    assert structure(rendered(equal)) == structure(
        rendered(equal.replace("/// note", "//// note").replace("rest\n///", "rest\n////"))
    )
    assert names_of(structure(rendered(equal))) == ["blockquote", "p", "blockquote", "p", "p", "p", "p"]


@pytest.mark.parametrize("indent", [2, 3, 4])
@pytest.mark.parametrize(
    "construct", ["!!! note\n    Body", '??? note "T"\n    Body', '=== "T"\n    Body', "/// note\nBody\n///"]
)
def test_constructs_stand_in_list_items(construct: str, indent: int) -> None:
    marker = "1." if indent > 2 else "-"
    body = construct.replace("\n", "\n" + " " * indent)
    (items,) = structure(rendered(f"{marker} one\n\n{' ' * indent}{body}\n\n{marker.replace('1', '2')} two\n"))
    assert isinstance(items, Node)
    assert [child.name for child in items.children if isinstance(child, Node)] == ["li", "li"]
    first = items.children[0]
    assert isinstance(first, Node)
    assert [child.name for child in first.children if isinstance(child, Node)][1:] in (["blockquote"], ["details"])


@pytest.mark.parametrize(
    "line", ["!!! note", "??? tip", '=== "T"', "/// note", "> [!NOTE]", "*[HTML]: x", "Term\n: x", "==mark=="]
)
def test_code_that_shows_the_syntax_stays_code(line: str) -> None:
    found = rendered(f"```\n{line}\n    Body\n```\n")
    assert names_of(structure(found)) == ["pre"]
    assert plain_text(found.replace("pre", "div")) == " ".join(f"{line} Body".split())


# What GitHub and Python-Markdown have beside blocks -----------------------------------------------------------------


def test_definition_lists() -> None:
    found = structure(rendered("Term\n: First\n: Second\n\nOther\n:   Third\n\n    - a\n"))
    assert names_of(found) == ["dl", "dt", "dd", "p", "dd", "p", "dt", "dd", "p", "ul", "li"]  # fmt: skip


def test_footnotes_are_gathered_at_the_end_with_ways_back() -> None:
    found = rendered(
        "One[^a] two[^a] three[^Long name]\n\n[^a]: First\n\n    - list\n\n[^Long name]: Second *note*\n\nlast\n"
    )
    assert found.index("last") < found.index('<div class="footnotes" role="doc-endnotes">')
    for anchor in ('id="ref-fn-a"', 'id="ref-fn-a-2"', 'id="ref-fn-long-name"', 'id="fn-a"', 'id="fn-long-name"'):
        assert found.count(anchor) == 1
    assert found.count('href="#fn-a"') == 2
    assert found.count('href="#ref-fn-a"') == 1
    notes = found[found.index('<div class="footnotes"') :]
    assert names_of(structure(notes)) == ["div", "div", "p", "ul", "li", "div", "p"]
    assert notes.count("[T:footnote_back]") == 2


def test_a_footnote_defined_twice_keeps_both_texts_and_one_id() -> None:
    found = rendered("One[^a].\n\n[^a]: First.\n\n[^a]: Second.\n")
    assert found.count('id="fn-a"') == 1
    assert found.index('id="fn-a"') < found.index("First.") < found.index("Second.")


def test_a_footnote_may_hold_a_callout() -> None:
    found = rendered("One[^a]\n\n[^a]: First\n\n    !!! note\n        Inside\n\n    Last\n\nafter\n")
    notes = found[found.index('<div class="footnotes"') :]
    assert "Inside" in notes
    assert "after" not in notes
    assert found.count("<div") == found.count("</div>")


def test_a_footnote_that_is_not_defined_is_text() -> None:
    assert rendered("One[^a]\n") == "<p>One[^a]</p>\n"


def test_a_quote_with_a_container_stays_in_its_list_item() -> None:
    found = rendered("1. First\n\n   > !!! note\n   >     inside\n\n   after\n2. Second\n")
    assert found.count("<ol>") == 1
    assert found.index("callout-note") < found.index("after") < found.index("Second")


def test_task_lists_with_room_between() -> None:
    found = rendered("- [ ] open\n\n- [x] done\n")
    assert found.count("<input") == 0
    assert found.count('class="task task-open"') == found.count('class="task task-done"') == 1


def test_task_lists() -> None:
    found = rendered("- [ ] open\n- [x] done\n- plain\n")
    assert '<li class="task task-open">open</li>' in found
    assert '<li class="task task-done">done</li>' in found
    assert "<li>plain</li>" in found
    assert "input" not in found


def test_strikethrough() -> None:
    assert rendered("~~gone~~\n") == "<p><del>gone</del></p>\n"


def test_attribute_lists() -> None:
    assert rendered('*a*{.x #y title="T"}\n') == '<p><em class="x" id="y" title="T">a</em></p>\n'
    assert rendered("`a`{ .x .y }\n") == '<p><code class="x y">a</code></p>\n'
    assert rendered("text\n{: .wide #here }\n") == '<p class="wide" id="here">text</p>\n'
    assert 'class="btn"' in rendered("[a](b.md){ .btn }\n")
    assert rendered("plain {.x}\n") == "<p>plain {.x}</p>\n"
    assert rendered("`{.x}`\n") == "<p><code>{.x}</code></p>\n"


def test_attribute_lists_of_pictures_are_kept() -> None:
    assert fragment('![a](b.png){ width="200" .x }\n').images == (Image("b.png", "a", ' class="x" width="200"'),)


@pytest.mark.parametrize("name", ["onclick", "style", "href", "src", "srcdoc"])
def test_attribute_lists_carry_no_scripts_styles_or_addresses(name: str) -> None:
    assert f"{name}=" not in rendered(f'*a*{{ {name}="x" .y }}\n')
    assert f"{name}=" not in rendered(f'text\n{{: {name}="x" .y }}\n')
    assert f"{name}=" not in fragment(f'![a](b.png){{ {name}="x" }}\n').images[0].attributes


@pytest.mark.parametrize(("text", "heading"), [
    ("## One", Heading(2, "One", "one", "")),
    ("## One {#own}", Heading(2, "One", "one", "own")),
    ("## One { #own .wide }", Heading(2, "One", "one", "own")),
    ("## One {: #own}", Heading(2, "One", "one", "own")),
    ('## <a name="own"></a>One', Heading(2, "One", "one", "own")),
    ('## One <a id="own"></a>', Heading(2, "One", "one", "own")),
    ("One {#own}\n---", Heading(2, "One", "one", "own")),
    ("# *One* `two` [three](x.md)", Heading(1, "One two three", "one-two-three", "")),
    ("### A & B <c>", Heading(3, "A & B <c>", "a-b-c", "")),
    ("## Größe - Übersicht", Heading(2, "Größe - Übersicht", "größe-übersicht", "")),
    ("## {#own}", Heading(2, "", "", "own")),
])  # fmt: skip
def test_headings_and_their_ids(text: str, heading: Heading) -> None:
    assert fragment(text + "\n").headings == (heading,)


def test_further_names_of_a_heading_are_kept_once() -> None:
    found = fragment('<a name="before"></a>\n\n## <a name="own"></a><a name="second"></a><a name="second"></a>One\n')
    assert found.headings == (Heading(2, "One", "one", "own"),)
    assert found.anchors == ("before", "second")
    assert found.html.count('<a id="second"></a>') == 1


def test_anchors_in_text_are_kept_once() -> None:
    found = fragment('<a name="one"></a>\n\ntext <a id="two"></a>\n\n<a name="one"></a>\n')
    assert found.anchors == ("one", "two")
    assert found.html.count('id="one"') == 1


def test_abbreviations() -> None:
    found = rendered('HTML and HTMLX, `HTML` [HTML](HTML.md)\n\n*[HTML]: Hyper "Text"\n')
    assert found.count('<abbr title="Hyper &quot;Text&quot;">HTML</abbr>') == 1
    assert "<code>HTML</code>" in found
    assert "*[" not in found


@pytest.mark.parametrize(("text", "shown"), [
    ("++ctrl+k++",
     '<span class="keys"><kbd class="key-control">Ctrl</kbd><span>+</span><kbd class="key-k">K</kbd></span>'),
    ("==mark==", "<mark>mark</mark>"),
    ("x^2^", "x<sup>2</sup>"),
    ("^^new^^", "<ins>new</ins>"),
    ("H~2~O", "H<sub>2</sub>O"),
    ("{++new++}", '<ins class="critic">new</ins>'),
    ("{--old--}", '<del class="critic">old</del>'),
    ("{~~old~>new~~}", '<del class="critic">old</del><ins class="critic">new</ins>'),
    ("{==here==}{>>why<<}", '<mark class="critic">here</mark>'),
    ("{==here==}", '<mark class="critic">here</mark>'),
    (":smile:", "😄"),
    ("(c) (tm)", "&copy; &trade;"),
    ("==*a* `b==c`==", "<mark><em>a</em> <code>b==c</code></mark>"),
    ("`==a== ++b++ :smile: x^2^`", "<code>==a== ++b++ :smile: x^2^</code>"),
    ("a == b and c++ and 10:30:45", "a == b and c++ and 10:30:45"),
    ("C++ and D++", "C++ and D++"),
    ("| cell |", "| cell |"),
])  # fmt: skip
def test_inline_marks(text: str, shown: str) -> None:
    assert rendered(text + "\n") == f"<p>{shown}</p>\n"


def test_a_column_without_a_name_has_no_header() -> None:
    found = rendered("| | Price |\n| :-- | --: |\n| Visa | 1 |\n")
    assert '<td class="align-left"></td><th class="align-right">Price</th></tr>' in found


def test_inline_marks_stand_in_headings_tables_and_items() -> None:
    found = rendered("## ==a==\n\n| ==b== |\n|---|\n| ==c== |\n\n- ==d==\n")
    assert re.findall("<mark>(.)</mark>", found) == ["a", "b", "c", "d"]


def test_highlighted_code_with_title_and_lines() -> None:
    found = rendered('```py title="a <b>.py" hl_lines="2"\nx = 1\nif x:\n    pass\n```\n')
    assert found.startswith('<p class="code-title">a &lt;b&gt;.py</p>\n<pre tabindex="0"><code class="language-py">')
    assert re.findall(r'<span class="hll">.*?\bif\b', found)
    assert found.count('class="hll"') == 1
    assert "style=" not in found
    assert plain_text(found.replace("pre", "div")) == "a <b>.py x = 1 if x : pass"


def test_code_of_an_unknown_language_and_of_none() -> None:
    assert rendered("```zzz\na < b\n```\n") == '<pre tabindex="0"><code class="language-zzz">a &lt; b\n</code></pre>\n'
    assert rendered("```\na < b\n```\n") == "<pre><code>a &lt; b\n</code></pre>\n"
    assert 'class="language-python"' in rendered("``` { .python title='x' }\nx\n```\n")


def test_code_with_options_in_an_item_of_a_list() -> None:
    found = rendered('1. one\n\n    ```py title="a.py"\n    x\n    ```\n\n2. two\n')
    assert '<p class="code-title">a.py</p>' in found
    assert names_of(structure(found)) == ["ol", "li", "p", "p", "pre", "li", "p"]


def test_snippets_are_read_as_if_written_in_place() -> None:
    selected = select('one\n\n--8<-- "a.md"\n', "x", ["x"], snippets={"a.md": "!!! note\n    Body\n"})
    assert NOTE in filled(convert(selected.lines))


# Facts --------------------------------------------------------------------------------------------------------------


def test_facts_in_text_links_and_headings_are_placeholders_and_in_code_text() -> None:
    text = "## Ask {{ brand.name }}\n\n{{brand.mail}} [x](mailto:{{ brand.mail }}) `{{ brand.no }}`\n"
    text += "\n```\n{{ brand.no }}\n```\n"
    found = fragment(text)
    assert found.facts == ("mail", "name")
    assert found.links[0].target == "mailto:\ue000Fmail\ue001"
    shown = filled(found)
    assert "Ask [F:name]</h2>" in shown
    assert "<p>[F:mail] " in shown
    assert shown.count("{{ brand.no }}") == 2


def test_facts_in_titles_tables_and_callouts() -> None:
    shown = rendered('!!! note "{{ brand.a }}"\n    {{ brand.b }}\n\n| {{ brand.c }} |\n|---|\n')
    assert re.findall(r"\[F:(\w)\]", shown) == ["a", "b", "c"]


@pytest.mark.parametrize("text", ["{{ brand }}", "{{ brand.a-b }}", "{{ brand. }}", "{{ brand.a | upper }}"])
def test_what_only_looks_like_a_fact_is_an_error(text: str) -> None:
    assert rules(f"one\n\n{text}\n") == [(3, "unknown-fact", True)]


def test_braces_of_others_are_text() -> None:
    assert rendered("{{ name }} {{brandy.x}}\n") == "<p>{{ name }} {{brandy.x}}</p>\n"


# Addresses and raw HTML ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "targets"), [
    ("See https://a.example/b.", ["https://a.example/b"]),
    ("(https://a.example/b_(c))", ["https://a.example/b_(c)"]),
    ("(see https://a.example/b)", ["https://a.example/b"]),
    ("https://a.example/?b=1&c=2!", ["https://a.example/?b=1&c=2"]),
    ('"https://a.example/b"', ["https://a.example/b"]),
    ("<https://a.example/b>", ["https://a.example/b"]),
    ("[x](https://a.example/b) and [https://c.example](d.md)", ["https://a.example/b", "d.md"]),
    ("`https://a.example/b`", []),
    ("xhttps://a.example", []),
    ("the protocol (https://) and https:// alone", []),
    ("**https://a.example/b**", ["https://a.example/b"]),
    ("| https://a.example/b |\n|---|\n", ["https://a.example/b"]),
])  # fmt: skip
def test_bare_addresses_are_links(text: str, targets: list[str]) -> None:
    assert [link.target for link in fragment(text + "\n").links] == targets


@pytest.mark.parametrize(
    "attribute", ["markdown", 'markdown="1"', "markdown='block'", 'class="x" markdown', 'markdown="1" class="x"']
)
def test_markdown_inside_html_is_read(attribute: str) -> None:
    found = rendered(f"<div {attribute}>\n- *one*\n\n## two\n</div>\n\nafter\n")
    assert names_of(structure(found)) == ["div", "ul", "li", "h2", "p"]
    assert "markdown" not in found
    assert ('class="x"' in found) is ("class" in attribute)


def test_names_in_angle_brackets_are_text() -> None:
    assert rendered("Type <username> or <your-id>.\n") == "<p>Type &lt;username&gt; or &lt;your-id&gt;.</p>\n"
    assert "&lt;username&gt;" in rendered("- <username>\n")


@pytest.mark.parametrize(("text", "gone"), [
    ("<script>alert(1)</script>", ["script", "alert"]),
    ("a <script>alert(1)</script> b", ["script", "alert"]),
    ("<style>p {}</style>", ["style", "{}"]),
    ('<p onclick="x()">a</p>', ["onclick"]),
    ('<p style="color: red">a</p>', ["style"]),
    ('<a href="javascript:x()">a</a>', ["javascript"]),
    ('<a href="JaVa&#115;cript:x()">a</a>', ["script"]),
    ('<img src="x" onerror="x()">', ["onerror"]),
    ('<svg onload="x()"></svg>', ["svg", "onload"]),
    ('<form action="https://a.example"><input name="a"></form>', ["form", "input"]),
    ("<object data='x'></object><embed src='x'>", ["object", "embed"]),
    ('<meta http-equiv="refresh" content="0">', ["meta"]),
    ('<base href="https://a.example">', ["base"]),
    ('<iframe srcdoc="x"></iframe>', ["iframe", "srcdoc"]),
    ('<div markdown onclick="x()">\na\n</div>', ["onclick", "markdown"]),
    ("<!-- hidden -->\n\na", ["hidden", "<!--"]),
])  # fmt: skip
def test_what_pages_must_not_carry_is_dropped(text: str, gone: list[str]) -> None:
    shown = rendered(f"before\n\n{text}\n\nafter\n").lower()
    assert not [word for word in gone if word in shown]
    assert "before" in shown
    assert "after" in shown


@pytest.mark.parametrize(
    "text",
    [
        '!!! note "<script>x()</script>a"\n    Body',
        '=== "<img src=x onerror=x()>"\n    Body',
        "# <script>x()</script>a",
    ],
)
def test_titles_carry_no_scripts(text: str) -> None:
    shown = rendered(text + "\n")
    assert "<script" not in shown
    assert "onerror" not in shown


def test_dropped_elements_are_noted_with_their_line() -> None:
    assert rules("one\n\n<script>x</script>\n") == [(3, "unsafe-html", False)]


def test_embedded_pages_become_links() -> None:
    found = fragment('<iframe src="https://video.example/1" title="Watch"></iframe>\n')
    assert [(link.target, link.text) for link in found.links] == [("https://video.example/1", "Watch")]
    assert "iframe" not in found.html
    assert [link.target for link in fragment('<iframe src="//video.example/1"></iframe>\n').links] == [
        "https://video.example/1"
    ]


def test_harmless_html_is_kept() -> None:
    text = "<details open><summary>S</summary>\n\n*a*\n\n</details>\n"
    text += '\n<table><tr><td colspan="2">b</td></tr></table>\n\n<kbd>c</kbd><br>d\n'
    found = rendered(text)
    for part in ("<details open", "<summary>S</summary>", "<em>a</em>", 'colspan="2"', "<kbd>c</kbd><br"):
        assert part in found


def test_characters_that_look_like_placeholders_are_harmless() -> None:
    assert fragment("a \ue000L0\ue001 b\n").links == ()


def test_converting_is_repeatable() -> None:
    text = '!!! note\n    a[^1] ==b== :smile:\n\n[^1]: c\n\n=== "T"\n    d\n'
    assert convert(numbered(text)) == convert(numbered(text))


# Figures -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ('![a](x.png "Words")\n', "Words"),
        ("![a](x.png 'A & \"b\" <c>')\n", "A &amp; &quot;b&quot; &lt;c&gt;"),
        ("![a][r]\n\n[r]: x.png (Words)\n", "Words"),
        ('![a](x.png "Words"){.wide width=9}\n', "Words"),
        ('![a](x.png "==Not marked== https://a.example :smile:")\n', "==Not marked== https://a.example :smile:"),
        ('<kbd class="k">K</kbd>\n\n![a](x.png "Cleaned")\n', "Cleaned"),
    ],
)
def test_a_paragraph_of_one_picture_with_a_title_is_a_figure(text: str, caption: str) -> None:
    found = fragment(text)
    assert f"<figure>\ue000I0\ue001<figcaption>{caption}</figcaption></figure>" in found.html
    assert "title=" not in found.images[0].attributes


@pytest.mark.parametrize(
    "text",
    [
        "![a](x.png)\n", '![a](x.png "")\n', '![a](x.png " ")\n', '![a](x.png "W") and words\n',
        'Words ![a](x.png "W")\n', '[![a](x.png "W")](y.md)\n', '| a |\n| - |\n| ![a](x.png "W") |\n',
        '`<p><img src="x" title="W"></p>`\n', '![a](x.png "W") ![b](y.png "V")\n',
    ],
)  # fmt: skip
def test_any_other_picture_stays_as_it_is(text: str) -> None:
    assert "<figure" not in fragment(text).html


def test_a_figure_in_a_list_stays_in_its_item_and_shows_facts() -> None:
    found = fragment('1. one\n\n   ![a](x.png "Costs {{ brand.price }}")\n\n2. two\n')
    assert found.html.count("<ol>") == 1
    assert found.facts == ("price",)
    assert "<figcaption>Costs \ue000Fprice\ue001</figcaption>" in found.html


# Corners -------------------------------------------------------------------------------------------------------------


def test_a_fact_in_a_heading_leaves_no_stray_letter_in_the_id() -> None:
    assert "fname" not in fragment("## Ask {{ brand.name }}\n").headings[0].slug


def test_private_characters_of_a_writer_are_no_placeholders() -> None:
    found = fragment("a \ue000L99\ue001 b \ue000I7\ue001 c \ue000H3\ue001\n\n!!! note\n    \ue000C0\ue001\n")
    assert found.html.count("\ue000") == 1  # the callout's own title
    assert "\ufffd" in found.html


def test_a_fence_shown_in_code_keeps_its_options() -> None:
    shown = fragment('````markdown\n```python title="x" hl_lines="1"\ny\n```\n````\n').html
    assert "title" in shown
    assert "hl_lines" in shown
    assert "\ue000" not in shown


def test_critic_marks_in_code_spans_are_shown() -> None:
    assert "&gt;&gt;note" in fragment("see `{>>note<<}` {>>gone<<}\n").html
    assert "gone" not in fragment("see `{>>note<<}` {>>gone<<}\n").html
    assert "{~~a~&gt;b~~}" in fragment("see `{~~a~>b~~}`\n").html
