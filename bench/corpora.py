#!/usr/bin/env python3
"""Builds real help centers: the corpora beside the checkout as hcgen projects, with figures.

    python -m bench.corpora [NAME ...] [--work DIR]

For each corpus (m365-insights as seven brands in five languages, bc-regions as four regional brands, arduino-help)
it writes a project, builds it, checks it, renders the bodies, and prints pages, findings by rule, the share of
articles whose block structure equals CommonMark's (by the corpora's own skeleton.py), and wall and CPU seconds.
Exits 1 where an article of a brand has no page of its own.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
NAMES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "ja": "日本語",
    "nl": "Nederlands",
}


@dataclass(frozen=True)
class Corpus:
    """How one corpus becomes a project. `brands` maps each brand to its languages, the default first."""

    name: str
    default: str
    brands: dict[str, list[str]]
    former_hosts: list[str] = field(default_factory=list)


_M365 = ("apps", "business-apps", "devices", "files", "outlook", "security", "teams")
CORPORA = {
    "m365-insights": Corpus("m365-insights", "de", {brand: ["de", "ar", "fr", "ja", "nl"] for brand in _M365}),
    "bc-regions": Corpus(
        "bc-regions", "en", {"bc-uk": ["en"], "bc-germany": ["de"], "bc-austria": ["de"], "bc-spain": ["es"]}
    ),
    "arduino-help": Corpus("arduino-help", "en", {"arduino": ["en"]}, ["support.arduino.cc"]),
}


def make_project(corpus: Corpus, folder: Path) -> None:
    """Writes `corpus` as a project into the empty `folder`."""
    shutil.copytree(
        SHARED / "corpora" / "hc" / corpus.name / "content", folder / "content", copy_function=shutil.copyfile
    )
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    codes = sorted({code for locales in corpus.brands.values() for code in locales})
    languages = "\n".join(
        f"        - {{locale: {code}, name: {NAMES[code]}{', default: true' if code == corpus.default else ''}}}"
        for code in codes
    )
    (folder / "mkdocs.yml").write_text(
        f"site_name: {corpus.name}\nsite_url: https://help.example.com/\ndocs_dir: content\n"
        f"theme:\n  name: material\nplugins:\n  - i18n:\n      docs_structure: folder\n      languages:\n{languages}\n"
        f"  - hcgen: {{}}\n",
        "utf-8",
    )
    for brand, locales in corpus.brands.items():
        home = folder / "brands" / brand
        home.mkdir(parents=True)
        (home / "brand.yml").write_text(
            f"id: {brand}\nname: {brand.title()} Help\nsite_url: https://help.example.com/{brand}/\n"
            f"locales: [{', '.join(locales)}]\n"
            f"former_hosts: {json.dumps(corpus.former_hosts)}\n"
            f"ticket:\n  provider: mailto\n  email: help@example.com\n",
            "utf-8",
        )


def run(*arguments: str) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """(what a command of hcgen answered, wall seconds, CPU seconds)."""
    before, started = os.times(), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "hcgen", *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return done, time.monotonic() - started, cpu


def missing_pages(folder: Path, site: Path, corpus: Corpus) -> list[str]:
    """Articles (brand, locale, path) that should have a page of their own language and have none in `site`."""
    sys.path.insert(0, str(ROOT))
    from hcgen.files.project import read_project
    from hcgen.pages.addresses import address

    project = read_project(folder)
    every = [*project.library.articles.values(), *project.library.indexes.values()]
    lost = []
    for article in every:
        for brand, locales in corpus.brands.items():
            if article.locale not in locales or (article.front.brands and brand not in article.front.brands):
                continue
            page = site / brand / article.locale / address(article.key) / "index.html"
            if not page.is_file():
                lost.append(f"{brand}/{article.path}")
    return lost


def fidelity(folder: Path, bodies: Path, corpus: Corpus) -> tuple[int, int]:
    """(articles whose structure is equal, articles compared), each article once."""
    spec = importlib.util.spec_from_file_location("skeleton", SHARED / "bench" / "fidelity" / "skeleton.py")
    assert spec
    assert spec.loader
    skeleton = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(skeleton)
    seen: dict[Path, bool] = {}
    for brand, locales in corpus.brands.items():
        for code in locales:
            content, rendered = folder / "content" / code, bodies / brand / code
            for path in sorted(content.rglob("*.md")):
                target = rendered / path.relative_to(content).with_suffix(".html")
                source = path.read_text("utf-8", "replace")
                if path in seen or skeleton.OWN_SYNTAX.search(source) or not target.exists():
                    continue
                mine = skeleton.skeleton(target.read_text("utf-8"))
                seen[path] = skeleton.skeleton(skeleton.reference(source)) == mine
                if not seen[path]:
                    print("  differs:", path.relative_to(folder))
    return sum(seen.values()), len(seen)


def measure(corpus: Corpus, work: Path) -> bool:
    """Prints one corpus's figures; whether every article has its page."""
    folder = work / corpus.name
    shutil.rmtree(folder, ignore_errors=True)
    make_project(corpus, folder)
    built, wall, cpu = run("build", "-C", str(folder), "--out", str(folder / "site"), "--json")
    if not built.stdout:
        print(corpus.name, "failed:", built.stderr)
        return False
    report = json.loads(built.stdout)
    checked, check_wall, check_cpu = run("check", "-C", str(folder), "--json")
    rules = Counter(one["rule"] for one in json.loads(checked.stdout)["findings"])
    for brand, locales in corpus.brands.items():
        for code in locales:
            out = str(folder / "bodies" / brand / code)
            done, _, _ = run("render", "-C", str(folder), "--brand", brand, "--locale", code, "--out", out)
            if "Traceback" in done.stderr or done.returncode not in (0, 1):
                print(done.stderr)
    site = folder / "site" if report["installed"] else Path(report["rejected"])
    lost = missing_pages(folder, site, corpus)
    equal, counted = fidelity(folder, folder / "bodies", corpus)
    print(f"## {corpus.name}")
    print(f"pages {report['pages']}, installed {report['installed']}", end=", ")
    print(f"errors {report['errors']}, warnings {report['warnings']}")
    print(f"build {wall:.1f} s wall, {cpu:.1f} CPU s ({1000 * cpu / max(1, report['pages']):.2f} CPU ms a page)")
    print(f"check {check_wall:.1f} s wall, {check_cpu:.1f} CPU s")
    print(f"structure equal: {equal} of {counted} ({100 * equal / max(1, counted):.2f} %)")
    print(f"articles without a page: {len(lost)}", *lost[:10])
    print("findings:", ", ".join(f"{count} {rule}" for rule, count in rules.most_common()) or "none", flush=True)
    return not lost and "Traceback" not in built.stderr + checked.stderr


def main() -> int:
    """Measures the corpora named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*CORPORA, []], help="corpora; all unless named")
    parser.add_argument("--work", type=Path, default=ROOT / "bench" / "work")
    options = parser.parse_args()
    if not (SHARED / "corpora" / "hc").is_dir():
        print("the corpora are not beside the checkout: nothing to measure")
        return 0
    options.work.mkdir(parents=True, exist_ok=True)
    results = [measure(CORPORA[name], options.work) for name in options.names or CORPORA]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
