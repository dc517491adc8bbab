"""Whatever comes: an order or a ``PayloadError``, never another exception."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_connector.lib.order import PayloadError

from shop_connector_amazon.lib import parser
from shop_connector_amazon.lib.fetch import raw_order
from tests.servers.amazon import KINDS, generate_orders
from tests.unit import fuzzing

ORDERS = generate_orders(2 * len(KINDS), seed=5)
ODD = (
    "2026-02-30T10:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
    {"amount": "1", "currencyCode": "EUR"}, {"amount": "0." + "9" * 12, "currencyCode": "EUR"},
    [{"type": "TAX", "subtotal": {"amount": "-5", "currencyCode": "EUR"}}],
)  # fmt: skip
anything = fuzzing.anything(*ODD)


def check(data: Any) -> None:
    raw_order(data)
    found = fuzzing.understood(parser.read_data, data, PayloadError)
    if found:
        order = found.order
        assert order.total.is_finite()
        assert all(line.total.is_finite() and line.quantity > 0 for line in order.lines)
        json.dumps(order.extra)


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(ORDERS) - 1), st.integers(0, 2**32), fuzzing.changes(anything))
def test_mutated_orders(number: int, seed: int, changes: list[tuple[Any, str]]) -> None:
    check(fuzzing.mutated(ORDERS[number], seed, changes))


@pytest.mark.parametrize("number", [5, 7, 9])
def test_every_single_value_replaced_by_every_odd_one(number: int) -> None:
    for data in fuzzing.each_value_replaced(ORDERS[number], *ODD):
        check(data)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_anything_at_all(value: Any) -> None:
    check(value)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_bodies_that_break_off(data: st.DataObject) -> None:
    body = json.dumps(ORDERS[0])
    end = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(PayloadError, match="damaged"):
        parser.parse_order(body[:end])
