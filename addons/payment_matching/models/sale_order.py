from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    payment_allocation_ids = fields.One2many(
        "payment.match.allocation", "order_id", "Payments", readonly=True, copy=False
    )
