"""The words of the user interface: `theme/strings/<locale>.yml`, the project's over the shipped ones."""

from __future__ import annotations

from pathlib import Path

from hcgen.files.theme import shipped_theme
from hcgen.files.yamlio import YamlFault, parse
from hcgen.model.finding import Finding, Severity
from hcgen.model.locale import default_chain
from hcgen.model.project import Strings


def read_strings(root: Path, codes: tuple[str, ...]) -> tuple[dict[str, Strings], list[Finding]]:
    """The words for each language, English where a language or a word of it is missing."""
    findings: list[Finding] = []
    folders = list(dict.fromkeys((shipped_theme() / "strings", root / "theme" / "strings")))
    found: dict[str, Strings] = {}
    read: dict[Path, dict[str, str]] = {}
    for code in codes:
        words: dict[str, str] = {}
        known = False
        for step in reversed(default_chain(code, "en")):
            for folder in folders:
                path = folder / f"{step}.yml"
                if path not in read:
                    read[path] = _read(path, root, findings)
                more = read[path]
                words |= more
                known = known or (bool(more) and step.split("-")[0] == code.split("-")[0])
        if not known:
            remedy = f"Add theme/strings/{code}.yml; theme/strings/en.yml holds all keys."
            what = f"the page words are not translated into {code!r}; English is shown"
            findings.append(Finding("theme/strings", 0, "missing-strings", what, remedy, Severity.WARNING))
        found[code] = words
    return found, findings


def _read(path: Path, root: Path, findings: list[Finding]) -> dict[str, str]:
    if not path.is_file():
        return {}
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else f"theme/strings/{path.name}"
    try:
        document = parse(path.read_text("utf-8"))
    except (YamlFault, UnicodeDecodeError) as fault:
        line = fault.line if isinstance(fault, YamlFault) else 0
        findings.append(Finding(shown, line, "strings", str(fault), "Write one `key: text` a line, in UTF-8."))
        return {}
    value = document.value if isinstance(document.value, dict) else {}
    return {str(key): document.raw.get((key,), "") for key in value}
