"""What assistive technology finds its way by: landmarks with names, headings in order, named fields and links."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.web.documents import Document, parsed
from tests.web.harness import file_of, pages_of

LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")


@pytest.fixture(scope="module")
def pages(example_site: Path) -> dict[str, Document]:
    """Every page of the example, by its address."""
    found = {path: parsed(file_of(example_site, path)) for path in pages_of(example_site)}
    assert len(found) > 700
    return found


def test_headings_go_down_one_level_at_a_time(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        levels = [LEVELS.index(tag) + 1 for tag, _ in page.tags if tag in LEVELS]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        steps = [(upper, lower) for upper, lower in pairwise(levels) if lower > upper + 1]
        assert steps == [], f"{path}: {levels}"


def test_landmarks_are_there_once_and_have_names(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        assert len(page.all("main")) == 1, path
        # Portal and choice of language are nothing but a list of links.
        is_page = path.count("/") > 2 or path.endswith("404.html")
        for name in ("header", "footer"):
            assert len(page.all(name)) == is_page, f"{path}: {name}"
        names = []
        for tag, attributes in page.tags:
            if tag == "nav":
                target = attributes.get("aria-labelledby")
                assert target in page.ids if target else attributes.get("aria-label"), f"{path}: a nav without a name"
                names.append(target or attributes["aria-label"])
        assert len(names) == len(set(names)), f"{path}: two navs are called the same: {names}"


def test_names_point_at_something(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        for tag, attributes in page.tags:
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                targets = attributes.get(name, "").split()
                assert all(one in page.ids for one in targets), f"{path}: {tag} {name}={targets}"


def test_fields_have_labels_and_pictures_have_texts(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        labelled = {one.get("for") for one in page.all("label")}
        for tag, attributes in page.tags:
            if tag in ("input", "select", "textarea") and attributes.get("type") not in ("hidden", "radio", "checkbox"):
                assert attributes.get("id") in labelled or "aria-label" in attributes, f"{path}: {attributes}"
            if tag == "img":
                assert "alt" in attributes, f"{path}: {attributes}"
                # The style gives logos their height; other pictures reserve their place themselves.
                assert "width" in attributes or "assets/logo." in attributes["src"], f"{path}: {attributes}"


def test_the_first_link_skips_to_the_text(pages: dict[str, Document]) -> None:
    for path, page in pages.items():
        if not page.all("header"):
            continue
        first = page.all("a")[0]
        assert first["href"].startswith("#"), path
        assert page.all("main", id=first["href"][1:]), path


def test_language_links_say_their_language(pages: dict[str, Document]) -> None:
    """A link in its own language has that language and its direction (WCAG 3.1.2)."""
    for path, page in pages.items():
        root = page.all("html")[0]
        assert root["lang"], path
        assert root["dir"] == ("rtl" if root["lang"] in ("ar", "he") else "ltr"), path
        assert page.all("meta", name="viewport")[0]["content"] == "width=device-width, initial-scale=1", path
        current = [one for one in page.all("a") if one.get("hreflang") and one.get("aria-current")]
        assert len(current) == bool(page.all("footer")), path
        assert all(one["lang"] == root["lang"] for one in current), path
