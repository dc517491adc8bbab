from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _filing_succeeded(self):
        """Override of `order_automation` to hand filed documents to the shop."""
        result = super()._filing_succeeded()
        self.env["shop.message"]._enqueue(
            "invoice",
            [
                (order, move)
                for move in self
                for order in move._filing_orders()
                if order._shop_is_told("invoice")
            ],
        )
        return result
