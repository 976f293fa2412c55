"""`check`: all findings of a project, by looking at every help center it makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hcgen.lint.duplicates import Duplicates
from hcgen.lint.icons import icon_findings
from hcgen.lint.leaks import leak_findings
from hcgen.lint.overrides import override_findings
from hcgen.lint.steps import step_findings
from hcgen.lint.topics import topic_findings
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.model.project import Project
from hcgen.pages.assemble import assemble
from hcgen.pages.library import Workshop
from hcgen.pages.resolve import identity_findings

_GITHUB_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_GITHUB_PROPERTY = {**_GITHUB_DATA, ":": "%3A", ",": "%2C"}


def check(
    project: Project,
    shards: Sequence[tuple[Brand, str]],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Finding]:
    """Everything wrong with the help centers `shards` of `project`, and with the project itself; sorted."""
    found: set[Finding] = {*project.findings, *identity_findings(project)}
    workshop = Workshop(project)
    duplicates = Duplicates(workshop)
    for done, (brand, code) in enumerate(shards):
        progress(done, len(shards))
        site = assemble(project, brand, project.settings.locale(code), workshop)
        found |= set(site.findings)
        found |= set(leak_findings(project, site, workshop))
        found |= set(override_findings(project, site))
        found |= set(icon_findings(project, site))
        found |= set(topic_findings(site))
        duplicates.add(site)
    found |= set(duplicates.findings())
    found |= set(step_findings(workshop, list({brand.id: brand for brand, _ in shards}.values())))
    progress(len(shards), len(shards))
    return sorted(found)


def as_github(finding: Finding) -> str:
    """One annotation in GitHub's workflow command syntax."""
    place = f"file={_escape(finding.path, _GITHUB_PROPERTY)}"
    place += f",line={finding.line}" if finding.line else ""
    text = _escape(f"{finding.message}. {finding.remedy}", _GITHUB_DATA)
    return f"::{finding.severity.value} {place},title={_escape(finding.rule, _GITHUB_PROPERTY)}::{text}"


def _escape(text: str, table: dict[str, str]) -> str:
    return re.sub("|".join(map(re.escape, table)), lambda match: table[match[0]], text)
