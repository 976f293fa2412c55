"""A brand: its address, languages, look, facts, contact channels and ticket form."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct, field

from hcgen.model.locale import Localized


class Palette(Struct, frozen=True):
    """Colours of one scheme, as CSS hexadecimal colours; "" leaves the theme's own."""

    accent: str = ""
    on_accent: str = ""


class Look(Struct, frozen=True):
    """What makes the pages look like the brand. `logo` is a path inside the brand's folder."""

    logo: str = ""
    light: Palette = Palette()
    dark: Palette = Palette()
    radius: str = ""
    font: str = ""


class Opening(Struct, frozen=True):
    """When somebody is there, week by week: for each day from Monday its ranges, in minutes since midnight.

    Ranges of a day are in order and apart; a range that ends at 1440 goes on where the next day begins at 0.
    """

    days: tuple[tuple[tuple[int, int], ...], ...]


class Holiday(Struct, frozen=True):
    """A day on which nobody is there, whatever the week says. `date` is an ISO 8601 date."""

    date: str
    name: Localized | None = None


class Channel(Struct, frozen=True):
    """One way to a person. `kind` is phone, email, chat, forum, callback or link.

    `hours` is free text, `opening` what a page can reckon with; a channel has one of them at most. `script` is the
    address of a chat vendor's loader.
    """

    kind: str
    label: Localized
    url: str
    hours: Localized | None = None
    opening: Opening | None = None
    script: str = ""


class Option(Struct, frozen=True):
    """One choice of a field: the value that the provider gets, and what readers see."""

    value: str
    label: Localized


class TopicField(Struct, frozen=True):
    """What a form asks about one topic: a text, or (with `options`) a choice."""

    name: str
    label: Localized
    options: tuple[Option, ...] = ()
    is_required: bool = False


class Topic(Struct, frozen=True):
    """What a ticket may be about. `form` is the provider's form for it, or a name in `Ticket.forms`."""

    id: str
    label: Localized
    form: str = ""
    fields: tuple[TopicField, ...] = ()


class Ticket(Struct, frozen=True):
    """The brand's ticket form; docs/ticket-contract.md says what it carries.

    `provider` is zendesk, salesforce, mailto, url or "" (none). `fields` maps our names (brand, locale,
    article, digest, step, topic, those of topics' fields) to the provider's field ids.
    """

    provider: str = ""
    host: str = ""
    form: str = ""
    organisation: str = ""
    return_url: str = ""
    email: str = ""
    template: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    """The provider's ids of the forms that articles name."""
    locales: Mapping[str, str] = field(default_factory=dict)
    """The provider's names of our languages, where they differ (`en`: `en-us`)."""
    topics: tuple[Topic, ...] = ()


class Directive(Struct, frozen=True):
    """One directive of the content security policy as the brand writes it, and its line in brand.yml."""

    name: str
    sources: tuple[str, ...]
    line: int


class Brand(Struct, frozen=True):
    """One help center's settings, from `brands/<id>/brand.yml`.

    `locales` is ordered, the default first is not implied: `default_locale` names it. `chains` maps each
    locale to the languages to look in, itself first. `categories` and `tags` limit what the brand takes of
    the shared content (empty: all).
    """

    id: str
    name: str
    site_url: str
    path: str
    locales: tuple[str, ...]
    default_locale: str
    chains: Mapping[str, tuple[str, ...]]
    shows_fallback: bool = True
    look: Look = Look()
    facts: Mapping[str, Localized] = field(default_factory=dict)
    channels: tuple[Channel, ...] = ()
    ticket: Ticket = Ticket()
    time_zone: str = ""
    """IANA name of the zone that `Opening` counts in."""
    holidays: tuple[Holiday, ...] = ()
    answer_time: Localized | None = None
    csp: tuple[Directive, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    beacon: str = ""
    feedback: str = ""
    former_hosts: tuple[str, ...] = ()
    order: float = 1000.0
    digest: str = ""

    @property
    def base_path(self) -> str:
        """The path part of `site_url`, with slashes at both ends."""
        path = urlsplit(self.site_url).path.strip("/")
        return f"/{path}/" if path else "/"

    @property
    def origin(self) -> str:
        """Scheme and host of `site_url`."""
        parts = urlsplit(self.site_url)
        return f"{parts.scheme}://{parts.netloc}"

    def fact(self, name: str, locale: str) -> str | None:
        """The brand's fact `name` as readers of `locale` see it, or None."""
        known = self.facts.get(name)
        return known.get(self.chains.get(locale, (locale,))) if known else None
