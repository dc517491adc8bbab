"""Run the shop by hand or for the demo."""

from __future__ import annotations

import argparse
import json
import signal
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from .kinds import CATALOGUE, Article
from .orders import generate_orders
from .server import GambioServer
from .shop import Shop


def _catalogue(path: str) -> list[Article]:
    """Return the articles of a JSON file: a list of objects with Article's fields."""
    rows = json.loads(Path(path).read_text("utf-8"))
    return [
        Article(
            **{
                **row,
                "price": Decimal(str(row["price"])),
                "options": tuple(map(tuple, row.get("options", ()))),
            }
        )
        for row in rows
    ]


def main() -> None:
    """Read the arguments, print the address, serve until told to stop."""
    parser = argparse.ArgumentParser(description="A Gambio shop to test against.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--orders", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--catalogue", help="JSON file with the shop's articles")
    parser.add_argument("--user", default="api@shop.example")
    parser.add_argument("--password", default="shop-password")
    parser.add_argument("--hours", type=float, default=24.0, help="age of the oldest order")
    options = parser.parse_args()
    shop = Shop(user=options.user, password=options.password)
    every = timedelta(hours=options.hours) / max(options.orders, 1)
    catalogue = _catalogue(options.catalogue) if options.catalogue else CATALOGUE
    shop.offer(catalogue)
    start = shop.now() - timedelta(hours=options.hours)
    for order in generate_orders(catalogue, options.orders, options.seed, start=start, every=every):
        shop.add(order)
    server = GambioServer(shop, options.port).start()
    print(server.url, flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    main()
