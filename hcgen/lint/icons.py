"""The icon rule: a category's icon must be one that the theme has."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from hcgen.model.finding import Finding, Severity
from hcgen.model.project import Project
from hcgen.model.site import Site
from hcgen.text import closest


def icon_findings(project: Project, site: Site) -> Iterator[Finding]:
    """Indexes whose `icon` is neither in the brand's theme, nor in the project's, nor in Material's."""
    own = [folder / "theme" / ".icons" for folder in (project.root, project.root / "brands" / site.brand.id)]
    for scope in (site.brand.id, ""):
        for (brand, code, _), index in project.library.indexes.items():
            icon = index.front.icon
            if (
                brand != scope
                or code != site.locale.code
                or not icon
                or icon in _known()
                or any((folder / f"{icon}.svg").is_file() for folder in own)
            ):
                continue
            near = closest(icon, [name for name in _known() if name.partition("/")[0] == icon.partition("/")[0]])
            remedy = f"Did you mean `{near}`?" if near else "Use a name such as `material/credit-card-outline`."
            line = index.front.lines.get("icon", 1)
            yield Finding(index.path, line, "unknown-icon", f"no icon is called {icon!r}", remedy, Severity.WARNING)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Names of all icons that Material ships."""
    spec = importlib.util.find_spec("material")
    if spec is None or not spec.submodule_search_locations:
        return frozenset()
    folder = Path(spec.submodule_search_locations[0]) / "templates" / ".icons"
    return frozenset(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.svg"))
