import logging
from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.tests.common import LoopbackCase, servers
from odoo.addons.shop_connector.lib import channel as seam
from odoo.addons.shop_connector.lib import outbox
from odoo.addons.shop_connector.tests.common import ShopCase


def fake_yatego():
    """Return the module that plays the marketplace."""
    return servers("yatego")


@tagged("post_install", "-at_install")
class TestYatego(LoopbackCase, ShopCase):
    @classmethod
    def _patch_channel(cls):
        """Override to talk to a server instead of patching the hooks."""
        cls.yatego = fake_yatego()
        cls.shop = cls.yatego.Shop()
        cls.server = cls.yatego.YategoServer(cls.shop).start()
        cls.addClassCleanup(cls.server.stop)

    @classmethod
    def _account(cls, company, **vals):
        cls.place = cls.env["file.transport"].create(
            {
                "name": "Yatego",
                "kind": "http",
                "url": f"{cls.server.url}/admin/modules/yatego/",
                "auth": "none",
                "user": cls.shop.user,
                "password": cls.shop.password,
            }
        )
        return cls.env["shop.account"].create(
            {
                "name": "Yatego",
                "channel": "file",
                "feed_profile": "yatego",
                "feed_place_id": cls.place.id,
                "feed_back": "place",
                "feed_back_place_id": cls.place.id,
                "company_id": company.id,
                "live": True,
                "import_from": fields.Datetime.now() - timedelta(days=3),
            }
        )

    def setUp(self):
        super().setUp()
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.shop.orders = self.yatego.generate_orders(5, 7, start=yesterday)
        self.shop.faults.clear()
        self.shop.violations.clear()
        self.shop.asked.clear()
        self.addCleanup(lambda: self.assertEqual(self.shop.violations, []))

    def poll(self):
        self.account.write({"next_poll": False, "next_try": False})
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_poll").method_direct_trigger()
            self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["shop.order"].search([("account_id", "=", self.account.id)], order="id")

    def test_the_profile_fills_the_account(self):
        self.assertEqual(self.account.feed_source, "place")
        self.assertIn("csv_order", self.account.feed_heads)
        self.assertEqual(self.account.feed_layout, "joined")
        words = self.account._channel_capabilities()
        self.assertIn(seam.SINGLE_ORDER, words)
        self.assertIn(seam.STOCK, words)
        self.assertNotIn(seam.SHIPMENTS, words)
        codes = self.account.payment_map_ids.mapped("pattern")
        self.assertIn("prepayment", codes)

    def test_orders_come_in_once(self):
        orders = self.poll()
        self.assertEqual(set(orders.mapped("state")), {"imported"}, orders.mapped("last_error"))
        self.assertEqual(len(orders), 5)
        self.assertTrue(all(number.startswith("YAT-") for number in orders.mapped("number")))
        for order in orders:
            sale = order.sale_order_id
            self.assertFalse(self.cases(sale, "shop:total"))
        self.assertEqual(len(self.poll()), 5)

    def test_one_order_again(self):
        order = self.poll()[0]
        order.action_fetch_again()
        self.assertEqual(self.shop.asked[-1][1:], (order.external_id, order.external_id))

    def test_a_wrong_login_is_said(self):
        self.place.password = "wr0ng"
        self.account.action_check()
        self.assertIn("login is wrong", self.account.check_result)
        self.assertFalse(self.poll())
        self.assertIn("login is wrong", self.account.last_error)

    def test_the_check_counts_orders(self):
        self.account.action_check()
        self.assertIn("5 orders in the last days", self.account.check_result)

    def test_stock_goes_as_its_own_file_and_deletes_nothing(self):
        self.shop.articles["OLD"] = {}
        changes = [
            outbox.StockChange(1, "TEE-100", 5),
            outbox.StockChange(2, "SOFA", -3),
            outbox.StockChange(3, "LAMPE", 4, "delisted"),
        ]
        replies = list(self.account._channel_report_stock(changes))
        self.assertEqual(sum(len(reply.outcomes) for reply in replies), 3)
        self.assertEqual(
            self.shop.stock, {"TEE-100": Decimal(5), "SOFA": Decimal(0), "LAMPE": Decimal(0)}
        )
        self.assertIn("OLD", self.shop.articles)
        self.place.password = "wr0ng"
        with self.assertRaises(errors.AuthenticationFailed):
            list(self.account._channel_report_stock(changes))

    def test_the_password_is_in_no_log(self):
        with self.assertLogs("", logging.DEBUG) as logs:
            logging.getLogger(__name__).debug("begin")
            self.poll()
            self.shop.faults.append(self.yatego.Fault("error", times=9))
            self.poll()
        said = "\n".join([*logs.output, self.account.last_error or ""])
        self.assertNotIn(self.shop.password, said)
        self.assertNotIn("p%26ss", said)
