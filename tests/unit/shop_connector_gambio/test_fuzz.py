"""Whatever comes: an order or a ``PayloadError``, never another exception."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_connector.lib.order import PayloadError, ShopOrder

from shop_connector_gambio.lib import parser
from tests.servers.gambio import generate_orders

from .conftest import COUNTRIES

ORDERS = generate_orders(count=23, seed=5)
ODD: list[Any] = [
    None, True, False, 0, -1, 1, 2**63, 10**30, 10**4000, 0.1, -0.0, 1e308,
    float("nan"), float("inf"), "", " ", "0", "-1", "1e9", "١٢", "NaN", "\x00", "\ud800",
    "\u202e", "🙂", "<b>",
    "&#0;", "&#x110000;",
    "2026-02-30 10:00:00", "9999-12-31 23:59:59", "0001-01-01 00:00:00", "true", "DE", "x" * 70_000,
    [], {}, [[]], [None], {"": ""}, {"id": {}}, [{}], [[[[]]]],
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
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*way, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += places(inner, (*way, index))
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
        target[way[-1]] = value


def check(data: Any) -> None:
    try:
        order = parser.parse_data(data)
    except PayloadError as error:
        said = str(error)
    else:
        check_order(order)
        return
    assert 0 < len(said) < 500


def check_order(order: ShopOrder) -> None:
    assert order.total.is_finite()
    assert all(line.total.is_finite() and line.quantity > 0 for line in order.lines)


@settings(max_examples=700, deadline=None, suppress_health_check=list(HealthCheck))
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
    data = json.loads(
        json.dumps({"order": ORDERS[number], "countries": COUNTRIES, "status": "Offen"})
    )
    for value, action in changes:
        ways = places(data)
        if ways:
            mutate(data, rng.choice(ways), value, action)
    check(data)


def test_every_single_value_replaced_by_every_odd_one() -> None:
    sample = {"order": ORDERS[8], "countries": COUNTRIES, "status": "Offen"}
    text = json.dumps(sample)
    for way in places(sample):
        for value in ODD:
            data = json.loads(text)
            mutate(data, way, value, "set")
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
