"""Run PayPal by hand or for the demo."""

from __future__ import annotations

import argparse
import random
import signal
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.servers.gambio.people import make_buyer

from .server import PayPalServer
from .spec import Spec


def main() -> None:
    """Read the arguments, print the address, serve until told to stop."""
    parser = argparse.ArgumentParser(description="PayPal to test against.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--payments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--specs", help="folder with the vendor's documents")
    parser.add_argument("--hours", type=float, default=24.0, help="age of the oldest payment")
    options = parser.parse_args()
    server = PayPalServer(options.port, spec=Spec(Path(options.specs)) if options.specs else None)
    fill(server, options.payments, options.seed, timedelta(hours=options.hours))
    server.start()
    print(server.url, flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


def fill(server: PayPalServer, count: int, seed: int, age: timedelta) -> list[str]:
    """Let invented people pay; return the transactions' ids."""
    rng = random.Random(seed)
    start = server.now() - age
    found = []
    for place in range(count):
        buyer = make_buyer(rng, place, "DE")
        found.append(
            server.add_payment(
                Decimal(rng.randrange(500, 30_000)) / 100,
                f"AB-{start:%Y}-{4000 + place:06d}",
                f"{buyer.first} {buyer.last}",
                buyer.email,
                at=start + place * age / max(count, 1),
            )
        )
    return found


if __name__ == "__main__":
    main()
