"""Orders per second from the shop's answer to the posted invoice, beside plain Odoo.

Three ways do the same orders in turns, in databases copied from the same template:
  naive    a script's loop: one order after the other through core's public methods, stock Odoo
  batched  the ORM's limit: the same records made by core's methods on whole recordsets, stock Odoo
  product  the add-ons: the shop's raw orders go into the inbox, the crons' methods do the rest

  make bench                                    a first impression, about three minutes
  make bench ARGS="--orders 1000 --queries"     with the statements of single orders and batches
  make bench ARGS="--history 100000"            again with so many orders in the database before
  make bench ARGS="--memory 10000"              the process's memory over so many orders
  make bench ARGS="--stages"                    invoices printed and mails sent a second, too
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import databases

databases.configure()

import report  # noqa: E402
import stages  # noqa: E402
import world  # noqa: E402
from history import History  # noqa: E402
from meter import Meter, resident  # noqa: E402
from product import Product  # noqa: E402
from reference import Reference  # noqa: E402

WARM_UP = 20
NAIVE_SHARE = 5  # the naive loop is slow: it does one in so many of the orders


class Bench:
    """The three ways with their meters, and the orders they have not done yet."""

    def __init__(self, stock, product, options) -> None:
        self.options = options
        self.seed = 0
        for env in (stock, product):
            world.prepare(env)
        self.stock, self.product_env = stock, product
        self.reference = Reference(stock, Meter(stock.cr))
        self.product = Product(product, Meter(product.cr))
        self.ways = {
            "naive": self.reference.naive,
            "batched": self.reference.batched,
            "product": self.product.run,
        }

    def orders(self, count: int, lines: int = 0) -> list[world.Raw]:
        """Return orders nobody has seen yet."""
        self.seed += 1
        return world.make_orders(count, lines or self.options.lines, self.seed)

    def measure(self, way: str, raws: list[world.Raw]) -> dict:
        """Return what a way's stages cost for these orders."""
        meter = Meter((self.product_env if way == "product" else self.stock).cr)
        self.reference.meter = self.product.meter = meter
        self.ways[way](raws)
        return meter.stages

    def rounds(self) -> dict:
        """Let the ways take turns, so that what else the machine does meets all of them."""
        total = {way: {} for way in self.ways}
        size, count = self.options.round, self.options.orders
        for start in range(0, count, size):
            raws = self.orders(min(size, count - start))
            for way in self.ways:
                part = raws[: -(-len(raws) // NAIVE_SHARE)] if way == "naive" else raws
                report.add(total[way], self.measure(way, part))
            print(f"  {start + len(raws)} orders, {resident():.0f} MB", file=sys.stderr)
        return total

    def warm_up(self) -> None:
        """Do a few orders first: caches fill, and what is compiled is compiled."""
        raws = self.orders(WARM_UP)
        self.measure("batched", raws)
        self.measure("product", raws)

    def queries(self) -> dict:
        """Return the statements for an order with four lines: alone, and in a batch of forty."""
        found = {}
        for way in ("batched", "product"):
            alone: dict = {}
            for raw in self.orders(5, 4):
                report.add(alone, self.measure(way, [raw]))
            found[way] = {"single": alone, "of 40": self.measure(way, self.orders(40, 4))}
        return found

    def memory(self, count: int) -> list[tuple[int, float, float]]:
        """Return (orders done, MB, processor ms for an order) after every thousand."""
        rows, size = [], self.options.round
        for start in range(0, count, 1000):
            cost: dict = {}
            for _part in range(0, 1000, size):
                report.add(cost, self.measure("product", self.orders(size)))
            work = sum(stage.work for stage in cost.values()) / 1000
            rows.append((start + 1000, resident(), work * 1000))
            print(f"  {rows[-1]}", file=sys.stderr)
        return rows

    def grow(self, count: int) -> float:
        """Give both databases a past of ``count`` orders; return the seconds it took."""
        seconds = 0.0
        for env in (self.stock, self.product_env):
            done = env["sale.order"].search_count([])
            env.invalidate_all()
            seconds += History(env).grow(count, done)
        return seconds


def run(bench: Bench, options) -> dict:
    """Measure what was asked for."""
    found = {"options": vars(options)}
    bench.warm_up()
    found["ways"] = bench.rounds()
    if options.queries:
        found["queries"] = bench.queries()
    if options.stages:
        found["stages"] = run_stages(bench)
    if options.memory:
        found["memory"] = bench.memory(options.memory)
    if options.history:
        print(f"copying orders until there are {options.history} more ...", file=sys.stderr)
        found["history_seconds"] = bench.grow(options.history)
        bench.warm_up()
        found["ways_with_history"] = bench.rounds()
    return found


def run_stages(bench: Bench) -> dict:
    """Print invoices and send mails of the orders done so far."""
    bench.product.meter = Meter(bench.product_env.cr)
    stages.print_invoices(bench.product, bench.options.pages)
    stages.send_mails(bench.product)
    bare = stages.bare_engine(bench.product, bench.options.pages)
    return {"bare PDF engine": bare, **bench.product.meter.stages}


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=200, help="orders each way does")
    parser.add_argument("--lines", type=int, default=2, help="goods in an order; shipping is added")
    parser.add_argument("--round", type=int, default=100, help="orders in one turn")
    parser.add_argument("--history", type=int, default=0, help="then again with a past of so many")
    parser.add_argument("--memory", type=int, default=0, help="watch the memory over so many")
    parser.add_argument("--queries", action="store_true", help="count statements, four lines")
    parser.add_argument("--stages", action="store_true", help="print invoices, send mails")
    parser.add_argument("--pages", type=int, default=40, help="invoices to print with --stages")
    parser.add_argument("--json", type=Path, help="write everything that was measured there")
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run, print the report, write the figures."""
    options = parse(arguments)
    with databases.fresh(False, options.keep) as stock, databases.fresh(True, options.keep) as env:
        found = run(Bench(stock, env, options), options)
    print(report.text(found))
    if options.json:
        options.json.write_text(json.dumps(found, default=_plain, indent=1) + "\n")
    return 0


def _plain(value) -> object:
    return str(value) if isinstance(value, Path) else asdict(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
