"""The company's shop at Yatego: files of orders to fetch, files of stock to bring."""

from __future__ import annotations

import random
import threading
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from .. import goods
from .base import Facts, Outlet, Sale, basket, choice
from .base import Order as Row

from tests.servers.base import Call, Sent  # isort: skip
from tests.servers.gambio.people import make_buyer  # isort: skip
from tests.servers.yatego import HEAD, Order, Shop, YategoServer  # isort: skip
from tests.servers.yatego.orders import money  # isort: skip

FIRST = 70_401
PREFIX = "Y-YAT-"  # of the orders in Odoo
WAYS = {"Voraus kasse": "prepayment", "PayPal": "paypal"}
PAYMENTS = {"prepayment": "Voraus kasse", "cod": "Nach nahme", "paypal": "PayPal"}


class _Server(YategoServer):
    """Takes one request after the other, so that the state can be kept in between."""

    def answer(self, call: Call) -> Sent:
        with self.shop.lock:
            self.shop.requests += 1
            return super().answer(call)


class Yatego(Outlet):
    """Prepaid and cash-on-delivery orders."""

    channel, title, record = "yatego", "Yatego", "place_yatego"
    user = "lindenhof.yatego.com"
    secrets = ("demo pässword & 9d4",)

    def __init__(self, port: int = 0) -> None:
        self.shop: Any = Shop(self.user, self.secrets[0])
        self.shop.lock, self.shop.requests = threading.RLock(), 0
        self.shop.stock = {
            sku: Decimal(quantity) for sku, quantity in goods.first_stock("yatego").items()
        }
        self.server = _Server(self.shop, port)
        super().__init__()

    def settings(self) -> dict[str, Any]:
        """Return how Odoo reaches the shop."""
        address = f"{self.server.url}/admin/modules/yatego/"
        return {"url": address, "user": self.user, "password": self.secrets[0]}

    def set_clock(self, offset: timedelta) -> None:
        """The files have no clock."""

    # -- the story ---------------------------------------------------------

    def place(self, kind: str, number: int, when: datetime) -> None:
        """Let a buyer order something."""
        dice = choice(self.channel, number)
        lines = [_line(FIRST + number, offer, dice) for offer in basket(self.channel, dice)]
        total = sum((Decimal(row["Gesamtpreis"].replace(",", ".")) for row in lines), Decimal(0))
        head = _head(FIRST + number, when, dice) | {
            "Zahlart": PAYMENTS.get(kind, "Kredit karte"),
            "Gesamtumsatz": money(total),
            "Nachnahmekosten": "6,00" if kind == "cod" else "0,00",
            "Bemerkungen des Kunden": "Bitte klingeln; Hinterhaus." if kind == "note" else "",
        }
        with self.shop.lock:
            self.shop.orders.append(Order(FIRST + number, when, head, lines))
            for line in lines:
                sku = line["Artikelnummer"]
                left = self.shop.stock.get(sku, Decimal(0)) - int(line["Anzahl"])
                self.shop.stock[sku] = max(Decimal(0), left)

    def sale(self, number: int, when: datetime) -> Sale | None:
        """Return what is to be paid for an order."""
        head = next(one.head for one in self.shop.orders if one.number == FIRST + number)
        way = WAYS.get(head["Zahlart"])
        if not way:
            return None
        sums = ("Gesamtumsatz", "Versandkosten")
        return Sale(
            str(FIRST + number),
            f"{PREFIX}{FIRST + number}",
            when,
            sum((Decimal(head[name].replace(",", ".")) for name in sums), Decimal(0)),
            f"{head['R_Vorname']} {head['R_Nachname']}",
            head["E-Mail-Adresse"],
            way,
        )

    # -- what is to be seen ------------------------------------------------

    def requests(self) -> int:
        """Return how often it was asked."""
        return int(self.shop.requests)

    def facts(self) -> Facts:
        """Return how the shop stands."""
        shop = self.shop
        rows = [_row(order) for order in reversed(shop.orders)]
        return Facts(rows, list(shop.violations))

    def shelves(self) -> dict[str, int]:
        """Return what Yatego shows."""
        return {sku: int(quantity) for sku, quantity in self.shop.stock.items()}


def _head(number: int, when: datetime, dice: random.Random) -> dict[str, str]:
    buyer = make_buyer(dice, number)
    person = {
        "Anrede": "Frau" if buyer.gender == "f" else "Herr",
        "Vorname": buyer.first,
        "Nachname": buyer.last,
        "Strasse": " ".join(filter(None, (buyer.street, buyer.house))),
        "PLZ": buyer.zip,
        "Stadt": buyer.city,
        "Land": "Deutschland",
    }
    return dict.fromkeys(HEAD, "") | {
        **{f"R_{name}": value for name, value in person.items()},
        "Bestellnummer": str(number),
        "Bestelldatum": f"{when:%Y-%m-%d %H:%M:%S}",
        "E-Mail-Adresse": buyer.email,
        "Versandkosten": "4,90",
        "Laenderaufschlag": "0,00",
        "Gutschein": "0,00",
        "Bestellwertrabatt": "0,00",
    }


def _line(number: int, offer: Any, dice: random.Random) -> dict[str, str]:
    article = goods.by_sku[offer.article]
    price, quantity = Decimal(f"{offer.price:.2f}"), dice.choice((1, 1, 1, 2))
    return {
        "Bestellnummer": str(number),
        "Artikelnummer": offer.sku,
        "Produktname": article.name,
        "Variantenname": "".join(
            f"<strong>{name}</strong>: {value}" for name, value in article.options
        ),
        "Anzahl": str(quantity),
        "Einzelpreis": money(price * 100 / (100 + article.tax)),
        "Mengenrabatt": "0,00",
        "Gesamtpreis": money(price * quantity),
        "Steuer": f"{article.tax:.2f}",
    }


def _row(order: Order) -> Row:
    head = order.head
    return Row(
        str(order.number),
        f"{order.ordered:%Y-%m-%d %H:%M:%S}",
        f"{head['R_Vorname']} {head['R_Nachname']}, {head['R_Stadt']}",
        ", ".join(f"{line['Anzahl']} × {line['Artikelnummer']}" for line in order.lines),
        head["Zahlart"],
    )
