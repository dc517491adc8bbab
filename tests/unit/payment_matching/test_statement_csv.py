"""CSV files: known layouts, maps, numbers, dates, what is not booked."""

from datetime import date
from decimal import Decimal

import pytest
from payment_matching.lib.statement import csv
from payment_matching.lib.statement.model import ColumnMap, StatementError
from payment_matching.lib.statement.read import read_statements

SPARKASSE = """"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"
"DE89370400440532013000";"20.11.26";"20.11.26";"GUTSCHR. UEBERWEISUNG";"Bestellung 4711";"";"";"E2E-1";"";"";"";"Jürgen Groß";"DE02120300000000202051";"BYLADEM1001";"1.119,50";"EUR";"Umsatz gebucht"
"DE89370400440532013000";"20.11.26";"";"KARTENZAHLUNG";"Tanken";"";"";"";"";"";"";"Tankstelle";"";"";"-20,00";"EUR";"Umsatz vorgemerkt"
"""  # noqa: E501
DKB = """"Girokonto";"DE89370400440532013000"
""
"Kontostand vom 21.11.2026:";"1.234,56 €"
""
"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"
"20.11.26";"20.11.26";"Gebucht";"Jürgen Groß";"Wir GmbH";"Bestellung 4711";"Eingang";"DE02120300000000202051";"1.119,50";"";"";"E2E-1"
"20.11.26";"";"Vorgemerkt";"Wir GmbH";"Tankstelle";"Tanken";"Ausgang";"";"-20";"";"";""
"19.11.26";"19.11.26";"Gebucht";"Wir GmbH";"Lieferant AG";"Rechnung 3";"Ausgang";"DE02100500000054540402";"-7,5";"";"";""
"""  # noqa: E501
ING = """Umsatzanzeige;Datei erstellt am: 21.11.2026 08:00

IBAN;DE89 3704 0044 0532 0130 00
Kontoname;Girokonto
Saldo;1.234,56;EUR

Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung
20.11.2026;20.11.2026;Jürgen Groß;Gutschrift;Bestellung 4711;1.234,56;EUR;1.119,50;EUR
"""
COMDIRECT = """;
"Umsätze Girokonto";"Zeitraum: 30 Tage";
"Neuer Kontostand";"1.234,56 EUR";

"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";
"offen";"--";"Kartenverfügung";"Buchungstext: Laden";"-5,00";
"20.11.2026";"20.11.2026";"Übertrag";"Auftraggeber: Jürgen Groß Buchungstext: Bestellung 4711 Ref. A1";"1.119,50";
"Alter Kontostand";"115,06 EUR";
"""  # noqa: E501
N26 = """"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"
2026-11-20,2026-11-20,"Jürgen Groß",DE02120300000000202051,Credit Transfer,"Bestellung 4711",Main,1119.5,,,
"""  # noqa: E501
VOLKSBANK = """Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;Bankname Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;Verwendungszweck;Betrag;Waehrung;Saldo nach Buchung;Bemerkung;Gekennzeichneter Umsatz;Glaeubiger ID;Mandatsreferenz
Konto;DE89370400440532013000;GENODEF1;Volksbank;20.11.2026;20.11.2026;Jürgen Groß;DE02120300000000202051;BYLADEM1001;Gutschrift;Bestellung 4711;1119,50;EUR;1234,56;;;;
"""  # noqa: E501
DEUTSCHE = """Umsätze Girokonto (00);;;Kundennummer: 123
01.11.2026 - 20.11.2026
Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN / Kontonummer;BIC;Kundenreferenz;Mandatsreferenz;Gläubiger ID;Fremde Gebühren;Betrag;Abweichender Empfänger;Anzahl der Aufträge;Anzahl der Schecks;Soll;Haben;Währung
20.11.2026;20.11.2026;SEPA Gutschrift;Jürgen Groß;Bestellung 4711;DE02120300000000202051;BYLADEM1001;E2E-1;;;;;;;;;"1.119,50";EUR
Kontostand;20.11.2026;;;"1.234,56";EUR
"""  # noqa: E501
LAYOUTS = {
    "Sparkasse": (SPARKASSE, 1, 1),
    "DKB": (DKB, 2, 1),
    "ING": (ING, 1, 0),
    "comdirect": (COMDIRECT, 1, 1),
    "N26": (N26, 1, 0),
    "Volksbank": (VOLKSBANK, 1, 0),
    "Deutsche Bank": (DEUTSCHE, 1, 0),
}


@pytest.mark.parametrize("bank", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16"])
def test_known_layouts(bank, encoding):
    text, count, pending = LAYOUTS[bank]
    (statement,) = read_statements("f.csv", text.replace("€", "").encode(encoding))
    assert (len(statement.lines), statement.pending) == (count, pending)
    line = statement.lines[0]
    assert line.date == date(2026, 11, 20)
    assert line.amount == Decimal("1119.50")
    assert line.currency == "EUR"
    assert line.payer_name == "Jürgen Groß"
    assert line.remittance.startswith("Bestellung 4711")
    if bank not in {"ING", "comdirect"}:
        assert line.payer_iban == "DE02120300000000202051"


def test_the_receiver_s_name_for_money_that_goes():
    lines = read_statements("f.csv", DKB.encode())[0].lines
    assert [line.payer_name for line in lines] == ["Jürgen Groß", "Lieferant AG"]


def test_own_account_by_column():
    assert read_statements("f", SPARKASSE.encode())[0].account == "DE89370400440532013000"


OWN = ColumnMap(
    {"date": "Tag", "amount": "Wert", "payer_name": "Vorname+Name", "remittance": "Text"},
    booked={"Status": "fest"},
    account="DE89 3704 0044 0532 0130 00",
    currency="CHF",
)
OWN_FILE = """Ein Satz davor
Tag|Wert|Vorname|Name|Text|Status
11/20/2026|1,234.50|Max|Muster|A 1|fest
11/09/2026|-3.00|||B|offen
"""


def test_a_map_of_one_s_own():
    (statement,) = read_statements("f", OWN_FILE.encode(), columns=OWN)
    (line,) = statement.lines
    assert (statement.account, statement.pending) == ("DE89370400440532013000", 1)
    assert (line.date, line.amount, line.currency) == (
        date(2026, 11, 20), Decimal("1234.50"), "CHF",
    )  # fmt: skip
    assert line.payer_name == "Max Muster"


def test_credit_and_debit_columns_and_signs():
    text = "Datum;Soll;Haben;Text\n20.11.2026;5,00;;A\n20.11.2026;;7,00;B\n"
    columns = ColumnMap({"date": "Datum", "debit": "Soll", "credit": "Haben", "remittance": "Text"})
    lines = read_statements("f", text.encode(), columns=columns)[0].lines
    assert [line.amount for line in lines] == [-5, 7]
    text = "Buchungstag;Betrag;S/H\n20.11.2026;5,00;S\n20.11.2026;7,00;H\n"
    assert [line.amount for line in read_statements("f", text.encode())[0].lines] == [-5, 7]


@pytest.mark.parametrize(
    ("texts", "amounts"),
    [
        (["1.234,56", "-5,5"], ["1234.56", "-5.5"]),
        (["1,234.56", "-5.5"], ["1234.56", "-5.5"]),
        (["1.234.567,00", "+2,00"], ["1234567.00", "2.00"]),
        (["12,00-", "3,00+"], ["-12.00", "3.00"]),
        (["12,00 €", "€ 3,00"], ["12.00", "3.00"]),
        (["1 234,50", "1’000,00"], ["1234.50", "1000.00"]),
        (["EUR 12,00", "−3,00 EUR"], ["12.00", "-3.00"]),
        (["12", "7.5"], ["12", "7.5"]),
    ],
)
def test_amounts(texts, amounts):
    rows = "".join(f"20.11.2026;{text}\n" for text in texts)
    (statement,) = read_statements("f", f"Buchungstag;Betrag\n{rows}".encode())
    assert [line.amount for line in statement.lines] == [Decimal(text) for text in amounts]


def test_a_row_that_cannot_be_read_refuses_the_file():
    for row in ("20.11.2026;", "20.11.2026;zwölf", "2x.11.2026;5,00", "20.11.2026"):
        with pytest.raises(StatementError, match="Row 3"):
            read_statements("f", f"Buchungstag;Betrag\n19.11.2026;1,00\n{row}\n".encode())


def test_a_missing_column_is_named():
    with pytest.raises(StatementError, match="Wert"):
        read_statements("f", b"Tag|X|Vorname|Name|Text|Status\n1|2|3|4|5|6\n", columns=OWN)


def test_unknown_headings_ask_for_a_map():
    content = b"Alpha;Beta\n1;2\n"
    assert csv.guess_columns(content) is None
    with pytest.raises(StatementError):
        read_statements("f", content)


def test_guess_and_preview():
    columns = csv.guess_columns(SPARKASSE.encode())
    assert columns.columns["remittance"] == "Verwendungszweck"
    assert columns.columns["amount"] == "Betrag"
    preview = csv.preview(DKB.encode("cp1252", "ignore"), rows=2)
    assert preview.headings[0] == "Buchungsdatum"
    assert len(preview.rows) == 2
    assert csv.preview(b"").columns is None


def test_paypal_export_with_fee():
    text = (
        '"Datum","Uhrzeit","Zeitzone","Name","Typ","Status","Währung","Brutto","Gebühr","Netto",'
        '"Absender E-Mail-Adresse","Transaktionscode","Rechnungsnummer"\n'
        '"20.11.2026","10:00:00","CET","Max","Zahlung","Abgeschlossen","EUR","119,00","-2,50",'
        '"116,50","max@example.com","TX1","4711"\n'
        '"20.11.2026","10:00:00","CET","Max","Zahlung","Ausstehend","EUR","9,00","0,00","9,00",'
        '"max@example.com","TX2",""\n'
    )
    (statement,) = read_statements("f.csv", text.encode())
    (line,) = statement.lines
    assert (line.amount, line.fee, line.invoice_id) == (Decimal("119.00"), Decimal("-2.50"), "4711")
    assert (line.payer_email, line.bank_reference) == ("max@example.com", "TX1")
    assert statement.pending == 1
