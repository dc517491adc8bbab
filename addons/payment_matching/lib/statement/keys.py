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

from .likeness import NEAR_DAYS, likeness, same_booking
from .model import Statement, StatementLine
from .text import account_number, folded, same_account

__all__ = (
    "NEAR_DAYS",
    "PREFIX",
    "account_number",
    "dedupe",
    "keyed",
    "same_account",
    "same_booking",
)

PREFIX = "bank:"
_DIGITS = 16


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
