"""Stock for shops: the diff of many listings, what a stock move pays for it, the push.

  scripts/dev run python bench/stock.py
  scripts/dev run python bench/stock.py --listings 100000 --changes 10000

diff    all listings computed and compared by one statement, when all, some or none of them differ,
        beside core's own quantity fields read for the same products
moves   deliveries of 100 products reserved and done, with the notes and without them
push    changes told to a shop that counts calls and allows so many a second
"""

import argparse
import statistics
import sys
import time
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent))

import databases

databases.configure()

from meter import Meter, resident  # noqa: E402

from odoo.addons.automation_core.lib.errors import Throttled  # noqa: E402
from odoo.addons.shop_connector.lib.channel import STOCK  # noqa: E402
from odoo.addons.shop_connector.lib.outbox import StockOutcome, StockReply  # noqa: E402
from odoo.addons.shop_connector.models import shop_stock_push  # noqa: E402

ACCOUNTS = 4
PRODUCTS = """
    WITH template AS (
        INSERT INTO product_template (name, type, is_storable, categ_id, uom_id, active, sale_ok,
                                      purchase_ok, tracking, service_tracking)
        SELECT JSONB_BUILD_OBJECT('en_US', 'Bench ' || n), 'consu', TRUE, {categ}, {uom}, TRUE,
               TRUE, TRUE, 'none', 'no'
          FROM GENERATE_SERIES(1, %(count)s) AS n
     RETURNING id
    )
    INSERT INTO product_product (product_tmpl_id, default_code, active)
    SELECT id, 'B' || id, TRUE FROM template
 RETURNING id
"""
QUANTS = """
    INSERT INTO stock_quant (product_id, location_id, company_id, quantity, reserved_quantity,
                             in_date)
    SELECT id, %(location)s, %(company)s, id %% 50, (id %% 50) / 10, NOW() AT TIME ZONE 'UTC'
      FROM UNNEST(%(ids)s) AS id
"""
LISTINGS = """
    INSERT INTO shop_listing (account_id, company_id, sku, product_id, active, report_stock,
                              by_channel, pack_factor)
    SELECT account, %(company)s, 'B' || product, product, TRUE, TRUE, FALSE,
           CASE WHEN product %% 7 = 0 THEN 6 ELSE 1 END
      FROM UNNEST(%(products)s) AS product, UNNEST(%(accounts)s) AS account
"""


class Shop:
    """Takes figures ``size`` a call, allows ``rate`` calls a second with a ``burst``."""

    def __init__(self, size: int, rate: float, burst: int) -> None:
        self.size, self.rate, self.burst = size, rate, burst
        self.tokens, self.last = float(burst), time.monotonic()
        self.calls: list[float] = []
        self.rows = self.refused = 0

    def call(self) -> None:
        """Count a call, or say that it came too early: the channel's bucket."""
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.last) * self.rate)
        self.last = now
        if self.tokens < 1:
            raise Throttled("Slower.", retry_after=(1 - self.tokens) / self.rate)
        self.tokens -= 1
        self.calls.append(now)

    def report(self, changes):
        for start in range(0, len(changes), self.size):
            part = changes[start : start + self.size]
            self.call()
            self.rows += len(part)
            yield StockReply(tuple(StockOutcome(change.listing_id, True) for change in part))

    def most_in_a_second(self) -> int:
        """Return the busiest second."""
        return max(
            sum(1 for other in self.calls[i : i + 500] if other - start < 1)
            for i, start in enumerate(self.calls)
        )


class Bench:
    def __init__(self, env, options) -> None:
        self.env, self.options = env, options
        self.noting = 0.0
        self.stock = env["shop.stock"]
        field = env.registry["shop.account"]._fields["channel"]
        field.selection = [*field.selection, ("bench", "Bench")]
        field._selection = {**field._selection, "bench": "Bench"}
        self.company = env.company
        self.house = env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.accounts = env["shop.account"].create(
            [
                {"name": f"Shop {n}", "channel": "bench", "live": True, "report_stock": True}
                for n in range(ACCOUNTS)
            ]
        )
        self.products = self.make_products(options.listings // ACCOUNTS)
        env.cr.execute(
            LISTINGS,
            {
                "company": self.company.id,
                "products": self.products,
                "accounts": self.accounts.ids,
            },
        )
        env.cr.commit()
        for table in ("shop_listing", "stock_quant", "product_product", "product_template"):
            env.cr.execute(f"ANALYZE {table}")
        env.cr.commit()

    def make_products(self, count: int) -> list[int]:
        model = self.env.ref("uom.product_uom_unit")
        category = self.env["product.category"].search([], limit=1)
        statement = PRODUCTS.format(categ=category.id or "NULL", uom=model.id)
        self.env.cr.execute(statement, {"count": count})
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.env.cr.execute(
            QUANTS,
            {"ids": ids, "location": self.house.lot_stock_id.id, "company": self.company.id},
        )
        return ids

    # -- diff --------------------------------------------------------------

    def time_diff(self, name: str, **touched) -> None:
        meter = Meter(self.env.cr)
        before = resident()
        with meter.stage(name, self.options.listings):
            changed = self.stock._refresh(**touched)
        cost = meter.stages[name]
        count = sum(row[0] for row in changed.values())
        grown = resident() - before
        figures = f"{cost.work:.2f} | {cost.python:.2f} | {cost.wall:.2f} | {grown:.1f}"
        print(f"| {name} | {count:,} | {figures} |")
        self.env.cr.commit()

    def diff(self) -> None:
        everything = {"accounts": self.accounts.ids}
        print(f"\n### {self.options.listings:,} listings of {ACCOUNTS} shops\n")
        print("| diff | listings changed | s of one core | of these Python | by the clock | + MB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        self.time_diff("all are new", **everything)
        self.time_diff("nothing differs", **everything)
        self.accounts.write({"stock_buffer": "fixed", "stock_buffer_value": 1})
        self.time_diff("a setting changes nearly all", **everything)
        self.env.cr.execute(
            "UPDATE stock_quant SET quantity = quantity + 1 WHERE product_id = ANY(%s)",
            (self.products[:1000],),
        )
        self.time_diff("1,000 products touched", products=self.products[:1000])
        self.time_diff("one product touched", products=self.products[:1])
        self.accounts.write({"stock_basis": "forecast", "stock_buffer": "speed"})
        self.time_diff("forecast and sales speed", **everything)
        self.accounts.write({"stock_basis": "free", "stock_buffer": "none"})
        self.time_diff("back again", **everything)
        self.core()

    def core(self) -> None:
        """Read core's own fields for the same products, as a loop over records would."""
        meter, before = Meter(self.env.cr), resident()
        with meter.stage("core", self.options.listings):
            for _account in self.accounts:
                self.env.invalidate_all()
                products = self.env["product.product"].browse(self.products)
                for product in products.with_context(warehouse_id=self.house.ids):
                    product.free_qty  # noqa: B018
        cost, grown = meter.stages["core"], resident() - before
        figures = f"{cost.work:.2f} | {cost.python:.2f} | {cost.wall:.2f} | {grown:.1f}"
        print(f"| core's free_qty in a loop | - | {figures} |")

    # -- moves -------------------------------------------------------------

    def move(self, products: list[int], *, noted: bool = True) -> float:
        """Reserve and do a delivery of these products; return the seconds of both sides."""
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.house.out_type_id.id,
                "location_id": self.house.lot_stock_id.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product,
                            "product_uom_qty": 1,
                            "location_id": self.house.lot_stock_id.id,
                            "location_dest_id": customers.id,
                        },
                    )
                    for product in products
                ],
            }
        )
        self.env.flush_all()
        meter = Meter(self.env.cr)
        touch = self.env.registry["shop.stock.touch"]
        noting = self.timed(touch._touch) if noted else lambda self, **ids: None
        writing = self.timed(touch._write_touched)
        cron = self.env.registry["ir.cron"]
        with (
            patch.object(touch, "_touch", noting),
            patch.object(touch, "_write_touched", writing),
            patch.object(cron, "_trigger", self.timed(cron._trigger)),
            meter.stage("move", len(products)),
        ):
            picking.action_confirm()
            picking.action_assign()
            picking.button_validate()
            self.env.flush_all()
            self.env.cr.precommit.run()
        self.env.cr.commit()
        return meter.stages["move"].work

    def timed(self, method):
        """Return ``method`` with its time added up."""

        def call(*args, **kwargs):
            start = time.perf_counter()
            try:
                return method(*args, **kwargs)
            finally:
                self.noting += time.perf_counter() - start

        return call

    def moves(self) -> None:
        turns: dict[str, list[float]] = {"with": [], "without": []}
        rich = [product for product in self.products if product % 50 > 20]
        self.move(rich[:100])
        self.noting, start = 0.0, time.perf_counter()
        for turn in range(self.options.turns):
            both = rich[100 * turn + 100 : 100 * turn + 200]
            ways = [("with", both[0::2]), ("without", both[1::2])]
            for way, products in ways if turn % 2 else reversed(ways):
                turns[way].append(self.move(products, noted=way == "with"))
        clock = time.perf_counter() - start
        with_, without = (statistics.median(turns[name]) for name in ("with", "without"))
        print("\n### A delivery of 50 products, confirmed, reserved and done\n")
        print("| notes | ms of one core, median | all turns |")
        print("| --- | ---: | --- |")
        for name, seconds in turns.items():
            shown = " ".join(f"{value * 1000:.0f}" for value in seconds)
            print(f"| {name} | {statistics.median(seconds) * 1000:.0f} | {shown} |")
        share = 100 * self.noting / (clock / 2)
        print(f"\nratio {with_ / without:.3f} (bar 1.05); the notes themselves {share:.2f} % of it")

    # -- push --------------------------------------------------------------

    def push(self) -> None:
        account, count = self.accounts[0], self.options.changes
        # clean start: all told
        self.env.cr.execute(
            "UPDATE shop_listing SET reported = wanted, reported_state = wanted_state,"
            " pending = FALSE, urgent = FALSE"
        )
        self.env.cr.execute(
            "UPDATE shop_listing SET reported = wanted + 1, pending = TRUE WHERE id IN"
            " (SELECT id FROM shop_listing WHERE account_id = %s ORDER BY id LIMIT %s)",
            (account.id, count),
        )
        self.env.cr.commit()
        print(f"\n### {count:,} changes told\n")
        print("| shop | rows | calls | seconds | rows a second | calls in the busiest second |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for name, shop in (
            ("no limit, 25 a call", Shop(25, 1e9, 10**9)),
            ("25 a call, 5 calls a second, burst 10", Shop(25, 5, 10)),
        ):
            self.push_to(name, shop, count)

    def push_to(self, name: str, shop: Shop, count: int) -> None:
        self.env.cr.execute(
            "UPDATE shop_listing SET reported = wanted + 1, pending = TRUE WHERE id IN"
            " (SELECT id FROM shop_listing WHERE account_id = %s ORDER BY id LIMIT %s)",
            (self.accounts[0].id, count),
        )
        self.env["shop.stock.task"].search([]).unlink()
        self.env.cr.commit()
        registry = self.env.registry["shop.account"]
        start = time.monotonic()
        with (
            patch.object(registry, "_channel_capabilities", lambda self: frozenset({STOCK})),
            patch.object(registry, "_channel_report_stock", lambda self, c: shop.report(c)),
            patch.object(shop_stock_push, "RUN_TIME", 3600.0),
        ):
            while shop.rows < count:
                self.env["shop.stock.task"]._cron_push()
        seconds = time.monotonic() - start
        calls = len(shop.calls)
        busiest = shop.most_in_a_second()
        rate = count / seconds
        print(f"| {name} | {shop.rows:,} | {calls} | {seconds:.1f} | {rate:.0f} | {busiest} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listings", type=int, default=20_000)
    parser.add_argument("--changes", type=int, default=2_000)
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument("--only", choices=("diff", "moves", "push"))
    parser.add_argument("--keep", action="store_true", help="keep the database")
    options = parser.parse_args()
    with databases.fresh(True, options.keep, addons="shop_connector") as env:
        bench = Bench(env, options)
        for part in (options.only,) if options.only else ("diff", "moves", "push"):
            getattr(bench, part)()


if __name__ == "__main__":
    main()
