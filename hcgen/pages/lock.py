"""What content/steps.lock should hold: the steps of every text that names those of its translations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from hcgen.model.article import Article
from hcgen.model.project import LockedStep
from hcgen.pages.library import Workshop
from hcgen.pages.steps import lock_key

Lock = Mapping[str, tuple[LockedStep, ...]]
"""Steps in their order, by the key of their article (`lock_key`)."""


class Changes(Struct, frozen=True):
    """How one lock differs from another: (key, id) of each step that came, has other words, or went; what stays."""

    added: tuple[tuple[str, str], ...]
    edited: tuple[tuple[str, str], ...]
    dropped: tuple[tuple[str, str], ...]
    kept: int


def naming_articles(workshop: Workshop) -> Iterator[Article]:
    """Articles that name their own steps: of each key the first language, and a brand's own text beside it.

    Internal articles are not among them: no page of theirs names a step, and a digest of a secret could confirm a
    guess to whoever sees the lock. Nor are those whose file name a line of the lock cannot hold.
    """
    for article in workshop.project.library.articles.values():
        if workshop.names_itself(article) and not article.is_internal and article.key.isprintable():
            yield article


def lock_of(workshop: Workshop, articles: Iterable[Article]) -> dict[str, tuple[LockedStep, ...]]:
    """The steps of `articles` as a lock has them, by key."""
    found: dict[str, tuple[LockedStep, ...]] = {}
    for article in articles:
        steps, ids = workshop.named_steps(article)
        if steps:
            pairs = zip(ids, steps, strict=True)
            found[lock_key(article)] = tuple(LockedStep(name, step.digest) for name, step in pairs)
    return dict(sorted(found.items()))


def changes(old: Lock, new: Lock) -> Changes:
    """What makes `new` of `old`."""
    before, after = _flat(old), _flat(new)
    both = after.keys() & before.keys()
    edited = {place for place in both if before[place] != after[place]}
    return Changes(
        added=tuple(sorted(after.keys() - both)),
        edited=tuple(sorted(edited)),
        dropped=tuple(sorted(before.keys() - both)),
        kept=len(both) - len(edited),
    )


def _flat(lock: Lock) -> dict[tuple[str, str], str]:
    return {(key, step.id): step.digest for key, steps in lock.items() for step in steps}
