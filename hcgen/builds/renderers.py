"""The renderer of a build: one a process, inherited by forked workers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from hcgen import plugins
from hcgen.render.port import GROUP, Renderer


@lru_cache(maxsize=4)
def renderer_of(name: str, root: Path) -> Renderer:
    """The renderer `name` for the project in `root`."""
    renderer: Renderer = plugins.load(GROUP, name)(root)
    return renderer


def forget_renderers() -> None:
    """Each build begins with a new one: a renderer knows the templates of its time."""
    renderer_of.cache_clear()
