"""Real help articles: each becomes a page of each brand it belongs to, and means what it means on a Git host."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from bench.corpora import CORPORA, fidelity, make_project, missing_pages, run
from hcgen.files.frontmatter import decode, split
from hcgen.markup.convert import convert
from hcgen.markup.fragment import CLOSE, OPEN
from hcgen.markup.select import left_over, select

# What pages fill in, the ids of steps among it, is no part of the structure.
_PLACEHOLDER = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")


@pytest.mark.parametrize(("name", "brands"), [("arduino-help", []), ("bc-regions", []), ("m365-insights", ["files"])])
def test_every_article_comes_out(name: str, brands: list[str], corpora: Path, tmp_path: Path) -> None:
    corpus, folder = CORPORA[name], tmp_path / name
    make_project(corpus, folder)
    chosen = [part for brand in brands for part in ("--brand", brand)]
    done, _, _ = run("build", "-C", str(folder), "--out", str(folder / "site"), "--json", *chosen)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["installed"]
    assert all(one["path"] and one["message"] and one["remedy"] for one in report["findings"])
    lost = [one for one in missing_pages(folder, folder / "site", corpus) if not brands or one.split("/")[0] in brands]
    assert lost == []
    for path in folder.joinpath("site").rglob("*.html"):
        text = path.read_text("utf-8")
        assert OPEN not in text, path
        assert CLOSE not in text, path


@pytest.mark.parametrize("name", sorted(CORPORA))
def test_structure_is_that_of_commonmark(name: str, corpora: Path, tmp_path: Path) -> None:
    """What `hcgen render` writes, by the corpora's own measure: at least 99.5 % of the articles are equal."""
    corpus, folder = CORPORA[name], tmp_path / name
    shutil.copytree(corpora / name / "content", folder / "content", copy_function=shutil.copyfile)
    for path in sorted(folder.rglob("*.md")):
        text, _ = decode(path.read_bytes(), path.name)
        _, body, _ = split(text)
        fragment = convert(select(body, "x", ["x"]).lines)
        assert not left_over(fragment.html)
        relative = path.relative_to(folder / "content").with_suffix(".html")
        for brand, locales in corpus.brands.items():
            if relative.parts[0] in locales:
                target = folder / "bodies" / brand / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(_PLACEHOLDER.sub("", fragment.html), "utf-8")
                break
    equal, counted = fidelity(folder, folder / "bodies", corpus)
    assert counted > 400
    assert equal / counted >= 0.995, f"{equal} of {counted}"
