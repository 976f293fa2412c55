"""Names that providers give to pages over there: our own, kept in a field, and slugs. Knows no CMS."""

from __future__ import annotations

import re
from typing import NamedTuple

from hcgen.publish.values import Kind
from hcgen.text import digest

_NO_SLUG = re.compile(r"[^\w-]+")


class Name(NamedTuple):
    """What a page is called in Git, the same in all languages."""

    brand: str
    kind: Kind
    key: str

    def __str__(self) -> str:
        return f"{self.brand}:{self.kind}:{self.key}"


def parse_name(text: str) -> Name | None:
    """The name that `str(name)` gave, None for any other text."""
    brand, _, rest = text.partition(":")
    kind, _, key = rest.partition(":")
    return Name(brand, Kind(kind), key) if brand and key and kind in set(Kind) else None


def plain_slug(slug: str) -> str:
    """Letters and digits of any script, underscores and hyphens: what CMSs take for a slug."""
    return _NO_SLUG.sub("-", slug).strip("-") or "page"


def own_slug(slug: str, name: str) -> str:
    """For a page whose slug another one has: the same for the same page at every try."""
    return f"{plain_slug(slug)}-{digest(name, 3)}"
