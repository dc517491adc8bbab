import logging

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open, mute_logger

from .common import PayPalCase

SECRETS = ("paypal_client_id", "paypal_secret", "paypal_endpoint", "paypal_webhook_token")


@tagged("post_install", "-at_install")
class TestSource(PayPalCase):
    def check_text(self):
        self.source.action_check()
        return self.source.check_result

    def test_check(self):
        self.server.add_payment("100", at=self.ago(), fee="-3")
        text = self.check_text()
        self.assertTrue(self.source.check_ok)
        for words in ("accepts the login", "Transactions can be read", "Both agree when"):
            self.assertIn(words, text)
        self.assertRegex(text, "PayPal holds [^;]*97")
        self.fetch()
        self.assertNotIn("Both agree when", self.check_text())

    def test_check_in_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.server.tokens.scopes = ()
        self.source = self.source.with_context(lang="de_DE")
        self.assertIn("Anmeldung", self.check_text())

    def test_check_wrong_secret(self):
        self.source.paypal_secret = "EWrong-secret"
        text = self.check_text()
        self.assertIn("does not accept the login", text)
        self.assertNotIn("EWrong-secret", text)
        self.assertFalse(self.source.check_ok)

    def test_check_nothing_entered(self):
        self.source.paypal_secret = False
        self.assertIn("is missing", self.check_text())

    def test_check_missing_right(self):
        self.server.tokens.scopes = self.server.tokens.scopes[1:]
        text = self.check_text()
        self.assertIn("lacks “Transaction Search”", text)
        self.assertIn("nine hours", text)

    def test_check_missing_right_for_balances(self):
        self.server.tokens.scopes = self.server.tokens.scopes[:1]
        text = self.check_text()
        self.assertIn("Transactions can be read", text)
        self.assertIn("The balance cannot be read", text)

    def test_check_wrong_currency(self):
        self.env.ref("base.SEK").active = True
        self.source.journal_id = self.env["account.journal"].create(
            {
                "name": "SEK",
                "code": "PPSK",
                "type": "bank",
                "currency_id": self.env.ref("base.SEK").id,
            }
        )
        self.assertIn("no balance in SEK", self.check_text())

    def test_check_down(self):
        self.server.fail("maintenance", times=99)
        self.assertIn("fa-times text-danger", self.check_text())

    def test_secrets_are_for_administrators(self):
        manager = new_test_user(self.env, "paypal_mgr", groups="account.group_account_manager")
        self.source.action_paypal_make_webhook()
        source = self.source.with_user(manager)
        for name in (*SECRETS, "paypal_webhook_url"):
            with self.assertRaises(AccessError):
                source.read([name])
            with self.assertRaises(AccessError):
                source.write({name: "x"})
        shown = str(source.read())
        for secret in self.source._source_secrets():
            self.assertNotIn(secret, shown)
        source.action_check()
        self.assertIn("accepts the login", source.check_result)

    def test_a_bookkeeper_may_fetch_but_not_change(self):
        clerk = new_test_user(self.env, "paypal_clerk", groups="account.group_account_invoice")
        source = self.source.with_user(clerk)
        source.action_fetch_now()
        with self.assertRaises(AccessError):
            source.paypal_sandbox = True
        with self.assertRaises(AccessError):
            source.action_paypal_make_webhook()
        with self.assertRaises(AccessError):
            self.env["payment.paypal.hint"].with_user(clerk).search([])

    def test_copies_and_errors_hold_no_secret(self):
        self.source.action_paypal_make_webhook()
        copy = self.source.copy()
        self.assertFalse(any(copy[name] for name in SECRETS))
        for secret in self.source._source_secrets():
            sentence = self.source._error_sentence(ValueError(f"login {secret} failed"))
            self.assertNotIn(secret, sentence)

    @mute_logger("odoo.addons.automation_core.models.automation_retry_poll")
    def test_secrets_are_not_logged(self):
        secret = self.server.tokens.secret
        self.server.fail("error", "transactions", times=3)
        with self.assertLogs(level=logging.DEBUG) as logs:
            self.fetch()
            self.server.fail("drop", "oauth2")
            self.fetch()
            self.fetch()
        text = "\n".join(logs.output)
        for word in (secret, *self.source._source_secrets(), "A21AAmusterToken"):
            self.assertNotIn(word, text)

    def test_wrong_login_becomes_one_case(self):
        self.source.paypal_secret = "wrong"
        for _time in range(2):
            self.fetch()
        case = self.env["automation.case"].search(
            [("res_model", "=", "payment.source"), ("res_id", "=", self.source.id)]
        )
        self.assertEqual(len(case), 1)
        self.assertIn("does not accept the login", case.explanation)
        self.assertNotIn("wrong", case.explanation)
        self.source.paypal_secret = self.server.tokens.secret
        self.fetch()
        self.assertEqual(case.state, "resolved")

    def test_neutralized_database_knows_no_login(self):
        self.source.action_paypal_make_webhook()
        self.env["payment.paypal.hint"]._note(self.source, "1X")
        self.env.flush_all()
        with file_open("payment_matching_paypal/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.source.paypal_secret or self.source.paypal_client_id)
        self.assertFalse(self.source.paypal_webhook_token)
        self.assertFalse(self.env["payment.paypal.hint"].search([]))

    def test_other_sources_are_left_alone(self):
        other = self.env["payment.source"].create(
            {"name": "Files", "journal_id": self.journal.id, "kind": "upload"}
        )
        self.assertEqual(list(other._source_check()), [])
        self.assertEqual(list(other._source_secrets()), [])
        self.assertFalse(other._source_fetch({}).files)

    def test_the_sandbox_has_its_own_address(self):
        self.source.paypal_endpoint = False
        self.source.paypal_sandbox = True
        self.assertIn("sandbox", self.source._paypal_client()._http.base_url)
        self.source.paypal_sandbox = False
        self.assertNotIn("sandbox", self.source._paypal_client()._http.base_url)

    def test_what_is_no_answer_of_paypal(self):
        file = self.source._take("statement.xml", b"<Document/>")
        self.read_files()
        self.assertEqual(file.state, "failed")
        self.assertIn("no answer of PayPal", file.last_error)
        self.assertFalse(self._lines())
