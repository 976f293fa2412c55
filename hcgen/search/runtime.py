"""The browser's part of search: the modules of theme/search as one script for one language."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import msgspec

from hcgen.search.languages import Language

# In the order in which they need each other.
_MODULES = ("fold", "analyse", "numbers", "store", "dictionary", "rank", "excerpt", "search")
_IMPORT = re.compile(r"^import .*\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (default )?", re.MULTILINE)


@lru_cache(maxsize=64)
def runtime(folder: Path, language: Language) -> str:
    """The script for pages in `language`: an ES module that exports `create`. `folder` is theme/search."""
    parts = [_module(folder / f"{name}.js") for name in _MODULES if (folder / f"{name}.js").is_file()]
    stem = "undefined"
    if language.stemmer:
        # What is private to a stemmer stays in a block of its own: the compiler gives all of them the same names.
        base, own = _module(folder / "stem" / "base-stemmer.js"), _module(folder / "stem" / f"{language.stemmer}.js")
        inner = f"{base.replace('class BaseStemmer', 'class B')}\n{own.replace('class extends B', 'class Own extends B')}"
        parts.append(f"const stem = (() => {{\n{inner}\nconst own = new Own();\nreturn (word) => own.stem(word);\n}})();")
        stem = "stem"
    data = msgspec.json.encode(language).decode()
    parts.append(f"const LANGUAGE = {data};\nexport const analyse = createAnalyser(LANGUAGE, {stem});")
    parts.append("export const create = (options) => createSearch({ ...options, analyse, language: LANGUAGE });\n")
    return "\n".join(parts)


def _module(path: Path) -> str:
    return _EXPORT.sub("", _IMPORT.sub("", path.read_text("utf-8")))
