"""What a person has to know of an order's payments."""

from odoo import models

SHORT = "payment:short"
OVER = "payment:over"
TAKEN_BACK = "payment:taken_back"
RETURNED = "payment:returned"
CANCELLED = "payment:cancelled"
# these are answered as soon as the order is paid
UNPAID = frozenset({SHORT, TAKEN_BACK, RETURNED})


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # ------------------------------------------------------------------
    # Settle
    # ------------------------------------------------------------------

    def _register_prepaid(self, amount, source):
        """Override of `order_automation`: with the money here nobody has to ask for it."""
        result = super()._register_prepaid(amount, source)
        self._match_settle_cases()
        return result

    def _match_settle_cases(self) -> None:
        # sudo: whoever lets the money be counted need not be allowed to close cases
        paid = self.sudo().filtered(lambda order: order._is_paid())
        cases = paid.automation_case_ids.filtered(
            lambda case: case.state == "open" and case.code in UNPAID
        )
        cases._close_by_itself(self.env._("The order is paid."))
        repaid = self.sudo().filtered(lambda order: order.prepaid_amount <= 0)
        cases = repaid.automation_case_ids.filtered(
            lambda case: case.state == "open" and case.code == CANCELLED
        )
        cases._close_by_itself(self.env._("The money was paid back."))

    # ------------------------------------------------------------------
    # Raise
    # ------------------------------------------------------------------

    def _match_raise_short(self) -> None:
        """Tell of orders that wait for money although a part of it came."""
        self.env["automation.case"]._raise(
            {
                "record": order,
                "code": SHORT,
                "blocking": False,
                "name": self.env._("Paid too little"),
                "explanation": self.env._(
                    "Only a part of the money came. The order waits: write to the customer, or"
                    " accept it as paid and the rest is written off."
                ),
                "seen": f"{order.prepaid_amount:.2f}",
            }
            for order in self
            if order.state in ("draft", "sent") and order.prepaid_amount and not order._is_paid()
        )

    def _match_missing(self) -> float:
        """Return what still has to be paid."""
        missing = self.amount_total - self.prepaid_amount - self.prepaid_waived
        return max(0.0, self.currency_id.round(missing))

    def _match_raise_cancelled(self) -> None:
        """Tell of money that came for cancelled orders."""
        self.env["automation.case"]._raise(
            {
                "record": order,
                "code": CANCELLED,
                "blocking": False,
                "name": self.env._("Paid, but cancelled"),
                "explanation": self.env._(
                    "Money is here for an order that was cancelled. It is the customer's credit:"
                    " pay it back, or take the order up again."
                ),
                "seen": f"{order.prepaid_amount:.2f}",
            }
            for order in self
            if order.state == "cancel" and order.prepaid_amount > 0
        )

    def _match_raise_unpaid(self, code: str, name: str, why: str) -> None:
        """Hold orders that are not paid any more; where goods have left, only tell of it."""
        self.env["automation.case"]._raise(
            {
                "record": order,
                "code": code,
                "blocking": not order._match_goods_left(),
                "name": name,
                "explanation": "\n".join([why, order._match_consequence()]),
                "seen": f"{order.prepaid_amount:.2f}",
            }
            for order in self
            if order.state == "sale" and order._match_needs_money()
        )

    def _match_needs_money(self) -> bool:
        """Whether the order must not go without being paid, and is not."""
        policy = self.automation_policy_id
        return bool(policy) and policy._waits_for_payment(self) and not self._is_paid()

    def _match_goods_left(self) -> bool:
        """Whether a part of the goods is out of the house."""
        return any(
            picking.state == "done" or picking.handed_over_date
            for picking in self._automation_deliveries()
        )

    def _match_consequence(self) -> str:
        if self._match_goods_left():
            return self.env._("Goods have left already: they are not paid now.")
        return self.env._("The goods are held until the order is paid.")

    def _match_raise_taken_back(self) -> None:
        self._match_raise_unpaid(
            TAKEN_BACK,
            self.env._("Payment taken back"),
            self.env._("A payment that had been matched with this order was taken back."),
        )

    # ------------------------------------------------------------------
    # Overrides of sale
    # ------------------------------------------------------------------

    def _action_cancel(self):
        """Override of `sale`: money for a cancelled order wants to be paid back."""
        result = super()._action_cancel()
        # sudo: whoever may cancel need not be allowed to see payments
        paid = self.sudo().filtered("prepaid_amount")
        paid.filtered("payment_allocation_ids")._match_raise_cancelled()
        return result

    def action_draft(self):
        """Override of `sale`: an order that is taken up again uses its money."""
        result = super().action_draft()
        self.env["automation.case"]._settle(self, codes=[CANCELLED])
        return result
