from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    shop_account_id = fields.Many2one("shop.account", "Shop", readonly=True, copy=False)
    shop_line_id = fields.Char(
        "Line in the shop", readonly=True, copy=False, help="The shop's own id of this line."
    )

    # a line that comes again under another order is found by these for every batch of orders
    _shop_line_idx = models.Index("(shop_account_id, shop_line_id) WHERE shop_line_id IS NOT NULL")
