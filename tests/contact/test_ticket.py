"""The ticket link of every provider, character by character, and the fields that docs/ticket-contract.md promises."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from msgspec.structs import replace

from hcgen.contact.ticket import CONTRACT, STEP, TicketContext, context_line, context_values, ticket_form
from hcgen.model.article import TicketHint
from hcgen.model.brand import Brand, Ticket
from hcgen.model.site import Kind, TicketForm
from hcgen.render.view import View
from tests.world import RETAIL, World

HINT = TicketHint(topic="refund & more")
OWN = TicketContext("de", "refunds", hint=TicketHint(topic="refund", fields=(("case", "C"), ("device", "T1"))))
CONTEXT = TicketContext("de", "refunds", "abc123def456", 'Größe "50 %" & mehr?', HINT)
LINE = f"contract={CONTRACT} brand=retail locale=de article=refunds digest=abc123def456 topic=refund & more"


def brand(**ticket: object) -> Brand:
    """A brand with this ticket form."""
    return Brand(
        id="retail", name="Acme Retail", site_url="https://help.acme.example/retail/", path="brands/retail/brand.yml",
        locales=("en", "de"), default_locale="en", chains={"en": ("en",), "de": ("de", "en")},
        ticket=Ticket(**ticket),  # type: ignore[arg-type]
    )  # fmt: skip


def form(context: TicketContext = CONTEXT, **ticket: object) -> TicketForm:
    """The form of a brand that has one."""
    found = ticket_form(brand(**ticket), context)
    assert found
    return found


def query(url: str) -> dict[str, str]:
    """The parameters of an address; each may stand once."""
    pairs = parse_qsl(urlsplit(url).query, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


# The contract -------------------------------------------------------------------------------------------------------


def test_contract_fields_in_their_order() -> None:
    values = context_values(brand(), CONTEXT)
    assert list(values) == ["contract", "brand", "locale", "article", "digest", "topic"]
    assert values["contract"] == CONTRACT == "1"
    assert context_line(brand(), CONTEXT) == LINE


def test_own_fields_of_an_article_come_last() -> None:
    assert list(context_values(brand(), OWN)) == ["contract", "brand", "locale", "article", "topic", "case", "device"]


def test_own_fields_of_an_article_do_not_replace_those_of_the_contract() -> None:
    fields = tuple((name, "own") for name in ("article", "brand", "contract", "digest", "locale", "topic"))
    values = context_values(
        brand(), TicketContext("de", "refunds", "abc", hint=TicketHint(topic="refund", fields=fields))
    )
    assert values == {
        "contract": CONTRACT, "brand": "retail", "locale": "de",
        "article": "refunds", "digest": "abc", "topic": "refund",
    }  # fmt: skip


def test_what_is_not_known_is_left_out() -> None:
    assert context_values(brand(), TicketContext("en")) == {"contract": CONTRACT, "brand": "retail", "locale": "en"}


def test_a_brand_without_a_form_has_none() -> None:
    assert ticket_form(brand(), CONTEXT) is None


def test_a_step_travels_between_digest_and_topic() -> None:
    asked = replace(CONTEXT, step="step-1a2b3c")
    assert list(context_values(brand(), asked)) == [
        "contract", "brand", "locale", "article", "digest", "step", "topic"
    ]  # fmt: skip
    assert context_line(brand(), asked) == LINE.replace(" topic=", " step=step-1a2b3c topic=")


def test_every_provider_carries_the_step_or_what_stands_for_it() -> None:
    asked = replace(CONTEXT, step=STEP)
    mapped = form(asked, provider="zendesk", host="a.example", fields={"step": "77"}).url
    assert query(mapped)["tf_77"] == STEP
    assert "step=" not in query(mapped)["tf_description"]
    line = query(form(asked, provider="zendesk", host="a.example").url)["tf_description"]
    assert f" step={STEP} " in line
    hidden = form(asked, provider="salesforce", organisation="00D1", fields={"step": "00N7"}).hidden
    assert dict(hidden)["00N7"] == STEP
    assert f"step%3D{STEP}%20" in form(asked, provider="mailto", email="h@a.example").url
    template = "https://acme.example/?s={step}"
    assert form(asked, provider="url", template=template).url == f"https://acme.example/?s={STEP}"
    assert form(provider="url", template=template).url == "https://acme.example/?s="


# Zendesk ------------------------------------------------------------------------------------------------------------


def test_zendesk_address_exactly() -> None:
    found = form(
        provider="zendesk",
        host="acme.zendesk.com",
        form="3600",
        tags=("help", "site"),
        fields={"article": "11", "locale": "12"},
    )
    assert found.hidden == ()
    assert found.url == (
        "https://acme.zendesk.com/hc/de/requests/new?ticket_form_id=3600"
        "&tf_subject=Gr%C3%B6%C3%9Fe%20%2250%20%25%22%20%26%20mehr%3F"
        "&tf_12=de&tf_11=refunds"
        "&tf_description=%3Cbr%3E%3Cbr%3E%5Bcontract%3D1%20brand%3Dretail%20digest%3Dabc123def456%20"
        "topic%3Drefund%20%26%20more%20tags%3Dhelp%2Csite%5D"
    )


def test_zendesk_values_have_one_place_each() -> None:
    """A value with a field of its own is not repeated in the description."""
    names = ("contract", "brand", "locale", "article", "topic", "case", "device")
    found = query(form(OWN, provider="zendesk", host="a.example", fields={name: f"f{name}" for name in names}).url)
    assert "tf_description" not in found
    assert {
        name.removeprefix("tf_f"): value for name, value in found.items() if name != "tf_subject"
    } == context_values(brand(), OWN)


def test_zendesk_names_of_languages() -> None:
    ticket = {"provider": "zendesk", "host": "a.example", "locales": {"en": "en-us"}}
    assert urlsplit(form(TicketContext("en"), **ticket).url).path == "/hc/en-us/requests/new"
    assert urlsplit(form(TicketContext("pt-BR"), **ticket).url).path == "/hc/pt-br/requests/new"


def test_zendesk_form_of_the_article_wins() -> None:
    context = TicketContext("en", hint=TicketHint(form="77"))
    assert query(form(context, provider="zendesk", host="a.example", form="1").url)["ticket_form_id"] == "77"
    assert query(form(TicketContext("en"), provider="zendesk", host="a.example", form="1").url)["ticket_form_id"] == "1"
    assert "ticket_form_id" not in query(form(TicketContext("en"), provider="zendesk", host="a.example").url)


# Salesforce ---------------------------------------------------------------------------------------------------------


def test_salesforce_form_exactly() -> None:
    found = form(
        provider="salesforce", organisation="00D1", fields={"article": "00N1", "topic": "00N2", "locale": "00N3"}
    )
    assert found == TicketForm(
        "https://webto.salesforce.com/servlet/servlet.WebToCase?encoding=UTF-8",
        (
            ("orgid", "00D1"), ("retURL", "https://help.acme.example/retail/de/"),
            ("00N3", "de"), ("00N1", "refunds"), ("00N2", "refund & more"),
        ),
        "post",
        (("name", "name"), ("email", "email"), ("subject", "subject"), ("description", "description")),
    )  # fmt: skip


def test_salesforce_returns_where_the_brand_says() -> None:
    found = form(provider="salesforce", organisation="00D1", return_url="https://acme.example/thanks")
    assert dict(found.hidden)["retURL"] == "https://acme.example/thanks"


# Mail ---------------------------------------------------------------------------------------------------------------


def test_mailto_address_exactly() -> None:
    found = form(
        TicketContext("en", "a/b", "00ff", "A & B"), provider="mailto", email="help@acme.example", tags=("x", "y")
    )
    assert found == TicketForm(
        "mailto:help@acme.example?subject=A%20%26%20B&body=%0D%0A%0D%0A--%20%0D%0A"
        "%5Bcontract%3D1%20brand%3Dretail%20locale%3Den%20article%3Da%2Fb%20digest%3D00ff%20tags%3Dx%2Cy%5D"
    )


def test_mailto_without_an_article_is_about_the_brand() -> None:
    assert "?subject=Acme%20Retail&" in form(TicketContext("en"), provider="mailto", email="h@a.example").url


def test_mailto_body_reads_back_as_the_line() -> None:
    found = form(provider="mailto", email="h@a.example").url
    assert unquote(found.partition("&body=")[2]) == f"\r\n\r\n-- \r\n[{LINE}]"
    assert "+" not in found
    assert found.count("&") == 1


# Own address --------------------------------------------------------------------------------------------------------


def test_template_address_exactly() -> None:
    template = "https://acme.example/{locale}/help?a={article}&b={brand}&d={digest}&t={topic}&s={title}&x={device}&c={contract}"
    context = replace(CONTEXT, hint=TicketHint(topic="refund & more", fields=(("device", "T1"),)))
    assert form(context, provider="url", template=template).url == (
        "https://acme.example/de/help?a=refunds&b=retail&d=abc123def456&t=refund%20%26%20more"
        "&s=Gr%C3%B6%C3%9Fe%20%2250%20%25%22%20%26%20mehr%3F&x=T1&c=1"
    )


def test_template_leaves_no_placeholder_behind() -> None:
    found = form(
        TicketContext("en"), provider="url", template="https://acme.example/?a={article}&t={topic}&s={title}&l={locale}"
    )
    assert found.url == "https://acme.example/?a=&t=&s=&l=en"


def test_braces_in_a_title_are_not_placeholders() -> None:
    context = TicketContext("en", "a", title="Use {article}")
    found = form(context, provider="url", template="https://acme.example/?s={title}")
    assert query(found.url)["s"] == "Use {article}"


@pytest.mark.parametrize("title", ["a&b=c", "a#b", "a?b", "100 %", "a+b", 'a"b<c>', "日本語", "a\nb", "x]y[z"])
@pytest.mark.parametrize(
    ("ticket", "name"),
    [
        ({"provider": "zendesk", "host": "a.example"}, "tf_subject"),
        ({"provider": "mailto", "email": "h@a.example"}, "subject"),
        ({"provider": "url", "template": "https://a.example/?subject={title}"}, "subject"),
    ],
)
def test_titles_arrive_as_they_are(ticket: dict[str, str], name: str, title: str) -> None:
    url = form(TicketContext("en", "a", title=title), **ticket).url
    assert query(url)[name] == title
    assert url.isascii()
    assert not set(url) & set(' "<>#\n')


# On pages -----------------------------------------------------------------------------------------------------------


def test_pages_ask_in_their_own_language_and_about_their_article(make_world: Callable[..., World]) -> None:
    text = RETAIL.replace(
        "ticket: {provider: mailto, email: retail@acme.example}",
        "ticket: {provider: url, template: 'https://t.example/?l={locale}&a={article}&d={digest}&s={title}&t={topic}'}",
    )
    article = "---\ntitle: Read\nticket: {topic: invoice}\n---\nText.\n"
    world = make_world({"brands/retail/brand.yml": text, "content/en/billing/invoices.md": article})
    site = world.site("retail", "ar")
    page = next(one for one in site.pages if one.key == "billing/invoices")
    assert page.is_fallback
    assert page.article
    assert page.ticket
    assert query(page.ticket.url) == {
        "l": "ar", "a": "billing/invoices", "d": page.article.digest[:12], "s": "Read", "t": "invoice"
    }  # fmt: skip
    named = next(one for one in site.pages if one.key == "billing/refunds")
    assert named.ticket
    assert query(named.ticket.url)["a"] == "refunds"
    assert View(named, site, {}).ticket_context == TicketContext(
        "ar", "refunds", named.article.digest[:12] if named.article else "", "Refund a sale"
    )


def test_contact_pages_have_the_form_and_lists_have_none(world: World) -> None:
    pages = world.site("retail", "de").pages
    assert {page.kind for page in pages if page.ticket} == {Kind.CONTACT, Kind.ARTICLE}
    assert not any(page.ticket for page in world.site("web", "de").pages)
