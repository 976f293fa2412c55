"""Plain YAML values as the types that brands are made of; whatever has another shape counts as empty."""

from __future__ import annotations

from hcgen.files.yamlio import Document
from hcgen.model.locale import Localized


def mapping(value: object) -> dict[str, object]:
    """A mapping with texts as keys."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def items(value: object) -> list[dict[str, object]]:
    """A list of mappings."""
    return [mapping(item) for item in value] if isinstance(value, list) else []


def words(value: object) -> tuple[str, ...]:
    """A list of texts, each once."""
    return tuple(dict.fromkeys(str(item) for item in value)) if isinstance(value, list) else ()


def localized(document: Document, path: tuple[str | int, ...]) -> Localized:
    """The text or texts at `path`, each as it was written (`29.90` stays `29.90`)."""
    if path in document.raw:
        return Localized((("", document.raw[path]),))
    size = len(path)
    texts = ((str(key[-1]), text) for key, text in document.raw.items() if key[:size] == path and len(key) == size + 1)
    return Localized(tuple(sorted(texts)))
