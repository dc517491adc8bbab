"""One day at a bank, in each of the ways that banks tell it."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from textwrap import wrap
from xml.sax.saxutils import escape

IBAN = "DE89370400440532013000"
ACCOUNT = "37040044/0532013000"


@dataclass(frozen=True)
class Booking:
    amount: str
    name: str = "Jürgen Müßig-Ähren"
    iban: str = "DE02120300000000202051"
    text: str = "Bestellung SO 2026/00123 vielen Dank für die schnelle Lieferung Gruß Jürgen"
    end_to_end: str = "NOTPROVIDED"
    day: date = date(2026, 11, 20)
    status: str = "BOOK"
    parts: tuple["Booking", ...] = ()
    reference: str = "NONREF"


DAY = (
    Booking("119.00", end_to_end="E2E-4711"),
    Booking("-30.50", "Paketdienst GmbH", "DE02500105170137075030", "Rechnung 99/2026 Fracht"),
    Booking("19.90", "Anna Schmidt", "DE02100500000054540402", "RE/2026/00001"),
    Booking("19.90", "Anna Schmidt", "DE02100500000054540402", "RE/2026/00002"),
    Booking("19.90", "Bernd Öztürk", "DE02300209000106531065", ""),
    Booking("19.90", "Bernd Öztürk", "DE02300209000106531065", ""),
)


def camt(bookings=DAY, kind="053", version="001.08", account=IBAN, opening=None, value_dates=True):
    """camt.052, 053 or 054 in an old or new version."""
    message, report = {
        "052": ("BkToCstmrAcctRpt", "Rpt"),
        "053": ("BkToCstmrStmt", "Stmt"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[kind]
    new = int(version[-2:]) >= 8
    entries = "".join(_entry(booking, new, value_dates) for booking in bookings)
    balances = "" if opening is None else _balances(Decimal(opening), bookings)
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.{version}"><{message}>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-21T03:00:00</CreDtTm></GrpHdr>
<{report}><Id>R1</Id><ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2026-11-21T03:00:00</CreDtTm>
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{entries}
</{report}></{message}></Document>"""
    return text.encode()


def _balances(opening, bookings):
    closing = opening + sum(Decimal(booking.amount) for booking in bookings)
    return "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(value)}</Amt>'
        f"<CdtDbtInd>{'DBIT' if value < 0 else 'CRDT'}</CdtDbtInd></Bal>"
        for code, value in (("OPBD", opening), ("CLBD", closing))
    )


def _sign(booking):
    return "DBIT" if booking.amount.startswith("-") else "CRDT"


def _entry(booking, new, value_dates):
    status = f"<Cd>{booking.status}</Cd>" if new else booking.status
    value = f"<ValDt><Dt>{booking.day}</Dt></ValDt>" if value_dates else ""
    details = "".join(
        _details(part, new, bool(booking.parts)) for part in booking.parts or (booking,)
    )
    return f"""<Ntry><Amt Ccy="EUR">{booking.amount.lstrip("-")}</Amt>
<CdtDbtInd>{_sign(booking)}</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>{booking.day}</Dt></BookgDt>
{value}<AcctSvcrRef>{booking.reference}</AcctSvcrRef>
<BkTxCd><Prtry><Cd>NTRF+166+0001+000</Cd><Issr>DK</Issr></Prtry></BkTxCd>
<NtryDtls>{details}</NtryDtls></Ntry>"""


def _details(booking, new, with_amount):
    party = f"<Nm>{escape(booking.name)}</Nm>"
    party = f"<Pty>{party}</Pty>" if new else party
    side = "Cdtr" if booking.amount.startswith("-") else "Dbtr"
    texts = "".join(f"<Ustrd>{escape(line)}</Ustrd>" for line in wrap(booking.text, 140))
    amount = f'<Amt Ccy="EUR">{booking.amount.lstrip("-")}</Amt>' if with_amount else ""
    account = (
        f"<{side}Acct><Id><IBAN>{booking.iban}</IBAN></Id></{side}Acct>" if booking.iban else ""
    )
    return f"""<TxDtls><Refs><EndToEndId>{booking.end_to_end}</EndToEndId></Refs>{amount}
<RltdPties><{side}>{party}</{side}>{account}</RltdPties><RmtInf>{texts}</RmtInf></TxDtls>"""


def mt940(bookings=DAY, opening="1000.00", account=ACCOUNT, umlauts=True, end="\r\n", cut=1000):
    """MT940 as German banks write it: 27 characters a piece, blanks at their end lost."""
    total = Decimal(opening) + sum(Decimal(booking.amount) for booking in bookings)
    rows = [":20:STARTUMS", f":25:{account}", ":28C:7/1", f":60F:{_balance(Decimal(opening))}"]
    for booking in bookings:
        amount = Decimal(booking.amount)
        rows.append(
            f":61:{booking.day:%y%m%d}{booking.day:%m%d}{'D' if amount < 0 else 'C'}R"
            f"{abs(amount)}NTRFNONREF".replace(".", ",")
        )
        rows += wrap(":86:166" + _structured(booking, umlauts, cut), 65, drop_whitespace=False)
    rows += [f":62F:{_balance(total)}", "-"]
    return (end.join(rows) + end).encode("utf-8")


def _balance(value):
    return f"{'D' if value < 0 else 'C'}261120EUR{abs(value)}".replace(".", ",")


def _structured(booking, umlauts, cut):
    text, name = booking.text[:cut], booking.name
    if not umlauts:
        pairs = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("Ä", "AE"), ("Ö", "OE"))
        for letter, plain in pairs:
            text, name = text.replace(letter, plain), name.replace(letter, plain).upper()
    if booking.parts:
        return "?00SAMMLER?10931?20SAMMELGUTSCHRIFT"
    told = f"EREF+{booking.end_to_end}"
    pieces = [*wrap(told, 27), *wrap(f"SVWZ+{text}", 27)] if text else wrap(told, 27)
    fields = "".join(f"?{20 + place}{piece}" for place, piece in enumerate(pieces))
    names = "".join(f"?{32 + place}{piece}" for place, piece in enumerate(wrap(name, 27)))
    account = f"?30BYLADEM1001?31{booking.iban}" if booking.iban else ""
    return f"?00GUTSCHRIFT?10931{fields}{account}{names}"


def zipped(**files):
    """A zip archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
