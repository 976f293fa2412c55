"""Incremental builds give the same bytes as builds from scratch, after any walk of edits."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.builds.build import build
from hcgen.builds.report import BuildReport
from hcgen.builds.wanted import Wanted
from hcgen.files.lock import lock_text
from hcgen.model.finding import Severity
from hcgen.pages.library import Workshop
from hcgen.pages.lock import lock_of, naming_articles
from tests.world import MKDOCS, NOW, RETAIL, ROOT, WEB, World, tree_digest

MakeWorld = Callable[..., World]
STEPS = 25
SEEDS = (1, 2, 3)

PICTURES = [bytes([137, 80, 78, 71, 13, 10, 26, 10, at]) for at in range(4)]
BODIES = [
    "Plain words about money.\n\n## Steps\n\n1. One\n2. Two\n",
    "# A title of its own\n\nSee [refunds](/billing/refunds.md#steps) and [all](../billing/index.md).\n\n## Schritte\n",
    "![A](a.png)\n\n!!! note\n    Mind {{ brand.support_email }}.\n\n[There](one.md#x), [here](#steps).\n\n## Steps\n",
    '![A](a.png "Called {{ brand.price }}")\n\n![B](/billing/a.png)\n\n## Steps\n',
    "/// brand | retail\nOnly retail.\n///\n\n/// internal\nSecret.\n///\n\n## Steps\n\nText.\n",
    '--8<-- "hours.md"\n\n```python\nprint(1)\n```\n\n## Fees\n\n## Fees\n',
    "1. Open.\n2. Pay.\n\n/// brand | web\n\n1. Only web.\n2. Web too.\n\n///\n\nText.\n\n1. Close.\n2. Go.\n",
    "1. New.\n2. Open it.\n3. Pay.\n\nText.\n\n1. Close.\n2. Go.\n",
    "Odd [link](nowhere.md) and [invoice](../billing/invoices.md).\n",
    "",
]
FRONTS = [
    "title: {t}", "title: {t}\ntags: [money, {t}]", "title: {t}\nsynonyms: [cash]\norder: 3", "description: About {t}.",
    "title: {t}\nbrands: [web]", "title: {t}\naudience: internal", "title: {t}\npublish_at: 2030-01-01",
    "title: {t}\nexpire_at: 2020-01-01", "title: {t}\nredirect_from: [/old/{t}]", "title: {t}\nid: id-{t}",
    "title: {t}\nupdated: 2026-01-02", "title: {t}\nattachments: [a.png]", "title: {t}\nattachments: [/billing/a.png]",
]  # fmt: skip
CHANNEL = "time_zone: Europe/London\nchannels:\n  - {kind: chat, label: C, url: 'https://c.example/', "
CONTACTS = [
    f"{CHANNEL}opening: {{mon-fri: '08:00-20:00'}}}}\n",
    f"{CHANNEL}opening: {{mon-fri: '09:00-20:00'}}}}\nholidays: [2026-12-25]\n",
    f"{CHANNEL}script: 'https://c.example/a.js'}}\nanswer_time: {{en: Today, de: Heute}}\n",
    "csp: {img-src: [\"'self'\", 'https://pictures.example']}\n",
    "csp: {script-src: [\"'none'\"]}\n",
]
TOPICS = [
    "", "  topics: [{id: refund, label: {en: Refund, de: Erstattung}}]\n",
    "  topics: [{id: refund, label: Refund, fields: [{name: order_number, label: Order, required: true}]}]\n",
]  # fmt: skip
NAMES = ["one", "two", "three", "deep/four", "deep/er/five", "billing/six", "billing/seven", "index", "billing/index"]


class Walk:
    """Random edits of one project, each like something that people do."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)

    def step(self) -> str:
        """One edit; what it was."""
        edits = [self.article] * 8 + [self.remove] * 3 + [self.move] * 3 + [
            self.picture, self.snippet, self.lock, self.lock, self.brand, self.settings, self.template, self.words,
            self.style, self.incidents, self.popular, self.own_template, self.queries, self.synonyms,
            self.search_script,
        ]  # fmt: skip
        return self.chance.choice(edits)()

    def folder(self) -> str:
        """A content folder, shared or a brand's."""
        home = self.chance.choice(["content", "content", "brands/retail/content", "brands/web/content"])
        return f"{home}/{self.chance.choice(['en', 'en', 'de', 'ar'])}"

    def files(self, ending: str) -> list[Path]:
        """Content files that there are."""
        found = [
            *self.world.root.glob(f"content/*/**/*{ending}"),
            *self.world.root.glob(f"brands/*/content/**/*{ending}"),
        ]
        return sorted(found)

    def article(self) -> str:
        """Writes an article, new or over an old one."""
        path = self.world.root / self.folder() / f"{self.chance.choice(NAMES)}.md"
        if self.chance.random() < 0.5 and self.files(".md"):
            path = self.chance.choice(self.files(".md"))
        front = self.chance.choice(FRONTS).replace("{t}", f"T{self.chance.randrange(30)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{front}\n---\n{self.chance.choice(BODIES)}", "utf-8")
        return f"article {path.relative_to(self.world.root)}"

    def remove(self) -> str:
        """Deletes an article or a picture."""
        found = [*self.files(".md"), *self.files(".png")]
        if len(found) < 4:
            return self.article()
        path = self.chance.choice(found)
        path.unlink()
        return f"remove {path.relative_to(self.world.root)}"

    def move(self) -> str:
        """Renames an article, or moves it to another brand or language."""
        if not self.files(".md"):
            return self.article()
        path = self.chance.choice(self.files(".md"))
        target = self.world.root / self.folder() / f"{self.chance.choice(NAMES)}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
        return f"move {path.relative_to(self.world.root)} {target.relative_to(self.world.root)}"

    def picture(self) -> str:
        """Adds or changes a picture."""
        path = self.world.root / self.folder() / self.chance.choice(["a.png", "deep/a.png", "billing/a.png"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.chance.choice(PICTURES))
        return f"picture {path.relative_to(self.world.root)}"

    def snippet(self) -> str:
        """Adds, changes or removes a snippet."""
        home = self.chance.choice(["content", "brands/web/content"])
        path = self.world.root / home / "_snippets/hours.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and self.chance.random() < 0.3:
            path.unlink()
        else:
            path.write_text(f"Open from {self.chance.randrange(5, 9)}.\n\n## Hours\n", "utf-8")
        return f"snippet {home}"

    def brand(self) -> str:
        """Changes a brand's file."""
        name, text = self.chance.choice([("retail", RETAIL), ("web", WEB)])
        more = self.chance.choice(
            ["", "look: {radius: 3px}\n", "fallback: hide\n", "former_hosts: [old.example]\n",
             "feedback: https://answers.example/v1\n", "feedback: https://answers.example/v2\n", *CONTACTS]
        )  # fmt: skip
        if self.chance.random() < 0.3:
            text = text.replace("[en, de, ar]", "[de, en]")
        if self.chance.random() < 0.3:
            text = text.replace("support_email: ", f"support_email: a{self.chance.randrange(2)}.")
        if self.chance.random() < 0.2:
            text = text.replace("name: Acme", "name: Acme's")
        if self.chance.random() < 0.5:
            mail = "ticket: {provider: mailto, email: retail@acme.example}\n"
            form = "ticket:\n  provider: salesforce\n  organisation: 00D1\n  fields: {topic: f1, order_number: f2}\n"
            text = text.replace(mail, form + self.chance.choice(TOPICS))
        self.world.write({f"brands/{name}/brand.yml": text + more})
        return f"brand {name} {more!r}"

    def lock(self) -> str:
        """Locks the steps that there are, or forgets some of them."""
        path = self.world.root / "content/steps.lock"
        if path.exists() and self.chance.random() < 0.5:
            lines = path.read_text("utf-8").splitlines(keepends=True)
            path.write_text("".join(line for line in lines if self.chance.random() < 0.5), "utf-8")
            return "forget steps"
        workshop = Workshop(self.world.project())
        path.write_text(lock_text(lock_of(workshop, naming_articles(workshop))), "utf-8")
        return "lock steps"

    def settings(self) -> str:
        """Changes mkdocs.yml."""
        size = self.chance.choice([5, 6, 30])
        self.world.write({"mkdocs.yml": MKDOCS.rstrip() + f"\n# {size}\n" if size == 30 else with_page_size(size)})
        return f"page_size {size}"

    def template(self) -> str:
        """Changes a template, in a comment or in words."""
        name = self.chance.choice(["main.html", "partials/hc/contact.html", "partials/hc/folder.html", "portal.html"])
        path = self.world.root / "theme" / name
        text = path.read_text("utf-8").partition("<!-- edit")[0].rstrip("\n")
        path.write_text(f"{text}\n<!-- edit {self.chance.randrange(3)} -->\n", "utf-8")
        return f"template {name}"

    def words(self) -> str:
        """Changes an interface word."""
        path = self.world.root / "theme/strings/de.yml"
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("related:")]
        path.write_text("\n".join([*lines, f"related: Mehr {self.chance.randrange(3)}"]) + "\n", "utf-8")
        return "words"

    def style(self) -> str:
        """Changes the style."""
        path = self.world.root / "theme/assets/style.css"
        text = path.read_text("utf-8").partition("/* edit")[0].rstrip("\n")
        path.write_text(f"{text}\n/* edit {self.chance.randrange(3)} */\n", "utf-8")
        return "style"

    def bulletin(self, name: str, texts: list[str]) -> str:
        """Writes or removes a file of a brand or of all."""
        path = self.world.root / self.chance.choice(["content", "brands/retail", "brands/web"]) / name
        if path.exists() and self.chance.random() < 0.3:
            path.unlink()
        else:
            path.write_text(self.chance.choice(texts), "utf-8")
        return f"bulletin {path.relative_to(self.world.root)}"

    def incidents(self) -> str:
        """Changes what is wrong now."""
        mine = "- {title: {en: Slow, de: Langsam}, level: warning, since: 2026-05-01}\n"
        texts = [mine, mine + mine.replace("warning", "info"), mine.replace("2026", "2030")]
        return self.bulletin("incidents.yml", texts)

    def popular(self) -> str:
        """Changes what is popular."""
        lists = [
            'articles: {"": [one, billing/six, nowhere]}\n', "articles: {en: [two, deep/four, billing/invoices]}\n",
            "articles: {de: [billing/refunds]}\nqueries: {en: [money], de: [Geld]}\n",
        ]  # fmt: skip
        return self.bulletin("popular.yml", lists)

    def queries(self) -> str:
        """Changes golden queries, which no page shows."""
        path = self.world.root / self.folder() / "queries.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"- {{query: money {self.chance.randrange(3)}, article: billing/refunds}}\n", "utf-8")
        return f"queries {path.relative_to(self.world.root)}"

    def own_template(self) -> str:
        """Adds, changes or removes a template of one brand."""
        name = self.chance.choice(["partials/hc/contact.html", "partials/hc/header.html", "redirect.html"])
        path = self.world.root / "brands" / self.chance.choice(["retail", "web"]) / "theme" / name
        if path.exists() and self.chance.random() < 0.4:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = (self.world.root / "theme" / name).read_text("utf-8")
            path.write_text(f"{text}<!-- own {self.chance.randrange(3)} -->\n", "utf-8")
        return f"own template {path.relative_to(self.world.root)}"

    def synonyms(self) -> str:
        """Writes or removes words that mean the same, of all brands or of one."""
        folder = self.world.root / self.chance.choice(["theme", "brands/retail/theme", "brands/web/theme"]) / "synonyms"
        path = folder / f"{self.chance.choice(['en', 'de', 'ar'])}.yml"
        if path.exists() and self.chance.random() < 0.4:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            texts = ["- [money, cash]\n", "- [money, cash, dosh]\n- [pay, buy]\n", ""]
            path.write_text(self.chance.choice(texts), "utf-8")
        return f"synonyms {path.relative_to(self.world.root)}"

    def search_script(self) -> str:
        """Changes the script that searches."""
        path = self.world.root / "theme/search/page.js"
        text = path.read_text("utf-8").partition("// edit")[0].rstrip("\n")
        path.write_text(f"{text}\n// edit\nconst EDIT = {self.chance.randrange(3)};\n", "utf-8")
        return "search script"

    def mend(self, report: BuildReport) -> None:
        """Takes away what a build was refused for."""
        for finding in report.findings:
            if finding.severity is Severity.ERROR and finding.path.endswith(".md"):
                (self.world.root / finding.path).unlink(missing_ok=True)


def with_page_size(size: int) -> str:
    """mkdocs.yml with so many articles on a page of a list."""
    assert "- hcgen" in MKDOCS
    head, _, _ = MKDOCS.partition("  - hcgen")
    return f"{head}  - hcgen: {{page_size: {size}}}\n"


def make(
    world: World, out: Path, *, use_cache: bool = True, wanted: Wanted | None = None
) -> tuple[BuildReport, dict[str, str]]:
    """A build, and the tree it made, refused or not."""
    report = build(world.root, out, wanted or Wanted(), NOW, use_cache=use_cache)
    return report, tree_digest(Path(report.out if report.installed else report.staged))


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Paths at which two trees differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_long_walk_of_edits_gives_the_same_bytes_as_a_build_from_scratch(
    make_world: MakeWorld, tmp_path: Path, seed: int
) -> None:
    world = make_world()
    shutil.copytree(ROOT / "theme", world.root / "theme")
    walk = Walk(world, seed)
    out, scratch, done = world.root / "site", tmp_path / "scratch", []
    kept = installed = 0
    for at in range(STEPS):
        done += [walk.step() for _ in range(walk.chance.choice([1, 1, 1, 2, 5]))]
        mine, tree = make(world, out)
        clean, expected = make(world, scratch, use_cache=False)
        story = f"seed {seed}, step {at}: {done[-5:]}"
        assert differences(tree, expected) == [], story
        assert mine.findings == clean.findings, story
        assert (mine.installed, mine.shards) == (clean.installed, clean.shards), story
        kept += mine.rendered < clean.rendered
        installed += mine.installed
        if mine.installed:
            # The tree that stands by must not be a worse copy: exchanged in, it is whole as well.
            again, same = make(world, out)
            assert (again.rendered, again.written, differences(same, expected)) == (0, 0, []), story
        elif at % 2:
            walk.mend(mine)
    assert kept > STEPS // 3
    assert installed > STEPS // 3
