"""hcgen's own side of the races: cold, nothing changed, one article changed, a title changed, a template changed."""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.corpora import CORPORA, ROOT, make_project
from bench.pages import make
from bench.peers import Track
from bench.timing import Failed, Took, timed

STEPS = ("cold", "unchanged", "article", "title", "template")
_STRIDE = 37


class Hcgen:
    """A project with the track's pages, built by the checkout's hcgen. Each round begins cold in a new folder."""

    name = "hcgen"
    language = "en"
    accept: tuple[int, ...] = (0,)

    def __init__(self, track: Track, steps: set[str]) -> None:
        self.track, self.steps = track, steps
        self.project = track.folder / "hcgen"
        self.out = self.site = Path()
        self._expected = ("", "")

    def prepare(self) -> None:
        """Writes the project."""
        make("hcgen", self.project, self.track.size, self.track.corpus)

    def run(self, number: int) -> Iterator[tuple[str, Took]]:
        """Round `number`: each wanted step, in order, and cold before all others."""
        cache = self.project / ".hcgen"
        if cache.exists():
            cache.rename(self.track.folder / f"hcgen-cache-{number}")
        self.out = self.track.folder / f"hcgen-out-{number}" / "site"
        self.out.parent.mkdir(parents=True)
        changes = {"article": self._change_article, "title": self._change_title, "template": self._change_template}
        for step in STEPS:
            if step != "cold" and step not in self.steps:
                continue
            if step in changes:
                changes[step](number)
            took = self._build(f"{step}-{number}")
            if step in changes:
                self._check(step)
            yield step, took

    def article_bytes(self) -> list[int]:
        """The sizes of all articles' pages of the last round, smallest first."""
        return sorted(path.stat().st_size for path in self.site.glob("*/*/*/*/article-*/index.html"))

    def _build(self, name: str) -> Took:
        command = [sys.executable, "-m", "hcgen", "build", "-C", str(self.project), "--out", str(self.out), "--json"]
        log = self.track.folder / "logs" / f"hcgen-{name}.log"
        took, said = timed(command, log, cwd=ROOT, accept=self.accept)
        try:
            report = json.loads(said)
        except ValueError as fault:
            raise Failed(f"hcgen's report is no JSON: {said[:200]!r}") from fault
        self.site = Path(report["out"] if report["installed"] else report["rejected"])
        if name.startswith("cold") and report["pages"] < self.track.size.pages:
            raise Failed(f"{report['pages']} pages instead of {self.track.size.pages}")
        return Took(took.wall, took.cpu, took.peak_mb, int(report["pages"]))

    def _article(self, turn: int) -> tuple[Path, str]:
        """Another article for each turn, and where its pages are. Some may have no page under their own name."""
        from hcgen.pages.addresses import address

        content = self.project / "content" / self.language
        every = sorted(path for path in content.rglob("*.md") if path.stem != "index")
        for shift in range(len(every)):
            path = every[(turn * _STRIDE + shift) % len(every)]
            key = path.relative_to(content).with_suffix("").as_posix()
            place = f"*/{self.language}/{address(key)}index.html"
            if any(self.site.glob(place)):
                return path, place
        raise Failed("no article has a page")

    def _change_article(self, number: int) -> None:
        path, place = self._article(2 * number)
        words = f"Sentence {number} of the races."
        path.write_text(path.read_text("utf-8").rstrip("\n") + f"\n\n{words}\n", "utf-8")
        self._expected = place, words

    def _change_title(self, number: int) -> None:
        path, place = self._article(2 * number + 1)
        words = f"Title {number} of the races"
        path.write_text(re.sub(r"(?m)^title:.*$", f'title: "{words}"', path.read_text("utf-8"), count=1), "utf-8")
        self._expected = place, words

    def _change_template(self, number: int) -> None:
        path, words = self.project / "theme" / "main.html", f"<!-- template {number} of the races -->"
        path.write_text(path.read_text("utf-8") + words + "\n", "utf-8")
        self._expected = f"*/{self.language}/index.html", words

    def _check(self, step: str) -> None:
        """Failed where no page shows what was changed last."""
        place, words = self._expected
        if not any(words in page.read_text("utf-8") for page in self.site.glob(place)):
            raise Failed(f"no page shows the change of the step {step!r}")


class Real(Hcgen):
    """The same on a corpus of real articles, named in place of the track's corpus. Its content may have errors."""

    accept = (0, 1)

    def prepare(self) -> None:
        """Writes the project."""
        corpus = CORPORA[self.track.corpus]
        self.language = corpus.default
        make_project(corpus, self.project)


def middle_and_large(values: list[int]) -> tuple[int, int]:
    """Median and 95th percentile of sorted values."""
    return int(statistics.median(values)), values[min(len(values) - 1, len(values) * 95 // 100)]
