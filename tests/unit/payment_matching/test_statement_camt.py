"""CAMT: what is a line, whose name it has, what is left out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from payment_matching.lib.statement.model import StatementError
from payment_matching.lib.statement.read import read_statements

from tests.unit.payment_matching.statement_files import DAY, Booking, camt


def changed(content, *changes):
    for old, new in changes:
        assert old.encode() in content
        content = content.replace(old.encode(), new.encode())
    return content


def one(*changes, booking=DAY[0], **kwargs):
    (statement,) = read_statements("f", changed(camt((booking,), **kwargs), *changes))
    (line,) = statement.lines
    return line


@pytest.mark.parametrize("version", ["001.02", "001.04", "001.06", "001.08", "001.12"])
@pytest.mark.parametrize("kind", ["052", "053", "054"])
def test_all_kinds_and_versions(kind, version):
    (statement,) = read_statements("f", camt(kind=kind, version=version))
    assert statement.account == "DE89370400440532013000"
    assert statement.interim is (kind != "053")
    line = statement.lines[0]
    assert line.amount == Decimal("119.00")
    assert line.payer_name == "Jürgen Müßig-Ähren"
    assert line.payer_iban == "DE02120300000000202051"
    assert line.end_to_end_id == "E2E-4711"
    assert line.code == "166"
    assert statement.lines[1].amount == Decimal("-30.50")
    assert statement.lines[1].payer_name == "Paketdienst GmbH"
    assert statement.lines[2].end_to_end_id == ""


def test_the_first_version():
    """Its messages are called otherwise, and details stand in the entry itself."""
    content = changed(
        camt(DAY[:1], version="001.01"), ("BkToCstmrStmt>", "BkToCstmrStmtV01>"),
        ("<NtryDtls>", ""), ("</NtryDtls>", ""),
    )  # fmt: skip
    (statement,) = read_statements("f", content)
    assert statement.lines[0].payer_name == "Jürgen Müßig-Ähren"


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
@pytest.mark.parametrize("version", ["001.02", "001.08"])
def test_what_is_not_booked_is_no_line(status, version):
    bookings = (DAY[0], replace(DAY[1], status=status))
    (statement,) = read_statements("f", camt(bookings, kind="052", version=version))
    assert (len(statement.lines), statement.pending) == (1, 1)


def test_dates_with_a_time_and_without():
    booked = "<BookgDt><Dt>2026-11-20</Dt></BookgDt>"
    assert one((booked, "<BookgDt><DtTm>2026-11-19T13:15:00+01:00</DtTm></BookgDt>")).date == date(
        2026, 11, 19
    )
    midnight = "<BookgDt><DtTm>2026-11-18T23:00:00.000Z</DtTm></BookgDt>"
    assert one((booked, midnight)).date == date(2026, 11, 19)
    assert one((booked, "")).date == date(2026, 11, 20)  # the value date
    line = one((booked, ""), value_dates=False)
    assert line.date == date(2026, 11, 21)  # the statement's own


def test_without_any_date_the_file_is_refused():
    content = camt(DAY[:1], value_dates=False)
    content = changed(
        content,
        ("<BookgDt><Dt>2026-11-20</Dt></BookgDt>", ""),
        ("<CreDtTm>2026-11-21T03:00:00</CreDtTm>", ""),
    )
    with pytest.raises(StatementError, match="no date"):
        read_statements("f", content)


def test_the_ultimate_payer_comes_first():
    ultimate = "<RltdPties><UltmtDbtr><Pty><Nm>Erika Ultima</Nm></Pty></UltmtDbtr>"
    assert one(("<RltdPties>", ultimate)).payer_name == "Erika Ultima"


def test_our_own_account_is_never_the_other_side():
    own = (
        "<RltdPties><Cdtr><Pty><Nm>Wir GmbH</Nm></Pty></Cdtr><CdtrAcct><Id>"
        "<IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>"
    )
    returned = ("</RmtInf>", "</RmtInf><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")
    sign = ("<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>DBIT</CdtDbtInd>")
    line = one(("<RltdPties>", own), returned, sign)
    assert line.payer_name == "Jürgen Müßig-Ähren"
    assert (line.kind, line.reason, line.amount) == ("return", "AC04", Decimal("-119.00"))


def test_a_reversal_keeps_its_sign():
    line = one(("</CdtDbtInd>", "</CdtDbtInd><RvslInd>true</RvslInd>"), booking=DAY[1])
    assert (line.amount, line.kind) == (Decimal("-30.50"), "return")


def test_creditor_reference_is_remittance():
    reference = "<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
    line = one(("</RmtInf>", reference), booking=DAY[4])
    assert line.remittance == "RF18539007547034"


def test_labels_in_the_text_are_split_off():
    text = "EREF+E2E-9 MREF+M-1 SVWZ+Rechnung 12"
    line = one(booking=replace(DAY[0], text=text))
    assert line.remittance == "Rechnung 12"
    assert line.mandate_id == "M-1"


PARTS = (Booking("40.00", "A", text="RE 1"), Booking("60.00", "B", text="RE 2"))
BATCH = Booking("100.00", parts=PARTS)


def test_details_are_lines_if_they_add_up():
    (statement,) = read_statements("f", camt((BATCH,), opening="0"))
    assert [(line.payer_name, line.amount) for line in statement.lines] == [("A", 40), ("B", 60)]
    assert not statement.problems


@pytest.mark.parametrize("amount", ["60.00", ""])
def test_details_that_do_not_add_up_stay_one_line(amount):
    content = camt((BATCH,))
    part = '<Amt Ccy="EUR">60.00</Amt>'
    content = changed(content, (part, part.replace("60.00", "61.00") if amount else ""))
    (line,) = read_statements("f", content)[0].lines
    assert (line.amount, line.payer_name, line.batch) == (Decimal(100), "", "")
    assert line.remittance == "RE 1\nRE 2"


def test_details_in_another_currency():
    foreign = (
        '<AmtDtls><InstdAmt><Amt Ccy="USD">{usd}</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">{eur}</Amt>'
        "</TxAmt><CntrValAmt><Amt Ccy='EUR'>{eur}</Amt><CcyXchg><SrcCcy>USD</SrcCcy></CcyXchg>"
        "</CntrValAmt></AmtDtls>"
    )
    content = changed(
        camt((BATCH,)),
        ('<Amt Ccy="EUR">40.00</Amt>', foreign.format(usd="44.00", eur="40.00")),
        ('<Amt Ccy="EUR">60.00</Amt>', foreign.format(usd="66.00", eur="60.00")),
    )
    lines = read_statements("f", content)[0].lines
    assert [(line.amount, line.currency_amount, line.currency_name) for line in lines] == [
        (40, 44, "USD"),
        (60, 66, "USD"),
    ]


def test_several_accounts_in_one_file():
    first, second = camt(DAY[:1]).decode(), camt(DAY[:1], account="DE02100500000054540402").decode()
    statement = second[second.index("<Stmt>") : second.index("</Stmt>") + len("</Stmt>")]
    content = first.replace("</BkToCstmrStmt>", f"{statement}</BkToCstmrStmt>").encode()
    one, two = read_statements("f", content)
    assert (one.account, two.account) == ("DE89370400440532013000", "DE02100500000054540402")
    assert one.lines[0].key != two.lines[0].key


def test_balances():
    (statement,) = read_statements("f", camt(opening="50.00"))
    assert (statement.opening, statement.closing) == (Decimal("50.00"), Decimal("218.10"))
    assert not statement.problems
    content = changed(camt(opening="50.00"), (">218.10<", ">218.11<"))
    assert "balances" in read_statements("f", content)[0].problems[0]


def test_iso_code_where_there_is_no_german_one():
    german = "<Prtry><Cd>NTRF+166+0001+000</Cd><Issr>DK</Issr></Prtry>"
    iso = "<Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn>"
    line = one((german, iso))
    assert (line.code, line.kind) == ("PMNT/IDDT/UPDD", "return")


def test_an_entry_without_a_sign_refuses_the_file():
    with pytest.raises(StatementError, match="no amount or no sign"):
        one(("<CdtDbtInd>CRDT</CdtDbtInd>", ""))
