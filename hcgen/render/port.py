"""What a renderer must do. Stands on the model alone; `docs/architecture.md` says how to add one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from hcgen.model.site import Site

GROUP = "hcgen.renderers"
"""Entry points: a callable that takes the project's folder and returns a Renderer."""


class Renderer(Protocol):
    """Makes pages of sites. Must be deterministic: equal sites, equal bytes."""

    def __init__(self, root: Path) -> None:
        """A renderer for the project in `root`."""
        ...

    def pages(self, site: Site) -> Iterator[tuple[str, bytes]]:
        """(path below the brand's root, bytes) of every page of `site`."""
        ...

    def document(self, template: str, values: Mapping[str, object]) -> bytes:
        """One page outside any site (portal, choice of language, redirect) from the template `template`."""
        ...
