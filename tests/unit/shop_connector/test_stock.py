"""How many pieces a shop may offer."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop_connector.lib import stock

D = Decimal
quantities = st.decimals(-1000, 100_000, places=3)
amounts = st.decimals(0, 10_000, places=3)
policies = st.builds(
    stock.Policy,
    basis=st.sampled_from(["free", "open", "forecast"]),
    buffer=st.sampled_from(["none", "fixed", "percent", "speed"]),
    buffer_value=st.decimals(0, 200, places=2),
    delay=st.integers(0, 10_000),
    most=st.integers(0, 50),
    minimum=amounts,
    sold_out=st.sampled_from(["zero", "delist", "soon"]),
)
goods = st.builds(
    stock.Goods,
    on_hand=quantities,
    reserved=amounts,
    incoming=amounts,
    outgoing=amounts,
    promised=amounts,
    speed=amounts,
)
packs = st.decimals(D("0.001"), 1000, places=3)


def test_the_example_of_the_screen() -> None:
    policy = stock.Policy(buffer="fixed", buffer_value=D(1))
    assert stock.offer(policy, stock.Goods(on_hand=D(12), reserved=D(2))).quantity == 9


@pytest.mark.parametrize(("basis", "expected"), [("free", 6), ("open", 2), ("forecast", 12)])
def test_what_counts(basis: stock.Basis, expected: int) -> None:
    figures = stock.Goods(D(10), reserved=D(3), incoming=D(10), outgoing=D(7), promised=D(1))
    assert stock.offer(stock.Policy(basis=basis), figures).quantity == expected


@pytest.mark.parametrize(
    ("policy", "on_hand", "expected"),
    [
        (stock.Policy(buffer="percent", buffer_value=D(10)), 100, 90),
        (stock.Policy(buffer="percent", buffer_value=D(10)), 4, 4),  # 0.4 pieces are none
        (stock.Policy(buffer="percent", buffer_value=D(10)), 5, 4),
        (stock.Policy(buffer="speed", buffer_value=D(1), delay=20), 100, 98),  # 144 a day
        (stock.Policy(buffer="speed", buffer_value=D(2), delay=20), 100, 96),
        (stock.Policy(buffer="fixed", buffer_value=D(5)), 3, 0),
        (stock.Policy(most=7), 100, 7),
        (stock.Policy(), -3, 0),
    ],
)
def test_buffers_and_limits(policy: stock.Policy, on_hand: int, expected: int) -> None:
    figures = stock.Goods(D(on_hand), speed=D(144))
    assert stock.offer(policy, figures).quantity == expected


def test_a_slow_seller_keeps_nothing_back() -> None:
    policy = stock.Policy(buffer="speed", buffer_value=D(1), delay=20)
    assert stock.offer(policy, stock.Goods(D(1), speed=D("0.5"))).quantity == 1


@pytest.mark.parametrize(("pack", "expected"), [("6", 1), ("12", 0), ("0.5", 22), ("0.3", 36)])
def test_packs(pack: str, expected: int) -> None:
    assert stock.offer(stock.Policy(), stock.Goods(D(11)), D(pack)).quantity == expected


@pytest.mark.parametrize(
    ("sold_out", "state"), [("zero", "normal"), ("delist", "delisted"), ("soon", "soon")]
)
def test_sold_out(sold_out: stock.SoldOut, state: str) -> None:
    policy = stock.Policy(sold_out=sold_out)
    assert stock.offer(policy, stock.Goods()).availability == state
    assert stock.offer(policy, stock.Goods(D(1))).availability == "normal"


def test_urgency() -> None:
    policy = stock.Policy(minimum=D(5))
    many, few = stock.offer(policy, stock.Goods(D(6))), stock.offer(policy, stock.Goods(D(5)))
    none = stock.offer(replace(policy, minimum=D(-1)), stock.Goods())
    assert not stock.is_urgent(many, 7)
    assert stock.is_urgent(few, 6)
    assert stock.is_urgent(none, 1)
    assert stock.is_urgent(many, 0), "back in stock"
    assert not stock.is_urgent(many, None)


@given(policies, goods, packs)
def test_never_more_than_there_is(policy: stock.Policy, figures: stock.Goods, pack: D) -> None:
    """What is offered is whole, never negative, never over the limit, and in the house."""
    offer = stock.offer(policy, figures, pack)
    assert 0 <= offer.quantity <= (policy.most or stock.MOST)
    there = stock.available(policy, figures) - stock.buffer(policy, figures)
    assert offer.quantity == 0 or offer.quantity * pack <= there
    if not policy.most:
        assert (offer.quantity + 1) * pack > there
    assert (offer.quantity == 0) or offer.availability == "normal"


@given(policies, goods, packs, amounts)
def test_selling_never_raises_the_offer(
    policy: stock.Policy, figures: stock.Goods, pack: D, sold: D
) -> None:
    """One more sale anywhere shows nowhere as more stock."""
    more = replace(figures, promised=figures.promised + sold)
    before, after = (stock.offer(policy, one, pack) for one in (figures, more))
    if policy.buffer == "percent" and policy.buffer_value > 100:
        return  # nobody keeps back more than there is
    # a percentage is rounded to whole pieces, so it may give one piece back
    slack = 1 / pack if policy.buffer == "percent" else 0
    assert after.quantity <= before.quantity + slack
    assert after.low >= before.low


@given(st.floats(-1e6, 1e6))
def test_binary_noise_goes(number: float) -> None:
    assert abs(stock.exact(number) - D(number)) <= D("0.000001")
    assert stock.exact(0.1 + 0.2) == D("0.3")
