from odoo import models

from .account_move import CASE


class AutomationCase(models.Model):
    _inherit = "automation.case"

    def _on_closed(self):
        """Override: an invoice that could not be filed is tried at once, or as a plain PDF."""
        for case in self.filtered(lambda case: case.code == CASE and case.resolved_by_id):
            # sudo: filing is the program's business; the person closed the case
            moves = case.sudo().order_id.invoice_ids
            moves._filing_retry(plain=case.state == "overridden")
        return super()._on_closed()
