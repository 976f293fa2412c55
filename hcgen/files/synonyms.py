"""`theme/synonyms/<locale>.yml`: words that mean the same to those who search, shipped, of the project, of a brand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hcgen.files.documents import read_document
from hcgen.files.theme import brand_theme, shipped_theme
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.model.project import Synonyms

Groups = tuple[tuple[str, ...], ...]


def read_synonyms(root: Path, brands: Iterable[Brand]) -> tuple[Synonyms, list[Finding]]:
    """The groups of each brand in each of its languages (`de-AT`: those of `de` as well), and what is wrong."""
    findings: list[Finding] = []
    read: dict[Path, Groups] = {}

    def groups(path: Path) -> Groups:
        if path not in read:
            read[path] = _read(path, root, findings)
        return read[path]

    found: dict[tuple[str, str], Groups] = {}
    for brand in brands:
        folders = dict.fromkeys((shipped_theme(), root / "theme", brand_theme(root, brand.id)))
        for code in brand.locales:
            parts = code.split("-")
            codes = ["-".join(parts[: size + 1]) for size in range(len(parts))]
            every = [one for folder in folders for name in codes for one in groups(folder / "synonyms" / f"{name}.yml")]
            if every:
                found[brand.id, code] = tuple(dict.fromkeys(every))
    return found, findings


def _read(path: Path, root: Path, findings: list[Finding]) -> Groups:
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else f"theme/synonyms/{path.name}"
    document = read_document(path, shown, "synonyms", "synonyms-file", findings)
    if document is None or not isinstance(document.value, list):
        return ()
    # As they were written: `1.10` stays `1.10`, `on` stays `on`.
    return tuple(
        tuple(" ".join(document.raw[at, place].split()) for place in range(len(group)))
        for at, group in enumerate(document.value)
    )
