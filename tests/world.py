"""Small worlds: projects made in temporary folders from a mapping of paths to texts."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hcgen.files.project import read_project
from hcgen.model.finding import Finding
from hcgen.model.project import Project
from hcgen.model.site import Page, Site
from hcgen.pages.assemble import assemble

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
NOW = datetime(2026, 6, 1, tzinfo=UTC)

MKDOCS = """\
site_name: Acme Help
site_url: https://help.acme.example/
docs_dir: content
theme:
  name: material
plugins:
  - i18n:
      docs_structure: folder
      languages:
        - {locale: en, name: English, default: true}
        - {locale: de, name: Deutsch}
        - {locale: ar, name: العربية}
  - hcgen: {}
"""

RETAIL = """\
id: retail
name: Acme Retail
site_url: https://help.acme.example/retail/
order: 1
locales: [en, de, ar]
facts:
  support_email: retail@acme.example
  price: {en: €29, de: 29 €}
ticket: {provider: mailto, email: retail@acme.example}
"""

WEB = """\
id: web
name: Acme Web
site_url: https://help.acme.example/web/
order: 2
locales: [en, de]
facts:
  support_email: web@acme.example
  price: €19
"""


REFUNDS_EN = "---\ntitle: Refund a sale\nid: refunds\n---\nFirst.\n\n## Steps\n\n1. One\n2. Two\n"
REFUNDS_DE = "---\ntitle: Verkauf erstatten\nid: refunds\n---\nErst.\n\n## Schritte\n\n1. Eins\n"


@dataclass
class World:
    """A project in `root`, with shortcuts to read, assemble and run it."""

    root: Path

    def write(self, files: dict[str, str | bytes | None]) -> World:
        """Writes (or, with None, removes) files by path."""
        for name, text in files.items():
            path = self.root / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def project(self, now: datetime = NOW) -> Project:
        """The project as read at `now`."""
        return read_project(self.root, now)

    def site(self, brand: str = "retail", locale: str = "en", now: datetime = NOW) -> Site:
        """One assembled site."""
        project = self.project(now)
        return assemble(project, project.brand(brand), project.settings.locale(locale))

    def page(self, key: str, brand: str = "retail", locale: str = "en") -> Page:
        """The page of `key`."""
        return next(page for page in self.site(brand, locale).pages if page.key == key)

    def findings(self, brand: str = "retail", locale: str = "en") -> list[Finding]:
        """What reading the project and assembling one site finds."""
        project = self.project()
        site = assemble(project, project.brand(brand), project.settings.locale(locale))
        return sorted({*project.findings, *site.findings})

    def rules(self, brand: str = "retail", locale: str = "en") -> list[str]:
        """The rules of those findings."""
        return [finding.rule for finding in self.findings(brand, locale)]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`hcgen ARGUMENTS -C root` in a process of its own."""
        command = [sys.executable, "-m", "hcgen", arguments[0], "-C", str(self.root), *arguments[1:]]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=300,
            env={**os.environ, "PYTHONWARNINGS": "error", "NO_COLOR": "1", "HCGEN_NOW": NOW.isoformat(), **environment},
        )  # fmt: skip

    def build(self, *arguments: str) -> Path:
        """Builds into `root/site` and returns it; fails the test where hcgen refuses."""
        done = self.run("build", *arguments)
        assert done.returncode == 0, done.stderr + done.stdout
        return self.root / "site"


def small_world(root: Path, files: dict[str, str | bytes | None] | None = None) -> World:
    """Two brands, three languages, one category with two articles; `files` are added or replaced."""
    return World(root).write(
        {
            "mkdocs.yml": MKDOCS,
            "brands/retail/brand.yml": RETAIL,
            "brands/web/brand.yml": WEB,
            "content/en/billing/index.md": "---\ntitle: Billing\ndescription: Invoices and refunds.\n---\n",
            "content/de/billing/index.md": "---\ntitle: Abrechnung\n---\n",
            "content/en/billing/refunds.md": REFUNDS_EN,
            "content/de/billing/refunds.md": REFUNDS_DE,
            "content/en/billing/invoices.md": "---\ntitle: Read an invoice\n---\nSee [refunds](refunds.md#steps).\n",
            **(files or {}),
        }
    )


def tree_digest(folder: Path) -> dict[str, str]:
    """The digest of every file below `folder`, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
