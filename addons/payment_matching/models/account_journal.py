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

    # Differences
    match_four_eyes = fields.Boolean(
        "Two people for write-offs",
        help="Amounts above the limit are written off when a second person approves.",
    )
    match_four_eyes_limit = fields.Float("Without approval up to", digits=(16, 2))

    def _match_difference_account(self, *, loss: bool):
        """Return where differences are booked: the journal's account, else the company's."""
        company = self.company_id
        if loss:
            return self.loss_account_id or company.default_cash_difference_expense_account_id
        return self.profit_account_id or company.default_cash_difference_income_account_id
