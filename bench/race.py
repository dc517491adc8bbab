"""The last piece: how often is it sold twice?

  scripts/dev run python bench/race.py
  scripts/dev run python bench/race.py --products 20000 --shops 3

A simulation of time with the product's own formula (``shop_connector/lib/stock.py``): some shops
offer the same products, buyers come at random and buy what their shop shows. A sale is known to its
shop at once, to us after the order was fetched and imported, to the other shops after we told them.
An order that cannot be covered is oversold. Ways:

  periodic  plain synchronisation: every so many minutes all shops get the quantity on hand, minus
            what was imported by then
  at once   what the add-on does: below the minimum stock each imported sale is told at once
  buffer    the same with the buffer that grows with sales speed x delay

The tables say how many of all orders were oversold, and how many pieces were left unsold because of
the buffer at the end.
"""

import argparse
import heapq
import random
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "addons"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "unit"))

import conftest  # noqa: F401
from shop_connector.lib import stock as formula

DAY = 1440.0


@dataclass
class Way:
    """How shops are kept up to date. Times are minutes."""

    name: str
    policy: formula.Policy
    fetch: float  # orders are fetched so often
    slow: float  # figures that are not urgent are told so often
    tell: float  # from the decision until the shop shows it
    periodic: bool = False


@dataclass
class Product:
    """One product in all shops: what is there, what was sold, what each shop shows."""

    stock: int
    speed: float  # sales a day, all shops together
    shown: list[int] = field(default_factory=list)
    known: int = 0  # sold and imported
    sold: int = 0
    oversold: int = 0


class Simulation:
    """One product after the other over some days, events in the order of time."""

    def __init__(self, way: Way, shops: int, rng: random.Random) -> None:
        self.way, self.shops, self.rng = way, shops, rng
        self.numbers = count()

    def run(self, product: Product, days: float) -> Product:
        self.product, self.events = product, []
        self.told_slow = 0.0
        product.shown = [self.offer().quantity] * self.shops
        self.phase = [self.rng.uniform(0, self.way.fetch) for _shop in range(self.shops)]
        self.slow_phase = self.rng.uniform(0, self.way.slow)
        self.later(self.next_buyer(0.0), self.buy)
        if self.way.periodic:
            self.later(self.slow_phase, self.tell_all)
        while self.events:
            now, _number, what, arguments = heapq.heappop(self.events)
            if now > days * DAY:
                break
            what(now, *arguments)
        return product

    def later(self, at: float, what, *arguments) -> None:
        heapq.heappush(self.events, (at, next(self.numbers), what, arguments))

    def next_buyer(self, now: float) -> float:
        return now + self.rng.expovariate(self.product.speed / DAY)

    def offer(self) -> formula.Offer:
        """Ask the product's formula with what is known here."""
        goods = formula.Goods(
            on_hand=Decimal(self.product.stock),
            promised=Decimal(self.product.known),
            speed=formula.exact(self.product.speed),
        )
        return formula.offer(self.way.policy, goods)

    # -- events ------------------------------------------------------------

    def buy(self, now: float) -> None:
        product, shop = self.product, self.rng.randrange(self.shops)
        if product.shown[shop] > 0:
            product.shown[shop] -= 1
            product.sold += 1
            product.oversold += product.sold > product.stock
            # the next fetch of this shop after the sale
            turns = (now - self.phase[shop]) // self.way.fetch + 1
            self.later(self.phase[shop] + turns * self.way.fetch, self.import_order)
        if product.sold < 3 * product.stock + 10:
            self.later(self.next_buyer(now), self.buy)

    def import_order(self, now: float) -> None:
        before = self.offer().quantity
        self.product.known += 1
        if self.way.periodic:
            return
        offer = self.offer()
        if formula.is_urgent(offer, before):
            self.later(now + self.rng.uniform(0.5, 1.5) * self.way.tell, self.show)
        elif now >= self.told_slow:
            self.told_slow = now + self.way.slow
            self.later(self.told_slow + self.way.tell, self.show)

    def tell_all(self, now: float) -> None:
        self.later(now + self.rng.uniform(0.5, 1.5) * self.way.tell, self.show)
        self.later(now + self.way.slow, self.tell_all)

    def show(self, _now: float) -> None:
        """All shops show what is known now; as in life this forgets sales not yet fetched."""
        self.product.shown = [self.offer().quantity] * self.shops


def ways(delay: float) -> list[Way]:
    """Return the ways for shops whose orders are fetched every ``delay`` minutes."""
    near = formula.Policy(minimum=Decimal(5))
    speed = formula.Policy(
        minimum=Decimal(5), buffer="speed", buffer_value=Decimal(1), delay=round(delay + 1)
    )
    fixed = formula.Policy(minimum=Decimal(5), buffer="fixed", buffer_value=Decimal(1))
    return [
        Way("periodic, 60 min", formula.Policy(), delay, 60.0, 0.5, periodic=True),
        Way("periodic, 15 min", formula.Policy(), delay, 15.0, 0.5, periodic=True),
        Way("at once", near, delay, 15.0, 0.5),
        Way("at once, buffer 1", fixed, delay, 15.0, 0.5),
        Way("at once, buffer by speed", speed, delay, 15.0, 0.5),
    ]


def measure(way: Way, speed: float, options) -> tuple[float, float]:
    """Return per cent of the orders oversold, and pieces a product left unsold."""
    rng = random.Random(options.seed)
    simulation = Simulation(way, options.shops, rng)
    sold = oversold = left = 0
    for _product in range(options.products):
        product = simulation.run(Product(options.stock, speed), 4 * options.stock / speed + 0.2)
        sold += product.sold
        oversold += product.oversold
        left += max(product.stock - product.sold, 0)
    return 100 * oversold / max(sold, 1), left / options.products


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--products", type=int, default=300)
    parser.add_argument("--shops", type=int, default=2)
    parser.add_argument("--stock", type=int, default=10, help="pieces of each product")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for speed in (5, 50, 300):
        print(f"\n### {speed} sales a day, {options.stock} pieces, {options.shops} shops\n")
        print("| orders fetched every | " + " | ".join(way.name for way in ways(1)) + " |")
        print("| ---: |" + " ---: |" * len(ways(1)))
        for delay in (1, 5, 15, 60):
            cells = [measure(way, speed, options) for way in ways(delay)]
            shown = (f"{share:.2f} % ({left:.1f} left)" for share, left in cells)
            print(f"| {delay} min | " + " | ".join(shown) + " |")


if __name__ == "__main__":
    main()
