from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..lib.fetch import OrderFetcher
from .common import EbayCase


@tagged("post_install", "-at_install")
class TestFlow(EbayCase):
    """From eBay's API to sales orders."""

    def test_every_kind_of_order(self):
        """All kinds arrive with the buyer's total to the cent and treated as eBay says."""
        orders = self.sell(count=len(self.ebay.KINDS) + 20)
        inbox = self.poll().grouped("external_id")
        self.assertEqual(len(inbox), len(orders))
        for order in orders:
            found = inbox[order["orderId"]]
            sale = found.sale_order_id
            with self.subTest(order=order["orderId"], state=found.state):
                self.assertIn(found.state, ("imported", "ignored", "reserved"), found.last_error)
                if order["orderPaymentStatus"] == "PENDING":
                    self.assertEqual(found.state, "reserved")
                if found.state != "imported":
                    self.assertFalse(sale)
                    continue
                self.assertEqual(f"{sale.amount_total:.2f}", self._our_total(order))
                self.assertTrue(sale._is_paid())
                self.assertEqual(sale.automation_payment_method_id.code, "marketplace")
        self.assertFalse(self.account.last_error)

    def _our_total(self, order):
        """Return eBay's total without what eBay takes for the tax office."""
        taxes = sum(
            float(tax["amount"]["value"]) for line in order["lineItems"] for tax in line["taxes"]
        )
        return f"{float(order['pricingSummary']['total']['value']) - taxes:.2f}"

    def test_tax_that_ebay_collects(self):
        """Our sale is without tax; the customs get eBay's number."""
        sale = self.imported("collected")
        self.assertEqual(sale.amount_tax, 0)
        self.assertIn("IOSS IM2760000000", sale.shop_order_id.extra["collected_tax"])

    def test_twice(self):
        """Fetching again changes nothing: the overlap is read, nothing is imported again."""
        sales = self.imported("plain", "combined", "note")
        before = self.inbox().mapped("received")
        self.poll()
        self.assertEqual(self.inbox().sale_order_id, sales)
        self.assertEqual(self.inbox().mapped("received"), before)

    def test_buyers_note_is_text(self):
        sale = self.imported("note")
        order = self.shop.orders[sale.shop_order_id.external_id]
        self.assertEqual(sale.buyer_note, order["buyerCheckoutNotes"])

    def test_relay_address(self):
        """eBay's own address is nobody's name: two buyers are two customers."""
        first, second = self.imported("plain", "plain")
        self.assertNotEqual(first.partner_id, second.partner_id)
        self.assertTrue(first.partner_id.email.endswith("@members.ebay.com"))

    # -- payment and cancellation ------------------------------------------

    def test_paid_later(self):
        """An unpaid order keeps its goods free; the payment makes exactly one sale of it."""
        [order] = self.sell("pending")
        found = self.poll()
        self.assertEqual(found.state, "reserved")
        self.assertFalse(found.sale_order_id)
        self.assertEqual(
            sum(found.reservation_ids.mapped("quantity")),
            sum(line["quantity"] for line in order["lineItems"]),
        )
        order["orderPaymentStatus"] = "PAID"
        order["paymentSummary"]["payments"][0]["paymentStatus"] = "PAID"
        self.happen(lambda number: None, order)
        self.assertEqual(self.poll(), found)
        self.assertEqual(found.state, "imported")
        self.assertEqual(len(found.sale_order_ids), 1)
        self.assertFalse(found.reservation_ids)

    def test_buyer_asks_to_cancel(self):
        """The list does not tell who asks and why: the order is asked for, a person decides."""
        sale = self.imported("plain")
        [order] = self.shop.orders.values()
        self.happen(self.shop.ask_to_cancel, order)
        self.poll()
        case = self.cases(sale, "ebay:cancel") or self.cases(sale.shop_order_id, "ebay:cancel")
        self.assertTrue(case, self.env["automation.case"].search([]).mapped("code"))
        self.assertIn("Buyer", case.explanation + case.name)
        self.assertNotEqual(sale.state, "cancel")

    def test_cancelled_before_import(self):
        self.sell("cancelled")
        found = self.poll()
        self.assertIn(found.state, ("ignored", "cancelled"))
        self.assertFalse(found.sale_order_id)

    def test_cancelled_after_import(self):
        sale = self.imported("plain")
        [order] = self.shop.orders.values()
        self.happen(self.shop.cancel, order)
        self.poll()
        self.assertEqual(sale.state, "cancel")
        self.poll()
        self.assertEqual(len(self.inbox()), 1)

    def test_partly_refunded(self):
        """The amount is noted, no price changes."""
        sale = self.imported("partly_refunded")
        order = self.shop.orders[sale.shop_order_id.external_id]
        self.assertEqual(f"{sale.amount_total:.2f}", order["pricingSummary"]["total"]["value"])
        self.assertEqual(sale.shop_order_id.extra["refunded"], "2.00")

    def test_shipped_before_it_was_seen(self):
        sale = self.imported("old")
        self.assertFalse(sale.picking_ids.filtered(lambda one: one.state not in ("done", "cancel")))

    # -- pages -------------------------------------------------------------

    def test_pages_that_shift(self):
        """Orders change while pages are read: none is lost, none is there twice."""
        orders = self.sell(count=30, hours=20)
        changing = iter(orders[:6])

        def before(request):
            later = request.path.endswith("/order") and request.query.get("offset", "0") != "0"
            if later and (order := next(changing, None)):
                self.shop.touch(order["orderId"])

        self.shop.before = before
        with patch.object(OrderFetcher.__init__, "__defaults__", (10,)):
            inbox = self.poll()
        self.shop.before = None
        missing = {order["orderId"] for order in orders} - set(inbox.mapped("external_id"))
        self.assertLessEqual(missing, {order["orderId"] for order in orders[:6]})
        for order in orders[:6]:
            self.shop.touch(order["orderId"], self.shop.now() - timedelta(minutes=3))
        inbox = self.poll()
        self.assertEqual(sorted(inbox.mapped("external_id")), sorted(self.shop.orders))

    def test_missed_by_the_list_of_changes(self):
        """The daily sweep finds what the list left out, and it is counted."""
        lost, _seen = self.sell("plain", "plain")
        self.shop.invisible.add(lost["orderId"])
        self.assertEqual(len(self.poll()), 1)
        cursor = {**self.account.cursor, "swept": "2026-01-01T00:00:00.000Z"}
        self.account.cursor = cursor
        inbox = self.poll()
        self.assertEqual(len(inbox), 2)
        self.assertEqual(set(inbox.mapped("state")), {"imported"})
        self.assertEqual(self.account.missed_count, 1)

    # -- eBay fails --------------------------------------------------------

    def test_whatever_goes_wrong(self):
        """No failure loses an order, doubles one or moves the cursor past it."""
        for kind in ("error", "html", "maintenance", "half", "drop", "throttle"):
            with self.subTest(kind=kind):
                before = dict(self.account.cursor or {})
                self.sell("plain", first=20_000 + 10 * len(self.shop.orders), hours=10)
                fault = self.shop.fail(kind, "/order", times=50)
                known = len(self.inbox())
                self.fetch()
                self.assertEqual(len(self.inbox()), known)
                self.assertEqual(dict(self.account.cursor or {}), before)
                if kind != "throttle":
                    self.assertTrue(self.account.last_error)
                fault.times = 0
                self.assertEqual(len(self.poll()), len(self.shop.orders))
                self.assertFalse(self.account.last_error)
        self.assertEqual(set(self.inbox().mapped("state")), {"imported"})

    def test_token_ends_between_pages(self):
        """It is renewed once, no page is lost."""
        self.sell(count=25, hours=20)
        pages = []

        def before(request):
            if request.path.endswith("/order"):
                pages.append(request)
                if len(pages) == 2:
                    self.shop.tokens.expire()

        self.shop.before = before
        with patch.object(OrderFetcher.__init__, "__defaults__", (10,)):
            self.assertEqual(len(self.poll()), 25)
        self.assertFalse(self.account.last_error)

    def test_one_token_for_all(self):
        """Neither a second fetch nor the connection test asks for another token."""
        self.sell("plain")
        self.poll()
        issued = self.shop.tokens.issued
        self.poll()
        self.account.action_check()
        self.assertEqual(self.shop.tokens.issued, issued)

    def test_faulty_order_among_good_ones(self):
        """The others go on; it is mended at eBay and comes in."""
        _one, bad, _three = self.sell("plain", "plain", "plain")
        bad["lineItems"][0]["quantity"] = 0
        inbox = self.poll()
        self.assertEqual(inbox.mapped("state"), ["imported", "quarantined", "imported"])
        self.assertTrue(inbox[1].last_error and inbox[1].hint)
        bad["lineItems"][0]["quantity"] = 1
        inbox[1].action_fetch_again()
        self.assertEqual(self.poll()[1].state, "imported")

    def test_quota(self):
        """Close to the end of the day's calls nothing is fetched; the account has not failed."""
        self.sell("plain")
        self.shop.limits["fulfillment"] = 40
        self.assertFalse(self.poll())
        self.assertFalse(self.account.last_error)
        self.assertTrue(self.account.next_try)
        self.assertLess(self.shop.used["fulfillment"], 40)

    def test_blanks_overwrite_nothing(self):
        """After 90 days eBay withholds names and streets: what is known stays."""
        sale = self.imported("plain")
        name, street = sale.partner_shipping_id.name, sale.partner_shipping_id.street
        [order] = self.shop.orders.values()
        contact = order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]
        contact.pop("fullName")
        contact.pop("email")
        contact["contactAddress"] = {"countryCode": "DE", "postalCode": "10115"}
        order["buyer"].pop("buyerRegistrationAddress")
        self.happen(lambda number: None, order)
        self.poll()
        self.assertEqual(sale.partner_shipping_id.name, name)
        self.assertEqual(sale.partner_shipping_id.street, street)
