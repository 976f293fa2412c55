"""A Markdown file's bytes to its front matter and body; every fault a finding, nothing raised."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from hcgen.files import schema
from hcgen.files.yamlio import Document, YamlFault, parse
from hcgen.model.article import Audience, FrontMatter, TicketHint
from hcgen.model.finding import Finding, Severity
from hcgen.text import closest

_FENCE = re.compile(r"---[ \t]*\n")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)
# A slip in one of these shows an article to people who should not see it.
_GUARDS = frozenset(("audience", "brands", "publish_at", "expire_at"))
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
    try:
        text, findings = data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(error.object, 0, error.start)) + 1
        remedy = "Save the file as UTF-8 (in most editors: Save with encoding)."
        what = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        text, findings = data.decode("utf-8-sig", "replace"), [Finding(path, line, "not-utf8", what, remedy)]
    if "\x00" in text:
        line = len(_LINE_END.findall(data, 0, data.index(b"\x00"))) + 1
        found = Finding(path, line, "not-text", "the file holds a NUL character", "Save it as plain text.")
        findings = findings or [found]
    return text.replace("\x00", "\ufffd").replace("\r\n", "\n").replace("\r", "\n"), findings


def split(text: str) -> tuple[str | None, str, int]:
    """(front matter or None, body, line of the body's first line). An unclosed fence is no front matter."""
    start = _FENCE.match(text)
    end = _END.search(text, start.end()) if start else None
    if not start or not end:
        return None, text, 1
    body_at = end.end() + 1
    return text[start.end() : end.start()], text[body_at:], text.count("\n", 0, min(body_at, len(text))) + 1


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
    front, findings = _checked(dict(document.value), document, path)
    return front, body, body_line, findings


def _starts_late(text: str) -> bool:
    """Whether keys of ours stand between fences that something empty keeps from being front matter."""
    head, _, _ = split(text.lstrip("\ufeff\u200b \t\n"))
    found = re.findall(r"^([A-Za-z_]+):", head or "", re.M)
    return not schema.keys("front-matter").isdisjoint(found)


def _checked(value: dict[str, object], document: Document, path: str) -> tuple[FrontMatter | None, list[Finding]]:
    findings: list[Finding] = []
    ours = schema.keys("front-matter")
    withheld = False
    for key in sorted(_GUARDS & value.keys()):
        if value[key] in (None, [], ""):
            remedy = "Give it a value, or remove the key; until then nobody sees the article."
            findings.append(Finding(path, document.line((key,)), "front-matter", f"{key} is empty", remedy))
            withheld = True
    value = {key: item for key, item in value.items() if item is not None}
    for key in ("title", "description"):
        if key in value and not isinstance(value[key], (str, list, dict)):
            raw = document.raw[(key,)]
            value[key] = raw
            remedy = f'Put it in quotes: `{key}: "{raw}"`.'
            findings.append(
                Finding(path, document.line((key,)), "not-text-value", f"{key} is not text", remedy, Severity.WARNING)
            )
    known = {key: item for key, item in value.items() if key in ours}
    for fault in schema.faults("front-matter", document, known):
        findings.append(Finding(path, fault.line, "front-matter", fault.message, fault.remedy))
        top = str(fault.path[0]) if fault.path else ""
        withheld = withheld or top in _GUARDS
        known.pop(top, None)
    for key in _MOMENTS & known.keys():
        if moment(known[key]) is None:
            remedy = "Write a date that exists, such as 2026-05-01 or 2026-05-01T09:00Z."
            what = f"{key} cannot be {str(known[key])[:40]!r}"
            findings.append(Finding(path, document.line((key,)), "front-matter", what, remedy))
            withheld = withheld or key in _GUARDS
    order = known.get("order")
    if isinstance(order, (int, float)) and not math.isfinite(order):
        findings.append(
            Finding(path, document.line(("order",)), "front-matter", "order is no number", "Write `order: 10`.")
        )
        known.pop("order")
    for key in value:
        near = None if key in ours or key in _FOREIGN else closest(str(key), ours)
        if near and (near not in value or near in _GUARDS):
            severity = Severity.ERROR if near in _GUARDS else Severity.WARNING
            withheld = withheld or near in _GUARDS
            line = document.line((key,))
            remedy = f"Did you mean `{near}`? If the key belongs to another tool, rename it, for example `x_{key}`."
            findings.append(Finding(path, line, "near-miss-key", f"{key!r} is no key of ours", remedy, severity))
    if withheld:
        return None, findings
    extra = {key: item for key, item in value.items() if key not in ours}
    return _front_matter(known, extra, document), findings


def _front_matter(known: dict[str, object], extra: dict[str, object], document: Document) -> FrontMatter:
    def words(key: str) -> tuple[str, ...]:
        """The texts of a list as they were written: `1.10` stays `1.10`, `on` stays `on`."""
        value = known.get(key)
        if isinstance(value, list):
            value = [document.raw.get((key, at), item) for at, item in enumerate(value)]
        return _words(value)

    ticket = known.get("ticket")
    fields = ticket.get("fields", {}) if isinstance(ticket, dict) else {}
    return FrontMatter(
        title=str(known.get("title", "")).strip(),
        description=" ".join(str(known.get("description", "")).split()),
        id=document.raw.get(("id",), "").strip() if "id" in known else "",
        brands=words("brands"),
        audience=Audience(str(known.get("audience", "public"))),
        tags=words("tags"),
        synonyms=words("synonyms"),
        order=float(str(known.get("order", 1000.0))),
        icon=str(known.get("icon", "")),
        redirect_from=words("redirect_from"),
        issue=str(known.get("issue", "")),
        ticket=TicketHint(
            form=str(ticket.get("form", "")),
            topic=str(ticket.get("topic", "")),
            fields=tuple(sorted((str(k), str(v)) for k, v in fields.items())),
        )
        if isinstance(ticket, dict)
        else TicketHint(),
        tenure=words("tenure"),
        publish_at=moment(known.get("publish_at")),
        expire_at=moment(known.get("expire_at")),
        review_by=str(known.get("review_by", "")),
        updated=str(known.get("updated", ""))[:10],
        extra=extra,
        lines={str(path[0]): line for path, line in document.lines.items() if len(path) == 1},
    )


def _words(value: object) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(word for part in parts if (word := str(part).strip())))


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
