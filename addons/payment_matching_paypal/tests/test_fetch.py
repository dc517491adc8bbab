from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment_matching.models.payment_match_target import Target

from ..models.payment_source_file import KEEP_DAYS
from .common import PayPalCase


@tagged("post_install", "-at_install")
class TestFetch(PayPalCase):
    def test_a_payment_with_everything_said(self):
        payment = self.server.add_payment(
            "119.90",
            "AB-2026-004711",
            "Jörg Schäßburger",
            "joerg@example.com",
            subject="Bestellung AB-2026-004711",
            at=self.ago(),
            fee="-3.67",
        )
        line, fee = self.fetch()
        self.assertEqual(
            (line.amount, line.payment_kind, line.match_state),
            (119.90, "payment", "waiting"),
        )
        self.assertEqual(
            (line.partner_name, line.payer_email, line.payment_invoice_ref),
            ("Jörg Schäßburger", "joerg@example.com", "AB-2026-004711"),
        )
        self.assertEqual(len(line.payer_account), 13)
        self.assertEqual(line.payment_bank_reference, payment)
        self.assertIn(payment, line.payment_raw)
        self.assertEqual(line._match_payment().source, "paypal")
        self.assertEqual((fee.amount, fee.payment_kind, fee.match_state), (-3.67, "fee", "aside"))
        self.assertEqual(fee.payment_reference_id, payment)

    def test_from_paypal_to_the_released_order(self):
        order = self._create_prepaid()
        self.server.add_payment(
            f"{order.amount_total:.2f}", order.name, self.partner.name, at=self.ago(1)
        )
        line, fee = self.fetch()
        self.env.ref("payment_matching.ir_cron_match").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(line.match_state, "likely")
        self.assertEqual(line.proposal_id.order_ids, order)
        self.assertTrue(line.proposal_id.action_confirm()["confirmed"])
        self._run(order)
        self.assertEqual((order.state, line.match_state), ("sale", "matched"))
        self.assertEqual(order.prepaid_amount, order.amount_total, "the gross, not what is left")
        self.assertEqual(fee.match_state, "aside")

    def test_every_kind_once_and_the_balance_agrees(self):
        paid = [
            self.server.add_payment("50", f"A{number}", at=self.ago(48 - number))
            for number in range(4)
        ]
        self.server.add_payment("110", "A9", at=self.ago(30), currency="USD", rate="0.9")
        self.server.add_refund(paid[0], at=self.ago(20))
        self.server.add_chargeback(paid[1], at=self.ago(19))
        self.server.add_hold(paid[2], at=self.ago(18))
        self.server.add_payout("20", at=self.ago(17))
        self.server.add_payment("77", at=self.ago(16), status="P")
        lines = self.fetch()
        kinds = lines.filtered(lambda line: line.match_state == "waiting").mapped("payment_kind")
        self.assertEqual(sorted(kinds), ["payment"] * 4 + ["refund", "return"])
        others = lines.filtered(lambda line: line.match_state == "aside").mapped("payment_kind")
        self.assertEqual(set(others), {"fee", "hold", "transfer", "other"})
        dollars = lines.filtered("foreign_currency_id")
        self.assertEqual(
            (dollars.amount_currency, dollars.foreign_currency_id.name, dollars.payment_kind),
            (110.0, "USD", "payment"),
        )
        self.assertEqual(lines.payment_file_id.pending_count, 1)
        self.source.action_check()
        self.assertTrue(self.source.check_ok)
        self.assertNotIn("Both agree when", self.source.check_result)
        self.assertFalse(self.fetch())

    def test_a_crash_before_the_cursor_adds_nothing(self):
        for hours in range(30, 0, -1):
            self.server.add_payment("10", f"A{hours}", at=self.ago(hours))
        self.assertEqual(len(self.fetch()), 60)
        self.source.cursor = False
        self.assertFalse(self.fetch())
        self.env["payment.source.file"].search([("source_id", "=", self.source.id)]).write(
            {"state": "new"}
        )
        self.read_files()
        self.assertEqual(len(self._lines()), 60)

    def test_rows_come_late(self):
        self.server.delay = timedelta(hours=3)
        self.server.add_payment("10", "LATE", at=self.ago(1), fee="0")
        self.server.add_payment("11", "DONE", at=self.ago(5), fee="0")
        self.assertEqual(self.fetch().mapped("payment_invoice_ref"), ["DONE"])
        self.server.delay = timedelta()
        self.assertEqual(self.fetch().mapped("payment_invoice_ref"), ["LATE"])

    def test_a_start_in_the_gap_is_tried_later(self):
        self.server.delay = timedelta(hours=30)
        self.source.paypal_from = fields.Date.today()
        self.server.add_payment("10", "A1", at=self.ago(0.01), fee="0")
        self.assertFalse(self.fetch())
        self.assertFalse(self.source.last_error)
        self.assertEqual(self.source.status, "ok")

    def test_from_on_its_way_to_booked_to_taken_back(self):
        payment = self.server.add_payment("50", "A1", at=self.ago(30), status="P", fee="0")
        self.assertFalse(self.fetch())
        self.server.complete(payment)
        line = self.fetch().filtered(lambda line: line.payment_kind == "payment")
        self.assertEqual((line.amount, line.match_state), (50.0, "waiting"))
        line._match_propose()
        self.server.add_refund(payment, at=self.ago(1))
        refund = self.fetch()
        self.assertEqual((refund.amount, refund.payment_kind), (-50.0, "refund"))
        self.assertEqual((line.match_state, line.payment_kind), ("aside", "other"))
        self.assertIn("taken back", line.match_note)
        self.assertFalse(line.proposal_ids)

    def test_what_is_confirmed_stays_when_it_is_taken_back(self):
        order = self._create_prepaid(name="S-PP-1")
        payment = self.server.add_payment(str(order.amount_total), order.name, at=self.ago(30))
        line = self.fetch()[:1]
        line._match_confirm([Target(order)])
        self.server.add_refund(payment)
        self.fetch()
        self.assertEqual((line.match_state, line.payment_kind), ("matched", "payment"))

    def test_other_currencies_are_told_and_may_have_their_own_journal(self):
        self.server.add_payment("10", at=self.ago(5), currency="SEK")
        self.server.add_payment("10", at=self.ago(5), fee="0")
        self.assertEqual(self.fetch().mapped("amount"), [10.0])
        file = self.source.file_ids
        self.assertIn("1 bookings in SEK are not taken", file.note)
        crowns = self.env.ref("base.SEK")
        crowns.active = True
        journal = self.env["account.journal"].create(
            {"name": "PayPal SEK", "code": "PPSK", "type": "bank", "currency_id": crowns.id}
        )
        other = self.source.copy({"journal_id": journal.id, "live": True})
        other.write(
            {
                name: self.source[name]
                for name in ("paypal_client_id", "paypal_secret", "paypal_endpoint")
            }
        )
        self.fetch(other)
        self.assertEqual(self._lines(journal)[:1].amount, 10.0)
        self.assertEqual(self._lines(journal)[:1].currency_id, crowns)
        self.assertFalse(other.file_ids.note)

    def test_many_windows_and_pages(self):
        self.server.limit = 25
        for hours in range(0, 39 * 24, 9):
            self.server.add_payment("10", at=self.ago(hours + 1), fee="0")
        self.assertEqual(len(self.fetch()), 104)

    @mute_logger("odoo.addons.automation_core.models.automation_retry_poll")
    def test_disturbances_are_put_off_and_lose_nothing(self):
        self.server.add_payment("10", "A1", at=self.ago(), fee="0")
        for kind in ("error", "html", "drop", "half", "maintenance"):
            fault = self.server.fail(kind, "transactions", times=5)
            self.assertFalse(self.fetch())
            self.assertTrue(self.source.last_error, kind)
            fault.times = 0
        self.server.fail("throttle", "transactions", times=5, seconds=120)
        attempts = self.source.attempts
        self.assertFalse(self.fetch())
        self.assertEqual(self.source.attempts, attempts, "to be asked less often is no failure")
        self.server.faults.clear()
        self.assertEqual(len(self.fetch()), 1)
        self.assertFalse(self.source.last_error)

    def test_a_short_disturbance_of_the_login_is_not_noticed(self):
        self.server.add_payment("10", "A1", at=self.ago(), fee="0")
        self.fetch()
        self.server.tokens.expire()
        self.server.add_payment("10", "A2", at=self.ago(), fee="0")
        self.assertEqual(len(self.fetch()), 1)

    def test_old_answers_are_forgotten_and_bookings_stay(self):
        self.server.add_payment("10", "A1", at=self.ago(), fee="0")
        line = self.fetch()
        file = line.payment_file_id
        self.assertTrue(file.content)
        self.env.flush_all()
        old = fields.Datetime.now() - timedelta(days=KEEP_DAYS + 1)
        self.env.cr.execute(
            "UPDATE payment_source_file SET create_date = %s WHERE id = %s", [old, file.id]
        )
        self.env.invalidate_all()
        repeated = file.copy({"external_id": "again", "new_count": 0, "state": "done"})
        self.env.cr.execute(
            "UPDATE payment_source_file SET create_date = %s WHERE id = %s", [old, repeated.id]
        )
        self.env.invalidate_all()
        self.env["payment.source.file"]._gc_paypal_files()
        self.assertFalse(repeated.exists())
        self.assertFalse(file.content)
        self.assertEqual(line.payment_file_id, file)
        self.assertIn("transaction_info", line.payment_raw)
        self.assertFalse(self.fetch())
