"""JSON Schemas of what people write in YAML, and what they say of a document, in words for writers."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from hcgen.files.yamlio import Document
from hcgen.text import closest


class Fault(Struct, frozen=True):
    """One thing that a schema refuses."""

    path: tuple[str | int, ...]
    line: int
    rule: str
    message: str
    remedy: str


@lru_cache(maxsize=8)
def schema(name: str) -> dict[str, Any]:
    """The published schema `name` (front-matter, brand, settings)."""
    text = (Path(__file__).parent / "schemas" / f"{name}.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@lru_cache(maxsize=8)
def _validator(name: str) -> Any:
    import jsonschema_rs  # slow to load, and not everybody who names this module validates

    return jsonschema_rs.validator_for(schema(name))


@lru_cache(maxsize=8)
def keys(name: str) -> frozenset[str]:
    """The top-level keys that a schema knows."""
    return frozenset(schema(name)["properties"])


def faults(name: str, document: Document, value: object) -> list[Fault]:
    """What the schema `name` refuses in `value`, with lines from `document`."""
    if _validator(name).is_valid(value):
        return []
    found = [_fault(name, document, error) for error in _validator(name).iter_errors(value)]
    unique = {(fault.path, fault.rule, fault.message): fault for group in found for fault in group}
    return list(unique.values())


def _fault(name: str, document: Document, error: Any) -> list[Fault]:
    path = tuple(error.instance_path)
    kind = error.kind.name if hasattr(error.kind, "name") else type(error.kind).__name__
    label = ".".join(str(part) for part in path) or "the file"
    part = _described(name, path)
    example = next(iter(part.get("examples", [])), None)
    remedy = part.get("description", "")
    remedy = (
        f"{remedy} Example: `{path[-1]}: {json.dumps(example, ensure_ascii=False)}`"
        if example is not None and path
        else remedy
    )
    if "additional" in kind.lower():
        known = part.get("properties", {})
        unexpected = getattr(error.kind, "unexpected", [])
        out = []
        for key in unexpected:
            near = closest(str(key), known)
            advice = f"Did you mean `{near}`?" if near else f"Known keys: {', '.join(sorted(known))}."
            out.append(
                Fault((*path, key), document.line((*path, key)), "unknown-key", f"{key!r} is no key of {label}", advice)
            )
        return out
    if "required" in kind.lower():
        missing = getattr(error.kind, "property", "")
        wanted = _described(name, (*path, missing))
        hint = next(iter(wanted.get("examples", [])), "...")
        text = f"Add `{missing}: {json.dumps(hint, ensure_ascii=False)}`."
        return [Fault(path, document.line(path), "missing-key", f"{label} lacks `{missing}`", text)]
    if "enum" in kind.lower():
        options = part.get("enum", [])
        near = closest(str(error.instance), [str(option) for option in options])
        remedy = (f"Did you mean `{near}`? " if near else "") + f"Use one of: {', '.join(map(str, options))}."
    # Whoever wrote a secret down where none belongs does not want to read it in a log (JSON Schema, writeOnly).
    shown = "this" if part.get("writeOnly") else json.dumps(error.instance, ensure_ascii=False, default=str)[:60]
    return [
        Fault(
            path,
            document.line(path),
            "bad-value",
            f"{label} cannot be {shown}",
            remedy or "See docs/content-model.md.",
        )
    ]


def _described(name: str, path: tuple[str | int, ...]) -> dict[str, Any]:
    """The part of the schema that speaks of `path`."""
    root = schema(name)
    part = root
    for step in path:
        if "$ref" in part:
            part = {**root["$defs"][part["$ref"].rsplit("/", 1)[-1]], **{k: v for k, v in part.items() if k != "$ref"}}
        if isinstance(step, int):
            part = part.get("items", {})
        else:
            more = part.get("additionalProperties")
            part = part.get("properties", {}).get(step) or (more if isinstance(more, dict) else {})
    if "$ref" in part:
        part = {**root["$defs"][part["$ref"].rsplit("/", 1)[-1]], **{k: v for k, v in part.items() if k != "$ref"}}
    return part
