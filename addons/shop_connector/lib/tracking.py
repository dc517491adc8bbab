"""What can be a tracking number, and what a clerk pasted into its place."""

from __future__ import annotations

import re

from odoo.addons.automation_core.lib.texts import Marker, Text

_lt = Marker(__name__)

SHORTEST, LONGEST = 6, 40
SEPARATORS = re.compile(r"[\s.\-]+")
NUMBER = re.compile(r"[A-Z0-9/]+", re.IGNORECASE)


def tidy(number: str) -> str:
    """Return a tracking number without the blanks, dots and dashes people put in."""
    return SEPARATORS.sub("", number)


def is_format(pattern: str) -> bool:
    """Whether a format of tracking numbers can be understood."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def problem(number: str, pattern: str = "") -> Text | None:
    """Return what is wrong with a tracking number, ``None`` if a carrier may have given it.

    :param pattern: the carrier's own format, a regular expression for the whole number
    """
    if "://" in number:
        return _lt("“%(number)s” is a link, not a tracking number.", number=number)
    plain = tidy(number)
    if not NUMBER.fullmatch(plain):
        return _lt(
            "The tracking number “%(number)s” holds other signs than letters and digits.",
            number=number,
        )
    if not SHORTEST <= len(plain) <= LONGEST or not any(char.isdigit() for char in plain):
        return _lt("“%(number)s” is no tracking number of any carrier.", number=number)
    if pattern and not re.fullmatch(pattern, plain, re.IGNORECASE):
        return _lt(
            "The tracking number “%(number)s” does not have the form that this carrier uses.",
            number=number,
        )
    return None
