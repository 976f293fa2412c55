"""A YAML file of its own, read and held against its schema."""

from __future__ import annotations

from pathlib import Path

from hcgen.files import schema
from hcgen.files.frontmatter import decode
from hcgen.files.walk import unreadable
from hcgen.files.yamlio import Document, YamlFault, parse
from hcgen.model.finding import Finding


def read_document(path: Path, shown: str, name: str, rule: str, findings: list[Finding]) -> Document | None:
    """What the file at `path` says, if there is one and the schema `name` lets it pass.

    What is wrong goes to `findings`: as a breach of `rule`, under the path `shown`.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        findings.append(unreadable(shown, error))
        return None
    text, faults = decode(data, shown)
    findings += faults
    if faults:
        return None
    try:
        document = parse(text)
    except YamlFault as fault:
        findings.append(Finding(shown, fault.line, rule, fault.message, fault.remedy))
        return None
    wrong = schema.faults(name, document, document.value)
    findings += [Finding(shown, fault.line, rule, fault.message, fault.remedy) for fault in wrong]
    return None if wrong else document
