"""What a reader without an account gets at a public address. Sends no secret: its wire knows none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct

from hcgen.publish.wire import Refused, TargetError, Wire

_AT_ONCE = 8


class Page(Struct, frozen=True):
    """A page to look at. Of internal ones nobody outside must get anything."""

    name: str
    url: str
    is_internal: bool = False


def sample(pages: Sequence[Page], most: int) -> list[Page]:
    """At most so many of `pages`, spread evenly; all internal ones."""
    web = [page for page in pages if page.url.startswith(("http://", "https://"))]
    step = max(1, -(-len(web) // most)) if most else 0
    return [page for at, page in enumerate(web) if page.is_internal or (step and at % step == 0)]


def look_at(pages: Sequence[Page], wire: Callable[[], Wire]) -> list[str]:
    """What is wrong with pages as anybody gets them."""
    if not pages:
        return []
    opened = wire()
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return [trouble for trouble in pool.map(lambda page: _trouble(opened, page), pages) if trouble]
    finally:
        opened.close()


def _trouble(wire: Wire, page: Page) -> str:
    status = 200
    try:
        wire.get(page.url)
    except Refused as error:
        status = error.status
    except TargetError as error:
        return f"{page.name}: {page.url} cannot be reached: {error.what}"
    if page.is_internal:
        return f"{page.name} is internal, and anybody gets {page.url}" if status == 200 else ""
    # A redirect leads readers on (to the address with a title in it, for example); a client of the API follows none.
    return "" if status < 400 else f"{page.name}: {page.url} answers {status}"
