from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    payment_allocation_ids = fields.One2many(
        "payment.match.allocation", "invoice_id", "Matched payments", readonly=True, copy=False
    )
