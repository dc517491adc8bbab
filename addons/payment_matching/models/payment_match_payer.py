from odoo import fields, models


class PaymentMatchPayer(models.Model):
    """An account that has paid for a customer, learned from confirmed matches."""

    _name = "payment.match.payer"
    _description = "Known payer"
    _order = "count desc, id"

    name = fields.Char("Account", required=True, readonly=True, help="IBAN or id, no blanks.")
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    count = fields.Integer("Times", readonly=True)
    last_date = fields.Date("Last time", readonly=True)

    _payer_uniq = models.UniqueIndex("(name, partner_id, company_id)")
