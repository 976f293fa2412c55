"""Small pure helpers on text: digests, slugs, URL quoting, suggestions. Knows nothing of articles or pages."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

# RFC 3986 section 3.3: what a path segment may hold unescaped.
_PATH_SAFE = "/-._~!$&'()*+,;=:@"
_QUOTED = re.compile(r"[A-Za-z0-9/\-._~!$&'()*+,;=:@]*")
_NO_WORDS = re.compile(r"[^\w\s-]")


def digest(data: str | bytes, size: int = 16) -> str:
    """BLAKE2b of `data` as `2 * size` hexadecimal characters."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return hashlib.blake2b(raw, digest_size=size).hexdigest()


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """`text` as an id or URL segment: NFC, lower case, letters, marks and digits of any script, single hyphens.

    As on a Git host, but for runs of hyphens, which become one. Empty where the text has no letter or
    digit at all; the caller chooses a stand-in.
    """
    folded = unicodedata.normalize("NFC", text).lower()
    return "-".join(_NO_WORDS.sub(_mark, folded).replace("-", " ").split())


def _mark(match: re.Match[str]) -> str:
    """The character found, where it is a mark (no word character to `re`, but part of words)."""
    return match[0] if unicodedata.category(match[0])[0] == "M" else ""


@lru_cache(maxsize=8192)
def quote_path(path: str) -> str:
    """A URL path with everything escaped that RFC 3986 does not allow in one."""
    return str(path) if _QUOTED.fullmatch(path) else quote(path, safe=_PATH_SAFE)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, or None."""
    import difflib  # only those who made a slip need it

    candidates = sorted(known)
    lower = {candidate.lower(): candidate for candidate in reversed(candidates)}
    folded = word.lower().replace("-", "_")
    if folded in lower:
        return lower[folded]
    match = difflib.get_close_matches(word.lower(), list(lower), n=1, cutoff=0.75)
    return lower[match[0]] if match else None


def canonical_json(value: object, *, indent: int | None = None) -> str:
    """JSON with sorted keys and no escapes beyond those JSON requires: equal values, equal bytes."""
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators)


def shorten(text: str, limit: int) -> str:
    """`text` on one line, cut at a word before `limit` characters, with an ellipsis where it was cut."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:.-–") + "…"
