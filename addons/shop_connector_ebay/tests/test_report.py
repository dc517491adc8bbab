import base64
from datetime import UTC, datetime
from decimal import Decimal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from odoo.tests import tagged

from odoo.addons.automation_core.lib import errors
from odoo.addons.shop_connector.lib.outbox import Cancellation, Parcel, Shipment, StockChange

from .common import EbayCase

BULK = "bulk_update_price_quantity"


@tagged("post_install", "-at_install")
class TestReport(EbayCase):
    """Parcels, stock, cancellations and feedback reach eBay, once."""

    def shipment(self, order, *parcels):
        number = order["orderId"]
        ordered = datetime.fromisoformat(order["creationDate"].replace("Z", "+00:00"))
        return Shipment(number, number, ordered, parcels, True)

    def parcel(self, reference, line, tracking="", quantity=None):
        items = ((line["lineItemId"], Decimal(quantity or line["quantity"])),)
        return Parcel(
            reference,
            items,
            datetime.now(UTC),
            "DHL",
            "DHL Paket",
            tracking or f"JD0146{reference}",
        )

    # -- shipments ---------------------------------------------------------

    def test_parcel_by_parcel(self):
        """The second call tells what is new only; eBay has each parcel once."""
        [order] = self.sell("combined")
        one, two, _three = order["lineItems"]
        first = self.parcel(1, one)
        self.account._channel_report_shipment(self.shipment(order, first))
        both = self.shipment(order, first, self.parcel(2, two))
        self.assertFalse(self.account._channel_report_shipment(both).known)
        self.assertTrue(self.account._channel_report_shipment(both).known)
        self.assertEqual(
            [row["fulfillmentId"] for row in self.shop.fulfillments[order["orderId"]]],
            ["JD01461", "JD01462"],
        )

    def test_lost_answer(self):
        """The answer to a told parcel is lost; repeating counts as success, not as a double."""
        [order] = self.sell("plain")
        told = self.shipment(order, self.parcel(1, order["lineItems"][0]))
        self.shop.fail("lost", "shipping_fulfillment", method="POST")
        with self.assertRaises(errors.AutomationError):
            self.account._channel_report_shipment(told)
        self.assertTrue(self.account._channel_report_shipment(told).known)
        self.assertEqual(len(self.shop.fulfillments[order["orderId"]]), 1)

    def test_refused_tracking_number(self):
        [order] = self.sell("plain")
        told = self.shipment(order, self.parcel(1, order["lineItems"][0], "JD/../1"))
        with self.assertRaises(errors.Rejected) as refused:
            self.account._channel_report_shipment(told)
        self.assertIn("only letters and digits", refused.exception.message)
        self.assertTrue(refused.exception.hint)
        self.assertFalse(self.shop.fulfillments.get(order["orderId"]))

    def test_line_is_in_a_combined_order_by_now(self):
        [order] = self.sell("plain")
        line = {**order["lineItems"][0], "lineItemId": "10000000000099"}
        with self.assertRaises(errors.Rejected) as refused:
            self.account._channel_report_shipment(self.shipment(order, self.parcel(1, line)))
        self.assertIn("combined", refused.exception.hint)

    # -- stock -------------------------------------------------------------

    def stock(self, *changes):
        replies = list(self.account._channel_report_stock(changes))
        return {one.listing_id: one for reply in replies for one in reply.outcomes}

    def test_new_and_old_listings(self):
        self.shop.inventory["NEW"] = {"quantity": 1, "offers": {"501": 1}}
        self.shop.inventory["BUSY"] = {"quantity": 1, "offers": {"502": 1}, "busy": 1}
        self.shop.listings["110000000001"] = {"quantity": 1}
        self.shop.listings["110000000002"] = {"quantity": 1, "ended": True}
        found = self.stock(
            StockChange(1, "NEW", 4),
            StockChange(2, "BUSY", 4),
            StockChange(3, "OLD", 5, external_id="110000000001"),
            StockChange(4, "ENDED", 5, external_id="110000000002"),
        )
        self.assertEqual([found[one].ok for one in (1, 2, 3, 4)], [True, False, True, False])
        self.assertEqual([found[one].passing for one in (2, 4)], [True, False])
        self.assertEqual(self.shop.inventory["NEW"]["offers"], {"501": 4})
        self.assertEqual(self.shop.listings["110000000001"]["quantity"], 5)
        again = self.stock(StockChange(2, "BUSY", 4, extra=found[2].extra))
        self.assertTrue(again[2].ok)

    def test_revisions_are_counted_for_all_workers(self):
        self.shop.inventory["NEW"] = {"quantity": 1, "offers": {"501": 1}}
        extra = {"api": "inventory", "offers": ["501"]}
        for quantity in range(3):
            self.stock(StockChange(1, "NEW", quantity, extra=extra))
        self.assertEqual(self.account._memory_get("revisions")["counts"], {"NEW": 3})
        self.account._memory_change("revisions", lambda known: {**known, "counts": {"NEW": 225}})
        waiting = self.stock(StockChange(1, "NEW", 9, extra=extra))[1]
        self.assertEqual((waiting.ok, waiting.passing), (False, True))
        self.assertTrue(self.stock(StockChange(1, "NEW", 0, extra=extra, urgent=True))[1].ok)
        self.assertEqual(self.count(BULK), 4)

    def test_stock_while_ebay_is_down(self):
        """What was told before stays told."""
        changes, extra = [], {}
        for number in range(60):
            self.shop.inventory[f"S{number}"] = {"quantity": 1, "offers": {f"5{number}": 1}}
            extra = {"api": "inventory", "offers": [f"5{number}"]}
            changes.append(StockChange(number, f"S{number}", 7, extra=extra))
        calls = []

        def before(request):
            if BULK in request.path:
                calls.append(request)
                if len(calls) == 3:
                    self.shop.fail("maintenance", BULK, times=9)

        self.shop.before = before
        told = []
        with self.assertRaises(errors.AutomationError):
            for reply in self.account._channel_report_stock(changes):
                told += reply.outcomes
        self.assertEqual(len(told), 50)

    def test_quota_of_the_day(self):
        """The last calls of the day are kept for people; the rest waits."""
        self.account._memory_change(
            "quotas", lambda _known: {"inventory": {"remaining": 51, "reset": 9_999_999_999.0}}
        )
        self.shop.inventory["NEW"] = {"quantity": 1, "offers": {"501": 1}}
        extra = {"api": "inventory", "offers": ["501"]}
        self.assertTrue(self.stock(StockChange(1, "NEW", 3, extra=extra))[1].ok)
        with self.assertRaises(errors.Throttled):
            self.stock(StockChange(1, "NEW", 4, extra=extra))
        self.assertEqual(self.count(BULK), 1)

    def test_listings(self):
        for number in range(130):
            self.shop.inventory[f"S{number:03d}"] = {"quantity": number, "offers": {}}
        page = self.account._channel_fetch_listings({})
        self.assertTrue(page.more)
        rest = self.account._channel_fetch_listings(page.cursor)
        self.assertFalse(rest.more)
        self.assertEqual(len(page.listings) + len(rest.listings), 130)

    # -- cancelling and feedback -------------------------------------------

    def sign(self):
        key = ed25519.Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.account.write(
            {"ebay_signing_jwe": "eyJ-jwe", "ebay_signing_key": base64.b64encode(key).decode()}
        )

    def test_cancellation_is_signed(self):
        [order] = self.sell("plain")
        self.sign()
        number = order["orderId"]
        told = Cancellation(number, number, (), reason="no_stock")
        self.assertFalse(self.account._channel_report_cancellation(told).known)
        request = next(one for one in self.shop.log if one.path.endswith("/cancellation"))
        self.assertEqual(request.headers["x-ebay-signature-key"], "eyJ-jwe")
        self.assertIn("content-digest", request.headers)
        self.assertTrue(self.account._channel_report_cancellation(told).known)

    def test_feedback(self):
        sale = self.imported("combined")
        order = sale.shop_order_id
        self.assertFalse(self.account._channel_leave_feedback(order, "Gerne wieder!").known)
        self.assertEqual(len(self.shop.feedback), 3)
        self.assertTrue(self.account._channel_leave_feedback(order, "Noch einmal").known)

    def test_carriers(self):
        carriers = dict(self.account._channel_carriers())
        self.assertEqual(carriers["dhl"], "DHL")
        self.assertEqual(carriers["hermes"], "Hermes")
