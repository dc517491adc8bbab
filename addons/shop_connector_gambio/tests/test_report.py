from datetime import UTC, datetime
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.automation_core.lib.errors import Rejected
from odoo.addons.shop_connector.lib.outbox import Cancellation, Parcel, Shipment, StockChange

from .common import GambioCase

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestReport(GambioCase):
    """What the account's hooks tell the shop."""

    def setUp(self):
        super().setUp()
        self.shop.tracking.clear()
        self.shop.products.clear()
        self.shop.offer(self.gambio.CATALOGUE)
        self.order = self.shop.orders[self.sell("paypal")[0]["id"]]
        self.number = str(self.order["id"])

    def shipment(self, complete=True):
        items = (("1", Decimal(1)),)
        parcel = Parcel(1, items, NOON, carrier="DHL", carrier_name="DHL", tracking="JJD0001")
        return Shipment(self.number, self.number, NOON, (parcel,), complete)

    def cancellation(self):
        return Cancellation(self.number, self.number, (("1", Decimal(1)),))

    def test_shipment(self):
        self.account._channel_report_shipment(self.shipment())
        self.assertEqual(self.shop.tracking[0]["trackingCode"], "JJD0001")
        self.assertEqual(self.order["statusId"], 3)
        self.assertIs(self.order["statusHistory"][-1]["customerNotified"], False)
        self.assertTrue(self.account._channel_report_shipment(self.shipment()).known)

    def test_statuses_are_settings(self):
        self.account.write({"gambio_status_shipped": 149, "gambio_status_partly": 2})
        self.account._channel_report_shipment(self.shipment(complete=False))
        self.assertEqual(self.order["statusId"], 2)
        self.account._channel_report_shipment(self.shipment())
        self.assertEqual(self.order["statusId"], 149)

    def test_a_status_that_does_not_exist(self):
        self.poll()
        self.assertIn("3 Versendet", self.account.gambio_status_names)
        self.account.gambio_status_shipped = 4
        with self.assertRaises(Rejected):
            self.account._channel_report_shipment(self.shipment())
        self.assertIn("no order status 4", self.check_text())
        self.assertIn("Versendet", self.check_text())

    def check_text(self):
        self.account.action_check()
        return self.account.check_result

    def test_our_own_mail_is_noted(self):
        sale = self.poll().sale_order_id
        mails = self.env["automation.mail"]
        mails._enqueue("cancelled", orders=sale)
        mail = mails.search([("order_id", "=", sale.id), ("kind", "=", "cancelled")])
        mail.state = "sent"
        self.account._channel_report_cancellation(self.cancellation())
        self.assertEqual(self.order["statusId"], 99)
        self.assertIs(self.order["statusHistory"][-1]["customerNotified"], True)

    def test_cancellation(self):
        self.account._channel_report_cancellation(self.cancellation())
        self.assertEqual(self.order["statusId"], 99)
        self.assertTrue(self.account._channel_report_cancellation(self.cancellation()).known)

    def test_carriers_are_known_from_the_start(self):
        self.assertIn(("dpd", "DPD"), self.account._channel_carriers())
        self.assertIn("Hermes", self.account.carrier_ids.mapped("code"))

    def test_listings_and_stock(self):
        page = self.account._channel_fetch_listings({})
        self.assertFalse(page.more)
        offers = {listing.sku: listing for listing in page.listings}
        self.assertLessEqual({"TEE-100", "SHIRT-M-ROT"}, set(offers))
        changes = [
            StockChange(1, "TEE-100", 4, extra=offers["TEE-100"].extra),
            StockChange(2, "SHIRT-M-ROT", 2, extra=offers["SHIRT-M-ROT"].extra),
        ]
        replies = list(self.account._channel_report_stock(changes))
        self.assertEqual([row.ok for reply in replies for row in reply.outcomes], [True, True])
        self.assertEqual(self.shop.stock()["TEE-100"], 4)
        self.assertEqual(self.shop.stock()["SHIRT-M-ROT"], 2)

    def test_the_products_stock_may_count(self):
        self.account.gambio_counts_product = True
        offers = {row.sku: row for row in self.account._channel_fetch_listings({}).listings}
        self.assertIn("SHIRT", offers)
        self.assertEqual(offers["SHIRT-M-ROT"].extra["check"], "product")

    def test_check_says_what_can_be_told(self):
        text = self.check_text()
        self.assertIn("Parcel services of the shop: DHL, DPD", text)
        self.assertIn("stock of products and of their variants can be told", text)

    def test_check_missing_rights(self):
        self.shop.forbidden = {"products", "parcel_services"}
        text = self.check_text()
        self.assertIn("may not read products: no stock can be told", text)
        self.assertIn("may not read parcel services", text)

    def test_check_old_versions(self):
        with patch.object(self.shop, "has_v3", False):
            self.assertIn("has no API v3", self.check_text())
        with patch.object(self.shop, "api_version", "2.2.0"):
            text = self.check_text()
            self.assertIn("too old for tracking codes", text)
            self.assertNotIn("fa-times", text.split("too old for tracking codes")[1][:60])

    def tearDown(self):
        self.assertEqual(self.shop.violations, [])
        super().tearDown()
