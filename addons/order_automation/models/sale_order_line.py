from odoo import api, models

CHECKED_FIELDS = frozenset(
    {"product_id", "product_uom_qty", "price_unit", "discount", "tax_ids", "name"}
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._automation_recheck()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if CHECKED_FIELDS & set(vals):
            self.order_id._automation_recheck()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._automation_recheck()
        return result
