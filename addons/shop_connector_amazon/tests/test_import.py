from collections import Counter
from datetime import UTC, timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.shop_connector.lib.channel import CUSTOMER_MAILS

from ..lib import const
from ..lib.orders import stamp
from .common import AmazonCase

MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestTreatments(AmazonCase):
    """What becomes of orders, by what they are at Amazon."""

    def test_every_kind(self):
        self.sell(*self.amazon.KINDS)
        found = {record.external_id: record for record in self.poll()}
        states = {
            kind: found[f"302-0000003-{index:07d}"].state
            for index, kind in enumerate(self.amazon.KINDS, 1)
            if f"302-0000003-{index:07d}" in found
        }
        wanted = dict.fromkeys(self.amazon.KINDS, "imported")
        wanted |= {"pending": "reserved", "cancelled": "ignored"}
        del wanted["marketplace_tax"]  # sold in France, where this account does not look
        self.assertEqual(states, wanted)

    def test_amounts_reach_amazons_total(self):
        """Gross, gross with the tax stated, discounts, net where Amazon pays the tax."""
        self.account.amazon_marketplace_ids |= self.env.ref("shop_connector_amazon.marketplace_fr")
        kinds = ("plain", "taxed", "discount", "gift", "marketplace_tax")
        self.sell(*kinds, count=15)
        for record in self.poll():
            sale = record.sale_order_id
            self.assertEqual(record.state, "imported", record.last_error)
            total = self.seller.orders[record.external_id]["proceeds"]["grandTotal"]["amount"]
            if sale.fiscal_position_id == self.account.marketplace_position_id:
                self.assertEqual(sale.amount_tax, 0)
                total = record.extra["buyer_total"]
                paid = self.seller.orders[record.external_id]["orderItems"]
                taxes = sum(
                    float(part["subtotal"]["amount"])
                    for item in paid
                    for part in item["proceeds"]["breakdowns"]
                    if part["type"] == "TAX"
                )
                self.assertAlmostEqual(sale.amount_total + taxes, float(total), 2)
            else:
                self.assertAlmostEqual(sale.amount_total, float(total), 2)
                self.assertGreater(sale.amount_tax, 0)
            self.assertFalse(self.cases(sale, "shop:total"), record.external_id)

    def test_amounts_that_do_not_add_up_are_held(self):
        order = self.sell("plain")[0]
        order["proceeds"]["grandTotal"]["amount"] = "1.00"
        record = self.poll()
        self.assertEqual(record.state, "imported")
        self.assertTrue(self.cases(record.sale_order_id, "amazon:total"))

    def test_pending_keeps_stock_and_becomes_exactly_one_order(self):
        order = self.sell("pending")[0]
        number = order["orderId"]
        record = self.poll()
        self.assertEqual(record.state, "reserved")
        self.assertFalse(record.sale_order_id)
        kept = self.env["shop.reservation"].search([("shop_order_id", "=", record.id)])
        self.assertEqual(
            {row.sku: row.quantity for row in kept},
            {i["product"]["sellerSku"]: i["quantityOrdered"] for i in order["orderItems"]},
        )
        paid = self.amazon.generate_orders(1, 3, start=self.clock.moment, kinds=["plain"])[0]
        self.seller.orders[number].update({**paid, "orderId": number})
        for item in self.seller.orders[number]["orderItems"]:
            item["product"].setdefault("sellerSku", "ART-1001")
        self.seller.touch(number)
        for _poll in range(3):
            self.assertEqual(self.poll(), record)
        self.assertEqual(len(record.sale_order_ids), 1)
        self.assertFalse(kept.exists())
        self.assertGreater(record.sale_order_id.amount_total, 0)

    def test_pending_that_is_cancelled_keeps_nothing(self):
        number = self.sell("pending")[0]["orderId"]
        record = self.poll()
        self.seller.cancel(number)
        self.poll()
        self.assertEqual(record.state, "ignored")
        self.assertFalse(self.env["shop.reservation"].search([("shop_order_id", "=", record.id)]))

    def test_amazons_own_logistics(self):
        """Nothing while it is on its way; then sold from Amazon's warehouse."""
        warehouse = self.env["stock.warehouse"].create({"name": "Amazon FBA", "code": "FBA"})
        self.account.channel_warehouse_id = warehouse
        order = self.sell("fba")[0]
        order["fulfillment"]["fulfillmentStatus"] = "UNSHIPPED"
        record = self.poll()
        self.assertEqual(record.state, "ignored")
        self.seller.set_status(order["orderId"], "SHIPPED")
        self.poll()
        sale = record.sale_order_id
        self.assertEqual(record.state, "imported")
        self.assertEqual(sale.warehouse_id, warehouse)
        self.assertEqual(sale.partner_id.name, f"Amazon {order['orderId']}")
        sale.action_confirm()
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"done"})
        self.assertFalse(
            self.env["shop.message"].search([("sale_order_id", "=", sale.id)]),
            "what Amazon sends itself is not reported",
        )

    def test_shipped_before_it_was_seen(self):
        order = self.sell("plain")[0]
        for item in order["orderItems"]:
            item["fulfillment"] = {
                "quantityFulfilled": item["quantityOrdered"],
                "quantityUnfulfilled": 0,
            }
        self.seller.set_status(order["orderId"], "SHIPPED")
        sale = self.poll().sale_order_id
        self.assertTrue(sale.shop_gone)
        sale.action_confirm()
        self.assertFalse(sale.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")))

    def test_partly_shipped_elsewhere(self):
        order = self.sell("plain")[0]
        item = order["orderItems"][0]
        item["quantityOrdered"] = 3
        item["fulfillment"] = {"quantityFulfilled": 1, "quantityUnfulfilled": 2}
        for part in (item["proceeds"]["breakdowns"][0]["subtotal"],):
            part["amount"] = str(float(item["product"]["price"]["unitPrice"]["amount"]) * 3)
        self.amazon.generator.settle(order)
        self.seller.set_status(order["orderId"], "PARTIALLY_SHIPPED")
        sale = self.poll().sale_order_id
        sale.action_confirm()
        line = sale.order_line.filtered(lambda row: row.shop_line_id == item["orderItemId"])
        open_moves = line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        self.assertEqual(sum(open_moves.mapped("product_uom_qty")), 2)

    def test_a_replacement_belongs_to_its_original(self):
        original = self.sell("plain", seed=1)[0]
        original["orderId"] = "302-0000001-0000001"
        self.sell("replacement", seed=4)
        records = self.poll()
        replacement = records.filtered("replaces").sale_order_id
        self.assertEqual(
            replacement.shop_original_id.shop_order_id.external_id, original["orderId"]
        )
        self.assertEqual(replacement.amount_total, 0)

    def test_a_buyer_who_wants_to_cancel_is_a_persons_business(self):
        number = self.sell("plain")[0]["orderId"]
        record = self.poll()
        self.seller.ask_to_cancel(number, "Versehentlich bestellt")
        self.poll()
        sale = record.sale_order_id
        self.assertNotEqual(sale.state, "cancel")
        case = self.cases(sale, "amazon:cancel_request")
        self.assertIn("Versehentlich bestellt", case.name)
        self.seller.cancel(number)
        self.poll()
        self.assertEqual(record.state, "cancelled")
        self.assertEqual(sale.state, "cancel")

    def test_cancelled_after_release_and_after_shipping(self):
        """A released order asks once; shipped goods are never taken back by themselves."""
        number = self.sell("plain")[0]["orderId"]
        record = self.poll()
        sale = record.sale_order_id
        sale.action_confirm()
        self.seller.cancel(number)
        for _poll in range(2):
            self.poll()
        self.assertEqual(sale.state, "sale")
        self.assertEqual(len(self.cases(sale, "shop:cancelled")), 1)

    def test_an_article_is_cancelled(self):
        order = next(o for o in self.sell("plain", count=9, seed=5) if len(o["orderItems"]) > 1)
        records = self.poll()
        record = records.filtered(lambda row: row.external_id == order["orderId"])
        before = record.sale_order_id.amount_total
        self.seller.cancel(order["orderId"], items=[order["orderItems"][0]["orderItemId"]])
        self.poll()
        after = record.sale_order_id
        self.assertLess(after.amount_total, before)
        self.assertAlmostEqual(
            after.amount_total, float(order["proceeds"]["grandTotal"]["amount"]), 2
        )

    def test_what_amazon_does_not_show_any_more_blanks_nothing(self):
        order = self.sell("plain")[0]
        record = self.poll()
        partner = record.sale_order_id.partner_shipping_id
        street, phone = partner.street, partner.phone
        self.assertTrue(street and phone)
        del order["recipient"], order["buyer"]
        self.seller.touch(order["orderId"])
        self.poll()
        self.assertEqual((partner.street, partner.phone), (street, phone))
        self.assertEqual(record.sale_order_id.partner_shipping_id, partner)

    def test_an_order_without_address_is_held(self):
        order = self.sell("plain")[0]
        del order["recipient"]
        sale = self.poll().sale_order_id
        self.assertIn("role", self.cases(sale, "amazon:address").explanation)

    def test_an_unknown_sku_is_held_and_the_others_go_on(self):
        self.sell("plain", "no_sku", "plain")
        records = self.poll()
        self.assertEqual(set(records.mapped("state")), {"imported"})
        unknown = records.sale_order_ids.order_line.filtered("unknown_sku")
        self.assertEqual(unknown.product_id, self.account.unknown_product_id)
        self.assertEqual(len(unknown), 1)

    def test_a_new_status_is_held_with_its_name(self):
        order = self.sell("plain")[0]
        order["fulfillment"]["fulfillmentStatus"] = "UNFULFILLABLE"
        sale = self.poll().sale_order_id
        self.assertIn("cannot deliver", self.cases(sale, "amazon:status").name)

    def test_business_prime_and_lockers(self):
        self.sell("business", "prime", "locker", "gift")
        business, prime, locker, gift = (
            self.poll()
            .sale_order_id.sorted("shop_order_id")[::-1]
            .sorted(lambda sale: sale.shop_order_id.number)
        )
        self.assertEqual(business.partner_id.vat, "DE136695976")
        self.assertTrue(business.partner_id.is_company)
        self.assertTrue(prime.shop_hurry)
        self.assertIn("Packstation", locker.partner_shipping_id.street)
        self.assertIn("Alles Gute", "".join(gift.order_line.mapped("name")))

    def test_the_day_to_ship_by_is_a_german_day(self):
        """Amazon says 22:59:59 UTC and means the end of the day in Germany."""
        order = self.sell("plain")[0]
        order["fulfillment"]["shipByWindow"]["latestDateTime"] = "2026-11-25T22:59:59.000Z"
        sale = self.poll().sale_order_id
        self.assertEqual(str(sale.commitment_date), "2026-11-25 22:59:59")
        there = fields.Datetime.context_timestamp(
            sale.with_context(tz="Europe/Berlin"), sale.commitment_date
        )
        self.assertEqual(there.strftime("%d. %H:%M"), "25. 23:59")

    def test_no_mail_of_ours_goes_to_amazons_buyers(self):
        self.assertNotIn(CUSTOMER_MAILS, self.account._channel_capabilities())
        self.sell("plain")
        sale = self.poll().sale_order_id
        self.assertIn("@marketplace.amazon.de", sale.partner_id.email)
        sale.action_confirm()
        mails = self.env["automation.mail"].search([("order_id", "=", sale.id)])
        self.assertFalse(mails.filtered(lambda mail: mail.state in ("sent", "pending")))


@tagged("post_install", "-at_install")
class TestFetching(AmazonCase):
    """No order is lost or doubled, whatever goes wrong on the way."""

    def numbers(self):
        return set(self.inbox().mapped("external_id"))

    def fill(self, count, **more):
        return {order["orderId"] for order in self.sell("plain", count=count, **more)}

    def assert_inbox(self, wanted):
        """The inbox has these orders and no others."""
        found = self.numbers()
        self.assertEqual((len(found), len(wanted - found)), (len(wanted), 0))

    def test_the_same_twice_is_once(self):
        wanted = self.fill(5)
        self.poll()
        self.account.cursor = False
        records = self.poll()
        self.assertEqual(set(records.mapped("external_id")), wanted)
        self.assertEqual(len(records.sale_order_ids), 5)

    def test_300_orders_within_the_bucket(self):
        """Calls left: two. The run ends by itself, the next ones go on, Amazon refuses none."""
        wanted = self.fill(300, every=MINUTE, hours=40)
        rate = const.SEARCH_ORDERS.rate
        now = self.clock()
        self.account._memory_change(
            f"bucket:{const.SEARCH_ORDERS.name}",
            lambda _known: {"tokens": 2.0, "at": now, "rate": rate},
        )
        self.seller.buckets[const.SEARCH_ORDERS.name] = (2.0, now)
        self.fetch()
        self.assertEqual(self.calls("searchOrders"), 2)
        self.assertTrue(self.numbers() < wanted)
        self.assertTrue(self.account.next_try, "it says when it goes on")
        self.assertEqual(self.account.attempts, 0, "throttled is no failure")
        self.assertFalse(self.cases(self.account))
        for _run in range(4):
            self.clock.sleep(200)
            self.fetch()
        self.assert_inbox(wanted)
        self.assertEqual(self.calls("searchOrders throttled"), 0)

    def test_a_bucket_that_was_thought_fuller(self):
        """429 without the header: nothing is hammered, and nothing is lost."""
        wanted = self.fill(3)
        self.seller.fail("throttle", "/orders/")
        self.fetch()
        self.assertEqual(self.numbers(), set())
        self.assertTrue(self.account.next_try)
        self.fetch()  # too early: the bucket is known to be empty
        self.assertEqual(self.calls("searchOrders"), 0, "the server has not been asked again")
        self.clock.sleep(200)
        self.fetch()
        self.assert_inbox(wanted)

    def test_a_token_that_ends_between_pages(self):
        wanted = self.fill(150, every=MINUTE)
        self.seller.fail("expired", "/orders/", skip=1)
        self.fetch()
        self.assert_inbox(wanted)
        self.assertEqual(self.calls("token"), 2)
        self.clock.sleep(600)
        self.fetch()
        self.assertEqual(self.calls("token"), 2, "the token is kept for the next run")

    def test_another_login_does_not_meet_the_old_token(self):
        self.fetch()
        self.seller.client_secret = "another"
        self.account.amazon_client_secret = "another"
        self.clock.sleep(300)
        self.fetch()
        self.assertEqual(self.calls("token"), 2)

    def test_trouble_moves_nothing(self):
        wanted = self.fill(120, every=MINUTE)
        begin = stamp(self.account.import_from.replace(tzinfo=UTC))
        for kind in ("error", "html", "half", "invalid"):
            with self.subTest(kind=kind):
                self.seller.fail(kind, "/orders/", times=3)
                self.fetch()
                self.assertTrue(self.account.last_error, kind)
                since = (self.account.cursor or {}).get("since", begin)
                self.assertEqual(since, begin, kind)
                self.seller.faults.clear()
                self.clock.sleep(600)
        self.fetch()
        self.assert_inbox(wanted)
        self.assertFalse(self.account.last_error)

    def test_pages_that_shift_and_orders_the_search_hides(self):
        wanted = self.fill(150, every=MINUTE, hours=20)
        self.seller.shifting_pages = True
        self.seller.hidden = {min(wanted)}
        self.fetch()
        self.assert_inbox(wanted - self.seller.hidden)
        self.clock.sleep(86_400)
        for _poll in range(4):
            self.clock.sleep(600)
            self.fetch()
        self.assert_inbox(wanted)
        self.assertEqual(self.account.missed_count, 1, "the slow search says what it found")
        self.assertTrue(self.account.last_sweep)

    def test_a_page_token_amazon_has_forgotten(self):
        wanted = self.fill(150, every=MINUTE)
        self.seller.fail("drop", "/orders/", skip=1, times=3)
        self.fetch()
        self.assertEqual(len(self.numbers()), 100)
        self.seller.faults.clear()
        self.seller.pages.clear()
        self.clock.sleep(600)
        self.fetch()
        self.assert_inbox(wanted)

    def test_one_faulty_order_in_the_middle(self):
        wanted = sorted(self.fill(9))
        self.seller.orders[wanted[4]]["orderItems"][0]["product"]["sellerSku"] = "x" * 40
        del self.seller.orders[wanted[5]]["orderItems"][0]["proceeds"]
        del self.seller.orders[wanted[5]]["proceeds"]
        del self.seller.orders[wanted[5]]["orderItems"][0]["product"]["price"]
        records = self.poll()
        count = Counter(records.mapped("state"))
        self.assertEqual(count["imported"] + count["quarantined"], 9)
        self.assertGreaterEqual(count["imported"], 8)
        calls = self.calls("searchOrders")
        self.poll()
        self.assertEqual(self.calls("searchOrders"), calls + 1, "the cursor has moved on")

    def test_without_the_role_for_taxes_orders_come_in(self):
        wanted = self.fill(3)
        self.seller.denied_data = {"TAX"}
        self.fetch()
        self.assert_inbox(wanted)

    def test_without_the_role_for_orders_the_account_says_so(self):
        self.seller.denied = {"searchOrders"}
        self.fetch()
        self.assertIn("does not allow the application to read orders", self.account.last_error)
        self.assertTrue(self.cases(self.account))

    def test_a_revoked_authorisation(self):
        self.seller.refresh_token = "Atzr|another"
        self.fetch()
        self.assertIn("no longer accepts the authorisation", self.account.last_error)
        self.assertNotIn("Atzr", self.account.last_error)

    def test_one_order_again(self):
        order = self.sell("plain")[0]
        record = self.poll()
        self.seller.touch(order["orderId"])["orderItems"][0]["product"]["title"] = "Neu"
        record.action_fetch_again()
        self.assertIn("Neu", record.payload)
