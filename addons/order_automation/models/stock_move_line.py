from odoo import api, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `stock`: create with it the lines whose goods a batch has reserved."""
        new_lines = self.env.context.get("automation_new_lines")
        if not new_lines:
            return super().create(vals_list)
        reserved = self.with_context(automation_new_lines=None, automation_reserved=True)
        super(StockMoveLine, reserved).create(new_lines)
        new_lines.clear()
        return super().create(vals_list)
