from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import GambioCase


@tagged("post_install", "-at_install")
class TestFlow(GambioCase):
    """From the shop's API to sales orders."""

    def test_every_kind_of_order(self):
        """All kinds arrive with the shop's total to the cent; only documented calls are made."""
        orders = self.sell(count=40)
        inbox = self.poll()
        self.assertEqual(inbox.mapped("number"), [str(order["id"]) for order in orders])
        self.assertEqual(
            set(inbox.mapped("state")), {"imported", "ignored"}, inbox.mapped("last_error")
        )
        for shop_order, order in zip(inbox, orders, strict=True):
            if order["statusId"] == 99:
                self.assertFalse(shop_order.sale_order_id)
                continue
            total = next(row["value"] for row in order["totals"] if row["class"] == "ot_total")
            sale = shop_order.sale_order_id
            self.assertEqual(sale.currency_id.compare_amounts(sale.amount_total, total), 0, order)
            self.assertEqual(sale.partner_id.email, order["customer"]["email"])
        self.assertFalse(self.shop.violations)
        self.assertFalse(self.account.last_error)

    def test_net_order(self):
        self.sell("b2b_net")
        sale = self.poll().sale_order_id
        line = sale.order_line.filtered(lambda line: line.product_id.default_code == "KERZE-01")[:1]
        self.assertFalse(any(sale.order_line.tax_ids.mapped("price_include")))
        self.assertTrue(sale.partner_id.commercial_partner_id.vat)
        self.assertTrue(line or sale.order_line)

    def test_payment(self):
        """What was paid at once is paid, prepayment waits."""
        self.sell("paypal", "prepayment", "invoice", "cod")
        sales = self.poll().sale_order_id.sorted("name")
        kinds = [sale.automation_payment_method_id.code for sale in sales]
        self.assertEqual(kinds, ["paypal", "prepayment", "invoice", "cod"])
        self.assertEqual([sale._is_paid() for sale in sales], [True, False, False, False])

    def test_twice(self):
        """Fetching again changes nothing; a new status is followed."""
        self.sell("paypal", "note")
        first = self.poll()
        sales = first.sale_order_id
        self.assertEqual(len(sales), 2)
        self.assertEqual(self.poll(), first)
        self.assertEqual(first.sale_order_id, sales)
        self.shop.set_status(int(first[0].number), 99)
        self.assertEqual(self.poll(), first)
        self.assertEqual(first[0].state, "cancelled")
        self.assertEqual(first[1].state, "imported")

    def test_unconfirmed_payment(self):
        """A buyer not yet back from the provider has not paid; the confirmation is followed."""
        number = self.sell("paypal")[0]["id"]
        self.shop.orders[number]["statusId"] = 0
        sale = self.poll().sale_order_id
        self.assertFalse(sale._is_paid())
        self.shop.set_status(number, 1)
        self.poll()
        self.assertTrue(sale._is_paid())

    def test_prepayment_marked_as_paid_in_the_shop(self):
        number = self.sell("prepayment")[0]["id"]
        sale = self.poll().sale_order_id
        self.assertFalse(sale._is_paid())
        names = {**self.gambio.orders.STATUSES, 5: ("Paid", "Bezahlt")}
        with patch.dict(self.gambio.orders.STATUSES, names):
            self.shop.set_status(number, 5)
            self.poll()
        self.assertTrue(sale._is_paid())

    def test_buyers_note(self):
        order = self.sell("note")[0]
        self.assertEqual(self.poll().sale_order_id.buyer_note, order["comment"])

    # -- the shop fails ----------------------------------------------------

    def test_refused(self):
        """A wrong password is told on the account, nothing is lost once it is mended."""
        self.sell("paypal")
        self.account.gambio_password = "old"
        self.assertFalse(self.poll())
        self.assertIn("does not accept the login", self.account.last_error)
        self.assertTrue(self.cases(self.account))
        self.assertNotIn("old", self.account.last_error)
        self.account.gambio_password = self.shop.password
        self.assertEqual(self.poll().state, "imported")
        self.assertFalse(self.account.last_error)

    def test_no_answer(self):
        """A shop that does not answer is asked again later."""
        self.sell("paypal")
        fault = self.shop.fail("hang", "orders", times=9, seconds=2)
        self.assertFalse(self.poll())
        self.assertIn("did not answer in time", self.account.last_error)
        self.assertFalse(self.account.cursor)
        fault.times = 0
        self.assertEqual(self.poll().state, "imported")

    def test_one_order_fails(self):
        """The others go on; the failed one is shown and comes by itself with the next fetch."""
        orders = self.sell("paypal", "paypal", "paypal")
        self.shop.fail("html", f"orders/{orders[1]['id']}")
        inbox = self.poll()
        self.assertEqual(inbox.mapped("state"), ["imported", "quarantined", "imported"])
        self.assertIn("JSON", inbox[1].last_error)
        self.assertEqual(self.poll().mapped("state"), ["imported"] * 3)
        self.assertFalse(self.cases(inbox[1]))

    def test_bad_order_is_mended_in_the_shop(self):
        """Quarantined with a sentence, fetched again and imported after it was mended."""
        number = self.sell("paypal", "paypal")[0]["id"]
        self.shop.orders[number]["items"][0]["quantity"] = -3
        inbox = self.poll()
        self.assertEqual(inbox.mapped("state"), ["quarantined", "imported"])
        self.assertEqual(
            inbox[0].last_error, f"Order {number}, line 1 has a quantity that is not above zero."
        )
        self.assertEqual(inbox[0].error_path, "order.items[0].quantity")
        self.assertTrue(inbox[0].payload)
        self.shop.orders[number]["items"][0]["quantity"] = 1
        inbox[0].action_fetch_again()
        self.assertEqual(self.poll().mapped("state"), ["imported", "imported"])

    def test_nonsense_of_all_sorts(self):
        """Whatever comes is put aside with a sentence; the good order behind it is imported."""
        orders = self.sell(*["paypal"] * 8)
        odd = [order["id"] for order in orders]
        self.shop.orders[odd[0]]["comment"] = "x" * 10_000_000
        self.shop.orders[odd[1]]["addresses"]["billing"]["countryId"] = 4711
        self.shop.orders[odd[2]]["currencyCode"] = "XXZ"
        self.shop.orders[odd[3]]["items"] = "none"
        self.shop.orders[odd[4]]["purchaseDate"] = "2026-11-31 10:00:00"
        self.shop.orders[odd[5]]["totals"][-1]["value"] = float("inf")
        self.shop.orders[odd[6]]["addresses"]["billing"]["lastname"] = "Zoë\x00\u202e🙂 שלום"
        self.shop.orders[odd[6]]["addresses"]["delivery"]["lastname"] = "Zoë\x00\u202e🙂 שלום"
        with mute_logger("odoo.addons.shop_connector.models.shop_order_interpret"):
            inbox = self.poll()
        self.assertEqual(inbox.mapped("state"), ["quarantined"] * 6 + ["imported"] * 2)
        for record in inbox[:6]:
            self.assertTrue(record.last_error, record.number)
            self.assertTrue(self.cases(record))
        self.assertIn("🙂", inbox[6].sale_order_id.partner_id.name)
        self.assertNotIn("\u202e", inbox[6].sale_order_id.partner_id.name)
