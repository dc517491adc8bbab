"""camt.052, camt.053 and camt.054 of all versions, by the local names of their elements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lxml import etree

from odoo.addons.automation_core.lib.texts import Marker

from . import camt_details as details
from .model import Statement, StatementError, StatementLine
from .text import day, decimal, number_of_account
from .xml import children, find, local, parsed, text

_lt = Marker(__name__)

_REPORTS = {
    "BkToCstmrStmt": ("Stmt", False),
    "BkToCstmrAcctRpt": ("Rpt", True),
    "BkToCstmrDbtCdtNtfctn": ("Ntfctn", True),
}
_NOT_BOOKED = frozenset({"PDNG", "INFO", "FUTR"})
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_HINT = _lt("Download the file once more; if it stays so, send it to who looks after this.")


def read(content: bytes) -> tuple[Statement, ...]:
    """Return the statements of a file, without keys."""
    root = parsed(content)
    found = False
    statements: list[Statement] = []
    for message in root.iter():
        kind = re.sub(r"V\d+$", "", local(message))  # the first version had it in its name
        if kind not in _REPORTS:
            continue
        found = True
        name, interim = _REPORTS[kind]
        for report in children(message, name):
            statements.append(_statement(report, interim=interim, place=len(statements)))
    if not found:
        raise StatementError(
            _lt("The file is XML, but no bank statement (camt.052, camt.053 or camt.054)."),
            _lt("Choose “CAMT” where the bank lets you download the account's bookings."),
        )
    return tuple(statements)


def _statement(report: etree._Element, *, interim: bool, place: int) -> Statement:
    problems: list[str] = []
    lines: list[StatementLine] = []
    pending = 0
    for number, entry in enumerate(children(report, "Ntry")):
        if text(entry, "Sts/Cd", "Sts/Prtry", "Sts").upper() in _NOT_BOOKED:
            pending += 1
            continue
        lines += _lines(report, entry, f"{place}.{number}", problems)
    currency = _currency(report, lines)
    opening, closing = _balance(report, _OPENING, currency), _balance(report, _CLOSING, currency)
    number_ = text(report, "ElctrncSeqNb", "LglSeqNb", "Id")
    _check_balances(opening, closing, lines, number_, problems)
    return Statement(
        account=_account(report),
        currency=currency,
        lines=tuple(lines),
        number=number_,
        interim=interim,
        start=day(text(report, "FrToDt/FrDtTm", "FrToDt/FrDt")),
        end=day(text(report, "FrToDt/ToDtTm", "FrToDt/ToDt", "CreDtTm")),
        opening=opening,
        closing=closing,
        pending=pending,
        problems=tuple(dict.fromkeys(problems)),
    )


def _check_balances(
    opening: Decimal | None,
    closing: Decimal | None,
    lines: Sequence[StatementLine],
    number: str,
    problems: list[str],
) -> None:
    if opening is None or closing is None:
        return
    if opening + sum((line.amount for line in lines), Decimal(0)) != closing:
        problems.append(_lt("The balances do not fit the bookings of statement %(n)s.", n=number))


def _account(report: etree._Element) -> str:
    return number_of_account(
        text(report, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
    )


def _currency(report: etree._Element, lines: Sequence[StatementLine]) -> str:
    if own := text(report, "Acct/Ccy"):
        return own.upper()[:3]
    if lines:
        return lines[0].currency
    for balance in children(report, "Bal"):
        amount = find(balance, "Amt")
        if amount is not None:
            return str(amount.get("Ccy") or "")[:3]
    entry = find(report, "Ntry/Amt")
    return str(entry.get("Ccy") or "")[:3] if entry is not None else ""


def _balance(report: etree._Element, kinds: Sequence[str], currency: str) -> Decimal | None:
    """Return a balance in the account's currency, by the first kind that is there."""
    for kind in kinds:
        for balance in children(report, "Bal"):
            amount = find(balance, "Amt")
            if text(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd") != kind or amount is None:
                continue
            found = decimal(amount.text or "")
            if found is not None and amount.get("Ccy", currency) == currency:
                return -found if text(balance, "CdtDbtInd") == "DBIT" else found
    return None


def _lines(
    report: etree._Element, entry: etree._Element, place: str, problems: list[str]
) -> list[StatementLine]:
    """Return an entry as one line, or as one for each detail if these add up to it."""
    whole = _entry(report, entry, problems)
    groups = [entry, *children(entry, "NtryDtls")]
    found = [detail for group in groups for detail in children(group, "TxDtls")]
    own = _account(report)
    if len(found) < 2:
        return [details.completed(whole, entry, found[0] if found else None, own)]
    amounts = _split(whole, found)
    if amounts is None:
        return [details.merged(whole, entry, found, own)]
    return [
        replace(
            details.completed(replace(whole, amount=amount), entry, detail, own),
            batch=place,
            batch_amount=whole.amount,
        )
        for amount, detail in zip(amounts, found, strict=True)
    ]


def _entry(report: etree._Element, entry: etree._Element, problems: list[str]) -> StatementLine:
    """Return what the entry itself says. A reversal's indicator is right as it is."""
    element = find(entry, "Amt")
    amount = decimal(element.text or "") if element is not None else None
    sign = text(entry, "CdtDbtInd").upper()
    if element is None or amount is None or sign not in {"CRDT", "DBIT"}:
        raise StatementError(
            _lt("Booking %(name)s has no amount or no sign.", name=_name(entry)), _HINT
        )
    currency = str(element.get("Ccy") or text(report, "Acct/Ccy"))[:3].upper()
    return StatementLine(
        key="",
        date=_booked(report, entry, problems),
        amount=amount if sign == "CRDT" else -amount,
        currency=currency,
        value_date=day(text(entry, "ValDt/Dt", "ValDt/DtTm")),
    )


def _booked(report: etree._Element, entry: etree._Element, problems: list[str]) -> date:
    """Return the booking date; reports without one have a value date or at least their own."""
    for path in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
        if found := day(text(entry, path)):
            return found
    found = day(text(report, "FrToDt/ToDtTm", "FrToDt/ToDt", "CreDtTm"))
    if found is None:
        raise StatementError(_lt("Booking %(name)s has no date.", name=_name(entry)), _HINT)
    problems.append(_lt("A booking has no date; the statement's own is taken."))
    return found


def _name(entry: etree._Element) -> str:
    return text(entry, "NtryRef", "AcctSvcrRef", "Amt")[:60] or "?"


def _split(whole: StatementLine, found: Sequence[etree._Element]) -> list[Decimal] | None:
    """Return the details' amounts in the account's currency if they add up to the entry's."""
    for amounts in _ways(whole, found):
        if len(amounts) == len(found) and sum(amounts) == whole.amount:
            return amounts
    return None


def _ways(whole: StatementLine, found: Sequence[etree._Element]) -> Iterator[list[Decimal]]:
    """Yield the details' amounts as their own signs say, then with the entry's sign."""
    pairs = [(details.amount_of(detail, whole.currency), detail) for detail in found]
    if any(amount is None for amount, _detail in pairs):
        return
    entry_sign = -1 if whole.amount < 0 else 1
    signs = {"CRDT": 1, "DBIT": -1}
    yield [
        (amount or Decimal(0)) * signs.get(text(detail, "CdtDbtInd").upper(), entry_sign)
        for amount, detail in pairs
    ]
    yield [(amount or Decimal(0)) * entry_sign for amount, _detail in pairs]
