"""What a build is asked for: brands, languages, a share of the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from hcgen.errors import ProjectError
from hcgen.model.brand import Brand
from hcgen.model.locale import Locale

Shards = list[tuple[Brand, str]]
"""(brand, locale code) of each help center to build."""


class Wanted(Struct, frozen=True):
    """What to build: the brands and languages named, or all; `strict` counts warnings as errors.

    `share` (K, N) asks for the K-th of N shares of the work alone, for `hcgen assemble` to put together.
    """

    brands: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    strict: bool = False
    jobs: int = 0
    """Workers; 0 for one a core where the work is worth it."""
    share: tuple[int, int] = (1, 1)


def wanted_shards(brands: Sequence[Brand], locales: Sequence[Locale], wanted: Wanted) -> Shards:
    """Every shard that `wanted` names, brand by brand. Raises ProjectError for names that do not exist."""
    known = {brand.id for brand in brands}
    codes = {locale.code for locale in locales}
    for name, names, what in (
        *((b, known, "brand") for b in wanted.brands),
        *((c, codes, "language") for c in wanted.locales),
    ):
        if name not in names:
            raise ProjectError(f"no {what} is called {name!r}", remedy=f"Use one of: {', '.join(sorted(names))}.")
    return [
        (brand, code)
        for brand in brands
        if not wanted.brands or brand.id in wanted.brands
        for code in brand.locales
        if not wanted.locales or code in wanted.locales
    ]


def share_of(shards: Shards, weights: Mapping[tuple[str, str], int], share: tuple[int, int]) -> Shards:
    """Share K of N (counted from 1): shards of one language stay together, and shares weigh about the same."""
    number, of = share
    if of == 1:
        return shards
    ordered = sorted(shards, key=lambda one: (one[1], one[0].id))
    total = sum(weights[brand.id, code] for brand, code in ordered) or 1
    found: Shards = []
    before = 0
    for brand, code in ordered:
        weight = weights[brand.id, code]
        if (2 * before + weight) * of // (2 * total) == number - 1:
            found.append((brand, code))
        before += weight
    return [shard for shard in shards if shard in found]
