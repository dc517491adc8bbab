"""The same booking is known again, however it is told; equal ones are told apart."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from payment_matching.lib.statement.keys import (
    account_number,
    dedupe,
    keyed,
    same_account,
    same_booking,
)
from payment_matching.lib.statement.model import Statement, StatementLine
from payment_matching.lib.statement.read import read_statements

from tests.unit.payment_matching.statement_files import DAY, Booking, camt, mt940

WAYS = {
    "052": camt(kind="052", version="001.02", value_dates=False),
    "053": camt(opening="1000.00"),
    "053 old": camt(version="001.02"),
    "mt940": mt940(),
    "mt940 without umlauts": mt940(umlauts=False),
    "mt940 cut": mt940(cut=40),
    "mt940 with IBAN": mt940(account="DE89370400440532013000"),
}


def lines_of(content):
    return [line for statement in read_statements("f", content) for line in statement.lines]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_gives_the_same_keys(way):
    assert [line.key for line in lines_of(WAYS[way])] == [
        line.key for line in lines_of(WAYS["053"])
    ]


def test_equal_bookings_of_a_day_have_keys_of_their_own():
    assert len({line.key for line in lines_of(WAYS["053"])}) == len(DAY)


@pytest.mark.parametrize("first", WAYS)
@pytest.mark.parametrize("second", WAYS)
def test_a_second_way_adds_nothing(first, second):
    assert dedupe(lines_of(WAYS[first]), lines_of(WAYS[second])) == ()


def test_half_a_day_in_another_order():
    """The interim report has the later of two equal amounts; the statement sorts otherwise."""
    early = lines_of(camt((DAY[4], DAY[3], DAY[0]), kind="052"))
    late = lines_of(camt(tuple(reversed(DAY))))
    fresh = dedupe(early, late)
    assert sorted(line.remittance for line in fresh) == [
        "",
        "RE/2026/00001",
        "Rechnung 99/2026 Fracht",
    ]
    assert len({line.key for line in [*early, *fresh]}) == len(DAY)


def test_more_of_the_same_are_new():
    known = lines_of(camt((DAY[4],)))
    fresh = dedupe(known, lines_of(camt((DAY[4], DAY[5]))))
    assert len(fresh) == 1
    assert fresh[0].key != known[0].key


def test_without_the_payer_a_report_is_still_known():
    """Some reports leave the other side out; the text tells."""
    bare = [replace(item, iban="", name="") for item in DAY[:4]]
    assert dedupe(lines_of(camt(DAY[:4])), lines_of(mt940(bare))) == ()
    assert dedupe(lines_of(mt940(bare)), lines_of(camt(DAY[:4]))) == ()


def test_two_payers_of_one_amount_are_two():
    one, two = (lines_of(camt((DAY[place],))) for place in (2, 4))
    assert dedupe(one, two) == tuple(two)


def test_two_numbers_of_one_payer_are_two():
    one, two = (lines_of(camt((DAY[place],))) for place in (2, 3))
    assert dedupe(one, two) == tuple(two)


def test_a_line_entered_by_hand_is_known():
    by_hand = StatementLine(
        "", DAY[0].day, Decimal("119.00"), "EUR", remittance="SO 2026/00123", payer_name="Müßig"
    )
    assert dedupe([by_hand], lines_of(camt((DAY[0],)))) == ()
    other = replace(by_hand, remittance="", payer_name="")
    assert len(dedupe([other], lines_of(camt((DAY[0],))))) == 1


PARTS = (
    Booking("40.00", "A GmbH", "DE02120300000000202051", "RE 1"),
    Booking("60.00", "B GmbH", "DE02500105170137075030", "RE 2"),
)
BATCH = Booking("100.00", "", "", "", parts=PARTS)
TOTAL = Booking("100.00", "", "", "SAMMELGUTSCHRIFT")


def test_parts_of_a_batch_carry_it():
    parts = lines_of(camt((BATCH,)))
    assert [line.amount for line in parts] == [Decimal(40), Decimal(60)]
    assert {line.batch_amount for line in parts} == {Decimal(100)}
    assert len({line.batch for line in parts}) == 1
    assert parts[0].batch not in {line.key for line in parts}


@pytest.mark.parametrize("total", [camt((TOTAL,)), mt940((BATCH,))], ids=["053", "mt940"])
def test_details_and_total_are_the_same_money(total):
    """camt.054 after the statement, and the statement after camt.054."""
    whole, parts = lines_of(total), lines_of(camt((BATCH,), kind="054"))
    assert len(whole) == 1
    assert dedupe(whole, parts) == ()
    assert dedupe(parts, whole) == ()


def test_a_second_batch_of_the_same_total_is_new():
    parts = lines_of(camt((BATCH,), kind="054"))
    assert len(dedupe(parts, lines_of(camt((TOTAL, TOTAL))))) == 1
    assert len(dedupe(lines_of(camt((TOTAL,))), lines_of(camt((BATCH, BATCH))))) == 2


def test_a_payment_of_a_batch_s_amount_is_no_total():
    payment = Booking("100.00", "C GmbH", "DE02300209000106531065", "RE 3")
    assert len(dedupe(lines_of(camt((BATCH,))), lines_of(camt((payment,))))) == 1


def test_the_booking_day_may_be_missing_in_one_report():
    """MT940 without a booking date has the value date; both ways tell the value date."""
    line = lines_of(camt((replace(DAY[0]),)))[0]
    other = replace(line, date=date(2026, 11, 19))
    assert same_booking(line, other)
    assert not same_booking(line, replace(other, value_date=date(2026, 11, 19)))
    assert not same_booking(line, replace(other, date=date(2026, 11, 1)))


def test_other_sources_are_known_by_their_key_alone():
    one = StatementLine("paypal:1", DAY[0].day, Decimal(1), "EUR", payer_name="x")
    two = replace(one, key="paypal:2")
    assert dedupe([one], [one, two, two]) == (two,)


def test_known_by_number_however_the_account_is_written():
    assert account_number("DE89 3704 0044 0532 0130 00") == account_number("37040044/532013000EUR")
    assert same_account("DE89370400440532013000", "37040044/0532013000 EUR")
    assert same_account("NL34RABO0142623393", "142623393")
    assert same_account("", "DE89370400440532013000")
    assert not same_account("DE89370400440532013000", "DE88370400440532013001")
    assert not same_account("DE89370400440532013000", "10020030/1234567")


def test_keys_do_not_depend_on_how_an_amount_is_written():
    def key(amount):
        line = StatementLine("", date(2026, 1, 2), Decimal(amount), "EUR")
        return keyed([Statement("1", "EUR", (line,))])[0].lines[0].key

    assert key("100") == key("100.00") == key("1E+2")
    assert key("100") != key("-100")
