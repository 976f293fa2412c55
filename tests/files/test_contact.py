"""What brand.yml says of channels, hours and forms: each slip is one finding with its line and a remedy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hcgen.builds.wanted import Wanted, wanted_shards
from hcgen.lint.check import check
from hcgen.model.brand import Brand, Holiday
from hcgen.model.finding import Finding, Severity
from hcgen.model.locale import Localized
from tests.world import RETAIL, World

PATH = "brands/retail/brand.yml"
MakeWorld = Callable[..., World]
TICKET = "ticket: {provider: mailto, email: retail@acme.example}\n"
BASE = RETAIL.replace(TICKET, "")
ZONE = "time_zone: Europe/London\n"
TOPICS = """\
  topics:
    - id: refund
      label: {en: A refund, de: Erstattung}
      form: payments
      fields:
        - {name: order_number, label: Order number, required: true}
        - name: reason
          label: Reason
          kind: choice
          options: [{value: late, label: Too late}, {value: 1.10, label: {en: Other, de: Anderes}}]
    - {id: other, label: Something else}
"""
MAIL = f"ticket:\n  provider: mailto\n  email: retail@acme.example\n{TOPICS}"
FIELDS = '  fields: {topic: "1", order_number: "2", reason: "3"}\n'
ZENDESK = f"ticket:\n  provider: zendesk\n  host: a.zendesk.com\n{FIELDS}{TOPICS}"


def brand(make_world: MakeWorld, more: str) -> Brand:
    """A brand that says this, too, and is fine."""
    world = make_world({PATH: BASE + more})
    assert [one for one in world.project().findings if one.path == PATH] == []
    return world.project().brand("retail")


def fault(make_world: MakeWorld, more: str) -> Finding:
    """The one thing that is wrong with a brand that says this, too."""
    found = [one for one in make_world({PATH: BASE + more}).project().findings if one.path == PATH]
    assert len(found) == 1, found
    assert (found[0].rule, found[0].severity) == ("brand-file", Severity.ERROR)
    assert found[0].remedy
    return found[0]


# What is fine ---------------------------------------------------------------------------------------------------------


def test_hours_holidays_and_topics_are_read(make_world: MakeWorld) -> None:
    holidays = "holidays: [2026-12-25, {date: 2027-01-01, name: {en: New Year, de: Neujahr}}]\n"
    channel = "channels: [{kind: phone, label: Call, url: 'tel:+1', opening: {mon-fri: '08:00-20:00'}}]\n"
    found = brand(make_world, f"{ZONE}{holidays}answer_time: {{en: Today, de: Heute}}\n{channel}{ZENDESK}")
    assert found.time_zone == "Europe/London"
    assert found.holidays == (
        Holiday("2026-12-25"), Holiday("2027-01-01", Localized((("de", "Neujahr"), ("en", "New Year")))),
    )  # fmt: skip
    assert found.answer_time
    assert found.answer_time.get(("de",)) == "Heute"
    assert found.channels[0].opening
    assert found.channels[0].opening.days == (*[((480, 1200),)] * 5, (), ())
    refund, other = found.ticket.topics
    assert (refund.id, refund.form, other.fields) == ("refund", "payments", ())
    order, reason = refund.fields
    assert (order.name, order.is_required, order.options) == ("order_number", True, ())
    assert [option.value for option in reason.options] == ["late", "1.10"]
    assert reason.options[1].label.get(("de", "en")) == "Anderes"


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", "America/Argentina/Buenos_Aires", "Etc/GMT+3", "US/Eastern"])
def test_zones_that_browsers_know(make_world: MakeWorld, zone: str) -> None:
    assert brand(make_world, f"time_zone: {zone}\n").time_zone == zone


# What is not ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Europe/Londn", "localtime", "GMT+1", "../../etc/passwd", "Europe", "BST"])
def test_other_zones_are_refused(make_world: MakeWorld, zone: str) -> None:
    found = fault(make_world, f"time_zone: {zone}\n")
    assert found.line == BASE.count("\n") + 1
    assert zone in found.message
    assert "Europe/London" in found.remedy


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("holidays: [2026-02-29]\n", 1, "no date"),
        ("holidays:\n  - 2026-12-25\n  - 2026-12-25\n", 3, "twice"),
        ("holidays: [{date: 25.12.2026}]\n", 1, "no date"),
        ("holidays: [20261225]\n", 1, "holidays.0 cannot be 20261225"),
        ("holidays: ['20261225']\n", 1, "no date"),
        (f"{ZONE}channels:\n  - {{kind: phone, label: C, url: 'tel:1', opening: {{mun: '08:00-09:00'}}}}\n", 3,
         "no day"),
        (f"{ZONE}channels:\n  - kind: phone\n    label: C\n    url: tel:1\n    opening:\n      mon: 08:00-12:00\n"
         "      tue: 12:00-08:00\n", 8, "ends before"),
        ("channels: [{kind: phone, label: C, url: 'tel:1', opening: {mon: '08:00-09:00'}}]\n", 1, "`time_zone`"),
        (f"{ZONE}channels: [{{kind: phone, label: C, url: 'tel:1', hours: H, opening: {{mon: '08:00-09:00'}}}}]\n", 2,
         "both"),
        ("channels: [{kind: phone, label: C, url: 'tel:1', script: 'https://c.example/a.js'}]\n", 1, "only a chat"),
        ("channels: [{kind: chat, label: C, url: 'https://c.example', script: 'http://c.example/a.js'}]\n", 1,
         "cannot be"),
        ("csp: {scripts-src: [\"'self'\"]}\n", 1, "no key of csp"),
    ],
)  # fmt: skip
def test_slips_in_channels_and_hours(make_world: MakeWorld, more: str, line: int, says: str) -> None:
    found = fault(make_world, more)
    assert found.line == BASE.count("\n") + line, found
    assert says in found.message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: other,", "id: refund,", "'refund' stands here twice"),
        ("id: other,", "id: 'a b',", "cannot be"),
        ("name: order_number,", "name: email,", "a meaning of its own"),
        ("name: order_number,", "name: order-number,", "cannot be"),
        ("kind: choice", "kind: text", "options"),
        ("required: true", "kind: choice", "options"),
        ("label: Something else}", "label: E, fields: [{name: order_number, label: Number}]}", "differently"),
    ],
)
def test_slips_in_topics(make_world: MakeWorld, old: str, new: str, says: str) -> None:
    assert old in MAIL
    assert says in fault(make_world, MAIL.replace(old, new)).message


@pytest.mark.parametrize("name", ["topic", "order_number", "reason"])
@pytest.mark.parametrize("provider", ["zendesk", "salesforce"])
def test_what_a_form_asks_must_have_a_field(make_world: MakeWorld, provider: str, name: str) -> None:
    text = ZENDESK.replace("zendesk\n  host: a.zendesk.com", f"{provider}\n  host: a.example\n  organisation: 00D1")
    brand(make_world, text)
    found = fault(make_world, text.replace(f"{name}: ", f"x_{name}: ", 1))
    assert found.line == BASE.count("\n") + 1 + text[: text.index("  topics")].count("\n")
    assert repr(name) in found.message
    assert f"fields: {{{name}:" in found.remedy


def test_what_a_form_asks_must_have_a_place_in_the_template(make_world: MakeWorld) -> None:
    text = f"ticket:\n  provider: url\n  template: https://t.example/?s={{title}}&t={{topic}}&r={{reason}}\n{TOPICS}"
    assert "`order_number={order_number}`" in fault(make_world, text).remedy


# Articles -------------------------------------------------------------------------------------------------------------


def topic_findings(make_world: MakeWorld, topic: str, more: str) -> list[Finding]:
    """What `hcgen check` says of an article about `topic`."""
    article = f"---\ntitle: Read\nticket: {{topic: {topic}}}\n---\nText.\n"
    project = make_world({PATH: BASE + more, "content/en/billing/invoices.md": article}).project()
    found = check(project, wanted_shards(project.brands, project.settings.locales, Wanted()))
    return [one for one in found if one.rule == "unknown-topic"]


def test_an_article_about_an_unknown_topic_is_a_warning(make_world: MakeWorld) -> None:
    (found,) = topic_findings(make_world, "refunds", MAIL)
    assert (found.path, found.line, found.severity) == ("content/en/billing/invoices.md", 3, Severity.WARNING)
    assert "`refund`" in found.remedy
    assert PATH in found.remedy


@pytest.mark.parametrize(("topic", "more"), [("refund", MAIL), ("refunds", TICKET)])
def test_known_topics_and_brands_without_a_list_are_fine(make_world: MakeWorld, topic: str, more: str) -> None:
    assert topic_findings(make_world, topic, more) == []
