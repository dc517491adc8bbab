"""An account's bookings, as a bank writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Booking:
    """One line of a statement."""

    day: date
    amount: Decimal
    name: str
    iban: str
    remittance: str


@dataclass
class BankAccount:
    """An account of the user."""

    iban: str
    bic: str = "TESTDEFFXXX"
    owner: str = "Muster Handels GmbH"
    product: str = "Girokonto"
    bookings: list[Booking] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The account's own number."""
        return self.iban[12:].lstrip("0")

    def between(self, start: date, end: date) -> list[list[Booking]]:
        """Return the bookings of each day in a range."""
        found = sorted(
            (one for one in self.bookings if start <= one.day <= end), key=lambda one: one.day
        )
        return [list(day) for _day, day in groupby(found, key=lambda one: one.day)]


def _money(amount: Decimal) -> str:
    return f"{abs(amount):.2f}".replace(".", ",")


def _balance(account: BankAccount, before: date) -> Decimal:
    return sum((one.amount for one in account.bookings if one.day < before), Decimal("1000.00"))


def _mark(amount: Decimal) -> str:
    return "C" if amount >= 0 else "D"


def _detail(booking: Booking) -> list[str]:
    """Return the lines of field 86: code, text in pieces of 27, bank, account and name."""
    code = "166?00GUTSCHRIFT" if booking.amount >= 0 else "177?00UEBERWEISUNG"
    text = f"SVWZ+{booking.remittance}"
    pieces = [text[at : at + 27] for at in range(0, len(text), 27)]
    parts = [code, "?100599"]
    parts += [f"?{20 + place}{piece}" for place, piece in enumerate(pieces)]
    parts += ["?30TESTDEFFXXX", f"?31{booking.iban}", f"?32{booking.name[:27]}"]
    joined = "".join(parts)
    return [joined[at : at + 65] for at in range(0, len(joined), 65)]


def mt940(account: BankAccount, days: Iterable[Sequence[Booking]], bank_code: str) -> list[bytes]:
    """Return one statement for each day, in SWIFT's form."""
    statements = []
    for bookings in days:
        day = bookings[0].day
        opening = _balance(account, day)
        closing = opening + sum(one.amount for one in bookings)
        lines = ["", ":20:STARTUMS", f":25:{bank_code}/{account.number}", ":28C:00000/001"]
        lines.append(f":60F:{_mark(opening)}{day:%y%m%d}EUR{_money(opening)}")
        for one in bookings:
            lines.append(f":61:{day:%y%m%d}{day:%m%d}{_mark(one.amount)}R{_money(one.amount)}N")
            lines[-1] += "MSCNONREF"
            first, *rest = _detail(one)
            lines += [f":86:{first}", *rest]
        lines.append(f":62F:{_mark(closing)}{day:%y%m%d}EUR{_money(closing)}")
        lines += ["-", ""]
        statements.append("\r\n".join(lines).encode("latin-1"))
    return statements


def camt(account: BankAccount, days: Iterable[Sequence[Booking]]) -> list[bytes]:
    """Return one camt.052.001.08 for each day."""
    return [_camt(account, bookings) for bookings in days]


def _camt(account: BankAccount, bookings: Sequence[Booking]) -> bytes:
    day = bookings[0].day
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt>'
        f"<GrpHdr><MsgId>{day:%Y%m%d}</MsgId><CreDtTm>{day}T20:00:00+01:00</CreDtTm></GrpHdr>"
        f"<Rpt><Id>{day:%Y%m%d}</Id><CreDtTm>{day}T20:00:00+01:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account.iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    )
    entries = "".join(_entry(one, place) for place, one in enumerate(bookings))
    return f"{head}{entries}</Rpt></BkToCstmrAcctRpt></Document>".encode()


def _entry(one: Booking, place: int) -> str:
    credit = one.amount >= 0
    party, account = ("Dbtr", "DbtrAcct") if credit else ("Cdtr", "CdtrAcct")
    return (
        f'<Ntry><Amt Ccy="EUR">{abs(one.amount):.2f}</Amt>'
        f"<CdtDbtInd>{'CRDT' if credit else 'DBIT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{one.day}</Dt></BookgDt><ValDt><Dt>{one.day}</Dt></ValDt>"
        f"<AcctSvcrRef>{one.day:%Y%m%d}{place:04}</AcctSvcrRef>"
        "<BkTxCd><Prtry><Cd>NTRF+166</Cd></Prtry></BkTxCd>"
        f"<NtryDtls><TxDtls><RltdPties><{party}><Pty><Nm>{escape(one.name)}</Nm></Pty></{party}>"
        f"<{account}><Id><IBAN>{one.iban}</IBAN></Id></{account}></RltdPties>"
        f"<RmtInf><Ustrd>{escape(one.remittance)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
