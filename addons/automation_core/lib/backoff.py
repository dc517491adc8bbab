"""When to try again."""

from __future__ import annotations

import random
from datetime import timedelta

STEPS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
)


def delay(attempts: int, *, jitter: float | None = None) -> timedelta:
    """Return the pause after the given number of failed attempts (1 = the first failure).

    Up to 20 % is added so that many rows that failed together do not come back together. ``jitter``
    (0..1) replaces the random share, for tests.
    """
    step = STEPS[min(max(attempts, 1), len(STEPS)) - 1]
    share = random.random() if jitter is None else jitter
    return step + step * (0.2 * share)
