"""The checkers of tests/web/package.json, run as they are: axe in a page, the others on files or an address.

`make test` installs them. Nu is the W3C's checker of HTML, html-validate a second one with other rules.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Fault:
    """What a checker found: the page, the rule or message, and the place in the page."""

    page: str
    message: str
    place: str


def tool(path: str) -> Path:
    """A file of an installed checker."""
    found = MODULES / path
    assert found.exists(), f"{found} is missing: install the checkers with `npm ci` in {HERE}, as `make test` does"
    return found


@cache
def _axe() -> str:
    return tool("axe-core/axe.min.js").read_text("utf-8")


def axe(page: Page, *rules: str) -> list[Fault]:
    """What axe finds in an open page whose context bypasses its policy; all rules of WCAG 2.2 AA unless named."""
    page.evaluate(_axe())
    run_only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": WCAG}
    # Results without passes are much faster; frames there are none.
    options = {"runOnly": run_only, "resultTypes": ["violations"], "iframes": False}
    answer = page.evaluate("options => axe.run(document, options)", options)
    return [
        Fault(page.url, f"{one['id']}: {one['help']}", node["html"][:160])
        for one in answer["violations"]
        for node in one["nodes"]
    ]


def nu(*targets: Path) -> list[Fault]:
    """Errors that Nu finds in files, or in all HTML below folders."""
    done = subprocess.run(
        ["java", "-Xss4m", "-jar", str(tool("vnu-jar/build/dist/vnu.jar")), "--errors-only", "--skip-non-html",
         "--format", "json", "--exit-zero-always", *map(str, targets)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [
        Fault(one["url"].removeprefix("file:"), one["message"], one.get("extract", ""))
        for one in json.loads(done.stderr)["messages"]
    ]


def html_validate(*files: Path) -> list[Fault]:
    """What html-validate finds in files, with the rules of htmlvalidate.json."""
    with TemporaryDirectory() as folder:
        # A long answer to a pipe is cut off when it ends.
        answer = Path(folder) / "answer.json"
        done = subprocess.run(
            ["node", str(tool("html-validate/bin/html-validate.mjs")), "--config", str(HERE / "htmlvalidate.json"),
             "--formatter", f"json={answer}", *map(str, files)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        # 1 says that there are findings; anything else is no answer.
        assert done.returncode in (0, 1), done.stderr + done.stdout
        results = json.loads(answer.read_text("utf-8"))
    return [
        Fault(one["filePath"], f"{said['ruleId']}: {said['message']}", said.get("selector") or f"line {said['line']}")
        for one in results
        for said in one["messages"]
    ]


def lighthouse(url: str, port: int, blocked: str, *categories: str) -> dict[str, Any]:
    """Lighthouse's report of one address, as a phone on a slow line, by the Chromium that listens at `port`.

    What `blocked` matches is not asked for.
    """
    done = subprocess.run(
        ["node", str(tool("lighthouse/cli/index.js")), url, "--quiet", "--output=json", "--output-path=stdout",
         f"--only-categories={','.join(categories)}", "--no-enable-error-reporting",
         f"--blocked-url-patterns={blocked}", f"--port={port}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert "runtimeError" not in report, report["runtimeError"]
    return report
