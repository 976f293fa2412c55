"""A fragment taken into a page: every placeholder filled with the brand's facts, addresses, ids and words."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from hcgen.markup.fragment import Fragment, Image, Link, fill, inline_text, plain_text
from hcgen.model.article import Article, Asset
from hcgen.model.finding import Finding, Severity
from hcgen.model.locale import Locale
from hcgen.model.site import TocEntry
from hcgen.pages.library import Converted
from hcgen.pages.links import Links, Target
from hcgen.text import closest, shorten

_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_FIRST_TITLE = re.compile(r"^\s*<h1\b[^>]*>.*?</h1>\s*", re.S)
_ERRORS = frozenset(("internal-link", "unsafe-link"))


def locate(lines: Iterable[tuple[str, int]], target: str, nth: int, *, is_image: bool = False) -> int:
    """The line of the text where the `nth` link (or picture) to `target` stands, counted from 0; else the first line.

    `lines` are those that the brand's readers see, with their numbers. Code is passed over.
    """
    plain = re.sub("\ue000F(\\w+)\ue001", r"{{ brand.\1 }}", target)
    forms = {plain, plain.replace("%20", " "), unquote(plain), html.escape(plain, quote=False)}
    forms.add(plain.removeprefix("mailto:").removeprefix("http://"))
    wanted = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True) if form)
    if not wanted:
        return 1
    bare = r"|(?<![\w./-])" if ":" in plain else ""
    before = rf"(?:(!\[[^\[\]]*\]\(\s*<?|<img\b[^>]*?[\"'])|\]\(\s*<?|\]:\s*<?|href=[\"']|<{bare})"
    pattern = re.compile(rf"{before}(?:{wanted})(?![\w/#?%.-]*[\w/#?%])")
    in_code = ""
    for text, number in lines:
        mark = text.lstrip(" >\t-*+0123456789.)")[:3]
        if mark in ("```", "~~~") and in_code in ("", mark):
            in_code = "" if in_code else mark
            continue
        if in_code or not any(form in text for form in forms):
            continue
        for match in pattern.finditer(_CODE_SPAN.sub(lambda code: " " * len(code[0]), text)):
            if bool(match[1]) == is_image:
                nth -= 1
                if nth < 0:
                    return number
    return 1


@dataclass(slots=True)
class Body:
    """Fills one article's fragment for one page. `use_asset` publishes a file and returns its address from the page."""

    links: Links
    locale: Locale
    content_locale: Locale
    strings: dict[str, str]
    root: str
    use_asset: Callable[[Asset], str]
    findings: list[Finding] = field(default_factory=list)

    def html(self, converted: Converted) -> str:
        """The whole body with every placeholder filled."""
        fragment, article = converted.fragment, converted.article
        ids = self.links.workshop.heading_ids(article, self.links.brand)

        def value_of(kind: str, value: str) -> str:
            match kind:
                case "F":
                    return html.escape(self._fact(value, article, report=True))
                case "H":
                    return html.escape(ids[int(value)])
                case "L":
                    return self._link(fragment.links[int(value)], article)
                case "I":
                    return self._image(fragment.images[int(value)], article)
                case _:
                    return self._word(value)

        return fill(fragment.html, value_of)

    def text(self, value: str, article: Article) -> str:
        """Text with its facts filled in (titles, descriptions), not escaped."""
        filled = re.sub(
            r"\{\{\s*brand\.([A-Za-z_]\w*)\s*\}\}", lambda match: self._fact(match[1], article, report=True), value
        )
        return fill(filled, lambda kind, name: self._fact(name, article) if kind == "F" else "")

    def _fact(self, name: str, article: Article, *, report: bool = False) -> str:
        brand = self.links.brand
        value = brand.fact(name, self.locale.code)
        if value is not None:
            return value
        if report:
            near = closest(name, brand.facts)
            remedy = f"Did you mean `{near}`? " if near else ""
            remedy += f"Add `{name}:` below `facts:` in {brand.path}, or correct the name."
            line = article.body_line + article.body.count("\n", 0, max(0, article.body.find(f"brand.{name}")))
            what = f"the brand {brand.id!r} has no fact {name!r}"
            self.findings.append(Finding(article.path, line, "unknown-fact", what, remedy))
        return f"{{{{ brand.{name} }}}}"

    def _word(self, name: str) -> str:
        key = name if name in self.strings else f"callout.{name}"
        word = html.escape(self.strings.get(key, name.capitalize()))
        if self.locale.code == self.content_locale.code:
            return word
        return f'<span lang="{self.locale.code.replace("_", "-")}" dir="{self.locale.direction}">{word}</span>'

    def _report(self, target: Target, article: Article, raw: str, nth: int, *, is_image: bool = False) -> None:
        if target.rule:
            lines = self.links.workshop.lines(article, self.links.brand)
            line = locate(lines, raw, nth, is_image=is_image) + article.body_line - 1
            severity = Severity.ERROR if target.rule in _ERRORS else Severity.WARNING
            self.findings.append(Finding(article.path, line, target.rule, target.message, target.remedy, severity))

    def _link(self, link: Link, article: Article) -> str:
        raw = self.text(link.target, article)
        target = self.links.resolve(article, raw)
        self._report(target, article, link.target, link.nth)
        if target.asset:
            return f' href="{html.escape(self.use_asset(target.asset))}"'
        if target.url is None:
            return ""
        url = target.url
        inside = not (url.startswith("#") or ":" in url.split("/")[0])
        return f' href="{html.escape(self.root + url if inside else url)}"'

    def _image(self, image: Image, article: Article) -> str:
        asset, target = self.links.image(article, self.text(image.target, article))
        alt = html.escape(self.text(image.alt, article))
        if asset:
            size = "" if "width=" in image.attributes or "height=" in image.attributes or not asset.width else (
                f' width="{asset.width}" height="{asset.height}"'
            )  # fmt: skip
            return (
                f'<img src="{html.escape(self.use_asset(asset))}" alt="{alt}"{image.attributes}{size} loading="lazy">'
            )
        self._report(target, article, image.target, image.nth, is_image=True)
        if target.url:
            label = html.escape(self.strings.get("external_image", "{alt}")).replace(
                "{alt}", alt or html.escape(target.url)
            )
            return label if image.is_linked else f'<a href="{html.escape(target.url)}">{label}</a>'
        label = html.escape(self.strings.get("missing_image", "{alt}")).replace(
            "{alt}", alt or html.escape(image.target)
        )
        return f'<span class="missing-image">{label}</span>'


def title_of(article: Article, fragment: Fragment) -> str:
    """The article's title: its front matter's, else its H1, else its file name in words."""
    if article.front.title:
        return article.front.title
    if fragment.headings and fragment.headings[0].level == 1:
        return fragment.headings[0].title
    name = article.key.rpartition("/")[2].replace("-", " ").replace("_", " ").strip()
    return name[:1].upper() + name[1:]


def without_title(body: str) -> tuple[str, str]:
    """(the words of a leading H1 or "", the body without it): the page shows its heading itself."""
    match = _FIRST_TITLE.match(body)
    rest = body[match.end() :] if match else body
    # One h1 a page: further ones of the writer are one level lower on it.
    rest = re.sub(r"<(/?)h1\b", r"<\1h2", rest)
    return (inline_text(match[0]), rest) if match else ("", rest)


def contents(fragment: Fragment, ids: tuple[str, ...], fill_text: Callable[[str], str]) -> tuple[TocEntry, ...]:
    """The headings of the second and third level, for a page's contents."""
    return tuple(
        TocEntry(ids[at], fill_text(heading.title), heading.level)
        for at, heading in enumerate(fragment.headings)
        if heading.level in (2, 3) and heading.title
    )


def summary_of(body: str) -> str:
    """A description from the first paragraphs, at most 155 characters."""
    first = re.search(r"<p>(.*?)</p>", body, re.S)
    words = inline_text(first[1]) if first else ""
    return shorten(words if len(words) > 40 else plain_text(body), 155)
