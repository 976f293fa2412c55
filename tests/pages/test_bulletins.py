"""Incidents and popular articles: who sees them, when, in which language and order; what is wrong with their files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from hcgen.builds.plan import next_change
from hcgen.model.site import Kind, Page
from tests.world import World

MakeWorld = Callable[..., World]
SLOW = "- {title: {en: Cards are slow, de: Karten sind langsam}, level: warning, since: 2026-05-01}\n"


def page(world: World, kind: Kind, brand: str = "retail", locale: str = "en", now: datetime | None = None) -> Page:
    """The one page of a kind."""
    site = world.site(brand, locale, now) if now else world.site(brand, locale)
    return next(one for one in site.pages if one.kind is kind)


def titles(world: World, brand: str = "retail", locale: str = "en") -> list[str]:
    """Titles of the incidents on a home page."""
    return [one.title for one in page(world, Kind.HOME, brand, locale).incidents]


# Incidents -----------------------------------------------------------------------------------------------------------


def test_incidents_stand_on_home_and_contact_of_their_brand_alone(make_world: MakeWorld) -> None:
    world = make_world({"brands/retail/incidents.yml": SLOW})
    assert titles(world) == ["Cards are slow"]
    assert titles(world, locale="de") == ["Karten sind langsam"]
    assert titles(world, "web") == []
    shown = {one.kind for one in world.site().pages if one.incidents}
    assert shown == {Kind.HOME, Kind.CONTACT}


def test_incidents_of_all_brands_come_by_level_then_by_age(make_world: MakeWorld) -> None:
    mine = "- {title: New hours, level: info, since: 2026-05-30}\n- {title: Down, level: critical, since: 2026-01-01}\n"
    shared = SLOW + "- {title: Slower still, level: warning, since: 2026-05-02}\n"
    world = make_world({"brands/retail/incidents.yml": mine, "content/incidents.yml": shared})
    assert titles(world) == ["Down", "Slower still", "Cards are slow", "New hours"]
    assert titles(world, "web") == ["Slower still", "Cards are slow"]
    assert world.rules() == []


@pytest.mark.parametrize(
    ("day", "is_shown"),
    [("2026-04-30T23:59", False), ("2026-05-01T00:00", True), ("2026-05-02T07:59", True), ("2026-05-02T08:00", False)],
)
def test_an_incident_is_shown_from_since_until_just_before_until(
    make_world: MakeWorld, day: str, is_shown: bool
) -> None:
    text = "- {title: Slow, level: info, since: 2026-05-01, until: '2026-05-02T10:00+02:00'}\n"
    world = make_world({"content/incidents.yml": text})
    now = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert bool(page(world, Kind.HOME, now=now).incidents) is is_shown


def test_the_next_change_is_the_next_moment_of_an_incident(make_world: MakeWorld) -> None:
    world = make_world(
        {"content/incidents.yml": "- {title: Slow, level: info, since: 2026-06-02, until: 2026-06-05}\n"}
    )
    moments = [datetime(2026, 6, day, tzinfo=UTC) for day in (1, 3, 6)]
    found = [next_change(world.project(moment)) for moment in moments]
    assert found == [datetime(2026, 6, 2, tzinfo=UTC), datetime(2026, 6, 5, tzinfo=UTC), None]


def test_an_incident_in_a_stand_in_language_says_so(make_world: MakeWorld) -> None:
    text = (
        "- {title: {de: Nur Deutsch}, text: {en: Wait., de: Warten.}, level: info, since: 2026-05-01,"
        " url: https://status.acme.example/}\n"
    )
    world = make_world({"content/incidents.yml": text})
    (one,) = page(world, Kind.HOME, locale="ar").incidents
    assert (one.title, one.lang, one.text, one.text_lang) == ("Nur Deutsch", "de", "Wait.", "en")
    home = (world.build() / "retail/ar/index.html").read_text("utf-8")
    assert '<a href="https://status.acme.example/"><bdi lang="de">Nur Deutsch</bdi></a>' in home
    assert '<p lang="en" dir="auto">Wait.</p>' in home


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- {title: A, level: bad, since: 2026-05-01}\n", 1, "Use one of: info, warning, critical"),
        ("- title: A\n  level: info\n", 1, "Add `since:"),
        ("- title: A\n  level: info\n  sinse: 2026-05-01\n  since: 2026-05-01\n", 3, "Did you mean `since`?"),
        ("- title: A\n  level: info\n  since: 2026-02-30\n", 3, "Write a date that exists"),
        ("- title: A\n  level: info\n  since: 2026-05-02\n  until: 2026-05-01\n", 4, "until it is over"),
        ("- title: A\n  level: info\n  url: javascript:x\n  since: 2026-05-02\n", 3, "https://status.example.com/"),
        ("title: A\n", 1, "- title: "),
        ("- title: [\n", 2, "colons"),
    ],
)
def test_a_wrong_incident_is_an_error_with_line_and_remedy(
    make_world: MakeWorld, text: str, line: int, words: str
) -> None:
    world = make_world({"brands/web/incidents.yml": text})
    (found,) = [one for one in world.findings() if one.rule == "bulletin-file"]
    assert (found.path, found.line) == ("brands/web/incidents.yml", line)
    assert words in found.remedy
    assert found.remedy
    assert world.run("build").returncode == 1


# Popular -------------------------------------------------------------------------------------------------------------


def test_popular_articles_stand_on_home_search_and_404_by_key_or_id(make_world: MakeWorld) -> None:
    world = make_world({"content/popular.yml": 'articles: {"": [refunds, /billing/invoices/, billing/refunds]}\n'})
    by_kind = {one.kind: [link.url for link in one.popular] for one in world.site().pages}
    wanted = ["billing/refunds/", "billing/invoices/"]
    assert [by_kind[kind] for kind in (Kind.HOME, Kind.SEARCH, Kind.NOT_FOUND)] == [wanted] * 3
    assert by_kind[Kind.CONTACT] == by_kind[Kind.CATEGORY] == []
    german = page(world, Kind.HOME, locale="de").popular
    assert [(one.title, one.lang) for one in german] == [("Verkauf erstatten", ""), ("Read an invoice", "en")]
    site = world.build()
    for path in ("index.html", "search/index.html", "404.html"):
        assert 'id="hc-popular"' in (site / "retail/en" / path).read_text("utf-8"), path


def test_without_a_file_nothing_is_called_popular(world: World) -> None:
    assert page(world, Kind.HOME).popular == ()
    assert "hc-popular" not in (world.build() / "retail/en/index.html").read_text("utf-8")


def test_a_language_has_its_own_lists_and_a_brands_go_first(make_world: MakeWorld) -> None:
    files = {
        "content/popular.yml": (
            'articles: {en: [billing/invoices], "": [billing/refunds]}\nqueries: {en: [refund, 1.10], de: [Geld]}\n'
        ),
        "brands/web/popular.yml": 'articles: {"": [billing/refunds, billing/invoices]}\n',
    }
    world = make_world(files)
    homes = {(b, c): page(world, Kind.HOME, b, c) for b, c in (("retail", "en"), ("retail", "ar"), ("web", "en"))}
    urls = {place: [link.url for link in home.popular] for place, home in homes.items()}
    assert urls["retail", "en"] == ["billing/invoices/"]
    assert urls["retail", "ar"] == ["billing/refunds/"]
    assert urls["web", "en"] == ["billing/refunds/", "billing/invoices/"]
    assert homes["web", "en"].queries == ("refund", "1.10")
    # A stand-in language's searches are no help to those who do not write it.
    assert homes["retail", "ar"].queries == ()


def test_what_readers_cannot_see_is_not_popular(make_world: MakeWorld) -> None:
    files = {
        "content/en/billing/secret.md": "---\ntitle: Secret\naudience: internal\n---\nX.\n",
        "content/en/billing/webs.md": "---\ntitle: Web's\nbrands: [web]\n---\nX.\n",
        "content/en/billing/later.md": "---\ntitle: Later\npublish_at: 2030-01-01\n---\nX.\n",
        "content/popular.yml": ('articles: {"": [billing/secret, billing/webs, billing/later, billing/refunds]}\n'),
    }
    world = make_world(files)
    assert [link.url for link in page(world, Kind.HOME).popular] == ["billing/refunds/"]
    assert [link.url for link in page(world, Kind.HOME, "web").popular] == ["billing/webs/", "billing/refunds/"]
    assert world.rules() == []


def test_no_more_than_eight_articles_and_five_searches(make_world: MakeWorld) -> None:
    files: dict[str, str] = {f"content/en/shop/a{at}.md": f"---\ntitle: A{at}\n---\nX.\n" for at in range(12)}
    names = ", ".join(f"shop/a{at}" for at in range(12))
    files["content/popular.yml"] = f"articles: {{en: [{names}]}}\nqueries: {{en: [a, b, c, d, e, f, g]}}\n"
    home = page(make_world(files), Kind.HOME)
    assert [link.title for link in home.popular] == [f"A{at}" for at in range(8)]
    assert home.queries == ("a", "b", "c", "d", "e")


def test_an_unknown_article_is_a_warning_with_line_and_the_closest_name(make_world: MakeWorld) -> None:
    files = {
        "brands/retail/popular.yml": "articles:\n  en:\n    - billing/refunds\n    - billing/invoises\n",
        "brands/web/content/en/billing/own.md": "---\ntitle: Own\n---\nX.\n",
        "content/popular.yml": "articles: {en: [billing/own], dee: []}\n",
    }
    world = make_world(files)
    unknown, language = world.findings()
    assert (unknown.rule, unknown.place) == ("unknown-popular", "brands/retail/popular.yml:4")
    assert unknown.remedy == "Did you mean `billing/invoices`?"
    assert (language.rule, language.place, language.remedy) == (
        "bulletin-file", "content/popular.yml:1", "Did you mean `de`?",
    )  # fmt: skip
    assert world.run("build").returncode == 0
    world.write({"brands/retail/popular.yml": "articles: {en: [billing/own]}\n"})
    # The article is there, but not for this brand.
    assert "unknown-popular" in world.rules()


def test_a_search_is_a_link_with_the_words_quoted(make_world: MakeWorld) -> None:
    world = make_world({"content/popular.yml": 'queries: {en: ["cash & <carry>"]}\n'})
    home = (world.build() / "retail/en/index.html").read_text("utf-8")
    assert '<a href="./search/?q=cash%20%26%20%3Ccarry%3E">cash &amp; &lt;carry&gt;</a>' in home
