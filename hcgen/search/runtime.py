"""The browser's part of search: the modules of theme/search as one script for one language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from hcgen.search.languages import Language

# In the order in which they need each other.
_MODULES = ("fold", "analyse", "numbers", "store", "dictionary", "query", "rank", "excerpt", "search")
# What pages show of it stands on these.
_PAGE_MODULES = ("results", "events", "field", "page")
WORDS = (
    "search_again", "search_all_topics", "search_count", "search_count_one", "search_failed", "search_filter",
    "search_language", "search_loading", "search_more", "search_no_match", "search_none", "search_outdated",
    "search_reload", "search_see_all", "search_suggestion", "search_title",
)  # fmt: skip
"""The words of the interface that the script shows, by key."""
_IMPORT = re.compile(r"^import .*\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class) (\w+))", re.MULTILINE)
# BSD 3-Clause asks for its notice; `!` keeps it where comments are taken out.
_NOTICE = "/*! Stemmer: Snowball, https://snowballstem.org/license.html (BSD 3-Clause) */"


def runtime(folder: Path, language: Language) -> str:
    """The script for pages in `language`: an ES module, `create` and `analyse`. `folder` is theme/search."""
    return _runtime(folder, language, stamps(folder))


def page_script(folder: Path, language: Language, words: Mapping[str, str]) -> str:
    """The same with what pages do with it: `start` and `suggest` beside the others. `words` has all `WORDS`."""
    modules = "\n".join(_module(folder / f"{name}.js") for name in _PAGE_MODULES)
    said = msgspec.json.encode({name: words.get(name, name) for name in WORDS}).decode()
    page = f"export const {{ start, suggest }} = createPage(create, {said});\n"
    return f"{runtime(folder, language)}{modules}\n{page}"


def stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells the modules as they are now from those of another time."""
    paths = sorted((*folder.glob("*.js"), *folder.glob("stem/*.js")))
    return tuple((path.name, *((one := path.stat()).st_mtime_ns, one.st_size)) for path in paths)


@lru_cache(maxsize=64)
def _runtime(folder: Path, language: Language, _: tuple[tuple[str, int, int], ...]) -> str:
    parts = [_module(folder / f"{name}.js") for name in _MODULES]
    if language.stemmer:
        parts = [_NOTICE, _stemmer(folder / "stem", language.stemmer), *parts]
    stem = "stem" if language.stemmer else "undefined"
    data = msgspec.json.encode(language).decode()
    parts.append(f"const language = {data};\nexport const analyse = createAnalyser(language, {stem});")
    parts.append("export const create = (options) => createSearch({ ...options, analyse, language });\n")
    return "\n".join(parts)


def _module(path: Path) -> str:
    """A module as one expression, so that what is private to it stays so."""
    text = _IMPORT.sub("", path.read_text("utf-8"))
    names = ", ".join(_EXPORT.findall(text))
    return f"const {{ {names} }} = (() => {{\n{_EXPORT.sub('', text)}return {{ {names} }};\n}})();"


def _stemmer(folder: Path, name: str) -> str:
    """What the Snowball compiler made, as a function from word to stem."""
    base = (folder / "base-stemmer.js").read_text("utf-8").replace("export default class BaseStemmer", "class B")
    own = _IMPORT.sub("", (folder / f"{name}.js").read_text("utf-8")).replace(
        "export default class extends B", "class Own extends B"
    )
    return f"const stem = (() => {{\n{base}\n{own}\nconst own = new Own();\nreturn (word) => own.stem(word);\n}})();"
