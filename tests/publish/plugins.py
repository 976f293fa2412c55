"""Entry points for commands that tests start, whatever is installed: a distribution of nothing else on the path."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from tests.world import ROOT


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Variables by which a process of hcgen finds our providers, and `more` (name: module)."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        points = tomllib.load(file)["project"]["entry-points"]["hcgen.providers"]
    place = folder / ".plugins"
    home = place / "providers_of_the_tests-1.dist-info"
    home.mkdir(parents=True, exist_ok=True)
    (home / "METADATA").write_text("Metadata-Version: 2.1\nName: providers-of-the-tests\nVersion: 1\n", "utf-8")
    lines = [f"{name} = {module}" for name, module in {**points, **more}.items()]
    (home / "entry_points.txt").write_text("\n".join(["[hcgen.providers]", *lines, ""]), "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), str(place), os.environ.get("PYTHONPATH", "")])}
