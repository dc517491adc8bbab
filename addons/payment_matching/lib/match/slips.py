"""Numbers with one mistake."""

from __future__ import annotations

from collections.abc import Sequence

from .hits import Hit, Mentions
from .references import Number, Window
from .words import one_edit


def near(found: Mentions, numbers: Sequence[Number]) -> Hit | None:
    """Return where one of the numbers stands with one mistake: the surest place."""
    windows = found.long_windows
    if not windows:
        return None
    best: Hit | None = None
    for number in numbers:
        if number.mixed or (len(number.serial) < 4 and len(number.digits) < 6):
            continue
        long = number.digits
        short = number.serial if len(number.serial) >= 4 else long
        for window in windows:
            weight = _weight(window.digits, long, short)
            if weight and (best is None or best.weight < weight):
                hit = _fuzzy(found, number, window, weight)
                best = hit if best is None or best.weight < hit.weight else best
    return best


def _weight(typed: str, long: str, short: str) -> float:
    """Return what digits are worth as a number with one mistake."""
    size = len(typed)
    if size >= 6 and -1 <= size - len(long) <= 1 and one_edit(typed, long):
        return 5.0
    if -1 <= size - len(short) <= 1 and one_edit(typed, short):
        return 3.5 if size >= 5 else 2.5
    return 0.0


def _fuzzy(found: Mentions, number: Number, window: Window, weight: float) -> Hit:
    other = any(
        text == window.text and start < window.end and window.start < end
        for text, start, end in found.owned
    )
    where = (window.start, window.end, window.text)
    return Hit(number.text, 2.0 if other else weight, *where, False, fuzzy=True, other=other)
