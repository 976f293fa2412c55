"""What made a result, besides its sources: hcgen itself and the libraries it stands on."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

from hcgen.text import digest

_LIBRARIES = (
    "babel", "imagesize", "jinja2", "markdown", "markupsafe", "mkdocs", "mkdocs-material", "msgspec", "nh3",
    "pygments", "pymdown-extensions", "pyromark", "pystemmer", "pyyaml",
)  # fmt: skip
_PACKAGE = Path(__file__).parent.parent
_INFO = ".dist-info"


def versions() -> dict[str, str]:
    """Each library that has a say in the output, with its version ("" where it is not installed as a package).

    Read off the names of the installed folders (PyPA's recording of installed projects): asking
    importlib.metadata costs more than a whole look at an unchanged project.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith(_INFO):
                project, _, number = name[: -len(_INFO)].partition("-")
                found.setdefault(project.lower().replace("_", "-").replace(".", "-"), number)
    return {"python": sys.version.split()[0]} | {name: found.get(name, "") for name in _LIBRARIES}


@lru_cache(maxsize=1)
def tool_digest() -> str:
    """A digest of hcgen's own files and of the versions of everything it stands on."""
    parts = [f"{name} {number}" for name, number in versions().items()]
    for path in sorted((*_PACKAGE.rglob("*.py"), *_PACKAGE.rglob("*.json"))):
        parts.append(f"{path.relative_to(_PACKAGE).as_posix()} {digest(path.read_bytes())}")
    return digest("\n".join(parts))
