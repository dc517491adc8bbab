"""Whatever comes: an order or a ``PayloadError``, never another exception."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_connector.lib.order import PayloadError

from shop_connector_gambio.lib import parser
from tests.servers.gambio import generate_orders
from tests.unit import fuzzing

from .conftest import COUNTRIES

ORDERS = generate_orders(count=23, seed=5)
ODD = (
    "&#0;", "&#x110000;", "2026-02-30 10:00:00", "9999-12-31 23:59:59", "0001-01-01 00:00:00",
)  # fmt: skip
anything = fuzzing.anything(*ODD)


def envelope(number: int) -> dict[str, Any]:
    return {"order": ORDERS[number], "countries": COUNTRIES, "status": "Offen"}


def check(data: Any) -> None:
    order = fuzzing.understood(parser.parse_data, data, PayloadError)
    if order:
        assert order.total.is_finite()
        assert all(line.total.is_finite() and line.quantity > 0 for line in order.lines)


@settings(max_examples=700, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(ORDERS) - 1), st.integers(0, 2**32), fuzzing.changes(anything))
def test_mutated_orders(number: int, seed: int, changes: list[tuple[Any, str]]) -> None:
    check(fuzzing.mutated(envelope(number), seed, changes))


def test_every_single_value_replaced_by_every_odd_one() -> None:
    for data in fuzzing.each_value_replaced(envelope(8), *ODD):
        check(data)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_anything_at_all(value: Any) -> None:
    check(value)
    check({"order": value})


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_bodies_that_break_off(data: st.DataObject) -> None:
    body = json.dumps({"order": ORDERS[0], "countries": COUNTRIES})
    end = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(PayloadError, match="damaged"):
        parser.parse_order(body[:end])
