from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.shop_connector.models import shop_stock_push

from .common import GambioCase

NUMBER = "00340434161094042557"


@tagged("post_install", "-at_install")
class TestRoundTrip(GambioCase):
    """From the shop to Odoo and back: offers, stock, orders, parcels, cancellations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(shop_stock_push, "NAP", 0.0))
        cls.account.write({"report_stock": True, "stock_minutes": 0, "stock_minimum": 2})
        house = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.location = house.lot_stock_id
        cls.dhl = cls.env["delivery.carrier"].create(
            {"name": "DHL Paket", "product_id": cls.account.shipping_product_id.id}
        )

    def setUp(self):
        super().setUp()
        self.shop.tracking.clear()
        self.shop.products.clear()
        self.shop.offer(self.gambio.CATALOGUE)
        self.shop.requests.clear()

    def run_cron(self, name):
        self.env.flush_all()
        self.env["shop.stock.touch"]._write_touched()
        with self.enter_registry_test_mode():
            self.env.ref(f"shop_connector.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def read_offers(self):
        self.account.action_fetch_listings()
        self.run_cron("ir_cron_listings")
        return self.env["shop.listing"].search([("account_id", "=", self.account.id)])

    def push(self):
        self.run_cron("ir_cron_stock")
        self.run_cron("ir_cron_stock_push")

    def put(self, sku, quantity):
        product = self.env["product.product"].search([("default_code", "=", sku)])
        self.env["stock.quant"]._update_available_quantity(product, self.location, quantity)

    def imported(self, *kinds):
        for order in self.sell(*kinds):
            for item in order["items"]:
                self.put(item["model"], item["quantity"])
        sale = self.poll().sale_order_id
        sale.action_confirm()
        return sale

    def ship(self, sale, number=NUMBER):
        picking = sale.picking_ids
        picking.carrier_id = self.dhl
        picking.carrier_tracking_ref = number
        picking._automation_deliver(None)

    def messages(self, sale):
        return self.env["shop.message"].search([("sale_order_id", "in", sale.ids)])

    def status(self, sale):
        return self.shop.orders[int(sale.shop_order_id.external_id)]["statusId"]

    def test_offers_are_matched(self):
        offers = self.read_offers()
        skus = {article.sku for article in self.gambio.CATALOGUE}
        self.assertEqual(set(offers.mapped("sku")), skus)
        self.assertEqual(set(offers.product_id.mapped("default_code")), skus)
        self.assertEqual(set(offers.mapped("shown")), {25})

    def test_stock_of_everything(self):
        self.read_offers()
        figures = {}
        for place, article in enumerate(self.gambio.CATALOGUE, start=1):
            figures[article.sku] = place
            self.put(article.sku, place)
        self.push()
        self.assertEqual(self.shop.stock(), figures)
        calls = self.shop.requests["all"]
        self.push()
        self.assertEqual(self.shop.requests["all"], calls, "nothing differs, nothing is told")
        self.assertEqual(self.shop.violations, [])

    def test_a_sale_leaves_both_sides_equal(self):
        """The checkout lowers the shop's stock; the order's import lowers ours by as much."""
        self.read_offers()
        for article in self.gambio.CATALOGUE:
            self.put(article.sku, 10)
        self.push()
        (order,) = self.sell("quantities")
        self.poll()
        self.push()
        bought = {item["model"]: item["quantity"] for item in order["items"]}
        for sku, quantity in bought.items():
            self.assertEqual(self.shop.stock()[sku], max(0, 10 - quantity))

    def test_variants_without_api_v3(self):
        self.read_offers()
        self.put("SHIRT-M-ROT", 3)
        with patch.object(self.shop, "has_v3", False):
            self.push()
        offer = self.env["shop.listing"].search([("sku", "=", "SHIRT-M-ROT")])
        self.assertEqual(offer.state, "refused")
        self.assertIn("cannot be told the stock of variants", offer.last_error)

    def test_shipped(self):
        sale = self.imported("paypal")
        self.ship(sale)
        self.run_cron("ir_cron_messages")
        self.assertEqual(self.messages(sale).mapped("state"), ["sent"])
        (row,) = self.shop.tracking
        self.assertEqual((row["trackingCode"], row["parcelServiceName"]), (NUMBER, "DHL"))
        self.assertEqual(self.status(sale), 3)
        self.assertEqual(self.poll().state, "imported")
        self.run_cron("ir_cron_messages")
        self.assertEqual(len(self.shop.tracking), 1)
        self.assertEqual(self.shop.violations, [])

    def test_the_line_breaks_while_a_parcel_is_told(self):
        sale = self.imported("paypal")
        self.ship(sale)
        self.shop.fail("drop", "tracking_codes", method="POST")
        self.run_cron("ir_cron_messages")
        self.assertNotIn("sent", self.messages(sale).mapped("state"))
        self.messages(sale).next_try = False
        self.env["shop.pause"].search([]).next_try = False
        self.run_cron("ir_cron_messages")
        self.assertEqual(self.messages(sale).mapped("state"), ["sent"])
        self.assertEqual(len(self.shop.tracking), 1)
        self.assertEqual(self.status(sale), 3)

    def test_an_old_shop_is_told_in_words(self):
        with patch.object(self.shop, "api_version", "2.2.0"):
            sale = self.imported("paypal")
            self.ship(sale)
            self.run_cron("ir_cron_messages")
        message = self.messages(sale)
        self.assertEqual(message.state, "sent", message.last_error)
        self.assertIn("history", message.answer)
        history = self.shop.orders[int(sale.shop_order_id.external_id)]["statusHistory"]
        self.assertIn(NUMBER, history[-1]["comment"])

    def test_cancelled(self):
        sale = self.imported("prepayment")
        sale._action_cancel()
        self.run_cron("ir_cron_messages")
        self.assertEqual(self.messages(sale).mapped("state"), ["sent"])
        self.assertEqual(self.status(sale), 99)
        rows = len(self.shop.orders[int(sale.shop_order_id.external_id)]["statusHistory"])
        self.assertEqual(self.poll().sale_order_id.state, "cancel")
        self.run_cron("ir_cron_messages")
        history = self.shop.orders[int(sale.shop_order_id.external_id)]["statusHistory"]
        self.assertEqual(len(history), rows)

    def test_shipped_in_the_shop_meanwhile(self):
        sale = self.imported("prepayment")
        self.shop.set_status(int(sale.shop_order_id.external_id), 3)
        sale._action_cancel()
        self.run_cron("ir_cron_messages")
        message = self.messages(sale)
        self.assertEqual(message.state, "failed")
        self.assertIn("is shipped in the shop", message.last_error)
