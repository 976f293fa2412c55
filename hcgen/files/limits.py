"""The setting `relevance` of mkdocs.yml to limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hcgen.files.values import mapping
from hcgen.model.finding import Finding
from hcgen.model.golden import Limit, Measure
from hcgen.model.locale import Locale
from hcgen.text import closest


def limits_of(value: object) -> tuple[Limit, ...]:
    """Every limit that `value` sets, the more special ones last."""
    general = mapping(value)
    found = list(_of_language(general, ""))
    for code, limits in mapping(general.get("languages")).items():
        found += _of_language(mapping(limits), code)
    return tuple(found)


def _of_language(limits: dict[str, object], locale: str) -> Iterator[Limit]:
    yield from _plain(limits, locale, "")
    for kind, inner in mapping(limits.get("classes")).items():
        yield from _plain(mapping(inner), locale, kind)


def _plain(limits: dict[str, object], locale: str, kind: str) -> Iterator[Limit]:
    for measure in Measure:
        if measure.value in limits:
            yield Limit(measure, float(str(limits[measure.value])), locale, kind)


def unknown_languages(value: object, locales: Iterable[Locale], line: Callable[[str], int]) -> list[Finding]:
    """Limits of languages that the project does not have; `line` gives the line of a language."""
    known = [locale.code for locale in locales]
    found = []
    for code in mapping(mapping(value).get("languages")):
        if code not in known:
            near = closest(code, known)
            remedy = f"Did you mean `{near}`?" if near else f"The project has {', '.join(known)}."
            what = f"relevance has limits for {code!r}, which is no language of the project"
            found.append(Finding("mkdocs.yml", line(code), "settings", what, remedy))
    return found
