"""Bad input of every kind is one finding with place and remedy; the rest comes out, and nothing raises."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.builds.build import build
from hcgen.builds.wanted import Wanted, wanted_shards
from hcgen.errors import ProjectError
from hcgen.lint.check import check
from hcgen.model.finding import Finding, Severity
from hcgen.model.site import Kind, Page
from tests.world import MKDOCS, NOW, RETAIL, WEB, World

BAD = "content/en/billing/bad.md"
OTHERS = {"billing/refunds", "billing/invoices"}
ERROR, WARNING = Severity.ERROR, Severity.WARNING
MakeWorld = Callable[..., World]
# Each of eight levels repeats the one before ten times: 100 million values.
BOMB = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)


def all_findings(world: World) -> list[Finding]:
    """What `hcgen check` finds."""
    project = world.project()
    return check(project, wanted_shards(project.brands, project.settings.locales, Wanted()))


def articles(world: World, brand: str = "retail", locale: str = "en") -> dict[str, Page]:
    """The article pages of one site, by key."""
    return {page.key: page for page in world.site(brand, locale).pages if page.kind is Kind.ARTICLE}


def sole_finding(world: World) -> Finding:
    """The one finding that there is, with the other articles still in place."""
    found = all_findings(world)
    assert len(found) == 1, found
    assert found[0].message
    assert found[0].remedy
    assert articles(world).keys() >= OTHERS
    return found[0]


def place(finding: Finding) -> tuple[str, int, str, Severity]:
    return finding.path, finding.line, finding.rule, finding.severity


# Front matter ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("---\ntitle: Fine\ndescription: one: two\n---\nT\n", 3, "not valid YAML", id="two colons"),
        pytest.param("---\ntitle: Fine\n\ttags: a\n---\nT\n", 3, "not valid YAML", id="a tab"),
        pytest.param("---\ntitle: Fine\ntags: *nothing\n---\nT\n", 3, "not valid YAML", id="an unknown alias"),
        pytest.param("---\ntitle: b\x07\n---\nT\n", 2, "not valid YAML", id="a control character"),
        pytest.param("---\ntitle: Fine\n\nText without an end.\n", 1, "never ends", id="no end"),
        pytest.param(
            "---\ntitle: One\ntags: a\ntitle: Two\n---\nT\n", 4, "'title' stands here twice", id="a key twice"
        ),
        pytest.param("---\njust words\n---\nT\n", 2, "no keys", id="a text"),
        pytest.param("---\n- title\n- tags\n---\nT\n", 2, "no keys", id="a list"),
        pytest.param("---\n? [a, b]\n: c\n---\nT\n", 2, "key must be plain text", id="a list as key"),
        pytest.param(f"---\n{BOMB}---\nT\n", 2, "too many values", id="anchors that multiply"),
        pytest.param("---\ntitle: T\naudience: Internal\n---\nT\n", 3, "audience cannot be", id="audience misspelt"),
        pytest.param("---\ntitle: T\naudience: [internal]\n---\nT\n", 3, "audience cannot be", id="audience a list"),
        pytest.param("---\ntitle: T\npublish_at: soon\n---\nT\n", 3, "publish_at cannot be", id="no date"),
        pytest.param("---\ntitle: T\nexpire_at: 1 May 2030\n---\nT\n", 3, "expire_at cannot be", id="another date"),
    ],
)
def test_front_matter_that_cannot_be_trusted_withholds_the_article(
    make_world: MakeWorld, text: str, line: int, says: str
) -> None:
    world = make_world({BAD: text})
    finding = sole_finding(world)
    assert place(finding) == (BAD, line, "front-matter", ERROR)
    assert says in finding.message
    assert articles(world).keys() == OTHERS


@pytest.mark.parametrize("slip", ["brand: retail", "Brands: [retail]", "audiance: internal", "publish-at: 2030-01-01"])
def test_a_slip_in_a_key_that_hides_articles_withholds_the_article(make_world: MakeWorld, slip: str) -> None:
    world = make_world({BAD: f"---\ntitle: Bad\n{slip}\n---\nText.\n"})
    finding = sole_finding(world)
    assert place(finding) == (BAD, 3, "near-miss-key", ERROR)
    assert "Did you mean" in finding.remedy
    assert articles(world).keys() == OTHERS


@pytest.mark.parametrize(("slip", "meant"), [("titel: Bad", "title"), ("Tags: a", "tags"), ("synonym: a", "synonyms")])
def test_a_slip_in_another_key_warns_and_shows_the_article(make_world: MakeWorld, slip: str, meant: str) -> None:
    world = make_world({BAD: f"---\n{slip}\n---\nText.\n"})
    finding = sole_finding(world)
    assert place(finding) == (BAD, 2, "near-miss-key", WARNING)
    assert f"`{meant}`" in finding.remedy
    assert "Text." in articles(world)["billing/bad"].body


def test_a_title_that_yaml_takes_for_a_number_is_kept_as_written(make_world: MakeWorld) -> None:
    world = make_world({BAD: "---\ntitle: 007\n---\nText.\n"})
    assert articles(world)["billing/bad"].title == "007"
    world.write({BAD: "---\ntitle: 2026\n---\nText.\n"})
    finding = sole_finding(world)
    assert place(finding) == (BAD, 2, "not-text-value", WARNING)
    assert '"2026"' in finding.remedy
    assert articles(world)["billing/bad"].title == "2026"


def test_a_title_that_is_a_list_leaves_the_article_under_its_file_name(make_world: MakeWorld) -> None:
    world = make_world({BAD: "---\ntitle: [a, b]\n---\nText.\n"})
    finding = sole_finding(world)
    assert place(finding) == (BAD, 2, "front-matter", ERROR)
    assert "title" in finding.message
    assert articles(world)["billing/bad"].title == "Bad"


def test_two_articles_with_one_id_are_both_shown_and_one_is_reported(make_world: MakeWorld) -> None:
    world = make_world({BAD: "---\ntitle: Bad\nid: refunds\n---\nText.\n"})
    finding = sole_finding(world)
    assert place(finding) == (BAD, 3, "duplicate-id", ERROR)
    assert "refunds.md" in finding.message
    assert articles(world).keys() == OTHERS | {"billing/bad"}


def test_an_unknown_brand_in_front_matter_hides_the_article(make_world: MakeWorld) -> None:
    world = make_world({BAD: "---\ntitle: Bad\nbrands: [retial]\n---\nText.\n"})
    finding = sole_finding(world)
    assert place(finding) == (BAD, 3, "unknown-brand", ERROR)
    assert "`retail`" in finding.remedy
    assert articles(world).keys() == OTHERS
    assert articles(world, "web").keys() == OTHERS


# Bytes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "line", "rule"),
    [
        pytest.param(b"---\ntitle: Bad\n---\n\nCaf\xe9\n", 5, "not-utf8", id="Latin-1"),
        pytest.param(b"---\r\ntitle: Bad\r\n---\r\n\r\nCaf\xe9\r\n", 5, "not-utf8", id="Latin-1 with CRLF"),
        pytest.param(b"\xc3", 1, "not-utf8", id="half a character"),
        pytest.param(b"---\ntitle: Bad\n---\nOne\nTwo\x00\n", 5, "not-text", id="NUL in the text"),
        pytest.param(b"---\ntitle: B\x00d\n---\nOne\n", 2, "not-text", id="NUL in the front matter"),
    ],
)
def test_bytes_that_are_no_text_withhold_the_article(make_world: MakeWorld, data: bytes, line: int, rule: str) -> None:
    world = make_world({BAD: data})
    assert place(sole_finding(world)) == (BAD, line, rule, ERROR)
    assert articles(world).keys() == OTHERS


def test_the_byte_named_is_right_in_a_file_with_a_byte_order_mark(make_world: MakeWorld) -> None:
    finding = sole_finding(make_world({BAD: b"\xef\xbb\xbf---\ntitle: Bad\n---\nCaf\xe9\n"}))
    assert finding.message == "byte 0xe9 is not UTF-8"


@pytest.mark.parametrize(("bad", "rule"), [(b"\xe9", "not-utf8"), (b"\x00", "not-text")])
def test_the_line_is_right_where_lines_end_with_carriage_returns(make_world: MakeWorld, bad: bytes, rule: str) -> None:
    world = make_world({BAD: b"---\rtitle: Bad\r---\rCaf" + bad + b"\r"})
    assert place(sole_finding(world)) == (BAD, 4, rule, ERROR)


def test_a_utf16_file_is_one_finding(make_world: MakeWorld) -> None:
    assert sole_finding(make_world({BAD: "---\ntitle: Bad\n---\nText\n".encode("utf-16")})).rule == "not-utf8"


PLAIN = "---\ntitle: Fine\ntags: [a, b]\n---\nOne\ntwo\n\n- a\n- b\n\n```\ncode\n\nmore\n```\n\n!!! note\n    In it.\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PLAIN.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(PLAIN.replace("\n", "\r").encode(), id="CR"),
        pytest.param(PLAIN.replace("\n", "\r\n", 5).encode(), id="mixed"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN.encode(), id="byte order mark"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode(), id="byte order mark and CRLF"),
    ],
)
def test_line_ends_and_byte_order_marks_change_nothing(make_world: MakeWorld, data: bytes) -> None:
    plain, other = make_world({BAD: PLAIN}, "plain"), make_world({BAD: data}, "other")
    assert all_findings(other) == all_findings(plain) == []
    mine, theirs = articles(other)["billing/bad"], articles(plain)["billing/bad"]
    assert (mine.title, mine.body, mine.description) == (theirs.title, theirs.body, theirs.description)
    assert "<pre" in mine.body


@pytest.mark.parametrize("text", ["", "\n", "---\ntitle: Bad\n---\n", "---\ntitle: Bad\n---", "---\n---\n", "---"])
def test_a_file_with_nothing_in_it_is_a_page(make_world: MakeWorld, text: str) -> None:
    world = make_world({BAD: text})
    assert all_findings(world) == []
    assert articles(world)["billing/bad"].title == "Bad"


def test_an_article_of_ten_megabytes_is_left_out(make_world: MakeWorld) -> None:
    world = make_world({BAD: "---\ntitle: Bad\n---\n" + "word " * 2_000_000})
    finding = sole_finding(world)
    assert place(finding) == (BAD, 0, "too-large", ERROR)
    assert "10.0 MB" in finding.message
    assert articles(world).keys() == OTHERS


# Blocks ---------------------------------------------------------------------------------------------------------------


def test_an_unknown_brand_in_a_block_withholds_the_article(make_world: MakeWorld) -> None:
    world = make_world({BAD: "---\ntitle: Bad\n---\nOpen.\n\n/// brand | retial\nSecret.\n///\n"})
    finding = sole_finding(world)
    assert place(finding) == (BAD, 6, "unknown-brand", ERROR)
    assert "retail, web" in finding.remedy
    assert articles(world).keys() == OTHERS


def test_an_internal_block_that_never_closes_is_found_nowhere_in_the_site(make_world: MakeWorld) -> None:
    secret = "Xylophonic-Mandolin-77"
    text = f"---\ntitle: Bad\n---\nOpen.\n\n/// internal\n{secret} one.\n\n## {secret} two\n\n{secret} three.\n"
    world = make_world({BAD: text, "content/de/billing/bad.md": text})
    found = all_findings(world)
    assert [place(one) for one in found] == [
        ("content/de/billing/bad.md", 6, "unclosed-block", ERROR),
        (BAD, 6, "unclosed-block", ERROR),
    ]
    report = build(world.root, world.root / "site", Wanted(jobs=1), NOW)
    assert not report.installed
    pages = [path for path in Path(report.staged).rglob("*") if path.is_file()]
    assert sum(path.name == "index.html" for path in pages) > 10
    for path in pages:
        text = path.read_text("utf-8").casefold()
        assert secret.casefold() not in text, path
        assert "xylophonic" not in path.as_posix()


# Names and folders ----------------------------------------------------------------------------------------------------


WEIRD = [
    *("a b", "ünï", "日本語", "e\u0301", "x" * 250, "ö" * 120, "a.b.c", "🎉", "-", "a%20b", "a#b", "a?b", "a&b"),
    *('a"b', "a<b>", "a\\b", "a'b", " lead", "CAPS", "a\tb", "page", "search", "404", "{{ brand.name }}", "con", "a:b"),
]


def test_weird_names_of_files_and_folders_make_pages(make_world: MakeWorld) -> None:
    files = {f"content/en/f{at}/{name}.md": f"---\ntitle: T{at}\n---\nText {at}.\n" for at, name in enumerate(WEIRD)}
    files |= {f"content/en/g{at}/{name}/in.md": f"Inner {at}.\n" for at, name in enumerate(WEIRD) if name != "-"}
    world = make_world(files)
    assert all_findings(world) == []
    report = build(world.root, world.root / "site", Wanted(("web",), ("en",), jobs=1), NOW)
    assert report.installed
    home = world.root / "site/web/en"
    for at, name in enumerate(WEIRD):
        pages = [path.read_text("utf-8") for path in (home / f"f{at}").glob("*/index.html")]
        assert [f"<p>Text {at}.</p>" in page for page in pages] == [True], name
        inner = [path.read_text("utf-8") for path in (home / f"g{at}").glob("*/in/index.html")]
        assert [f"<p>Inner {at}.</p>" in page for page in inner] == ([True] if name != "-" else []), name


def test_paths_that_differ_only_in_case_keep_one_of_the_two(make_world: MakeWorld) -> None:
    world = make_world({"content/en/billing/Invoices.md": "---\ntitle: Other\n---\nText.\n"})
    found = all_findings(world)
    assert [place(one) for one in found] == [("content/en/billing/invoices.md", 0, "case-collision", ERROR)]
    assert "Invoices.md" in found[0].message
    assert found[0].remedy
    assert articles(world).keys() == {"billing/refunds", "billing/Invoices"}


def test_two_unicode_forms_of_one_name_keep_one_of_the_two(make_world: MakeWorld) -> None:
    world = make_world({"content/en/billing/e\u0301.md": "One.\n", "content/en/billing/\u00e9.md": "Two.\n"})
    assert sole_finding(world).rule == "case-collision"
    assert articles(world).keys() == OTHERS | {"billing/\u00e9"}


@pytest.mark.parametrize("twin", ["content/en/billing/refunds.markdown", "content/en/billing/README.md"])
def test_two_files_for_one_place_are_reported(make_world: MakeWorld, twin: str) -> None:
    world = make_world({twin: "---\ntitle: Other\n---\nText.\n"})
    assert len(all_findings(world)) == 1


def test_two_names_with_one_address_keep_the_first(make_world: MakeWorld) -> None:
    world = make_world({"content/en/billing/a b.md": "One.\n", "content/en/billing/a-b.md": "Two.\n"})
    assert place(sole_finding(world)) == ("content/en/billing/a-b.md", 0, "url-collision", ERROR)
    assert articles(world).keys() == OTHERS | {"billing/a b"}


def test_a_name_that_is_not_utf8_is_a_finding(make_world: MakeWorld) -> None:
    world = make_world()
    with open(os.fsencode(world.root / "content/en/billing") + b"/caf\xe9.md", "wb") as file:
        file.write(b"Text.\n")
    done = world.run("check")
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize(
    ("path", "where", "hint"),
    [
        ("content/dee/x.md", "content/dee", "`de`"),
        ("content/EN/x.md", "content/EN", "`en`"),
        ("content/fr/x.md", "content/fr", "en, de, ar"),
        ("brands/retail/content/fr/x.md", "brands/retail/content/fr", "en, de, ar"),
    ],
)
def test_a_folder_of_no_language_is_one_finding(make_world: MakeWorld, path: str, where: str, hint: str) -> None:
    finding = sole_finding(make_world({path: "Text.\n"}))
    assert place(finding) == (where, 0, "unknown-locale", ERROR)
    assert hint in finding.remedy


def test_a_file_beside_the_languages_is_a_warning(make_world: MakeWorld) -> None:
    assert place(sole_finding(make_world({"content/notes.md": "x"}))) == (
        "content/notes.md",
        0,
        "unknown-locale",
        WARNING,
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file, so that none can be made unreadable")
def test_an_unreadable_file_is_left_out(make_world: MakeWorld) -> None:
    world = make_world({BAD: "Text.\n"})
    (world.root / BAD).chmod(0)
    assert place(sole_finding(world)) == (BAD, 0, "unreadable", ERROR)
    assert articles(world).keys() == OTHERS


# Links of the file system ---------------------------------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the project with an article that must not be read."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.md").write_text("---\ntitle: Secret\n---\nSecret.\n")
    return folder


def test_a_linked_file_out_of_the_project_is_not_read(world: World, outside: Path) -> None:
    (world.root / BAD).symlink_to(outside / "secret.md")
    assert place(sole_finding(world)) == (BAD, 0, "foreign-link", ERROR)
    assert articles(world).keys() == OTHERS


def test_a_linked_folder_out_of_the_project_is_not_read(world: World, outside: Path) -> None:
    (world.root / "content/en/more").symlink_to(outside)
    assert place(sole_finding(world)) == ("content/en/more", 0, "foreign-link", ERROR)
    assert articles(world).keys() == OTHERS


def test_a_linked_folder_within_the_project_is_not_followed(world: World) -> None:
    (world.root / "content/en/billing/again").symlink_to(world.root / "content/en")
    assert place(sole_finding(world)) == ("content/en/billing/again", 0, "foreign-link", ERROR)
    assert articles(world).keys() == OTHERS


def test_a_linked_language_folder_out_of_the_project_is_not_read(world: World, outside: Path) -> None:
    (world.root / "content/ar").symlink_to(outside)
    assert articles(world, locale="ar").keys() == OTHERS
    assert place(sole_finding(world)) == ("content/ar", 0, "foreign-link", ERROR)


def test_a_linked_snippets_folder_out_of_the_project_is_not_read(world: World, outside: Path) -> None:
    (world.root / "content/_snippets").symlink_to(outside)
    assert world.project().library.snippets == {}
    assert place(sole_finding(world)) == ("content/_snippets", 0, "foreign-link", ERROR)


def test_a_link_to_itself_is_a_finding(world: World) -> None:
    (world.root / BAD).symlink_to("bad.md")
    assert sole_finding(world).path == BAD


def test_a_link_to_nothing_is_a_finding(world: World) -> None:
    (world.root / BAD).symlink_to("nothing.md")
    assert sole_finding(world).path == BAD


# brand.yml ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "says", "hint"),
    [
        pytest.param(WEB + "name: Again\n", 9, "'name' stands here twice", "Keep one", id="a key twice"),
        pytest.param(WEB + "facst: {a: b}\n", 9, "'facst' is no key", "`facts`", id="an unknown key"),
        pytest.param(WEB + "look: {acent: x}\n", 9, "'acent' is no key of look", "Known", id="an inner key"),
        pytest.param(WEB + "x: a: b\n", 9, "not valid YAML", "colons", id="broken YAML"),
        pytest.param(WEB + BOMB, 9, "too many values", "anchors", id="anchors that multiply"),
        pytest.param(WEB.replace("id: web", "id: wbe"), 1, "not the folder's name", "`id: web`", id="another id"),
        pytest.param(WEB.replace("[en, de]", "[en, dee]"), 5, "no language of the project", "`de`", id="no language"),
        pytest.param(WEB.replace("order: 2", "order: [2]"), 4, "order cannot be", "order: 1", id="a list for a number"),
        pytest.param(WEB.replace("name: Acme Web\n", ""), 1, "lacks `name`", "Add `name:", id="no name"),
    ],
)  # fmt: skip
def test_a_wrong_brand_file_leaves_that_brand_out(
    make_world: MakeWorld, text: str, line: int, says: str, hint: str
) -> None:
    world = make_world({"brands/web/brand.yml": text})
    finding = sole_finding(world)
    assert place(finding) == ("brands/web/brand.yml", line, "brand-file", ERROR)
    assert says in finding.message
    assert hint in finding.remedy
    assert [brand.id for brand in world.project().brands] == ["retail"]


def test_a_brand_folder_without_brand_file_is_one_finding(make_world: MakeWorld) -> None:
    world = make_world({"brands/empty/logo.svg": "<svg/>"})
    assert place(sole_finding(world)) == ("brands/empty/brand.yml", 0, "missing-brand-file", ERROR)
    assert [brand.id for brand in world.project().brands] == ["retail", "web"]


def test_a_missing_logo_is_one_finding_and_the_brand_stays(make_world: MakeWorld) -> None:
    world = make_world({"brands/web/brand.yml": WEB + "look: {logo: ../retail/brand.yml}\n"})
    assert place(sole_finding(world)) == ("brands/web/brand.yml", 0, "missing-image", ERROR)
    assert [brand.id for brand in world.project().brands] == ["retail", "web"]


def test_a_project_whose_brands_are_all_wrong_cannot_be_used(make_world: MakeWorld) -> None:
    world = make_world({"brands/web/brand.yml": "nmae: x\n", "brands/retail/brand.yml": WEB})
    with pytest.raises(ProjectError) as caught:
        world.project()
    assert caught.value.where.startswith("brands/retail/brand.yml")
    assert caught.value.remedy


def test_a_project_without_usable_brand_says_so_whatever_else_is_odd(make_world: MakeWorld) -> None:
    world = make_world({"mkdocs.yml": MKDOCS + "markdown_extensions: [foo.bar]\n", "brands/retail/brand.yml": "x: y\n"})
    world.write({"brands/web/brand.yml": None})
    (world.root / "brands/web").rmdir()
    with pytest.raises(ProjectError) as caught:
        world.project()
    assert caught.value.where.startswith("brands/retail/brand.yml")


def test_a_wrong_brand_file_does_not_blame_the_articles_of_the_brand(make_world: MakeWorld) -> None:
    world = make_world({"brands/web/brand.yml": WEB + "x: y\n", BAD: "---\ntitle: T\nbrands: [web]\n---\nT\n"})
    assert sole_finding(world).path == "brands/web/brand.yml"


# mkdocs.yml -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        pytest.param("site_name: Acme\n", "mkdocs.yml:1", "no language", id="no plugins"),
        pytest.param(MKDOCS.split("      languages")[0], "mkdocs.yml:6", "no language", id="no languages"),
        pytest.param("", "mkdocs.yml:1", "no language", id="empty"),
        pytest.param("- a\n- b\n", "mkdocs.yml:1", "no language", id="a list"),
        pytest.param("site_name: a: b\n", "mkdocs.yml:1", "not valid YAML", id="broken YAML"),
        pytest.param("a: 1\na: 2\n", "mkdocs.yml:2", "stands here twice", id="a key twice"),
        pytest.param(b"a: b\nb: \xff\n", "mkdocs.yml:2", "not UTF-8", id="not UTF-8"),
        pytest.param(BOMB, "mkdocs.yml:1", "too many values", id="anchors that multiply"),
    ],
)
def test_settings_that_cannot_be_read_are_a_project_error(
    make_world: MakeWorld, text: str | bytes, where: str, says: str
) -> None:
    world = make_world({"mkdocs.yml": text})
    with pytest.raises(ProjectError) as caught:
        world.project()
    assert caught.value.where == where
    assert says in caught.value.what
    assert caught.value.remedy


def test_a_folder_without_settings_is_a_project_error(world: World) -> None:
    world.write({"mkdocs.yml": None})
    with pytest.raises(ProjectError, match=r"no mkdocs\.yml") as caught:
        world.project()
    assert caught.value.where == str(world.root)
    assert "-C" in caught.value.remedy


def test_an_unknown_markdown_extension_is_a_warning(make_world: MakeWorld) -> None:
    world = make_world({"mkdocs.yml": MKDOCS + "markdown_extensions:\n  - toc:\n      permalink: true\n  - foo.bar\n"})
    finding = sole_finding(world)
    assert place(finding) == ("mkdocs.yml", 17, "unknown-extension", WARNING)
    assert "'foo.bar'" in finding.message


def test_an_unknown_markdown_extension_in_a_mapping_is_a_warning(make_world: MakeWorld) -> None:
    world = make_world({"mkdocs.yml": MKDOCS + "markdown_extensions:\n  toc: {}\n  foo.bar: {}\n"})
    assert place(sole_finding(world)) == ("mkdocs.yml", 16, "unknown-extension", WARNING)


@pytest.mark.parametrize(
    ("setting", "says", "hint"),
    [("page_sise: 30", "'page_sise'", "`page_size`"), ("page_size: many", "page_size cannot be", "page_size: 30")],
)
def test_a_wrong_setting_is_an_error_and_the_default_holds(
    make_world: MakeWorld, setting: str, says: str, hint: str
) -> None:
    world = make_world({"mkdocs.yml": MKDOCS.replace("hcgen: {}", f"hcgen:\n      brand: web\n      {setting}")})
    finding = sole_finding(world)
    assert place(finding) == ("mkdocs.yml", 15, "settings", ERROR)
    assert says in finding.message
    assert hint in finding.remedy
    assert world.project().settings.page_size == 30


def test_check_notices_a_renderer_that_does_not_exist(make_world: MakeWorld) -> None:
    world = make_world({"mkdocs.yml": MKDOCS.replace("hcgen: {}", "hcgen: {renderer: nothing}")})
    assert world.run("check").returncode != 0


def test_norwegian_is_a_language(make_world: MakeWorld) -> None:
    world = make_world(
        {
            "mkdocs.yml": MKDOCS.replace("locale: ar", "locale: no"),
            "brands/retail/brand.yml": WEB.replace("web", "retail"),
        }
    )
    assert [locale.code for locale in world.project().settings.locales] == ["en", "de", "no"]


# YAML that is more than its reader can bear ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("&again [*again]", id="an anchor inside itself"),
        pytest.param("&again {a: *again}", id="an anchor inside its own mapping"),
        pytest.param("[" * 900 + "]" * 900, id="900 levels"),
    ],
)
def test_endless_yaml_is_a_finding(make_world: MakeWorld, value: str) -> None:
    world = make_world({BAD: f"---\ntitle: Bad\nx: {value}\n---\nText.\n"})
    assert place(sole_finding(world)) == (BAD, 3, "front-matter", ERROR)


def test_deep_values_of_our_own_keys_are_a_finding(make_world: MakeWorld) -> None:
    world = make_world({BAD: f"---\ntitle: Bad\ntags: {'[' * 300}{']' * 300}\n---\nText.\n"})
    assert place(sole_finding(world)) == (BAD, 3, "front-matter", ERROR)


def test_very_deep_yaml_does_not_kill_the_process(make_world: MakeWorld) -> None:
    world = make_world({BAD: f"---\ntitle: Bad\nx: {'[' * 40_000}{']' * 40_000}\n---\nText.\n"})
    done = world.run("check")
    assert done.returncode == 1, done.returncode


def test_a_number_of_very_many_digits_does_not_raise(make_world: MakeWorld) -> None:
    world = make_world({BAD: f"---\ntitle: Bad\nx: {'9' * 5000}\n---\nText.\n"})
    assert articles(world).keys() >= OTHERS


@pytest.mark.parametrize("slip", ["tags: [one", "tags: 'one"])
def test_a_quote_or_bracket_that_never_closes_is_reported_where_it_opens(make_world: MakeWorld, slip: str) -> None:
    world = make_world({BAD: f"---\ntitle: Bad\n{slip}\norder: 1\nid: bad\n---\nText.\n"})
    assert place(sole_finding(world)) == (BAD, 3, "front-matter", ERROR)


def test_the_example_of_a_good_project_has_no_finding(world: World) -> None:
    assert all_findings(world) == []
    assert RETAIL in (world.root / "brands/retail/brand.yml").read_text("utf-8")
