"""`queries.yml` of a language, of a brand (`brands/<id>/content/<locale>/`) or of all (`content/<locale>/`).

No build reads it: what it holds is for `hcgen check` and `hcgen relevance` alone.
"""

from __future__ import annotations

from pathlib import Path

from hcgen.files.documents import read_document
from hcgen.files.walk import entries
from hcgen.files.yamlio import Document
from hcgen.model.finding import Finding
from hcgen.model.golden import Golden
from hcgen.model.project import Project

QUERIES = "queries.yml"


def read_queries(project: Project) -> tuple[list[Golden], list[Finding]]:
    """The golden queries of `project`, brand by brand, and what is wrong with them."""
    found: list[Golden] = []
    findings: list[Finding] = []
    for brand in ("", *(one.id for one in project.brands)):
        home = f"brands/{brand}/content" if brand else "content"
        for locale in project.settings.locales:
            folder = f"{home}/{locale.code}"
            # Links that lead out of the project are reported where content is read.
            listed = entries(project.root, folder, []) if (project.root / folder).is_dir() else []
            if any(entry.name == QUERIES for entry in listed):
                path = f"{folder}/{QUERIES}"
                found += read_file(project.root / path, path, brand, locale.code, findings)
    return found, findings


def read_file(file: Path, path: str, brand: str, locale: str, findings: list[Finding]) -> list[Golden]:
    """The golden queries in `file`, which findings call `path`."""
    document = read_document(file, path, "queries", "queries-file", findings)
    return _golden(document, path, brand, locale, findings) if document else []


def _golden(document: Document, path: str, brand: str, locale: str, findings: list[Finding]) -> list[Golden]:
    found: list[Golden] = []
    seen: dict[str, int] = {}
    for at, item in enumerate(document.value if isinstance(document.value, list) else []):
        query, line = " ".join(document.raw[at, "query"].split()), document.line((at, "query"))
        if query.casefold() in seen:
            remedy = "Keep one of the two; `article` may be a list of which any will do."
            what = f"the query {query!r} stands in line {seen[query.casefold()]} already"
            findings.append(Finding(path, line, "queries-file", what, remedy))
            continue
        seen[query.casefold()] = line
        listed = item["article"]
        places = [(at, "article", n) for n in range(len(listed))] if isinstance(listed, list) else [(at, "article")]
        names = [document.raw[place].strip().strip("/") for place in places]
        found.append(Golden(query, tuple(dict.fromkeys(names)), locale, brand, path, line))
    return found
