from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    shop_line_id = fields.Char(
        "Line in the shop", readonly=True, copy=False, help="The shop's own id of this line."
    )
