"""Run the account by hand or for the demo."""

from __future__ import annotations

import argparse
import json
import signal
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from .generator import generate_orders
from .kinds import CATALOGUE, Article
from .seller import Listing, Seller
from .server import AmazonServer
from .spec import Spec


def _catalogue(path: str) -> list[Article]:
    """The articles of a JSON file: a list of objects with sku, title, price and rate."""
    rows = json.loads(Path(path).read_text("utf-8"))
    return [
        Article(
            row["sku"],
            row["title"],
            Decimal(str(row["price"])),
            Decimal(str(row.get("rate", 19))),
        )
        for row in rows
    ]


def main() -> None:
    """Read the arguments, print the address, serve until told to stop."""
    parser = argparse.ArgumentParser(description="A seller's account at Amazon to test against.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--orders", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--catalogue", help="JSON file with the articles")
    parser.add_argument("--models", help="folder of Amazon's models; without it nothing is judged")
    parser.add_argument("--hours", type=float, default=24.0, help="age of the oldest order")
    options = parser.parse_args()
    spec = Spec(Path(options.models)) if options.models else None
    catalogue = _catalogue(options.catalogue) if options.catalogue else CATALOGUE
    start = datetime.now(UTC) - timedelta(hours=options.hours)
    every = timedelta(hours=options.hours) / max(options.orders, 1)
    orders = generate_orders(
        options.orders, options.seed, start=start, every=every, catalogue=catalogue
    )
    seller = Seller(orders)
    for article in catalogue:
        seller.listings.setdefault(article.sku, Listing())
    server = AmazonServer(seller, spec, options.port).start()
    print(server.url, flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    main()
