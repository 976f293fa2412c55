"""The CommonMark engine: the only file that names it. Text in, clean HTML out.

pyromark (pulldown-cmark) reads CommonMark 0.31 with GitHub's tables, alerts, footnotes, task lists and
strikethrough, and definition lists; what writers add as raw HTML goes through nh3 (ammonia).
"""

from __future__ import annotations

import html
import re

import nh3
import pyromark

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_DEFINITION_LIST
    | pyromark.Options.ENABLE_GFM
)
# Raw HTML that needs no cleaning: empty anchors, line breaks, whole inline elements without attributes; autolinks.
_HARMLESS = re.compile(
    r"<a (?:name|id)=[\"'][^\"'<>&]*[\"']>\s*</a>|<br ?/?>|</?li>|<(kbd|b|i|em|strong|sub|sup|code|u)>[^<>]*</\1>"
    r"|<[A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>]*>|<[\w.+-]+@[\w.-]+>"
)
_RAW = re.compile(r"<[A-Za-z/!?]")
_TAG = re.compile(r"</?([A-Za-z][\w:.-]*+)(?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+>")
_NAME = re.compile(r"</?([A-Za-z][\w:.-]*+)")
# Begins with fixed words, which are found fast; what stands around them is looked at afterwards.
_NO_HEADER = re.compile(r"<th([^>]*)></th>")
_ALIGN = re.compile(r'style="text-align: (?<=<t[hd] style="text-align: )(?=(?:left|right|center)">)')
_BOX = re.compile(r'<li>(\s*<p>)?\s*<input disabled="" type="checkbox"( checked="")?\s*/?>\n?')
_EMBED = re.compile(r"<iframe\b([^>]*)>.*?</iframe>", re.I | re.S)
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.S)
_DRAWING = re.compile(r"<(svg|math)\b.*?</\1\s*>", re.I | re.S)
_SOURCE = re.compile(r"\bsrc=[\"']([^\"']+)[\"']", re.I)
_CAPTION = re.compile(r"\btitle=[\"']([^\"']+)[\"']", re.I)

_ALLOWED = frozenset(
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "data",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "nav",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_DROPPED = frozenset(
    [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "option",
        "meta",
        "link",
        "base",
        "applet",
        "frame",
        "frameset",
        "svg",
        "math",
        "template",
        "noscript",
        "audio",
        "video",
        "source",
        "track",
        "canvas",
    ]
)
_ATTRIBUTES = {
    "*": {"id", "class", "lang", "dir", "title", "role"},
    "a": {"href", "name", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open", "name"},
    "time": {"datetime"},
    "data": {"value"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "del": {"datetime"},
    "ins": {"datetime"},
}
_CLEANER = nh3.Cleaner(
    tags=set(_ALLOWED),
    clean_content_tags={"script", "style"},
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel", "sms", "ftp", "ftps"},
    generic_attribute_prefixes={"data-", "aria-"},
    link_rel=None,
    strip_comments=True,
)


def blocks_html(text: str) -> tuple[str, frozenset[str]]:
    """HTML of Markdown blocks, and the names of raw HTML elements that had to go."""
    found = pyromark.html(text, options=_OPTIONS)
    if 'style="text-align: ' in found:
        found = _ALIGN.sub('class="align-', found)
    if "></th>" in found:
        # A header without words names nothing (axe-core: empty-table-header).
        found = _NO_HEADER.sub(r"<td\1></td>", found)
    if 'type="checkbox"' in found:
        found = _BOX.sub(_box, found)
    if _RAW.search(text) and _RAW.search(_HARMLESS.sub("", text)):
        return _cleaned(found)
    return found, frozenset()


def tidied(text: str) -> str:
    """HTML from elsewhere, well-formed, as far as raw HTML may go: other elements leave their content behind."""
    return _CLEANER.clean(_EMBED.sub(_embed, text))


def inline_html(text: str) -> str:
    """HTML of one line of Markdown without the paragraph around it (titles of callouts, tabs, summaries)."""
    found, _ = blocks_html(text)
    found = found.strip()
    return found[3:-4] if found.startswith("<p>") and found.endswith("</p>") and found.count("<p>") == 1 else found


def _box(match: re.Match[str]) -> str:
    state = "done" if match[2] else "open"
    return f'<li class="task task-{state}">{match[1] or ""}'


def _cleaned(text: str) -> tuple[str, frozenset[str]]:
    gone: set[str] = set()
    if "<!--" in text:
        text = _COMMENT.sub("", text)
        if "<!--" in text:
            gone.add("!--")
            text = text.replace("<!--", "&lt;!--")
    if not {name.lower() for name in set(_NAME.findall(text))} <= _ALLOWED:
        text = _without_strangers(text, gone)
    return _CLEANER.clean(text), frozenset(gone)


def _without_strangers(text: str, gone: set[str]) -> str:
    """HTML without drawings and embedded pages, and with names that are no elements as text."""
    gone |= {name.lower() for name in _DRAWING.findall(text)}
    text = _EMBED.sub(_embed, _DRAWING.sub("", text))
    gone |= {name.lower() for name in _TAG.findall(text)} & _DROPPED
    return _TAG.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    """A tag; as text where its name is no element's: `<username>` in prose is for readers to see."""
    is_element = match[1].lower() in _ALLOWED or match[1].lower() in _DROPPED
    return match[0] if is_element else html.escape(match[0], quote=False)


def _embed(match: re.Match[str]) -> str:
    source = _SOURCE.search(match[1])
    if not source:
        return ""
    title = _CAPTION.search(match[1])
    address = source[1] if "//" not in source[1][:2] else f"https:{source[1]}"
    return f'<a href="{address}">{title[1] if title else address}</a>'
