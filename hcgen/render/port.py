"""What a renderer must do. Stands on the model alone; `docs/architecture.md` says how to add one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from hcgen.model.site import Page, Site

GROUP = "hcgen.renderers"
"""Entry points: a callable that takes the project's folder and returns a Renderer."""


class Renderer(Protocol):
    """Makes pages of sites. Must be deterministic: equal pages of equal sites, equal bytes."""

    def __init__(self, root: Path) -> None:
        """A renderer for the project in `root`."""
        ...

    def warm(self) -> None:
        """Loads what every page needs, once, before workers are forked."""
        ...

    def page(self, page: Page, site: Site) -> tuple[bytes, frozenset[str]]:
        """The bytes of one page of `site`, and the names of all templates that took part in it."""
        ...

    def pages(self, site: Site) -> Iterator[tuple[str, bytes]]:
        """(path below the brand's root, bytes) of every page of `site`."""
        ...

    def document(self, template: str, values: Mapping[str, object], brand: str) -> bytes:
        """One page outside any site from `template`: of `brand` (choice of language, redirect), or the portal ("")."""
        ...

    def digest_of(self, names: Iterable[str], brand: str) -> str:
        """A digest over the templates `names` as they are now for `brand`, those that are not there included.

        A page comes out the same as long as this, the page itself and `view.shell_digest` stay the same.
        """
        ...
