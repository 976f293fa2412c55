"""Links of a body before anybody knows where they lead: made from pages, resolved to a target's addresses.

A reference is an address of the scheme `hcgen:` in an attribute: `hcgen:article/de/billing/refunds#steps`, or
`hcgen:asset/DIGEST/shot.png`. Knows no target and no file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

from msgspec import Struct

from hcgen.publish.values import Kind

PAGES = "hcgen:page/"
"""What stands before addresses of pages until `desired.py` knows what they lead to."""
_REFERENCE = re.compile(r'hcgen:([a-z]+)/([^"/]+)/([^"#]*)(#[^"]*)?')
_ATTRIBUTE = re.compile(rf'(?<==")(?:{_REFERENCE.pattern})(?=")')
_KINDS = frozenset(kind.value for kind in Kind)


class Reference(Struct, frozen=True):
    """To a translation of the same brand: `kind`, `locale` and `key`; or to a file: "asset", its digest, its name."""

    kind: str
    scope: str
    name: str


def to_page(kind: Kind, locale: str, key: str, anchor: str = "") -> str:
    """A reference to a translation; `anchor` is percent-encoded and without its `#`."""
    return f"hcgen:{kind.value}/{locale}/{quote(key)}" + (f"#{anchor}" if anchor else "")


def to_asset(digest: str, name: str) -> str:
    """A reference to a file."""
    return f"hcgen:asset/{digest}/{quote(name)}"


def references(body: str) -> Iterator[Reference]:
    """All references of a body, as often as they stand there."""
    if "hcgen:" not in body:
        return
    for match in _ATTRIBUTE.finditer(body):
        if match[1] in _KINDS or match[1] == "asset":
            yield Reference(match[1], match[2], unquote(match[3]))


def read_reference(address: str) -> tuple[Reference, str] | None:
    """The reference that an attribute's value is, and its fragment with the `#`; None where it is another address."""
    match = _REFERENCE.fullmatch(address)
    return (Reference(match[1], match[2], unquote(match[3])), match[4] or "") if match else None


def resolve(body: str, address_of: Callable[[Reference], str | None]) -> str:
    """`body` with each reference replaced by its address; one that has none stays."""

    def put(match: re.Match[str]) -> str:
        found = address_of(Reference(match[1], match[2], unquote(match[3])))
        return match[0] if found is None else html.escape(found) + (match[4] or "")

    return _ATTRIBUTE.sub(put, body) if "hcgen:" in body else body
