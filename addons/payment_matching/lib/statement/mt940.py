"""MT940 (day statements) and MT942 (interim reports) as banks really write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal

from odoo.addons.automation_core.lib.texts import Marker

from .details86 import Details, of_subfields, read_details
from .kinds import DIRECT_DEBITS, of_gvc, told
from .model import Statement, StatementError, StatementLine
from .mt940_fields import Entry, Message, messages_of, unfolded
from .text import IBAN, decimal, decoded, name, number_of_account, reference, squeezed

_lt = Marker(__name__)

MAX_LINE = 20_000
_ENTRY = re.compile(
    r"(\d{6,12})\s{0,4}(RC|RD|EC|ED|C|D)\s?([A-Z])?\s*([+-]?\d[\d.,]*|,\d+)\s*(.*)", re.DOTALL
)
_TYPE = re.compile(r"([NFSX])([A-Z0-9][A-Z0-9 ]{2})(.*)", re.DOTALL)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d-\d\d\.\d\d\.")
_CUT_TAG = re.compile(r"[\r\n]:\w{0,3}$")
_BALANCE = re.compile(r"\s*(C|D)R?\s*(\d{6})\s*([A-Z]{3})?\s*([\d.,]+)")


def read(content: bytes) -> tuple[Statement, ...]:
    """Return the statements of a file, without keys."""
    text = unfolded(decoded(content))
    messages = messages_of(text)
    if not messages:
        raise StatementError(
            _lt("The file has no statement in it."), _lt("Download it from the bank once more.")
        )
    _refuse_cut(text, messages)
    return tuple(_statement(message) for message in messages)


def _refuse_cut(text: str, messages: list[Message]) -> None:
    """Refuse a file that ends in the middle of a line or block, without the closing balance.

    A single booking told up to its name is taken nevertheless: some banks hand out just that.
    """
    last = messages[-1]
    in_tag = _CUT_TAG.search(text)
    closed = _BALANCE.match(last.closing) or (last.interim and last.totals and not last.opening)
    if closed and not in_tag:
        return
    whole = not in_tag and (
        text.endswith(("\n", "\r", "}", "\x03"))
        or (len(messages) == len(last.entries) == 1 and "?32" in "".join(last.entries[0].details))
    )
    if not whole or text.count("{4:") > text.count("-}"):
        raise StatementError(
            _lt("The file is cut off: its last statement has no closing balance."),
            _lt("Download it from the bank once more; nothing was taken from this one."),
        )


def _statement(message: Message) -> Statement:
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


def _line(entry: Entry, currency: str, problems: list[str]) -> StatementLine | None:
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
    code, own_reference, bank_reference = _references(match[5])
    details = _details(entry, own_reference)
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


def _references(text: str) -> tuple[str, str, str]:
    """Return type, the owner's reference and the bank's, whose time stamp may stand for both."""
    match = _TYPE.match(text)
    code, rest = (match[2].strip(), match[3]) if match else ("", text)
    own, _slashes, bank = rest.partition("//")
    return code, own, reference(bank) or (reference(own) if _STAMP.match(own) else "")


def _details(entry: Entry, own_reference: str) -> Details:
    if entry.details:
        details = read_details(entry.details)
    else:
        details = of_subfields([(line[:2], line[2:]) for line in entry.numbered])
    # ASN writes the other side's account as a reference, Rabobank below the booking.
    for text in (own_reference, _supplement(entry)):
        if not details.account and IBAN.fullmatch(number_of_account(text)):
            details.account = number_of_account(text)
    return details


def _supplement(entry: Entry) -> str:
    return squeezed(" ".join(entry.text[1:]))


def _other_text(entry: Entry, details: Details) -> str:
    text = _supplement(entry)
    return "" if number_of_account(text) == details.account else text


def _name(details: Details, code: str, *, incoming: bool) -> str:
    """Return the other side's name, the ultimate party first."""
    by_orderer = incoming or code in DIRECT_DEBITS
    ultimate = details.ultimate_orderer if by_orderer else details.ultimate_receiver
    return name(ultimate) or name(details.name)


def _raw(entry: Entry) -> str:
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
