from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.automation_core.lib.errors import AuthenticationFailed

from ..lib.channel import LISTINGS, OrderPage
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestSetup(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls._account(cls.company, name="New shop", live=False)
        place = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        for product in cls.lamp | cls.tea:
            cls.env["stock.quant"]._update_available_quantity(product, place.lot_stock_id, 100)

    def setUp(self):
        super().setUp()
        self.shop.fail = None

    def try_orders(self, *datas):
        self.shop.pages = [OrderPage(tuple(self.raw(data) for data in datas), {})]
        action = self.fresh.action_trial()
        trial = self.env["shop.trial"].browse(action["res_id"])
        return {line.number: line for line in trial.line_ids}

    def test_the_guide_leads_to_a_live_account(self):
        self.assertEqual(self.fresh.setup_step, "login")
        for step in ("test", "skus", "policy", "trial"):
            self.fresh.action_setup_next()
            self.assertEqual(self.fresh.setup_step, step)
        with self.assertRaises(UserError):
            self.fresh.action_setup_next()
        self.assertFalse(self.fresh.live)
        self.try_orders(self.payload())
        self.fresh.action_setup_next()
        self.assertTrue(self.fresh.live)
        self.assertEqual(self.fresh.setup_step, "done")

    def test_a_failed_connection_test_stops_the_guide(self):
        self.fresh.setup_step = "test"
        self.fresh.shipping_product_id = False
        self.fresh.action_setup_next()
        self.assertEqual(self.fresh.setup_step, "test")
        self.assertIn("not set", self.fresh.check_result)

    def test_offers_are_read_before_the_account_is_live(self):
        tasks = self.env["shop.stock.task"]
        self.shop.words |= {LISTINGS}
        self.fresh.setup_step = "test"
        self.fresh.check_ok = True
        self.assertFalse(tasks._free("listings").filtered(lambda t: t.account_id == self.fresh))
        self.fresh.action_setup_next()
        self.assertTrue(tasks._free("listings").filtered(lambda t: t.account_id == self.fresh))
        self.assertFalse(tasks._free("push").filtered(lambda t: t.account_id == self.fresh))

    def test_an_account_made_live_needs_no_guide(self):
        self.assertEqual(self.account.setup_step, "done")

    def test_a_trial_tells_what_would_happen_and_keeps_nothing(self):
        sales = self.env["sale.order"].search_count([])
        since = self.fresh.import_from
        lines = self.try_orders(
            self.payload("1"),
            self.payload("2", total="60.00"),
            self.payload("3", currency="XXX"),
            self.payload("4", state="cancelled"),
        )
        self.assertEqual(
            {number: line.result for number, line in lines.items()},
            {"1": "goes", "2": "held", "3": "stuck", "4": "none"},
        )
        self.assertEqual(lines["1"].order_total, 52.90)
        self.assertIn("LAMP", lines["1"].articles)
        self.assertIn("XXX", lines["3"].reasons)
        self.assertIn("1 would go by themselves", self.fresh.trial_text)
        self.assertEqual(self.env["sale.order"].search_count([]), sales)
        self.assertFalse(self.fresh.shop_order_ids)
        self.assertEqual(self.fresh.import_from, since)

    def test_a_trial_without_access_says_so(self):
        self.shop.fail = AuthenticationFailed("The login is wrong.", "Correct it.")
        with self.assertRaisesRegex(UserError, "The login is wrong. Correct it."):
            self.fresh.action_trial()
