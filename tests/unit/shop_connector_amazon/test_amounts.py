"""Amazon's amounts: to the cent, gross and net, and who pays the tax."""

from decimal import Decimal
from typing import Any

import pytest
from shop_connector.lib.check import check_order
from shop_connector.lib.pricing import with_taxes

from shop_connector_amazon.lib.amounts import find_rate
from shop_connector_amazon.lib.parser import read_data
from tests.servers.amazon import FRANCE, KINDS, generate_orders
from tests.servers.amazon.generator import settle
from tests.servers.amazon.kinds import money


def one(kind: str, seed: int = 1) -> dict[str, Any]:
    return generate_orders(1, seed, kinds=[kind])[0]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("seed", range(8))
def test_lines_add_up_to_the_total(kind: str, seed: int) -> None:
    found = read_data(one(kind, seed))
    order = found.order
    lines = sum((line.total for line in order.lines), Decimal(0))
    assert lines == order.total
    assert all(line.unit_price * line.quantity == line.total for line in order.lines)
    if order.treatment not in ("reserve", "ignore"):
        check_order(order)
        assert sum(line.total for line in with_taxes(order)) == order.total


def test_discounts_and_shipping() -> None:
    found = read_data(one("discount", 2)).order
    by_id = {line.line_id: line for line in found.lines}
    item = found.lines[0]
    assert by_id[f"{item.line_id}:DISCOUNT"].name == "Discount (FRUEHLING10)"
    assert by_id["SHIPPING"].total + by_id["SHIPPING:DISCOUNT"].total == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_discounts_reduce_whatever_their_sign(sign: int) -> None:
    order = one("plain")
    order["orderItems"] = order["orderItems"][:1]
    (item,) = order["orderItems"]
    item["proceeds"] = {
        "breakdowns": [
            {"type": "ITEM", "subtotal": money(Decimal(20))},
            {"type": "DISCOUNT", "subtotal": money(Decimal(5) * sign)},
        ]
    }
    order["proceeds"] = {"grandTotal": money(Decimal(15))}
    found = read_data(order)
    assert found.order.holds == ()
    assert [line.total for line in found.order.lines] == [20, -5]


def test_a_stated_tax_tells_the_rate() -> None:
    found = read_data(one("taxed", 11)).order
    assert found.prices_include_tax
    assert {line.tax_percent for line in found.lines} <= {Decimal(7), Decimal(19)}
    assert found.tax_total is not None
    assert read_data(one("plain")).order.lines[0].tax_percent is None


def test_a_tax_that_is_added_makes_net_prices() -> None:
    order = one("taxed", 11)
    for item in order["orderItems"]:
        item["proceeds"]["net"] = True
        item["proceeds"]["breakdowns"][1]["subtotal"] = money(
            Decimal(item["proceeds"]["breakdowns"][0]["subtotal"]["amount"]) * 19 / 100
        )
        del item["proceeds"]["breakdowns"][1]["detailedBreakdowns"]
    settle(order)
    found = read_data(order).order
    assert not found.prices_include_tax
    assert {line.tax_percent for line in found.lines} == {Decimal(19)}
    assert found.total == sum(line.total for line in found.lines) + (found.tax_total or 0)


def test_the_tax_amazon_pays_is_no_part_of_our_sale() -> None:
    found = read_data(one("marketplace_tax", 5))
    order = found.order
    assert found.marketplace_id == FRANCE
    assert (found.order.tax_model, found.tax_scheme, found.ioss_number) == (
        "marketplace", "IOSS", "IM0000000000"
    )  # fmt: skip
    assert {line.tax_percent for line in order.lines} == {Decimal(0)}
    assert order.total + found.marketplace_tax == found.buyer_total
    assert order.total == sum(line.total for line in order.lines)
    assert order.tax_total == 0


def test_the_tax_amazon_pays_inside_of_gross_prices() -> None:
    order = one("taxed", 11)
    for item in order["orderItems"]:
        item["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]}
    found = read_data(order)
    assert found.order.total + found.marketplace_tax == found.buyer_total
    assert found.order.total == sum(line.total for line in found.order.lines)
    assert found.marketplace_tax > 0
    assert found.order.treatment == "import"


def test_a_tax_amazon_pays_and_hides() -> None:
    order = one("plain")
    order["orderItems"][0]["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]}
    assert [hold.code for hold in read_data(order).order.holds] == ["amazon:hidden_tax"]


def test_amounts_that_do_not_add_up_are_held_with_both_figures() -> None:
    order = one("plain")
    order["proceeds"] = {"grandTotal": money(Decimal("999.99"))}
    found = read_data(order)
    assert found.order.treatment == "hold"
    assert "999.99" in found.order.holds[0].text
    assert found.order.total == Decimal("999.99")


def test_a_tip_is_a_line_of_its_own() -> None:
    order = one("plain")
    total = Decimal(order["proceeds"]["grandTotal"]["amount"])
    order["proceeds"] = {
        "grandTotal": money(total + 2),
        "breakdowns": [{"type": "DELIVERY_TIP", "subtotal": money(Decimal(2))}],
    }
    found = read_data(order)
    assert found.order.holds == ()
    assert found.order.lines[-1].line_id == "DELIVERY_TIP"


@pytest.mark.parametrize(
    ("base", "tax", "rate"),
    [
        ("16.72", "3.18", "19"),
        ("11.96", "0.84", "7"),
        ("100", "8.10", "8.1"),
        ("100", "5.50", "5.5"),
        ("100", "37", None),
        ("0", "1", None),
        ("100", "0", None),
    ],
)
def test_rates(base: str, tax: str, rate: str | None) -> None:
    assert find_rate(Decimal(base), Decimal(tax)) == (Decimal(rate) if rate else None)
