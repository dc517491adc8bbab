"""Plain Python of the inbox: facts that are withheld later, own taxes, VIES, kept goods."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from automation_core.lib.errors import InvalidAnswer, Rejected, Throttled, Unavailable
from hypothesis import given
from hypothesis import strategies as st
from shop_connector.lib import pricing, vies
from shop_connector.lib.check import check_order
from shop_connector.lib.facts import changed, fact_key, facts, merged
from shop_connector.lib.order import (
    Hold,
    PayloadError,
    Reservation,
    ShopAddress,
    ShopCustomer,
    ShopLine,
    ShopOrder,
)

D = Decimal
HOME = ShopAddress(
    first_name="Anna",
    last_name="Müller",
    street="Hauptstraße",
    house_number="5",
    zip="10115",
    city="Berlin",
    country_code="DE",
    phone="030 1234",
)


def line(line_id="1", total="10.00", kind="product", **changes) -> ShopLine:
    values = {"name": "Lamp", "sku": "L", "unit_price": D(total), "quantity": D(1)} | changes
    return ShopLine(line_id=line_id, kind=kind, total=D(total), **values)


def order(*lines: ShopLine, **changes) -> ShopOrder:
    values = {
        "external_id": "1",
        "number": "1",
        "ordered_at": datetime(2026, 11, 20, tzinfo=UTC),
        "currency": "EUR",
        "prices_include_tax": True,
        "total": sum((x.total for x in lines), D(0)),
        "customer": ShopCustomer(),
        "billing": HOME,
        "delivery": HOME,
        "lines": lines,
        "payment_code": "paypal",
        "payment_state": "paid",
    }
    return ShopOrder(**values | changes)


def told(found: ShopOrder):
    return facts(found, found.lines)


# -- facts -----------------------------------------------------------------


@pytest.mark.parametrize(
    "blank",
    [
        ShopAddress(),
        ShopAddress(zip="10115", city="Berlin", country_code="DE"),
        ShopAddress(zip="10115", city="berlin", country_code="DE"),
        replace(HOME, phone=""),
        replace(HOME, first_name="", last_name=""),
        replace(HOME, street="", house_number=""),
    ],
)
def test_withheld_parts_are_no_change(blank):
    before = told(order(line(), buyer_note="Ring"))
    now = told(order(line(), billing=blank, delivery=blank, payment_state="unknown"))
    assert changed(before, now) == set()
    assert changed(merged(before, now), told(order(line(), buyer_note="Ring"))) == set()


@pytest.mark.parametrize(
    ("other", "parts"),
    [
        ({"billing": replace(HOME, street="Gasse")}, {"billing"}),
        ({"delivery": replace(HOME, last_name="Kurz")}, {"delivery"}),
        ({"delivery": replace(HOME, zip="80331")}, {"delivery"}),
        ({"buyer_note": "Ring"}, {"note"}),
        ({"payment_state": "open"}, {"payment"}),
        ({"total": D("11.00")}, {"total"}),
        ({"hurry": True}, {"terms"}),
        ({"ship_by": datetime(2026, 11, 24, tzinfo=UTC)}, {"terms"}),
        ({"state": "cancelled"}, {"state"}),
        ({"treatment": "history"}, {"state"}),
        ({"holds": (Hold("x:y", "Look"),)}, {"holds"}),
        ({"lines": (line(quantity=D(2)),)}, {"lines"}),
    ],
)
def test_changes(other, parts):
    assert changed(told(order(line())), told(replace(order(line()), **other))) == parts


def test_nobody_is_readable_in_facts():
    text = str(told(order(line(), buyer_note="Ring Müller", delivery_note="Shed")))
    assert not any(word in text for word in ("Anna", "Müller", "Haupt", "10115", "Shed", "1234"))


def test_equal_addresses_of_two_orders_do_not_look_equal():
    first, second = told(order(line())), told(order(line(), external_id="2"))
    assert first["billing"].keys() == second["billing"].keys()
    assert not set(first["billing"].values()) & set(second["billing"].values())


def test_shared_out_lines_are_known_by_their_whole():
    now = told(order(line("a/b"), line("cut")))
    assert fact_key("a/b", now) == "a/b"
    assert fact_key("cut/19", now) == "cut"


# -- own taxes -------------------------------------------------------------


def test_shipping_goes_with_most_of_the_goods():
    goods = order(line("1", "10.00"), line("2", "30.00"), line("3", "5.00", "shipping"))
    found = pricing.with_own_taxes(goods, {"1": D(7), "2": D(19)})
    assert [x.tax_percent for x in found] == [7, 19, 19]


def test_tax_total_of_the_shop_does_not_bend_our_rates():
    goods = order(line("1", "119.00"), line("2", "5.00", "shipping"), tax_total=D("8.11"))
    assert {x.tax_percent for x in pricing.with_own_taxes(goods, {"1": D(19)})} == {D(19)}


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from([19, 7, 0])), min_size=1, max_size=9),
    st.integers(0, 10**5),
)
def test_own_taxes_keep_the_total(goods, discount):
    lines = [line(str(i), str(D(cents) / 100)) for i, (cents, _rate) in enumerate(goods)]
    if discount:
        lines.append(line("cut", str(D(-discount) / 100), "discount"))
    found = pricing.with_own_taxes(
        order(*lines), {str(i): D(rate) for i, (_cents, rate) in enumerate(goods)}
    )
    assert sum(x.total for x in found) == sum(x.total for x in lines)
    assert all(x.tax_percent is not None for x in found)


@pytest.mark.parametrize(
    ("stated", "gap"),
    [
        (None, None),
        ("19.00", None),
        ("19.02", None),
        ("18.97", (D("19.00"), D("18.97"))),
        ("0", (D("19.00"), D(0))),
    ],
)
def test_tax_gap(stated, gap):
    total = None if stated is None else D(stated)
    found = order(line("1", "119.00", tax_percent=D(19)), tax_total=total)
    assert pricing.tax_gap(found, found.lines) == gap


# -- kept goods ------------------------------------------------------------


def test_orders_that_are_not_imported_need_no_lines():
    check_order(order(treatment="ignore"))
    check_order(order(treatment="reserve", reservations=(Reservation("1", "L", D(2)),)))


@pytest.mark.parametrize("quantity", ["-1", "NaN", "Infinity", "99999999"])
def test_absurd_quantities(quantity):
    with pytest.raises(PayloadError, match="quantity"):
        check_order(order(treatment="reserve", reservations=(Reservation("1", "L", D(quantity)),)))


def test_absurd_shipped_quantity():
    with pytest.raises(PayloadError, match="shipped quantity"):
        check_order(order(line(tax_percent=D(19)), shipped=(("1", D(-1)),)))


# -- VIES ------------------------------------------------------------------


def test_vies_answers():
    found = vies.read_answer(
        {"valid": True, "name": "Alpen GmbH", "address": "---", "requestIdentifier": "W1"}
    )
    assert found == vies.VatAnswer(True, "Alpen GmbH", "", "W1")
    assert not vies.read_answer({"valid": False, "name": "---"}).valid


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("MS_UNAVAILABLE", Unavailable),
        ("SERVICE_UNAVAILABLE", Unavailable),
        ("TIMEOUT", Unavailable),
        ("GLOBAL_MAX_CONCURRENT_REQ", Throttled),
        ("MS_MAX_CONCURRENT_REQ_TIME", Throttled),
        ("INVALID_INPUT", Rejected),
        ("VAT_BLOCKED", Rejected),
    ],
)
def test_vies_trouble_is_never_an_answer(code, error):
    with pytest.raises(error):
        vies.read_answer({"actionSucceed": False, "errorWrappers": [{"error": code}]})


@pytest.mark.parametrize("data", [None, [], "valid", {}, {"valid": "true"}, {"errorWrappers": {}}])
def test_vies_nonsense(data):
    with pytest.raises(InvalidAnswer):
        vies.read_answer(data)
