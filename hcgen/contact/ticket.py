"""The ticket link of a page: who asks about what, in the page's language, for the brand's provider.

The fields and tags are a contract that triggers and reports are built on: docs/ticket-contract.md, version CONTRACT.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from hcgen.model.article import TicketHint
from hcgen.model.brand import Brand
from hcgen.model.site import Choice, FormField, TicketForm

CONTRACT = "1"
# Salesforce, "Set Up Web-to-Case": the address that takes the form.
STEP = "_step_"
"""Stands for a step's id in a ticket that a page prepares for whichever of its steps a reader means."""
_WEB_TO_CASE = "https://webto.salesforce.com/servlet/servlet.WebToCase?encoding=UTF-8"

# What a form asks of every reader: our names, which are Web-to-Case's own as well.
_ASKED = tuple((name, name) for name in ("name", "email", "subject", "description"))
# What a link to the contact page may say in its query, besides the title: docs/ticket-contract.md.
_GIVEN = ("article", "step", "query")
# What a reader writes or chooses, as far as every form knows it.
_WRITTEN = {"title": "subject", "description": "description", "email": "email", "name": "name"}


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


def contact_form(brand: Brand, locale: str) -> TicketForm | None:
    """The form of the contact page; where the provider takes none, the link of `ticket_form`."""
    link = ticket_form(brand, TicketContext(locale))
    makers = {"zendesk": _zendesk_form, "salesforce": _salesforce_form, "mailto": _mailto_form, "url": _template_form}
    maker = makers.get(brand.ticket.provider)
    return maker(brand, locale, link) if maker and link else None


def _zendesk(brand: Brand, context: TicketContext) -> TicketForm:
    """Zendesk's own form, prefilled by `tf_` parameters; a line break in a description is `<br>`."""
    ticket = brand.ticket
    values = context_values(brand, context)
    mapped = {name: value for name, value in values.items() if name in ticket.fields}
    query = {"ticket_form_id": _form_id(brand, context.hint.form) or ticket.form, "tf_subject": context.title}
    query |= {f"tf_{ticket.fields[name]}": value for name, value in mapped.items()}
    line = _rest_line(brand, values)
    query |= {"tf_description": f"<br><br>{line}]"} if line else {}
    filled = urlencode({name: value for name, value in query.items() if value}, quote_via=quote)
    return TicketForm(f"{_zendesk_address(brand, context.locale)}?{filled}")


def _zendesk_form(brand: Brand, locale: str, link: TicketForm) -> TicketForm:
    """The same as a GET form: a reader's own words travel like those of a link (Zendesk, "prefilled ticket forms")."""
    ticket = brand.ticket
    values = context_values(brand, TicketContext(locale))
    names = {name: f"tf_{id_}" for name, id_ in ticket.fields.items()}
    hidden = [("ticket_form_id", ticket.form)] if ticket.form else []
    hidden += [(names[name], value) for name, value in values.items() if name in names]
    asked = (("subject", "tf_subject"), ("email", "tf_anonymous_requester_email"), ("description", "tf_description"))
    line = _rest_line(brand, values)
    given = tuple((name, names.get(name, "")) for name in _GIVEN if line or name in names)
    form = TicketForm(_zendesk_address(brand, locale), tuple(hidden), "get", asked, given, line, "<br>")
    return _with_topics(form, brand, locale, names)


def _form_id(brand: Brand, form: str) -> str:
    """Zendesk's id of the form that an article or a topic names, "" where it names none; others have no forms."""
    wanted = brand.ticket.forms.get(form, form)
    return wanted if wanted.isdigit() and brand.ticket.provider == "zendesk" else ""


def _zendesk_address(brand: Brand, locale: str) -> str:
    name = brand.ticket.locales.get(locale, locale.lower().replace("_", "-"))
    return f"https://{brand.ticket.host}/hc/{quote(name)}/requests/new"


def _rest_line(brand: Brand, values: Mapping[str, str]) -> str:
    """What has no field of its own in Zendesk, and the tags, in one line yet to be closed; "" for nothing."""
    parts = [f"{name}={value}" for name, value in values.items() if name not in brand.ticket.fields]
    parts += [f"tags={','.join(brand.ticket.tags)}"] if brand.ticket.tags else []
    return f"[{' '.join(parts)}" if parts else ""


def _salesforce(brand: Brand, context: TicketContext) -> TicketForm:
    """Web-to-Case: a plain HTML form; the page adds name, e-mail, subject and description."""
    ticket = brand.ticket
    values = context_values(brand, context)
    hidden = [("orgid", ticket.organisation), ("retURL", ticket.return_url or f"{brand.site_url}{context.locale}/")]
    hidden += [(ticket.fields[name], value) for name, value in values.items() if name in ticket.fields]
    return TicketForm(_WEB_TO_CASE, tuple(hidden), "post", _ASKED)


def _salesforce_form(brand: Brand, locale: str, link: TicketForm) -> TicketForm:
    return _with_topics(replace(link, given=_given(brand.ticket.fields)), brand, locale, brand.ticket.fields)


def _mailto(brand: Brand, context: TicketContext) -> TicketForm:
    """A prefilled message (RFC 6068: percent-encoded, line breaks as CRLF)."""
    body = f"\r\n\r\n-- \r\n{_mail_line(brand, context)}]"
    subject = context.title or brand.name
    return TicketForm(f"mailto:{brand.ticket.email}?subject={quote(subject, safe='')}&body={quote(body, safe='')}")


def _mail_line(brand: Brand, context: TicketContext) -> str:
    tags = f" tags={','.join(brand.ticket.tags)}" if brand.ticket.tags else ""
    return f"[{context_line(brand, context)}{tags}"


def _mailto_form(brand: Brand, locale: str, link: TicketForm) -> TicketForm:
    """The link, and what a script needs to put a reader's own words into it."""
    form = TicketForm(
        link.url, (), "mailto", (("subject", "subject"), ("description", "body")),
        given=tuple((name, "") for name in _GIVEN),
        line=_mail_line(brand, TicketContext(locale)),
    )  # fmt: skip
    return _with_topics(form, brand, locale, dict.fromkeys(["topic", *_field_names(brand)], ""))


def _template(brand: Brand, context: TicketContext) -> TicketForm:
    """The brand's own address with {placeholders} filled in, each percent-encoded."""
    values = dict.fromkeys(("brand", "locale", "article", "digest", "step", "topic"), "") | {"title": context.title}
    values |= context_values(brand, context)
    url = brand.ticket.template
    for name, value in values.items():
        url = url.replace("{" + name + "}", quote(value, safe=""))
    return TicketForm(re.sub(r"\{\w+\}", "", url))


def _template_form(brand: Brand, locale: str, link: TicketForm) -> TicketForm:
    """A GET form, if all that a reader writes, title and description at least, is a whole value of the query."""
    parts = urlsplit(brand.ticket.template)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    asked = {*_WRITTEN, "topic", *_field_names(brand)}
    whole = {value[1:-1]: name for name, value in pairs if re.fullmatch(r"\{\w+\}", value)}
    known = context_values(brand, TicketContext(locale))
    hidden, elsewhere = [], [parts.path, parts.netloc, parts.fragment]
    for name, value in pairs:
        if whole.get(value[1:-1]) != name or value[1:-1] in known:
            elsewhere.append(value)
            hidden.append((name, _filled(value, known)))
    is_scattered = asked & set(re.findall(r"\{(\w+)\}", " ".join(elsewhere)))
    if is_scattered or not whole.keys() >= {"title", "description"}:
        return link
    written = tuple((_WRITTEN[name], to) for name, to in whole.items() if name in _WRITTEN)
    url = urlsplit(link.url)._replace(query="")
    return _with_topics(
        TicketForm(urlunsplit(url), tuple(hidden), "get", written, given=_given(whole)), brand, locale, whole
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its {placeholders} filled in, those without a value left out."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], ""), text)


def _given(names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, names[name]) for name in _GIVEN if name in names)


def _field_names(brand: Brand) -> list[str]:
    return [field.name for topic in brand.ticket.topics for field in topic.fields]


def _with_topics(form: TicketForm, brand: Brand, locale: str, names: Mapping[str, str]) -> TicketForm:
    """`form` with the brand's topics and their fields, `names` saying what the provider calls them."""
    if not brand.ticket.topics or "topic" not in names:
        return form
    chain = brand.chains[locale]
    topics = tuple(
        Choice(one.id, one.label.get(chain) or one.id, _form_id(brand, one.form)) for one in brand.ticket.topics
    )
    fields: dict[str, FormField] = {}
    for topic, choice in zip(brand.ticket.topics, topics, strict=True):
        for field in topic.fields:
            earlier = fields[field.name].topics if field.name in fields else ()
            options = tuple(Choice(one.value, one.label.get(chain) or one.value) for one in field.options)
            label = field.label.get(chain) or field.name
            fields[field.name] = FormField(
                field.name, label, names[field.name], (*earlier, choice), options, field.is_required
            )
    inputs = (*form.inputs, ("topic", names["topic"]))
    return replace(form, inputs=inputs, topics=topics, fields=tuple(fields.values()))
