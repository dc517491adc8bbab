"""Statements as banks send them, made for the tests of the sources."""

from odoo.addons.payment_matching.tests.common import PaymentCommon

IBAN = "DE89370400440532013000"
OTHER_IBAN = "DE02120300000000202051"
ENTRY = """<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>
<Sts>{status}</Sts><BookgDt><Dt>{date}</Dt></BookgDt><ValDt><Dt>{date}</Dt></ValDt>
<NtryDtls><TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs>
<RltdPties><{role}><Nm>{name}</Nm></{role}><{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>
</RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
BALANCE = """<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>
<Amt Ccy="EUR">{amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{date}</Dt></Dt></Bal>"""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.{form}.001.02"
BODY = {"052": ("BkToCstmrAcctRpt", "Rpt"), "053": ("BkToCstmrStmt", "Stmt")}


def entry(amount=100.0, text="Rechnung 4711", **values):
    """Return one booked entry; a minus goes out."""
    known = {
        "currency": "EUR",
        "date": "2026-11-10",
        "status": "BOOK",
        "ref": "NOTPROVIDED",
        "name": "Erika Muster",
        "iban": "DE75512108001245126199",
    }
    sides = {"sign": "CRDT", "role": "Dbtr"} if amount > 0 else {"sign": "DBIT", "role": "Cdtr"}
    values = {**known, **sides, "amount": f"{abs(amount):.2f}", "text": text, **values}
    return ENTRY.format(**values)


def camt(*entries, iban=IBAN, form="053", balances=None, currency="EUR", number="1"):
    """Return a camt file with one statement."""
    return camts((iban, entries), form=form, balances=balances, currency=currency, number=number)


def camts(*accounts, form="053", balances=None, currency="EUR", number="1"):
    """Return a camt file with a statement for each ``(IBAN, entries)``."""
    message, report = BODY[form]
    statements = "".join(
        f"<{report}><Id>S-{iban}-{number}</Id><LglSeqNb>{number}</LglSeqNb>"
        f"<CreDtTm>2026-11-10T20:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balances(balances)}{''.join(entries)}</{report}>"
        for iban, entries in accounts
    )
    return (
        f"{HEAD}<Document xmlns='{SPACE.format(form=form)}'><{message}><GrpHdr><MsgId>M</MsgId>"
        f"<CreDtTm>2026-11-10T20:00:00</CreDtTm></GrpHdr>{statements}</{message}></Document>"
    ).encode()


def _balances(pair, date="2026-11-10"):
    if not pair:
        return ""
    codes = zip(("OPBD", "CLBD"), pair, strict=True)
    return "".join(BALANCE.format(code=code, amount=amount, date=date) for code, amount in codes)


class SourceCommon(PaymentCommon):
    """A journal with an account number, and a source that takes files for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal.set_bank_account(IBAN)
        cls.source = cls._create_source()

    @classmethod
    def _create_source(cls, journal=None, **vals):
        vals = {"name": "Test source", "journal_id": (journal or cls.journal).id, **vals}
        return cls.env["payment.source"].create(vals)

    @classmethod
    def _create_journal(cls, code, iban=None, **vals):
        vals = {"name": f"Bank {code}", "type": "bank", "code": code, **vals}
        journal = cls.env["account.journal"].create({"company_id": cls.company.id, **vals})
        if iban:
            journal.set_bank_account(iban)
        return journal

    def _take_and_read(self, *contents, source=None, name="statement.xml"):
        """Store files and read them as the cron does, without its commits."""
        source = source or self.source
        files = self.env["payment.source.file"]
        for content in contents:
            files |= source._take(name, content)
        files._read_now()
        return files

    def _lines(self, journal=None):
        return self.env["account.bank.statement.line"].search(
            [("journal_id", "=", (journal or self.journal).id)], order="id"
        )

    def _cases(self, source=None, state="open"):
        return self.env["automation.case"].search(
            [
                ("res_model", "=", "payment.source"),
                ("res_id", "=", (source or self.source).id),
                ("state", "=", state),
            ]
        )
