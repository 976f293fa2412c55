"""Files to download below an article: found like pictures, published where they are used, and never of the internal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from hcgen.model.finding import Severity
from tests.world import World

MakeWorld = Callable[..., World]
LIST = "attachments:\n  - files/manual.pdf\n  - {file: ../prices.csv, title: All {{ brand.name }} prices}\n"


def article(more: str = LIST) -> str:
    """An article with these keys more."""
    return f"---\ntitle: Guide\n{more}---\nText.\n"


@pytest.fixture
def shelf(make_world: MakeWorld) -> World:
    """An article with two attachments, one of them overridden for a brand and one for a language."""
    return make_world(
        {
            "content/en/billing/guide.md": article(LIST.replace("All {{", "'All {{").replace("prices}", "prices'}")),
            "content/en/billing/files/manual.pdf": b"%PDF" + b"x" * 1_234_000,
            "content/en/prices.csv": b"a,b\n",
            "content/en/unused.pdf": b"%PDF unused",
            "brands/web/content/en/billing/files/manual.pdf": b"%PDF web's own",
            "content/de/prices.csv": b"c;d\n",
        }
    )


def test_attachments_are_listed_with_name_kind_and_size_and_published(shelf: World) -> None:
    assert shelf.rules() == []
    site = shelf.build()
    page = (site / "retail/en/billing/guide/index.html").read_text("utf-8")
    manual, prices = re.findall(r'<a href="([^"]+)" download="([^"]+)">', page)
    assert (manual[1], prices[1]) == ("manual.pdf", "prices.csv")
    for url, _ in (manual, prices):
        assert (site / "retail/en/billing/guide" / url).resolve().is_file()
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", "", page)
    assert "manual.pdf PDF · 1.2 MB" in words
    assert "All Acme Retail prices CSV · 1 kB" in words
    assert not [path for path in (site / "retail/assets").iterdir() if path.name.startswith("unused")]


def test_sizes_are_written_as_the_reader_writes_them(shelf: World) -> None:
    site = shelf.build()
    assert "<bdi>1,2 MB</bdi>" in (site / "retail/de/billing/guide/index.html").read_text("utf-8")
    assert "<bdi>1.2 م.ب</bdi>" in (site / "retail/ar/billing/guide/index.html").read_text("utf-8")


def test_overrides_are_those_of_pictures(shelf: World) -> None:
    def sources(brand: str, locale: str) -> set[str]:
        return set(shelf.site(brand, locale).assets)

    assert sources("retail", "en") == {"content/en/billing/files/manual.pdf", "content/en/prices.csv"}
    assert sources("web", "en") == {"brands/web/content/en/billing/files/manual.pdf", "content/en/prices.csv"}
    # The article is a stand-in for German readers: its own language goes first, as with its pictures.
    assert sources("retail", "de") == {"content/en/billing/files/manual.pdf", "content/en/prices.csv"}
    shelf.write({"content/de/billing/guide.md": article("attachments: [../prices.csv, files/manual.pdf]\n")})
    assert sources("retail", "de") == {"content/en/billing/files/manual.pdf", "content/de/prices.csv"}


def test_a_missing_file_is_an_error_with_line_and_remedy(shelf: World) -> None:
    shelf.write({"content/en/billing/guide.md": article("attachments:\n  - files/manual.pdf\n  - {file: manul.pdf}\n")})
    (found,) = shelf.findings()
    assert (found.rule, found.place, found.severity) == (
        "missing-attachment", "content/en/billing/guide.md:5", Severity.ERROR,
    )  # fmt: skip
    assert "'manul.pdf' is not there" in found.message
    assert found.remedy == "Put the file there, or correct its path."
    shelf.write({"content/en/billing/guide.md": article("attachments: [/files/manual.pdf]\n")})
    assert [one.remedy for one in shelf.findings()] == ["Did you mean `/billing/files/manual.pdf`?"]
    assert shelf.run("build").returncode == 1


@pytest.mark.parametrize(
    "value",
    ["manual.pdf", "[{title: No file}]", "[{file: a.pdf, titel: A}]", "[[a.pdf]]", "['']", "[https://a.example/]"],
)
def test_a_wrong_list_is_an_error(shelf: World, value: str) -> None:
    shelf.write({"content/en/billing/guide.md": article(f"attachments: {value}\n")})
    (found,) = shelf.findings()
    assert found.severity is Severity.ERROR
    assert found.place.startswith("content/en/billing/guide.md:3")
    assert found.remedy


@pytest.mark.parametrize(
    "hidden", ["audience: internal\n", "brands: [web]\n", "publish_at: 2030-01-01\n", "expire_at: 2020-01-01\n"]
)
def test_files_of_what_is_not_shown_are_not_published(make_world: MakeWorld, hidden: str) -> None:
    world = make_world(
        {
            "content/en/billing/guide.md": article(f"{hidden}attachments: [secret.pdf]\n"),
            "content/en/billing/secret.pdf": b"%PDF secret",
        }
    )
    site = world.build() / "retail"
    assert not [path for path in site.rglob("*") if path.is_file() and b"%PDF secret" in path.read_bytes()]
    assert not [path for path in site.rglob("*.html") if "secret" in path.read_text("utf-8")]


def test_a_stand_in_page_marks_the_titles_with_their_language(shelf: World) -> None:
    page = (shelf.build() / "retail/ar/billing/guide/index.html").read_text("utf-8")
    assert '<span lang="en" dir="ltr">manual.pdf</span>' in page
