"""What a person can do about an order that was paid too little or too much."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sale_order_case_book import OVER, SHORT


class AutomationCase(models.Model):
    _inherit = "automation.case"

    payment_question = fields.Selection(
        [("short", "Paid too little"), ("over", "Paid too much")],
        "About a payment",
        compute="_compute_payment_question",
    )

    @api.depends("code", "state")
    def _compute_payment_question(self):
        kinds = {SHORT: "short", OVER: "over"}
        for case in self:
            case.payment_question = kinds.get(case.code) if case.state == "open" else False

    def _payment_order(self):
        """Return the order of the case, for people who may decide about money."""
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only people with the right to write invoices do this."))
        if not self.order_id:
            raise UserError(self.env._("This case is not about an order."))
        # sudo: accounting decides about the order's money, also without rights to sell
        return self.order_id.sudo()

    def action_payment_accept(self):
        """Take the order as paid; what is missing is written off with its invoice."""
        for case in self:
            case._payment_order()._match_accept_rest()
        return True

    def action_payment_wait(self):
        """Leave it as it is: the customer will pay the rest."""
        return self.action_resolve()

    def action_payment_write(self):
        """Open a mail to the customer with what is missing, or too much, already written."""
        order = self._payment_order()
        return order._match_compose(self.payment_question)
