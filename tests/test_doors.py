"""Two doors, one house: `mkdocs build` and `properdocs build` give the bytes that `hcgen build` gives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.world import ROOT, World, tree_digest

CASES = [("retail", "en"), ("retail", "ar"), ("restaurant", "fr"), ("web", "ko")]


def through(tool: str, root: Path, out: Path, brand: str, locale: str) -> dict[str, str]:
    """The tree that `TOOL build` makes of one brand in one language."""
    done = subprocess.run(
        [sys.executable, "-m", tool, "build", "--strict", "-q", "-f", str(root / "mkdocs.yml"), "-d", str(out)],
        env={**os.environ, "HCGEN_BRAND": brand, "HCGEN_LOCALE": locale, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False, cwd=root,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return tree_digest(out)


@pytest.mark.parametrize(("brand", "locale"), CASES)
@pytest.mark.parametrize("tool", ["mkdocs", "properdocs"])
def test_same_bytes_behind_both_doors(tool: str, brand: str, locale: str, example_site: Path, tmp_path: Path) -> None:
    theirs = through(tool, ROOT, tmp_path / "out", brand, locale)
    ours = tree_digest(example_site / brand)
    mine = {path: value for path, value in ours.items() if path.startswith(f"{locale}/")}
    pages = [path for path in mine if path.endswith(".html")]
    assert len(pages) > 20
    assert {path: value for path, value in theirs.items() if path.startswith(f"{locale}/")} == mine
    # Its assets are those the brand has; other languages may use more.
    rest = {path: value for path, value in theirs.items() if not path.startswith(f"{locale}/")}
    assert rest.items() <= ours.items()


def test_mkdocs_door_works_without_a_theme_folder(world: World, tmp_path: Path) -> None:
    site = world.build()
    theirs = through("mkdocs", world.root, tmp_path / "out", "retail", "en")
    ours = tree_digest(site / "retail")
    assert {path: value for path, value in ours.items() if path.startswith("en/")} == {
        path: value for path, value in theirs.items() if path.startswith("en/")
    }


def test_a_brand_may_have_templates_of_its_own_behind_both_doors(world: World, tmp_path: Path) -> None:
    shipped = (ROOT / "theme/partials/hc/help.html").read_text("utf-8")
    world.write(
        {
            "brands/web/theme/partials/hc/help.html": f"{shipped}<p>Web alone.</p>\n",
            "brands/web/theme/.icons/material/chat-question-outline.svg": "<svg><title>own</title></svg>\n",
            "brands/web/theme/choose.html": "<!doctype html><title>{{ title }}</title><p>Web alone.</p>",
        }
    )
    site = world.build()
    assert "Web alone." in (site / "web/index.html").read_text("utf-8")
    assert "Web alone." not in (site / "index.html").read_text("utf-8")
    shown = [path for path in (site / "web/en").rglob("*.html") if "Web alone." in path.read_text("utf-8")]
    assert len(shown) > 5
    assert all("<title>own</title>" in path.read_text("utf-8") for path in shown)
    for path in (site / "retail").rglob("*.html"):
        assert "Web alone." not in path.read_text("utf-8"), path
        assert "<title>own</title>" not in path.read_text("utf-8"), path
    settings = (world.root / "mkdocs.yml").read_text("utf-8")
    for brand in ("web", "retail"):
        world.write({"mkdocs.yml": settings.replace("hcgen: {}", f"hcgen: {{brand: {brand}}}")})
        theirs = through("mkdocs", world.root, tmp_path / brand, brand, "en")
        ours = tree_digest(site / brand)
        assert {path: value for path, value in ours.items() if path.startswith("en/")} == {
            path: value for path, value in theirs.items() if path.startswith("en/")
        }


def test_unknown_brand_is_one_sentence(world: World, tmp_path: Path) -> None:
    text = (world.root / "mkdocs.yml").read_text("utf-8").replace("hcgen: {}", "hcgen: {brand: retial}")
    world.write({"mkdocs.yml": text})
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", str(world.root / "mkdocs.yml"), "-d", str(tmp_path / "o")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "no brand is called 'retial'" in done.stderr
    assert "Traceback" not in done.stderr
