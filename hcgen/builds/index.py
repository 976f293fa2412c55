"""The search index of a shard: the terms of a text, once analysed, are kept by its sign, language and brand facts.

Texts are analysed where they are converted, in all workers, for the language that they are written in. What else a
shard needs (a stand-in language's texts, texts with facts) it analyses itself, and the build keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from hcgen.builds.cache import Cache, decode, encode
from hcgen.builds.tools import tool_digest
from hcgen.model.site import SearchEntry, Site
from hcgen.search.documents import Analysed
from hcgen.search.texts import Facts, text_name, text_terms
from hcgen.text import digest

KIND = "terms"
"""Under which kind the cache has the terms of texts."""


def terms_name(sign: str, code: str, facts: Facts = ()) -> str:
    """Under which name the terms of a text are kept: another version analyses anew."""
    return f"{text_name(sign, code, facts)}.{tool_digest()[:16]}"


def index_digest(site: Site) -> str:
    """A digest of all that the index of `site` is made from."""
    return digest(encode([tool_digest(), site.locale.code, site.synonyms, site.search]), 8)


class Terms(Struct):
    """Gives the terms of texts on pages in `code`: from this build (`fresh`), from the cache, or from their HTML.

    `made` are those that were analysed here, to be kept.
    """

    code: str
    cache: Cache
    fresh: Mapping[str, bytes]
    html: Callable[[str], str]
    made: list[tuple[str, bytes]] = field(default_factory=list)

    def of(self, entry: SearchEntry) -> Analysed:
        """The terms of the text of `entry`."""
        name = terms_name(entry.sign, self.code, entry.facts)
        data = self.fresh.get(name)
        found = decode(data, Analysed) if data else self.cache.get(KIND, name, Analysed)
        if found is None:
            found = text_terms(self.html(entry.sign), self.code, entry.facts)
            self.made.append((name, encode(found)))
        return found
