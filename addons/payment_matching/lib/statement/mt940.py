"""MT940 (day statements) and MT942 (interim reports) as banks really write them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from odoo.addons.automation_core.lib.texts import Marker

from .details86 import Details, of_subfields, read_details
from .kinds import DIRECT_DEBITS, of_gvc, told
from .model import Statement, StatementError, StatementLine
from .text import IBAN, decimal, decoded, name, number_of_account, reference, squeezed

_lt = Marker(__name__)

MAX_LINE = 20_000
_BLOCKS = re.compile(r"\{[1235]:[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*\}|\{4:")
_TAG = re.compile(
    r":(13D?|20|21|25P?|28C?|34F|60[FM]?|61|62[FM]?|64|65|86|90[CD]|NSF?|94[02]):(.*)", re.DOTALL
)
_HEADER = frozenset({"13", "13D", "20", "21", "25", "25P", "28", "28C", "34F"})
_ENTRY = re.compile(
    r"(\d{6,12})\s{0,4}(RC|RD|EC|ED|C|D)\s?([A-Z])?\s*([+-]?\d[\d.,]*|,\d+)\s*(.*)", re.DOTALL
)
_TYPE = re.compile(r"([NFSX])([A-Z0-9][A-Z0-9 ]{2})(.*)", re.DOTALL)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d-\d\d\.\d\d\.")
_BALANCE = re.compile(r"\s*(C|D)R?\s*(\d{6})\s*([A-Z]{3})?\s*([\d.,]+)")
_CURRENCY = re.compile(r"\s*([A-Z]{3})")


@dataclass(slots=True)
class _Entry:
    """A booking's fields before they are understood."""

    text: list[str]
    details: list[str] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Message:
    """The fields of one statement."""

    account: str = ""
    number: str = ""
    currency: str = ""
    interim: bool = False
    opening: str = ""
    closing: str = ""
    entries: list[_Entry] = field(default_factory=list)


def read(content: bytes) -> tuple[Statement, ...]:
    """Return the statements of a file, without keys."""
    text = decoded(content)
    messages = list(_messages(_fields(text)))
    if not messages:
        raise StatementError(
            _lt("The file has no statement in it."), _lt("Download it from the bank once more.")
        )
    _refuse_cut(text, messages)
    return tuple(_statement(message) for message in messages)


def _refuse_cut(text: str, messages: list[_Message]) -> None:
    """Refuse a file that ends in the middle of a line or block, without the closing balance.

    A single booking told up to its name is taken nevertheless: some banks hand out just that.
    """
    last = messages[-1]
    if _BALANCE.match(last.closing) or (last.interim and not last.opening):
        return
    whole = text.endswith(("\n", "\r", "}", "\x03")) or (
        len(messages) == len(last.entries) == 1 and "?32" in "".join(last.entries[0].details)
    )
    if not whole or text.count("{4:") > text.count("-}"):
        raise StatementError(
            _lt("The file is cut off: its last statement has no closing balance."),
            _lt("Download it from the bank once more; nothing was taken from this one."),
        )


def _fields(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield tags with their lines; ``-`` ends a statement. What no tag opens is not ours."""
    text = re.sub(r"[\x01-\x03\x1a\ufeff]", "\n", text)
    lines = [line.rstrip("\r\x00") for line in _BLOCKS.sub("\n", text).split("\n")]
    if len(lines) < 3 and "\r" in text:
        lines = text.split("\r")
    tag, found, inside = "", [""], False
    for place, line in enumerate(lines):
        if line.strip() in {"-", "-}"}:
            yield from _ended(tag, found)
            yield "-", []
            tag, inside = "", False
            continue
        match = _TAG.match(line)
        if match and not (inside and tag == "86" and _is_text(match[1], lines, place)):
            yield from _ended(tag, found)
            tag, found = match[1], [match[2]]
            inside = (inside or tag == "61") and not tag.startswith(("62", "90", "20"))
        elif tag:
            found.append(line)
    yield from _ended(tag, found)


def _ended(tag: str, found: list[str]) -> Iterator[tuple[str, list[str]]]:
    if tag:
        yield tag, found


def _is_text(tag: str, lines: list[str], place: int) -> bool:
    """Whether what looks like a head's tag is part of a text, such as ``:20:15 Uhr``."""
    if tag == "20":
        return not any(line.startswith(":25") for line in lines[place + 1 : place + 5])
    return tag in _HEADER


def _messages(fields: Iterator[tuple[str, list[str]]]) -> Iterator[_Message]:
    message: _Message | None = None
    for tag, lines in fields:
        if tag == "20" or (tag == "25" and message and message.account and message.number):
            if message is not None:
                yield message
            message = _Message()
        if message is None:
            if tag in {"-", "940", "942"}:
                continue
            message = _Message()
        _put(message, tag, lines)
    if message is not None:
        yield message


def _put(message: _Message, tag: str, lines: list[str]) -> None:
    """Put a field where it belongs; the last entry's details follow it."""
    value = squeezed(lines[0]) if lines else ""
    entries = message.entries
    if tag in {"25", "25P"}:
        message.account = value
    elif tag in {"28", "28C"}:
        message.number = value
    elif tag in {"34F", "90C", "90D", "13D"}:
        message.interim = True
        if match := _CURRENCY.match(value.lstrip("0123456789")):
            message.currency = message.currency or match[1]
    elif tag.startswith("60"):
        message.opening = value
    elif tag.startswith("62"):
        message.closing = value
    elif tag == "61":
        entries.append(_Entry(lines))
    elif tag == "86" and entries and not message.closing:
        entries[-1].details += lines
    elif tag == "NS" and entries and not message.closing:
        entries[-1].numbered += lines


def _statement(message: _Message) -> Statement:
    problems: list[str] = []
    opening, currency, start = _balance(message.opening, problems)
    closing, other_currency, end = _balance(message.closing, problems)
    account = number_of_account(message.account)
    named = re.search(r"(?<=\d)([A-Z]{3})$", account)
    currency = (
        currency or other_currency or message.currency or (named[1] if named else "") or "EUR"
    )
    account = re.sub(r"(?<=\d)[A-Z]{3}$", "", account) if named else account
    lines = []
    pending = 0
    for entry in message.entries:
        line = _line(entry, currency, problems)
        if line is None:
            pending += 1
        else:
            lines.append(line)
    if opening is not None and closing is not None:
        if opening + sum(line.amount for line in lines) != closing:
            problems.append(
                _lt("The balances do not fit the bookings of statement %(n)s.", n=message.number)
            )
    elif opening is not None and not message.interim:
        problems.append(_lt("Statement %(n)s has no closing balance.", n=message.number))
    return Statement(
        account=account,
        currency=currency,
        lines=tuple(lines),
        number=message.number,
        interim=message.interim and not message.opening,
        start=start,
        end=end,
        opening=opening,
        closing=closing,
        pending=pending,
        problems=tuple(dict.fromkeys(problems)),
    )


def _balance(text: str, problems: list[str]) -> tuple[Decimal | None, str, date | None]:
    """Read a balance; one that makes no sense is told and left out."""
    match = _BALANCE.match(text)
    amount = decimal(_plain(match[4])) if match else None
    if not match or amount is None:
        if text:
            problems.append(_lt("The balance “%(text)s” cannot be read.", text=text[:60]))
        return None, "", None
    return (-amount if match[1] == "D" else amount), match[3] or "", _day(match[2], problems)


def _line(entry: _Entry, currency: str, problems: list[str]) -> StatementLine | None:
    """Return a booking; None for one that is only expected (MT942)."""
    first = entry.text[0].strip()
    match = _ENTRY.match(first)
    amount = decimal(_plain(match[4])) if match else None
    if not match or amount is None:
        raise _unreadable(first)
    value_date, booked = _dates(match[1], problems)
    if value_date is None:
        raise _unreadable(first)
    sign = match[2]
    if sign.startswith("E"):
        return None
    code, bank_reference = _references(match[5])
    details = _details(entry)
    if details.code:
        code = details.code
    return StatementLine(
        key="",
        date=booked or value_date,
        amount=-amount if sign in {"D", "RC"} else amount,
        currency=currency,
        value_date=value_date,
        kind=told(amount, of_gvc(code, reversed_=sign.startswith("R"))),
        payer_name=_name(details, code, incoming=sign in {"C", "RD"}),
        payer_iban=details.account,
        payer_bic=details.bic,
        remittance=details.remittance or details.booking_text or _other_text(entry, details),
        end_to_end_id=details.end_to_end_id,
        mandate_id=details.mandate_id,
        creditor_id=details.creditor_id,
        bank_reference=bank_reference,
        code=code,
        reason=details.reason,
        raw=_raw(entry),
    )


def _plain(text: str) -> str:
    """Return an amount without thousands: the last sign is the decimal one."""
    head, sign, tail = text.rpartition("," if "," in text else ".")
    return head.replace(".", "").replace(",", "") + (sign and ".") + tail


def _dates(digits: str, problems: list[str]) -> tuple[date | None, date | None]:
    """Return value date and booking date of :61:; the latter is without a year: the nearest."""
    if len(digits) not in {6, 8, 10, 12}:
        return None, None
    cut = 8 if len(digits) in {8, 12} else 6
    value = _day(digits[cut - 6 : cut], problems)
    rest = digits[cut:]
    if value is None or not rest:
        return value, None
    months = int(rest[:2]) - value.month
    year = value.year + (1 if months < -6 else -1 if months > 6 else 0)
    return value, _day(f"{year % 100:02}{rest}", problems)


def _day(digits: str, problems: list[str]) -> date | None:
    """Return the date of YYMMDD. Some banks count 30 days a month: the last one is meant then."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    year += 1900 if year >= 80 else 2000
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    last = monthrange(year, month)[1]
    if day > last:
        problems.append(
            _lt("There is no day %(day)s; the last one of the month is taken.", day=digits)
        )
    return date(year, month, min(day, last))


def _references(text: str) -> tuple[str, str]:
    """Return type and the bank's reference; some write its time stamp in place of the owner's."""
    match = _TYPE.match(text)
    code, rest = (match[2].strip(), match[3]) if match else ("", text)
    own, _slashes, bank = rest.partition("//")
    return code, reference(bank) or (reference(own) if _STAMP.match(own) else "")


def _details(entry: _Entry) -> Details:
    if entry.details:
        details = read_details(entry.details)
    else:
        details = of_subfields([(line[:2], line[2:]) for line in entry.numbered])
    supplement = number_of_account(_supplement(entry))
    if not details.account and IBAN.fullmatch(supplement):
        details.account = supplement  # Rabobank writes it below the booking
    return details


def _supplement(entry: _Entry) -> str:
    return squeezed(" ".join(entry.text[1:]))


def _other_text(entry: _Entry, details: Details) -> str:
    text = _supplement(entry)
    return "" if number_of_account(text) == details.account else text


def _name(details: Details, code: str, *, incoming: bool) -> str:
    """Return the other side's name, the ultimate party first."""
    by_orderer = incoming or code in DIRECT_DEBITS
    ultimate = details.ultimate_orderer if by_orderer else details.ultimate_receiver
    return name(ultimate) or name(details.name)


def _raw(entry: _Entry) -> str:
    parts = [":61:" + "\n".join(entry.text)]
    if entry.details:
        parts.append(":86:" + "\n".join(entry.details))
    if entry.numbered:
        parts.append(":NS:" + "\n".join(entry.numbered))
    return "\n".join(parts)[:MAX_LINE]


def _unreadable(text: str) -> StatementError:
    return StatementError(
        _lt("A booking in the file cannot be read: “%(text)s”.", text=text[:60]),
        _lt("Download the file once more; if it stays so, send it to who looks after this."),
    )
