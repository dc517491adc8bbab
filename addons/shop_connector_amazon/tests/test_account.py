from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.shop_connector.lib import channel as seam

from .common import AmazonCase

GERMAN_HINT = "neu autorisieren"


@tagged("post_install", "-at_install")
class TestAccount(AmazonCase):
    def check_text(self):
        self.account.action_check()
        return str(self.account.check_result)

    def bad_lines(self):
        rows = self.check_text().split("<li>")
        return [row for row in rows if "fa-times" in row]

    # -- what it can do ----------------------------------------------------

    def test_capabilities(self):
        words = self.account._channel_capabilities()
        self.assertNotIn(seam.CUSTOMER_MAILS, words)
        self.assertLessEqual({seam.ORDERS, seam.SHIPMENTS, seam.STOCK, seam.REVIEWS}, words)
        self.account.amazon_seller_id = False
        self.assertNotIn(seam.STOCK, self.account._channel_capabilities())

    def test_a_new_account_is_ready(self):
        self.assertEqual(self.account.payment_map_ids.mapped("method_id.code"), ["marketplace"])
        self.assertIn("DHL", self.account.carrier_ids.mapped("code"))
        self.assertEqual(self.account.amazon_marketplace_ids.code, self.amazon.GERMANY)
        self.assertEqual(self.account.buyer_data_days, 30)
        self.assertEqual(self.account.tracking_wait_hours, 24)
        self.assertTrue(self.account.marketplace_position_id)

    # -- connection test ---------------------------------------------------

    def test_check(self):
        self.sell("plain")
        text = self.check_text()
        self.assertEqual(self.bad_lines(), [])
        for words in (
            "accepts the login",
            "sells on Amazon.de",
            "may read orders",
            "offers' stock",
            "more searches",
            "client secret ends on",
        ):
            self.assertIn(words, text)

    def test_check_says_what_is_missing(self):
        order = self.sell("plain")[0]
        del order["recipient"]
        self.seller.denied_data = {"TAX"}
        self.seller.denied = {"searchListingsItems"}
        self.account.amazon_marketplace_ids |= self.env.ref("shop_connector_amazon.marketplace_it")
        text = "".join(self.bad_lines())
        for words in ("does not show tax data", "names and addresses", "read the offers"):
            self.assertIn(words, text)
        self.assertIn("does not sell on", text)

    def test_check_wrong_login(self):
        self.account.amazon_client_secret = "wrong-secret"
        text = self.check_text()
        self.assertIn("client id or secret", text)
        self.assertNotIn("wrong-secret", text)

    def test_check_settings_and_clock(self):
        self.account.amazon_seller_id = False
        real = self.clock.now
        self.seller.clock = lambda: real + 300
        text = "".join(self.bad_lines())
        self.assertIn("merchant token is missing", text)
        self.assertIn("differs from ours by 300 seconds", text)

    def test_check_takes_no_more_calls_than_it_needs(self):
        self.check_text()
        self.assertLessEqual(self.calls("searchOrders"), 1)
        self.assertLessEqual(self.seller.calls.total(), 5)

    def test_addresses_that_are_not_encrypted(self):
        for url in ("http://amazon.example", "https://me:secret@amazon.example"):
            self.account.amazon_endpoint = url
            text = self.check_text()
            self.assertIn("address", text)
            self.assertNotIn("secret@", text)

    # -- the end of the secret ---------------------------------------------

    def test_a_new_secret_ends_in_180_days(self):
        today = fields.Date.today()
        self.assertEqual(self.account.amazon_secret_end, today + timedelta(days=180))
        self.account.amazon_secret_end = today
        self.account.amazon_client_secret = self.seller.client_secret
        self.assertEqual(self.account.amazon_secret_end, today + timedelta(days=180))

    def test_the_end_of_the_secret_is_told_in_time(self):
        def cases():
            self.env["shop.account"]._cron_amazon_secret()
            return self.cases(self.account, "amazon:secret")

        self.assertFalse(cases())
        self.account.amazon_secret_end = fields.Date.today() + timedelta(days=29)
        self.assertTrue(self.account.amazon_secret_ends_soon)
        self.assertEqual(len(cases()), 1)
        self.assertEqual(len(cases()), 1)
        self.assertIn("ends on", "".join(self.bad_lines()))
        self.account.amazon_client_secret = self.seller.client_secret
        self.assertFalse(cases())

    # -- secrets -----------------------------------------------------------

    def test_credentials_are_for_administrators(self):
        manager = new_test_user(
            self.env, "amazon_manager", groups="automation_core.group_automation_manager"
        )
        account = self.account.with_user(manager)
        for name in (
            "amazon_client_id",
            "amazon_client_secret",
            "amazon_refresh_token",
            "amazon_push_key",
            "amazon_push_url",
        ):
            with self.assertRaises(AccessError):
                account.read([name])
        self.assertNotIn(self.seller.client_secret, str(account.read()))
        account.action_check()
        self.assertIn("accepts the login", account.check_result)

    def test_copies_and_errors_hold_no_secret(self):
        copy = self.account.copy()
        self.assertFalse(copy.amazon_client_secret or copy.amazon_refresh_token)
        self.assertFalse(copy.amazon_client_id or copy.amazon_seller_id)
        for secret in (self.seller.client_secret, self.seller.refresh_token):
            sentence = self.account._error_sentence(ValueError(f"login {secret} failed"))
            self.assertNotIn(secret, sentence)

    def test_no_secret_and_no_buyer_is_logged(self):
        order = self.sell("plain")[0]
        with self.assertLogs(level="DEBUG") as caught:
            self.fetch()
            self.seller.fail("error", "/orders/", times=3)
            self.fetch()
        text = "\n".join(caught.output)
        for secret in (
            self.seller.client_secret,
            self.seller.refresh_token,
            *self.seller.tokens,
            order["buyer"]["buyerEmail"],
            order["recipient"]["deliveryAddress"]["name"],
        ):
            self.assertNotIn(secret, text)

    def test_neutralized_database_knows_no_login(self):
        with file_open("shop_connector_amazon/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.account.amazon_client_secret or self.account.amazon_refresh_token)
        self.assertIn("not complete", self.check_text())

    # -- notifications -----------------------------------------------------

    def notify(self, kind="ORDER_CHANGE"):
        self.env["ir.cron.trigger"].search([]).unlink()
        body = f'{{"detail": {{"notificationType": "{kind}", "payload": {{"x": "1"}}}}}}'
        return self.account._amazon_notified(body)

    def test_news_of_an_order_let_the_next_fetch_start(self):
        now = fields.Datetime.now()
        self.account.write({"next_poll": now + timedelta(hours=1), "last_poll": False})
        self.assertEqual(self.notify(), "order")
        self.assertLessEqual(self.account.next_poll, fields.Datetime.now())
        self.assertTrue(self.env["ir.cron.trigger"].search([]))

    def test_many_news_do_not_use_up_the_searches(self):
        now = fields.Datetime.now()
        self.account.write({"next_poll": now + timedelta(hours=1), "last_poll": now})
        self.notify()
        due = self.account.next_poll
        self.assertGreaterEqual(due, now + timedelta(minutes=3))
        self.notify()
        self.assertEqual(self.account.next_poll, due)
        self.assertFalse(self.env["ir.cron.trigger"].search([]))

    def test_other_news_and_accounts_that_are_not_live(self):
        later = fields.Datetime.now() + timedelta(hours=1)
        self.account.next_poll = later
        self.assertEqual(self.notify("FEED_PROCESSING_FINISHED"), "feed")
        self.assertEqual(self.account._amazon_notified("[]" * 200_000), "other")
        self.account.live = False
        self.account.next_poll = later
        self.notify()
        self.assertEqual(self.account.next_poll, later)

    # -- German ------------------------------------------------------------

    def test_what_goes_wrong_is_said_in_the_companys_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.company.partner_id.lang = "de_DE"
        self.seller.refresh_token = "Atzr|another"
        self.fetch()
        self.assertIn("Amazon", self.account.last_error)
        self.assertIn(GERMAN_HINT, self.account.last_error)
        with patch.object(type(self.env["ir.cron"]), "_trigger", lambda *_args, **_more: None):
            self.account.with_context(lang="de_DE").action_check()
        self.assertIn(GERMAN_HINT, self.account.check_result)
