"""Where links and pictures lead: pages, anchors, files, the outside, or nowhere with a finding on the right line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from hcgen.model.finding import Severity
from tests.world import RETAIL, World

Make = Callable[..., World]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000003000000020802000000123e04fa"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
RULES = {"dead-link", "dead-anchor", "unsafe-link", "internal-link", "other-brand-link", "unpublished-link",
         "old-link", "missing-image", "external-image"}  # fmt: skip
HEAD = "---\ntitle: A\n---\n"
FILES = {
    "content/en/billing/deep/fees.md": (
        '---\ntitle: Fees\n---\n## Fees\n\n## Fees\n\n## Größe {#size}\n\n<a name="Old"></a>\n\ntext\n'
    ),
    "content/en/billing/secret.md": "---\ntitle: Secret\naudience: internal\n---\n",
    "content/en/billing/later.md": "---\ntitle: Later\npublish_at: 2030-01-01\n---\n",
    "content/en/billing/theirs.md": "---\ntitle: Theirs\nbrands: [web]\n---\n",
    "brands/web/content/en/billing/webs.md": "---\ntitle: Webs\n---\n",
    "content/en/billing/old.md": (
        "---\ntitle: Old\nid: 4711\nredirect_from: [/hc/en-us/articles/99-Old, /a b]\n---\n## Steps\n"
    ),
    "content/en/billing/größe & farbe.md": "---\ntitle: Size\n---\n",
    "content/en/billing/files/price list.pdf": b"pdf",
    "content/en/billing/files/shot.png": PNG,
}  # fmt: skip


@pytest.fixture
def wide(make_world: Make) -> World:
    """A world with something of every kind to link to."""
    return make_world({"brands/retail/brand.yml": RETAIL + "former_hosts: [old.acme.example]\n", **FILES})


def read(
    world: World, body: str, brand: str = "retail", locale: str = "en"
) -> tuple[str, list[tuple[str, int, Severity]]]:
    """(body of the page, findings of links on it) of an article `billing/a` with this text."""
    world.write({"content/en/billing/a.md": HEAD + body})
    html = world.page("billing/a", brand, locale).body
    found = [
        one for one in world.findings(brand, locale) if one.path == "content/en/billing/a.md" and one.rule in RULES
    ]
    return html, [(one.rule, one.line - 3, one.severity) for one in found]


def href(world: World, target: str, brand: str = "retail", locale: str = "en") -> str | None:
    """The address that `[x](target)` gets; fails the test where there is a finding."""
    html, found = read(world, f"[x]({target})\n", brand, locale)
    assert found == []
    address = re.search(r'<a href="([^"]*)"', html)
    return address[1] if address else None


@pytest.mark.parametrize(("target", "address"), [
    ("refunds.md", "../../billing/refunds/"),
    ("./refunds.md", "../../billing/refunds/"),
    ("refunds", "../../billing/refunds/"),
    ("refunds/", "../../billing/refunds/"),
    ("refunds.html", "../../billing/refunds/"),
    ("../billing/refunds.md", "../../billing/refunds/"),
    ("/billing/refunds.md", "../../billing/refunds/"),
    ("/en/billing/refunds/", "../../billing/refunds/"),
    ("..\\\\billing\\\\refunds.md", "../../billing/refunds/"),
    ("refunds.md?from=a&amp;b=c", "../../billing/refunds/?from=a&amp;b=c"),
    ("deep/fees.md", "../../billing/deep/fees/"),
    ("index.md", "../../billing/"),
    ("README.md", "../../billing/"),
    ("./", "../../billing/"),
    ("../", "../../"),
    ("/", "../../"),
    ("../index.md", "../../"),
    ("deep/", "../../billing/deep/"),
    ("https://help.acme.example/retail/en/billing/refunds/", "../../billing/refunds/"),
    ("<größe & farbe.md>", "../../billing/gr%C3%B6%C3%9Fe-farbe/"),
    ("gr%C3%B6%C3%9Fe%20&%20farbe.md", "../../billing/gr%C3%B6%C3%9Fe-farbe/"),
    ("größe-farbe/", "../../billing/gr%C3%B6%C3%9Fe-farbe/"),
])  # fmt: skip
def test_links_to_pages(wide: World, target: str, address: str) -> None:
    assert href(wide, target) == address


@pytest.mark.parametrize(("target", "address"), [
    ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
    ("//a.example/x", "https://a.example/x"),
    ("http://a.example", "http://a.example"),
    ("mailto:a@b.example", "mailto:a@b.example"),
    ("tel:+49123", "tel:+49123"),
    ("sms:+49123", "sms:+49123"),
    ("ms-settings:printers", "ms-settings:printers"),
])  # fmt: skip
def test_links_to_the_outside_stay_as_they_are(wide: World, target: str, address: str) -> None:
    assert href(wide, target) == address


@pytest.mark.parametrize(("target", "address"), [
    ("refunds.md#steps", "../../billing/refunds/#steps"),
    ("refunds.md#Steps", "../../billing/refunds/#steps"),
    ("deep/fees.md#fees", "../../billing/deep/fees/#fees"),
    ("deep/fees.md#fees-1", "../../billing/deep/fees/#fees-1"),
    ("deep/fees.md#size", "../../billing/deep/fees/#size"),
    ("deep/fees.md#größe", "../../billing/deep/fees/#size"),
    ("deep/fees.md#gr%C3%B6%C3%9Fe", "../../billing/deep/fees/#size"),
    ("deep/fees.md#Old", "../../billing/deep/fees/#Old"),
    ("refunds.md#", "../../billing/refunds/"),
    ("https://help.acme.example/retail/en/billing/refunds/#steps", "../../billing/refunds/#steps"),
])  # fmt: skip
def test_links_to_anchors(wide: World, target: str, address: str) -> None:
    assert href(wide, target) == address


@pytest.mark.parametrize(("target", "address"), [
    ("/de/billing/refunds.md", "../../../de/billing/refunds/"),
    ("../../de/billing/refunds.md", "../../../de/billing/refunds/"),
    ("/de/billing/refunds.md#schritte", "../../../de/billing/refunds/#steps"),
    ("/de/billing/refunds.md#steps", "../../../de/billing/refunds/#steps"),
    ("https://help.acme.example/retail/de/billing/refunds/#schritte", "../../../de/billing/refunds/#steps"),
])  # fmt: skip
def test_links_to_another_language(wide: World, target: str, address: str) -> None:
    assert href(wide, target) == address


def test_a_link_to_a_language_that_the_brand_lacks_stays_in_the_readers(wide: World) -> None:
    assert href(wide, "/ar/billing/refunds.md", brand="web") == "../../billing/refunds/"


def test_an_anchor_of_the_page_itself(wide: World) -> None:
    html, found = read(wide, "[x](#more) [y](#)\n\n## More\n")
    assert found == []
    assert re.findall(r'<a href="([^"]*)"', html) == ["#more", "#"]


def test_links_on_a_fallback_page_lead_to_the_readers_language(wide: World) -> None:
    assert href(wide, "refunds.md#steps", locale="de") == "../../billing/refunds/#steps"
    assert href(wide, "/en/billing/refunds.md", locale="de") == "../../../en/billing/refunds/"


def test_english_anchors_work_in_translations_and_own_ones_too(make_world: Make) -> None:
    text = "---\ntitle: B\n---\n[a](refunds.md#steps) [b](refunds.md#schritte)\n"
    page = make_world({"content/de/billing/b.md": text}).page("billing/b", locale="de")
    assert re.findall(r'<a href="([^"]*)"', page.body) == ["../../billing/refunds/#steps"] * 2


@pytest.mark.parametrize("target", [
    "/hc/en-us/articles/4711", "/hc/en-us/articles/4711-Old-Title", "/hc/articles/4711", "/hc/de/articles/4711-x",
    "https://old.acme.example/hc/en-us/articles/4711-Old", "https://old.acme.example/hc/en-us/articles/99-Old",
    "https://old.acme.example/a%20b", "/hc/en-us/articles/99-Old", "</a b>",
])  # fmt: skip
def test_old_addresses_lead_to_the_article_that_claims_them(wide: World, target: str) -> None:
    assert href(wide, target) == "../../billing/old/"


def test_old_addresses_keep_their_anchor(wide: World) -> None:
    assert href(wide, "https://old.acme.example/hc/en-us/articles/4711#steps") == "../../billing/old/#steps"


def test_articles_of_other_peoples_help_centers_are_theirs(wide: World) -> None:
    target = "https://support.other.example/hc/en-us/articles/4711-Ours"
    assert href(wide, target) == target


def test_an_old_address_that_nobody_claims_is_noted_and_left(wide: World) -> None:
    html, found = read(wide, "[x](https://old.acme.example/hc/en-us/articles/1-x)\n")
    assert found == [("old-link", 1, Severity.WARNING)]
    assert 'href="https://old.acme.example/hc/en-us/articles/1-x"' in html


def test_a_whole_address_in_redirect_from_may_end_with_a_slash(wide: World) -> None:
    wide.write(
        {"content/en/billing/old.md": '---\ntitle: Old\nredirect_from: ["https://old.acme.example/x/y/"]\n---\n'}
    )
    assert href(wide, "https://old.acme.example/x/y/") == "../../billing/old/"


@pytest.mark.parametrize(("target", "rule", "severity"), [
    ("missing.md", "dead-link", Severity.WARNING),
    ("/nowhere/", "dead-link", Severity.WARNING),
    ("../../../x.md", "dead-link", Severity.WARNING),
    ("", "dead-link", Severity.WARNING),
    ("#nothing", "dead-anchor", Severity.WARNING),
    ("secret.md", "internal-link", Severity.ERROR),
    ("/en/billing/secret.md", "internal-link", Severity.ERROR),
    ("https://help.acme.example/retail/en/billing/secret/", "internal-link", Severity.ERROR),
    ("theirs.md", "other-brand-link", Severity.WARNING),
    ("webs.md", "other-brand-link", Severity.WARNING),
    ("later.md", "unpublished-link", Severity.WARNING),
    ("javascript:alert(1)", "unsafe-link", Severity.ERROR),
    ("JavaScript:alert(1)", "unsafe-link", Severity.ERROR),
    ("&#106;avascript:alert(1)", "unsafe-link", Severity.ERROR),
    ("java&Tab;script:alert(1)", "dead-link", Severity.WARNING),
    ("&#1;javascript:alert(1)", "dead-link", Severity.WARNING),
    ("data:text/html,x", "unsafe-link", Severity.ERROR),
    ("vbscript:x", "unsafe-link", Severity.ERROR),
    ("file:///etc/passwd", "unsafe-link", Severity.ERROR),
])  # fmt: skip
def test_links_that_lead_nowhere_have_no_address_and_a_finding(
    wide: World, target: str, rule: str, severity: Severity
) -> None:
    html, found = read(wide, f"one\n\n[x]({target})\n")
    assert "<a>x</a>" in html
    assert [(one, level) for one, _, level in found] == [(rule, severity)]


def test_a_missing_anchor_still_leads_to_the_page(wide: World) -> None:
    html, found = read(wide, "one\n\n[x](refunds.md#nothing)\n")
    assert 'href="../../billing/refunds/"' in html
    assert found == [("dead-anchor", 3, Severity.WARNING)]


def test_links_of_other_brands_work_where_they_belong(wide: World) -> None:
    assert href(wide, "theirs.md", brand="web") == "../../billing/theirs/"
    assert href(wide, "webs.md", brand="web") == "../../billing/webs/"


def test_the_finding_names_what_was_probably_meant(wide: World) -> None:
    wide.write({"content/en/billing/a.md": f"{HEAD}[x](refund.md) [y](other/fees.md) [z](refunds.md#step)\n"})
    remedies = {one.message: one.remedy for one in wide.findings()}
    assert "`/billing/refunds.md`" in remedies["'refund.md' leads to no page"]
    assert "`/billing/deep/fees.md`" in remedies["'other/fees.md' leads to no page"]
    assert "`#steps`" in remedies["nothing is called #step there"]


def test_untranslated_pages_are_linked_in_the_language_they_have(make_world: Make) -> None:
    files = {
        "brands/retail/brand.yml": RETAIL + "fallback: hide\n",
        "content/de/billing/b.md": "---\ntitle: B\n---\n[x](invoices.md)\n",
    }
    world = make_world(files)
    assert 'href="../../../en/billing/invoices/"' in world.page("billing/b", locale="de").body


# Lines of findings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "lines"), [
    ("one\n\n[x](missing.md)\n", [3]),
    ("[x](missing.md)\n\n[y](missing.md)\n\ntext [z](missing.md)\n", [1, 3, 5]),
    ("| a |\n|---|\n| [x](missing.md) |\n", [3]),
    ("- one\n\n    - [x](<missing file.md>)\n", [3]),
    ("[x][r]\n\n[r]: missing.md\n", [3]),
    ("!!! note\n    one\n\n    [x](missing.md)\n", [4]),
    ("one\n\n/// brand | web\n[x](missing.md)\n///\n\n[y](gone.md)\n", [7]),
    ("one\n\n/// internal\ntext\n///\n[x](missing.md)\n", [6]),
    ("one\n\n<a href=\"missing.md\">x</a>\n", [3]),
    ("one\n\n[x](missing.md#a&b)\n", [3]),
])  # fmt: skip
def test_findings_name_the_line(wide: World, body: str, lines: list[int]) -> None:
    assert [line for _, line, _ in read(wide, body)[1]] == lines


def test_the_line_of_a_fact_in_a_link(make_world: Make) -> None:
    brand = RETAIL.replace("facts:", "facts:\n  place: nowhere.md")
    _, found = read(make_world({"brands/retail/brand.yml": brand}), "one\n\n[x]({{ brand.place }})\n")
    assert found == [("dead-link", 3, Severity.WARNING)]


@pytest.mark.parametrize(("body", "lines"), [
    ("`missing.md` is text\n\n[x](missing.md)\n", [3]),
    ("See missing.md.\n\n[x](missing.md)\n", [3]),
    ("[x](amissing.md)\n\n[y](missing.md)\n", [1, 3]),
    ("[x](refunds.md#nothing)\n\n[y](#nothing)\n", [1, 3]),
    ("/// brand | web\n[x](missing.md)\n///\n\n[y](missing.md)\n", [5]),
])  # fmt: skip
def test_findings_name_the_line_of_the_link_not_of_like_text(wide: World, body: str, lines: list[int]) -> None:
    assert [line for _, line, _ in sorted(read(wide, body)[1], key=lambda one: one[1])] == lines


def test_findings_of_a_picture_and_a_link_to_it_have_their_own_lines(wide: World) -> None:
    _, found = read(wide, "[a](no.png)\n\n![b](no.png)\n")
    assert {rule: line for rule, line, _ in found} == {"dead-link": 1, "missing-image": 3}


@pytest.mark.parametrize("target", ["http://[broken", "java&#9;script:alert(1)", "javascript:x"])
def test_links_in_html_that_no_browser_may_follow_have_no_address(wide: World, target: str) -> None:
    html, _ = read(wide, f'one\n\n<a href="{target}">x</a>\n')
    assert "<a>x</a>" in html


# Files and pictures -------------------------------------------------------------------------------------------------


def test_links_to_files_lead_to_their_published_copy(wide: World) -> None:
    for target in ("<files/price list.pdf>", "files/price%20list.pdf", "/billing/files/price%20list.pdf"):
        assert re.fullmatch(r"\.\./\.\./\.\./assets/price-list\.[0-9a-f]{8}\.pdf", href(wide, target) or "")


def test_pictures_have_address_size_and_words(wide: World) -> None:
    html, found = read(wide, '![A "shot" & more](files/shot.png){ width="9" } ![b](/billing/files/shot.png)\n')
    assert found == []
    one, two = re.findall(r"<img [^>]*>", html)
    assert re.search(r'src="\.\./\.\./\.\./assets/shot\.[0-9a-f]{8}\.png"', one)
    assert 'alt="A &quot;shot&quot; &amp; more"' in one
    assert 'width="9"' in one
    assert 'height="6"' in one
    assert 'width="3" height="2"' in two


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("", 'width="3" height="2"'),
        ("{width=30}", 'width="30" height="20"'),
        ("{height=40}", 'height="40" width="60"'),
        ("{width=10 height=10}", 'height="10" width="10"'),
        ("{width=50%}", 'width="50%"'),
    ],
)
def test_nothing_moves_when_a_picture_comes(wide: World, given: str, shown: str) -> None:
    html, _ = read(wide, f"![a](files/shot.png){given}\n")
    (one,) = re.findall(r"<img [^>]*>", html)
    assert " ".join(re.findall(r'(?:width|height)="[^"]*"', one)) == shown


def test_all_pictures_but_the_first_wait_until_they_are_near(wide: World) -> None:
    html, _ = read(wide, "![a](files/shot.png)\n\n![b](files/shot.png)\n\n![c](files/shot.png){loading=eager}\n")
    loading = [re.findall(r'loading="(\w+)"', one) for one in re.findall(r"<img [^>]*>", html)]
    assert loading == [[], ["lazy"], ["eager"]]


def test_a_caption_and_a_tooltip_show_the_brands_facts(wide: World) -> None:
    html, found = read(wide, '![a](files/shot.png "{{ brand.name }}")\n\nIn ![b](files/shot.png "{{ brand.name }}")\n')
    assert found == []
    assert "<figcaption>Acme Retail</figcaption>" in html
    assert 'title="Acme Retail"' in html
    read(wide, 'In ![b](files/shot.png "{{ brand.nme }}")\n')
    assert "unknown-fact" in wide.rules()


def picture(world: World, brand: str, locale: str) -> str:
    """The source file of the one picture that the site publishes."""
    (path,) = world.site(brand, locale).assets
    return path


def test_pictures_are_the_brands_before_the_shared_and_the_languages_before_its_fallback(make_world: Make) -> None:
    article = "---\ntitle: A\n---\n![a](a.png)\n"
    files: dict[str, str | bytes] = {
        "content/en/billing/a.md": article, "content/de/billing/a.md": article, "content/en/billing/a.png": PNG,
    }  # fmt: skip
    world = make_world(files)
    assert picture(world, "retail", "de") == "content/en/billing/a.png"
    world.write({"content/de/billing/a.png": PNG + b"de"})
    assert picture(world, "retail", "de") == "content/de/billing/a.png"
    assert picture(world, "retail", "en") == "content/en/billing/a.png"
    assert picture(world, "retail", "ar") == "content/en/billing/a.png"
    world.write({"brands/web/content/en/billing/a.png": PNG + b"web"})
    assert picture(world, "web", "en") == "brands/web/content/en/billing/a.png"
    assert picture(world, "web", "de") == "content/de/billing/a.png"
    assert picture(world, "retail", "en") == "content/en/billing/a.png"
    world.write({"brands/web/content/de/billing/a.png": PNG + b"webde"})
    assert picture(world, "web", "de") == "brands/web/content/de/billing/a.png"


@pytest.mark.parametrize(
    "target", ["missing.png", "../../../../etc/x.png", "data:image/png;base64,AAAA", "javascript:x"]
)
def test_pictures_that_are_not_there_are_words_and_a_finding(wide: World, target: str) -> None:
    html, found = read(wide, f"one\n\n![The words]({target})\n")
    assert "<img" not in html
    assert re.search(r'<span class="missing-image">[^<]*The words</span>', html)
    assert found == [("missing-image", 3, Severity.WARNING)]


@pytest.mark.parametrize("target", ["https://a.example/x.png", "http://a.example/x.png", "//a.example/x.png"])
def test_pictures_from_elsewhere_become_links(wide: World, target: str) -> None:
    html, found = read(wide, f"one\n\n![The words]({target})\n")
    assert "<img" not in html
    assert re.search(rf'<a href="(https:)?{re.escape(target)}">[^<]*The words</a>', html)
    assert found == [("external-image", 3, Severity.WARNING)]


def test_a_linked_picture_of_ones_own_stays_in_its_link(wide: World) -> None:
    html, found = read(wide, "[![a](files/shot.png)](refunds.md)\n")
    assert found == []
    assert re.search(r'<a href="\.\./\.\./billing/refunds/"><img [^>]*></a>', html)


def test_a_linked_picture_from_elsewhere_makes_one_link_of_it(wide: World) -> None:
    html, _ = read(wide, "[![a](https://a.example/x.png)](refunds.md)\n")
    assert not re.search(r"<a\b(?:(?!</a>).)*<a\b", html)
    assert 'href="../../billing/refunds/"' in html


def test_no_page_carries_a_placeholder(wide: World) -> None:
    text = "## B\n\n[x](refunds.md) ![y](files/shot.png) {{ brand.price }}\n\n!!! note\n    z[^1]\n\n[^1]: n\n"
    wide.write({"content/en/billing/a.md": HEAD + text})
    pages = wide.site().pages
    assert "z" in next(page.body for page in pages if page.key == "billing/a")
    for page in pages:
        assert not set(f"{page.body}{page.title}{page.description}{page.heading}") & set("\ue000\ue001")
