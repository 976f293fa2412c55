"""Which article a reader of one brand and language gets: overrides, fallback, audience, dates, what a brand takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hcgen.pages.resolve import INTERNAL, NOT_NOW, OTHER_BRAND, UNTRANSLATED, identity_findings, select_articles
from tests.world import MKDOCS, NOW, RETAIL, WEB, World

Make = Callable[..., World]
AUSTRIAN = MKDOCS.replace(
    "        - {locale: ar", "        - {locale: de-AT, name: Deutsch (AT)}\n        - {locale: ar"
)


def text(title: str, *lines: str) -> str:
    """An article with this title and further lines of front matter."""
    return "\n".join(["---", f"title: {title}", *lines, "---", f"Body of {title}.", ""])


def titles(world: World, brand: str = "retail", locale: str = "en", now: datetime = NOW) -> dict[str, str]:
    """Titles of the articles that are shown, by key."""
    project = world.project(now)
    selection = select_articles(project, project.brand(brand), locale)
    return {key: article.front.title for key, article in selection.articles.items()}


def hidden(world: World, brand: str = "retail", locale: str = "en") -> dict[str, str]:
    """Why what exists is not shown, by key."""
    project = world.project()
    return dict(select_articles(project, project.brand(brand), locale).hidden)


def urls(world: World, brand: str = "retail", locale: str = "en") -> set[str]:
    """Addresses of all pages of a site."""
    return {page.url for page in world.site(brand, locale).pages}


def test_a_brand_sees_shared_articles_in_its_language(world: World) -> None:
    assert titles(world) == {"billing/invoices": "Read an invoice", "billing/refunds": "Refund a sale"}
    assert titles(world, locale="de")["billing/refunds"] == "Verkauf erstatten"


def test_an_override_is_its_own_brands_alone(make_world: Make) -> None:
    world = make_world({"brands/web/content/en/billing/refunds.md": text("Web refunds")})
    assert titles(world, "web")["billing/refunds"] == "Web refunds"
    assert titles(world, "retail")["billing/refunds"] == "Refund a sale"


def test_a_brands_own_article_is_no_other_brands(make_world: Make) -> None:
    world = make_world({"brands/web/content/en/billing/own.md": text("Own")})
    assert "billing/own" in titles(world, "web")
    assert "billing/own" not in titles(world, "retail")
    assert "billing/own/" not in urls(world, "retail")


@pytest.mark.parametrize(
    ("present", "shown"),
    [
        (("brands/web/content/de", "content/de", "brands/web/content/en", "content/en"), "brands/web/content/de"),
        (("content/de", "brands/web/content/en", "content/en"), "content/de"),
        (("brands/web/content/en", "content/en"), "brands/web/content/en"),
        (("content/en",), "content/en"),
    ],
)
def test_language_goes_before_brand(make_world: Make, present: tuple[str, ...], shown: str) -> None:
    world = make_world({f"{folder}/billing/a.md": text(folder) for folder in present})
    assert titles(world, "web", "de")["billing/a"] == shown


@pytest.mark.parametrize(
    ("present", "shown"), [(("en", "de", "de-AT"), "de-AT"), (("en", "de"), "de"), (("en",), "en"), (("de",), "de")]
)
def test_fallback_goes_from_austria_to_german_to_english(
    make_world: Make, present: tuple[str, ...], shown: str
) -> None:
    brand = RETAIL.replace("[en, de, ar]", "[en, de, de-AT, ar]")
    files = {f"content/{code}/billing/a.md": text(code) for code in present}
    world = make_world({"mkdocs.yml": AUSTRIAN, "brands/retail/brand.yml": brand, **files})
    assert titles(world, locale="de-AT")["billing/a"] == shown


def test_fallback_never_leads_from_the_default_to_another_language(make_world: Make) -> None:
    world = make_world({"content/de/billing/a.md": text("Nur deutsch")})
    assert "billing/a" not in titles(world, locale="en")
    assert "billing/a" not in titles(world, locale="ar")


def test_a_chain_of_the_brand_replaces_the_usual_one(make_world: Make) -> None:
    brand = RETAIL + "fallback_chains: {ar: [de]}\n"
    world = make_world({"brands/retail/brand.yml": brand})
    assert titles(world, locale="ar") == {"billing/refunds": "Verkauf erstatten"}


def test_a_brand_may_hide_what_is_not_translated(make_world: Make) -> None:
    world = make_world({"brands/retail/brand.yml": RETAIL + "fallback: hide\n"})
    assert titles(world, locale="de") == {"billing/refunds": "Verkauf erstatten"}
    assert hidden(world, locale="de") == {"billing/invoices": UNTRANSLATED}
    assert urls(world, locale="ar") == {"", "search/", "contact/", "404.html"}


def test_hiding_fallback_keeps_the_same_language_of_another_region(make_world: Make) -> None:
    brand = RETAIL.replace("[en, de, ar]", "[en, de, de-AT, ar]") + "fallback: hide\n"
    world = make_world({"mkdocs.yml": AUSTRIAN, "brands/retail/brand.yml": brand})
    assert titles(world, locale="de-AT") == {"billing/refunds": "Verkauf erstatten"}


def test_brands_of_an_article(make_world: Make) -> None:
    world = make_world({"content/en/billing/a.md": text("A", "brands: [web]")})
    assert "billing/a" in titles(world, "web")
    assert "billing/a" not in titles(world, "retail")
    assert hidden(world, "retail")["billing/a"] == OTHER_BRAND


def test_a_brand_that_does_not_exist_shows_the_article_to_nobody(make_world: Make) -> None:
    world = make_world({"content/en/billing/a.md": text("A", "brands: [wbe]")})
    assert "billing/a" not in titles(world, "web") | titles(world, "retail")
    assert [(one.place, one.rule) for one in world.project().findings] == [
        ("content/en/billing/a.md:3", "unknown-brand")
    ]


@pytest.mark.parametrize(
    ("takes", "shown"),
    [
        ("takes: {categories: [billing]}", {"billing/a", "billing/refunds", "billing/invoices"}),
        ("takes: {tags: [pos]}", {"billing/a", "other/b"}),
        ("takes: {categories: [other], tags: [pos]}", {"billing/a", "other/b", "other/c"}),
        ("takes: {categories: [bill]}", set()),
    ],
)
def test_a_brand_takes_categories_and_tags(make_world: Make, takes: str, shown: set[str]) -> None:
    files = {
        "content/en/billing/a.md": text("A", "tags: [pos, x]"),
        "content/en/other/b.md": text("B", "tags: pos"),
        "content/en/other/c.md": text("C"),
    }
    world = make_world({"brands/web/brand.yml": f"{WEB}{takes}\n", **files})
    assert set(titles(world, "web")) == shown


def test_what_a_brand_takes_does_not_limit_its_own_articles(make_world: Make) -> None:
    world = make_world(
        {"brands/web/brand.yml": WEB + "takes: {categories: [none]}\n", "brands/web/content/en/own/a.md": text("Own")}
    )
    assert set(titles(world, "web")) == {"own/a"}


# Internal -----------------------------------------------------------------------------------------------------------


def test_internal_articles_are_shown_to_nobody(make_world: Make) -> None:
    world = make_world({"content/en/billing/a.md": text("A", "audience: internal")})
    for brand, locale in (("retail", "en"), ("retail", "de"), ("web", "en")):
        assert "billing/a" not in titles(world, brand, locale)
        assert hidden(world, brand, locale)["billing/a"] == INTERNAL


@pytest.mark.parametrize(("internal", "public"), [("en", "de"), ("de", "en")])
def test_one_internal_translation_makes_all_internal(make_world: Make, internal: str, public: str) -> None:
    world = make_world(
        {
            f"content/{internal}/billing/a.md": text("Secret", "audience: internal"),
            f"content/{public}/billing/a.md": text("Open"),
        }
    )
    for locale in ("en", "de", "ar"):
        assert "billing/a" not in titles(world, locale=locale)
    found = [(one.path, one.rule) for one in identity_findings(world.project())]
    assert found == [(f"content/{public}/billing/a.md", "audience-differs")]


def test_a_shared_internal_article_is_not_shown_where_a_brands_translation_is_missing(make_world: Make) -> None:
    world = make_world(
        {
            "content/en/billing/a.md": text("Secret", "audience: internal"),
            "brands/web/content/en/billing/a.md": text("Open for web"),
        }
    )
    assert titles(world, "web", "en").get("billing/a") == "Open for web"
    assert "Secret" not in {*titles(world, "web", "de").values(), *titles(world, "retail").values()}


@pytest.mark.parametrize("value", ["Internal", "intern", "[internal]", "true"])
def test_a_slip_in_the_audience_shows_nothing(make_world: Make, value: str) -> None:
    world = make_world({"content/en/billing/a.md": text("A", f"audience: {value}")})
    assert "billing/a" not in titles(world)
    assert "front-matter" in world.rules()


def test_an_internal_folder_hides_all_below_it_in_every_language(make_world: Make) -> None:
    files = {
        "content/en/staff/index.md": text("Staff", "audience: internal"),
        "content/en/staff/a.md": text("A"),
        "content/de/staff/deep/b.md": text("B"),
        "brands/web/content/en/staff/own.md": text("Own"),
    }
    world = make_world(files)
    for brand, locale in (("retail", "en"), ("retail", "de"), ("web", "en"), ("web", "de")):
        assert not [key for key in titles(world, brand, locale) if key.startswith("staff")]
        assert not [url for url in urls(world, brand, locale) if url.startswith("staff")]


# Dates --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "moment", "is_shown"),
    [
        ("publish_at: 2026-05-01", datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC), False),
        ("publish_at: 2026-05-01", datetime(2026, 5, 1, tzinfo=UTC), True),
        ("publish_at: 2026-05-01T10:00+02:00", datetime(2026, 5, 1, 7, 59, tzinfo=UTC), False),
        ("publish_at: 2026-05-01T10:00+02:00", datetime(2026, 5, 1, 8, 0, tzinfo=UTC), True),
        ("expire_at: 2026-05-01", datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC), True),
        ("expire_at: 2026-05-01", datetime(2026, 5, 1, tzinfo=UTC), False),
        ("expire_at: 2026-05-01T10:00Z", datetime(2026, 5, 1, 9, 59, tzinfo=UTC), True),
    ],
)
def test_articles_have_their_time(make_world: Make, line: str, moment: datetime, is_shown: bool) -> None:
    world = make_world({"content/en/billing/a.md": text("A", line)})
    assert ("billing/a" in titles(world, now=moment)) is is_shown


def test_until_a_translation_is_published_the_fallback_is_shown(make_world: Make) -> None:
    world = make_world(
        {
            "content/en/billing/a.md": text("English"),
            "content/de/billing/a.md": text("Deutsch", "publish_at: 2026-07-01"),
        }
    )
    assert titles(world, locale="de")["billing/a"] == "English"
    assert titles(world, locale="de", now=NOW + timedelta(days=60))["billing/a"] == "Deutsch"


def test_an_expired_override_gives_way_to_the_shared_article(make_world: Make) -> None:
    world = make_world({"brands/web/content/en/billing/refunds.md": text("Sale!", "expire_at: 2026-01-01")})
    assert titles(world, "web")["billing/refunds"] == "Refund a sale"


def test_an_article_of_another_time_says_so(make_world: Make) -> None:
    world = make_world({"content/en/billing/a.md": text("A", "publish_at: 2030-01-01")})
    assert hidden(world)["billing/a"] == NOT_NOW


# Folders ------------------------------------------------------------------------------------------------------------


def test_folders_without_anything_to_show_have_no_page(make_world: Make) -> None:
    files = {
        "content/en/empty/index.md": text("Empty").partition("Body")[0],
        "content/en/closed/a.md": text("A", "audience: internal"),
        "content/en/later/deep/a.md": text("A", "publish_at: 2030-01-01"),
        "content/en/theirs/a.md": text("A", "brands: [web]"),
    }
    world = make_world(files)
    assert urls(world) == {"", "search/", "contact/", "404.html", "billing/", "billing/refunds/", "billing/invoices/"}
    assert "theirs/" in urls(world, "web")
    assert [link.url for link in world.page("").categories] == ["billing/"]


def test_a_folder_with_a_text_of_its_own_has_a_page(make_world: Make) -> None:
    world = make_world({"content/en/about/index.md": text("About")})
    page = world.page("about")
    assert (page.url, page.title) == ("about/", "About")
    assert "Body of About." in page.body


def test_a_folder_whose_only_article_is_withheld_has_no_page(make_world: Make) -> None:
    world = make_world({"content/en/broken/a.md": text("A") + "\n/// internal\nnever closed\n"})
    assert not [url for url in urls(world) if url.startswith("broken")]
    assert "unclosed-block" in world.rules()


def test_one_id_belongs_to_one_article(make_world: Make) -> None:
    world = make_world({"content/en/billing/a.md": text("A", "id: refunds")})
    (finding,) = identity_findings(world.project())
    assert finding.rule == "duplicate-id"
    assert {finding.path} <= {"content/en/billing/a.md", "content/en/billing/refunds.md"}


def test_all_faults_of_a_withheld_article_are_reported_at_once(make_world: Callable[..., World]) -> None:
    text = "{{ brand.prise }} [x](nothing.md) ![y](nothing.png)\n\n/// internal\nsecret\n"
    rules = make_world({"content/en/billing/bad.md": text}).rules()
    assert {"unclosed-block", "unknown-fact", "dead-link", "missing-image"} <= set(rules)
