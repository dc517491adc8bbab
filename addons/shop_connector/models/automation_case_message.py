from odoo import models


class AutomationCase(models.Model):
    _inherit = "automation.case"

    def _on_closed(self):
        """Override of `automation_core`: who resolves the case of a message wants it told."""
        result = super()._on_closed()
        cases = self.filtered(
            lambda case: case.state == "resolved" and case.code.startswith("shop:message:")
        )
        if cases:
            # sudo: the outbox is written by the program only
            messages = self.env["shop.message"].sudo()
            messages.search(
                [
                    ("sale_order_id", "in", cases.mapped("res_id")),
                    ("kind", "in", [case.code.rpartition(":")[2] for case in cases]),
                    ("state", "=", "failed"),
                ]
            )._requeue()
        return result
