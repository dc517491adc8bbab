from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    filed_invoice_count = fields.Integer("Filed invoices", compute="_compute_filed_invoice_count")

    @api.depends("invoice_ids.filed_attachment_id")
    def _compute_filed_invoice_count(self):
        for order in self:
            order.filed_invoice_count = len(order.invoice_ids.filtered("filed_attachment_id"))

    def _prepare_invoice(self):
        """Override of `sale`: what is paid already must not be asked for again."""
        values = super()._prepare_invoice()
        if self.automation_policy_id and self.prepaid_amount and self._is_paid():
            method = self.automation_payment_method_id.name
            values["paid_in_advance"] = (
                self.env._("Paid in advance: %s", method)
                if method
                else self.env._("Paid in advance")
            )
        return values

    def _automation_is_settled(self) -> bool:
        """Override: an order is done when its invoices are filed."""
        # sudo: the state is the same whoever causes it to be derived
        waiting = any(move.filing_state == "due" for move in self.sudo().invoice_ids)
        return not waiting and super()._automation_is_settled()

    def action_open_filed_invoices(self):
        """Show the filed invoices; a single one is downloaded."""
        self.ensure_one()
        filed = self.invoice_ids.filtered("filed_attachment_id")
        if len(filed) == 1:
            return filed.action_open_filed()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice")
        return {**action, "domain": [("id", "in", filed.ids)], "context": {"create": False}}
