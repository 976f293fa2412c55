"""Where articles are published: a target as `targets.yml` or a `brand.yml` describes it. Holds no secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct


class SecretRef(Struct, frozen=True):
    """Where a secret is found when it is needed: in a variable of the environment, or as what a command prints."""

    env: str = ""
    command: tuple[str, ...] = ()


class Caps(Struct, frozen=True):
    """How much one run may archive: `count` things and `share` (0 to 1) of what the ledger knows.

    A target with fewer than `small` has no limit.
    """

    count: int = 50
    share: float = 0.1
    small: int = 10


class Target(Struct, frozen=True):
    """One place to publish to. `options` are the provider's own, for all brands and for each."""

    name: str
    provider: str
    path: str
    """The file that describes it, for messages."""
    root: Path = Path()
    """The project's folder: what options name as files stands below it."""
    line: int = 0
    url: str = ""
    brands: tuple[str, ...] = ()
    locales: Mapping[str, str] = {}
    """Our language codes and the target's; () of them: those of the brand under their own names."""
    options: Mapping[str, object] = {}
    brand_options: Mapping[str, Mapping[str, object]] = {}
    secrets: Mapping[str, SecretRef] = {}
    ledger: str = ""
    """Path of the ledger in the project; "" for `publish/<name>.ledger.jsonl`."""
    is_internal: bool = False
    pushes_fallbacks: bool = False
    caps: Caps = Caps()
    rate: int = 0
    """Requests a minute at most; 0: as the answers' headers say."""
    concurrency: int = 4
