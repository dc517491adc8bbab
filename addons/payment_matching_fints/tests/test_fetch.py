from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FintsCase

QUIET = "odoo.addons.automation_core.models.automation_retry_poll"


@tagged("post_install", "-at_install")
class TestFetch(FintsCase):
    def test_a_person_fetches_with_the_pin(self):
        self._connect()
        talk = self._talk("fetch")
        self.assertEqual(self._press(talk, "action_begin"), "done")
        self.assertIn("6", talk.message)
        lines = self._lines(self.journal)
        self.assertEqual(len(lines), 6)
        self.assertAlmostEqual(sum(lines.mapped("amount")), 100.07 * 5 + 13 - 29.90)
        self.assertEqual(lines[0].partner_name, "Käufer 0 & Söhne")
        self.assertEqual(lines[0].account_number, "DE02120300000000202051")
        self.assertEqual(
            self.bank.asked, [(fields.Date.today() - timedelta(days=30), fields.Date.today())]
        )
        self.assertEqual(self.source.cursor, {"until": fields.Date.today().isoformat()})

    def test_a_second_fetch_adds_nothing_and_looks_back(self):
        self._connect()
        self._press(self._talk("fetch"), "action_begin")
        talk = self._talk("fetch")
        self.assertEqual(self._press(talk, "action_begin"), "done")
        self.assertIn("nothing new", talk.message)
        self.assertEqual(len(self._lines(self.journal)), 6)
        self.assertEqual(self.bank.asked[-1][0], fields.Date.today() - timedelta(days=10))

    def test_what_is_booked_late_is_taken_once(self):
        self._connect()
        self._press(self._talk("fetch"), "action_begin")
        account = self.bank.accounts[0]
        late = account.bookings[3]
        account.bookings.insert(3, type(late)(late.day, late.amount, "Nachzügler", late.iban, "x"))
        self._press(self._talk("fetch"), "action_begin")
        self.assertEqual(len(self._lines(self.journal)), 7)

    def test_the_same_from_camt(self):
        """A bank that changes its format in between brings nothing twice."""
        self._connect()
        self._press(self._talk("fetch"), "action_begin")
        self.bank.form = "camt"
        self._press(self._talk("fetch"), "action_begin")
        self.assertEqual(len(self._lines(self.journal)), 6)
        newest = self.source.file_ids.sorted("id")[-1]
        self.assertEqual(newest.state, "done", newest.last_error)
        self.assertEqual(newest.new_count, 0)

    def test_without_a_pin_the_cron_leaves_the_bank_alone(self):
        self._connect()
        logins = self.bank.logins
        self._fetch_by_cron()
        self.assertEqual(self.bank.logins, logins)
        self.assertFalse(self._cases())
        action = self.source.action_fetch_now()
        self.assertEqual(action["res_model"], "payment.fints")

    def test_with_a_stored_pin_it_goes_by_itself(self):
        self._connect(remember=True)
        self._fetch_by_cron()
        self.assertEqual(len(self._lines(self.journal)), 6)
        self.assertEqual(self.source.fints_state, "connected")
        self.assertFalse(self.source.fints_in_flight)
        self.assertFalse(self._cases())
        self.assertEqual(self.source.action_fetch_now()["type"], "ir.actions.client")

    @mute_logger(QUIET)
    def test_a_tan_stops_it_until_a_person_has_confirmed(self):
        self._connect("BankApp", remember=True)
        self.bank.strong = False
        for _ in range(3):
            self._fetch_by_cron()
        asked = self.bank.logins
        self.assertEqual(self.source.fints_state, "tan")
        self.assertEqual(self.source.status, "error")
        self.assertEqual(len(self._cases()), 1)
        self.assertIn("Fetch now", self._cases().explanation)
        self._fetch_by_cron()
        self.assertEqual(self.bank.logins, asked)
        self.assertFalse(self._lines(self.journal))

        action = self.source.action_fetch_now()
        talk = self.env["payment.fints"].browse(action["res_id"])
        self.assertTrue(talk.pin_stored)
        self.assertEqual(self._press(talk, "action_begin", pin=""), "tan")
        self.bank.confirmed = True
        self.assertEqual(self._press(talk, "action_confirm", pin=""), "done")
        self.assertEqual(len(self._lines(self.journal)), 6)
        self.assertEqual(self.source.fints_state, "connected")
        self.assertFalse(self._cases())
        self.assertTrue(self.source.fints_pin_stored)

    def test_a_tan_at_the_order(self):
        self.bank.tan_at = "order"
        self._connect()
        self.bank.strong = False
        talk = self._talk("fetch")
        self.assertEqual(self._press(talk, "action_begin"), "tan")
        self.assertEqual(self._press(talk, "action_confirm", tan=self.bank.tan), "done")
        self.assertEqual(len(self._lines(self.journal)), 6)

    def test_a_wrong_pin_is_sent_once_and_forgotten(self):
        self._connect(remember=True)
        self.bank.pin = "changed at the bank"
        for _ in range(3):
            self._fetch_by_cron()
        self.assertEqual(self.bank.wrong_pins, 1)
        self.assertEqual(self.source.fints_state, "pin_wrong")
        self.assertFalse(self.source.fints_pin_stored)
        self.assertFalse(self.source._fints_pin())
        self.assertEqual(len(self._cases()), 1)
        self.assertNotIn("ge+heim", self._cases().explanation)

    def test_the_case_is_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self._connect(remember=True)
        self.company.partner_id.lang = "de_DE"
        self.bank.pin = "changed at the bank"
        self._fetch_by_cron()
        self.assertIn("Die Bank lehnt die PIN ab", self._cases().explanation)

    def test_a_locked_access_is_left_alone(self):
        self._connect(remember=True)
        self.bank.locked = True
        for _ in range(2):
            self._fetch_by_cron()
        self.assertEqual(self.source.fints_state, "locked")
        self.assertEqual(len(self._cases()), 1)

    def test_a_refused_login_waits_for_a_person_and_keeps_the_pin(self):
        self._connect(remember=True)
        self.bank.product = "ANOTHER"
        for _ in range(2):
            self._fetch_by_cron()
        self.assertEqual(self.source.fints_state, "refused")
        self.assertTrue(self.source.fints_pin_stored)
        self.assertIn("9078", self._cases().explanation)

    def test_maintenance_passes_by_itself(self):
        self._connect(remember=True)
        self.bank.maintenance = True
        self._fetch_by_cron()
        self.assertEqual(self.source.fints_state, "connected")
        self.assertTrue(self.source.next_try)
        self.assertFalse(self._cases())
        self.bank.maintenance = False
        self._fetch_by_cron()
        self.assertEqual(len(self._lines(self.journal)), 6)
        self.assertFalse(self.source.last_error)

    def test_an_expired_access_is_not_tried(self):
        self._connect(remember=True)
        self.source.fints_confirmed = fields.Date.today() - timedelta(days=181)
        logins = self.bank.logins
        self._fetch_by_cron()
        self._fetch_by_cron()
        self.assertEqual(self.source.fints_state, "expired")
        self.assertEqual(self.bank.logins, logins)
        self.assertEqual(len(self._cases()), 1)

    def test_a_fetch_that_died_is_not_repeated_by_itself(self):
        """Nobody knows what the bank thought of the PIN: a person has to look."""
        self._connect(remember=True)
        self.assertTrue(self.source._take_lease())
        self.assertTrue(self.source.fints_in_flight)
        self.source.lease_until = fields.Datetime.now() - timedelta(minutes=1)
        logins = self.bank.logins
        self._fetch_by_cron()
        self._fetch_by_cron()
        self.assertEqual(self.bank.logins, logins)
        self.assertEqual(self.source.fints_state, "refused")
        self.assertEqual(len(self._cases()), 1)
        talk = self._talk("fetch")
        self.assertEqual(self._press(talk, "action_begin"), "done")
        self.assertFalse(self._cases())

    def test_nobody_talks_with_the_bank_while_the_cron_does(self):
        self._connect(remember=True)
        self.source._take_lease()
        with self.assertRaisesRegex(Exception, "just now"):
            self._press(self._talk("fetch"), "action_begin")

    def test_a_bank_without_bookings(self):
        self.bank.accounts[0].bookings.clear()
        self._connect()
        talk = self._talk("fetch")
        self.assertEqual(self._press(talk, "action_begin"), "done")
        self.assertFalse(self.source.file_ids)
