"""What changes stock is noted, by one statement, and leads to new figures."""

from odoo.tests import tagged

from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockWatch(StockCase):
    def touched(self):
        """Return the products noted by now, and forget them."""
        self.env.flush_all()
        self.env["shop.stock.touch"]._write_touched()
        products, listings, accounts, _count = self.env["shop.stock.touch"]._take(10_000)
        return set(products), set(listings), set(accounts)

    def test_delivery(self):
        """Reserving and delivering an order is noted for its products."""
        self.offer(self.lamp)
        self.put(self.lamp, 10)
        self.put(self.tea, 10)
        self.touched()
        sale = self.sale()
        self.assertEqual(
            self.touched()[0] & {self.lamp.id, self.tea.id}, {self.lamp.id, self.tea.id}
        )
        sale.action_confirm()
        self.assertIn(self.lamp.id, self.touched()[0])
        sale.picking_ids.button_validate()
        self.assertIn(self.lamp.id, self.touched()[0])

    def test_cancelled_order(self):
        """A cancelled order of a shop gives its goods free, though no stock moves."""
        listing = self.offer(self.lamp)
        self.put(self.lamp, 10)
        sale = self.sale()
        self.refresh()
        self.assertEqual(listing.wanted, 8)
        sale._action_cancel()
        self.refresh()
        self.assertEqual(listing.wanted, 10)

    def test_nothing_without_offers(self):
        """Who offers nothing pays nothing: no notes, no cron."""
        self.env["shop.listing"].search([]).unlink()
        self.touched()
        self.put(self.lamp, 1)
        self.env["shop.stock.touch"]._write_touched()
        self.assertFalse(self.env["shop.stock.touch"].search_count([]))

    def test_one_statement(self):
        """However many quants a transaction changes, noting them is one statement."""
        self.offer(self.lamp)
        products = [self._product(f"P{n}", f"Product {n}") for n in range(20)]
        for product in products:
            self.put(product, 1)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["shop.stock.touch"]._write_touched()
        self.assertEqual(self.touched()[0] & {p.id for p in products}, {p.id for p in products})

    def test_settings(self):
        listing = self.offer(self.lamp)
        self.touched()
        listing.pack_factor = 2
        self.assertEqual(self.touched()[1], {listing.id})
        self.account.stock_max = 3
        self.assertEqual(self.touched()[2], {self.account.id})
        self.lamp.product_tmpl_id.shop_minimum_stock = 3
        self.assertEqual(self.touched()[0], {self.lamp.id})

    def test_nightly(self):
        """Every night everything is computed anew, noted or not."""
        listing = self.offer(self.lamp)
        self.put(self.lamp, 4)
        self.refresh()
        self.env.cr.execute("UPDATE shop_listing SET wanted = 77 WHERE id = %s", (listing.id,))
        self.run_cron("ir_cron_stock_compare")
        self.run_cron("ir_cron_stock")
        self.assertEqual(listing.wanted, 4)
