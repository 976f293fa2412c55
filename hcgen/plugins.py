"""Entry points: how a renderer (later a publishing target) is found by name without being imported by name."""

from __future__ import annotations

from typing import Any

from hcgen.errors import ProjectError


def load(group: str, name: str) -> Any:
    """The object that the entry point `name` of `group` (`hcgen.renderers`, ...) names.

    Raises ProjectError, listing the installed names, where there is none.
    """
    # Imported late: a build without changes asks for no plugin.
    from importlib.metadata import PackageNotFoundError, distribution, entry_points

    try:
        # Our own first: looking through every installed package takes longer than many a build.
        found = {point.name: point for point in distribution("hcgen").entry_points.select(group=group)}
    except PackageNotFoundError:
        found = {}
    if name not in found:
        found |= {point.name: point for point in entry_points(group=group)}
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        raise ProjectError(f"no {group} plugin is called {name!r}", remedy=f"Install it, or use one of: {known}.")
    return found[name].load()
