from odoo import api, models

from .engine_memo import memo_of


class AccountMove(models.Model):
    """Invoicing many orders at once: what is the same for all invoices is looked up once."""

    _inherit = "account.move"

    def _search_default_journal(self):
        """Override of `account`: the journal depends on company, kind and currency only."""
        memo = memo_of(self.env)
        if memo is None or self.move_type != "out_invoice" or self.statement_line_ids:
            return super()._search_default_journal()
        known = self.env.cache.contains(self, self._fields["currency_id"])
        key = ("journal", self.company_id.id, self.currency_id.id if known else None)
        return memo.once(key, super()._search_default_journal)


class AccountAnalyticDistributionModel(models.Model):
    _inherit = "account.analytic.distribution.model"

    @api.model
    def _get_distribution(self, vals):
        """Override of `analytic`: without any rule of distribution there is none to search for."""
        memo = memo_of(self.env)
        if memo is None:
            return super()._get_distribution(vals)
        # sudo: whether there are any, whoever may see them
        having = memo.once(
            "distribution",
            lambda: bool(self.sudo().with_context(active_test=False).search_count([], limit=1)),
        )
        return super()._get_distribution(vals) if having else {}
