"""Whatever comes: an order or a ``PayloadError``, never another exception."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_connector.lib.order import PayloadError, ShopOrder

from shop_connector_amazon.lib import parser
from shop_connector_amazon.lib.fetch import raw_order
from tests.servers.amazon import KINDS, generate_orders

ORDERS = generate_orders(2 * len(KINDS), seed=5)
ODD: list[Any] = [
    None, True, 0, -1, 2**63, 10**400, 0.1, 1e308, float("nan"), float("inf"), "", " ", "0", "-1",
    "1e9", "١٢", "NaN", "\x00", "\ud800", "\u202e", "2026-02-30T10:00:00Z",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "DE", "x" * 30_000, [], {}, [[]],
    [None], {"": ""}, {"amount": "1", "currencyCode": "EUR"}, {"amount": "0." + "9" * 12,
    "currencyCode": "EUR"}, [{"type": "TAX", "subtotal": {"amount": "-5", "currencyCode": "EUR"}}],
]  # fmt: skip
anything = st.one_of(
    st.sampled_from(ODD),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
        ),
        max_leaves=8,
    ),
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All paths inside a payload."""
    found = [way] if way else []
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            found += places(inner, (*way, key))
    return found


def mutate(data: Any, way: tuple[Any, ...], value: Any, action: str) -> None:
    value = copy.deepcopy(value)
    for step in way[:-1]:
        data = data[step]
    if action == "delete":
        del data[way[-1]]
    elif action == "double" and isinstance(data, list):
        data.append(data[way[-1]])
    else:
        data[way[-1]] = value


def check(data: Any) -> None:
    raw_order(data)
    try:
        found = parser.read_data(data)
    except PayloadError as error:
        said = str(error)
    else:
        check_order(found.order)
        return
    assert 0 < len(said) < 500


def check_order(order: ShopOrder) -> None:
    assert order.total.is_finite()
    assert all(line.total.is_finite() and line.quantity > 0 for line in order.lines)
    json.dumps(order.extra)


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    number=st.integers(0, len(ORDERS) - 1),
    seed=st.integers(0, 2**32),
    changes=st.lists(
        st.tuples(anything, st.sampled_from(["set", "set", "delete", "double"])),
        min_size=1,
        max_size=4,
    ),
)
def test_mutated_orders(number: int, seed: int, changes: list[tuple[Any, str]]) -> None:
    rng = random.Random(seed)
    data = json.loads(json.dumps(ORDERS[number]))
    for value, action in changes:
        if ways := places(data):
            mutate(data, rng.choice(ways), value, action)
    check(data)


@pytest.mark.parametrize("number", [5, 7, 9])
def test_every_single_value_replaced_by_every_odd_one(number: int) -> None:
    text = json.dumps(ORDERS[number])
    for way in places(ORDERS[number]):
        for value in ODD:
            data = json.loads(text)
            mutate(data, way, value, "set")
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
