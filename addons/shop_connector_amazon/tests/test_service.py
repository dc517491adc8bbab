from datetime import timedelta
from decimal import Decimal

from odoo.tests import HttpCase, tagged

from odoo.addons.automation_core.lib import errors

from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestSettlements(AmazonCase):
    """For the matching of payments: every settlement once, to the cent, with its file."""

    def settle(self, name, days=1.0, **more):
        orders = self.amazon.generate_orders(4, len(name), kinds=["plain", "gift"])
        made = self.clock.moment - timedelta(days=days)
        content = self.amazon.settlement(
            name, orders, start=made - timedelta(days=14), end=made, **more
        )
        self.seller.settlements.append((name, made, content))
        return orders

    def fetch_all(self, cursor=None):
        found, cursor = [], cursor or {}
        for _page in range(20):
            page = self.account._channel_fetch_settlements(cursor)
            found += page.files
            cursor = dict(page.cursor)
            if not page.more:
                return found, cursor
            self.clock.sleep(120)
        raise AssertionError("endless")

    def test_what_was_paid_out(self):
        orders = self.settle("1948231")
        (file,), _cursor = self.fetch_all()
        settlement = file.settlement
        self.assertEqual(settlement.settlement_id, "1948231")
        self.assertEqual(sum(row.amount for row in settlement.rows), settlement.total)
        money = {row.order_id: row for row in settlement.orders()}
        for order in orders:
            paid = Decimal(order["proceeds"]["grandTotal"]["amount"])
            self.assertEqual(money[order["orderId"]].gross, paid)
            self.assertLess(money[order["orderId"]].fees, 0)
        self.assertIn(b"settlement-id", file.content)

    def test_each_once(self):
        for index in range(12):
            self.settle(f"S{index}", days=60 - index * 5)
        found, cursor = self.fetch_all()
        self.assertEqual([file.settlement.settlement_id for file in found][:2], ["S0", "S1"])
        self.assertEqual(len(found), 12)
        self.assertEqual(self.fetch_all(cursor)[0], [])
        self.settle("NEW", days=0)
        found, _cursor = self.fetch_all(cursor)
        self.assertEqual([file.settlement.settlement_id for file in found], ["NEW"])

    def test_one_that_does_not_add_up_is_handed_over_unread(self):
        self.settle("BAD")
        name, made, content = self.seller.settlements.pop()
        self.seller.settlements.append((name, made, content.replace(b"-39,00", b"-39,01", 1)))
        self.settle("GOOD", german=False)
        found, _cursor = self.fetch_all()
        bad = next(file for file in found if not file.settlement)
        self.assertIn("does not add up", bad.problem)
        self.assertTrue(bad.hint and bad.content)
        self.assertEqual(len(found), 2)

    def test_without_the_right(self):
        self.seller.denied = {"getReports"}
        with self.assertRaisesRegex(errors.AccessDenied, "read settlements"):
            self.fetch_all()


@tagged("post_install", "-at_install")
class TestReviews(AmazonCase):
    def ask(self, **more):
        return self.account._channel_request_review(self.number, **more)

    def test_once_and_only_while_amazon_offers_it(self):
        self.number = self.sell("plain")[0]["orderId"]
        receipt = self.ask(extra={"marketplace": self.amazon.GERMANY})
        self.assertTrue(receipt.known)
        self.assertIn("does not offer", receipt.text)
        self.seller.set_status(self.number, "SHIPPED")
        self.assertFalse(self.ask().known)
        self.assertTrue(self.ask().known)
        self.assertEqual(self.seller.solicited, [self.number])

    def test_without_the_right(self):
        self.number = self.sell("plain")[0]["orderId"]
        self.seller.denied = {"getSolicitationActionsForOrder"}
        with self.assertRaisesRegex(errors.AccessDenied, "ask for reviews"):
            self.ask(extra={"marketplace": self.amazon.GERMANY})


@tagged("post_install", "-at_install")
class TestNotify(HttpCase):
    """The address for notifications: a key, a limit, and nothing is believed."""

    def test_the_address(self):
        account = self.env["shop.account"].create(
            {"name": "Amazon", "channel": "amazon", "live": True, "poll_minutes": 60}
        )
        account.action_amazon_push()
        account.write({"next_poll": "2100-01-01 00:00:00", "last_poll": False})
        self.env.flush_all()
        path = account.amazon_push_url.removeprefix(account.get_base_url())
        body = b'{"notificationType": "ORDER_CHANGE"}'

        def post(path, data):
            return self.opener.post(self.base_url() + path, data=data, timeout=10).status_code

        self.assertEqual(post(path + "x", body), 404)
        self.assertEqual(post("/shop_connector_amazon/notify/False", body), 404)
        self.assertEqual(post(path, b"x" * 300_000), 413)
        self.assertEqual(post(path, b""), 413)
        self.assertEqual(post(path, b"\xff{"), 204)
        self.env.invalidate_all()
        self.assertEqual(account.next_poll.year, 2100)
        self.assertEqual(post(path, body), 204)
        self.env.invalidate_all()
        self.assertLess(account.next_poll.year, 2100)
