from odoo.tests import tagged

from odoo.addons.payment_matching.models.payment_match_target import Target

from ..models.account_bank_statement_line import DISPUTE
from .common import PayPalCase


@tagged("post_install", "-at_install")
class TestDispute(PayPalCase):
    def setUp(self):
        super().setUp()
        self.order = self._create_prepaid()
        self.payment = self.server.add_payment(
            f"{self.order.amount_total:.2f}", self.order.name, at=self.ago(30), fee="0"
        )
        self.line = self.fetch()

    def confirm(self):
        self.line._match_confirm([Target(self.order)])
        self._run(self.order)

    def test_a_hold_stops_the_shipment_until_it_is_released(self):
        self.confirm()
        self.assertEqual(self.order.state, "sale")
        self.server.add_hold(self.payment, at=self.ago(5))
        hold = self.fetch()
        self.assertEqual((hold.payment_kind, hold.match_state), ("hold", "aside"))
        case = self._cases(self.order, DISPUTE)
        self.assertTrue(case.blocking)
        self.assertIn(self.payment, case.explanation)
        self.assertTrue(self.order._automation_holding_cases())
        self.server.release_hold(self.payment, at=self.ago(4))
        self.fetch()
        self.assertEqual(case.state, "resolved")
        self.assertFalse(self.order._automation_holding_cases())

    def test_a_payment_in_dispute_that_is_confirmed_later(self):
        self.server.add_hold(self.payment, at=self.ago(5))
        self.fetch()
        self.assertFalse(self._cases(self.order, DISPUTE))
        self.confirm()
        self.assertTrue(self._cases(self.order, DISPUTE).blocking)

    def test_where_goods_have_left_it_is_only_told(self):
        self.confirm()
        self._ship(self.order)
        self.server.add_hold(self.payment, at=self.ago(5))
        self.fetch()
        case = self._cases(self.order, DISPUTE)
        self.assertFalse(case.blocking)
        self.assertIn("have left", case.explanation)

    def test_a_hold_and_its_release_at_once_are_nothing(self):
        self.confirm()
        self.server.add_hold(self.payment, at=self.ago(5))
        self.server.release_hold(self.payment, at=self.ago(4))
        self.fetch()
        self.assertFalse(self._cases(self.order, DISPUTE))

    def test_a_hold_of_another_payment(self):
        self.confirm()
        other = self.server.add_payment("5", at=self.ago(6))
        self.server.add_hold(other, at=self.ago(5))
        self.fetch()
        self.assertFalse(self._cases(self.order, DISPUTE))

    def test_a_payment_taken_back_while_in_dispute_lets_go(self):
        self.confirm()
        self.server.add_hold(self.payment, at=self.ago(5))
        self.fetch()
        case = self._cases(self.order, DISPUTE)
        self.line.action_match_undo()
        self.server.release_hold(self.payment, at=self.ago(4))
        self.fetch()
        self.assertEqual(case.state, "resolved")
