"""Headings, links, pictures, alerts, footnotes and code in converted HTML: found, named, made placeholders."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from msgspec import Struct, field
from msgspec.structs import replace

from hcgen.markup.containers import callout_opening
from hcgen.markup.fragment import CLOSE, OPEN, Heading, Image, Link, Problem, inline_text, token
from hcgen.markup.inline import trailing_list
from hcgen.text import slug as plain_slug

_HEADING = re.compile(r"<h([1-6])((?:\s[^<>]*)?)>([^<]*+(?:<(?!/h\1>)[^<]*+)*+)</h\1>")
_ANCHOR = re.compile(r'<a (?:name|id)="([^"]*)"(?: (?:name|id)="[^"]*")?>\s*</a>')
_NAMED = re.compile(r'<a ((?:[^<>]*? )?)name="([^"]*)"([^<>]*)>')
_ID = re.compile(r'\sid="([^"]*)"')
_LINK = re.compile(r"<a\b([^<>]*?)\shref=\"([^\"]*)\"([^<>]*)>([^<]*+(?:<(?!/a>)[^<]*+)*+)</a>")
_IMAGE = re.compile(r"<img\b([^<>]*)>")
_IMAGE_TOKEN = re.compile(f"{OPEN}I(\\d+){CLOSE}")
_FIGURE = re.compile(r'<p>(<img\b[^<>]*?) title="([^"<>]*[^"<>\s][^"<>]*)"([^<>]*>)</p>')
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_ALERT = re.compile(r'<(/?)blockquote\b(?: class="markdown-alert-(\w+)">|[^>]*>)')
_FOOTNOTE = re.compile(
    r'<div class="footnote-definition" id="([^"]*)"><sup class="footnote-definition-label">(\d+)</sup>'
)
_FOOTNOTE_CALL = re.compile(r'<sup class="footnote-reference"><a href="#([^"]*)">(\d+)</a></sup>')
_PRE = re.compile(r'<pre><code class="language-([^"]*)">([^<]*+(?:<(?!/code></pre>)[^<]*+)*+)</code></pre>')
_INLINE = re.compile(r"<code>(?:#!|:::)(\w+) ([^<]*+(?:<(?!/code>)[^<]*+)*+)</code>")
_PLAIN_ID = re.compile(r"[\w:.-]+")
_PLACEHOLDER_ENDS = re.compile(f"{OPEN}[A-Z]|{CLOSE}")
_OPTION = re.compile(r"(title|hl_lines|linenums)=(?:\"([^\"]*)\"|'([^']*)'|(\S+))")


# Headings such as "Steps" come again and again, in other articles and for other brands.
slug = lru_cache(maxsize=4096)(plain_slug)


class Found(Struct):
    """What `read` collects from one text's HTML."""

    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def alerts(text: str) -> str:
    """GitHub's alerts as the same callouts that `!!! note` gives."""
    if "markdown-alert-" not in text:
        return text
    depth: list[bool] = []

    def change(match: re.Match[str]) -> str:
        if match[2]:
            depth.append(True)
            return callout_opening(match[2], None).rstrip("\n")
        if not match[1]:
            depth.append(False)
        elif depth and depth.pop():
            return "</div>"
        return match[0]

    return _ALERT.sub(change, text)


def footnotes(text: str) -> str:
    """Footnotes gathered at the end, with a way back to where each is called."""
    if "footnote-" not in text:
        return text
    seen: dict[str, int] = {}

    def call(match: re.Match[str]) -> str:
        name = f"fn-{slug(match[1]) or match[2]}"
        seen[name] = seen.get(name, 0) + 1
        at = f"ref-{name}" + (f"-{seen[name]}" if seen[name] > 1 else "")
        return f'<sup class="footnote-ref" id="{at}"><a href="#{name}" role="doc-noteref">{match[2]}</a></sup>'

    text = _FOOTNOTE_CALL.sub(call, text)
    notes: list[str] = []
    named: set[str] = set()
    while match := _FOOTNOTE.search(text):
        end = text.find("</div>", match.end())
        # A note may hold callouts: its own end is where the divs balance.
        while text.count("<div", match.start(), end) > text.count("</div>", match.start(), end) + 1:
            end = text.find("</div>", end + 6)
        name = f"fn-{slug(match[1]) or match[2]}"
        body = text[match.end() : end].strip()
        back = f' <a href="#ref-{name}" role="doc-backlink" class="footnote-back">{token("T", "footnote_back")}</a>'
        body = f"{body[:-4]}{back}</p>" if body.endswith("</p>") else f"{body}{back}"
        # A name that is defined twice leads to the first note, as on a Git host; the text of the second is not lost.
        place = "" if name in named else f' id="{name}"'
        named.add(name)
        notes.append(f'<div class="footnote"{place}><span class="footnote-number">{match[2]}.</span> {body}</div>\n')
        text = text[: match.start()].rstrip("\n") + "\n" + text[end + 6 :].lstrip("\n")
    return text + f'<div class="footnotes" role="doc-endnotes">\n{"".join(notes)}</div>\n' if notes else text


def headings(text: str, found: Found, *, has_html: bool = True) -> str:
    """Every heading with a placeholder for its id; explicit ids are noted. `has_html`: raw HTML may stand in it."""

    def change(match: re.Match[str]) -> str:
        level, start, inner = match.groups()
        explicit = extra = ""
        if start or "{" in inner or "<a " in inner:
            start, inner, explicit, extra = _own_id(start, inner, found)
        inner = inner.strip()
        title = inline_text(inner)
        words = _PLACEHOLDER_ENDS.sub(" ", title) if OPEN in title else title
        at = len(found.headings)
        found.headings.append(Heading(int(level), title, slug(words), explicit))
        return f'<h{level} id="{OPEN}H{at}{CLOSE}"{start}>{extra}{inner}</h{level}>'

    text = _HEADING.sub(change, text)
    # Only raw HTML has ids and names of a writer.
    has_names = has_html and ' name="' in text
    if has_names or (has_html and "<a id=" in text):
        text = _ANCHOR.sub(lambda m: _anchor(m[1], found), text)
    if has_names:
        text = _NAMED.sub(lambda m: f'<a {m[1]}id="{anchor_id(m[2])}"{m[3]}>' if " id=" not in m[0] else m[0], text)
    return text


def _own_id(start: str, inner: str, found: Found) -> tuple[str, str, str, str]:
    """A heading's attributes and content without the ids that its writer gave it; the first of them; the others."""
    if not start and "{" not in inner and inner.count("<a ") == 1 and (first := _ANCHOR.match(inner)) and first[1]:
        return "", inner[first.end() :], anchor_id(first[1]), ""
    inner, listed = trailing_list(inner) if "{" in inner else (inner, {})
    names = [name for name in _ANCHOR.findall(inner) if name] if "<a " in inner else []
    inner = _ANCHOR.sub("", inner) if names else inner
    own = _ID.search(start) if start else None
    explicit = listed.get("id") or (own[1] if own else "") or (names[0] if names else "")
    # They are noted with all other anchors of the text, later.
    others = [anchor_id(name) for name in names if name != explicit]
    classes = listed.get("class", "")
    start = _ID.sub("", start) if own else start
    start += f' class="{html.escape(classes)}"' if classes and "class=" not in start else ""
    extra = "".join([f'<a id="{html.escape(name)}"></a>' for name in others])
    return start, inner, anchor_id(explicit), extra


def anchor_id(name: str) -> str:
    """A writer's id without the white space that HTML forbids in ids."""
    if _PLAIN_ID.fullmatch(name):
        return name
    return re.sub(r"[\"'<>]", "", re.sub(r"\s+", "-", html.unescape(name).strip()))


def _anchor(name: str, found: Found) -> str:
    clean = anchor_id(name)
    if not clean or clean in found.anchors:
        return ""
    found.anchors.append(clean)
    return f'<a id="{html.escape(clean)}"></a>'


def _target(raw: str) -> str:
    """An attribute's value as the writer meant it; placeholders, which engines escape, restored."""
    value = html.unescape(raw)
    return unquote(value) if "%EE%80%80" in value else value


def figures(text: str) -> str:
    """A paragraph of one picture with a title as a figure: a Git host shows the title when pointed at, we show it."""
    if "<p><img " not in text or ' title="' not in text:
        return text
    return _FIGURE.sub(r"<figure>\1\3<figcaption>\2</figcaption></figure>", text)


def links(text: str, found: Found) -> str:
    """Every link and picture as a placeholder."""
    counts: dict[str, int] = {}
    pictures: dict[str, int] = {}

    def link(match: re.Match[str]) -> str:
        before, address, behind, words = match.groups()
        target = _target(address)
        counts[target] = nth = counts.get(target, -1) + 1
        found.links.append(Link(target, inline_text(words), nth))
        if OPEN in words:
            for at in _IMAGE_TOKEN.findall(words):
                found.images[int(at)] = replace(found.images[int(at)], is_linked=True)
        return f"<a{OPEN}L{len(found.links) - 1}{CLOSE}{(before + behind).rstrip()}>{words}</a>"

    def image(match: re.Match[str]) -> str:
        known = dict(_ATTRIBUTE.findall(match[1]))
        target = _target(known.pop("src", ""))
        alt = html.unescape(known.pop("alt", ""))
        pictures[target] = pictures.get(target, -1) + 1
        kept = "".join(f' {name}="{value}"' for name, value in sorted(known.items()) if name != "style")
        found.images.append(Image(target, alt, kept, pictures[target]))
        return token("I", len(found.images) - 1)

    text = _IMAGE.sub(image, text) if "<img" in text else text
    return _LINK.sub(link, text)


def code(text: str) -> str:
    """Fenced code with a known language highlighted by Pygments: classes alone, no styles."""
    text = _PRE.sub(_highlighted, text) if '<code class="language-' in text else text
    may_be_inline = ("#" in text and "<code>#!" in text) or ":::" in text
    return _INLINE.sub(_inline, text) if may_be_inline else text


def _inline(match: re.Match[str]) -> str:
    """pymdownx.inlinehilite: `#!python x = 1` in a code span."""
    marked = _pygments(match[1].lower(), html.unescape(match[2]), "")
    return match[0] if marked is None else f'<code class="language-{match[1].lower()}">{marked.rstrip()}</code>'


def _highlighted(match: re.Match[str]) -> str:
    info, body = html.unescape(match[1]), match[2]
    language, _, rest = info.partition(OPEN)
    options = (
        {name: a or b or c for name, a, b, c in _OPTION.findall(bytes.fromhex(rest.rstrip(CLOSE)).decode())}
        if rest
        else {}
    )
    language = language.strip("{}.").lower()
    marked = _pygments(language, html.unescape(body), options.get("hl_lines", ""))
    caption = f'<p class="code-title">{html.escape(options["title"])}</p>\n' if "title" in options else ""
    name = f' class="language-{html.escape(language)}"' if language else ""
    return f'{caption}<pre tabindex="0"><code{name}>{marked if marked is not None else body}</code></pre>'


def _pygments(language: str, source: str, lines: str) -> str | None:
    lexer = _lexer(language)
    if lexer is None:
        return None
    from pygments import highlight

    wanted: list[int] = []
    for part in lines.replace(",", " ").split():
        first, _, last = part.partition("-")
        if first.isdigit():
            wanted += range(int(first), int(last if last.isdigit() else first) + 1)
    return str(highlight(source, lexer, _formatter(tuple(wanted))))


@lru_cache(maxsize=16)
def _formatter(lines: tuple[int, ...]) -> Any:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True, hl_lines=list(lines))


@lru_cache(maxsize=64)
def _lexer(language: str) -> Any:
    if language in ("", "text", "txt", "plain"):
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
