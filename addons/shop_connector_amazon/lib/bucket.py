"""How fast Amazon may be asked: one bucket of calls per account and operation.

All workers share one bucket, so its level is kept by a :class:`Storage` (a table with a row lock
in the add-on). Each call takes one; the bucket refills at the rate Amazon grants. There is no way
to ask Amazon how much is left, so this account is all there is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from .const import Operation

SLOWEST: Final = 0.0001  # calls per second; a smaller figure is a mistake of somebody's
FASTEST: Final = 1000.0
WHOLE: Final = 1 - 1e-6  # one call, but for the sums of floats
SHORTEST_WAIT: Final = 0.001


@dataclass(frozen=True, slots=True)
class Level:
    """What is in a bucket: ``tokens`` calls at the time ``at`` (epoch), refilled at ``rate``."""

    tokens: float
    at: float
    rate: float


class Storage(Protocol):
    """Keeps levels. ``change`` must run alone: no other worker may read in between."""

    def update(self, account: str, operation: str, change: Callable[[Level | None], Level]) -> None:
        """Replace the level of a bucket (``None``: it has none yet) by what ``change`` returns."""


class MemoryStorage:
    """Levels in memory: for tests, and for tools that run alone."""

    def __init__(self) -> None:
        self.levels: dict[tuple[str, str], Level] = {}

    def update(self, account: str, operation: str, change: Callable[[Level | None], Level]) -> None:
        """Replace the level of a bucket."""
        key = (account, operation)
        self.levels[key] = change(self.levels.get(key))


class TokenBucket:
    """The calls one account may make.

    :param clock: epoch seconds; must be the same for all workers (the database's, if they differ)
    """

    def __init__(
        self, storage: Storage, account: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._storage = storage
        self._account = account
        self._clock = clock
        self._learnt: dict[str, float] = {}

    def take(self, operation: Operation) -> float:
        """Take one call. Return 0, or the seconds to wait when the bucket is empty: then nothing
        was taken.
        """
        waits = [0.0]

        def change(level: Level | None) -> Level:
            now = self._filled(level, operation)
            if now.tokens >= WHOLE:
                return replace(now, tokens=max(0.0, now.tokens - 1))
            waits.append(max(SHORTEST_WAIT, (1 - now.tokens) / now.rate))
            return now

        self._storage.update(self._account, operation.name, change)
        return waits[-1]

    def learn(self, operation: Operation, header: str | None) -> None:
        """Note the rate Amazon grants (header ``x-amzn-RateLimit-Limit``); nonsense is ignored."""
        rate = _rate(header)
        if rate is None or self._learnt.get(operation.name) == rate:
            return
        self._learnt[operation.name] = rate

        def change(level: Level | None) -> Level:
            return replace(self._filled(level, operation), rate=rate)

        self._storage.update(self._account, operation.name, change)

    def empty(self, operation: Operation) -> None:
        """Note that Amazon refused a call: whatever was thought to be left is not."""

        def change(level: Level | None) -> Level:
            now = self._filled(level, operation)
            return replace(now, tokens=min(now.tokens, 0.0))

        self._storage.update(self._account, operation.name, change)

    def left(self, operation: Operation) -> float:
        """Return how many calls are left now."""
        seen: list[float] = []

        def change(level: Level | None) -> Level:
            now = self._filled(level, operation)
            seen.append(now.tokens)
            return now

        self._storage.update(self._account, operation.name, change)
        return seen[-1]

    def _filled(self, level: Level | None, operation: Operation) -> Level:
        """Return the level as of now. A clock that was set back neither gives nor takes."""
        now = self._clock()
        if level is None:
            return Level(float(operation.burst), now, operation.rate)
        passed = max(0.0, now - level.at)
        tokens = min(float(operation.burst), level.tokens + passed * level.rate)
        return Level(tokens, now, level.rate)


def _rate(header: str | None) -> float | None:
    try:
        rate = float(header or "")
    except ValueError:
        return None
    return rate if math.isfinite(rate) and SLOWEST <= rate <= FASTEST else None
