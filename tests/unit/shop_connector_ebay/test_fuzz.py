"""Whatever eBay sends: an order that adds up to something, or a sentence for the clerk."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_connector.lib.order import PayloadError

from shop_connector_ebay.lib import parser
from tests.servers.ebay import generate_orders

ORDERS = generate_orders(count=21, seed=5)
ODD: list[Any] = [
    None, True, False, 0, -1, 1, 2**63, 10**400, 0.1, 1e308, float("nan"), float("inf"),
    "", " ", "0", "-1", "1e9", "١٢", "NaN", "\x00", "\ud800", "\u202e", "🙂", "<b>",
    "2026-02-30T10:00:00.000Z", "9999-12-31T23:59:59.000Z", "0001-01-01T00:00:00.000Z",
    "2026-03-01T22:30:00+01:00", "PAID", "EUR", "x" * 70_000, [], {}, [[]], [None], {"": ""},
    {"value": "1", "currency": "USD"}, {"value": "-5.00", "currency": "EUR"}, [{}], [[[[]]]],
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
    pairs: Any = ()
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        found += places(inner, (*way, key))
    return found


def mutate(data: dict[str, Any], way: tuple[Any, ...], value: Any, action: str) -> None:
    target: Any = data
    for step in way[:-1]:
        target = target[step]
    if action == "delete":
        del target[way[-1]]
    elif action == "double" and isinstance(target, list):
        target.append(target[way[-1]])
    else:
        target[way[-1]] = copy.deepcopy(value)


def check(data: Any) -> None:
    try:
        found = parser.read_data(data)
    except PayloadError as error:
        said = error.message
    else:
        assert found.order.total.is_finite()
        assert all(line.total.is_finite() and line.quantity > 0 for line in found.order.lines)
        assert found.order.ordered_at.utcoffset() is not None
        return
    assert 0 < len(said) < 500


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
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
        ways = places(data)
        if ways:
            mutate(data, rng.choice(ways), value, action)
    check(data)


def test_every_single_value_replaced_by_every_odd_one() -> None:
    text = json.dumps(ORDERS[11])
    for way in places(ORDERS[11]):
        for value in ODD:
            data = json.loads(text)
            mutate(data, way, value, "set")
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
