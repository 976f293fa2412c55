"""Writing content: front matter changed key by key with its comments, new articles, downloaded files.

The only code that writes articles. Every file is replaced in one step; nothing is written outside the project.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from hcgen.errors import OutputError
from hcgen.files.frontmatter import decode, split
from hcgen.files.yamlio import YamlFault, parse, written

_COMMENT = re.compile(r"[ \t]+#[^\n]*$")


def with_keys(front: str, changes: Mapping[str, object], remarks: Mapping[str, str] | None = None) -> str:
    """Front matter with some keys set; the others, their order and all comments stay. `remarks` become comments."""
    lines = front.split("\n")[:-1] if front.endswith("\n") else front.split("\n") if front else []
    try:
        document = parse(front, 0)
    except YamlFault:
        document = parse("")
    starts = {str(path[0]): line for path, line in document.lines.items() if len(path) == 1}
    order = sorted(starts.values())
    added: list[str] = []
    for key, value in sorted(changes.items(), key=lambda one: -starts.get(one[0], -1)):
        if key not in starts:
            added = [f"{key}: {written(value)}", *added]
            continue
        first = starts[key]
        last = next((line for line in order if line > first), len(lines))
        # Comments and empty lines before the next key belong to that one.
        while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
            last -= 1
        comment = _COMMENT.search(lines[first]) if last == first + 1 and parse(lines[first]).value else None
        keeps = comment is not None and parse(lines[first][: comment.start()]).value == parse(lines[first]).value
        lines[first:last] = [f"{key}: {written(value)}{comment[0] if comment and keeps else ''}"]
    lines += [line for key in changes for line in added if line.startswith(f"{key}: ")]
    lines += [f"# {key} over there: {' '.join(value.split())}" for key, value in (remarks or {}).items()]
    return "".join(f"{line}\n" for line in lines)


def article_text(front: Mapping[str, object], body: str) -> str:
    """A new Markdown file."""
    head = with_keys("", front)
    return f"---\n{head}---\n{body}" if head else body


def rewrite_article(
    root: Path, path: str, body: str, changes: Mapping[str, object], remarks: Mapping[str, str]
) -> bool:
    """Gives a Markdown file another body and other keys; whether anything changed. Line ends stay as they are."""
    file = _inside(root, path)
    data = file.read_bytes()
    text, _ = decode(data, path)
    head, before, _ = split(text)
    new = before if body == before else body
    front = with_keys(head or "", changes, remarks)
    whole = f"---\n{front}---\n{new}" if head is not None or front else new
    raw = whole.replace("\n", "\r\n").encode() if b"\r\n" in data else whole.encode()
    raw = b"\xef\xbb\xbf" + raw if data.startswith(b"\xef\xbb\xbf") else raw
    if raw == data:
        return False
    _put(file, raw, path)
    return True


def write_new(root: Path, path: str, data: str | bytes) -> bool:
    """Writes a file that is not there yet; whether it was written: what is there stays as it is."""
    file = _inside(root, path)
    if file.exists():
        return False
    _put(file, data.encode() if isinstance(data, str) else data, path)
    return True


def _inside(root: Path, path: str) -> Path:
    file = root / path
    if not file.resolve().is_relative_to(root.resolve()):
        raise OutputError("the path leads out of the project", where=path, remedy="Remove the link, and pull again.")
    return file


def _put(file: Path, data: bytes, path: str) -> None:
    beside = file.with_name(f".{uuid4().hex[:12]}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        os.replace(beside, file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot be written: {reason}", where=path, remedy="Make the folder writable.") from None
