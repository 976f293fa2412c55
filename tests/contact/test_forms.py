"""The form of the contact page for every provider: where it goes, what it carries, what the reader fills in."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from hcgen.contact.ticket import TicketContext, contact_form, ticket_form
from hcgen.model.brand import Brand, Option, Ticket, Topic, TopicField
from hcgen.model.locale import Localized
from hcgen.model.site import Choice, TicketForm


def text(**values: str) -> Localized:
    """A text by language."""
    return Localized(tuple(sorted(values.items())))


ORDER = TopicField("order_number", text(en="Order number", de="Bestellnummer"), is_required=True)
REASON = TopicField("reason", text(en="Reason"), (Option("late", text(en="Too late", de="Zu spät")),))
TOPICS = (
    Topic("refund", text(en="A refund", de="Erstattung"), "payments", (ORDER, REASON)),
    Topic("delivery", text(en="A delivery"), fields=(ORDER,)),
    Topic("other", text(en="Something else")),
)
TEMPLATE = "https://t.example/{brand}/new?lang={locale}&s={title}&d={description}&t={topic}&o={order_number}&r={reason}"


def form(locale: str = "de", **ticket: object) -> TicketForm:
    """The contact page's form of a brand with this ticket form."""
    brand = Brand(
        id="retail", name="Acme Retail", site_url="https://help.acme.example/retail/", path="brands/retail/brand.yml",
        locales=("en", "de"), default_locale="en", chains={"en": ("en",), "de": ("de", "en")},
        ticket=Ticket(**ticket),  # type: ignore[arg-type]
    )  # fmt: skip
    found = contact_form(brand, locale)
    assert found
    return found


ZENDESK = {
    "provider": "zendesk", "host": "acme.zendesk.com", "form": "3600", "tags": ("help",), "forms": {"payments": "3601"},
    "fields": {"locale": "12", "topic": "13", "order_number": "14", "reason": "15", "article": "16"},
}  # fmt: skip


def test_zendesk_takes_a_get_form_with_the_parameters_of_its_links() -> None:
    """Zendesk, "Creating prefilled ticket forms": `requests/new`, `ticket_form_id`, `tf_` and the field's id."""
    found = form(**ZENDESK)
    assert (found.method, found.url) == ("get", "https://acme.zendesk.com/hc/de/requests/new")
    assert urlsplit(found.url).query == ""  # a GET form drops it
    assert found.hidden == (("ticket_form_id", "3600"), ("tf_12", "de"))
    assert dict(found.inputs) == {
        "subject": "tf_subject", "email": "tf_anonymous_requester_email", "description": "tf_description"
    }  # fmt: skip
    assert dict(form(**ZENDESK, topics=TOPICS).inputs)["topic"] == "tf_13"
    assert found.line == "[contract=1 brand=retail tags=help"
    assert found.line_break == "<br>"
    assert found.given == (("article", "tf_16"), ("step", ""), ("query", ""))


def test_zendesk_form_says_what_its_link_says() -> None:
    brand = Brand(
        id="retail", name="Acme", site_url="https://a.example/", path="b", locales=("de",), default_locale="de",
        chains={"de": ("de",)}, ticket=Ticket(**ZENDESK),  # type: ignore[arg-type]
    )  # fmt: skip
    link, found = ticket_form(brand, TicketContext("de")), contact_form(brand, "de")
    assert link
    assert found
    assert link.url == (
        f"{found.url}?ticket_form_id=3600&tf_12=de"
        "&tf_description=%3Cbr%3E%3Cbr%3E%5Bcontract%3D1%20brand%3Dretail%20tags%3Dhelp%5D"
    )


def test_zendesk_leaves_no_line_where_every_value_has_a_field() -> None:
    fields = {name: name for name in ("contract", "brand", "locale", "step")}
    found = form(provider="zendesk", host="a.example", fields=fields)
    assert found.line == ""
    assert found.given == (("step", "tf_step"),)


def test_topics_and_fields_are_in_the_readers_language() -> None:
    found = form(**ZENDESK, topics=TOPICS)
    assert found.topics == (
        Choice("refund", "Erstattung", "3601"), Choice("delivery", "A delivery"), Choice("other", "Something else"),
    )  # fmt: skip
    order, reason = found.fields
    assert (order.name, order.field, order.label, order.is_required) == ("order_number", "tf_14", "Bestellnummer", True)
    assert reason.options == (Choice("late", "Zu spät"),)
    assert not reason.is_required


def test_a_field_of_two_topics_is_asked_once() -> None:
    found = form(**ZENDESK, topics=TOPICS)
    assert [[topic.value for topic in field.topics] for field in found.fields] == [["refund", "delivery"], ["refund"]]


def test_salesforce_posts() -> None:
    fields = {"locale": "00N1", "topic": "00N2", "order_number": "00N3", "reason": "00N4", "query": "00N5"}
    found = form(provider="salesforce", organisation="00D1", fields=fields, topics=TOPICS)
    assert found.method == "post"
    assert dict(found.hidden) == {"orgid": "00D1", "retURL": "https://help.acme.example/retail/de/", "00N1": "de"}
    assert dict(found.inputs) == {
        "name": "name", "email": "email", "subject": "subject", "description": "description", "topic": "00N2"
    }  # fmt: skip
    assert [field.field for field in found.fields] == ["00N3", "00N4"]
    assert found.given == (("query", "00N5"),)
    assert {topic.form for topic in found.topics} == {""}
    assert found.line == ""


def test_mail_keeps_its_link_and_puts_everything_into_the_line() -> None:
    found = form(provider="mailto", email="h@a.example", tags=("x",), topics=TOPICS)
    assert found.method == "mailto"
    assert found.url.startswith("mailto:h@a.example?subject=Acme%20Retail&body=")
    assert found.line == "[contract=1 brand=retail locale=de tags=x"
    assert dict(found.inputs) == {"subject": "subject", "description": "body", "topic": ""}
    assert {field.field for field in found.fields} == {""}
    assert found.hidden == ()


def test_a_template_whose_values_are_whole_is_a_get_form() -> None:
    found = form(provider="url", template=f"{TEMPLATE}&b=v-{{brand}}&c={{contract}}&a={{article}}#top", topics=TOPICS)
    assert (found.method, found.url) == ("get", "https://t.example/retail/new#top")
    assert found.hidden == (("lang", "de"), ("b", "v-retail"), ("c", "1"))
    assert dict(found.inputs) == {"subject": "s", "description": "d", "topic": "t"}
    assert [field.field for field in found.fields] == ["o", "r"]
    assert found.given == (("article", "a"),)


@pytest.mark.parametrize(
    "template",
    [
        "https://t.example/?s={title}",
        "https://t.example/?d={description}",
        "https://t.example/{topic}?s={title}&d={description}",
        "https://t.example/?s=Help:{title}&d={description}",
        "https://t.example/?s={title}&d={description}&again={title}",
        "https://t.example/?s={title}&d={description}#{topic}",
        "https://t.example/new",
    ],
)
def test_a_template_that_no_form_can_fill_stays_a_link(template: str) -> None:
    found = form(provider="url", template=template)
    assert found == TicketForm(found.url)
    assert "{" not in found.url


def test_the_form_is_part_of_what_a_page_shows() -> None:
    """A page is rendered again where its value differs: every setting of the form must be in it."""
    before = form(**ZENDESK, topics=TOPICS)
    refund, *others = TOPICS
    changed = [replace(refund, label=text(en="Money")), replace(refund, form="9"), replace(refund, fields=())]
    for one in changed:
        assert form(**ZENDESK, topics=(one, *others)) != before
