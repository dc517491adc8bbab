"""The company's account at eBay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .. import goods
from .base import Facts, Order, Outlet, basket, choice

from tests.servers.ebay import Article, EbayServer, Shop, Spec, generate_orders  # isort: skip
from tests.servers.ebay.happenings import stamp  # isort: skip

Json = dict[str, Any]
BERLIN = ZoneInfo("Europe/Berlin")
FIRST = 14_000
PLAIN = ("paid_later", "changed_mind", "lantern")  # nothing special about the order itself
GLOVES = "GG-1007-9"
STATES = {"NOT_STARTED": "Offen", "IN_PROGRESS": "Teilweise versandt", "FULFILLED": "Versandt"}


class Ebay(Outlet):
    """Orders as eBay's sellers get them."""

    channel, title = "ebay", "eBay"
    passing = frozenset({"tokens"})
    app_id, ru_name = "Lindenhof-demo-PRD", "Lindenhof-Demo-RuName"
    secrets = ("PRD-demo-7d31c95a", "v^1.1#demo-2ac94f")

    def __init__(self, port: int = 0, documents: Path | None = None) -> None:
        folder = documents / "ebay" if documents else None
        self.shop = shop = Shop(spec=Spec(folder) if folder and folder.is_dir() else None)
        shop.app_id, shop.ru_name = self.app_id, self.ru_name
        shop.cert_id, shop.tokens.refresh_token = self.secrets
        stock = goods.first_stock("ebay")
        for place, offer in enumerate(goods.offers("ebay"), start=1):
            item = shop.inventory[offer.sku] = {
                "quantity": stock[offer.sku],
                "offers": {str(8_200_000_000 + place): stock[offer.sku]},
                "title": offer.name,
            }
            if offer.pack == 1:
                item["ean"] = [goods.ean(offer.article)]
        self.server = EbayServer(shop, port)
        super().__init__()

    def settings(self) -> Json:
        """Return how Odoo reaches the shop."""
        names = ("ebay_cert_id", "ebay_refresh_token")
        return dict(zip(names, self.secrets, strict=True)) | {
            "ebay_app_id": self.app_id,
            "ebay_ru_name": self.ru_name,
            "ebay_endpoint": self.server.url,
        }

    def set_clock(self, offset: timedelta) -> None:
        """Let eBay live in the past."""
        self.shop.clock_offset = offset

    # -- the story ---------------------------------------------------------

    def place(self, kind: str, number: int, when: datetime) -> None:
        """Let a buyer order something."""
        order = self._compose(kind, number, when)
        if kind == "paid_later":
            order["orderPaymentStatus"] = "PENDING"
            for payment in order["paymentSummary"]["payments"]:
                payment["paymentStatus"] = "PENDING"
                payment.pop("paymentDate", None)
        self.shop.add(order)
        self._take_off_shelf(order)

    def go_on(self, deed: str, kind: str, number: int, when: datetime) -> None:
        """Let the money of an order arrive, or a buyer change his mind."""
        found = next(
            row
            for row in self.shop.orders.values()
            if row["salesRecordReference"] == str(FIRST + number)
        )
        if deed == "pay":
            with self.shop.lock:
                found["orderPaymentStatus"] = "PAID"
                for payment in found["paymentSummary"]["payments"]:
                    payment |= {"paymentStatus": "PAID", "paymentDate": stamp(self.shop.now())}
            self.shop.touch(found["orderId"])
        elif deed == "ask_to_cancel":
            self.shop.ask_to_cancel(found["orderId"])

    def _compose(self, kind: str, number: int, when: datetime) -> Json:
        dice = choice(self.channel, number)
        offers = basket(self.channel, dice, most=3)
        while kind == "combined" and len(offers) < 3:
            offers = list({*offers, *basket(self.channel, dice, most=3)})
        if kind == "lantern":
            offers = [offer for offer in goods.offers("ebay") if offer.article == goods.LANTERN]
        elif kind == "variation":
            offers = [offer for offer in goods.offers("ebay") if offer.sku == GLOVES]
        articles = [
            Article(
                offer.sku,
                offer.name,
                Decimal(f"{offer.price:.2f}"),
                goods.by_sku[offer.article].options,
            )
            for offer in sorted(offers, key=lambda offer: offer.sku)
        ]
        start = when.replace(tzinfo=BERLIN).astimezone(UTC)
        known = "plain" if kind in PLAIN else kind
        return generate_orders(
            articles, 1, 500 + number, first=FIRST + number, start=start, kinds=[known]
        )[0]

    def _take_off_shelf(self, order: Json) -> None:
        """eBay counts down by itself what is sold."""
        for line in order["lineItems"]:
            item = self.shop.inventory.get(line.get("sku", ""))
            if item:
                item["quantity"] = max(0, item["quantity"] - line["quantity"])
                for offer in item["offers"]:
                    item["offers"][offer] = min(item["offers"][offer], item["quantity"])

    # -- what is to be seen ------------------------------------------------

    def requests(self) -> int:
        """Return how often it was asked."""
        return int(self.shop.requests["all"])

    def facts(self) -> Facts:
        """Return how the account stands."""
        shop = self.shop
        newest = sorted(shop.orders.values(), key=lambda row: row["creationDate"], reverse=True)
        return Facts(
            [self._row(order) for order in newest],
            list(shop.violations),
            sum(map(len, shop.fulfillments.values())),
            sum(order["cancelStatus"]["cancelState"] == "CANCELED" for order in newest),
        )

    def _row(self, order: Json) -> Order:
        steps = [row.get("shippingStep", {}) for row in order["fulfillmentStartInstructions"]]
        ship_to = steps[0].get("shipTo", {}) if steps else {}
        city = ship_to.get("contactAddress", {}).get("city", "")
        when = datetime.fromisoformat(order["creationDate"]).astimezone(BERLIN)
        state = STATES[order["orderFulfillmentStatus"]]
        if order["cancelStatus"]["cancelState"] == "CANCELED":
            state = "Storniert"
        elif order["orderPaymentStatus"] == "PENDING":
            state = "Unbezahlt"
        return Order(
            order["orderId"],
            f"{when:%Y-%m-%d %H:%M:%S}",
            ", ".join(filter(None, (ship_to.get("fullName"), city))),
            ", ".join(
                f"{line['quantity']} × {line.get('sku') or line['title']}"
                for line in order["lineItems"]
            ),
            state,
            tuple(
                f"{row.get('shippingCarrierCode', '')} {row.get('shipmentTrackingNumber', '–')}"
                for row in self.shop.fulfillments.get(order["orderId"], ())
            ),
        )

    def shelves(self) -> dict[str, int]:
        """Return what eBay shows."""
        return {sku: item["quantity"] for sku, item in self.shop.inventory.items()}
