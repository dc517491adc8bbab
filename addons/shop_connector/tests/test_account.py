from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.automation_core.lib.errors import AuthenticationFailed, Unavailable

from ..lib.channel import OrderPage
from .common import ShopCase

BELONGS = {"company_id", "account_id", "sale_order_id"}  # what is somebody's; lists are everybody's


@tagged("post_install", "-at_install")
class TestAccount(ShopCase):
    def poll(self):
        self.account.write({"next_poll": False, "next_try": False})
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_poll").method_direct_trigger()
        self.env.invalidate_all()

    def test_pages(self):
        """Pages are fetched until there are no more; each goes on where the last one was stored."""
        self.shop.pages = [
            OrderPage((self.raw(self.payload("1")),), {"from": 1}, more=True),
            OrderPage((self.raw(self.payload("2")),), {"from": 2}),
        ]
        self.poll()
        self.assertEqual(self.shop.asked[-2:], [{}, {"from": 1}])
        self.assertEqual(self.account.cursor, {"from": 2})
        self.assertEqual(self.account.waiting_count, 2)
        self.assertEqual(self.account.status, "ok")
        self.assertGreater(self.account.next_poll, fields.Datetime.now())
        self.assertFalse(self.account.lease_until)

    def test_cursor_waits_for_the_orders(self):
        """A page that cannot be stored does not move the cursor."""
        self.shop.pages = [OrderPage((self.raw(self.payload("1")),), {"from": 1})]
        with (
            patch.object(
                self.registry["shop.order"], "_store", side_effect=RuntimeError("disk full")
            ),
            mute_logger("odoo.addons.automation_core.models.automation_retry_poll"),
        ):
            self.poll()
        self.assertFalse(self.account.cursor)
        self.assertEqual(self.account.order_count, 0)
        self.assertIn("disk full", self.account.last_error)
        self.shop.pages = [OrderPage((self.raw(self.payload("1")),), {"from": 1})]
        self.poll()
        self.assertEqual((self.account.cursor, self.account.order_count), ({"from": 1}, 1))

    def test_outage(self):
        """A shop that is down is noted on its account and is one case, closed when it is back."""
        self.shop.fail = Unavailable("The shop does not answer.", "Wait.")
        for attempt in range(1, 6):
            self.poll()
            self.assertEqual(self.account.attempts, attempt)
            self.assertGreater(self.account.next_try, fields.Datetime.now())
            self.assertEqual(len(self.cases(self.account)), 1 if attempt >= 3 else 0)
        self.assertEqual(self.account.status, "error")
        self.assertEqual(self.cases(self.account).kind, "account")
        self.shop.fail = None
        self.poll()
        self.assertFalse(self.account.last_error)
        self.assertFalse(self.cases(self.account))

    def test_wrong_password(self):
        """What no waiting mends is a case at once; the secret shows nowhere."""
        self.shop.fail = AuthenticationFailed("The shop refuses the password s3cret.")
        self.poll()
        case = self.cases(self.account, "shop:outage")
        self.assertNotIn("s3cret", case.explanation + self.account.last_error)

    def test_not_live(self):
        self.account.live = False
        asked = len(self.shop.asked)
        self.poll()
        self.assertEqual(len(self.shop.asked), asked)

    def test_one_fetch_at_a_time(self):
        """An account that another process fetches is left alone."""
        self.assertTrue(self.account._take_lease())
        self.assertFalse(self.account._take_lease())

    def test_check(self):
        self.account.action_check()
        self.assertIn("The test shop answers.", self.account.check_result)
        self.account.shipping_product_id = False
        self.account.action_check()
        self.assertIn("is not set", self.account.check_result)

    def test_taxes(self):
        """An account knows its company's rates from the start, net and gross."""
        rows = self.account.tax_ids
        self.assertEqual(sorted(rows.mapped("percent")), [0, 7, 19])
        taxed = rows.filtered("percent")
        self.assertTrue(all(taxed.gross_tax_id.mapped("price_include")))
        self.assertFalse(any(taxed.net_tax_id.mapped("price_include")))
        count = self.env["account.tax"].search_count([])
        self._account(self.company)
        self.assertEqual(self.env["account.tax"].search_count([]), count)

    def test_policy_by_account(self):
        policy = self.env["automation.policy"].create(
            {"name": "Only this shop", "sequence": -5, "shop_account_ids": self.account.ids}
        )
        self.assertEqual(self.sale().automation_policy_id, policy)
        own = self.env["sale.order"].create({"partner_id": self.env.user.partner_id.id})
        own._automation_start()
        self.assertNotEqual(own.automation_policy_id, policy)

    def test_companies(self):
        """Two companies' shops import in one run, each into its own company; neither sees the
        other's.
        """
        other = self.env["res.company"].create({"name": "Other", "country_id": self.country.id})
        self.env.user.company_ids |= other
        other.account_sale_tax_id = self._tax(19.0, other)
        self._tax(7.0, other)
        account = self._account(other, name="Other shop")
        self.receive(self.payload("1"), interpret=False)
        self.receive(self.payload("1"), account=account, interpret=False)
        orders = self.env["shop.order"].search(
            [("account_id", "in", (self.account.id, account.id))]
        )
        orders._interpret()
        sales = orders.sale_order_ids
        self.assertEqual(sales.company_id, self.company | other)
        self.assertEqual(sales.mapped("amount_total"), [52.90, 52.90])
        user = new_test_user(
            self.env, "one", "base.group_user,automation_core.group_automation_manager"
        )
        self.assertEqual(
            self.env["shop.account"]
            .with_user(user)
            .search([("id", "in", (self.account.id, account.id))]),
            self.account,
        )

    def test_every_model_has_a_company_rule(self):
        models = self.env["ir.model"].search(
            [
                ("model", "=like", "shop.%"),
                ("transient", "=", False),
                # administrators of the system only
                ("model", "not in", ("shop.memory", "shop.stock.touch")),
            ]
        )
        stored = models.filtered(
            lambda model: (
                self.env[model.model]._auto
                and not self.env[model.model]._abstract
                and BELONGS & self.env[model.model]._fields.keys()
            )
        )
        rules = self.env["ir.rule"].search([("domain_force", "like", "company_ids")])
        self.assertLessEqual(stored, rules.model_id)
