from odoo import models


class SaleOrder(models.Model):
    """What the hold rules have to hear of orders."""

    _inherit = "sale.order"

    def _action_cancel(self):
        """Override of `sale`: an order much like a cancelled one may no longer be a duplicate."""
        result = super()._action_cancel()
        self.env["automation.rule"]._recheck("duplicate")
        return result
