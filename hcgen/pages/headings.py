"""Ids of headings: equal in all languages of an article whose structure is equal, and where links to them lead."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hcgen.markup.fragment import Fragment, Heading

_HYPHENS = re.compile(r"-{2,}")


def _without_title(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    return headings[1:] if headings and headings[0].level == 1 else headings


def heading_ids(fragment: Fragment, reference: Fragment | None = None) -> tuple[str, ...]:
    """An id for each heading of `fragment`, none twice.

    A writer's explicit id wins; where levels match those of `reference` (the article in the project's first
    language) its ids are taken, so that a change of language keeps the place; else the slug of the text.
    """
    own = fragment.headings
    borrowed: tuple[str, ...] = ()
    if reference is not None and reference is not fragment:
        theirs = _without_title(reference.headings)
        mine = _without_title(own)
        if [one.level for one in theirs] == [one.level for one in mine]:
            ids = heading_ids(reference)[len(reference.headings) - len(theirs) :]
            borrowed = ("",) * (len(own) - len(mine)) + ids
    taken = set(fragment.anchors)
    ids_: list[str] = []
    for at, heading in enumerate(own):
        wanted = heading.explicit or (borrowed[at] if borrowed else "") or heading.slug or f"section-{at + 1}"
        # Numbered as on a Git host: the second `## Fees` is `#fees-1`.
        unique, number = wanted, 0
        while unique in taken:
            number += 1
            unique = f"{wanted}-{number}"
        taken.add(unique)
        ids_.append(unique)
    return tuple(ids_)


def anchor_targets(fragment: Fragment, ids: tuple[str, ...]) -> Mapping[str, str]:
    """Every name under which a place of the text can be linked to, and the id it has on the page."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for anchor in fragment.anchors:
        names[anchor] = anchor
    for final in ids:
        names.setdefault(final, final)
    for heading, final in zip(fragment.headings, ids, strict=True):
        for name in (heading.explicit, heading.slug):
            if name:
                names.setdefault(name, final)
        if heading.slug:
            seen = counts.get(heading.slug, 0)
            counts[heading.slug] = seen + 1
            names.setdefault(f"{heading.slug}-{seen}" if seen else heading.slug, final)
    return names


def find_anchor(targets: Mapping[str, str], wanted: str) -> str | None:
    """The id that `#wanted` leads to, forgiving case and doubled hyphens, or None."""
    if wanted in targets:
        return targets[wanted]
    folded = _HYPHENS.sub("-", wanted.lower()).strip("-")
    for name, final in targets.items():
        if _HYPHENS.sub("-", name.lower()).strip("-") == folded:
            return final
    return None
