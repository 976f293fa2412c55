"""What WordPress takes out of the HTML of a user without `unfiltered_html`: wp-includes/kses.php, as of 6.1.

https://developer.wordpress.org/reference/functions/wp_kses_post/. In a network of sites only its administrators
have that capability.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from hcgen.publish.values import Loss

_EVERYWHERE = frozenset((
    "class", "id", "style", "title", "role", "dir", "lang", "xml:lang", "aria-describedby", "aria-details",
    "aria-label", "aria-labelledby", "aria-hidden",
))  # fmt: skip
_PLAIN = """
abbr acronym address b bdo big br cite code dd dfn dl dt em fieldset i kbd mark rb rp rt rtc ruby s samp small strike
strong sub sup title tt u var
"""
_ALIGNED = """
article aside caption details div figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr legend li main nav p
section span summary table tbody td tfoot th thead tr col colgroup img
"""
_CELLS = "char charoff valign bgcolor abbr axis colspan headers height nowrap rowspan scope width"
_MORE = {
    "a": "href rel rev name target download",
    "area": "alt coords href nohref shape target",
    "audio": "autoplay controls loop muted preload src",
    "blockquote": "cite",
    "button": "disabled name type value",
    "col": "char charoff span valign width",
    "colgroup": "char charoff span valign width",
    "del": "datetime",
    "details": "open",
    "font": "color face size",
    "hr": "noshade size width",
    "img": "alt border height hspace loading longdesc vspace src usemap width",
    "ins": "datetime cite",
    "label": "for",
    "li": "value",
    "map": "name",
    "menu": "type",
    "object": "data type",
    "ol": "start type reversed",
    "pre": "width",
    "q": "cite",
    "table": "bgcolor border cellpadding cellspacing rules summary width",
    "tbody": "char charoff valign",
    "td": _CELLS,
    "textarea": "cols rows disabled name readonly",
    "tfoot": "char charoff valign",
    "th": _CELLS,
    "thead": "char charoff valign",
    "tr": "bgcolor char charoff valign",
    "track": "default kind label src srclang",
    "ul": "type",
    "video": "autoplay controls height loop muted playsinline poster preload src width",
}
_ALLOWED = {name: set(_MORE.get(name, "").split()) for name in {*_PLAIN.split(), *_ALIGNED.split(), *_MORE}}
for _name in _ALIGNED.split():
    _ALLOWED[_name].add("align")
_DATA = re.compile(r"data(?:-[a-z0-9_]+)+")
_ADDRESSES = frozenset(("href", "src", "cite", "data", "longdesc", "poster"))
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = frozenset((
    "http", "https", "ftp", "ftps", "mailto", "news", "irc", "irc6", "ircs", "gopher", "nntp", "feed", "telnet", "mms",
    "rtsp", "sms", "svn", "tel", "fax", "xmpp", "webcal", "urn",
))  # fmt: skip
_STYLES = re.compile(
    r"background(-(color|image|position|size|attachment|blend-mode))?|border(-[a-z-]+)?|caption-side|clear|color"
    r"|column(s|-(count|fill|gap|rule|span|width))|cursor|direction|filter|flex(-[a-z]+)?|float"
    r"|font(-(family|size|style|variant|weight))?|gap|row-gap|grid-[a-z-]+|justify-[a-z]+|align-[a-z]+"
    r"|letter-spacing|line-height|list-style-type|(margin|padding)(-[a-z-]+)?|(min-|max-)?(width|height)"
    r"|overflow|text-(align|decoration|indent|transform)|vertical-align"
)


def losses(body: str) -> tuple[Loss, ...]:
    """What would go, and how often."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return tuple(Loss(what, count) for what, count in sorted(reader.lost.items()))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lost: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALLOWED:
            self.lost[f"<{tag}>"] += 1
            return
        for name, value in attrs:
            if name not in _EVERYWHERE and name not in _ALLOWED[tag] and not _DATA.fullmatch(name):
                self.lost[f"{tag} {name}"] += 1
            elif name == "download" and value is not None:
                self.lost[f"{tag} {name}"] += 1  # taken without a value alone
            elif name in _ADDRESSES:
                scheme = _SCHEME.match(value or "")
                if scheme and scheme[1].lower() not in _SCHEMES:
                    self.lost[f"{tag} {name} {scheme[1].lower()}:"] += 1
            elif name == "style":
                self._style(value or "")

    def _style(self, value: str) -> None:
        for one in filter(None, map(str.strip, value.split(";"))):
            name, _, given = one.partition(":")
            if not _STYLES.fullmatch(name.strip().lower()) or re.search(r"[\\(&}=]|/\*", given):
                self.lost[f"style {name.strip().lower()}"] += 1
