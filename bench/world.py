"""The goods the orders are for, and the orders: the same ones for every way that is compared."""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).resolve().parents[1]))

from tests.servers.gambio.kinds import Article
from tests.servers.gambio.orders import generate_orders

GOODS = 30
STOCK = 100_000_000
KINDS = ("paypal", "quantities", "guest")  # paid, nothing to ask, a buyer nobody knows yet
COUNTRIES = {"81": "DE"}  # the shop's own number
CATALOGUE = [
    Article(f"BENCH-{index:03}", f"Good {index}", Decimal(499 + 370 * index) / 100)
    for index in range(GOODS)
]


class Raw(NamedTuple):
    """An order as it comes from the shop."""

    number: str
    body: str


def make_orders(count: int, lines: int, seed: int = 1) -> list[Raw]:
    """Return ``count`` orders of new buyers all over the country; other seeds are other buyers."""
    raws = []
    first_id = seed * 10_000_000
    for order in generate_orders(
        CATALOGUE, count, seed, first_id=first_id, kinds=KINDS, lines=lines
    ):
        _spread(order, seed)
        body = {"order": order, "countries": COUNTRIES, "status": "Offen"}
        raws.append(Raw(str(order["id"]), json.dumps(body, ensure_ascii=False)))
    return raws


def _spread(order: dict, seed: int) -> None:
    """Give the buyer a postcode and a number of their own: the generator knows fifteen towns."""
    postcode = f"{order['id'] * 7919 % 89_000 + 10_000}"
    for address in order["addresses"].values():
        address["postcode"] = postcode
    customer = order["customer"]
    customer["id"] += seed * 10_000_000
    customer["email"] = customer["email"].replace("@", f".{seed}@")


def prepare(env) -> None:
    """Put the goods and plenty of stock into the database. Commits."""
    goods = env["product.product"].create(
        [
            {
                "name": article.name,
                "default_code": article.sku,
                "type": "consu",
                "is_storable": True,
                "invoice_policy": "delivery",
                "list_price": float(article.price),
                "weight": 0.4,
            }
            for article in CATALOGUE
        ]
    )
    company = env.company
    company.partner_id.email = "shop@example.org"
    place = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    for good in goods:
        env["stock.quant"]._update_available_quantity(good, place.lot_stock_id, STOCK)
    env["product.product"].create(
        {"name": "Shipping", "default_code": "BENCH-SHIPPING", "type": "service"}
    )
    env.cr.commit()


def find_goods(env) -> dict[str, int]:
    """Return the ids of the goods by article number."""
    goods = env["product.product"].search([("default_code", "=like", "BENCH-%")])
    return {good.default_code: good.id for good in goods}


def gross_tax(env):
    """The company's usual sales tax, for prices that contain it."""
    usual = env.company.account_sale_tax_id
    name = f"{usual.name} (bench)"
    known = env["account.tax"].search([("name", "=", name), ("type_tax_use", "=", "sale")])
    return known or usual.copy({"name": name, "price_include_override": "tax_included"})
