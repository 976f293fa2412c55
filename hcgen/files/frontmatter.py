"""A Markdown file's bytes to its front matter and body; every fault a finding, nothing raised."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from hcgen.files import schema
from hcgen.files.yamlio import Document, YamlFault, parse
from hcgen.model.article import Attachment, Audience, FrontMatter, TicketHint
from hcgen.model.finding import Finding, Severity
from hcgen.text import closest

_FENCE = re.compile(r"---[ \t]*\n")
_LINE_END = re.compile(rb"\r\n|\r|\n")
# With the line end before it, for that is found fast.
_END = re.compile(r"\n(?:---|\.\.\.)[ \t]*$", re.M)
# A slip in one of these shows an article to people who should not see it.
_GUARDS = frozenset(("audience", "brands", "publish_at", "expire_at"))
_LISTS = frozenset(("brands", "tags", "synonyms", "redirect_from", "tenure"))
_MOMENTS = frozenset(("publish_at", "expire_at", "review_by", "updated"))
# Words that other tools use and that only look like ours.
_FOREIGN = frozenset(
    [
        "date",
        "draft",
        "category",
        "section",
        "source",
        "slug",
        "layout",
        "author",
        "authors",
        "type",
        "weight",
        "template",
        "hide",
        "status",
    ]
)


def decode(data: bytes, path: str) -> tuple[str, list[Finding]]:
    """The text of `data` with `\\n` line ends and no BOM; bytes that are not UTF-8 are a finding."""
    findings: list[Finding] = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        line = len(_LINE_END.findall(data, 0, error.start)) + 1
        remedy = "Save the file as UTF-8 (in most editors: Save with encoding)."
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        findings = [Finding(path, line, "not-utf8", what, remedy)]
    text = text.removeprefix("\ufeff")
    # Bytes are searched faster than wide characters are.
    if b"\x00" in data:
        line = len(_LINE_END.findall(data, 0, data.index(b"\x00"))) + 1
        found = Finding(path, line, "not-text", "the file holds a NUL character", "Save it as plain text.")
        findings = findings or [found]
        text = text.replace("\x00", "\ufffd")
    if b"\r" in data:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, findings


def split(text: str) -> tuple[str | None, str, int]:
    """(front matter or None, body, line of the body's first line). An unclosed fence is no front matter."""
    start = _FENCE.match(text)
    end = _END.search(text, start.end() - 1) if start else None
    if not start or not end:
        return None, text, 1
    body_at = end.end() + 1
    return text[start.end() : end.start() + 1], text[body_at:], text.count("\n", 0, min(body_at, len(text))) + 1


def read(text: str, path: str) -> tuple[FrontMatter | None, str, int, list[Finding]]:
    """(front matter, body, the body's first line, findings); None where the front matter cannot be trusted."""
    head, body, body_line = split(text)
    if head is None:
        if _FENCE.match(text):
            remedy = "End the front matter with a line `---`."
            return None, body, body_line, [Finding(path, 1, "front-matter", "the front matter never ends", remedy)]
        if _starts_late(text):
            remedy = "Remove the empty line or the spaces before the first `---`."
            what = "the front matter does not begin on the first line"
            return None, body, body_line, [Finding(path, 1, "front-matter", what, remedy)]
        return FrontMatter(), body, body_line, []
    try:
        document = parse(head, 2)
    except YamlFault as fault:
        return None, body, body_line, [Finding(path, fault.line, "front-matter", fault.message, fault.remedy)]
    if document.value is None:
        return FrontMatter(), body, body_line, []
    if not isinstance(document.value, dict):
        remedy = "Write one `key: value` a line."
        return None, body, body_line, [Finding(path, 2, "front-matter", "the front matter has no keys", remedy)]
    front, findings = _checked(document.value, document, path)
    return front, body, body_line, findings


def _starts_late(text: str) -> bool:
    """Whether keys of ours stand between fences that something empty keeps from being front matter."""
    stripped = text.lstrip("\ufeff\u200b \t\n")
    head, _, _ = split(stripped) if stripped != text else (None, "", 1)
    found = re.findall(r"^([A-Za-z_]+):", head or "", re.M)
    return not schema.keys("front-matter").isdisjoint(found)


class _Notes(Struct):
    """What is wrong with one front matter, and whether its article must be withheld."""

    path: str
    findings: list[Finding] = field(default_factory=list)
    withheld: bool = False

    def add(
        self,
        key: str,
        line: int,
        what: str,
        remedy: str,
        rule: str = "front-matter",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Notes a fault of `key`, or of a key that looks like it."""
        self.findings.append(Finding(self.path, line, rule, what, remedy, severity))
        self.withheld = self.withheld or key in _GUARDS


def _checked(value: dict[str, object], document: Document, path: str) -> tuple[FrontMatter | None, list[Finding]]:
    notes = _Notes(path)
    for key in sorted(_GUARDS & value.keys()):
        if value[key] in (None, [], ""):
            remedy = "Give it a value, or remove the key; until then nobody sees the article."
            notes.add(key, document.line((key,)), f"{key} is empty", remedy)
    ours = schema.keys("front-matter")
    known = {key: item for key, item in value.items() if item is not None and key in ours}
    extra = {key: item for key, item in value.items() if item is not None and key not in ours}
    _take_texts(known, document, notes)
    for fault in schema.faults("front-matter", document, known):
        top = str(fault.path[0]) if fault.path else ""
        notes.add(top, fault.line, fault.message, fault.remedy)
        known.pop(top, None)
    _check_moments(known, document, notes)
    _check_order(known, document, notes)
    _check_names(value, extra, document, notes)
    return (None if notes.withheld else _front_matter(known, extra, document)), notes.findings


def _take_texts(known: dict[str, object], document: Document, notes: _Notes) -> None:
    """A title such as `2026` is kept as it was written."""
    for key in ("title", "description"):
        if key in known and not isinstance(known[key], (str, list, dict)):
            raw = known[key] = document.raw[(key,)]
            remedy = f'Put it in quotes: `{key}: "{raw}"`.'
            notes.add(key, document.line((key,)), f"{key} is not text", remedy, "not-text-value", Severity.WARNING)


def _check_moments(known: dict[str, object], document: Document, notes: _Notes) -> None:
    for key, value in known.items():
        if key in _MOMENTS and moment(value) is None:
            remedy = "Write a date that exists, such as 2026-05-01 or 2026-05-01T09:00Z."
            notes.add(key, document.line((key,)), f"{key} cannot be {str(value)[:40]!r}", remedy)


def _check_order(known: dict[str, object], document: Document, notes: _Notes) -> None:
    order = known.get("order")
    if isinstance(order, (int, float)) and not math.isfinite(order):
        notes.add("order", document.line(("order",)), "order is no number", "Write `order: 10`.")
        known.pop("order")


def _check_names(value: dict[str, object], extra: dict[str, object], document: Document, notes: _Notes) -> None:
    """Keys that look like slips in ours."""
    for key in extra:
        near = None if key in _FOREIGN else _near(key)
        if near and (value.get(near) is None or near in _GUARDS):
            severity = Severity.ERROR if near in _GUARDS else Severity.WARNING
            remedy = f"Did you mean `{near}`? If the key belongs to another tool, rename it, for example `x_{key}`."
            notes.add(near, document.line((key,)), f"{key!r} is no key of ours", remedy, "near-miss-key", severity)


@lru_cache(maxsize=1024)
def _near(key: str) -> str | None:
    """The key of ours that `key` was probably meant to be. A project uses the same few keys in every file."""
    return closest(key, schema.keys("front-matter"))


def _front_matter(known: dict[str, object], extra: dict[str, object], document: Document) -> FrontMatter:
    fields: dict[str, Any] = {}
    for key, value in known.items():
        if key in _LISTS:
            fields[key] = _words(key, value, document.raw)
        elif key == "attachments":
            fields[key] = _attachments(value, document)
        else:
            fields[key] = _CONVERSIONS[key](document.raw[(key,)] if key == "id" else value)
    lines = {str(path[0]): line for path, line in document.lines.items() if len(path) == 1}
    return FrontMatter(**fields, extra=extra, lines=lines)


def _words(key: str, value: object, raw: Mapping[tuple[str | int, ...], str]) -> tuple[str, ...]:
    """The texts of a list as they were written: `1.10` stays `1.10`, `on` stays `on`."""
    parts = [raw[key, at] for at in range(len(value))] if isinstance(value, list) else str(value).split(",")
    return tuple(dict.fromkeys(word for part in parts if (word := part.strip())))


def _attachments(value: object, document: Document) -> tuple[Attachment, ...]:
    """Each file with the line that names it."""
    found = []
    for at, item in enumerate(value if isinstance(value, list) else []):
        place = ("attachments", at)
        own = (*place, "file") if isinstance(item, dict) else place
        title = document.raw.get((*place, "title"), "")
        found.append(Attachment(document.raw[own].strip(), " ".join(title.split()), document.line(own)))
    return tuple(found)


def _ticket(value: Mapping[str, Any]) -> TicketHint:
    return TicketHint(
        form=str(value.get("form", "")),
        topic=str(value.get("topic", "")),
        fields=tuple(sorted((str(k), str(v)) for k, v in value.get("fields", {}).items())),
    )


def moment(value: object) -> datetime | None:
    """An ISO 8601 date or date and time in UTC, unless it names its own offset; None where it is none."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(str(value))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)
        return found
    except (ValueError, OverflowError):
        return None


# From what the schema lets pass to what FrontMatter holds; lists are for `_words`, attachments for their own function.
_CONVERSIONS: Mapping[str, Callable[[Any], object]] = {
    "title": lambda text: str(text).strip(),
    "description": lambda text: " ".join(str(text).split()),
    "id": lambda text: str(text).strip(),
    "audience": Audience,
    "order": float,
    "icon": str,
    "issue": str,
    "ticket": _ticket,
    "publish_at": moment,
    "expire_at": moment,
    "review_by": str,
    "updated": lambda text: str(text)[:10],
}
