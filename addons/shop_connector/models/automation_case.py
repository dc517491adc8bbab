from odoo import models


class AutomationCase(models.Model):
    _inherit = "automation.case"

    def _on_closed(self):
        """Override of `automation_core`: who resolves an order's quarantine wants it retried."""
        result = super()._on_closed()
        resolved = self.filtered(
            lambda case: case.res_model == "shop.order" and case.state == "resolved"
        )
        orders = self.env["shop.order"].browse(resolved.mapped("res_id")).exists()
        orders.filtered(lambda order: order.state == "quarantined" and order.digest).action_retry()
        return result
