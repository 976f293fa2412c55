"""One text to one `Fragment`: the order in which the parts of the dialect act."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from hcgen.markup import inline, structure
from hcgen.markup.containers import Rewriter, restore, unread
from hcgen.markup.engine import blocks_html
from hcgen.markup.fragment import CLOSE, OPEN, Fragment, Problem, drop_placeholders, token
from hcgen.markup.lines import Fences, Line

_FACT = re.compile(r"\{\{\s*brand\.([A-Za-z_]\w*)\s*\}\}")
_FACT_LIKE = re.compile(r"\{\{\s*brand\b[^}]*\}\}")
_FACT_TOKEN = re.compile(f"{OPEN}F(\\w+){CLOSE}")
_CODE = re.compile(r"<code\b[^>]*>.*?</code>", re.S)
_FENCE_INFO = re.compile(
    r"^([ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(?:`{3,}|~{3,}))[ \t]*([^\s`{]*)[ \t]*(\{[^`]*\}|[^`]*=[^`]*)$"
)
_ALERT_LIKE = re.compile(r"^[ >]*\[!(\w+)(?:\]|[ =])")
_ALERTS = frozenset(("note", "tip", "important", "warning", "caution"))
# A code span first: what it shows is left alone.
_CRITIC = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\{>>.*?<<\}|\{~~(.*?)~>(.*?)~~\}")
_PREPARED = re.compile(r"\{\{|\[!|\[TOC\]|```|~~~|\{>>|\{~~")
# So many rounds take the first misread container alone for text; further ones take all that are misread.
_SINGLE_ROUNDS = 8


def convert(lines: Sequence[Line]) -> Fragment:
    """The `Fragment` of an article's lines, as `select` gives them."""
    source, problems = _prepared([(drop_placeholders(text), number) for text, number in lines])
    source, abbreviations = (
        inline.take_abbreviations(source) if any("*[" in text for text, _ in source) else (source, {})
    )
    text, dropped, troubles = _blocks(source)
    problems += troubles
    if OPEN in text:
        text = _CODE.sub(lambda match: _FACT_TOKEN.sub(r"{{ brand.\1 }}", match[0]), text)
    text = structure.alerts(text)
    text = structure.footnotes(text)
    text = inline.apply_lists(text)
    if abbreviations:
        text = inline.apply_abbreviations(text, abbreviations)
    text = inline.apply_urls(text)
    text = inline.apply_pymdownx(text)
    found = structure.Found()
    text = structure.headings(text, found)
    problems += _doubled(found, source)
    text = structure.links(text, found)
    text = structure.code(text)
    if "!--" in dropped:
        line = next((no for part, no in source if "<!--" in part and "-->" not in part), 1)
        message = "this HTML comment never closes within its block"
        problems.append(Problem(line, "unclosed-comment", message, "End it with `-->`."))
    names = sorted(dropped - {"!--"})
    if names:
        line = next((no for part, no in source if any(f"<{name}" in part.lower() for name in names)), 1)
        problems.append(
            Problem(
                line, "unsafe-html", f"raw HTML that pages must not carry was left out: {', '.join(names)}",
                "Use Markdown, a link, or one of the blocks in docs/writers/markdown.md.", is_error=False,
            )
        )  # fmt: skip
    return Fragment(
        html=text,
        headings=tuple(found.headings),
        links=tuple(found.links),
        images=tuple(found.images),
        facts=tuple(
            sorted(
                set(_FACT_TOKEN.findall(text)) | {n for link in found.links for n in _FACT_TOKEN.findall(link.target)}
            )
        ),
        anchors=tuple(found.anchors),
        problems=tuple(problems),
        **_interim(text),
    )


def _interim(text):
    from hcgen.markup.fragment import _TOKEN, inline_text, plain_text

    m = re.compile(r"^\s*<h1\b[^>]*>.*?</h1>\s*", re.S).match(text)
    keep = lambda t: _TOKEN.sub(lambda x: x[0] if x[1] == "F" else "", t)
    rest = text[m.end() :] if m else text
    first = re.search(r"<p>(.*?)</p>", rest, re.S)
    words = inline_text(keep(first[1])) if first else ""
    return dict(
        opening=inline_text(keep(m[0])) if m else "",
        opening_end=m.end() if m else 0,
        summary=(words if len(words) > 40 else plain_text(keep(rest)))[:600],
    )


def _doubled(found: structure.Found, source: list[Line]) -> list[Problem]:
    """Explicit ids that an earlier heading has taken."""
    seen: set[str] = set()
    problems = []
    for heading in found.headings:
        if heading.explicit and heading.explicit in seen:
            lines = [number for text, number in source if heading.explicit in text and number]
            remedy = "Give this heading an id of its own; until then it gets one with a number."
            message = f"two headings have the id {heading.explicit!r}"
            problems.append(
                Problem(lines[1] if len(lines) > 1 else 1, "duplicate-anchor", message, remedy, is_error=False)
            )
        seen.add(heading.explicit)
    return problems


def _prepared(lines: list[Line]) -> tuple[list[Line], list[Problem]]:
    """Facts as placeholders, options of code fences where the engine passes them on, odd alerts noted."""
    problems: list[Problem] = []
    if not any(_PREPARED.search(text) for text, _ in lines):
        return lines, problems
    out: list[Line] = []
    fences = Fences()
    for text, number in lines:
        is_inside = bool(fences.mark)
        in_code = fences.feed(text, number)
        if in_code:
            # Only the fence itself has options: code may well show another.
            if not is_inside and (fence := _FENCE_INFO.match(text)):
                text = _with_options(fence)
        elif "{{" in text:
            text = _FACT.sub(lambda match: token("F", match[1]), text)
            if odd := _FACT_LIKE.search(text):
                problems.append(
                    Problem(number, "unknown-fact", f"`{odd[0]}` is no brand fact", "Write `{{ brand.NAME }}`.")
                )
        elif text.strip() == "[TOC]":
            # Python-Markdown's mark for contents: pages have contents of their own.
            text = ""
        elif "[!" in text and (alert := _ALERT_LIKE.match(text)) and ">" in text:
            name = alert[1].lower()
            if name not in _ALERTS or text[alert.end() :].strip():
                problems.append(
                    Problem(
                        number, "odd-alert", f"`[!{alert[1]}]` is shown as text, as on a Git host",
                        f"Use one of {', '.join(sorted(kind.upper() for kind in _ALERTS))}, alone on its line.",
                        is_error=False,
                    )
                )  # fmt: skip
        if not in_code and "{" in text and _CRITIC.search(text):
            text = _CRITIC.sub(_critic, text)
        out.append((text, number))
    return out, problems


def _critic(match: re.Match[str]) -> str:
    """Critic marks that CommonMark would read otherwise: a comment goes, a change is a deletion and an insertion."""
    if match[1]:
        return match[0]
    return "" if match[2] is None else f"{{--{match[2]}--}}{{++{match[3]}++}}"


def _with_options(fence: re.Match[str]) -> str:
    language, options = fence[2], fence[3]
    if options.startswith("{"):
        first = options.strip("{} ").split(" ", 1)[0]
        language = first.lstrip(".") if first.startswith(".") else language
    return f"{fence[1]}{language}{OPEN}{options.encode().hex()}{CLOSE}"


def _blocks(source: list[Line]) -> tuple[str, frozenset[str], list[Problem]]:
    """HTML of all blocks, containers restored."""
    skipped: frozenset[int] = frozenset()
    for round_ in itertools.count():
        rewriter = Rewriter(skipped)
        lines = rewriter.rewrite(source) if _has_containers(source) else source
        text, dropped = blocks_html("\n".join(line for line, _ in lines) + "\n")
        wrong = unread(text, rewriter.containers)
        if not wrong:
            return restore(text, rewriter.containers), dropped, rewriter.problems
        # One misread container may be the fault of another before it; where they are many, they stand in code.
        more = {wrong[0]} if round_ < _SINGLE_ROUNDS else set(wrong)
        skipped |= more
    raise AssertionError("no container is left to be misread")


def _has_containers(source: list[Line]) -> bool:
    return any(
        "!!!" in text or "???" in text or "===" in text or "///" in text or " markdown" in text for text, _ in source
    )
