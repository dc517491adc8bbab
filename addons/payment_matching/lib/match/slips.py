"""Numbers with one mistake."""

from __future__ import annotations

from collections.abc import Sequence

from .hits import Hit, Mentions
from .references import Number, Window
from .words import one_edit


def near(found: Mentions, numbers: Sequence[Number]) -> Hit | None:
    """Return where one of the numbers stands with one mistake."""
    windows = found.long_windows
    if not windows:
        return None
    for number in numbers:
        if number.mixed or (len(number.serial) < 4 and len(number.digits) < 6):
            continue
        long = number.digits
        short = number.serial if len(number.serial) >= 4 else long
        for window in windows:
            typed = window.digits
            size = len(typed)
            if size >= 6 and -1 <= size - len(long) <= 1 and one_edit(typed, long):
                return _fuzzy(found, number, window, 5.0)
            if -1 <= size - len(short) <= 1 and one_edit(typed, short):
                return _fuzzy(found, number, window, 3.5 if size >= 5 else 2.5)
    return None


def _fuzzy(found: Mentions, number: Number, window: Window, weight: float) -> Hit:
    other = any(
        text == window.text and start < window.end and window.start < end
        for text, start, end, _places in found.spans
    )
    where = (window.start, window.end, window.text)
    return Hit(number.text, 2.0 if other else weight, *where, False, fuzzy=True, other=other)
