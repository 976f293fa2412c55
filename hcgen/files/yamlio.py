"""YAML read safely, with the line of every key: no Python objects, no duplicate keys, dates left as text."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import yaml
from msgspec import Struct, field

# The C library is optional in PyYAML; its loader is ten times as fast.
_LIBRARY: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"
# A plain scalar that may be more than a text.
_SPECIAL = re.compile(r"[-+.0-9]|(?:~|null|true|false|yes|no|on|off)?\Z", re.I)

# A document beyond this is no settings file; aliases cannot blow up past it either.
_MOST_NODES = 50_000
_DEEPEST = 60
_LONGEST_NUMBER = 30
_INT = re.compile(r"[-+]?(0|[1-9][0-9_]*)\Z")
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*)?\.[0-9]+([eE][-+]?[0-9]+)?\Z")
_BOOLS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}


class YamlFault(Exception):
    """The text is no YAML that we accept; `line` counts from 1."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


class _Loader(_LIBRARY):  # type: ignore[misc]  # which of the two it is shows at run time
    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """The tag of a node that names none: the library's own patterns are tried only where one may match.

        Nobody asks for the tag of a list or mapping.
        """
        if kind is yaml.ScalarNode and implicit[0] and _SPECIAL.match(value):
            return str(super().resolve(kind, value, implicit))
        return _TEXT


class Document(Struct, frozen=True):
    """Plain values, with the line of each path (`("look", "logo")`) and the text of each scalar as written."""

    value: object
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    raw: dict[tuple[str | int, ...], str] = field(default_factory=dict)

    def line(self, path: tuple[str | int, ...]) -> int:
        """Line of `path`, or of the nearest thing that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str, first_line: int = 1, *, environment: bool = False) -> Document:
    """The document in `text`, whose first line is line `first_line` of its file. Raises YamlFault.

    Only with `environment` does MkDocs's `!ENV` read the environment: content must not.
    """
    try:
        _check_depth(text, first_line)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        # What never ends is reported where it begins.
        unclosed = "end of stream" in str(error.problem) or "did not find expected ','" in str(error.problem)
        mark = (unclosed and error.context_mark) or error.problem_mark or error.context_mark
        remedy = "Check indentation and colons; put a text that holds any of : # { [ & * ! | > ' \" in quotes."
        raise YamlFault(
            (mark.line if mark else 0) + first_line, f"this is not valid YAML: {error.problem}", remedy
        ) from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise YamlFault(
            first_line, f"this is not valid YAML: {reason}", "Remove the character that cannot be shown."
        ) from None
    builder = _Builder(first_line, environment)
    value = None if node is None else builder.build(node, ())
    return Document(value, builder.lines, builder.raw)


def written(value: object) -> str:
    """A value in one line of YAML, as `parse` reads it back."""
    text: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10**9)
    text = text.removesuffix("...\n").removesuffix("\n")
    # A text that another reader may take for more than a text stands in quotes.
    plain = isinstance(value, str) and not text.startswith(("'", '"'))
    return json.dumps(value, ensure_ascii=False) if plain and parse(text).value != value else text


def _check_depth(text: str, first_line: int) -> None:
    """Refuses nesting that would exhaust the C library's stack, before anything is composed."""
    if len(text) < 1000 or text.count("[") + text.count("{") + text.count("- ") + text.count("? ") < 1000:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            depth -= 1
        if depth > _DEEPEST:
            raise _too_deep((event.start_mark.line if event.start_mark else 0) + first_line)


def _too_deep(line: int) -> YamlFault:
    return YamlFault(line, "the YAML is nested too deeply", "Write it flatter; close every bracket.")


class _Builder(Struct):
    """Makes plain values of nodes, noting the line of each path and the text of each scalar."""

    first_line: int
    environment: bool
    left: int = _MOST_NODES
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    raw: dict[tuple[str | int, ...], str] = field(default_factory=dict)

    def build(self, node: yaml.Node, path: tuple[str | int, ...]) -> object:
        line = node.start_mark.line + self.first_line
        self.left -= 1
        if self.left < 0:
            raise YamlFault(line, "the YAML holds too many values", "Shorten it; YAML anchors may repeat too much.")
        if len(path) > _DEEPEST:
            raise _too_deep(line)
        self.lines.setdefault(path, line)
        asks = self.environment and node.tag == "!ENV"
        if isinstance(node, yaml.ScalarNode):
            self.raw[path] = node.value
            return _environment([str(node.value)]) if asks else _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            if asks:
                return _environment([str(part.value) for part in node.value])
            return [self.build(part, (*path, at)) for at, part in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: yaml.Node, path: tuple[str | int, ...]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            at = key_node.start_mark.line + self.first_line
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlFault(at, "a key must be plain text", "Write `key: value`; put braces in quotes.")
            key = str(key_node.value)
            if key in found:
                raise YamlFault(at, f"the key {key!r} stands here twice", "Keep one of the two.")
            inner = (*path, key)
            self.lines[inner] = at
            found[key] = self.build(value_node, inner)
        return found


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.tag == _TEXT or node.style in ("'", '"', "|", ">"):
        return text
    word = text.lower()
    if word in ("", "~", "null"):
        return None
    if word in _BOOLS:
        return _BOOLS[word]
    if _INT.match(text) and len(text) <= _LONGEST_NUMBER:
        return int(text.replace("_", ""))
    return float(text.replace("_", "")) if _FLOAT.match(text) and len(text) <= _LONGEST_NUMBER else text


def _environment(names: list[str]) -> object:
    """MkDocs's `!ENV [NAME, ..., default]`."""
    for name in names[:-1] or names:
        if name in os.environ:
            return os.environ[name]
    return names[-1] if len(names) > 1 else None
