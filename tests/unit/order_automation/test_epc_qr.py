"""The payload against the rules of EPC069-12."""

from decimal import Decimal

import pytest
from order_automation.lib.epc_qr import (
    EpcError,
    Transfer,
    is_creditor_reference,
    is_iban,
    payload,
    png,
)

IBAN = "DE89370400440532013000"


def transfer(**changes):
    values = {
        "name": "Muster GmbH",
        "iban": IBAN,
        "amount": Decimal("119.90"),
        "reference": "S00042",
    }
    return Transfer(**{**values, **changes})


def test_lines_stand_where_the_guidelines_want_them():
    assert payload(transfer(bic="COBADEFFXXX")).split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "COBADEFFXXX",
        "Muster GmbH",
        IBAN,
        "EUR119.90",
        "",
        "",
        "S00042",
    ]


def test_empty_lines_at_the_end_are_left_out():
    assert payload(transfer(reference="")).endswith("EUR119.90")


def test_creditor_reference_goes_into_the_structured_line():
    lines = payload(transfer(reference="RF18 5390 0754 7034")).split("\n")
    assert lines[9:] == ["RF18539007547034"]
    assert not is_creditor_reference("RF19539007547034")


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0.01", "EUR0.01"),
        ("5", "EUR5.00"),
        ("12.5", "EUR12.50"),
        ("999999999.99", "EUR999999999.99"),
        ("1E+3", "EUR1000.00"),
    ],
)
def test_amounts(amount, written):
    assert payload(transfer(amount=Decimal(amount))).split("\n")[7] == written


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1.005", "1000000000", "NaN", "Infinity"])
def test_amounts_outside_the_range(amount):
    with pytest.raises(EpcError):
        payload(transfer(amount=Decimal(amount)))


@pytest.mark.parametrize(
    "iban",
    ["", "DE89370400440532013001", "DE8937040044053201300", "XX", "DE89 3704 0044 0532 0130 0!"],
)
def test_wrong_iban(iban):
    assert not is_iban(iban)
    with pytest.raises(EpcError):
        payload(transfer(iban=iban))


def test_iban_with_spaces_and_small_letters():
    assert payload(transfer(iban="de89 3704 0044 0532 0130 00")).split("\n")[6] == IBAN


@pytest.mark.parametrize("bic", ["ABC", "COBADEFFXX", "COBADEFF1234"])
def test_wrong_bic(bic):
    with pytest.raises(EpcError):
        payload(transfer(bic=bic))


def test_missing_name():
    with pytest.raises(EpcError):
        payload(transfer(name=" \n "))


def test_no_field_can_break_out_of_its_line():
    lines = payload(transfer(name="A\nB\r\nC\x00D", reference="one\ntwo\u2028three\tfour")).split(
        "\n"
    )
    assert lines[5] == "A B C D"
    assert lines[10] == "one two three four"


def test_lengths():
    lines = payload(transfer(name="N" * 80, reference="x" * 200)).split("\n")
    assert len(lines[5]) == 70
    assert len(lines[10]) == 140


def test_never_more_than_331_bytes():
    text = payload(transfer(name="ü" * 90, reference="ß€" * 90, bic="COBADEFFXXX"))
    assert len(text.encode()) <= 331
    assert text.split("\n")[7] == "EUR119.90"


def test_umlauts_are_kept():
    assert payload(transfer(name="Müller & Söhne")).split("\n")[5] == "Müller & Söhne"


def test_picture():
    assert png(transfer()).startswith(b"\x89PNG")
    assert len(png(transfer(name="ü" * 90, reference="ß€" * 90))) < 5000
