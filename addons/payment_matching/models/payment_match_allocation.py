from odoo import fields, models


class PaymentMatchAllocation(models.Model):
    """What somebody confirmed: so much of this payment pays this document. Kept when undone."""

    _name = "payment.match.allocation"
    _description = "Confirmed payment"
    _order = "id desc"

    line_id = fields.Many2one(
        "account.bank.statement.line",
        "Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    invoice_id = fields.Many2one("account.move", readonly=True, index="btree_not_null")
    amount = fields.Monetary(readonly=True, help="Part of the payment; signed as the payment.")
    discount = fields.Monetary("Cash discount", readonly=True)
    write_off = fields.Monetary("Written off", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        "Journal item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    confidence = fields.Float(readonly=True, digits=(6, 4))
    automatic = fields.Boolean("Without a person", readonly=True)
    user_id = fields.Many2one("res.users", "Confirmed by", readonly=True)
    confirmed = fields.Datetime("Confirmed on", readonly=True, default=fields.Datetime.now)
    undone = fields.Datetime("Taken back on", readonly=True)
    undone_by_id = fields.Many2one("res.users", "Taken back by", readonly=True)
    undone_why = fields.Char("Taken back because", readonly=True)
