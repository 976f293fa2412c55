"""The browser's part of search: the modules of theme/search as one script for one language."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import msgspec

from hcgen.search.languages import Language

# In the order in which they need each other.
_MODULES = ("fold", "analyse", "numbers", "store", "dictionary", "query", "rank", "excerpt", "search")
_IMPORT = re.compile(r"^import .*\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class) (\w+))", re.MULTILINE)
# BSD 3-Clause asks for its notice; `!` keeps it where comments are taken out.
_NOTICE = "/*! Stemmer: Snowball, https://snowballstem.org/license.html (BSD 3-Clause) */"


@lru_cache(maxsize=64)
def runtime(folder: Path, language: Language) -> str:
    """The script for pages in `language`: an ES module, `create` and `analyse`. `folder` is theme/search."""
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
