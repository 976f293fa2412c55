"""What goes wrong on the way: clocks, limits by the minute, and faults by seed and share. Knows no article."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = ("429", "500", "503", "before", "after", "timeout", "slow")
"""A storm of 429; a server error before anything was done; one after it; the connection lost before and after the
effect; an answer that never comes; one that takes its time."""


class Clock:
    """The time of day."""

    def now(self) -> float:
        return time.time()

    def tick(self) -> None:
        """What a request takes."""

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class VirtualClock(Clock):
    """A time that passes only by what is done: a sleep ends at once, a request takes `pace` seconds."""

    def __init__(self, start: float = 1_780_000_000.0, pace: float = 0.05) -> None:
        self._now, self._pace, self._lock = start, pace, threading.Lock()

    def now(self) -> float:
        with self._lock:
            return self._now

    def tick(self) -> None:
        with self._lock:
            self._now += self._pace

    def sleep(self, seconds: float) -> None:
        # Threads sleep side by side: each until its own time, and none longer than it has to.
        with self._lock:
            # What is too short for a float of this size would never pass.
            until = self._now + max(seconds, 0.001)
        with self._lock:
            self._now = max(self._now, until)


@dataclass
class Window:
    """So many requests a minute, counted in windows; what is over gets a 429."""

    limit: int
    clock: Clock
    began: float = 0.0
    used: int = 0

    def take(self) -> tuple[bool, int, int]:
        """Whether a request may pass, what remains, and the seconds until the next window."""
        now = self.clock.now()
        if now - self.began >= 60:
            self.began, self.used = now, 0
        self.used += 1
        wait = max(1, int(self.began + 60 - now) + 1)
        return self.used <= self.limit, max(0, self.limit - self.used), wait


@dataclass
class Faults:
    """Faults by seed: of each kind, the share of requests that it hits."""

    shares: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    storm: int = 3
    """How many requests in a row a storm of 429 refuses."""
    hold: float = 5.0
    """Seconds that an answer is withheld which never comes."""
    slow: float = 0.02

    def __post_init__(self) -> None:
        assert set(self.shares) <= set(KINDS), self.shares
        self._random = random.Random(self.seed)
        self._lock = threading.Lock()
        self._storming = 0
        self.seen: Counter[str] = Counter()

    def next(self) -> str:
        """The fault that hits the next request, or ""."""
        with self._lock:
            if self._storming:
                self._storming -= 1
                return "429"
            drawn, edge = self._random.random(), 0.0
            for kind in KINDS:
                edge += self.shares.get(kind, 0.0)
                if drawn < edge:
                    self.seen[kind] += 1
                    if kind == "429":
                        self._storming = self.storm - 1
                    return kind
            return ""
