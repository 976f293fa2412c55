"""The engines that bench/search.py races: each writes its index of the same documents into a folder that is served.

What asks it in the browser is in search_engines.mjs, one function an engine.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from rjsmin import jsmin

from bench.corpora import ROOT
from bench.peers import Tools
from bench.timing import timed
from hcgen.search.analyse import Analyser
from hcgen.search.documents import Document, analysed
from hcgen.search.index import index_files
from hcgen.search.languages import language
from hcgen.search.runtime import runtime

ENGINES = ("hcgen", "pagefind", "minisearch", "material")
TITLES = {
    "hcgen": "hcgen",
    "pagefind": "Pagefind (extended)",
    "minisearch": "MiniSearch, bigrams",
    "material": "Material's lunr",
}
MINISEARCH = "7.2.0"
Cost = dict[str, float]
"""CPU seconds: `cold_cpu_s`, for hcgen also `article_cpu_s` (one article changed)."""


class Workshop:
    """What the engines are made with: installed once into `folder`, never part of the repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = Tools(folder / "peers")
        self.modules = folder / "search-peers" / "node_modules"

    def install(self, engines: Sequence[str]) -> dict[str, str]:
        """Installs what `engines` need. Gives versions by name."""
        peers = {"pagefind": "pagefind", "material": "mkdocs"}
        found = self.tools.install({peers[name] for name in engines if name in peers})
        if "minisearch" in engines:
            if not (self.modules / "minisearch").is_dir():
                self.modules.parent.mkdir(parents=True, exist_ok=True)
                command = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
                subprocess.run([*command, f"minisearch@{MINISEARCH}"], cwd=self.modules.parent, check=True)
            found["minisearch"] = json.loads((self.modules / "minisearch" / "package.json").read_text())["version"]
        return found

    def build(self, engine: str, documents: Sequence[Document], code: str, out: Path) -> Cost:
        """The index of `engine` over `documents` in the language `code`, in the new folder `out`."""
        out.mkdir(parents=True)
        makers: dict[str, Callable[[Sequence[Document], str, Path], Cost]] = {
            "hcgen": hcgen,
            "pagefind": self._pagefind,
            "minisearch": self._minisearch,
            "material": self._material,
        }
        return makers[engine](documents, code, out)

    def _pagefind(self, documents: Sequence[Document], code: str, out: Path) -> Cost:
        for one in documents:
            page = out / one.url / "index.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(html(one, code), "utf-8")
        program = self.tools.program("pagefind_bin_extended/pagefind_extended*")
        took, _ = timed([program, "--site", str(out)], out.with_suffix(".log"))
        return {"cold_cpu_s": round(took.cpu, 2)}

    def _minisearch(self, documents: Sequence[Document], code: str, out: Path) -> Cost:
        given = out.with_suffix(".json")
        given.write_text(json.dumps([flat(one) for one in documents]), "utf-8")
        shutil.copy(self.modules / "minisearch" / "dist" / "es" / "index.js", out / "minisearch.js")
        script = Path(__file__).with_name("search_engines.mjs")
        took, _ = timed(["node", str(script), str(given), str(out)], out.with_suffix(".log"))
        return {"cold_cpu_s": round(took.cpu, 2)}

    def _material(self, documents: Sequence[Document], code: str, out: Path) -> Cost:
        """The file that its plugin writes; Material indexes in the visitor's browser."""
        theme = Path(self.tools.program("material/templates"))
        scripts = theme / "assets" / "javascripts"
        shutil.copytree(scripts / "lunr", out / "lunr")
        (out / "workers").mkdir()
        worker = next((scripts / "workers").glob("search.*.min.js"))
        (out / "workers" / "search.js").write_text(worker.read_text("utf-8"), "utf-8")
        words = _material_words(theme / "partials" / "languages", code)
        config = {
            "lang": [words["lang"]],
            "separator": words["separator"],
            "pipeline": [name for name in re.split(r"\s*,\s*", words["pipeline"]) if name.strip()],
            "fields": {"title": {"boost": 1000.0}, "text": {"boost": 1.0}, "tags": {"boost": 1000000.0}},
        }
        text = json.dumps({"config": config, "docs": [row for one in documents for row in _material_rows(one)]})
        (out / "search_index.json").write_text(text, "utf-8")
        return {}


def hcgen(documents: Sequence[Document], code: str, out: Path) -> Cost:
    """Ours, as a build does it; the second time, one article is analysed anew."""
    start = time.process_time()
    analyser = Analyser(language(code))
    terms = [analysed(one, analyser) for one in documents]
    for name, data in index_files(terms, analyser.language).items():
        (out / name).write_bytes(data)
    cold = time.process_time() - start
    script = jsmin(runtime(ROOT / "theme" / "search", analyser.language), keep_bang_comments=True)
    (out / "runtime.js").write_text(script, "utf-8")
    start = time.process_time()
    fresh = Analyser(analyser.language)
    index_files([analysed(documents[0], fresh), *terms[1:]], fresh.language)
    return {"cold_cpu_s": round(cold, 2), "article_cpu_s": round(time.process_time() - start, 2)}


def html(one: Document, code: str) -> str:
    """The page of an article: nothing on it but the article."""
    parts = [
        (f'<h2 id="{section.id}">{escape(section.title)}</h2>' if section.title else "")
        + f"<p>{escape(section.text)}</p>"
        for section in one.sections
    ]
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8"><title>{escape(one.title)}</title></head>'
        f"<body><main data-pagefind-body><h1>{escape(one.title)}</h1>{''.join(parts)}</main></body></html>"
    )


def flat(one: Document) -> dict[str, str]:
    """An article as three fields."""
    headings = "\n".join(section.title for section in one.sections if section.title)
    return {"id": one.url, "title": one.title, "headings": headings, "text": "\n".join(s.text for s in one.sections)}


def _material_words(folder: Path, code: str) -> dict[str, str]:
    """The settings of a language, English where it has none of its own, as the theme looks them up."""
    found: dict[str, str] = {}
    for name in ("en", code):
        text = (folder / f"{name}.html").read_text("utf-8")
        for key, value in re.findall(r'"search\.config\.(\w+)": ("[^"]*")', text):
            found[key] = json.loads(value)
    return found


def _material_rows(one: Document) -> list[dict[str, str]]:
    rows = []
    for section in one.sections:
        place = f"{one.url}/#{section.id}" if section.id else f"{one.url}/"
        text = f"<p>{escape(section.text)}</p>" if section.text else ""
        rows.append({"location": place, "title": escape(section.title or one.title), "text": text})
    return rows
