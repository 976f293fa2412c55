"""`mkdocs.yml` and everything below the project folder to one `Project`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from hcgen.errors import ProjectError
from hcgen.files import schema
from hcgen.files.brands import brand_names, read_brands
from hcgen.files.bulletins import read_bulletins, unknown_articles
from hcgen.files.content import Content, Found, Source, article_text, find_sources, gather, read_source
from hcgen.files.frontmatter import decode
from hcgen.files.limits import limits_of, unknown_languages
from hcgen.files.lock import read_lock
from hcgen.files.strings import read_strings
from hcgen.files.synonyms import read_synonyms
from hcgen.files.yamlio import Document, YamlFault, parse
from hcgen.model.article import Article, Asset
from hcgen.model.brand import Brand
from hcgen.model.bulletin import Bulletin
from hcgen.model.finding import Finding, Severity
from hcgen.model.locale import Locale
from hcgen.model.project import Library, Project, Settings, Strings, Synonyms
from hcgen.text import closest

SETTINGS_FILE = "mkdocs.yml"
# Extensions whose syntax the dialect reads (docs/writers/markdown.md); others are reported.
DIALECT = frozenset(
    [
        "abbr",
        "admonition",
        "attr_list",
        "def_list",
        "fenced_code",
        "footnotes",
        "md_in_html",
        "meta",
        "sane_lists",
        "tables",
        "toc",
        "extra",
        "markdown.extensions.extra",
        "pymdownx.betterem",
        "pymdownx.blocks.admonition",
        "pymdownx.blocks.caption",
        "pymdownx.blocks.details",
        "pymdownx.blocks.html",
        "pymdownx.blocks.tab",
        "pymdownx.caret",
        "pymdownx.critic",
        "pymdownx.details",
        "pymdownx.emoji",
        "pymdownx.extra",
        "pymdownx.highlight",
        "pymdownx.inlinehilite",
        "pymdownx.keys",
        "pymdownx.magiclink",
        "pymdownx.mark",
        "pymdownx.saneheaders",
        "pymdownx.smartsymbols",
        "pymdownx.snippets",
        "pymdownx.superfences",
        "pymdownx.tabbed",
        "pymdownx.tasklist",
        "pymdownx.tilde",
    ]
)


class Frame(Struct, frozen=True):
    """Everything of a project but its content: what must be known before content can be read."""

    root: Path
    settings: Settings
    brands: tuple[Brand, ...]
    brand_assets: Mapping[tuple[str, str], Asset]
    brand_names: frozenset[str]
    bulletins: Mapping[str, Bulletin]
    strings: Mapping[str, Strings]
    synonyms: Synonyms
    findings: tuple[Finding, ...]


def read_frame(root: Path) -> Frame:
    """Settings, brands and words of the project in `root`. Raises ProjectError where there is nothing to work on."""
    root = root.resolve()
    settings, findings = read_settings(root)
    codes = tuple(locale.code for locale in settings.locales)
    brands, brand_assets, faults = read_brands(root, codes)
    findings += faults
    if not brands:
        # The fault of a brand explains most; a warning elsewhere explains nothing.
        for finding in sorted(findings, key=lambda one: (not one.path.startswith("brands/"), one.severity.value)):
            raise ProjectError(finding.message, where=finding.place, remedy=finding.remedy)
        raise ProjectError("the project has no brand", where="brands/", remedy="Add brands/<id>/brand.yml.")
    strings, more = read_strings(root, codes)
    names = frozenset(brand_names(root))
    bulletins, odd = read_bulletins(root, [brand.id for brand in brands], codes)
    synonyms, wrong = read_synonyms(root, brands)
    every = tuple(findings + more + odd + wrong)
    return Frame(root, settings, brands, brand_assets, names, bulletins, strings, synonyms, every)


def frame_sources(frame: Frame, findings: list[Finding]) -> list[Source]:
    """Every content file of the project, unread."""
    codes = tuple(locale.code for locale in frame.settings.locales)
    return find_sources(frame.root, [brand.id for brand in frame.brands], codes, findings)


def make_project(
    frame: Frame, contents: Iterable[tuple[Source, Content]], findings: Iterable[Finding], now: datetime
) -> Project:
    """The project that `frame` and its content make, held against the moment `now` (UTC)."""
    found = gather(contents)
    _unknown_brands(found, frame.brand_names)
    found.findings += unknown_articles(frame.bulletins, found.articles)
    locked, damages = read_lock(frame.root)
    return Project(
        root=frame.root,
        settings=frame.settings,
        brands=frame.brands,
        library=Library(found.articles, found.indexes, found.assets, found.snippets),
        strings=frame.strings,
        brand_assets=frame.brand_assets,
        brand_names=frame.brand_names,
        bulletins=frame.bulletins,
        findings=tuple(sorted({*frame.findings, *findings, *found.findings, *damages})),
        now=now,
        text=partial(article_text, frame.root),
        locked_steps=locked,
        synonyms=frame.synonyms,
    )


def read_project(root: Path, now: datetime | None = None) -> Project:
    """The project in the folder `root`, held against the moment `now` (UTC; the present unless given).

    Faults of content are findings of the project; ProjectError where there is nothing to work on.
    """
    frame = read_frame(root)
    findings: list[Finding] = []
    sources = frame_sources(frame, findings)
    contents = ((source, read_source(frame.root, source)[0]) for source in sources)
    return make_project(frame, contents, findings, now or datetime.now(UTC))


def _unknown_brands(found: Found, known: frozenset[str]) -> None:
    """Front matter that names brands which do not exist: reported, and nobody else sees the article."""
    every: list[Article] = [*found.articles.values(), *found.indexes.values()]
    for article in every:
        for name in article.front.brands:
            if name not in known:
                near = closest(name, known)
                remedy = f"Did you mean `{near}`?" if near else f"Brands: {', '.join(sorted(known))}."
                line = article.front.lines.get("brands", 1)
                found.findings.append(
                    Finding(article.path, line, "unknown-brand", f"no brand is called {name!r}", remedy)
                )


def read_settings(root: Path) -> tuple[Settings, list[Finding]]:
    """What mkdocs.yml says, and what is odd in it. Raises ProjectError where languages cannot be known."""
    try:
        data = (root / SETTINGS_FILE).read_bytes()
    except OSError:
        remedy = "Run hcgen in the folder of mkdocs.yml, or name it with -C."
        raise ProjectError("there is no mkdocs.yml here", where=str(root), remedy=remedy) from None
    text, faults = decode(data, SETTINGS_FILE)
    if faults:
        raise ProjectError(faults[0].message, where=faults[0].place, remedy=faults[0].remedy)
    try:
        document = parse(text, environment=True)
    except YamlFault as fault:
        raise ProjectError(fault.message, where=f"{SETTINGS_FILE}:{fault.line}", remedy=fault.remedy) from None
    value = document.value if isinstance(document.value, dict) else {}
    plugins = _named(value.get("plugins"))
    ours = plugins.get("hcgen", {})
    findings = []
    for wrong in schema.faults("settings", document, ours):
        line = document.line(_where(value.get("plugins"), "hcgen", *wrong.path))
        findings.append(Finding(SETTINGS_FILE, line, "settings", wrong.message, wrong.remedy))
        ours = {key: item for key, item in ours.items() if not wrong.path or key != wrong.path[0]}
    findings += _extensions(value, document)
    locales = _locales(plugins.get("i18n", {}), document, _where(value.get("plugins"), "i18n", "languages"))
    place = _where(value.get("plugins"), "hcgen", "relevance", "languages")
    findings += unknown_languages(ours.get("relevance"), locales, lambda code: document.line((*place, code)))
    return (
        Settings(
            site_name=str(value.get("site_name") or "Help center"),
            site_url=str(value.get("site_url") or "").rstrip("/") + ("/" if value.get("site_url") else ""),
            locales=locales,
            page_size=int(str(ours.get("page_size", 30))),
            renderer=str(ours.get("renderer", "mkdocs")),
            limits=limits_of(ours.get("relevance")),
        ),
        findings,
    )


def _named(value: object) -> dict[str, dict[str, object]]:
    """MkDocs's list of names or `name: options` (or a mapping) as one mapping."""
    found: dict[str, dict[str, object]] = {}
    items = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
    for item in items:
        for name, options in item.items() if isinstance(item, dict) else [(item, None)]:
            found[str(name)] = {str(k): v for k, v in options.items()} if isinstance(options, dict) else {}
    return found


def _where(value: object, name: str, *inner: str | int) -> tuple[str | int, ...]:
    for at, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict) and name in item:
            return ("plugins", at, name, *inner)
    return ("plugins", name, *inner)


def _extensions(value: dict[str, object], document: Document) -> list[Finding]:
    found = []
    listed = value.get("markdown_extensions")
    items = listed if isinstance(listed, list) else list(listed) if isinstance(listed, dict) else []
    for at, item in enumerate(items):
        name = str(next(iter(item)) if isinstance(item, dict) and item else item)
        if name.removeprefix("markdown.extensions.") not in DIALECT and name not in DIALECT:
            line = document.line(("markdown_extensions", at if isinstance(listed, list) else name))
            remedy = "Remove it; docs/writers/markdown.md lists what the dialect has."
            what = f"the extension {name!r} is not part of the dialect and is not used"
            found.append(Finding(SETTINGS_FILE, line, "unknown-extension", what, remedy, Severity.WARNING))
    return found


def _locales(i18n: dict[str, object], document: Document, where: tuple[str | int, ...]) -> tuple[Locale, ...]:
    languages = i18n.get("languages")
    found: list[Locale] = []
    for at, item in enumerate(languages if isinstance(languages, list) else []):
        if isinstance(item, dict) and "locale" in item and item.get("build", True) is not False:
            code = document.raw.get((*where, at, "locale"), str(item["locale"]))
            if code == "null":
                continue
            found.append(Locale(code, str(item.get("name") or code), bool(item.get("default"))))
    if not found:
        remedy = "Add `plugins: [{i18n: {languages: [{locale: en, name: English, default: true}]}}]`."
        raise ProjectError(
            "no language is named", where=f"{SETTINGS_FILE}:{document.line(('plugins',))}", remedy=remedy
        )
    if not any(locale.is_default for locale in found):
        found[0] = Locale(found[0].code, found[0].name, is_default=True)
    return tuple(found)
