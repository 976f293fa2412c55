"""The ticket link of a page: who asks about what, in the page's language, for the brand's provider.

The fields and tags are a contract that triggers and reports are built on: docs/ticket-contract.md, version CONTRACT.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from msgspec import Struct

from hcgen.model.article import TicketHint
from hcgen.model.brand import Brand
from hcgen.model.site import TicketForm

CONTRACT = "1"
# Salesforce, "Set Up Web-to-Case": the address that takes the form.
STEP = "_step_"
"""Stands for a step's id in a ticket that a page prepares for whichever of its steps a reader means."""
_WEB_TO_CASE = "https://webto.salesforce.com/servlet/servlet.WebToCase?encoding=UTF-8"


class TicketContext(Struct, frozen=True):
    """What is known when a reader asks for a person. `locale` is the page's language, not the browser's."""

    locale: str
    article: str = ""
    digest: str = ""
    title: str = ""
    hint: TicketHint = TicketHint()
    step: str = ""
    """The id of the step of the article that the reader asks about."""


def context_values(brand: Brand, context: TicketContext) -> dict[str, str]:
    """The contract's fields with their values, empty ones left out, in the contract's order."""
    values = {
        "contract": CONTRACT,
        "brand": brand.id,
        "locale": context.locale,
        "article": context.article,
        "digest": context.digest,
        "step": context.step,
        "topic": context.hint.topic,
    }
    # An article's own fields follow; none of them can stand for one of the contract's.
    values |= {name: value for name, value in context.hint.fields if name not in values}
    return {name: value for name, value in values.items() if value}


def context_line(brand: Brand, context: TicketContext) -> str:
    """The same in one line of text, for providers without fields of their own."""
    return " ".join(f"{name}={value}" for name, value in context_values(brand, context).items())


def ticket_form(brand: Brand, context: TicketContext) -> TicketForm | None:
    """The link or form of the brand's provider, or None where the brand has none."""
    makers = {"zendesk": _zendesk, "salesforce": _salesforce, "mailto": _mailto, "url": _template}
    maker = makers.get(brand.ticket.provider)
    return maker(brand, context) if maker else None


def _zendesk(brand: Brand, context: TicketContext) -> TicketForm:
    """Zendesk's own form, prefilled by `tf_` parameters; a line break in a description is `<br>`."""
    ticket = brand.ticket
    values = context_values(brand, context)
    mapped = {name: value for name, value in values.items() if name in ticket.fields}
    wanted = ticket.forms.get(context.hint.form, context.hint.form)
    query = {"ticket_form_id": wanted if wanted.isdigit() else ticket.form, "tf_subject": context.title}
    query |= {f"tf_{ticket.fields[name]}": value for name, value in mapped.items()}
    if len(mapped) < len(values) or ticket.tags:
        rest = " ".join(f"{name}={value}" for name, value in values.items() if name not in mapped)
        tags = f" tags={','.join(ticket.tags)}" if ticket.tags else ""
        query["tf_description"] = f"<br><br>[{rest}{tags}]"
    locale = ticket.locales.get(context.locale, context.locale.lower().replace("_", "-"))
    filled = urlencode({name: value for name, value in query.items() if value}, quote_via=quote)
    return TicketForm(f"https://{ticket.host}/hc/{quote(locale)}/requests/new?{filled}")


def _salesforce(brand: Brand, context: TicketContext) -> TicketForm:
    """Web-to-Case: a plain HTML form; the page adds name, e-mail, subject and description."""
    ticket = brand.ticket
    values = context_values(brand, context)
    hidden = [("orgid", ticket.organisation), ("retURL", ticket.return_url or f"{brand.site_url}{context.locale}/")]
    hidden += [(ticket.fields[name], value) for name, value in values.items() if name in ticket.fields]
    return TicketForm(_WEB_TO_CASE, tuple(hidden))


def _mailto(brand: Brand, context: TicketContext) -> TicketForm:
    """A prefilled message (RFC 6068: percent-encoded, line breaks as CRLF)."""
    tags = f" tags={','.join(brand.ticket.tags)}" if brand.ticket.tags else ""
    body = f"\r\n\r\n-- \r\n[{context_line(brand, context)}{tags}]"
    subject = context.title or brand.name
    return TicketForm(f"mailto:{brand.ticket.email}?subject={quote(subject, safe='')}&body={quote(body, safe='')}")


def _template(brand: Brand, context: TicketContext) -> TicketForm:
    """The brand's own address with {placeholders} filled in, each percent-encoded."""
    values = dict.fromkeys(("brand", "locale", "article", "digest", "step", "topic"), "") | {"title": context.title}
    values |= context_values(brand, context)
    url = brand.ticket.template
    for name, value in values.items():
        url = url.replace("{" + name + "}", quote(value, safe=""))
    return TicketForm(re.sub(r"\{\w+\}", "", url))
