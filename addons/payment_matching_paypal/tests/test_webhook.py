import json
from datetime import timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.payment_paypal_hint import CRON
from .common import PayPalCase


@tagged("post_install", "-at_install")
class TestWebhook(PayPalCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.source.action_paypal_make_webhook()
        self.server.delay = timedelta(hours=3)
        self.server.add_payment("5", "OLD", at=self.ago(10), fee="0")
        self.fetch()  # PayPal's account number is known from here on

    def tell(self, number, event="PAYMENT.CAPTURE.COMPLETED", token=None):
        token = token or self.source.paypal_webhook_token
        path = f"/payment_matching_paypal/webhook/{token}"
        body = json.dumps({"event_type": event, "resource": {"id": number}}).encode()
        return self.url_open(path, data=body, headers={"Content-Type": "application/json"})

    def ask(self):
        """Ask PayPal and read as the crons do; return the lines of the told payment."""
        self.env.ref(CRON).method_direct_trigger()
        self.read_files()
        return self._lines().filtered(lambda line: line.payment_invoice_ref == "NEW")

    def test_a_payment_is_here_at_once_and_once(self):
        payment = self.server.add_payment("50", "NEW", "Jo Muster", "jo@example.com", fee="-1.5")
        self.assertEqual(self.tell(payment).status_code, 200)
        line, fee = self.ask()
        self.assertEqual((line.amount, fee.amount, line.match_state), (50.0, -1.5, "waiting"))
        self.assertFalse(line.payer_email)
        self.server.delay = timedelta()
        self.assertFalse(self.fetch(), "the search tells the same payment again")
        self.assertEqual((line.payer_email, line.partner_name), ("jo@example.com", "Jo Muster"))
        self.assertTrue(line.payer_account)

    def test_told_twice_is_one(self):
        payment = self.server.add_payment("50", "NEW", fee="0")
        for _time in range(3):
            self.tell(payment)
        self.assertEqual(len(self.env["payment.paypal.hint"].search([])), 1)
        self.assertEqual(len(self.ask()), 1)
        self.tell(payment)
        self.assertEqual(len(self.ask()), 1)

    def test_a_message_itself_is_not_believed(self):
        self.tell("FORGED")
        self.assertFalse(self.ask())
        self.assertTrue(self.env["payment.paypal.hint"].search([]).next_try)
        pending = self.server.add_payment("50", "NEW", status="P")
        self.tell(pending)
        self.assertFalse(self.ask())

    def test_who_does_not_know_the_address(self):
        self.assertEqual(self.tell("1X", token="wrong").status_code, 404)
        self.source.action_paypal_forget_webhook()
        self.assertEqual(self.tell("1X", token="False").status_code, 404)
        self.assertFalse(self.env["payment.paypal.hint"].search([]))

    def test_other_messages_are_taken_and_forgotten(self):
        self.assertEqual(self.tell("1X", "CUSTOMER.DISPUTE.CREATED").status_code, 200)
        self.assertEqual(self.tell("../../v1/x").status_code, 200)
        self.assertEqual(self.tell(None).status_code, 200)
        path = f"/payment_matching_paypal/webhook/{self.source.paypal_webhook_token}"
        for body in (b"", b"<x/>", b"[" * 9999, b"[1]"):
            self.assertEqual(self.url_open(path, data=body or b" ").status_code, 200)
        self.assertFalse(self.env["payment.paypal.hint"].search([]))

    @mute_logger("odoo.addons.automation_core.models.automation_batch")
    def test_a_disturbance_is_tried_again_and_not_for_ever(self):
        payment = self.server.add_payment("50", "NEW", fee="0")
        self.tell(payment)
        self.server.fail("error", "captures", times=99)
        for _time in range(3):
            self.assertFalse(self.ask())
            self.env["payment.paypal.hint"].search([]).next_try = False
            self.env.flush_all()
        self.assertFalse(self.env["payment.paypal.hint"].search([]))
        self.server.delay = timedelta()
        self.server.faults.clear()
        self.assertEqual(len(self.fetch()), 1)

    def test_without_a_known_account_the_search_tells_it(self):
        self.source.cursor = False
        payment = self.server.add_payment("50", "NEW", fee="0")
        self.tell(payment)
        self.assertFalse(self.ask())
        self.assertFalse(self.env["payment.paypal.hint"].search([]))
