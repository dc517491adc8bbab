"""Orders per second from the raw data to the sales order, for each channel.

The same number of orders of each channel goes through inbox, parser and writer in turns, in one
database. What differs is what the channels send and what their parsers make of it.

  scripts/dev run python bench/channels.py
  scripts/dev run python bench/channels.py --orders 1000
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import databases

databases.configure()

import report  # noqa: E402
import world  # noqa: E402
from meter import Meter, resident  # noqa: E402

from odoo.addons.shop_connector.lib.channel import OrderPage, RawOrder  # noqa: E402
from tests.servers.amazon import generator as amazon  # noqa: E402
from tests.servers.amazon.kinds import Article as AmazonArticle  # noqa: E402
from tests.servers.ebay import orders as ebay  # noqa: E402
from tests.servers.ebay.kinds import Article as EbayArticle  # noqa: E402

ADDONS = "shop_connector_amazon,shop_connector_ebay,shop_connector_gambio,shop_connector_yatego"
SKUS = [(article.sku, article.name, article.price) for article in world.CATALOGUE]
START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def make_gambio(count: int, seed: int) -> list[RawOrder]:
    """Orders as Gambio's API sends them."""
    return [RawOrder(raw.number, raw.body) for raw in world.make_orders(count, 2, seed)]


def make_amazon(count: int, seed: int) -> list[RawOrder]:
    """Orders as Amazon's API sends them, paid and to be sent by us."""
    goods = [AmazonArticle(sku, name, price) for sku, name, price in SKUS]
    orders = amazon.generate_orders(count, seed, start=START, catalogue=goods, kinds=("plain",))
    return [RawOrder(order["orderId"], json.dumps(order)) for order in orders]


def make_ebay(count: int, seed: int) -> list[RawOrder]:
    """Orders as eBay's API sends them, paid and to be sent by us."""
    goods = [EbayArticle(sku, name, price) for sku, name, price in SKUS]
    orders = ebay.generate_orders(
        goods, count, seed, first=seed * 1_000_000, kinds=("plain", "packstation", "company")
    )
    return [RawOrder(order["orderId"], json.dumps(order)) for order in orders]


def make_file(count: int, seed: int) -> list[RawOrder]:
    """Orders as they stand in Yatego's files: a head, its lines."""
    found = []
    for index in range(count):
        number = seed * 1_000_000 + index
        found.append(_file_order(number, SKUS[index % len(SKUS)], SKUS[(index + 7) % len(SKUS)]))
    return found


def _file_order(number: int, *articles: tuple[str, str, Decimal]) -> RawOrder:
    lines = [
        {
            "Bestellnummer": str(number),
            "Artikelnummer": sku,
            "Produktname": name,
            "Variantenname": "",
            "Anzahl": "1",
            "Einzelpreis": _german(price / Decimal("1.19")),
            "Mengenrabatt": "0,00",
            "Gesamtpreis": _german(price),
            "Steuer": "19.00",
        }
        for sku, name, price in articles
    ]
    person = {"Firma": "", "Titel": "", "Anrede": "Frau", "Vorname": "Änne", "Nachname": "Weiß"}
    place = {"Strasse": f"Lange Straße {number % 97}", "PLZ": f"{number % 89_000 + 10_000}"}
    buyer = {**person, **place, "Stadt": "Bremen", "Land": "Deutschland", "Telefon": "", "Fax": ""}
    head = {
        "Bestellnummer": str(number),
        "Bestelldatum": "2026-03-01 08:00:00",
        "E-Mail-Adresse": f"kunde{number}@example.org",
        **{f"R_{key}": value for key, value in buyer.items()},
        "R_Geburtsdatum": "",
        **dict.fromkeys((f"L_{key}" for key in buyer), ""),
        "Zahlart": "PayPal",
        "Gesamtumsatz": _german(sum((price for _sku, _name, price in articles), Decimal(0))),
        "Versandkosten": "4,90",
        **dict.fromkeys(("Nachnahmekosten", "Laenderaufschlag"), "0,00"),
        **dict.fromkeys(("Gutschein", "Bestellwertrabatt"), "0,00"),
        "Bemerkungen des Kunden": "",
    }
    return RawOrder(str(number), json.dumps({"head": head, "lines": lines}, ensure_ascii=False))


def _german(price: Decimal) -> str:
    return f"{price:.2f}".replace(".", ",")


CHANNELS = {"gambio": make_gambio, "amazon": make_amazon, "ebay": make_ebay, "file": make_file}
SETTINGS = {"file": {"feed_profile": "yatego"}}


class Bench:
    """One account per channel, in one database."""

    def __init__(self, env) -> None:
        self.env = env
        world.prepare(env)
        self.accounts = {
            channel: env["shop.account"].create(
                {"name": channel, "channel": channel, **SETTINGS.get(channel, {})}
            )
            for channel in CHANNELS
        }
        env.cr.commit()
        self.seed = 0

    def round(self, size: int) -> dict:
        """Let each channel import ``size`` orders nobody has seen yet."""
        self.seed += 1
        found = {}
        for channel, make in CHANNELS.items():
            raws = make(size, self.seed)
            meter = Meter(self.env.cr)
            with meter.stage(channel, size):
                self.accounts[channel]._store_page(OrderPage(tuple(raws)))
                self.env.cr.commit()
                self.env["shop.order"]._cron_interpret()
            self._verify(channel, raws)
            report.add(found, meter.stages)
        return found

    def _verify(self, channel: str, raws: list[RawOrder]) -> None:
        """Complain when an order did not arrive: the figures would be of something else."""
        records = self.env["shop.order"].search(
            [
                ("account_id", "=", self.accounts[channel].id),
                ("external_id", "in", [raw.external_id for raw in raws]),
            ]
        )
        if len(records.sale_order_ids) != len(raws):
            reasons = set(records.mapped("last_error")) - {False}
            raise RuntimeError(f"{channel}: {len(records.sale_order_ids)} orders: {reasons}")
        self.env.invalidate_all()


def main(arguments: list[str]) -> int:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=300, help="orders of each channel")
    parser.add_argument("--round", type=int, default=100, help="orders in one turn")
    options = parser.parse_args(arguments)
    with databases.fresh(True, addons=ADDONS) as env:
        bench = Bench(env)
        bench.round(20)
        total: dict = {}
        for _start in range(0, options.orders, options.round):
            report.add(total, bench.round(options.round))
            print(f"  {resident():.0f} MB", file=sys.stderr)
    print(report.channels(total))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
