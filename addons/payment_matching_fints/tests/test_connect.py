from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FintsCase


@tagged("post_install", "-at_install")
class TestConnect(FintsCase):
    def test_way_device_tan_account(self):
        """The longest way: everything has to be chosen."""
        talk = self._talk()
        self.assertEqual(self._press(talk, "action_begin"), "way")
        self.assertEqual(
            talk.choice_ids.mapped("name"), ["smsTAN", "photoTAN", "BankApp", "chipTAN"]
        )
        self.assertEqual(self._choose(talk, "smsTAN"), "medium")
        self.assertEqual(talk.choice_ids.mapped("name"), ["Handy", "Altes Handy"])
        self.assertEqual(self._choose(talk, "Handy"), "tan")
        self.assertIn("<b>Umsatzabruf</b>", talk.challenge)
        self.assertFalse(talk.in_app)
        self.assertEqual(self.source.fints_state, "new")
        self.assertEqual(self._press(talk, "action_confirm", tan=self.bank.tan), "done")
        self.assertEqual(self.source.fints_state, "connected")
        self.assertEqual(self.source.fints_iban, self.fints.IBAN)
        self.assertEqual(self.source.fints_bank, "Testbank für Händler")
        self.assertEqual(self.source.fints_way, "smsTAN")
        self.assertEqual(self.source.fints_medium, "Handy")
        self.assertTrue(self.source.live)
        self.assertEqual(self.source.fints_valid_until, fields.Date.today() + timedelta(days=180))
        self.assertFalse(self.source.fints_pin_stored)

    def test_in_the_app(self):
        talk = self._talk()
        self._press(talk, "action_begin")
        self.assertEqual(self._choose(talk, "BankApp"), "tan")
        self.assertTrue(talk.in_app)
        self.assertFalse(talk.message)
        for _ in range(2):
            self.assertEqual(self._press(talk, "action_confirm"), "tan")
            self.assertIn("not seen", talk.message)
            self.assertTrue(talk.in_app)
        self.bank.confirmed = True
        self.assertEqual(self._press(talk, "action_confirm"), "done")

    def test_picture_and_code(self):
        talk = self._talk()
        self._press(talk, "action_begin")
        self._choose(talk, "photoTAN")
        self.assertTrue(talk.picture)
        other = self._talk()
        self._press(other, "action_begin")
        self._choose(other, "chipTAN")
        self.assertFalse(other.picture)
        self.assertIn("88712345", other.typed)

    def test_a_bank_that_needs_no_tan(self):
        self.bank.ways = ()
        talk = self._talk()
        self.assertEqual(self._press(talk, "action_begin"), "done")
        self.assertEqual(self.source.fints_state, "connected")
        self.assertFalse(self.source.fints_valid_until)

    def test_a_journal_without_number_chooses_its_account(self):
        journal = self._create_journal("FT2")
        self.source.journal_id = journal
        self.bank.ways = ()
        talk = self._talk()
        self.assertEqual(self._press(talk, "action_begin"), "account")
        self.assertEqual(len(talk.choice_ids), 2)
        self._choose(talk, talk.choice_ids[1].name)
        self.assertEqual(self.source.fints_iban, "DE91100200300000654321")
        self.assertEqual(journal.bank_account_id.sanitized_acc_number, self.source.fints_iban)

    def test_a_foreign_account_is_not_taken(self):
        self.source.journal_id = self._create_journal("FT3", "DE02120300000000202051")
        self.bank.ways = ()
        talk = self._talk()
        self.assertEqual(self._press(talk, "action_begin"), "failed")
        self.assertIn("DE02120300000000202051", talk.message)
        self.assertEqual(self.source.fints_state, "new")
        self.assertFalse(self.source.live)

    def test_challenges_cannot_bring_scripts(self):
        talk = self._talk()
        way = self.fints.WAYS[1]
        evil = type(way)(way.code, way.tech, way.name, challenge="<script>x</script><b>TAN</b>")
        talk.challenge = evil.challenge
        self.assertNotIn("script", talk.challenge)
        self.assertIn("<b>TAN</b>", talk.challenge)

    def test_a_wrong_tan_leaves_the_access_as_it_was(self):
        talk = self._talk()
        self._press(talk, "action_begin")
        self._choose(talk, "photoTAN")
        self.assertEqual(self._press(talk, "action_confirm", tan="1"), "failed")
        self.assertIn("TAN", talk.message)
        self.assertEqual(self.source.fints_state, "new")
        self.assertEqual(self._press(talk, "action_again"), "pin")

    def test_a_wrong_pin_is_said_and_counted(self):
        talk = self._talk()
        self.assertEqual(self._press(talk, "action_begin", pin="falsch"), "failed")
        self.assertIn("9942", talk.message)
        self.assertNotIn("falsch)", talk.message)
        self.assertEqual(self.source.fints_state, "pin_wrong")
        self.assertEqual(self.bank.wrong_pins, 1)

    def test_locked_until_somebody_says_that_it_is_not(self):
        self.bank.locked = True
        talk = self._talk()
        self._press(talk, "action_begin")
        self.assertEqual(self.source.fints_state, "locked")
        self._press(talk, "action_again")
        with self.assertRaises(UserError):
            self._press(talk, "action_begin")
        self.bank.locked = False
        talk.unlocked = True
        self.assertEqual(self._press(talk, "action_begin"), "way")

    def test_what_is_missing_is_said_before_the_bank_is_asked(self):
        talk = self._talk()
        with self.assertRaises(UserError):
            self._press(talk, "action_begin", pin="")
        self.source.fints_product = False
        self.assertEqual(self._press(talk, "action_begin"), "failed")
        self.assertIn("registration", talk.message)
        self.source.fints_product = self.bank.product
        self.source.fints_bank_code = "123"
        self._press(talk, "action_again")
        self.assertEqual(self._press(talk, "action_begin"), "failed")
        self.assertIn("123", talk.message)
        self.assertEqual(self.bank.logins, 0)

    def test_a_bank_that_is_not_there(self):
        self.source.fints_address = "http://127.0.0.1:9/x"
        talk = self._talk()
        self.assertEqual(self._press(talk, "action_begin"), "failed")
        self.assertIn("reached", talk.message)
        self.assertEqual(self.source.fints_state, "new")

    def test_another_user_has_to_connect_anew(self):
        source = self._connect(remember=True)
        self.assertTrue(source.fints_pin_stored)
        source.fints_address = source.fints_address
        self.assertEqual(source.fints_state, "connected")
        source.fints_user = "somebody"
        self.assertEqual(source.fints_state, "new")
        self.assertFalse(source.fints_pin_stored)
        self.assertFalse(source.sudo().fints_data)

    def test_the_connection_test(self):
        self.source.action_check()
        self.assertFalse(self.source.check_ok)
        self._connect()
        self.source.action_check()
        self.assertTrue(self.source.check_ok)
        self.assertEqual(self.source.status, "hand")
        self.source.sudo()._fints_remember(self.bank.pin)
        self.source.action_check()
        self.assertTrue(self.source.check_ok)
        self.assertIn("Testbank", self.source.check_result)
        self.assertEqual(self.source.status, "ok")
        self.bank.strong = False
        self.source.action_check()
        self.assertFalse(self.source.check_ok)
        self.assertEqual(self.source.fints_state, "tan")

    def test_a_new_user_id_is_shown(self):
        self.bank.new_user = "muster9999"
        self._connect()
        self.assertIn("muster9999", self.source.fints_notice)
