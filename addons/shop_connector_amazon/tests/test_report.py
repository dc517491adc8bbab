from datetime import timedelta
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.automation_core.lib import errors
from odoo.addons.shop_connector.lib import outbox
from odoo.addons.shop_connector.lib.channel import INVOICES

from .common import AmazonCase

PDF = b"%PDF-1.4 invoice"


class ReportCase(AmazonCase):
    """Orders at Amazon, and what the outbox says about them."""

    def setUp(self):
        super().setUp()
        self.order = self.sell("plain")[0]
        self.number = self.order["orderId"]

    def items(self, order=None):
        rows = (order or self.order)["orderItems"]
        return tuple((row["orderItemId"], Decimal(row["quantityOrdered"])) for row in rows)

    def parcel(self, reference=1, tracking="00340434161094042557", **more):
        values = {
            "items": self.items(),
            "shipped_at": self.clock.moment - timedelta(hours=1),
            "carrier_name": "DHL Paket",
            **more,
        }
        return outbox.Parcel(reference, tracking=tracking, **values)

    def shipment(self, *parcels, number=None, **more):
        values = {"complete": True, "extra": {"marketplace": self.amazon.GERMANY}, **more}
        return outbox.Shipment(
            number or self.number,
            number or self.number,
            self.clock.moment - timedelta(hours=30),
            parcels,
            **values,
        )

    def ship(self, *parcels, **more):
        return self.account._channel_report_shipment(self.shipment(*parcels, **more))

    def ask(self, kind, receipt):
        """Ask until the job is done; return the last answer."""
        asked = 0
        while receipt.job:
            self.assertGreaterEqual(receipt.wait, 30)
            self.clock.sleep(receipt.wait)
            receipt = self.account._channel_ask_job(kind, dict(receipt.job))
            asked += 1
            self.assertLess(asked, 10)
        self.assertGreater(asked, 1)
        return receipt


@tagged("post_install", "-at_install")
class TestShipment(ReportCase):
    def test_one_parcel(self):
        receipt = self.ship(self.parcel())
        self.assertFalse(receipt.known or receipt.job)
        ((number, body),) = self.seller.confirmations
        self.assertEqual(number, self.number)
        self.assertEqual(body["packageDetail"]["packageReferenceId"], "1")
        self.assertEqual(body["packageDetail"]["carrierCode"], "DHL")
        self.assertEqual(self.order["fulfillment"]["fulfillmentStatus"], "SHIPPED")
        self.assertEqual(self.calls("getOrder"), 0)

    def test_a_second_parcel_tells_the_first_no_more(self):
        (item, _quantity), *_rest = self.items()
        self.order["orderItems"][0]["quantityOrdered"] = 2
        self.order["orderItems"][0]["fulfillment"]["quantityUnfulfilled"] = 2
        first = self.parcel(items=((item, Decimal(1)),))
        self.ship(first, complete=False)
        self.assertEqual(self.order["fulfillment"]["fulfillmentStatus"], "PARTIALLY_SHIPPED")
        second = self.parcel(
            2, "00340434161094042564", items=((item, Decimal(1)), *self.items()[1:])
        )
        self.ship(first, second)
        self.assertEqual(
            [body["packageDetail"]["packageReferenceId"] for _n, body in self.seller.confirmations],
            ["1", "2"],
        )
        self.assertEqual(self.order["fulfillment"]["fulfillmentStatus"], "SHIPPED")
        self.assertTrue(self.ship(first, second).known)
        self.assertEqual(len(self.seller.confirmations), 2)

    def test_an_answer_that_was_lost(self):
        """The parcel arrived at Amazon, its 204 did not arrive here: repeated, it is known."""
        self.seller.fail("lost", "shipmentConfirmation")
        with self.assertRaises(errors.Unavailable):
            self.ship(self.parcel())
        self.assertTrue(self.ship(self.parcel(), again=True).known)
        self.assertEqual(len(self.seller.confirmations), 1)

    def test_a_parcel_amazon_has_as_shipped_already(self):
        self.ship(self.parcel())
        self.order["packages"][0]["packageReferenceId"] = "7"
        self.assertTrue(self.ship(self.parcel()).known)

    def test_an_order_somebody_has_shipped_otherwise(self):
        self.ship(self.parcel())
        self.order["packages"][0]["packageReferenceId"] = "7"
        with self.assertRaisesRegex(errors.Rejected, "as shipped already"):
            self.ship(self.parcel(tracking="00340434161094099999"))

    def test_a_corrected_tracking_number_corrects_the_parcel(self):
        self.ship(self.parcel())
        self.ship(self.parcel(tracking="00340434161094042588"), again=True)
        (package,) = self.order["packages"]
        self.assertEqual(package["trackingNumber"], "00340434161094042588")

    def test_a_parcel_from_seller_central_keeps_its_number(self):
        """Amazon's parcel 1 is not ours: ours must not take its number and replace it."""
        (item, _quantity), *rest = self.items()
        row = self.order["orderItems"][0]
        row["quantityOrdered"] = 3
        row["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 3}
        self.ship(self.parcel(items=((item, Decimal(1)),), tracking="00340434161094011111"))
        ours = self.parcel(items=((item, Decimal(2)), *rest))
        self.ship(ours, extra={"marketplace": self.amazon.GERMANY, "packages": "1"})
        found = {row["packageReferenceId"]: row["trackingNumber"] for row in self.order["packages"]}
        self.assertEqual(found, {"1": "00340434161094011111", "2": "00340434161094042557"})
        self.assertTrue(self.ship(ours, again=True).known)

    def test_another_carrier_is_named(self):
        self.ship(self.parcel(carrier_name="Radkurier Nord", tracking="RK-2026-17"))
        detail = self.seller.confirmations[0][1]["packageDetail"]
        self.assertEqual(
            (detail["carrierCode"], detail["carrierName"]), ("Other", "Radkurier Nord")
        )

    def test_what_amazon_would_refuse_is_not_sent(self):
        for parcel in (
            self.parcel(carrier_name=""),
            self.parcel(carrier_name="", tracking=""),
            self.parcel(items=((self.items()[0][0], Decimal("0.5")),)),
        ):
            with self.assertRaises(errors.Rejected):
                self.ship(parcel)
        self.assertEqual(self.seller.confirmations, [])

    def test_a_letter_without_number_goes_as_a_file(self):
        """Amazon's call wants a number, its file does not; told twice it is known."""
        letter = self.parcel(tracking="", carrier_name="Deutsche Post Brief")
        receipt = self.ask("shipment", self.ship(letter))
        self.assertFalse(receipt.known)
        items = tuple((item, int(quantity)) for item, quantity in self.items())
        self.assertEqual(self.seller.untracked, [(self.number, "Deutsche Post", items)])
        self.assertEqual(self.order["fulfillment"]["fulfillmentStatus"], "SHIPPED")
        self.assertTrue(self.ship(letter, again=True).known)
        self.assertEqual(len(self.seller.feeds), 1)

    def test_a_letter_that_was_told_twice_at_once(self):
        letter = self.parcel(tracking="", carrier_name="Bote")
        first, second = self.ship(letter), self.ship(letter, again=True)
        self.assertFalse(self.ask("shipment", first).known)
        self.assertTrue(self.ask("shipment", second).known)
        self.assertEqual(len(self.seller.untracked), 1)

    def test_a_letter_needs_the_merchant_token(self):
        self.account.amazon_seller_id = False
        with self.assertRaisesRegex(errors.Rejected, "no tracking number"):
            self.ship(self.parcel(tracking="", carrier_name="Bote"))
        self.assertEqual(self.seller.feeds, {})

    def test_a_letter_that_amazon_refuses(self):
        receipt = self.ship(self.parcel(tracking="", carrier_name="Bote"))
        self.seller.cancel(self.number)
        with self.assertRaisesRegex(errors.Rejected, "shipped already"):
            self.ask("shipment", receipt)

    def test_a_parcel_and_a_letter(self):
        order = next(o for o in self.sell("plain", count=9, seed=5) if len(o["orderItems"]) > 1)
        self.number = order["orderId"]
        first, *rest = self.items(order)
        parcel = self.parcel(items=(first,))
        letter = self.parcel(2, "", items=tuple(rest))
        self.ask("shipment", self.ship(parcel, letter))
        self.assertEqual(order["fulfillment"]["fulfillmentStatus"], "SHIPPED")
        self.assertEqual(len(self.seller.confirmations), 1)
        self.assertEqual(len(self.seller.untracked), 1)

    def test_lines_that_are_no_articles_and_empty_parcels_are_left_out(self):
        items = (*self.items(), ("SHIPPING:19", Decimal(1)))
        self.ship(self.parcel(items=items), self.parcel(2, "00340434161094042564", items=()))
        ((_number, body),) = self.seller.confirmations
        self.assertEqual(
            {row["orderItemId"] for row in body["packageDetail"]["orderItems"]},
            {item for item, _quantity in self.items()},
        )

    def test_what_amazon_sends_itself_is_not_reported(self):
        receipt = self.ship(self.parcel(), extra={"fulfilled_by": "amazon"})
        self.assertTrue(receipt.known)
        self.assertEqual(self.seller.calls.total(), 0)

    def test_the_calls_stay_within_the_bucket(self):
        """30 shipments at once: no call is refused, and what has to wait says for how long."""
        orders = self.sell("plain", count=30, seed=9)
        told = 0
        for order in orders:
            number = order["orderId"]
            parcel = self.parcel(items=self.items(order))
            self.account._channel_report_shipment(self.shipment(parcel, number=number))
            told += 1
        self.assertEqual(told, 30)
        self.assertEqual(self.calls("confirmShipment throttled"), 0)
        self.assertGreaterEqual(self.clock.slept, (30 - 10) / 2)


@tagged("post_install", "-at_install")
class TestCancellation(ReportCase):
    def cancel(self, items=None, **more):
        return self.account._channel_report_cancellation(
            outbox.Cancellation(self.number, self.number, items or self.items(), **more)
        )

    def test_a_whole_order(self):
        receipt = self.cancel(reason="no_stock")
        self.assertTrue(receipt.job)
        receipt = self.ask("cancellation", receipt)
        self.assertFalse(receipt.known)
        self.assertEqual(self.seller.cancellations, [self.number])
        content = next(iter(self.seller.feeds.values())).document.content
        self.assertIn(b"<CancelReason>NoInventory", content)

    def test_an_article_of_several(self):
        order = next(o for o in self.sell("plain", count=9, seed=5) if len(o["orderItems"]) > 1)
        self.number = order["orderId"]
        items = self.items(order)[:1]
        self.assertTrue(self.cancel(items, whole=False, reason="buyer_request").job)
        content = next(iter(self.seller.feeds.values())).document.content
        self.assertIn(f"<AmazonOrderItemCode>{items[0][0]}<".encode(), content)
        self.assertEqual(content.count(b"<AmazonOrderItemCode>"), 1)

    def test_it_is_cancelled_already(self):
        self.seller.cancel(self.number)
        self.assertTrue(self.cancel(reason="buyer_request", again=True).known)
        self.assertEqual(self.calls("createFeed"), 0)

    def test_it_was_cancelled_meanwhile(self):
        receipt = self.cancel()
        self.seller.cancel(self.number)
        self.assertTrue(self.ask("cancellation", receipt).known)

    def test_it_is_shipped_already(self):
        receipt = self.cancel()
        self.seller.set_status(self.number, "SHIPPED")
        with self.assertRaisesRegex(errors.Rejected, "shipped already"):
            self.ask("cancellation", receipt)

    def test_some_pieces_of_an_article_cannot_be_cancelled(self):
        self.order["orderItems"][0]["quantityOrdered"] = 3
        items = ((self.items()[0][0], Decimal(1)),)
        with self.assertRaisesRegex(errors.Rejected, "all pieces"):
            self.cancel(items, whole=False)
        self.assertEqual(self.calls("createFeed"), 0)

    def test_a_job_that_is_not_known_any_more(self):
        for job in ({}, {"feed": {}}, {"feed": {"stage": 3, "nonsense": 1}}, {"feed": "x"}):
            with self.assertRaisesRegex(errors.Rejected, "not known any more"):
                self.account._channel_ask_job("cancellation", job)

    def test_a_file_that_amazon_gives_up(self):
        receipt = self.cancel()
        next(iter(self.seller.feeds.values())).kind = "SOMETHING"
        with self.assertRaisesRegex(errors.Rejected, "FATAL"):
            self.ask("cancellation", receipt)


@tagged("post_install", "-at_install")
class TestInvoice(ReportCase):
    def hand_in(self, **more):
        values = {"pdf": PDF, "credit_note": False, **more}
        invoice = outbox.InvoiceFile(
            self.number,
            self.number,
            "RE/2026/00017",
            total=Decimal("77.49"),
            tax=Decimal("12.37"),
            currency="EUR",
            **values,
        )
        return self.account._channel_report_invoice(invoice)

    def test_it_is_off_by_default(self):
        self.assertIn(INVOICES, self.account._channel_capabilities())
        self.assertFalse(self.account.report_invoices)

    def test_an_invoice_and_a_credit_note(self):
        for credit_note, kind in ((False, "Invoice"), (True, "CreditNote")):
            self.ask("invoice", self.hand_in(credit_note=credit_note))
            self.assertEqual(self.seller.invoices[-1]["metadata:documenttype"], kind)
        self.assertEqual(self.seller.invoices[0]["metadata:orderid"], self.number)

    def test_amazon_writes_the_invoices_itself(self):
        self.seller.own_invoices = True
        receipt = self.hand_in()
        with self.assertRaises(outbox.StopKind) as caught:
            self.ask("invoice", receipt)
        self.assertIn("Amazon writes the invoice", caught.exception.message)
        self.assertTrue(caught.exception.hint)

    def test_what_is_no_pdf_is_not_sent(self):
        with self.assertRaises(errors.Rejected):
            self.hand_in(pdf=b"<html>")
        self.assertEqual(self.seller.feeds, {})
