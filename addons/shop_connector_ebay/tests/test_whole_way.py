from odoo.tests import tagged

from .common import EbayCase

NUMBER = "00340434161094042557"
OTHER = "00340434161094042564"


@tagged("post_install", "-at_install")
class TestWholeWay(EbayCase):
    """From the order at eBay to its parcels and stock there, as the crons do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dhl = cls.env["delivery.carrier"].create(
            {"name": "DHL Paket", "product_id": cls.account.shipping_product_id.id}
        )
        cls.account.write({"report_stock": True, "stock_minutes": 0, "stock_minimum": 2})

    def run_cron(self, name):
        self.env.flush_all()
        self.env.ref(f"shop_connector.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def ship(self, sale, tracking, quantities=None):
        """Let an order, or some of it, leave."""
        if sale.state in ("draft", "sent"):
            sale.action_confirm()
        picking = sale.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        picking.write({"carrier_id": self.dhl.id, "carrier_tracking_ref": tracking})
        picking._automation_deliver(quantities)

    def push(self):
        self.env["shop.stock.touch"]._write_touched()
        self.run_cron("ir_cron_stock")
        self.run_cron("ir_cron_stock_push")

    def messages(self, sale):
        return self.env["shop.message"].search([("sale_order_id", "=", sale.id)], order="id")

    # -- parcels -----------------------------------------------------------

    def test_two_parcels(self):
        """Each delivery is told once, with carrier, number and eBay's own lines."""
        sale = self.imported("combined")
        if sale.state in ("draft", "sent"):
            sale.action_confirm()
        number = sale.shop_order_id.external_id
        moves = sale.picking_ids.move_ids
        self.ship(sale, NUMBER, {move: move.product_uom_qty * (move == moves[0]) for move in moves})
        self.run_cron("ir_cron_messages")
        self.ship(sale, OTHER)
        self.run_cron("ir_cron_messages")
        self.assertEqual(set(self.messages(sale).mapped("state")), {"sent"})
        rows = self.shop.fulfillments[number]
        self.assertEqual([row["fulfillmentId"] for row in rows], [NUMBER, OTHER])
        self.assertEqual({row["shippingCarrierCode"] for row in rows}, {"DHL"})
        self.assertEqual(self.shop.orders[number]["orderFulfillmentStatus"], "FULFILLED")
        self.assertEqual(self.count("POST /sell/fulfillment"), 2)

    def test_lost_answer(self):
        """eBay has the parcel, its answer is lost: the message is repeated, the parcel is not."""
        sale = self.imported("plain")
        self.shop.fail("lost", "shipping_fulfillment", method="POST")
        self.ship(sale, NUMBER)
        self.run_cron("ir_cron_messages")
        self.assertNotEqual(self.messages(sale).state, "sent")
        self.messages(sale).next_try = False
        self.env["shop.pause"].search([]).next_try = False
        self.run_cron("ir_cron_messages")
        self.assertEqual(self.messages(sale).state, "sent")
        self.assertEqual(len(self.shop.fulfillments[sale.shop_order_id.external_id]), 1)

    def test_fetched_again_after_shipping(self):
        """What eBay says of our own parcels is no news: nothing is held or changed."""
        sale = self.imported("plain")
        self.ship(sale, NUMBER)
        self.run_cron("ir_cron_messages")
        order = self.shop.orders[sale.shop_order_id.external_id]
        self.happen(lambda number: None, order)
        self.poll()
        self.assertEqual(sale.shop_order_id.state, "imported")
        self.assertFalse(self.cases(sale) | self.cases(sale.shop_order_id))

    # -- stock -------------------------------------------------------------

    def test_stock_of_new_and_old_listings(self):
        """Articles are listed and matched by SKU, old ones by their order; each is told."""
        lamp, shirt = "LED-E27-8W", "HEMD-BL-L"
        self.shop.inventory[lamp] = {"quantity": 3, "offers": {"501": 3}}
        self.account.action_fetch_listings()
        self.run_cron("ir_cron_listings")
        listing = self.env["shop.listing"].search([("account_id", "=", self.account.id)])
        self.assertEqual(listing.mapped("sku"), [lamp])
        self.assertEqual(listing.product_id.default_code, lamp)
        order = self.imported("variation").shop_order_id
        line = self.shop.orders[order.external_id]["lineItems"][0]
        item = line["legacyItemId"]
        self.shop.listings[item] = {"variations": {shirt: 1}}
        self.push()
        self.assertEqual(self.shop.inventory[lamp]["offers"], {"501": 1000})
        left = 1000 - line["quantity"]
        self.assertEqual(self.shop.listings[item]["variations"], {shirt: left})
        calls = self.count("bulk_update_price_quantity"), self.count("ws/api.dll")
        self.push()
        self.assertEqual(
            (self.count("bulk_update_price_quantity"), self.count("ws/api.dll")), calls
        )
