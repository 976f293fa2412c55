"""`targets.yml` and `targets:` of each `brand.yml` to `Target` values. Holds where secrets are, and no secret."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import convert
from msgspec.structs import replace

from hcgen.errors import ProjectError
from hcgen.files import schema
from hcgen.files.brands import brand_names
from hcgen.files.documents import read_document
from hcgen.files.frontmatter import decode
from hcgen.files.values import mapping, words
from hcgen.files.yamlio import Document, YamlFault, parse
from hcgen.model.finding import Finding
from hcgen.model.project import Project
from hcgen.model.target import Caps, SecretRef, Target
from hcgen.text import closest

TARGETS = "targets.yml"
_SECRET = re.compile(r"(?:^|_)(?:token|password|passwd|secret|api_?key|private_?key)$", re.I)


def find_target(project: Project, name: str) -> Target:
    """The target `name` of `project`. Raises ProjectError where there is none, or its file is wrong."""
    targets, findings = read_targets(project.root)
    _inconsistent(project, targets, findings)
    for finding in findings:
        raise ProjectError(finding.message, where=finding.place, remedy=finding.remedy)
    if name not in targets:
        near = closest(name, targets)
        known = f"Known: {', '.join(sorted(targets))}." if targets else f"Describe it in {TARGETS}."
        remedy = f"Did you mean `{near}`?" if near else known
        raise ProjectError(f"no target is called {name!r}", remedy=remedy)
    return targets[name]


def read_targets(root: Path) -> tuple[dict[str, Target], list[Finding]]:
    """All targets by name, and what is wrong with their files."""
    findings: list[Finding] = []
    found: dict[str, Target] = {}
    document = read_document(root / TARGETS, TARGETS, "targets", "targets-file", findings)
    if document:
        _gather(root, document, TARGETS, "", found, findings)
    for brand in sorted(brand_names(root)):
        path = f"brands/{brand}/brand.yml"
        inner = _of_brand(root / path, path, findings)
        if inner:
            _gather(root, inner, path, brand, found, findings)
    return found, findings


def _of_brand(file: Path, path: str, findings: list[Finding]) -> Document | None:
    """What stands below `targets` in a brand.yml; its other faults are reported where brands are read."""
    try:
        text, faults = decode(file.read_bytes(), path)
        whole = parse(text) if not faults else None
    except (OSError, YamlFault):
        return None
    value = mapping(whole.value).get("targets") if whole else None
    if whole is None or value is None:
        return None

    lines = {key[1:]: line for key, line in whole.lines.items() if key[:1] == ("targets",)}
    raw = {key[1:]: text for key, text in whole.raw.items() if key[:1] == ("targets",)}
    document = Document(value, lines, raw)
    wrong = schema.faults("targets", document, value)
    findings += [Finding(path, fault.line, "targets-file", fault.message, fault.remedy) for fault in wrong]
    return None if wrong else document


def _gather(
    root: Path, document: Document, path: str, brand: str, found: dict[str, Target], findings: list[Finding]
) -> None:
    for name, value in mapping(document.value).items():
        line = document.line((name,))
        if name in found:
            remedy = "Give one of them another name."
            what = f"a target {name!r} is described in {found[name].path} already"
            findings.append(Finding(path, line, "targets-file", what, remedy))
            continue
        given = mapping(value)
        for key in ("options", *(("brand_options", one) for one in mapping(given.get("brand_options")))):
            place = (key,) if isinstance(key, str) else key
            _no_secrets(document, (name, *place), path, findings)
        found[name] = _with_mapping(_target(root, name, given, path, line, brand), findings)


def _with_mapping(target: Target, findings: list[Finding]) -> Target:
    """A target whose option `mapping` names a file (of the provider `http`), with what the file says in its place."""
    name = target.options.get("mapping")
    if not isinstance(name, str):
        return target
    document = read_document(target.root / name, name, "mapping", "targets-file", findings)
    if document is None and not (target.root / name).is_file():
        remedy = "Write it, or correct the path, which counts from the project's folder."
        findings.append(Finding(target.path, target.line, "targets-file", f"the file {name!r} is not there", remedy))
    return replace(target, options={**target.options, "mapping": document.value if document else {}})


def _no_secrets(document: Document, place: tuple[str, ...], path: str, findings: list[Finding]) -> None:
    """A value that looks like a secret is reported without being shown."""
    for key in document.lines:
        if key[: len(place)] == place and _SECRET.search(str(key[-1])) and key in document.raw:
            remedy = f"Name it below `secrets:` instead: `{key[-1]}: {{env: NAME_OF_A_VARIABLE}}`."
            what = f"{'.'.join(map(str, key))} looks like a secret; files hold none"
            findings.append(Finding(path, document.line(key), "targets-file", what, remedy))


def _target(root: Path, name: str, given: dict[str, object], path: str, line: int, brand: str) -> Target:
    locales = given.get("locales")
    named = {str(ours): str(theirs) for ours, theirs in locales.items()} if isinstance(locales, dict) else {}
    return Target(
        name=name,
        provider=str(given["provider"]),
        path=path,
        root=root.resolve(),
        line=line,
        url=str(given["url"]).rstrip("/"),
        brands=(brand,) if brand else words(given.get("brands")),
        locales=named or {code: code for code in words(locales)},
        options=mapping(given.get("options")),
        brand_options={one: mapping(value) for one, value in mapping(given.get("brand_options")).items()},
        secrets={one: convert(value, SecretRef) for one, value in mapping(given.get("secrets")).items()},
        ledger=str(given.get("ledger", "")),
        is_internal=given.get("internal") is True,
        pushes_fallbacks=given.get("fallbacks") is True,
        caps=convert(mapping(given.get("caps")), Caps),
        rate=int(str(given.get("rate", 0))),
        concurrency=int(str(given.get("concurrency", 4))),
    )


def _inconsistent(project: Project, targets: dict[str, Target], findings: list[Finding]) -> None:
    """Brands and languages that the project does not have."""
    codes = [locale.code for locale in project.settings.locales]
    for target in targets.values():
        named = [(one, "brand", sorted(project.brand_names)) for one in (*target.brands, *target.brand_options)]
        named += [(one, "language", codes) for one in target.locales]
        for one, what, known in named:
            if one not in known:
                near = closest(one, known)
                remedy = f"Did you mean `{near}`?" if near else f"The project has {', '.join(known)}."
                message = f"{one!r}, of the target {target.name!r}, is no {what} of the project"
                findings.append(Finding(target.path, target.line, "targets-file", message, remedy))
