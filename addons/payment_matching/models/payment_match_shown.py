"""Small ways between the screen "Match payments" and the usual views."""

from odoo import api, models
from odoo.exceptions import UserError


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def action_open_entry(self):
        """Show the journal entry of the payment."""
        self.ensure_one()
        return self.move_id._get_records_action(name=self.env._("Journal entry"))


class PaymentMatchProposal(models.Model):
    _inherit = "payment.match.proposal"

    @api.depends("order_ids.name", "invoice_ids.name")
    def _compute_display_name(self):
        for proposal in self:
            names = [record.name or "" for record in (*proposal.order_ids, *proposal.invoice_ids)]
            proposal.display_name = ", ".join(names)

    def action_confirm_shown(self):
        """Book this proposal; say why where that fails."""
        self.ensure_one()
        if failed := self.action_confirm()["failed"]:
            raise UserError(failed[0]["reason"])
        return True


class AutomationCounter(models.Model):
    _inherit = "automation.counter"

    def action_open(self):
        """Override of `order_automation`: payments are matched on their own screen."""
        action = super().action_open()
        if action.get("res_model") != "account.bank.statement.line":
            return action
        likely = self.env.ref("payment_matching.counter_likely_payments", raise_if_not_found=False)
        desk = self.env["ir.actions.client"]._for_xml_id(
            "payment_matching.payment_match_desk_action"
        )
        return {**desk, "context": {"desk_pile": "likely" if self == likely else "unclear"}}
