from odoo import api, fields, models

CHECKED_FIELDS = frozenset(
    {"product_id", "product_uom_qty", "price_unit", "discount", "tax_ids", "name", "unknown_sku"}
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    unknown_sku = fields.Char(
        "Unknown article number",
        copy=False,
        help="The shop's article number no product was found for; "
        "the line has a placeholder until the right product is chosen.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._automation_recheck()
        return lines

    def write(self, vals):
        """A chosen product settles the unknown article number; orders are checked again."""
        if vals.get("product_id") and "unknown_sku" not in vals:
            vals = {**vals, "unknown_sku": False}
        result = super().write(vals)
        if CHECKED_FIELDS & set(vals):
            self.order_id._automation_recheck()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders._automation_recheck()
        return result
