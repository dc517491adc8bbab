from odoo import fields, models


class AutomationPaymentMethod(models.Model):
    """How a buyer pays, as far as the order's way depends on it."""

    _name = "automation.payment.method"
    _description = "Payment method of orders"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short technical name, the same for all shops.")
    kind = fields.Selection(
        [
            ("prepayment", "Prepayment: goods leave after the money came"),
            ("paid", "Already paid to the shop or marketplace"),
            ("invoice", "On invoice"),
            ("cod", "Cash on delivery"),
            ("debit", "Direct debit"),
        ],
        required=True,
        default="prepayment",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is already a payment method with this code."
    )
