from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_matching.models.payment_match_target import Target

from .common_book import BookCommon


@tagged("post_install", "-at_install")
class TestBookOrder(BookCommon):
    """Money for prepayment orders, from the bank line to the settled invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_prepaid()

    def test_confirm_books_and_releases(self):
        self.assertEqual(self.order.automation_state, "waiting_payment")
        line = self._pay(self.order, 119)
        self.assert_items(line.move_id, (self.bank, 119), (self.receivable, -119))
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.match_state, "matched")
        self.assertEqual(line.partner_id, self.partner)
        self.assertEqual(self.order.prepaid_amount, 119)
        allocation = line.allocation_ids
        self.assertEqual(allocation.amount, 119)
        self.assertEqual(allocation.user_id, self.env.user)
        self.assertEqual(allocation.move_line_id.account_id, self.receivable)
        self._run(self.order)
        self.assertEqual(self.order.automation_state, "released")
        self.assertIn("payment", self.order.automation_log_ids.mapped("code"))

    def test_invoice_is_settled_when_it_is_posted(self):
        line = self._pay(self.order, 119)
        invoice = self._invoice_order(self.order)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertTrue(invoice.paid_in_advance)
        self.assertTrue(line.allocation_ids.move_line_id.reconciled)

    def test_two_payments(self):
        first = self._pay(self.order, 50)
        self.assertEqual(self.order.automation_state, "waiting_payment")
        self.assertTrue(self._cases(self.order, "payment:short"))
        second = self._pay(self.order, 69)
        self.assertEqual(self.order.prepaid_amount, 119)
        self.assertFalse(self._cases(self.order, "payment:short"))
        invoice = self._invoice_order(self.order)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertTrue(all((first | second).allocation_ids.move_line_id.mapped("reconciled")))

    def test_two_orders(self):
        other = self._create_prepaid()
        line = self._create_payment(238, "both")
        line._match_confirm([Target(self.order), Target(other)])
        self.assert_items(
            line.move_id, (self.bank, 238), (self.receivable, -119), (self.receivable, -119)
        )
        self.assertEqual((self.order | other).mapped("prepaid_amount"), [119, 119])

    def test_paid_twice(self):
        self._pay(self.order, 119)
        with self.assertRaises(UserError):
            self._pay(self.order, 119)

    def test_undo(self):
        line = self._create_payment(119, "x")
        before = self._items(line.move_id)
        line._match_confirm([Target(self.order)])
        line.action_match_undo()
        self.assertEqual(self._items(line.move_id), before)
        self.assertEqual(self.order.prepaid_amount, 0)
        self.assertEqual(line.match_state, "waiting")
        self.assertFalse(line.partner_id)
        self.assertEqual(line.allocation_ids.state, "undone")
        self.assertEqual(line.allocation_ids.undone_by_id, self.env.user)
        self.assertEqual(self.order.automation_state, "waiting_payment")

    def test_proposals_in_bulk(self):
        other = self._create_prepaid()
        lines = self._create_payment(119, self.order.name) | self._create_payment(119, other.name)
        proposals = self.env["payment.match.proposal"].create(
            [
                {"line_id": line.id, "rank": 1, "order_ids": order.ids, "confidence": 0.99}
                for line, order in zip(lines, self.order | other, strict=True)
            ]
        )
        result = proposals.action_confirm()
        self.assertEqual(result, {"confirmed": lines.ids, "failed": []})
        result = proposals.action_confirm()
        self.assertFalse(result["confirmed"])
        self.assertEqual([one["line_id"] for one in result["failed"]], lines.ids)
