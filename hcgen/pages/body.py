"""A fragment taken into a page: every placeholder filled with the brand's facts, addresses, ids and words."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

from msgspec import Struct, field

from hcgen.markup.fragment import Fragment, Image, Link, fill
from hcgen.model.article import Article, Asset
from hcgen.model.finding import Finding, Severity
from hcgen.model.locale import Locale
from hcgen.model.site import Download, TocEntry
from hcgen.pages.library import Converted
from hcgen.pages.links import Links, Target
from hcgen.text import closest, shorten

_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_FACT = re.compile(r"\{\{\s*brand\.([A-Za-z_]\w*)\s*\}\}")
_PIXELS = re.compile(r' (width|height)="(\d{1,5})"')
_H1 = re.compile(r"<(/?)h1\b")
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


class Filling(Struct, frozen=True):
    """All that one page puts into a fragment's placeholders but the words of its language: HTML, and in which language.

    `sign` names the fragment's HTML; `steps` are the ids of its steps, () for none. Equal fillings with equal words
    give equal bodies.
    """

    sign: str
    ids: tuple[str, ...]
    links: tuple[str, ...]
    images: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    steps: tuple[str, ...] = ()
    opening_end: int = 0
    """Where the text begins behind a leading title, which the page shows itself."""


def filled(html_: str, filling: Filling, word: Callable[[str], str], question: str = "") -> str:
    """A fragment's HTML with every placeholder filled.

    `word` gives the HTML of an interface word, `question` is the HTML at the end of each step (`step_question`).
    """
    facts = dict(filling.facts)

    def value_of(kind: str, value: str) -> str:
        match kind:
            case "F":
                return facts[value]
            case "H":
                return filling.ids[int(value)]
            case "L":
                return filling.links[int(value)]
            case "I":
                return filling.images[int(value)]
            case "S":
                return f' id="{filling.steps[int(value)]}"' if filling.steps else ""
            case "W":
                return question.replace("{step}", filling.steps[int(value)]) if question else ""
            case _:
                return word(value)

    return fill(html_, value_of)


def without_title(html_: str, filling: Filling, word: Callable[[str], str], question: str = "") -> str:
    """The filled body without a leading H1, further ones one level lower: a page has one, its heading."""
    rest = filled(html_[filling.opening_end :], filling, word, question)
    return _H1.sub(r"<\1h2", rest) if "h1" in rest else rest


def word_of(name: str, strings: Mapping[str, str], locale: Locale, content_locale: Locale) -> str:
    """The HTML of an interface word, marked with its language in a body of another one."""
    key = name if name in strings else f"callout.{name}"
    word = html.escape(strings.get(key, name.capitalize()))
    mark = _marked(locale, content_locale)
    return f"<span{mark}>{word}</span>" if mark else word


def step_question(strings: Mapping[str, str], locale: Locale, content_locale: Locale) -> str:
    """The question whether a step worked, with `{step}` for its id. Its buttons belong to the page's form `hc-did`."""
    question, yes, no = (html.escape(strings[name]) for name in ("step_question", "answer_yes", "answer_no"))
    button = '<button type="submit" form="hc-did" name="{}" value="{{step}}">{}</button>'
    buttons = button.format("yes", yes) + button.format("no", no)
    return f'<fieldset class="hc-did"{_marked(locale, content_locale)}><legend>{question}</legend>{buttons}</fieldset>'


def _marked(locale: Locale, content_locale: Locale) -> str:
    """` lang="..." dir="..."` for words of `locale` in a body of another language, else nothing."""
    if locale.code == content_locale.code:
        return ""
    return f' lang="{locale.code.replace("_", "-")}" dir="{locale.direction}"'


class Body(Struct):
    """Settles what one page puts into fragments. `use_asset` publishes a file and returns its address from the page."""

    links: Links
    locale: Locale
    strings: Mapping[str, str]
    root: str
    use_asset: Callable[[Asset], str]
    findings: list[Finding] = field(default_factory=list)

    def filling(self, converted: Converted) -> Filling:
        """What the page puts into the placeholders of `converted`; what is wrong goes to `findings`."""
        fragment, article = converted.fragment, converted.article
        ids = self.links.workshop.heading_ids(article, self.links.brand)
        return Filling(
            sign=converted.sign,
            ids=tuple(map(html.escape, ids)),
            links=tuple(self._link(link, article) for link in fragment.links),
            images=tuple(self._image(image, article, is_first=not at) for at, image in enumerate(fragment.images)),
            facts=tuple((name, html.escape(self._fact(name, article, report=True))) for name in fragment.facts),
            steps=() if article.is_index else self.links.workshop.step_ids(article, self.links.brand),
            opening_end=fragment.opening_end,
        )

    def attachments(self, article: Article) -> tuple[Download, ...]:
        """The files that `article` lists; what is not there goes to `findings`."""
        found = []
        for one in article.front.attachments:
            asset, target = self.links.attachment(article, one.file)
            if asset is None:
                self.findings.append(Finding(article.path, one.line, target.rule, target.message, target.remedy))
                continue
            name = asset.path.rpartition("/")[2]
            found.append(Download(self.text(one.title, article) or name, self.use_asset(asset), name, asset.size))
        return tuple(found)

    def text(self, value: str, article: Article) -> str:
        """Text with its facts filled in (titles, descriptions), not escaped."""
        if "{{" in value:
            value = _FACT.sub(lambda match: self._fact(match[1], article, report=True), value)
        return fill(value, lambda kind, name: self._fact(name, article) if kind == "F" else "")

    def _fact(self, name: str, article: Article, *, report: bool = False) -> str:
        brand = self.links.brand
        value = brand.fact(name, self.locale.code)
        if value is not None:
            return value
        if report:
            near = closest(name, brand.facts)
            remedy = f"Did you mean `{near}`? " if near else ""
            remedy += f"Add `{name}:` below `facts:` in {brand.path}, or correct the name."
            text = self.links.workshop.project.text(article)
            line = article.body_line + text.count("\n", 0, max(0, text.find(f"brand.{name}")))
            what = f"the brand {brand.id!r} has no fact {name!r}"
            self.findings.append(Finding(article.path, line, "unknown-fact", what, remedy))
        return f"{{{{ brand.{name} }}}}"

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

    def _image(self, image: Image, article: Article, *, is_first: bool) -> str:
        asset, target = self.links.image(article, self.text(image.target, article))
        alt = html.escape(self.text(image.alt, article))
        if asset:
            # The first picture is often in sight at once: waiting for it would only cost time.
            given = fill(image.attributes, lambda _, name: html.escape(self._fact(name, article, report=True)))
            lazy = "" if is_first or "loading=" in given else ' loading="lazy"'
            source = html.escape(self.use_asset(asset))
            return f'<img src="{source}" alt="{alt}"{given}{_size(given, asset)}{lazy}>'
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


def _size(attributes: str, asset: Asset) -> str:
    """Width and height as far as `attributes` leaves them open, so that nothing moves when the picture comes."""
    if not asset.width or not asset.height:
        return ""
    if "width=" not in attributes and "height=" not in attributes:
        return f' width="{asset.width}" height="{asset.height}"'
    known = dict(_PIXELS.findall(attributes))
    if known.keys() == {"width"}:
        return f' height="{max(1, round(int(known["width"]) * asset.height / asset.width))}"'
    if known.keys() == {"height"}:
        return f' width="{max(1, round(int(known["height"]) * asset.width / asset.height))}"'
    return ""


def title_of(article: Article, fragment: Fragment) -> str:
    """The article's title: its front matter's, else its H1, else its file name in words."""
    if article.front.title:
        return article.front.title
    if fragment.headings and fragment.headings[0].level == 1:
        return fragment.headings[0].title
    name = article.key.rpartition("/")[2].replace("-", " ").replace("_", " ").strip()
    return name[:1].upper() + name[1:]


def contents(fragment: Fragment, ids: tuple[str, ...], fill_text: Callable[[str], str]) -> tuple[TocEntry, ...]:
    """The headings of the second and third level, for a page's contents."""
    return tuple(
        TocEntry(ids[at], fill_text(heading.title), heading.level)
        for at, heading in enumerate(fragment.headings)
        if heading.level in (2, 3) and heading.title
    )


def summary_of(fragment: Fragment, body: Body, article: Article) -> str:
    """A description from the first words, at most 155 characters."""
    return shorten(body.text(fragment.summary, article), 155)
