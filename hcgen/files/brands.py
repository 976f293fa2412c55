"""`brands/<id>/brand.yml` to `Brand` values; a brand whose file is wrong is a finding and is left out."""

from __future__ import annotations

from pathlib import Path

from hcgen.files import contact, schema
from hcgen.files.frontmatter import decode
from hcgen.files.pictures import dimensions
from hcgen.files.values import localized as _localized
from hcgen.files.values import mapping as _mapping
from hcgen.files.values import words as _words
from hcgen.files.walk import entries
from hcgen.files.yamlio import Document, YamlFault, parse
from hcgen.model.article import Asset
from hcgen.model.brand import Brand, Look, Palette
from hcgen.model.finding import Finding
from hcgen.model.locale import Localized, default_chain
from hcgen.text import closest, digest


def read_brands(
    root: Path, locales: tuple[str, ...]
) -> tuple[tuple[Brand, ...], dict[tuple[str, str], Asset], list[Finding]]:
    """All brands in their order, their logos, and what is wrong with them."""
    brands: list[Brand] = []
    assets: dict[tuple[str, str], Asset] = {}
    findings: list[Finding] = []
    for name in sorted(brand_names(root)):
        brand = _read(root, name, locales, findings)
        if brand is None:
            continue
        brands.append(brand)
        if brand.look.logo:
            _logo(root, brand, assets, findings)
    return tuple(sorted(brands, key=lambda brand: (brand.order, brand.id))), assets, findings


def brand_names(root: Path) -> set[str]:
    """Every folder of `brands/`: a brand whose file is wrong still exists for those who name it."""
    folder = root / "brands"
    found = entries(root, "brands", []) if folder.is_dir() else []
    return {entry.name for entry in found if entry.is_dir() and not entry.name.startswith("_")}


def _logo(root: Path, brand: Brand, assets: dict[tuple[str, str], Asset], findings: list[Finding]) -> None:
    home = (root / "brands" / brand.id).resolve()
    path = (home / brand.look.logo).resolve()
    if not path.is_relative_to(home) or not path.is_file():
        remedy = f"Put the picture into brands/{brand.id}/ and name it there."
        findings.append(Finding(brand.path, 0, "missing-image", f"the logo {brand.look.logo!r} is not there", remedy))
        return
    data = path.read_bytes()
    assets[brand.id, brand.look.logo] = Asset(
        f"brands/{brand.id}/{brand.look.logo}", digest(data), len(data), *dimensions(path)
    )


def _read(root: Path, name: str, locales: tuple[str, ...], findings: list[Finding]) -> Brand | None:
    path = f"brands/{name}/brand.yml"
    try:
        data = (root / path).read_bytes()
    except OSError:
        remedy = "Add the file (docs/content-model.md shows one), or remove the folder."
        findings.append(Finding(path, 0, "missing-brand-file", "the brand has no brand.yml", remedy))
        return None
    text, faults = decode(data, path)
    findings += faults
    if faults:
        return None
    try:
        document = parse(text)
    except YamlFault as fault:
        findings.append(Finding(path, fault.line, "brand-file", fault.message, fault.remedy))
        return None
    value = document.value if isinstance(document.value, dict) else {}
    wrong = schema.faults("brand", document, value)
    findings += [Finding(path, fault.line, "brand-file", fault.message, fault.remedy) for fault in wrong]
    if wrong:
        return None
    odd = _inconsistent(name, value, document, path, locales)
    findings += odd
    return None if odd else _brand(name, value, document, path, locales, digest(data))


def _inconsistent(
    name: str, value: dict[str, object], document: Document, path: str, locales: tuple[str, ...]
) -> list[Finding]:
    found: list[Finding] = []

    def add(where: tuple[str | int, ...], what: str, remedy: str) -> None:
        found.append(Finding(path, document.line(where), "brand-file", what, remedy))

    if value.get("id", name) != name:
        add(("id",), f"the id is not the folder's name {name!r}", f"Write `id: {name}`, or rename the folder.")
    own = _words(value.get("locales"))
    named: list[tuple[tuple[str | int, ...], str]] = [(("locales", at), code) for at, code in enumerate(own)]
    chains = value.get("fallback_chains")
    if isinstance(chains, dict):
        named += [(("fallback_chains", code), code) for code in chains]
        named += [(("fallback_chains", c, at), code) for c in chains for at, code in enumerate(_words(chains[c]))]
    for where, code in named:
        if code not in locales:
            near = closest(code, locales)
            advice = f"Did you mean `{near}`?" if near else f"The project has {', '.join(locales)} (mkdocs.yml)."
            add(where, f"{code!r} is no language of the project", advice)
    default = value.get("default_locale")
    if default and default not in own:
        add(("default_locale",), f"{default!r} is not among the brand's locales", f"Use one of: {', '.join(own)}.")
    contact.check_contact(value, document, add)
    return found


def _brand(
    name: str, value: dict[str, object], document: Document, path: str, locales: tuple[str, ...], source: str
) -> Brand:
    own = _words(value["locales"])
    default = str(value.get("default_locale") or own[0])
    given = value.get("fallback_chains")
    chains = {}
    for code in own:
        chain = _words(given.get(code)) if isinstance(given, dict) and code in given else default_chain(code, default)
        chains[code] = tuple(dict.fromkeys(step for step in (code, *chain) if step in locales))
    look = _mapping(value.get("look"))
    facts = _mapping(value.get("facts"))
    takes = _mapping(value.get("takes"))
    known = {str(key): _localized(document, ("facts", key)) for key in facts}
    known.setdefault("name", Localized((("", str(value["name"])),)))
    known.setdefault("site_url", Localized((("", str(value["site_url"])),)))
    return Brand(
        id=name,
        name=str(value["name"]),
        site_url=str(value["site_url"]).rstrip("/") + "/",
        path=path,
        locales=own,
        default_locale=default,
        chains=chains,
        shows_fallback=value.get("fallback", "show") == "show",
        look=Look(
            logo=str(look.get("logo", "")),
            light=_palette(look.get("light")),
            dark=_palette(look.get("dark")),
            radius=str(look.get("radius", "")),
            font=str(look.get("font", "")),
        ),
        facts=known,
        channels=contact.channels(value, document),
        ticket=contact.ticket(_mapping(value.get("ticket")), document),
        time_zone=str(value.get("time_zone", "")),
        holidays=contact.holidays(value, document),
        answer_time=_localized(document, ("answer_time",)) if "answer_time" in value else None,
        csp=contact.directives(value, document),
        categories=_words(takes.get("categories")),
        tags=_words(takes.get("tags")),
        beacon=str(value.get("beacon", "")),
        feedback=str(value.get("feedback", "")),
        former_hosts=_words(value.get("former_hosts")),
        order=float(str(value.get("order", 1000.0))),
        digest=source,
    )


def _palette(value: object) -> Palette:
    colours = _mapping(value)
    return Palette(accent=str(colours.get("accent", "")), on_accent=str(colours.get("on_accent", "")))
