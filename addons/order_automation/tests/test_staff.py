from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import AutomationCommon


@tagged("post_install", "-at_install")
class TestStaff(AutomationCommon):
    """What staff do by hand to an automated order is not undone or done again by the engine."""

    def hold(self, order):
        return self.env["automation.case"]._raise(
            [{"record": order, "code": "data:test", "name": "Please look"}]
        )

    def test_a_cancelled_delivery_is_neither_shipped_nor_invoiced(self):
        fee = self._create_product("Shipping", type="service", invoice_policy="order")
        order = self._create_orders()
        order.order_line = [(0, 0, {"product_id": fee.id})]
        self._run(order)
        order.picking_ids.action_cancel()
        self._run(order)
        self.assertFalse(order.invoice_ids, "not even the shipping costs")
        self.assertEqual((order.automation_state, order.automation_due), ("released", False))
        self.assertIn("cancelled", order.automation_reason)

    def test_the_rest_of_a_partial_delivery_may_be_cancelled(self):
        order = self._create_orders(quantity=3)
        self._run(order)
        self._ship(order, 1)
        self._run(order)
        order.picking_ids.filtered(lambda picking: picking.state != "done").action_cancel()
        self._run(order)
        self.assertEqual(order.automation_state, "invoiced")
        self.assertEqual(order.invoice_ids.invoice_line_ids.quantity, 1)

    def test_what_staff_credited_is_not_invoiced_again(self):
        order = self._create_orders()
        self._run(order)
        self._ship(order)
        self._run(order)
        invoice = order.invoice_ids
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        credit = self.env["account.move"].browse(reversal.reverse_moves()["res_id"])
        credit.action_post()
        self._run(order)
        self.assertEqual(order.invoice_ids, invoice | credit)
        self.assertFalse(order.automation_due)
        self.assertIn("Credited", order.automation_reason)

    def test_an_order_with_a_draft_invoice_is_not_done(self):
        order = self._create_orders()
        self._run(order)
        self._ship(order)
        order._create_invoices()
        self._run(order)
        self.assertEqual(order.automation_state, "invoiced")
        self.assertIn("draft", order.automation_reason)

    def test_cancelling_closes_what_held_the_order_and_taking_up_checks_again(self):
        order = self._create_orders()
        case = self.hold(order)
        self._run(order)
        order._action_cancel()
        self.assertEqual((case.state, order.automation_state), ("resolved", "cancelled"))
        order.action_draft()
        self.assertEqual((order.automation_state, order.automation_due), ("new", "check"))

    def test_nobody_moves_a_case_to_another_order(self):
        order, other = self._create_orders(2)
        case = self.hold(order)
        user = new_test_user(self.env, "case_user", groups="automation_core.group_automation_user")
        for values in ({"order_id": other.id}, {"order_id": False}, {"company_id": False}):
            with self.assertRaises(AccessError):
                case.with_user(user).write(values)
        case.with_user(user).write({"user_id": user.id, "resolution": "Called the buyer"})
        self.assertEqual(order.automation_state, "held")
