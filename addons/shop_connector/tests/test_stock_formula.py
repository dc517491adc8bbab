"""The formula in SQL says what the formula in Python says, and both what core says."""

import random
from decimal import Decimal

from odoo.tests import tagged

from ..lib import stock as formula
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockFormula(StockCase):
    def check_all(self):
        """Compare all listings: SQL beside Python beside core's own quantities."""
        listings = self.env["shop.listing"].search([("wanted_state", "!=", False)])
        goods = self.env["shop.stock"]._goods(listings.ids)
        low = {}
        for listing in listings:
            policy, figures, row = goods[listing.id]
            offer = formula.offer(policy, figures, row["pack"])
            self.assertEqual(
                (listing.wanted, listing.wanted_state),
                (offer.quantity, offer.availability),
                f"{policy} {figures} {row}",
            )
            low.setdefault(listing.product_id, []).append((offer.low, row["low"]))
            self.assertEqual(row["available"], formula.available(policy, figures))
            self.assertEqual(row["back"], formula.buffer(policy, figures))
            self.check_core(listing, figures)
        for pairs in low.values():
            ours, theirs = zip(*pairs, strict=True)
            self.assertEqual(set(theirs), {any(ours)}, "low in one shop is low for all")
        return len(listings)

    def check_core(self, listing, figures):
        houses = listing.account_id._stock_warehouses()
        product = listing.product_id.with_context(warehouse_id=houses.ids)
        product.invalidate_recordset()
        on_hand, free = formula.exact(product.qty_available), formula.exact(product.free_qty)
        self.assertEqual((figures.on_hand, figures.on_hand - figures.reserved), (on_hand, free))
        if listing.account_id.stock_basis != "free":
            self.assertEqual(figures.incoming, formula.exact(product.incoming_qty))
            self.assertEqual(figures.outgoing, formula.exact(product.outgoing_qty))
            forecast = figures.on_hand + figures.incoming - figures.outgoing
            self.assertEqual(forecast, formula.exact(product.virtual_available))

    def test_property(self):
        """Random stock, moves, reservations, settings and packs, many times."""
        rng = random.Random(35)
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        houses = self.house | second
        accounts = [self._account(self.company, name=f"Shop {n}") for n in range(3)]
        products = [self._product(f"P{n}", f"Product {n}") for n in range(8)]
        for product in products:
            for account in accounts:
                self.offer(product, account, pack_factor=rng.choice([1, 1, 2, 6, 0.5, 12, 0.3]))
        compared = 0
        for _turn in range(12):
            for _n in range(4):
                self.random_stock(rng, rng.choice(products), houses)
            self.random_sale(rng, products, accounts, houses)
            for account in accounts:
                self.random_policy(rng, account, houses)
            rng.choice(products).shop_minimum_stock = rng.choice([0, 3, 8])
            self.refresh()
            compared += self.check_all()
        self.assertGreater(compared, 200)

    def random_stock(self, rng, product, houses):
        house = rng.choice(houses)
        if rng.random() < 0.5:
            self.put(product, rng.choice([1, 5, 12.5, 40, -3]), house)
            return
        kind = house.in_type_id if rng.random() < 0.4 else house.out_type_id
        incoming = kind == house.in_type_id
        outside = self.env.ref(
            "stock.stock_location_suppliers" if incoming else "stock.stock_location_customers"
        )
        ends = (outside, house.lot_stock_id) if incoming else (house.lot_stock_id, outside)
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": rng.choice([1, 2, 7, 15]),
                "picking_type_id": kind.id,
                "location_id": ends[0].id,
                "location_dest_id": ends[1].id,
            }
        )
        move = move._action_confirm()  # another one where moves are merged
        if move.exists() and rng.random() < 0.6:
            move._action_assign()

    def random_sale(self, rng, products, accounts, houses):
        """An order of a shop that is not released yet."""
        account = rng.choice(accounts)
        self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "shop_account_id": account.id,
                "warehouse_id": rng.choice(houses).id,
                "order_line": [
                    (0, 0, {"product_id": rng.choice(products).id, "product_uom_qty": 2}),
                ],
            }
        )

    def random_policy(self, rng, account, houses):
        account.write(
            {
                "stock_basis": rng.choice(["free", "open", "forecast"]),
                "stock_warehouse_ids": [(6, 0, rng.choice([[], houses.ids, houses[:1].ids]))],
                "stock_buffer": rng.choice(["none", "fixed", "percent", "speed"]),
                "stock_buffer_value": rng.choice([0, 1, 2.5, 10, 50]),
                "stock_delay": rng.choice([0, 20, 240, 1440]),
                "stock_max": rng.choice([0, 0, 5]),
                "stock_minimum": rng.choice([0, 2, 5]),
                "sold_out": rng.choice(["zero", "delist", "soon"]),
            }
        )

    def test_explained(self):
        """The account shows the example of its settings, the offer its own figures."""
        self.account.write({"stock_buffer": "fixed", "stock_buffer_value": 1})
        self.assertEqual(self.account.stock_example, "12 on hand, 2 reserved, 1 kept back → 9")
        listing = self.offer(self.lamp, pack_factor=6, max_quantity=4)
        self.put(self.lamp, 27)
        self.refresh()
        self.assertEqual(
            listing.explanation,
            "27 on hand, 0 reserved, 1 kept back, 6 pieces in a pack, at most 4 → 4",
        )

    def test_pending_orders_count(self):
        """A reservation of an unpaid order lowers what all shops of the warehouse show."""
        other = self._account(self.company, name="Other shop")
        here, there = self.offer(self.lamp, pack_factor=2), self.offer(self.lamp, other)
        self.put(self.lamp, 10)
        self.refresh()
        self.assertEqual((here.wanted, there.wanted), (5, 10))
        record = self.receive(
            self.payload("7", treatment="reserve", reservations=[["1", "LAMP", 2]])
        )
        self.refresh()
        self.assertEqual((here.wanted, there.wanted), (3, 6), "two packs of two are kept")
        self.env["shop.reservation"]._release(record)
        self.refresh()
        self.assertEqual((here.wanted, there.wanted), (5, 10))

    def test_sales_speed(self):
        """The buffer grows with what was sold lately: 144 pieces a day are 2 in 20 minutes."""
        self.account.write({"stock_buffer": "speed", "stock_buffer_value": 1, "stock_delay": 20})
        listing = self.offer(self.lamp)
        self.put(self.lamp, 500)
        self.refresh()
        self.assertEqual(listing.wanted, 500)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "order_line": [(0, 0, {"product_id": self.lamp.id, "product_uom_qty": 144})],
            }
        )
        order.action_confirm()
        self.refresh()
        self.assertEqual(listing.speed, 144)
        self.assertEqual(listing.wanted, 500 - 144 - 2)
        self.assertEqual(Decimal(str(listing.speed)), 144)

    def test_not_counted(self):
        """What is not matched, not kept in stock, off or the marketplace's has no figure."""
        service = self.env["product.product"].create({"name": "Advice", "type": "service"})
        for listing in (
            self.offer(service),
            self.offer(self.lamp, report_stock=False),
            self.offer(self.tea, by_channel=True),
            self.offer(self.env["product.product"], sku="?"),
        ):
            self.refresh()
            self.assertFalse(listing.wanted_state, listing.sku)
            self.assertFalse(listing.pending)
        self.assertEqual(
            set(self.env["shop.listing"].search([("state", "=", "channel")]).mapped("sku")), {"TEA"}
        )

    def test_archived_product(self):
        """A product nobody sells any more is sold out in the shops."""
        listing = self.offer(self.lamp)
        self.put(self.lamp, 3)
        self.refresh()
        self.assertEqual(listing.wanted, 3)
        self.lamp.active = False
        self.refresh()
        self.assertEqual((listing.wanted, listing.wanted_state), (0, "normal"))
