"""When a file's stamp can be relied upon: not while it could change again without showing it."""

from __future__ import annotations

_COARSE_NS, _FINE_NS = 2_000_000_000, 50_000_000


def settled_at(modified: int, changed: int) -> int:
    """The moment (ns) from which on another change of a file must show in its times (ns).

    Times of whole milliseconds may come from a file system that counts in seconds (FAT: two); others tick with the
    kernel, at least every ten milliseconds.
    """
    latest = max(modified, changed)
    return latest + (_COARSE_NS if modified % 1_000_000 == 0 or changed % 1_000_000 == 0 else _FINE_NS)
