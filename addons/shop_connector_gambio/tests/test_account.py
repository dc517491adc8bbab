from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.automation_core.lib.errors import Rejected
from odoo.addons.shop_connector.lib.channel import (
    CANCELLATIONS,
    CUSTOMER_MAILS,
    LISTINGS,
    ORDERS,
    SHIPMENTS,
    SINGLE_ORDER,
    STOCK,
)

from ..lib import client as wire
from .common import GambioCase


@tagged("post_install", "-at_install")
class TestAccount(GambioCase):
    def check_text(self):
        self.account.action_check()
        return self.account.check_result

    def test_capabilities(self):
        words = self.account._channel_capabilities()
        self.assertEqual(
            words,
            {ORDERS, SINGLE_ORDER, CUSTOMER_MAILS, SHIPMENTS, CANCELLATIONS, STOCK, LISTINGS},
        )

    def test_payments_are_known_from_the_start(self):
        codes = self.account.payment_map_ids.mapped("method_id.code")
        self.assertLessEqual({"paypal", "prepayment", "invoice", "cod", "debit"}, set(codes))

    def test_check(self):
        text = self.check_text()
        self.assertIn("Gambio 4.8.0.3 with API 2.6.0", text)
        self.assertIn("The login may read orders.", text)
        self.assertIn("more requests", text)
        self.assertNotIn("fa-times text-danger", text.split("more requests")[0])

    def test_check_wrong_login(self):
        self.account.gambio_password = "wrong"
        text = self.check_text()
        self.assertIn("does not accept the login", text)
        self.assertIn("administrator of the shop", text)

    def test_check_token(self):
        self.shop.token = "eyJh.eyJj.c2ln"
        self.account.write({"gambio_auth": "token", "gambio_token": "eyJh.eyJj.xxxx"})
        self.assertIn("does not accept the login", self.check_text())
        self.account.gambio_token = "eyJh.eyJj.c2ln"
        self.assertIn("The login may read orders.", self.check_text())

    def test_check_missing_right(self):
        self.shop.forbidden = {"orders", "order_statuses"}
        text = self.check_text()
        self.assertIn("The login may not read orders.", text)
        self.assertIn("role", text)

    def test_check_old_shop(self):
        with patch.object(self.shop, "api_version", "2.2.0"):
            self.assertIn("too old to tell changes", self.check_text())

    def test_check_clock(self):
        real = wire.GambioClient.__init__

        def behind(client, http, **more):
            real(client, http, **more)
            clock = client.clock
            client.clock = lambda: clock() - 3600

        with patch.object(wire.GambioClient, "__init__", behind):
            self.assertIn("differs from ours by 60 minutes", self.check_text())

    def test_check_bad_addresses(self):
        for url in ("http://shop.example", False, "https://me:secret@shop.example"):
            self.account.gambio_url = url
            self.assertIn("address", self.check_text())
            self.assertNotIn("secret", self.account.check_result)
            with self.assertRaises(Rejected):
                self.account._gambio_client()

    def test_credentials_are_for_administrators(self):
        manager = new_test_user(
            self.env, "gambio_manager", groups="automation_core.group_automation_manager"
        )
        account = self.account.with_user(manager)
        for name in ("gambio_user", "gambio_password", "gambio_token"):
            with self.assertRaises(AccessError):
                account.read([name])
        self.assertEqual(account.gambio_url, self.url)
        self.assertNotIn(self.shop.password, str(account.read()))
        account.action_check()
        self.assertIn("The login may read orders.", account.check_result)

    def test_copies_and_errors_hold_no_secret(self):
        copy = self.account.copy()
        self.assertFalse(copy.gambio_password or copy.gambio_token or copy.gambio_user)
        sentence = self.account._error_sentence(ValueError(f"login {self.shop.password} failed"))
        self.assertNotIn(self.shop.password, sentence)

    def test_neutralized_database_knows_no_login(self):
        from odoo.tools import file_open

        with file_open("shop_connector_gambio/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.account.gambio_password or self.account.gambio_user)
