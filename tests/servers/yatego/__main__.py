"""Run the marketplace by hand or for the demo."""

from __future__ import annotations

import argparse
import signal
from datetime import datetime, timedelta

from .orders import generate_orders
from .server import YategoServer
from .shop import Shop


def main() -> None:
    """Read the arguments, print the address, serve until told to stop."""
    parser = argparse.ArgumentParser(description="Yatego's merchant interface to test against.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--orders", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--user", default="muster.yatego.com")
    parser.add_argument("--password", default="shop-password")
    options = parser.parse_args()
    start = datetime.now() - timedelta(hours=options.orders)
    shop = Shop(options.user, options.password)
    shop.orders = generate_orders(options.orders, options.seed, start=start)
    server = YategoServer(shop, options.port).start()
    print(server.url, flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    main()
