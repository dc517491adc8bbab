from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    match_payments = fields.Boolean(
        "Match payments", help="Propose orders and invoices for the payments of this journal."
    )
    match_threshold = fields.Float(
        "Likely from",
        default=0.95,
        digits=(4, 3),
        help="Proposals with at least this confidence go to the pile “Likely”.",
    )
    match_automatic = fields.Float(
        "Confirm by itself from",
        digits=(4, 3),
        help="Likely proposals with at least this confidence are confirmed without a person. "
        "0: never.",
    )
