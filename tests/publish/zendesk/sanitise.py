"""What Zendesk leaves of an HTML body: its published allow-list of elements, attributes, link schemes and styles.

Source: "Allowing unsafe HTML in help center articles" of the vendor's help center.
"""

from __future__ import annotations

import nh3

_TAGS = frozenset((
    "a", "abbr", "address", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div",
    "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "iframe", "img", "ins", "kbd",
    "li", "ol", "p", "pre", "samp", "small", "source", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "track", "ul", "var", "video",
))  # fmt: skip
_EVERYWHERE = {"id", "class", "title", "lang", "dir", "style"}
_ATTRIBUTES = {
    "a": {"href", "target", "name", "rel"},
    "img": {"src", "alt", "width", "height"},
    "iframe": {"src", "width", "height", "allowfullscreen", "frameborder", "allow"},
    "video": {"src", "width", "height", "controls", "poster", "preload", "loop", "muted"},
    "source": {"src", "type"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "col": {"span"},
    "colgroup": {"span"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "blockquote": {"cite"},
    "del": {"cite", "datetime"},
    "ins": {"cite", "datetime"},
}
_SCHEMES = {"http", "https", "mailto", "ftp", "sftp", "sms", "tel"}
_STYLES = {
    "background-color", "border", "border-collapse", "color", "float", "height", "margin", "padding", "text-align",
    "vertical-align", "width",
}  # fmt: skip


def sanitise(html: str) -> str:
    """The HTML that is stored and shown."""
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags={"script", "style"},
        attributes={"*": _EVERYWHERE, **_ATTRIBUTES},
        generic_attribute_prefixes={"data-", "aria-"},
        url_schemes=_SCHEMES,
        filter_style_properties=_STYLES,
        link_rel=None,
    )


def closed(html: str) -> str:
    """`html` with every element closed that was opened, nothing else changed but how it is written."""
    tags = set(_TAGS) | {"details", "summary", "b", "section"}
    attributes = {"*": _EVERYWHERE, **_ATTRIBUTES, "details": {"open"}}
    return nh3.clean(html, tags=tags, attributes=attributes, link_rel=None)
