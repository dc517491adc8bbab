"""Settlements: to the cent, in both notations, or not at all."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop_connector_amazon.lib.settlement import (
    NEEDED,
    SettlementError,
    group_of,
    read_settlement,
)
from tests.servers.amazon import generate_orders
from tests.servers.amazon import settlement as make

ORDERS = generate_orders(6, 9, kinds=["plain", "gift"])
WHEN = {
    "start": datetime(2026, 3, 14, 7, 49, 55, tzinfo=UTC),
    "end": datetime(2026, 3, 28, tzinfo=UTC),
}
FILE = make("19482314502", ORDERS, **WHEN)


@pytest.mark.parametrize("german", [True, False])
def test_both_notations(german: bool) -> None:
    found = read_settlement(make("1", ORDERS, german=german, **WHEN))
    assert found.start == WHEN["start"]
    assert found.total == sum(row.amount for row in found.rows)
    assert found.currency == "EUR"
    assert found.rows[0].posted_at == WHEN["end"]


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("1141,18", "1141.18"),
        ("1141.18", "1141.18"),
        ("1.141,18", "1141.18"),
        ("1,141.18", "1141.18"),
        ("1.234.141,18", "1234141.18"),
        ("-0,01", "-0.01"),
        ("−5", "-5"),
        ("0.0", "0"),
    ],
)
def test_amounts(said: str, amount: str) -> None:
    found = read_settlement(table(said, said))
    assert found.total == Decimal(amount)


@pytest.mark.parametrize("said", ["1,141", "1.141", "12,34,56", "abc", "1e3", "NaN", "1 141,180"])
def test_amounts_that_may_be_two_things_are_none(said: str) -> None:
    with pytest.raises(SettlementError, match="no valid amount"):
        read_settlement(table(said, said))


def table(total: str, *amounts: str, date: str = "28.03.2023 07:49:55 UTC") -> bytes:
    names = [*NEEDED, "posted-date"]
    head = dict.fromkeys(names, "") | {
        "settlement-id": "1", "deposit-date": date, "total-amount": total, "currency": "EUR"
    }  # fmt: skip
    rows = [dict.fromkeys(names, "") | {"settlement-id": "1", "amount": x} for x in amounts]
    lines = ["\t".join(names), *("\t".join(row[name] for name in names) for row in [head, *rows])]
    return "\r\n".join(lines).encode()


def test_a_cent_too_little_is_not_booked() -> None:
    with pytest.raises(SettlementError, match=r"rows give 2\.99, the payout is 3\.00 EUR"):
        read_settlement(table("3.00", "1.00", "1.99"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no settlement"),
        (b"a\tb\n", "“settlement-id” is missing"),
        (b"PK\x03\x04", "is no settlement"),
        (FILE.replace(b"\t", b";"), "is no settlement"),
        (FILE + FILE.split(b"\n")[1] + b"\n", "more than one settlement"),
        (table("1", "1", date="31.02.2026"), "no valid date"),
        (table("1", "1").replace(b"EUR", b"Euro"), "no valid currency"),
        (table("1", "1") + b"\t" * 20, "does not fit"),
        (b"\n".join(FILE.split(b"\n")[:1]), "no row with the total"),
    ],
)
def test_what_is_no_settlement(content: bytes, words: str) -> None:
    with pytest.raises(SettlementError, match=words):
        read_settlement(content)


@pytest.mark.parametrize(
    ("row", "group"),
    [
        (("Order", "ItemPrice", "Principal"), "gross"),
        (("Order", "ItemPrice", "Shipping"), "gross"),
        (("Order", "Promotion", "Shipping"), "discount"),
        (("Order", "ItemFees", "Commission"), "fee"),
        (("Order", "ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal"), "withheld"),
        (("Refund", "ItemPrice", "Principal"), "refund"),
        (("Refund", "ItemFees", "RefundCommission"), "fee"),
        (("Chargeback Refund", "ItemPrice", "Principal"), "refund"),
        (("ServiceFee", "Cost of Advertising", "TransactionTotalAmount"), "fee"),
        (("other-transaction", "other-transaction", "Current Reserve Amount"), "reserve"),
        (("New thing", "New kind", "?"), "other"),
    ],
)
def test_groups(row: tuple[str, str, str], group: str) -> None:
    assert group_of(*row) == group


def test_older_encodings() -> None:
    assert read_settlement(FILE.replace(b"Subscription", "Gebühr".encode("cp1252")))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_files_that_are_damaged(data: st.DataObject) -> None:
    content = bytearray(FILE)
    for _change in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    try:
        found = read_settlement(bytes(content))
    except SettlementError:
        return
    assert found.total == sum(row.amount for row in found.rows)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_files_that_are_anything(content: bytes) -> None:
    with pytest.raises(SettlementError):
        read_settlement(content)
