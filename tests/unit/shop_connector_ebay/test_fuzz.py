"""Whatever eBay sends: an order that adds up to something, or a sentence for the clerk."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_connector.lib.order import PayloadError

from shop_connector_ebay.lib import parser
from tests.servers.ebay import generate_orders
from tests.unit import fuzzing

ORDERS = generate_orders(count=21, seed=5)
ODD = (
    "2026-02-30T10:00:00.000Z", "9999-12-31T23:59:59.000Z", "0001-01-01T00:00:00.000Z",
    "2026-03-01T22:30:00+01:00", "PAID", {"value": "1", "currency": "USD"},
    {"value": "-5.00", "currency": "EUR"},
)  # fmt: skip
anything = fuzzing.anything(*ODD)


def check(data: Any) -> None:
    found = fuzzing.understood(parser.read_data, data, PayloadError)
    if found:
        assert found.order.total.is_finite()
        assert all(line.total.is_finite() and line.quantity > 0 for line in found.order.lines)
        assert found.order.ordered_at.utcoffset() is not None


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(ORDERS) - 1), st.integers(0, 2**32), fuzzing.changes(anything))
def test_mutated_orders(number: int, seed: int, changes: list[tuple[Any, str]]) -> None:
    check(fuzzing.mutated(ORDERS[number], seed, changes))


def test_every_single_value_replaced_by_every_odd_one() -> None:
    for data in fuzzing.each_value_replaced(ORDERS[11], *ODD):
        check(data)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_anything_at_all(value: Any) -> None:
    check(value)
    check({"orderId": "1", "pricingSummary": value, "lineItems": value})


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_bodies_that_break_off(data: st.DataObject) -> None:
    body = json.dumps(ORDERS[0])
    end = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(PayloadError, match="damaged"):
        parser.read_order(body[:end])
