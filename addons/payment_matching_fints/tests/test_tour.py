from odoo.tests import HttpCase, new_test_user, tagged

from .common import FintsCase


@tagged("post_install", "-at_install")
class TestTour(FintsCase, HttpCase):
    """The talk in a real browser, which has to bring PIN and TAN along."""

    def test_connect_and_fetch(self):
        new_test_user(
            self.env,
            "fints clerk",
            "account.group_account_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        address = f"/odoo/payment.source/{self.source.id}"
        self.start_tour(address, "payment_fints_connect", login="fints clerk")
        self.assertEqual(self.source.fints_state, "connected")
        self.assertFalse(self.source.fints_pin_stored)
        self.assertEqual(self.bank.wrong_pins, 1)
        self.assertEqual(len(self._lines(self.journal)), 6)
