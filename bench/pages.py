#!/usr/bin/env python3
"""The pages of the races: a deterministic help center as large as you like, for hcgen and for its peers.

    python -m bench.pages hcgen|hugo|mkdocs OUT [--size S|M|L|big] [--per-section N] [--corpus own|shared]

10 categories x 5 sections x 10 articles of about 450 words (front matter, steps, a table, a callout, a picture, three
links), and 61 index pages, for each brand and language. 70 % of the articles are the same in all brands. The words
come from this repository's own articles, as often as they occur there. Where the shared corpus maker lies beside the
checkout, the races use its pages instead unless told otherwise.

hcgen:  OUT is a project.   hugo: OUT/brandN/content/LANGUAGE, OUT/brandN/static.   mkdocs: OUT/brandN/docs/LANGUAGE.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bench.corpora import NAMES, ROOT, SHARED

SHARED_MAKER = SHARED / "bench" / "speed" / "corpus.py"
_WORD_LISTS = [Path("/usr/share/dict") / name for name in ("american-english", "french", "ngerman", "dutch")]
CORPORA = {"own": ("en", "fr", "de", "ar"), "shared": ("en", "fr", "de", "nl")}
LAYOUTS = ("hcgen", "hugo", "mkdocs")

_CATEGORIES = (
    *("welcome", "your-account", "invoices", "purchases", "delivery"),
    *("refunds", "privacy", "connections", "on-the-phone", "problems"),
)
_SECTIONS = ("overview", "guides", "rules", "experts", "questions")
_PICTURES = 20
_COMMON = 0.7
_NOISE = re.compile(r"\A---\n.*?\n---\n|\{\{.*?\}\}|\]\([^)]*\)|^///.*?$|https?://\S+", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Size:
    """How many pages: brands, languages, articles in a section."""

    name: str
    brands: int
    languages: int
    per_section: int = 10

    @property
    def pages(self) -> int:
        """Articles and index pages of all brands and languages."""
        inner = len(_CATEGORIES) * len(_SECTIONS)
        return self.brands * self.languages * (1 + len(_CATEGORIES) + inner * (1 + self.per_section))


SIZES = {one.name: one for one in (Size("S", 1, 1), Size("M", 1, 4), Size("L", 8, 4), Size("big", 8, 4, 89))}


def usual_corpus() -> str:
    """`shared` where its maker and the word lists it needs are there, else `own`."""
    return "shared" if SHARED_MAKER.is_file() and all(path.is_file() for path in _WORD_LISTS) else "own"


def languages(corpus: str, size: Size) -> tuple[str, ...]:
    """The languages of a corpus in this size, the default first."""
    return CORPORA[corpus][: size.languages]


def make(layout: str, out: Path, size: Size, corpus: str) -> None:
    """Writes the corpus into the new folder `out`, for hcgen as a whole project with a theme of its own."""
    codes = languages(corpus, size)
    if corpus == "shared":
        options = ["--brands", str(size.brands), "--langs", ",".join(codes), "--per-section", str(size.per_section)]
        command = [sys.executable, str(SHARED_MAKER), layout, str(out), *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    else:
        for code in codes:
            _write_language(layout, out, size, code)
    if layout == "hcgen":
        _write_project(out, size, codes)


@cache
def vocabulary(language: str) -> tuple[str, ...]:
    """The words of the repository's articles in a language, each as often as it occurs; no abbreviations."""
    found: list[str] = []
    for path in sorted((ROOT / "content" / language).rglob("*.md")):
        words = re.findall(r"[^\W\d_]{2,}", _NOISE.sub(" ", path.read_text("utf-8")))
        found += [word for word in words if not word.isupper()]
    return tuple(found)


class Voice:
    """Meaningless text in one language; the same seed says the same."""

    def __init__(self, language: str, seed: str) -> None:
        self.random, self._vocabulary = random.Random(f"{language} {seed}"), vocabulary(language)

    def words(self, least: int, most: int) -> str:
        """Some words, the first with a capital."""
        text = " ".join(self.random.choices(self._vocabulary, k=self.random.randint(least, most)))
        return text[0].upper() + text[1:]

    def sentence(self, least: int = 9, most: int = 17) -> str:
        """A sentence, one in eight with something in bold."""
        text = self.words(least, most)
        if self.random.random() < 0.125:
            head, _, last = text.rpartition(" ")
            text = f"{head} **{last}**"
        return text + "."

    def paragraph(self, sentences: int) -> str:
        """So many sentences."""
        return " ".join(self.sentence() for _ in range(sentences))

    def front(self, title: str, tags: int = 0) -> str:
        """Front matter."""
        listed = "".join(f'  - "{self.words(1, 1).lower()}"\n' for _ in range(tags))
        lines = f'title: "{title}"\ndescription: "{self.words(12, 16)}."\n' + (f"tags:\n{listed}" if tags else "")
        return f"---\n{lines}---"


def _index_text(language: str, folder: str) -> str:
    voice = Voice(language, f"index {folder}")
    title = folder.rpartition("/")[2].replace("-", " ").capitalize() or "Help"
    return f"{voice.front(title)}\n\n# {title}\n\n{voice.paragraph(2)}\n"


def _article_text(layout: str, language: str, owner: str, place: tuple[int, int, int], per_section: int) -> str:
    """One article. `place` is the numbers of its category, its section and itself."""
    category, section, number = place
    voice = Voice(language, f"article {owner} {category} {section} {number}")
    heads = [Voice(language, f"heading {index}").words(2, 4) for index in range(8)]
    aside = f"../{_SECTIONS[(section + 1) % len(_SECTIONS)]}/"
    near, next_one, far = (
        f"[{voice.words(3, 6)}]({folder}article-{(number + step) % per_section:03d}.md)"
        for step, folder in ((1, ""), (2, ""), (3, aside))
    )
    pictures = "/img" if layout == "hugo" else "../../assets"
    remark, title = voice.sentence(18, 22), voice.words(4, 7)
    rows = [f"| {voice.words(1, 2)} | {voice.words(1, 2)} | {voice.random.randrange(900)} |" for _ in range(5)]
    blocks = [
        voice.front(title, tags=3),
        f"# {title}",
        voice.paragraph(4),
        f"## {heads[0]}",
        voice.paragraph(3),
        f"- {voice.sentence(6, 9)}\n- {voice.sentence(6, 9)}\n- {voice.words(5, 7)}: `{voice.words(1, 1)}`",
        f"## {heads[1]}",
        "\n".join(f"{step}. {voice.sentence(10, 14)}" for step in range(1, 7)),
        f"![{voice.words(3, 6)}]({pictures}/img-{voice.random.randrange(_PICTURES):02d}.png)",
        f"> [!NOTE]\n> {remark}" if layout == "hugo" else f"!!! note\n\n    {remark}",
        f"## {heads[2]}",
        voice.paragraph(2),
        "\n".join([f"| {' | '.join(heads[3:6])} |", "| --- | --- | ---: |", *rows]),
        f"## {heads[6]}",
        voice.paragraph(4),
        f"### {voice.words(4, 7)}",
        voice.paragraph(3),
        f"{voice.paragraph(2)} {near}.",
        f"## {heads[7]}",
        f"- {next_one}\n- {far}",
    ]
    return "\n\n".join(blocks) + "\n"


def _homes(layout: str, out: Path, brands: range, language: str, shared: bool) -> list[Path]:
    """Where the Markdown of these brands stands: once if hcgen's brands share it, else once a brand."""
    if layout == "hcgen" and shared:
        return [out / "content" / language]
    place = {"hcgen": "brands/brand{}/content", "hugo": "brand{}/content", "mkdocs": "brand{}/docs"}[layout]
    return [out / place.format(brand) / language for brand in brands]


def _places(size: Size) -> Iterator[tuple[int, int, int]]:
    for category in range(len(_CATEGORIES)):
        for section in range(len(_SECTIONS)):
            for number in range(size.per_section):
                yield category, section, number


def _write_language(layout: str, out: Path, size: Size, language: str) -> None:
    brands = range(size.brands)
    common = _homes(layout, out, brands, language, shared=True)
    inner = [f"{category}/{section}" for category in _CATEGORIES for section in _SECTIONS]
    for folder in ("", *_CATEGORIES, *inner):
        _write(common, f"{folder}/{'_index' if layout == 'hugo' else 'index'}.md", _index_text(language, folder))
    for place in _places(size):
        name = f"{_CATEGORIES[place[0]]}/{_SECTIONS[place[1]]}/article-{place[2]:03d}.md"
        if random.Random(f"common {place}").random() < _COMMON:
            _write(common, name, _article_text(layout, language, "all", place, size.per_section))
            continue
        for brand in brands:
            text = _article_text(layout, language, f"brand{brand}", place, size.per_section)
            _write(_homes(layout, out, range(brand, brand + 1), language, shared=False), name, text)
    roots = [out / f"brand{brand}" / "static" / "img" for brand in brands]
    for number in range(_PICTURES):
        homes = roots if layout == "hugo" else [home / "assets" for home in common]
        _write(homes, f"img-{number:02d}.png", _picture(number))


def _write(homes: list[Path], name: str, content: str | bytes) -> None:
    for home in homes:
        path = home / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@cache
def _picture(seed: int, width: int = 240, height: int = 120) -> bytes:
    """A gray PNG of a few kilobytes with stripes of its own."""
    stripes = random.Random(f"picture {seed}").randbytes(width // 8)
    lines = b"".join(b"\0" + bytes(stripes[x // 8] ^ (x * y & 0x38) for x in range(width)) for y in range(height))
    parts = {b"IHDR": struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0), b"IDAT": zlib.compress(lines), b"IEND": b""}
    framed = (struct.pack(">I", len(v)) + k + v + struct.pack(">I", zlib.crc32(k + v)) for k, v in parts.items())
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def i18n_languages(codes: tuple[str, ...], more: str = "") -> str:
    """The lines of the plugin i18n that name the languages, the first as the default."""
    return "".join(
        f"        - {{locale: {code}, name: {NAMES[code]}{more}{'' if index else ', default: true'}}}\n"
        for index, code in enumerate(codes)
    )


def _write_project(out: Path, size: Size, codes: tuple[str, ...]) -> None:
    """What makes hcgen's project of the Markdown: settings, brands, and a theme that a race may change."""
    shutil.copytree(ROOT / "theme", out / "theme")
    (out / "mkdocs.yml").write_text(
        "site_name: Races\nsite_url: https://help.example.com/\ndocs_dir: content\n"
        "theme:\n  name: material\n  custom_dir: theme\n"
        f"plugins:\n  - i18n:\n      docs_structure: folder\n      languages:\n{i18n_languages(codes)}  - hcgen: {{}}\n"
        "markdown_extensions: [admonition, tables]\n",
        "utf-8",
    )
    for brand in range(size.brands):
        home = out / "brands" / f"brand{brand}"
        home.mkdir(parents=True, exist_ok=True)
        (home / "brand.yml").write_text(
            f"id: brand{brand}\nname: Brand {brand}\nsite_url: https://help.example.com/brand{brand}/\n"
            f"locales: [{', '.join(codes)}]\nticket:\n  provider: mailto\n  email: help@example.com\n",
            "utf-8",
        )


def main() -> None:
    """Writes one corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layout", choices=LAYOUTS)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--per-section", type=int, help="articles in a section, instead of the size's")
    parser.add_argument("--corpus", choices=CORPORA, default=usual_corpus())
    options = parser.parse_args()
    size = SIZES[options.size]
    size = replace(size, per_section=options.per_section or size.per_section)
    make(options.layout, options.out, size, options.corpus)
    print(f"{size.brands} brands x {size.languages} languages, {size.pages} pages, {options.corpus} corpus")


if __name__ == "__main__":
    main()
