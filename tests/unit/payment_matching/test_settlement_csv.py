"""Settlements in CSV files: what each row means, and that nothing is lost."""

from datetime import date
from decimal import Decimal

import pytest
from payment_matching.lib.settlement_csv import read_settlements
from payment_matching.lib.statement.model import StatementError


def read(text, columns=None, name="june.csv"):
    return read_settlements(name, text.encode(), columns)


def groups(settlement):
    return {one.order or one.text: dict(one.groups) for one in settlement.sums()}


def test_one_row_for_each_amount():
    (found,) = read(
        "Bestellnummer;Art;Betrag;Beschreibung;Abrechnungsnummer;Auszahlungsdatum;Währung\n"
        "A-1;Verkauf;1.019,00;;S-1;20.11.2026;EUR\n"
        "A-1;Verkaufsgebühr;-12,28;;S-1;20.11.2026;EUR\n"
        "A-1;Rückerstattung;-19,00;;S-1;20.11.2026;EUR\n"
        ";Werbung;-5,00;Anzeige;S-1;20.11.2026;EUR\n"
        ";Auszahlung;-982,72;;S-1;20.11.2026;EUR\n"
    )
    assert (found.number, found.currency, found.paid) == ("S-1", "EUR", date(2026, 11, 20))
    assert found.total == Decimal("982.72")
    assert found.adds_up
    assert groups(found) == {
        "A-1": {"gross": 1019, "fee": Decimal("-12.28"), "refund": -19},
        "Anzeige": {"fee": -5},
    }


def test_one_row_for_each_order():
    (found,) = read("Order ID,Gross,Fee,Refund\nB-1,100.00,10.00,\nB-2,50.00,5.00,20.00\n")
    assert found.number == "june"
    assert found.total == 115
    assert groups(found)["B-2"] == {"gross": 50, "fee": -5, "refund": -20}


def test_a_fee_given_back_with_a_refund():
    (found,) = read("Order ID,Amount,Fee\nB-1,-50.00,5.00\n")
    assert groups(found)["B-1"] == {"refund": -50, "fee": 5}


def test_several_settlements_in_one_file():
    found = read("Order ID;Amount;Settlement ID\nA;1,00;1\nB;2,00;2\nC;3,00;1\n")
    assert [(one.number, one.total) for one in found] == [("1", 4), ("2", 2)]


def test_headings_of_ones_own():
    columns = {"order": "Nr", "amount": "Wert"}
    (found,) = read("Etwas davor\nNr;Wert;x\nA;5,00;y\n", columns)
    assert groups(found) == {"A": {"gross": 5}}
    with pytest.raises(StatementError, match="Missing"):
        read("Nr;Wert;x\nA;5,00;y\n", {"order": "Nr", "amount": "Wert", "fee": "Missing"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Order ID;Type;Amount\nA;Sale;5,00\n;Payout;4,99\n", "add up"),
        ("Order ID;Amount\nA;five\n", "no amount"),
        ("Order ID;Amount\nA;\n", "no amount"),
        ("Order ID;Amount\n", "no rows"),
        ("Order ID;Type\nA;Sale\n", "column with an amount"),
        ("Order ID;Amount;Currency\nA;1,00;EUR\nB;1,00;USD\n", "several currencies"),
        ("", ""),
    ],
)
def test_what_is_refused(text, words):
    with pytest.raises(StatementError, match=words or "column headings"):
        read(text)
