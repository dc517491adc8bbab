"""What PayPal's rows mean in the books."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payment_matching.lib.statement.model import Statement, StatementError, StatementLine

from payment_matching_paypal.lib.answer import (
    capture_file,
    joined_pages,
    read_moment,
    read_money,
    read_page,
    read_stored,
)
from payment_matching_paypal.lib.client import PayPalClient
from payment_matching_paypal.lib.parser import read_statement
from tests.servers.paypal import PayPalServer
from tests.unit.fuzzing import anything, changes, each_value_replaced, mutated

from .conftest import NOW

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def sample(shared: Path) -> Any:
    """The constructed answer."""
    path = shared / "specs" / "paypal" / "transactions.constructed.json"
    return json.loads(path.read_text("utf-8"))


def parse(data: Any, currency: str = "EUR") -> Statement:
    return read_statement(read_stored(json.dumps(data).encode()), currency, BERLIN)


def read(server: PayPalServer, client: PayPalClient, currency: str = "EUR") -> Statement:
    """What the server tells of the last days."""
    raw = client.transactions(server.now() - 20 * DAY, server.now(), 1)
    return read_statement(read_stored(joined_pages([read_page(raw)])), currency, BERLIN)


def by_id(statement: Statement) -> dict[str, StatementLine]:
    return {line.bank_reference: line for line in statement.lines}


def test_the_constructed_answer(sample: Any) -> None:
    statement = parse(sample)
    number = "1AB000000000000{:02d}".format
    told = {
        line.bank_reference[-2:]: (line.kind, line.amount, line.fee) for line in statement.lines
    }
    zero = Decimal(0)
    assert told == {
        "01": ("payment", Decimal("119.90"), Decimal("-3.67")),
        "02": ("payment", Decimal("59.00"), Decimal("-1.96")),
        "03": ("payment", Decimal("25.00"), Decimal("-0.97")),
        "04": ("refund", Decimal("-119.90"), zero),
        "05": ("return", Decimal("-80.00"), zero),
        "06": ("fee", Decimal("-16.00"), zero),
        "07": ("hold", Decimal("-45.00"), zero),
        "08": ("hold", Decimal("45.00"), zero),
        "09": ("payment", Decimal("94.83"), zero),
        "12": ("transfer", Decimal("-500.00"), zero),
    }
    assert statement.pending == 0  # it has come since
    assert statement.problems == ()
    assert len({line.key for line in statement.lines}) == len(statement.lines)
    lines = by_id(statement)
    first = lines[number(1)]
    assert (first.payer_name, first.payer_email) == ("Jörg Schäßburger", "joerg@example.com")
    assert (first.payer_account, first.invoice_id) == ("PAYER00000017", "AB-2026-004711")
    assert first.remittance == "Bestellung AB-2026-004711 | 4711"
    assert (first.date, first.code) == (date(2026, 3, 2), "T0006")
    assert json.loads(first.raw)["transaction_info"]["custom_field"] == "4711"
    exchanged = lines[number(9)]
    assert (exchanged.currency_amount, exchanged.currency_name) == (Decimal("110.00"), "USD")
    assert lines[number(3)].remittance == "fuer die Bestellung vom Samstag"
    assert lines[number(4)].reference_id == number(1)
    assert lines[number(7)].reference_id == lines[number(8)].reference_id == number(98)


def test_each_key_is_of_account_id_code_sign_and_currency(sample: Any) -> None:
    keys = {line.bank_reference[-2:]: line.key for line in parse(sample).lines}
    assert keys["01"] == "paypal:XZXSPECPDZHZU:1AB00000000000001:T00:+:EUR"
    assert keys["04"] == "paypal:XZXSPECPDZHZU:1AB00000000000004:T1107:-:EUR"
    assert keys["09"].endswith("11:T0200:+:EUR")  # what was brought into the journal


def test_another_currency_has_its_own_journal(sample: Any) -> None:
    dollars = parse(sample, "USD")
    told = {(line.kind, line.amount, line.fee) for line in dollars.lines}
    assert told == {
        ("payment", Decimal("110.00"), Decimal("-4.12")),
        ("conversion", Decimal("-105.88"), Decimal(0)),
    }
    assert dollars.problems == ("9 bookings in EUR are not taken: they belong to a journal and a "
                                "source of that currency.",)  # fmt: skip


def test_the_account_is_balanced(server: PayPalServer, client: PayPalClient) -> None:
    paid = [server.add_payment("50", f"A{n}", at=NOW - (9 - n) * HOUR) for n in range(5)]
    server.add_payment("110", "A9", at=NOW - 3 * HOUR, currency="USD", rate="0.9")
    server.add_refund(paid[0])
    server.add_chargeback(paid[1])
    server.add_hold(paid[2])
    server.add_payout("20")
    server.add_payment("77", at=NOW, status="P")
    lines = read(server, client).lines
    total = sum(line.amount + line.fee for line in lines)
    balance = next(row for row in server.balances() if row["currency"] == "EUR")
    assert str(total) == balance["available_balance"]["value"]


def test_what_is_on_its_way_is_no_line(server: PayPalServer, client: PayPalClient) -> None:
    waiting = server.add_payment("77", at=NOW - HOUR, status="P")
    server.add_payment("78", at=NOW - HOUR, status="D")
    server.add_payment("79", at=NOW - HOUR, code="T1300")
    statement = read(server, client)
    assert (statement.lines, statement.pending) == ((), 1)
    server.complete(waiting)
    statement = read(server, client)
    assert [(line.kind, line.amount) for line in statement.lines] == [("payment", 77)]
    assert statement.pending == 0


def test_a_payment_taken_back_keeps_its_key_and_pays_nothing(
    server: PayPalServer, client: PayPalClient
) -> None:
    payment = server.add_payment("50", "A1", at=NOW - DAY)
    before = by_id(read(server, client))[payment]
    refund = server.add_refund(payment)
    lines = by_id(read(server, client))
    assert lines[payment].key == before.key
    assert (before.kind, lines[payment].kind) == ("payment", "other")
    assert "taken back" in lines[payment].reason
    assert (lines[refund].kind, lines[refund].reference_id) == ("refund", payment)
    assert sum(line.amount for line in lines.values()) == 0


@pytest.mark.parametrize(
    ("code", "amount", "kind"),
    [
        ("T0000", "10", "payment"), ("T0003", "10", "payment"), ("T0011", "10", "payment"),
        ("T0000", "-10", "payment"), ("T0106", "-1", "fee"), ("T0200", "1", "conversion"),
        ("T0300", "1", "transfer"), ("T0400", "-1", "transfer"), ("T0401", "-1", "transfer"),
        ("T1106", "-1", "return"), ("T1107", "-1", "refund"), ("T1108", "1", "fee"),
        ("T1110", "-1", "hold"), ("T1111", "1", "hold"), ("T1201", "-1", "return"),
        ("T1202", "1", "return"), ("T1501", "-1", "hold"), ("T2103", "1", "hold"),
        ("T1900", "1", "other"), ("T2001", "1", "other"), ("T9900", "1", "other"),
        ("T8888", "1", "other"), ("", "1", "other"), ("QUATSCH", "1", "other"),
    ],
)  # fmt: skip
def test_event_codes(
    server: PayPalServer, client: PayPalClient, code: str, amount: str, kind: str
) -> None:
    server.spec = None  # the documents know no code longer than five signs, and no empty one
    server.add_entry(code, Decimal(amount), at=NOW - 2 * DAY, about="1X")
    (line,) = read(server, client).lines
    assert (line.kind, line.code) == (kind, code[:10])


def test_a_word_of_status_that_is_not_known_is_for_a_person(
    server: PayPalServer, client: PayPalClient
) -> None:
    server.add_payment("10", at=NOW - HOUR, status="X")
    assert [line.kind for line in read(server, client).lines] == ["other"]


def test_one_id_with_several_meanings(server: PayPalServer, client: PayPalClient) -> None:
    payment = server.add_payment("50", at=NOW - DAY)
    server.add_entry("T1107", Decimal(-50), at=NOW, number=payment)
    server.add_entry("T0106", Decimal(-1), at=NOW, number=payment)
    keys = [line.key for line in read(server, client).lines]
    assert len(keys) == len(set(keys)) == 3


def test_an_exchange_waits_for_its_payment(server: PayPalServer, client: PayPalClient) -> None:
    leg = server.add_entry("T0200", Decimal("90"), at=NOW - HOUR, about="LATE")
    statement = read(server, client)
    assert (statement.lines, statement.pending) == ((), 1)
    server.add_payment("100", "A1", at=NOW - HOUR, currency="USD", number="LATE")
    (line,) = read(server, client).lines
    assert (line.kind, line.amount, line.invoice_id) == ("payment", 90, "A1")
    assert leg in line.key


def test_an_exchange_does_not_wait_for_ever(server: PayPalServer, client: PayPalClient) -> None:
    server.add_entry("T0200", Decimal("90"), at=NOW - 2 * DAY, about="NEVER")
    (line,) = read(server, client).lines
    assert (line.kind, line.amount, line.reference_id) == ("conversion", 90, "NEVER")


def test_a_refund_in_another_currency(server: PayPalServer, client: PayPalClient) -> None:
    payment = server.add_payment("100", at=NOW - DAY, currency="USD", rate="0.9")
    refund = server.add_refund(payment, "40")
    server.add_entry("T0200", Decimal("40"), currency="USD", at=NOW, about=refund)
    server.add_entry("T0200", Decimal("-37"), at=NOW, about=refund)
    lines = by_id(read(server, client))
    assert (lines[refund].kind, lines[refund].amount) == ("refund", -37)
    assert lines[refund].reference_id == payment
    assert lines[refund].currency_amount == -40


def test_a_bookings_day_is_the_books_day(server: PayPalServer, client: PayPalClient) -> None:
    when = NOW.replace(hour=23, minute=30) - 2 * DAY
    server.add_payment("10", at=when)
    days = set()
    for colon in (True, False):
        server.colon = colon
        days |= {line.date for line in read(server, client).lines}
    assert days == {when.date() + DAY}


@pytest.mark.parametrize("text", ["2026-03-02T09:15:00+0100", "2026-03-02T09:15:00+01:00"])
def test_both_forms_of_a_time_zone(text: str) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert moment.isoformat() == "2026-03-02T09:15:00+01:00"


@pytest.mark.parametrize(
    "value", ["NaN", "1e5", "1,00", "", "-", "٣", "9" * 20, 5, None, "Infinity", " 1"]
)
def test_no_amount(value: object) -> None:
    assert read_money({"value": value, "currency_code": "EUR"}) is None


@pytest.mark.parametrize("value", ["1", "-1", "-.50", "0.5", "1234567.89"])
def test_amounts(value: str) -> None:
    money = read_money({"value": value, "currency_code": "EUR"})
    assert money is not None
    assert money.value == Decimal(value)


def test_an_empty_answer(server: PayPalServer, client: PayPalClient) -> None:
    assert read(server, client).lines == ()


def test_a_damaged_row_stops_no_other(server: PayPalServer, client: PayPalClient) -> None:
    server.add_payment("10", at=NOW - HOUR)
    server.spec, server.raw_rows = None, [{"transaction_info": {"transaction_id": "1"}}]
    statement = read(server, client)
    assert len(statement.lines) == 1
    assert statement.problems == ("1 transactions could not be read: look at PayPal.",)


def test_a_capture_is_the_row_that_comes_later(server: PayPalServer, client: PayPalClient) -> None:
    payment = server.add_payment("50", "A1", "Jo", "jo@example.com", custom="c", at=NOW - HOUR)
    stored = read_stored(capture_file(client.capture(payment), server.account))
    (early,) = read_statement(stored, "EUR", BERLIN).lines
    (late,) = read(server, client).lines
    for name in ("key", "date", "amount", "fee", "invoice_id", "remittance", "kind"):
        assert getattr(early, name) == getattr(late, name)
    assert read_statement(stored, "USD", BERLIN).lines == ()


@pytest.mark.parametrize(("status", "pending"), [("P", 1), ("D", 0), ("V", 0)])
def test_captures_that_are_no_line(
    server: PayPalServer, client: PayPalClient, status: str, pending: int
) -> None:
    payment = server.add_payment("50", status=status)
    stored = read_stored(capture_file(client.capture(payment), server.account))
    statement = read_statement(stored, "EUR", BERLIN)
    assert (statement.lines, statement.pending) == ((), pending)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"<html>", b'{"pages": 5}', b'{"pages": [{}]}', b"[[[",
     b'{"pages": []}', b'{"transaction_details": {}}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_answer(content: bytes) -> None:
    with pytest.raises(StatementError):
        read_stored(content)


def test_every_value_may_be_odd(sample: Any) -> None:
    """Each value of a row replaced by each odd one: a statement or a named refusal."""
    small = {**sample, "transaction_details": [sample["transaction_details"][8]]}
    for data in each_value_replaced(small, "T0006", "S", "2026-03-05T12:00:00+0100"):
        try:
            statement = parse(data)
        except StatementError:
            continue
        for line in statement.lines:
            assert line.amount.is_finite()
            assert "\x00" not in line.raw + line.remittance
            line.raw.encode()


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 10**6), wanted=changes(anything("T0006", "P", "V", "USD")))
def test_any_change_is_survived(sample: Any, seed: int, wanted: list[tuple[Any, str]]) -> None:
    try:
        statement = parse(mutated(sample, seed, wanted))
    except StatementError:
        return
    keys = [line.key for line in statement.lines]
    assert len(keys) == len(set(keys))
