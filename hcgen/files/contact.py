"""What brand.yml says of ways to a person, read and checked: channels, hours, the ticket form and its topics."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable
from datetime import date
from typing import Any

from hcgen.files.opening import OpeningFault, parse_opening
from hcgen.files.values import items, localized, mapping, words
from hcgen.files.yamlio import Document
from hcgen.model.brand import Channel, Directive, Holiday, Opening, Option, Ticket, Topic, TopicField
from hcgen.text import closest

Path = tuple[str | int, ...]
Add = Callable[[Path, str, str], None]
"""Notes a fault: where it is, what is wrong, what to do."""

# Names that docs/ticket-contract.md and the form itself use.
_TAKEN = frozenset(
    ["contract", "brand", "locale", "article", "digest", "step", "query", "topic", "title", "subject", "description",
     "name", "email", "tags"]
)  # fmt: skip
_NEEDS = {"zendesk": "host", "salesforce": "organisation", "mailto": "email", "url": "template"}
# Area and place; machines have further names (localtime, Factory) that browsers do not know.
_ZONE = re.compile(r"UTC|[A-Z]\w+(/[\w+-]+)+")


def check_contact(value: dict[str, object], document: Document, add: Add) -> None:
    """Notes what the schema cannot see: zones, dates, hours, and fields that would not travel."""
    zone = str(value.get("time_zone", ""))
    if zone and not _is_zone(zone):
        near = closest(zone, sorted(filter(_ZONE.fullmatch, zoneinfo.available_timezones())))
        remedy = f"Did you mean `{near}`?" if near else "Use an IANA name such as Europe/London."
        add(("time_zone",), f"no time zone is called {zone!r}", remedy)
    _check_holidays(value, document, add)
    for at, channel in enumerate(items(value.get("channels"))):
        _check_channel(("channels", at), channel, bool(zone), add)
    ticket = mapping(value.get("ticket"))
    if ticket:
        provider = str(ticket["provider"])
        need = _NEEDS[provider]
        if need not in ticket:
            add(("ticket",), f"a {provider} ticket needs `{need}`", f"Add `{need}:` below `ticket:`.")
        _check_topics(ticket, document, add)


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return _ZONE.fullmatch(name) is not None


def _check_holidays(value: dict[str, object], document: Document, add: Add) -> None:
    seen = set()
    for at, holiday in enumerate(holidays(value, document)):
        where = ("holidays", at)
        try:
            is_date = date.fromisoformat(holiday.date).isoformat() == holiday.date
        except ValueError:
            is_date = False
        if not is_date:
            add(where, f"{holiday.date!r} is no date", "Write a date that exists, such as 2026-12-25.")
        if holiday.date in seen:
            add(where, f"{holiday.date} stands here twice", "Keep one of the two.")
        seen.add(holiday.date)


def _check_channel(where: Path, channel: dict[str, object], has_zone: bool, add: Add) -> None:
    if "opening" in channel:
        place = (*where, "opening")
        if "hours" in channel:
            add(place, "the channel has both `hours` and `opening`", "Keep `opening`, or the free text `hours`.")
        if not has_zone:
            add(place, "`opening` needs the brand's `time_zone`", "Add `time_zone: Europe/London` to the brand.")
        try:
            parse_opening(mapping(channel["opening"]))
        except OpeningFault as fault:
            add((*place, fault.key), fault.message, fault.remedy)
    if "script" in channel and channel["kind"] != "chat":
        add((*where, "script"), "only a chat has a `script`", "Remove it, or write `kind: chat`.")


def _check_topics(ticket: dict[str, Any], document: Document, add: Add) -> None:
    ids: set[str] = set()
    known: dict[str, TopicField] = {}
    for at, topic in enumerate(topics(ticket, document)):
        where: Path = ("ticket", "topics", at)
        if topic.id in ids:
            add((*where, "id"), f"the topic {topic.id!r} stands here twice", "Give one of the two another id.")
        ids.add(topic.id)
        for of, field in enumerate(topic.fields):
            place = (*where, "fields", of)
            _check_field(place, ticket["topics"][at]["fields"][of], add)
            if known.setdefault(field.name, field) != field:
                remedy = "Describe it alike in both topics, or give one of the two another name."
                add(place, f"another topic describes the field {field.name!r} differently", remedy)
    if ids:
        _check_travels(ticket, ["topic", *known], add)


def _check_field(where: Path, field: dict[str, object], add: Add) -> None:
    name = str(field["name"])
    if name in _TAKEN:
        add((*where, "name"), f"{name!r} has a meaning of its own", f"Use another name, such as `my_{name}`.")
    if (field.get("kind") == "choice") != ("options" in field):
        remedy = "Give a choice its `options`, and leave them out of a text."
        add(where, f"the field {name!r} is a choice without options, or options without a choice", remedy)


def _check_travels(ticket: dict[str, object], names: list[str], add: Add) -> None:
    """What a form asks must reach the provider: without a place of its own it would be lost."""
    provider, template = str(ticket["provider"]), str(ticket.get("template", ""))
    for name in names:
        if provider in ("zendesk", "salesforce") and name not in mapping(ticket.get("fields")):
            remedy = f'Add the id of its field in {provider.capitalize()}: `fields: {{{name}: "360001"}}`.'
            add(("ticket", "topics"), f"`ticket.fields` does not say where {name!r} goes", remedy)
        if provider == "url" and f"{{{name}}}" not in template:
            remedy = f"Add a parameter such as `{name}={{{name}}}` to `ticket.template`."
            add(("ticket", "topics"), f"`ticket.template` has no place for {name!r}", remedy)


# Values -------------------------------------------------------------------------------------------------------------


def channels(value: dict[str, object], document: Document) -> tuple[Channel, ...]:
    """The brand's channels, checked before."""
    return tuple(
        Channel(
            kind=str(item["kind"]),
            label=localized(document, ("channels", at, "label")),
            url=str(item["url"]),
            hours=localized(document, ("channels", at, "hours")) if "hours" in item else None,
            opening=_opening(item),
            script=str(item.get("script", "")),
        )
        for at, item in enumerate(items(value.get("channels")))
    )


def _opening(channel: dict[str, object]) -> Opening | None:
    return parse_opening(mapping(channel["opening"])) if "opening" in channel else None


def holidays(value: dict[str, object], document: Document) -> tuple[Holiday, ...]:
    """The brand's holidays, in the order of the file."""
    listed = value.get("holidays")
    found = []
    for at, item in enumerate(listed if isinstance(listed, list) else []):
        has_name = isinstance(item, dict) and "name" in item
        name = localized(document, ("holidays", at, "name")) if has_name else None
        found.append(Holiday(str(item["date"] if isinstance(item, dict) else item), name))
    return tuple(found)


def directives(value: dict[str, object], document: Document) -> tuple[Directive, ...]:
    """What the brand writes into its content security policy itself."""
    own = mapping(value.get("csp"))
    return tuple(Directive(name, words(sources), document.line(("csp", name))) for name, sources in own.items())


def ticket(value: dict[str, object], document: Document) -> Ticket:
    """The brand's ticket form; `value` is what stands below `ticket`."""
    return Ticket(
        provider=str(value.get("provider", "")),
        host=str(value.get("host", "")),
        form=str(value.get("form", "")),
        organisation=str(value.get("organisation", "")),
        return_url=str(value.get("return_url", "")),
        email=str(value.get("email", "")),
        template=str(value.get("template", "")),
        tags=words(value.get("tags")),
        fields={key: str(item) for key, item in sorted(mapping(value.get("fields")).items())},
        forms={key: str(item) for key, item in sorted(mapping(value.get("forms")).items())},
        locales={key: str(item) for key, item in sorted(mapping(value.get("locales")).items())},
        topics=topics(value, document),
    )


def topics(value: dict[str, object], document: Document) -> tuple[Topic, ...]:
    """The topics of a ticket form, in the order of the file."""
    found = []
    for at, item in enumerate(items(value.get("topics"))):
        where: Path = ("ticket", "topics", at)
        fields = tuple(
            _field(field, document, (*where, "fields", of)) for of, field in enumerate(items(item.get("fields")))
        )
        label = localized(document, (*where, "label"))
        found.append(Topic(str(item["id"]), label, str(item.get("form", "")), fields))
    return tuple(found)


def _field(value: dict[str, object], document: Document, where: Path) -> TopicField:
    options = tuple(
        Option(document.raw[(*where, "options", at, "value")], localized(document, (*where, "options", at, "label")))
        for at in range(len(items(value.get("options"))))
    )
    return TopicField(str(value["name"]), localized(document, (*where, "label")), options, bool(value.get("required")))
