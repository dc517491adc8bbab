from odoo import api, fields, models

from .engine_memo import memo_of

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

    # ------------------------------------------------------------------
    # Confirmation of many orders at once
    # ------------------------------------------------------------------

    def _action_launch_stock_rule(self, **kwargs):
        """Override of `sale_stock`: the orders' references are made together, not one by one."""
        if memo_of(self.env) is not None:
            self._create_stock_references()
        return super()._action_launch_stock_rule(**kwargs)

    def _create_stock_references(self) -> None:
        """Make the references core is about to make, of orders whose goods were never asked for."""
        first = {}
        for line in self:
            if line.order_id not in first and line._starts_delivery():
                first[line.order_id] = line
        vals_list = [
            line.with_company(line.company_id)._prepare_reference_vals() for line in first.values()
        ]
        self.env["stock.reference"].create(vals_list)

    def _starts_delivery(self) -> bool:
        """Whether core will make a reference for this line's order, seen without a query."""
        order = self.order_id
        return (
            self.state == "sale"
            and not order.locked
            and not order.stock_reference_ids
            and self.product_id.type == "consu"
            and self.product_uom_qty > 0
            and not self.move_ids
        )
