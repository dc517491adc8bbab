"""The buckets' levels as plain JSON, wherever the add-on keeps such for all workers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict

from .bucket import Level

Change = Callable[[object], object]


class JsonLevels:
    """Keeps each operation's level under a key of its own.

    :param change: replaces the value of a key by what a function makes of it, alone
    """

    def __init__(self, change: Callable[[str, Change], object]) -> None:
        self._change = change

    def update(self, account: str, operation: str, change: Callable[[Level | None], Level]) -> None:
        """Replace the level of a bucket; ``account`` is known to whoever keeps the values."""
        self._change(f"bucket:{operation}", lambda value: asdict(change(_level(value))))


def _level(value: object) -> Level | None:
    """Return a level that was kept; what is none counts as a bucket that was never used."""
    if not isinstance(value, dict):
        return None
    numbers = [value.get(key) for key in ("tokens", "at", "rate")]
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
        return None
    tokens, at, rate = (float(str(number)) for number in numbers)
    return Level(tokens, at, rate) if rate > 0 else None
