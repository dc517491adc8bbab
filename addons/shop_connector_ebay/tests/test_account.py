from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.shop_connector.lib import channel as seam

from .common import EbayCase

SECRETS = (
    "ebay_cert_id",
    "ebay_refresh_token",
    "ebay_signing_jwe",
    "ebay_signing_key",
    "ebay_verification_token",
    "ebay_endpoint",
)


@tagged("post_install", "-at_install")
class TestAccount(EbayCase):
    def check_text(self):
        self.account.action_check()
        return self.account.check_result

    def test_capabilities(self):
        """Neither mails of our own nor cancelling: the first eBay forbids, the second it wants
        signed.
        """
        words = self.account._channel_capabilities()
        self.assertLessEqual(
            {seam.ORDERS, seam.SINGLE_ORDER, seam.SHIPMENTS, seam.STOCK, seam.LISTINGS}, words
        )
        self.assertFalse(words & {seam.CUSTOMER_MAILS, seam.CANCELLATIONS})
        self.account.write({"ebay_signing_jwe": "jwe", "ebay_signing_key": "key"})
        self.assertIn(seam.CANCELLATIONS, self.account._channel_capabilities())

    def test_all_payments_are_ebays(self):
        self.assertEqual(self.account.payment_map_ids.method_id.code, "marketplace")

    def test_check(self):
        text = self.check_text()
        for words in ("muster-shop", "Orders can be read", "Stock can be sent", "consent holds"):
            self.assertIn(words, text)
        self.assertIn("Calls left today for", text)
        self.assertNotIn("fa-times text-danger", text)

    def test_check_wrong_application(self):
        self.account.ebay_cert_id = "PRD-wrong"
        text = self.check_text()
        self.assertIn("does not accept the application", text)
        self.assertNotIn("PRD-wrong", text)

    def test_check_missing_right(self):
        self.shop.tokens.granted = frozenset(
            scope for scope in self.shop.tokens.granted if not scope.endswith("sell.inventory")
        )
        text = self.check_text()
        self.assertIn("Orders can be read", text)
        self.assertIn("Stock cannot be sent", text)
        self.assertIn("agree to everything asked for", text)

    def test_check_unfinished_registration(self):
        self.shop.registered = False
        self.assertIn("registration at eBay is not complete", self.check_text())

    def test_check_clock(self):
        self.shop.clock_offset = timedelta(minutes=60)
        self.assertIn("60 minutes off", self.check_text())

    def test_check_not_connected(self):
        self.account.ebay_refresh_token = False
        text = self.check_text()
        self.assertIn("not connected with eBay yet", text)
        self.assertIn("Connect with eBay", text)

    def test_check_down(self):
        self.shop.fail("maintenance", times=99)
        self.assertIn("fa-times text-danger", self.check_text())

    def test_secrets_are_for_administrators(self):
        manager = new_test_user(
            self.env, "ebay_manager", groups="automation_core.group_automation_manager"
        )
        self.account.write(dict.fromkeys(SECRETS[2:5], "s3cret-word"))
        account = self.account.with_user(manager)
        for name in SECRETS:
            with self.assertRaises(AccessError):
                account.read([name])
        shown = str(account.read())
        for secret in self.account._channel_secrets():
            self.assertNotIn(secret, shown)
        account.action_check()
        self.assertIn("Orders can be read", account.check_result)

    def test_copies_and_errors_hold_no_secret(self):
        copy = self.account.copy()
        self.assertFalse(any(copy[name] for name in SECRETS))
        self.assertFalse(copy.ebay_seller or copy.ebay_consent_until)
        for secret in (self.shop.cert_id, self.shop.tokens.refresh_token):
            sentence = self.account._error_sentence(ValueError(f"login {secret} failed"))
            self.assertNotIn(secret, sentence)

    def test_memory_holds_no_names(self):
        """What is remembered for all workers are tokens, keys and figures."""
        self.sell("plain")
        self.poll()
        memory = self.env["shop.memory"].sudo().search([("account", "=", self.account.id)])
        self.assertEqual(
            {key.partition(":")[0] for key in memory.mapped("key")},
            {"token", "quotas", "quotas_asked"},
        )

    def test_neutralized_database_knows_no_login(self):
        self.account._memory_change("token:1", lambda _known: {"value": "x"})
        self.account.ebay_verification_token = "v" * 60
        self.env.flush_all()
        with file_open("shop_connector_ebay/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(any(self.account[name] for name in SECRETS[:5]))
        self.assertIsNone(self.account._memory_get("token:1"))

    def test_retention(self):
        self.assertEqual(self.account.buyer_data_days, 90)
