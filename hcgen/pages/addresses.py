"""Addresses: what a key's page is called on the web. One key, one address, in every language and brand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.text import digest, quote_path, slug

RESERVED = frozenset(("search", "contact", "assets", "404", "page"))
# File systems take 255 bytes a name; a slug in UTF-8 must leave room.
_LONGEST = 180


@lru_cache(maxsize=65536)
def address(key: str) -> str:
    """The page's address below the locale's root, such as `billing/refunds/` ("" for the home)."""
    return "".join(f"{_segment(part)}/" for part in key.split("/")) if key else ""


def _segment(part: str) -> str:
    name = slug(part.replace(".", "-")) or digest(part, 4)
    raw = name.encode()
    if len(raw) > _LONGEST:
        name = raw[: _LONGEST - 9].decode("utf-8", "ignore") + "-" + digest(part, 4)
    return name


def page_address(folder: str, number: int) -> str:
    """The address of page `number` (from 1) of a folder's list."""
    return address(folder) if number == 1 else f"{address(folder)}page/{number}/"


def absolute(brand: Brand, locale: str, url: str) -> str:
    """The absolute address of a page, percent-encoded."""
    return f"{brand.site_url}{locale}/{quote_path(url)}"


def relative_root(url: str) -> str:
    """What leads from the page `url` back to its locale's root: `../../` for `billing/refunds/`, `./` for the home."""
    return "../" * url.count("/") or "./"


def between_brands(source: Brand, target: Brand) -> str:
    """What leads from one brand's root to another's: relative where both lie beside each other as in `site/`."""
    beside = source.origin == target.origin and source.base_path.endswith(f"/{source.id}/")
    parent = source.base_path[: -len(source.id) - 1] if beside else ""
    return f"../{target.id}/" if beside and target.base_path == f"{parent}{target.id}/" else target.site_url


def collisions(articles: Iterable[Article], folders: Iterable[str]) -> tuple[frozenset[str], list[Finding]]:
    """Keys of articles that cannot have a page since their address is taken, and a finding for each."""
    taken = {address(folder): f"the folder {folder!r}" for folder in sorted(folders)}
    lost: set[str] = set()
    found: list[Finding] = []
    for article in sorted(articles, key=lambda one: one.key):
        url = address(article.key)
        first = url.split("/")[0]
        owner = "a page of the help center itself" if first in RESERVED else taken.get(url)
        if owner:
            lost.add(article.key)
            remedy = "Rename the file."
            found.append(Finding(article.path, 0, "url-collision", f"the address {url!r} belongs to {owner}", remedy))
        taken.setdefault(url, article.path)
    return frozenset(lost), found
