"""One text to one `Fragment`: the order in which the parts of the dialect act."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from hcgen.markup import inline, marks, opening, structure
from hcgen.markup.containers import Rewriter, may_hold, restore
from hcgen.markup.engine import blocks_html
from hcgen.markup.fragment import CLOSE, OPEN, Fragment, Problem, drop_placeholders, has_placeholders, token, until
from hcgen.markup.lines import Fences, Line, joined
from hcgen.markup.steps import steps

_FACT = re.compile(r"\{\{\s*brand\.([A-Za-z_]\w*)\s*\}\}")
_FACT_LIKE = re.compile(r"\{\{\s*brand\b[^}]*\}\}")
_FACT_TOKEN = re.compile(f"{OPEN}F(\\w+){CLOSE}")
_CODE = re.compile(rf"<code\b[^>]*>{until('code>')}")
_FENCE_INFO = re.compile(
    r"^([ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(?:`{3,}|~{3,}))[ \t]*([^\s`{]*)[ \t]*(\{[^`]*\}|[^`]*=[^`]*)$"
)
_ALERT_LIKE = re.compile(r"^[ >]*\[!(\w+)(?:\]|[ =])")
_ALERTS = frozenset(("note", "tip", "important", "warning", "caution"))
# Searches that begin with one plain character are the fastest: contents, alerts that no Git host knows, abbreviations.
_BRACKET = re.compile(rf"\[(?:TOC\]|!(?!(?i:{'|'.join(sorted(_ALERTS))})\][^\S\n]*$))", re.M)
_ABBREVIATION = re.compile(r"\[(?<=\*\[)")
# A code span first: what it shows is left alone.
_CRITIC = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\{>>.*?<<\}|\{~~(.*?)~>(.*?)~~\}")
# So many rounds take the first misread container alone for text; further ones take all that are misread.
_SINGLE_ROUNDS = 8


def convert(lines: Sequence[Line]) -> Fragment:
    """The `Fragment` of an article's lines, as `select` gives them."""
    whole = joined(lines)
    if has_placeholders(whole):
        lines = [(drop_placeholders(text), number) for text, number in lines]
    source, problems = _prepared(lines) if _needs_preparing(whole) else (lines, [])
    source, abbreviations = inline.take_abbreviations(source) if _ABBREVIATION.search(whole) else (source, {})
    text, dropped, troubles = _blocks(source)
    problems += troubles
    has_facts = "{" in whole and "{{" in whole
    if has_facts:
        text = _CODE.sub(lambda match: _FACT_TOKEN.sub(r"{{ brand.\1 }}", match[0]), text)
    text = structure.alerts(text)
    text = structure.footnotes(text)
    text = inline.apply_lists(text)
    if abbreviations:
        text = inline.apply_abbreviations(text, abbreviations)
    text = inline.apply_urls(text)
    text = marks.apply_marks(text)
    found = structure.Found()
    text = structure.headings(text, found, has_html="<" in whole)
    problems += _doubled(found, source)
    text = structure.figures(text)
    text = structure.links(text, found)
    text = structure.code(text)
    text, procedure = steps(text)
    problems += _left_out(dropped, source) if dropped else []
    title, start = opening.title(text)
    return Fragment(
        html=text,
        headings=tuple(found.headings),
        links=tuple(found.links),
        images=tuple(found.images),
        facts=_facts(text, found) if has_facts else (),
        anchors=tuple(found.anchors),
        steps=procedure,
        problems=tuple(problems),
        opening=title,
        opening_end=start,
        summary=opening.summary(text, start),
    )


def _left_out(dropped: frozenset[str], source: Sequence[Line]) -> list[Problem]:
    """Raw HTML that did not get onto the page."""
    problems = []
    if "!--" in dropped:
        line = next((no for part, no in source if "<!--" in part and "-->" not in part), 1)
        message = "this HTML comment never closes within its block"
        problems.append(Problem(line, "unclosed-comment", message, "End it with `-->`."))
    if names := sorted(dropped - {"!--"}):
        line = next((no for part, no in source if any(f"<{name}" in part.lower() for name in names)), 1)
        message = f"raw HTML that pages must not carry was left out: {', '.join(names)}"
        remedy = "Use Markdown, a link, or one of the blocks in docs/writers/markdown.md."
        problems.append(Problem(line, "unsafe-html", message, remedy, is_error=False))
    return problems


def _facts(text: str, found: structure.Found) -> tuple[str, ...]:
    """The names of all brand facts, in order: of the text and of the targets of its links."""
    names = set(_FACT_TOKEN.findall(text))
    for link in found.links:
        names.update(_FACT_TOKEN.findall(link.target))
    return tuple(sorted(names))


def _doubled(found: structure.Found, source: Sequence[Line]) -> list[Problem]:
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


def _needs_preparing(whole: str) -> bool:
    if "{" in whole or _BRACKET.search(whole):
        return True
    return "=" in whole and (("`" in whole and "```" in whole) or ("~" in whole and "~~~" in whole))


def _prepared(lines: Sequence[Line]) -> tuple[list[Line], list[Problem]]:
    """Facts as placeholders, options of code fences where the engine passes them on, odd alerts noted."""
    problems: list[Problem] = []
    out: list[Line] = []
    fences = Fences()
    for text, number in lines:
        if not ("{" in text or "[" in text or "`" in text or "~" in text):
            out.append((text, number))
            continue
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
        elif "[!" in text and ">" in text:
            problems += _odd_alert(text, number)
        if not in_code and "{" in text and _CRITIC.search(text):
            text = _CRITIC.sub(_critic, text)
        out.append((text, number))
    return out, problems


def _odd_alert(text: str, number: int) -> list[Problem]:
    """What is wrong with a line that begins an alert, if it does: a kind that nobody knows, or words behind it."""
    alert = _ALERT_LIKE.match(text)
    if not alert or (alert[1].lower() in _ALERTS and not text[alert.end() :].strip()):
        return []
    message = f"`[!{alert[1]}]` is shown as text, as on a Git host"
    remedy = f"Use one of {', '.join(sorted(kind.upper() for kind in _ALERTS))}, alone on its line."
    return [Problem(number, "odd-alert", message, remedy, is_error=False)]


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


def _blocks(source: Sequence[Line]) -> tuple[str, frozenset[str], list[Problem]]:
    """HTML of all blocks, containers restored."""
    whole = joined(source)
    if not may_hold(whole):
        return *blocks_html(f"{whole}\n"), []
    skipped: frozenset[int] = frozenset()
    for round_ in itertools.count():
        rewriter = Rewriter(skipped)
        text, dropped = blocks_html(f"{joined(rewriter.rewrite(source))}\n")
        text, wrong = restore(text, rewriter.containers)
        if not wrong:
            return text, dropped, rewriter.problems
        # One misread container may be the fault of another before it; where they are many, they stand in code.
        more = {wrong[0]} if round_ < _SINGLE_ROUNDS else set(wrong)
        skipped |= more
    raise AssertionError("no container is left to be misread")
