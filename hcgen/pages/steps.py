"""Ids of steps: equal in all languages and brands of an article, and the same after edits, which a lock tells of.

The lock (content/steps.lock) says which id each step had, and by which words (their digest) it is known again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hcgen.markup.fragment import Step
from hcgen.model.article import Article
from hcgen.model.project import LockedStep


def lock_key(article: Article) -> str:
    """Under which key the lock has the article's steps: a brand's own text goes by `/BRAND/KEY`."""
    return f"/{article.brand}/{article.key}" if article.brand else article.key


def matched(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For places in `new` the place in `old` of the same step, told by digests.

    Steps with equal digests are the same, wherever they stand. Between those that kept their order, as many steps as
    there were before are edits of them.
    """
    if old == new:
        return {at: at for at in range(len(new))}
    from difflib import SequenceMatcher  # only a text that is not as it was needs it

    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    pairs = {mine + at: theirs + at for theirs, mine, size in blocks for at in range(size)}
    moved = _by(old, set(range(len(old))) - set(pairs.values()))
    for at, digest in enumerate(new):
        if at not in pairs and moved.get(digest):
            pairs[at] = moved[digest].pop(0)
    kept = set(pairs.values())
    theirs_end = mine_end = 0
    for theirs, mine, size in blocks:
        before = [at for at in range(theirs_end, theirs) if at not in kept]
        after = [at for at in range(mine_end, mine) if at not in pairs]
        if len(before) == len(after):
            pairs |= zip(after, before, strict=True)
        theirs_end, mine_end = theirs + size, mine + size
    return pairs


def named_after(
    steps: Sequence[Step], others: Sequence[Step], ids: Sequence[str], *, same_language: bool
) -> dict[int, str]:
    """Ids for places of `steps` from those of the text that names them, `others` with `ids`.

    Words tell in the same language. Beyond that, the steps of a list are those of the list with the same number, if
    there are as many of them.
    """
    pairs = matched(_digests(others), _digests(steps)) if same_language else {}
    taken = set(pairs.values())
    lists, other_lists = _by_list(steps), _by_list(others)
    for number, places in lists.items():
        there = other_lists.get(number, [])
        if len(places) == len(there) and taken.isdisjoint(there) and pairs.keys().isdisjoint(places):
            pairs |= zip(places, there, strict=True)
    return {at: ids[there] for at, there in pairs.items()}


def own_ids(
    steps: Sequence[Step], locked: Sequence[LockedStep], borrowed: Mapping[int, str] | None = None
) -> tuple[str, ...]:
    """An id for each of `steps`: the locked one, else the one `borrowed` for its place, else one made of its digest."""
    pairs = matched([one.digest for one in locked], _digests(steps))
    known = {at: locked[there].id for at, there in pairs.items()}
    taken = set(known.values())
    for at, name in (borrowed or {}).items():
        if at not in known and name not in taken:
            known[at] = name
            taken.add(name)
    for at, step in enumerate(steps):
        if at not in known:
            name, number = f"step-{step.digest[:6]}", 1
            while name in taken:
                number += 1
                name = f"step-{step.digest[:6]}-{number}"
            known[at] = name
            taken.add(name)
    return tuple(known[at] for at in range(len(steps)))


def united(views: Iterable[tuple[Step, ...]]) -> tuple[Step, ...]:
    """The steps of one text as all its brands together see them: each view is in it, in order."""
    whole: tuple[Step, ...] = ()
    for view in dict.fromkeys(views):
        whole = _merged(whole, view) if whole else view
    return whole


def ids_in(view: Iterable[Step], whole: Sequence[Step], ids: Sequence[str]) -> tuple[str, ...]:
    """The ids of one of the views that `whole` unites."""
    found: list[str] = []
    at = 0
    for step in view:
        while whole[at].digest != step.digest:
            at += 1
        found.append(ids[at])
        at += 1
    return tuple(found)


def _merged(one: tuple[Step, ...], other: tuple[Step, ...]) -> tuple[Step, ...]:
    from difflib import SequenceMatcher

    found: list[Step] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(
        None, _digests(one), _digests(other), autojunk=False
    ).get_opcodes():
        found += one[start:end]
        found += other[other_start:other_end] if tag != "equal" else ()
    return tuple(found)


def _digests(steps: Iterable[Step]) -> list[str]:
    return [step.digest for step in steps]


def _by(digests: Sequence[str], places: Iterable[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at in sorted(places):
        found.setdefault(digests[at], []).append(at)
    return found


def _by_list(steps: Iterable[Step]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for at, step in enumerate(steps):
        found.setdefault(step.list, []).append(at)
    return found
