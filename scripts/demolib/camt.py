"""The demo's bank puts its day into a file: camt.053 at night, camt.052 in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

OWNER, IBAN, BIC = "Lindenhof Versand GmbH", "DE89370400440532013000", "COBADEFFXXX"
# what a German bank calls it: code of the DK, ISO's domain, family, subfamily
CODES = {
    "credit": ("166", "PMNT", "RCDT", "ESCT"),
    "transfer": ("116", "PMNT", "ICDT", "ESCT"),
    "debit": ("105", "PMNT", "RDDT", "ESDD"),
    "salary": ("153", "PMNT", "ICDT", "SALA"),
    "standing": ("117", "PMNT", "ICDT", "STDO"),
    "collected": ("171", "PMNT", "IDDT", "ESDD"),
    "returned": ("109", "PMNT", "IDDT", "UPDD"),
    "fee": ("808", "ACMT", "MDOP", "CHRG"),
}


@dataclass(frozen=True)
class Booking:
    """One amount on the account; minus goes out. ``text`` is broken as the bank's lines are."""

    when: datetime
    amount: Decimal
    name: str
    iban: str
    text: str
    code: str = "credit"
    end_to_end: str = "NOTPROVIDED"
    reference: str = ""  # the bank's own; each booking has another one
    reason: str = ""  # why a debit came back


def report(bookings: Sequence[Booking], day: date, opening: Decimal, *, final: bool) -> bytes:
    """Return the file about one day: the day's statement, or what there is so far."""
    kind, root = ("053", "BkToCstmrStmt") if final else ("052", "BkToCstmrAcctRpt")
    part = "Stmt" if final else "Rpt"
    closing = opening + sum(booking.amount for booking in bookings)
    made = max(booking.when for booking in bookings)
    name = f"{kind}D{day:%Y%m%d}{made:%H%M%S}"
    balances = _balance("OPBD", opening, day) + _balance("CLBD" if final else "ITBD", closing, day)
    entries = "".join(_entry(booking) for booking in bookings)
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08"><{root}>
<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{made.isoformat()}+01:00</CreDtTm></GrpHdr>
<{part}><Id>{name}</Id><ElctrncSeqNb>{day:%j}</ElctrncSeqNb>
<CreDtTm>{made.isoformat()}+01:00</CreDtTm>
<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>{OWNER}</Nm></Ownr>
<Svcr><FinInstnId><BICFI>{BIC}</BICFI></FinInstnId></Svcr></Acct>
{balances}{entries}</{part}></{root}></Document>
"""
    return text.encode()


def _balance(kind: str, amount: Decimal, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(amount)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def _amount(amount: Decimal) -> str:
    sign = "DBIT" if amount < 0 else "CRDT"
    return f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _entry(booking: Booking) -> str:
    day = booking.when.date()
    gvc, *iso = CODES[booking.code]
    code = (
        f"<BkTxCd><Domn><Cd>{iso[0]}</Cd><Fmly><Cd>{iso[1]}</Cd><SubFmlyCd>{iso[2]}</SubFmlyCd>"
        f"</Fmly></Domn><Prtry><Cd>NTRF+{gvc}+00931</Cd><Issr>DK</Issr></Prtry></BkTxCd>"
    )
    return (
        f"<Ntry>{_amount(booking.amount)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<AcctSvcrRef>{booking.reference}</AcctSvcrRef>{code}"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{escape(booking.end_to_end)}</EndToEndId></Refs>"
        f"{_amount(booking.amount)}{code}{_parties(booking)}{_text(booking.text)}"
        f"{_reason(booking.reason)}</TxDtls></NtryDtls></Ntry>\n"
    )


def _parties(booking: Booking) -> str:
    if not booking.name:
        return ""
    # a returned debit names the two as the debit did: who should have paid is the debtor
    paid = booking.amount > 0 or booking.code == "returned"
    other, we = ("Dbtr", "Cdtr") if paid else ("Cdtr", "Dbtr")
    return (
        "<RltdPties>"
        + "".join(
            f"<{role}><Pty><Nm>{escape(name)}</Nm></Pty></{role}>"
            f"<{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>"
            for role, name, iban in sorted(
                ((other, booking.name, booking.iban), (we, OWNER, IBAN)), reverse=True
            )
        )
        + "</RltdPties>"
    )


def _text(text: str) -> str:
    lines = "".join(f"<Ustrd>{escape(line)}</Ustrd>" for line in text.split("\n"))
    return f"<RmtInf>{lines}</RmtInf>" if text else ""


def _reason(reason: str) -> str:
    return f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
