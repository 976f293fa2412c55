"""The content security policy of a brand's pages (CSP Level 3), and the other headers that harden them.

Nothing is allowed but the site's own files and what the brand has configured. A brand may write whole directives
itself; then what it has configured must be in them.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec import Struct

from hcgen.contact.ticket import contact_form
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding

_SELF = "'self'"
_BASE = {
    "default-src": ("'none'",), "script-src": (_SELF,), "style-src": (_SELF,), "img-src": (_SELF, "data:"),
    "connect-src": (_SELF,), "form-action": (_SELF,), "base-uri": ("'none'",), "frame-ancestors": (_SELF,),
}  # fmt: skip
# CSP3, "The <meta> element": these are ignored there, and browsers complain.
_NOT_IN_META = frozenset(["frame-ancestors"])
HARDENING = (
    # A file is what its type says: no upload can be run as a script because of its contents.
    ("X-Content-Type-Options", "nosniff"),
    # Other hosts learn which site a reader came from, never which article.
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    # A site that opens one of these pages gets no handle to it; a chat's own window keeps working.
    ("Cross-Origin-Opener-Policy", "same-origin-allow-popups"),
    # Nothing here asks for these, so nothing that slips in may.
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


class Need(Struct, frozen=True):
    """A source that a directive must allow, and what asks for it."""

    directive: str
    source: str
    what: str


def content_security_policy(brand: Brand | None, *, in_meta: bool = False) -> str:
    """The policy of the brand's pages (None: of a page that belongs to no brand), as header or as meta element."""
    rules = {name: list(sources) for name, sources in _BASE.items()}
    for need in needs(brand) if brand else ():
        sources = rules.setdefault(need.directive, [])
        if need.source not in sources:
            sources.append(need.source)
    rules |= {one.name: list(one.sources) for one in (brand.csp if brand else ())}
    return "; ".join(
        f"{name} {' '.join(sources)}" for name, sources in rules.items() if not (in_meta and name in _NOT_IN_META)
    )


def security_headers(brand: Brand) -> tuple[tuple[str, str], ...]:
    """(name, value) of every header that the brand's pages should be sent with."""
    return ("Content-Security-Policy", content_security_policy(brand)), *HARDENING


def needs(brand: Brand) -> tuple[Need, ...]:
    """What the brand's settings ask of its policy."""
    found = [Need("connect-src", _origin(url), what) for what, url in message_endpoints(brand)]
    for channel in brand.channels:
        if channel.script:
            origin = _origin(channel.script)
            # The loader, what it fetches and shows, and its socket, whose scheme CSP tells apart.
            found += [Need(name, origin, "the chat") for name in ("script-src", "connect-src", "img-src", "frame-src")]
            found.append(Need("connect-src", origin.replace("https:", "wss:", 1), "the chat"))
    form = form_target(brand)
    if form:
        found.append(Need("form-action", _origin(form), "the ticket form"))
    if brand.feedback:
        # Without script an answer is a form that is posted there.
        found.append(Need("form-action", _origin(brand.feedback), "the feedback endpoint"))
    return tuple(found)


def message_endpoints(brand: Brand) -> tuple[tuple[str, str], ...]:
    """(what for, address) of everything that pages send messages to by script."""
    named = (("the beacon", brand.beacon), ("the feedback endpoint", brand.feedback))
    return tuple((what, url) for what, url in named if url)


def form_target(brand: Brand) -> str:
    """The address that the brand's forms go to, or "" where none leaves the site."""
    form = contact_form(brand, brand.default_locale)
    return form.url if form and form.method in ("get", "post") else ""


def policy_findings(brand: Brand) -> list[Finding]:
    """Where a directive that the brand writes itself forbids what the brand has configured, or its own pages."""
    own = {one.name: one for one in brand.csp}
    wanted = [Need(name, _SELF, "its own files") for name in ("script-src", "style-src", "img-src", "connect-src")]
    wanted += [Need("form-action", _SELF, "the search"), *needs(brand)]
    found = []
    for need in wanted:
        directive = own.get(need.directive)
        if directive and not any(_covers(source, need.source) for source in directive.sources):
            what = f"the policy's `{need.directive}` does not allow {need.what} of {brand.id} ({need.source})"
            remedy = f'Add "{need.source}" to `csp.{need.directive}`, or remove the directive.'
            found.append(Finding(brand.path, directive.line, "brand-file", what, remedy))
    return found


def _covers(source: str, wanted: str) -> bool:
    """Whether `source` allows all of the origin `wanted` (CSP3, "Does url match expression")."""
    scheme, _, host = wanted.rpartition("://")
    if not scheme:
        return source == wanted
    if source in ("*", f"{scheme}:"):
        return scheme != "wss" or source != "*"
    own_scheme, _, own_host = source.rpartition("://")
    if own_scheme and own_scheme != scheme:
        return False
    own_host = own_host.rstrip("/")
    return host == own_host or (own_host.startswith("*.") and host.endswith(own_host[1:]))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
