import logging

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from ..lib.vault import seal, unseal
from .common import FintsCase

SECRETS = ("fints_pin_sealed", "fints_data")


@tagged("post_install", "-at_install")
class TestRights(FintsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = new_test_user(
            cls.env, "fints_bookkeeper", "account.group_account_invoice", company_id=cls.company.id
        )
        cls.manager = new_test_user(
            cls.env, "fints_manager", "account.group_account_manager", company_id=cls.company.id
        )

    def test_the_pin_is_in_no_column_no_log_and_no_message(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            source = self._connect(remember=True)
            self._press(self._talk("fetch"), "action_begin")
        for secret in (self.bank.pin, self.bank.tan):
            self.assertNotIn(secret, "\n".join(logs.output))
        self.env.flush_all()
        for table in ("payment_source", "payment_fints", "payment_fints_choice", "mail_message"):
            self.env.cr.execute(f"SELECT t::text FROM {table} t")
            kept = "\n".join(row[0] for row in self.env.cr.fetchall())
            self.assertNotIn(self.bank.pin, kept)
            self.assertNotIn(self.bank.tan, kept)
        self.assertEqual(source._fints_pin(), self.bank.pin)

    def test_a_talk_has_no_columns_for_secrets(self):
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'payment_fints'"
        )
        columns = {row[0] for row in self.env.cr.fetchall()}
        self.assertFalse(columns & {"pin", "tan"})
        self.assertIn("pause", columns)

    def test_nobody_reads_the_secrets(self):
        source = self._connect(remember=True)
        admin = self.env.ref("base.user_admin")
        for user in (self.bookkeeper, self.manager, admin):
            for name in SECRETS:
                with self.assertRaises(AccessError):
                    source.with_user(user).read([name])
            self.assertNotIn("fints_pin_sealed", source.with_user(user).fields_get())
        with self.assertRaises(AccessError):
            source.with_user(admin).export_data(["fints_pin_sealed"])

    def test_copies_have_no_access(self):
        source = self._connect(remember=True)
        copy = source.copy()
        self.assertEqual(copy.fints_state, "new")
        self.assertFalse(copy.fints_user)
        self.assertFalse(copy.sudo().fints_pin_sealed)

    def test_a_bookkeeper_fetches_but_does_not_connect(self):
        source = self._connect().with_user(self.bookkeeper)
        with self.assertRaises(AccessError):
            source.action_fints_connect()
        action = source.action_fetch_now()
        talk = self.env["payment.fints"].with_user(self.bookkeeper).browse(action["res_id"])
        talk.invalidate_recordset()
        self.assertEqual(self._press(talk, "action_begin"), "done")
        self.assertEqual(len(self._lines(self.journal)), 6)
        self.assertFalse(self.source.fints_pin_stored)
        talk.write({"purpose": "connect", "step": "pin"})
        with self.assertRaises(AccessError):
            self._press(talk, "action_begin")

    def test_only_administrators_store_the_pin(self):
        source = self._connect().with_user(self.manager)
        talk = (
            self.env["payment.fints"]
            .with_user(self.manager)
            .create({"source_id": source.id, "purpose": "fetch"})
        )
        with self.assertRaises(AccessError):
            talk.remember = True
        talk.invalidate_recordset()
        self._press(talk, "action_begin")
        self.assertFalse(self.source.fints_pin_stored)
        self.source.sudo()._fints_remember(self.bank.pin)
        source.action_fints_forget_pin()
        self.assertFalse(self.source.fints_pin_stored)

    def test_a_neutralized_database_cannot_log_in(self):
        source = self._connect(remember=True)
        self.env.flush_all()
        with file_open("payment_matching_fints/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(source._fints_pin())
        self.assertFalse(source.fints_pin_stored)
        self.assertFalse(source.sudo().fints_data)
        self.assertEqual(source.fints_state, "new")

    def test_a_talk_is_ones_own(self):
        talk = self._talk("fetch", self._connect())
        with self.assertRaises(AccessError):
            talk.with_user(self.bookkeeper).read(["message"])

    def test_another_key_opens_nothing(self):
        sealed = seal("1234", "one")
        self.assertNotIn("1234", sealed)
        self.assertEqual(unseal(sealed, "one"), "1234")
        self.assertEqual(unseal(sealed, "two"), "")
        self.assertEqual(unseal("rubbish", "one"), "")
