"""The company's account at Amazon."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .. import goods
from .base import Facts, Order, Outlet, basket, choice

from tests.servers.amazon import AmazonServer, Article, Listing, Seller, Spec  # isort: skip
from tests.servers.amazon import generate_orders  # isort: skip
from tests.servers.amazon.generator import settle, stamp  # isort: skip
from tests.servers.amazon.kinds import money  # isort: skip
from tests.servers.gambio.people import make_buyer  # isort: skip

Json = dict[str, Any]
BERLIN = ZoneInfo("Europe/Berlin")
FIRST = 3_000_000
OWN_ADDRESS = ("fba", "marketplace_tax")  # the kind says where it goes
PLAIN = ("paid_later", "changed_mind", "lantern")  # nothing special about the order itself
STATES = {
    "PENDING": "Ausstehend",
    "UNSHIPPED": "Nicht versandt",
    "PARTIALLY_SHIPPED": "Teilweise versandt",
    "SHIPPED": "Versandt",
    "CANCELLED": "Storniert",
}


class Amazon(Outlet):
    """Orders as Amazon's sellers get them, Amazon's own warehouse included."""

    channel, title = "amazon", "Amazon"
    client_id, seller_id = "amzn1.application-oa2-client.lindenhof", "A2LINDENHOF01"
    secrets = ("amzn1.oa2-cs.v1.demo-0b6c41f7", "Atzr|demo-5f0e9a2b")

    def __init__(self, port: int = 0, documents: Path | None = None) -> None:
        self.offset = timedelta()
        self.shop = seller = Seller(clock=self._now)
        seller.client_id, seller.seller_id = self.client_id, self.seller_id
        seller.client_secret, seller.refresh_token = self.secrets
        for offer in goods.offers("amazon"):
            quantity = goods.first_stock("amazon")[offer.sku]
            channel = "AMAZON_EU" if offer.by_channel else "DEFAULT"
            seller.listings[offer.sku] = Listing({channel: quantity}, title=offer.name)
        folder = documents / "amazon" if documents else None
        spec = Spec(folder) if folder and folder.is_dir() else None
        self.server = AmazonServer(seller, spec, port)
        super().__init__()

    def _now(self) -> float:
        return time.time() + self.offset.total_seconds()

    def settings(self) -> Json:
        """Return how Odoo reaches the shop."""
        names = ("amazon_client_secret", "amazon_refresh_token")
        return dict(zip(names, self.secrets, strict=True)) | {
            "amazon_client_id": self.client_id,
            "amazon_seller_id": self.seller_id,
            "amazon_endpoint": self.server.url,
            "amazon_login_host": self.server.url,
        }

    def set_clock(self, offset: timedelta) -> None:
        """Let Amazon live in the past."""
        self.offset = offset

    # -- the story ---------------------------------------------------------

    def place(self, kind: str, number: int, when: datetime) -> None:
        """Let a buyer order something."""
        order = self._compose(kind, number, when)
        if kind == "paid_later":
            full, order = order, self._compose("pending", number, when)
            assert full["orderId"] == order["orderId"]
        self.shop.place(order)
        self._take_off_shelf(order)

    def go_on(self, deed: str, kind: str, number: int, when: datetime) -> None:
        """Let the money of a pending order arrive, or a buyer change his mind."""
        order_id = f"302-{FIRST + number:07d}-0000001"
        if deed == "pay":
            placed = self.shop.orders[order_id]
            full = self._compose(kind, number, datetime.fromisoformat(placed["createdTime"]))
            self.shop.touch(order_id, **full)
        elif deed == "ask_to_cancel":
            self.shop.ask_to_cancel(order_id, "Versehentlich bestellt")

    def _compose(self, kind: str, number: int, when: datetime) -> Json:
        dice = choice(self.channel, number)
        offers = basket(self.channel, dice)
        if kind == "fba":
            offers = [offer for offer in goods.offers("amazon") if offer.by_channel]
        elif kind == "lantern":
            offers = [one for one in goods.offers("amazon") if one.article == goods.LANTERN]
        articles = [
            Article(
                offer.sku,
                offer.name,
                Decimal(f"{offer.price:.2f}"),
                Decimal(goods.by_sku[offer.article].tax),
            )
            for offer in offers
        ]
        start = when if when.tzinfo else when.replace(tzinfo=BERLIN).astimezone(UTC)
        kinds = ["plain" if kind in PLAIN else kind]
        order = generate_orders(1, FIRST + number, start=start, catalogue=articles, kinds=kinds)[0]
        if kind == "lantern":
            _take_two(order)
        order["lastUpdatedTime"] = stamp(start)
        if kind not in OWN_ADDRESS:
            _dress(order, dice, number)
        if kind == "replacement":
            self._refer_back(order)
        return order

    def _refer_back(self, order: Json) -> None:
        """It replaces an order that was sent."""
        for number, other in self.shop.orders.items():
            if other["fulfillment"]["fulfillmentStatus"] == "SHIPPED":
                order["associatedOrders"][0]["orderId"] = number
                return

    def _take_off_shelf(self, order: Json) -> None:
        """Amazon counts down by itself what is sold."""
        for item in order["orderItems"]:
            listing = self.shop.listings.get(item["product"].get("sellerSku", ""))
            for channel in listing.channels if listing else ():
                left = listing.channels[channel] - item["quantityOrdered"]
                listing.channels[channel] = max(0, left)

    # -- what is to be seen ------------------------------------------------

    def requests(self) -> int:
        """Return how often it was asked."""
        return sum(n for name, n in self.shop.calls.items() if not name.endswith("throttled"))

    def facts(self) -> Facts:
        """Return how the account stands."""
        seller = self.shop
        newest = sorted(seller.orders.values(), key=lambda row: row["createdTime"], reverse=True)
        return Facts(
            [_row(order) for order in newest],
            list(seller.violations),
            sum(len(order.get("packages", ())) for order in newest),
            sum(o["fulfillment"]["fulfillmentStatus"] == "CANCELLED" for o in newest),
        )

    def shelves(self) -> dict[str, int]:
        """Return what Amazon shows."""
        return {sku: sum(row.channels.values()) for sku, row in self.shop.listings.items()}


def _take_two(order: Json) -> None:
    """Let the buyer take two pieces of one article."""
    item = order["orderItems"][0]
    total = 2 * Decimal(item["product"]["price"]["unitPrice"]["amount"])
    item["quantityOrdered"] = 2
    item["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 2}
    item["proceeds"]["breakdowns"] = [{"type": "ITEM", "subtotal": money(total)}]
    settle(order)


def _dress(order: Json, dice: random.Random, number: int) -> None:
    """Give an order a buyer of its own."""
    buyer = make_buyer(dice, number)
    name = f"{buyer.first} {buyer.last}"
    if "buyer" in order:
        order["buyer"]["buyerName"] = name
    address = order.get("recipient", {}).get("deliveryAddress")
    if not address:
        return
    address |= {"name": name, "city": buyer.city, "postalCode": buyer.zip}
    if address.get("addressType") != "PICKUP_POINT":
        for place in (2, 3):
            address.pop(f"addressLine{place}", None)
        address["addressLine1"] = " ".join(filter(None, (buyer.street, buyer.house)))


def _row(order: Json) -> Order:
    address = order.get("recipient", {}).get("deliveryAddress", {})
    when = datetime.fromisoformat(order["createdTime"]).astimezone(BERLIN)
    status = STATES.get(order["fulfillment"]["fulfillmentStatus"], "")
    by_amazon = order["fulfillment"].get("fulfilledBy") == "AMAZON"
    return Order(
        order["orderId"],
        f"{when:%Y-%m-%d %H:%M:%S}",
        ", ".join(filter(None, (address.get("name"), address.get("city")))),
        ", ".join(
            f"{item['quantityOrdered']} × {item['product'].get('sellerSku', '?')}"
            for item in order["orderItems"]
        ),
        f"{status} (durch Amazon)" if by_amazon else status,
        tuple(f"{row['carrier']} {row['trackingNumber']}" for row in order.get("packages", ())),
    )
