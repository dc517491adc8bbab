from odoo import models

from .sale_order import Standing


class SaleOrder(models.Model):
    """Where an order stands after staff went another way: what they undo is not done again."""

    _inherit = "sale.order"

    def _automation_assess_step(self):
        """Override: an order whose deliveries were cancelled is neither shipped nor invoiced."""
        if self._automation_is_undelivered():
            return Standing("released")
        return super()._automation_assess_step()

    def _automation_is_undelivered(self) -> bool:
        """Whether every delivery to the customer was cancelled."""
        return not self._automation_deliveries() and any(
            picking.location_dest_id.usage == "customer" for picking in self.picking_ids
        )

    def _automation_invoice_due_at(self, done):
        """Override: what staff credited looks uninvoiced, but must not be invoiced again."""
        if self._automation_is_credited():
            return False
        return super()._automation_invoice_due_at(done)

    def _automation_is_credited(self) -> bool:
        """Whether staff credited an invoice; credit notes for returns are the system's own."""
        # sudo: the state is the same whoever causes it to be derived
        return any(
            move.reversed_entry_id and move.state != "cancel" for move in self.sudo().invoice_ids
        )

    def _automation_is_settled(self) -> bool:
        """Override: an invoice that staff left as a draft is none yet."""
        return not self._automation_has_draft() and super()._automation_is_settled()

    def _automation_has_draft(self) -> bool:
        # sudo: see above
        return any(move.state == "draft" for move in self.sudo().invoice_ids)

    def _automation_reason_released(self):
        if self._automation_is_undelivered():
            return self.env._("The delivery was cancelled: deliver anew or cancel the order")
        return super()._automation_reason_released()

    def _automation_reason_shipped(self):
        if not self.automation_due_at and self._automation_is_credited():
            return self.env._("Credited: another invoice is up to staff")
        return super()._automation_reason_shipped()

    def _automation_reason_invoiced(self):
        if self._automation_has_draft():
            return self.env._("The invoice is a draft: it waits to be posted by staff")
        return super()._automation_reason_invoiced()

    def _action_cancel(self):
        """Override of `sale`: nobody has to answer what held a cancelled order."""
        result = super()._action_cancel()
        # sudo: whoever may cancel the order need not be allowed to close cases
        cases = self.sudo().automation_case_ids
        cases.filtered(lambda case: case.state == "open" and case.blocking)._close_by_itself(
            self.env._("The order was cancelled.")
        )
        return result

    def action_draft(self):
        """Override of `sale`: an order that is taken up again is checked again."""
        result = super().action_draft()
        self._automation_recheck()
        return result
