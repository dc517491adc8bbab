"""Whether two lines tell of one booking: what speaks for it, and what against."""

from __future__ import annotations

import re

from .model import StatementLine
from .text import account_number, folded

NEAR_DAYS = 5
"""How far known lines may be from the new ones to be worth comparing."""


def same_booking(one: StatementLine, other: StatementLine) -> bool:
    """Whether two lines tell of one booking, as far as their own words go."""
    return likeness(one, other) is not None


def likeness(one: StatementLine, other: StatementLine) -> int | None:
    """Return how much speaks for one booking; None where something speaks against it."""
    if (one.amount, one.currency) != (other.amount, other.currency):
        return None
    votes = (
        _vote(account_number(one.payer_iban), account_number(other.payer_iban), 3),
        _vote(folded(one.end_to_end_id), folded(other.end_to_end_id), 4),
    )
    if -1 in votes:
        return None
    strong = sum(votes)
    names = _names_vote(one.payer_name, other.payer_name)
    text = _text_vote(folded(one.remittance), folded(other.remittance))
    if (text < 0 and strong < 7) or (names < 0 and not strong and text <= 0):
        return None
    score = strong + max(text, 0) + max(names, 0)
    if one.bank_reference and one.bank_reference == other.bank_reference:
        score += 4
    if one.date != other.date and not (score >= 4 and _same_value_date(one, other)):
        return None
    if score <= 0 and not (one.key and other.key and not (_told(one) and _told(other))):
        return None  # nothing in common but the amount, although both say who or what for
    return score + (2 if one.key == other.key else 0) + (one.value_date == other.value_date)


def _vote(one: str, other: str, weight: int) -> int:
    """Weigh two ids: alike, against each other (-1), or nothing to say. Reports cut ids short."""
    if not one or not other:
        return 0
    short, long = sorted((one, other), key=len)
    return weight if long == short or (len(short) > 9 and long.startswith(short)) else -1


def _text_vote(one: str, other: str) -> int:
    """Weigh remittances, which reports cut, wrap and write in their own characters."""
    short, long = sorted((one, other), key=len)
    if not short:
        return 0
    if short == long or _is_cut(short, long) or (len(short) > 9 and short in long):
        return 3
    digits, more = sorted((re.sub(r"\D", "", short), re.sub(r"\D", "", long)), key=len)
    if digits and (digits == more or (len(digits) > 5 and more.startswith(digits))):
        return 2
    return -1


def _is_cut(short: str, long: str) -> bool:
    """Whether the long one goes on where the short one ends; a number is not cut, except far
    inside a text: ``RE 1`` is not the beginning of ``RE 12``.
    """
    if not long.startswith(short):
        return False
    inside_number = short[-1].isdigit() and long[len(short) : len(short) + 1].isdigit()
    return not inside_number or len(short) >= 60


def _names_vote(one: str, other: str) -> int:
    if not one or not other:
        return 0
    short, long = sorted((folded(one), folded(other)), key=len)
    words = {folded(word) for word in one.split()} & {folded(word) for word in other.split()}
    if (short and short in long) or any(len(word) > 2 for word in words):
        return 1
    return -1


def _same_value_date(one: StatementLine, other: StatementLine) -> bool:
    """Whether the days differ only because one report has no booking date of its own."""
    days = abs((one.date - other.date).days)
    known = one.value_date is not None and one.value_date == other.value_date
    return known and days <= NEAR_DAYS


def _told(line: StatementLine) -> bool:
    return bool(line.payer_iban or line.end_to_end_id or line.remittance or line.payer_name)
