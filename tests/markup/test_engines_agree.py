"""No writer notices which engine worked: what has no mark of pymdownx comes out of it as pyromark gave it.

`convert` gives pymdownx those runs of text that show its marks. Here it gets every run, whether it shows one or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hcgen.files.frontmatter import decode, split
from hcgen.markup import marks
from hcgen.markup.convert import convert
from hcgen.markup.select import select
from tests.markup.structure import documents, rendered
from tests.world import ROOT

EXAMPLE = sorted([*ROOT.glob("content/**/*.md"), *ROOT.glob("brands/*/content/**/*.md")])
_MANY = settings(max_examples=1500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
_SOME = settings(_MANY, max_examples=600)
_FEW = settings(_MANY, max_examples=150)


@contextmanager
def patched(**changes: object) -> Iterator[None]:
    """`hcgen.markup.marks` with other cues for a while."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in changes.items():
            patch.setattr(marks, name, value)
        yield


def forced(change: Callable[[str], str], text: str) -> str:
    """What `change` makes of `text` where every run goes through pymdownx with all its extensions."""
    everything = re.compile("")
    with patched(_CUES=(("", everything),), _EXTENSIONS=dict.fromkeys(marks._EXTENSIONS, everything)):
        return change(text)


def direct(text: str) -> str:
    """The HTML of `text` where no run goes through pymdownx."""
    with patched(_CUES=()):
        return rendered(text)


def shows_marks(html: str) -> bool:
    """Whether pymdownx would get any run of some HTML."""
    seen: list[str] = []
    with patched(_through_pymdownx=lambda text, _: seen.append(text) or text):
        marks.apply_marks(html)
    return bool(seen)


def without_ids(html: str) -> str:
    """HTML without ids: those of headings are made of their words."""
    return re.sub(r' id="[^"]*"', "", html)


def runs(paths: Iterable[Path]) -> Iterator[str]:
    """The HTML of all paragraphs, headings, items and cells of some articles, as it reaches pymdownx' turn."""
    seen: list[str] = []
    with patched(apply_marks=lambda text: seen.append(text) or text):
        for path in paths:
            text, _ = decode(path.read_bytes(), path.name)
            convert(select(split(text)[1], "x", ["x"]).lines)
    for html in seen:
        yield from (run for run in marks._BLOCK.split(html)[::2] if run.strip())


def check(found: Iterable[str]) -> int:
    """How many of these runs show no mark; each of them is what pymdownx makes of it."""
    plain = sorted({run for run in found if not shows_marks(run)})
    differ = [run for run in plain if forced(marks.apply_marks, run) != run]
    assert differ == []
    return len(plain)


# Real texts ---------------------------------------------------------------------------------------------------------


def test_texts_of_the_example_come_out_alike() -> None:
    assert check(runs(EXAMPLE)) > 2500


@pytest.mark.parametrize("name", ["arduino-help", "bc-regions", "m365-insights"])
def test_texts_of_real_help_centers_come_out_alike(name: str, corpora: Path) -> None:
    paths = sorted(corpora.joinpath(name, "content").rglob("*.md"))
    assert check(runs(paths[:: len(paths) // 80])) > 500


def test_the_comparison_sees_differences() -> None:
    """The comparers themselves: marks are seen, and every run really goes through pymdownx."""
    assert not shows_marks("a == b, 05:30:00, <code>==a==</code>")
    assert shows_marks("a ==b== c")
    assert direct("==a==") == "<p>==a==</p>\n"
    assert forced(rendered, "==a==") == "<p><mark>a</mark></p>\n"
    seen: list[str] = []
    with patched(_through_pymdownx=lambda text, _: seen.append(text) or text):
        forced(marks.apply_marks, "<p>one <em>two</em></p>\n<ul>\n<li>three</li>\n</ul>\n")
    assert [text for text in seen if text.strip()] == ["one \ue000Z0\ue001two\ue000Z1\ue001", "three"]


# Random texts -------------------------------------------------------------------------------------------------------

_WORDS = [
    "alpha",
    "Beta",
    "naïve",
    "日本語",
    "تسوية",
    "การคืนเงิน",
    "हिन्दी",
    "e\u0301",
    "🎉",
    "snake_case",
    "3.14",
    "AT&T",
]
_SPANS = [
    "*em*", "**strong**", "***both***", "_em_", "`code`", "``co`de``", "`a == b`", "[link](x.md)", "[*em*](x.md 'T')",
    "![pic](a.png)", "<https://a.example/b?c=d>", "https://a.example/b_c", "me@a.example", "<b>b</b>", "<br>",
    "<kbd>K</kbd>", "<user>", "<!-- note -->", '<span title="a=b">s</span>', "{{ brand.name }}", "*e*{.x}",
]  # fmt: skip
_SIGNS = [
    "&amp;", "&lt;b&gt;", "&copy;", "&#42;", "&quot;", "&", "<", ">", '"', "'", "\\*", "\\_", "\\[", "\\\\", "\\",
    "*", "_", "**", "[", "]", "!", "(", ")", "{", "}", "#", "|", "$", "%", "/", "-", "--", "...", "—", "„", "“",
    "=", "+", "^", "~", ":", "(p)", "a=b", "C++", "a:b", "10:30", "x >= y", "1/2", "1st", "-->",
    "\t", "\x02", "\x0242\x03", "C:\\\\\\\\+", "\u00a0",
]  # fmt: skip
_GAPS = st.sampled_from([" "] * 6 + ["", "", "\n", "  \n", "\\\n", "  "])
_PIECES = st.one_of(st.sampled_from(_WORDS), st.sampled_from(_WORDS), st.sampled_from(_SPANS), st.sampled_from(_SIGNS))
INLINE = st.lists(st.tuples(_PIECES, _GAPS), min_size=1, max_size=8).map(
    lambda parts: "Text " + "".join(piece + gap for piece, gap in parts).strip()
)
MARKED = {
    "mark": ("==mark==", "<mark>mark</mark>"),
    "keys": ("++ctrl++", '<span class="keys"><kbd class="key-control">Ctrl</kbd></span>'),
    "insertion": ("^^in^^", "<ins>in</ins>"),
    "superscript": ("x^2^", "x<sup>2</sup>"),
    "subscript": ("x~2~o", "x<sub>2</sub>o"),
    "critic": ("{++new++}", '<ins class="critic">new</ins>'),
    "emoji": (":smile:", "😄"),
    "symbol": ("(c)", "&copy;"),
    "plus or minus": ("+/-", "&plusmn;"),
    "not equal": ("=/=", "&ne;"),
    "care of": ("c/o", "&#8453;"),
}


@_MANY
@given(INLINE)
def test_random_text_without_marks_comes_out_alike(text: str) -> None:
    html = direct(text)
    assume(not shows_marks(html))
    assert forced(rendered, text) == html == rendered(text)


@_FEW
@given(documents(sloppy=True))
def test_random_documents_without_marks_come_out_alike(text: str) -> None:
    assert forced(rendered, text) == direct(text) == rendered(text)


@_SOME
@given(INLINE, INLINE, st.sampled_from(sorted(MARKED)))
def test_a_mark_changes_nothing_else_of_its_paragraph(before: str, behind: str, name: str) -> None:
    written, shown = MARKED[name]
    # A character of the mark that stands alone could become the other end of ours.
    assume(not set(written) & set("=+^~{}:") & set(before + behind))
    plain = direct(f"{before} zzz {behind}")
    assume(not shows_marks(plain) and "zzz" in re.sub("<code>.*?</code>|<[^>]*>", "", plain))
    found = rendered(f"{before} {written} {behind}")
    assert without_ids(found) == without_ids(plain).replace("zzz", shown)


@_SOME
@given(st.lists(INLINE, min_size=1, max_size=3), st.lists(INLINE, max_size=2), st.sampled_from(sorted(MARKED)))
def test_a_mark_changes_nothing_of_other_paragraphs(before: list[str], behind: list[str], name: str) -> None:
    html = rendered("\n\n".join([*before, *behind]))
    # Not lists and the like: a paragraph between two of them makes one two.
    assume(set(re.findall(r"<(p|d[lt]|[uo]l|h\d|table|pre)\b", html)) == {"p"})
    written, shown = MARKED[name]
    found = rendered("\n\n".join([*before, f"Zzz {written} zzz", *behind]))
    paragraph = f"<p>Zzz {shown} zzz</p>\n"
    assert found.count(paragraph) == 1
    assert found.replace(paragraph, "") == html


@_FEW
@given(documents(sloppy=False), documents(sloppy=False), st.sampled_from(sorted(MARKED)))
def test_a_mark_changes_nothing_of_other_blocks(before: str, behind: str, name: str) -> None:
    written, shown = MARKED[name]
    plain, found = (rendered(f"{before}\n\nZzz {word} zzz\n\n{behind}") for word in ("www", written))
    assert found == plain.replace("Zzz www zzz", f"Zzz {shown} zzz")


@pytest.mark.parametrize("mark", ["==", "++", "^^", "^", "~", "{++", "{==", ":"])
def test_marks_that_open_in_one_paragraph_and_close_in_another_are_text(mark: str) -> None:
    text = f"One {mark}alpha\n\n- two {mark}beta\n\ngamma{mark} three\n\n| delta{mark} |\n|---|\n| epsilon{mark} |\n"
    assert rendered(text) == direct(text) == forced(rendered, text)


@pytest.mark.parametrize("text", ["5 +/- 3", "a =/= b", "c/o Acme", "(c) Acme", "(tm)"])
def test_a_symbol_is_one_with_and_without_another_mark_beside_it(text: str) -> None:
    alone = rendered(text)
    assert alone != direct(text)
    assert rendered(f"{text} ==x==") == alone.replace("</p>", " <mark>x</mark></p>")


@pytest.mark.parametrize(
    "text", ["https://a.example/x^2^", "`x^2^`", "[a](https://a.example/==b==)", '<span title="x^2^">a</span>']
)
def test_addresses_code_and_attributes_stay_beside_a_mark(text: str) -> None:
    assert rendered(f"{text} ==x==") == direct(text).replace("</p>", " <mark>x</mark></p>")
