"""MT940 and MT942: dates, signs, amounts, details, blocks and characters."""

from datetime import date
from decimal import Decimal

import pytest
from payment_matching.lib.statement.details86 import read_details
from payment_matching.lib.statement.model import StatementError
from payment_matching.lib.statement.read import read_statements
from payment_matching.lib.statement.tags import labelled

from tests.unit.payment_matching.statement_files import DAY, mt940


def message(*entries, head=":60F:C261120EUR0,00", foot=":62F:C261120EUR0,00"):
    rows = [":20:A", ":25:37040044/0532013000", ":28C:1/1", head, *entries, foot, "-", ""]
    return "\n".join(rows).encode()


def first(*entries, **kwargs):
    return read_statements("f", message(*entries, **kwargs))[0].lines[0]


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        ("2611201120C12,50NTRFNONREF", "12.50"),
        ("2611201120D12,50NTRFNONREF", "-12.50"),
        ("2611201120RC12,50NTRFNONREF", "-12.50"),
        ("2611201120RD12,50NTRFNONREF", "12.50"),
        ("2611201120CR12,50NTRFNONREF", "12.50"),
        ("2611201120DR12,50NTRFNONREF", "-12.50"),
        ("2611201120RDR12,50NTRFNONREF", "12.50"),
        ("2611201120RCR12,50NTRFNONREF", "-12.50"),
        ("261120C12,NTRFNONREF", "12"),
        ("261120C,50NTRFNONREF", "0.50"),
        ("261120C000000000012,50N541NONREF", "12.50"),
        ("261120    CD12,50NMSCNONREF//", "12.50"),
        ("261120D12,50 NRTIKREF+//2016", "-12.50"),
        ("261120C1.012,50NTRF", "1012.50"),
        ("261120C12.50NTRF", "12.50"),
        ("20261120C12,50NTRF", "12.50"),
    ],
)
def test_signs_and_amounts(field, amount):
    assert first(f":61:{field}").amount == Decimal(amount)


@pytest.mark.parametrize(
    ("field", "booked", "value"),
    [
        ("2611201121", date(2026, 11, 21), date(2026, 11, 20)),
        ("261120", date(2026, 11, 20), date(2026, 11, 20)),
        ("2612310102", date(2027, 1, 2), date(2026, 12, 31)),
        ("2701021231", date(2026, 12, 31), date(2027, 1, 2)),
        ("2702300228", date(2027, 2, 28), date(2027, 2, 28)),
        ("990104", date(1999, 1, 4), date(1999, 1, 4)),
    ],
)
def test_dates(field, booked, value):
    line = first(f":61:{field}C1,00NTRF")
    assert (line.date, line.value_date) == (booked, value)


def test_an_impossible_day_is_told():
    (statement,) = read_statements("f", message(foot=":62F:C021131EUR0,00"))
    assert statement.end == date(2002, 11, 30)
    assert "021131" in statement.problems[0]


@pytest.mark.parametrize(
    "field", ["C12,50NTRF", "261320C12,50NTRF", "261120X12,50NTRF", "261120CNTRF", "2611"]
)
def test_a_booking_that_cannot_be_read_refuses_the_file(field):
    with pytest.raises(StatementError, match="cannot be read"):
        read_statements("f", message(":61:261120C1,00NTRF", f":61:{field}"))


def test_expected_bookings_are_pending():
    content = message(
        ":61:261120EC5,00NTRF", ":61:261120ED5,00NTRF", ":61:261120C1,00NTRF",
        head=":34F:EUR0,", foot=":90C:1EUR1,00",
    )  # fmt: skip
    (statement,) = read_statements("f", content)
    assert (len(statement.lines), statement.pending, statement.interim) == (1, 2, True)


def test_balances_that_do_not_fit_are_told():
    (statement,) = read_statements("f", message(":61:261120C1,00NTRF"))
    assert "balances" in statement.problems[0]
    assert not read_statements("f", mt940())[0].problems


def test_sepa_labels_across_lines():
    details = read_details(
        [
            "166?00GUTSCHR. UEBERWEISUNG?109251?20EREF+4711-ABC-0815-ABC-DEFGH?21IJ?22MREF+M-",
            "1 CRED+DE98ZZZ09999999999 SV?23WZ+Bestellung 2026-001?2423 Danke?25ABWA+Erika Ult",
            "ima?30BYLADEM1001?31DE02120300000000202051?32Max Muster?33mann?34000",
        ]
    )
    assert details.end_to_end_id == "4711-ABC-0815-ABC-DEFGHIJ"
    assert details.mandate_id == "M-1"
    assert details.creditor_id == "DE98ZZZ09999999999"
    assert details.remittance == "Bestellung 2026-001\n23 Danke"
    assert details.ultimate_orderer == "Erika Ultima"
    assert details.name == "Max Mustermann"
    assert details.account == "DE02120300000000202051"
    assert details.code == "166"


def test_the_ultimate_payer_comes_first():
    line = first(
        ":61:261120C1,00NTRF", ":86:166?20SVWZ+Miete?21ABWA+Erika Ultima?32Sammelkonto GmbH"
    )
    assert line.payer_name == "Erika Ultima"
    line = first(":61:261120D1,00NTRF", ":86:177?20SVWZ+Miete?21ABWA+Wir selbst?32Vermieter GmbH")
    assert line.payer_name == "Vermieter GmbH"


def test_text_after_a_short_id_is_remittance():
    assert labelled(["EREF+NOTPROVIDED", "Rechnung 12"])["rest"] == "Rechnung 12"
    assert labelled(["Nur Text", "ohne Namen"]) == {"": "Nur Text\nohne Namen"}


@pytest.mark.parametrize("sign", "?>~<^|@+&")
def test_other_separators(sign):
    details = read_details([f"166{sign}00GUTSCHRIFT{sign}20SVWZ/Text{sign}32Name"])
    assert (details.booking_text, details.name) == ("GUTSCHRIFT", "Name")


def test_subfields_without_a_code():
    details = read_details(["~00PRZELEW~20FAKTURA 7~32JAN NOWAK~38PL61109010140000071219812874"])
    assert (details.remittance, details.name) == ("FAKTURA 7", "JAN NOWAK")
    assert details.account == "PL61109010140000071219812874"


def test_the_account_as_reference():
    line = first(":61:2611201120D65,00NOVBNL47INGB9999999999", ":86:hr j jansen")
    assert line.payer_iban == "NL47INGB9999999999"
    assert first(":61:261120C1,00NTRFNONREF", "NL66RABO0160878799").payer_iban.startswith("NL66")


def test_old_text_without_labels_keeps_its_lines():
    details = read_details(["051?00UEBERWEISUNG?20RECHNUNG 2026/00?21123 DANKE?32MUELLER"])
    assert details.remittance == "RECHNUNG 2026/00\n123 DANKE"


def test_foreign_free_texts():
    rabo = read_details(
        [
            "/EREF/E2E-1/BENM//NAME/JOHN DOE/IBAN/NL66RABO0160878799/BIC/RABONL2U/REMI/Ref",
            " 12/ISDT/",
        ]
    )
    assert (rabo.name, rabo.account, rabo.remittance) == (
        "JOHN DOE",
        "NL66RABO0160878799",
        "Ref 12",
    )
    assert rabo.end_to_end_id == "E2E-1"
    ing = read_details(["/CNTP/NL32INGB0000012345/INGBNL2A/ING BV///REMI/USTD//Factuur 7/"])
    assert (ing.name, ing.account, ing.remittance) == ("ING BV", "NL32INGB0000012345", "Factuur 7")
    abn = read_details(
        ["SEPA OVERBOEKING                 IBAN: NL66RABO0160878799        BIC: RABONL2U  ",
         "NAAM: J. JANSEN                  OMSCHRIJVING: FACTUUR 33         KENMERK: E-1 "]
    )  # fmt: skip
    assert (abn.name, abn.account, abn.remittance) == (
        "J. JANSEN",
        "NL66RABO0160878799",
        "FACTUUR 33",
    )
    assert read_details(["Just a text", "in two lines"]).remittance == "Just a text\nin two lines"


def test_swift_blocks_and_bank_headings():
    body = mt940(DAY[:2]).decode()
    framed = f"\x01{{1:F01INGBNL2AXXXX00001}}{{2:I940INGBNL2AXXXN}}{{4:\r\n{body[:-3]}-}}\x03"
    headed = f"ABNANL2A\r\n940\r\nABNANL2A\r\n{body}"
    numbered = f":940:\r\n{body}"
    for text in (framed, headed, numbered, framed + framed):
        statements = read_statements("f", text.encode())
        assert [len(statement.lines) for statement in statements] == [2] * len(statements)
    assert len(statements) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "@@"])
def test_line_ends(end):
    (statement,) = read_statements("f", mt940(end=end))
    assert len(statement.lines) == len(DAY)
    assert not statement.problems


def test_a_time_in_a_text_is_no_tag():
    line = first(":61:261120C1,00NTRF", ":86:166?20SVWZ+gekauft um 12", ":20:15 Uhr?32Max")
    assert line.remittance == "gekauft um 12:20:15 Uhr"
    assert line.payer_name == "Max"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "cp850", "cp437", "utf-16", "utf-16-le"]
)
def test_umlauts_in_every_code_page(encoding):
    content = mt940(DAY[:1]).decode().encode(encoding)
    (line,) = read_statements("f", content)[0].lines
    assert line.payer_name == "Jürgen Müßig-Ähren"
    assert line.remittance.replace("\n", "").endswith("GrußJürgen")


def test_returned_debits_and_fees_have_their_kind():
    assert first(":61:261120D1,00NTRF", ":86:109?00SEPA-LASTSCHR. RETOURE").kind == "return"
    assert first(":61:261120D1,00NTRF", ":86:808?00ENTGELT").kind == "fee"
    assert first(":61:261120RD1,00NTRF", ":86:899?00STORNO").kind == "return"
    assert first(":61:261120C0,00NTRF").kind == "other"


def test_a_cut_file_is_refused():
    content = mt940().rstrip(b"\r\n-")
    for end in (len(content) * share // 10 for share in range(2, 9)):
        piece = content[:end].rstrip(b"\r\n")
        with pytest.raises(StatementError):
            read_statements("f", piece)


@pytest.mark.parametrize("tag", [":", ":2", ":20", ":62F"])
def test_a_file_cut_inside_a_tag_is_refused(tag):
    with pytest.raises(StatementError, match="cut off"):
        read_statements("f", mt940(DAY[:1]) + tag.encode())


def test_own_text_after_the_balance_is_no_detail():
    content = message(":61:261120C1,00NTRF", ":86:166?20Text", foot=":62F:C261120EUR1,00\n:86:Info")
    assert read_statements("f", content)[0].lines[0].remittance == "Text"
