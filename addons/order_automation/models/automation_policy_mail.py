from odoo import fields, models


class AutomationPolicy(models.Model):
    _inherit = "automation.policy"

    mail_bank_id = fields.Many2one(
        "res.partner.bank",
        "Bank account for prepayments",
        help="Printed in payment instructions. Empty: the company's first account.",
    )
