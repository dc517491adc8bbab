"""The same booking, however it is reported.

A booking is told as interim report (camt.052, MT942), as day statement (camt.053, MT940), in
details of a batch (camt.054), as CSV, and again with every overlapping download. Two things keep it
from being taken twice:

1. **The key** (:func:`keyed`), made from what all these ways carry in the same way: account number,
   booking date, amount with sign, the payer's account number, the first digits of the remittance
   (or else the end-to-end id), and a counter of the rows of one file that are equal in all of
   these. Left out is what differs: texts (umlauts, lost blanks, cut ends), value dates (missing in
   interim reports), codes, and the bank's reference (MT940 has none or another one).
2. **The comparison** (:func:`dedupe`) of new lines with those that are there, one to one, for what
   the key cannot know: a report without the payer's account, half a day in another order, a total
   here whose parts are told there.

A camt.054 that tells the parts of a batch whose total was booked adds nothing, and the total that
comes after its parts adds nothing either: lines of a batch carry its key and amount.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from .model import Statement, StatementLine
from .text import IBAN, folded, number_of_account

NEAR_DAYS = 5
"""How far known lines may be from the new ones to be worth comparing."""

PREFIX = "bank:"
_DIGITS = 16
# Where the account number stands inside an IBAN; elsewhere all after the check digits is taken.
_NUMBER_IN_IBAN = {"DE": 12, "AT": 9, "NL": 8, "CH": 9, "LI": 9, "LU": 7}


def account_number(text: str) -> str:
    """Return what an IBAN, ``bank code/number`` and a plain number of one account have in common.

    >>> account_number("DE89 3704 0044 0532 0130 00") == account_number("37040044/532013000 EUR")
    True
    """
    name = number_of_account(text)
    if IBAN.fullmatch(name):
        return name[_NUMBER_IN_IBAN.get(name[:2], 4) :].lstrip("0")
    name = name.rpartition("/")[2] or name
    return re.sub(r"(?<=\d)[A-Z]{3}$", "", name).lstrip("0")


def same_account(one: str, other: str) -> bool:
    """Whether two names mean one account. A file that names none fits every account."""
    if not one or not other:
        return True
    one, other = number_of_account(one), number_of_account(other)
    if IBAN.fullmatch(one) and IBAN.fullmatch(other):
        return one == other
    return account_number(one) == account_number(other)


def keyed(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return one file's statements with the lines' keys. ``batch`` of a line comes in as any text
    that is the same for the parts of one booking, and goes out as its key.
    """
    seen: Counter[str] = Counter()
    done = []
    for statement in statements:
        batches: dict[str, str] = {}
        lines = []
        for line in statement.lines:
            if line.batch and line.batch not in batches:
                batches[line.batch] = _numbered(_batch_base(statement.account, line), seen)
            key = _numbered(_base(statement.account, line), seen)
            lines.append(replace(line, key=key, batch=batches.get(line.batch, "")))
        done.append(replace(statement, lines=tuple(lines)))
    return tuple(done)


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


def dedupe(
    known: Sequence[StatementLine], new: Sequence[StatementLine]
) -> tuple[StatementLine, ...]:
    """Return the new lines that are not known yet, with keys that are free.

    ``known`` are the journal's lines of those days and :data:`NEAR_DAYS` around them; lines
    without a key were entered by hand. Other sources' keys (not from here) are compared as such.
    """
    taken = {line.key for line in known}
    old = [line for line in known if not line.key or line.key.startswith(PREFIX)]
    fresh, free = _unmatched(old, [line for line in new if line.key.startswith(PREFIX)])
    fresh = _without_totals(old, fresh)
    fresh = _without_parts(free, fresh)
    wanted = {id(line) for line in fresh}
    result = []
    for line in new:
        key = line.key
        if key.startswith(PREFIX):
            if id(line) not in wanted:
                continue
            key = _free_key(key, taken)
        elif key in taken:
            continue
        taken.add(key)
        result.append(line if key == line.key else replace(line, key=key))
    return tuple(result)


def _free_key(key: str, taken: set[str]) -> str:
    head, _colon, count = key.rpartition(":")
    number = int(count) if count.isdigit() else 1
    while key in taken:
        number += 1
        key = f"{head}:{number}"
    return key


def _unmatched(
    old: Sequence[StatementLine], new: Sequence[StatementLine]
) -> tuple[list[StatementLine], list[StatementLine]]:
    """Pair lines one to one, the surest first; return what is left of new and of old."""
    exact: dict[object, list[StatementLine]] = defaultdict(list)
    for line in old:
        exact[_fingerprint(line)].append(line)
    rest = []
    gone: set[int] = set()
    for line in new:
        if twins := exact.get(_fingerprint(line)):
            gone.add(id(twins.pop(0)))
        else:
            rest.append(line)
    known: dict[Decimal, list[StatementLine]] = defaultdict(list)
    for line in old:
        if id(line) not in gone:
            known[line.amount].append(line)
    pairs = [
        (score, place, twin)
        for place, line in enumerate(rest)
        for twin in known.get(line.amount, ())
        if (score := likeness(twin, line)) is not None
    ]
    matched: set[int] = set()
    for _score, place, twin in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if place not in matched and id(twin) not in gone:
            matched.add(place)
            gone.add(id(twin))
    return (
        [line for place, line in enumerate(rest) if place not in matched],
        [line for line in old if id(line) not in gone],
    )


def _without_totals(
    old: Sequence[StatementLine], new: Sequence[StatementLine]
) -> list[StatementLine]:
    """Leave out totals whose parts are known: each batch answers for one total."""
    batches: dict[str, list[StatementLine]] = defaultdict(list)
    for line in old:
        if line.batch:
            batches[line.batch].append(line)
    result = []
    for line in new:
        total = next((key for key, parts in batches.items() if _is_total(line, parts)), None)
        if total is None:
            result.append(line)
        else:
            del batches[total]
    return result


def _without_parts(
    free: Sequence[StatementLine], new: Sequence[StatementLine]
) -> list[StatementLine]:
    """Leave out parts whose total is known: each known line answers for one batch."""
    batches: dict[str, list[StatementLine]] = defaultdict(list)
    for line in new:
        if line.batch:
            batches[line.batch].append(line)
    totals = list(free)
    dropped: set[str] = set()
    for key, parts in batches.items():
        total = next((line for line in totals if _is_total(line, parts)), None)
        if total is not None:
            totals.remove(total)
            dropped.add(key)
    return [line for line in new if line.batch not in dropped]


def _is_total(line: StatementLine, parts: Sequence[StatementLine]) -> bool:
    first = parts[0]
    if line.batch or (line.amount, line.currency) != (first.batch_amount, first.currency):
        return False
    if line.date != first.date:
        return False
    payer, told = account_number(line.payer_iban), folded(line.end_to_end_id)
    return (not payer or payer in {account_number(part.payer_iban) for part in parts}) and (
        not told or told in {folded(part.end_to_end_id) for part in parts}
    )


def _fingerprint(line: StatementLine) -> tuple[object, ...]:
    return (
        line.date,
        line.amount,
        line.currency,
        account_number(line.payer_iban),
        folded(line.end_to_end_id),
        folded(line.remittance),
        folded(line.payer_name),
        line.bank_reference,
    )


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


def _base(account: str, line: StatementLine) -> str:
    digits = re.sub(r"\D", "", line.remittance)[:_DIGITS]
    told = digits or folded(line.end_to_end_id)
    payer = account_number(line.payer_iban)
    return _hash(account, line.date, line.amount, line.currency, (payer, told))


def _batch_base(account: str, line: StatementLine) -> str:
    amount = line.amount if line.batch_amount is None else line.batch_amount
    return _hash(account, line.date, amount, line.currency, ("", "batch"))


def _hash(account: str, day: date, amount: Decimal, currency: str, told: tuple[str, ...]) -> str:
    parts = (account_number(account), day.isoformat(), f"{amount.normalize():f}", currency, *told)
    return PREFIX + hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def _numbered(base: str, seen: Counter[str]) -> str:
    seen[base] += 1
    return f"{base}:{seen[base]}"
