"""The company's own shop, a Gambio."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from .. import goods
from .base import Facts, Order, Outlet, Sale

from tests.servers.gambio import KINDS, Article, GambioServer, Shop, generate_orders  # isort: skip
from tests.servers.gambio.orders import STATUSES  # isort: skip

Json = dict[str, Any]
STAMP = "%Y-%m-%d %H:%M:%S"
SEED = 20
DUPLICATE, WRONG_TOTAL, AGAIN = "duplicate", "wrong_total", "again"
QUIET_KINDS = {kind: weight for kind, weight in KINDS.items() if kind != "cancelled"}
CANCELLED = 99
PREFIX = "G-"  # of the orders in Odoo
WAYS = {"moneyorder": "prepayment", "eustandardtransfer": "prepayment"}
WAYS |= {"paypal3": "paypal", "invoice": "invoice"}


def catalogue(first: str = "") -> list[Article]:
    """What the shop offers; what ``first`` names comes first and so sells more."""
    articles = [
        Article(
            article.sku,
            article.name,
            Decimal(f"{article.price:.2f}"),
            article.tax,
            article.options,
            article.bulky and first != "bulky",
        )
        for article in goods.ARTICLES
    ]
    bulky = {article.sku for article in goods.ARTICLES if article.bulky}
    wanted = {"bulky": lambda one: one.sku in bulky, "books": lambda one: one.tax == 7}
    return sorted(articles, key=wanted.get(first, lambda one: False), reverse=True)


class Gambio(Outlet):
    """Orders of every kind a German shop gets; some buyers come back."""

    channel, title = "gambio", "Gambio"
    user = "odoo@lindenhof-versand.example"
    secrets = ("demo-shop-8f2c",)

    def __init__(self, port: int = 0) -> None:
        self.shop = Shop(user=self.user, password=self.secrets[0])
        self.shop.offer(catalogue())
        self._fill_shelves()
        self.server = GambioServer(self.shop, port)
        self.series: list[Json] = []
        super().__init__()

    def _fill_shelves(self) -> None:
        stock = goods.first_stock("gambio")
        for one in self.shop.products.values():
            one.quantity = stock.get(one.model, 0)
            one.ean = goods.ean(one.model)
            for key, (part, _quantity) in one.variants.items():
                one.variants[key] = (part, stock[f"{one.model}-{part}"])

    def prepare(self, kinds: Sequence[str]) -> None:
        """Make up the orders of the whole story: buyers come back, so one depends on another."""
        self.series = make_series(random.Random(SEED), list(kinds))

    def place(self, kind: str, number: int, when: datetime) -> None:
        """Let a buyer order something."""
        order = copy.deepcopy(self.series[number])
        if kind == DUPLICATE:
            order = _same_again(self.series[number - 1], order["id"])
        elif kind == WRONG_TOTAL:
            _raise_total(order)
        elif kind == AGAIN:
            same = ("customer", "addresses", "paymentType", "statusId", "_links")
            order |= {key: copy.deepcopy(self.series[number - 1][key]) for key in same}
        _date(order, when)
        self._offer_new(order)
        self.shop.add(order)

    def sale(self, number: int, when: datetime) -> Sale | None:
        """Return what is to be paid for an order."""
        order = self.shop.orders[self.series[number]["id"]]
        way = WAYS.get(order["paymentType"]["module"])
        billing = order["addresses"]["billing"]
        if not way:
            return None
        return Sale(
            str(order["id"]),
            f"{PREFIX}{order['id']}",
            when,
            next(Decimal(str(t["value"])) for t in order["totals"] if t["class"] == "ot_total"),
            billing["company"] or f"{billing['firstname']} {billing['lastname']}",
            order["customer"]["email"],
            way,
            order["customer"]["number"],
        )

    def settings(self) -> Json:
        """Return how Odoo reaches the shop."""
        return {
            "gambio_url": self.server.url,
            "gambio_user": self.user,
            "gambio_password": self.secrets[0],
        }

    def _offer_new(self, order: Json) -> None:
        """What is ordered is offered, even if nobody told the company."""
        known = self.shelves()
        for item in order["items"]:
            if item["model"] not in known:
                price = Decimal(str(item["price"]))
                self.shop.offer([Article(item["model"], item["name"], price)], stock=12)

    def set_clock(self, offset: timedelta) -> None:
        """Let the shop live in the past."""
        self.shop.clock_offset = offset

    def requests(self) -> int:
        """Return how often it was asked."""
        return int(self.shop.requests["all"])

    def facts(self) -> Facts:
        """Return how the shop stands."""
        shop = self.shop
        parcels: dict[str, list[str]] = {}
        for row in shop.tracking:
            parcels.setdefault(row["orderId"], []).append(
                f"{row['parcelServiceName']} {row['trackingCode']}"
            )
        orders = [self._order(shop.orders[n], parcels) for n in sorted(shop.orders, reverse=True)]
        cancelled = sum(order["statusId"] == CANCELLED for order in shop.orders.values())
        return Facts(orders, list(shop.violations), len(shop.tracking), cancelled)

    def _order(self, order: Json, parcels: dict[str, list[str]]) -> Order:
        address = order["addresses"]["delivery"]
        return Order(
            str(order["id"]),
            order["purchaseDate"],
            f"{address['firstname']} {address['lastname']}, {address['city']}",
            ", ".join(f"{item['quantity']:g} × {item['model']}" for item in order["items"]),
            STATUSES.get(order["statusId"], ("", ""))[1],
            tuple(parcels.get(str(order["id"]), ())),
        )

    def shelves(self) -> dict[str, int]:
        """Return what the shop shows."""
        return {sku: int(quantity) for sku, quantity in self.shop.stock().items()}


# -- orders -------------------------------------------------------------------


def make_series(rng: random.Random, kinds: list[str]) -> list[Json]:
    """Return orders of these kinds, some of them of books and tea, some of bulky goods."""
    known = [kind if kind in KINDS else "plain" for kind in kinds]
    series = [generate_orders(catalogue(), len(known), SEED, kinds=known)]
    for place, first in enumerate(("books", "bulky"), start=1):
        others = generate_orders(catalogue(first), len(known), SEED + place, kinds=known)
        for order in others:
            _renumber_buyer(order, place * 5000)
        series.append(others)
    free = {"plain", "paypal", "prepayment", "invoice", "guest", "quantities", "coupon"}
    choice = [rng.choices((0, 1, 2), (55, 35, 10))[0] if kind in free else 0 for kind in known]
    return [series[which][place] for place, which in enumerate(choice)]


def _renumber_buyer(order: Json, offset: int) -> None:
    """Two series of orders may not share the numbers of their buyers."""
    customer = order["customer"]
    customer["id"] += offset
    if customer["number"]:
        customer["number"] = f"K{10000 + customer['id']}"
    order["_links"]["customer"] = f"http://shop.example/api.php/v2/customers/{customer['id']}"


def _date(order: Json, when: datetime) -> None:
    """Let an order be placed at a moment."""
    order["purchaseDate"] = when.strftime(STAMP)
    for row in order["statusHistory"]:
        row["dateAdded"] = order["purchaseDate"]


def _same_again(order: Json, number: int) -> Json:
    """The impatient buyer clicked twice."""
    twin = copy.deepcopy(order) | {"id": number}
    for place, item in enumerate(twin["items"]):
        item["id"] = number * 10 + place
    return twin


def _raise_total(order: Json) -> None:
    """The shop adds up wrongly."""
    for row in order["totals"]:
        if row["class"] == "ot_total":
            row["value"] = round(row["value"] + 1.5, 2)
            row["valueText"] = f"<b> {row['value']:.2f} EUR</b>".replace(".", ",")
