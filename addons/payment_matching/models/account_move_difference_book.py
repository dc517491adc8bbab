"""Cash discount and small differences of orders paid in advance, booked with their invoice."""

from odoo import fields, models
from odoo.fields import Command, Domain


class AccountMove(models.Model):
    _inherit = "account.move"

    payment_difference_for_id = fields.Many2one(
        "account.move",
        "Difference of invoice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Cash discount or difference that was left off when the order was paid.",
    )

    def _match_differences(self):
        """Return the entries of differences of these invoices that count."""
        return self.env["account.move"].search(
            Domain("payment_difference_for_id", "in", self.ids)
            & Domain("state", "=", "posted")
            & Domain("reversal_move_ids", "=", False)
            & Domain("reversed_entry_id", "=", False)
        )

    def _match_make_difference(self, orders, credit: float):
        """Book what was left off when ``orders`` were paid; return the entry, or none.

        ``credit`` is what was paid in advance and is still free.
        """
        none = self.env["account.move"]
        allowed = sum(order.prepaid_waived + order._match_tolerance() for order in orders)
        if self.currency_id.is_zero(allowed):
            return none
        used = orders.invoice_ids._match_differences()._match_difference_amount()
        discount, rest = self._match_difference(orders, credit, allowed - used)
        if self.currency_id.is_zero(discount + rest):
            return none
        account = self._match_loss_account(orders) if rest else None
        entry = self.create(self._match_difference_vals(discount, rest, account))
        entry.action_post()
        return entry

    def _match_difference_amount(self) -> float:
        """Return how much these entries have left off."""
        lines = self.line_ids.filtered(lambda line: line.account_id.reconcile)
        return -sum(lines.mapped("amount_currency"))

    def _match_difference(self, orders, credit: float, allowed: float) -> tuple[float, float]:
        """Return the cash discount and the small difference that this invoice is left off."""
        currency = self.currency_id
        due = sum(self._match_term_lines().mapped("amount_residual_currency"))
        rest = currency.round(due - credit)
        promised = any(orders.payment_allocation_ids._booked().mapped("discount"))
        discount = min(self._match_discount_allowed() if promised else 0.0, allowed)
        if currency.compare_amounts(rest, 0.0) <= 0 or currency.compare_amounts(rest, allowed) > 0:
            return currency.round(max(discount, 0.0)), 0.0
        if promised and rest - discount <= 5 * currency.rounding:
            discount = rest  # the last invoice of the order takes the cents of rounding
        discount = min(discount, rest)
        return currency.round(discount), currency.round(rest - discount)

    def _match_loss_account(self, orders):
        journals = orders.payment_allocation_ids._booked().line_id.journal_id
        return journals[:1]._match_difference_account(loss=True)

    def _match_difference_vals(self, discount: float, rest: float, account) -> dict:
        """Return the entry that leaves ``discount`` and ``rest`` off this invoice."""
        counterpart, terms = self._match_counterpart()
        items = self._match_discount_values(discount) if discount else []
        if rest:
            rate = terms[0].balance / terms[0].amount_currency
            items.append(
                {
                    "account_id": account.id,
                    "name": self.env._("Difference: %s", self.name),
                    "partner_id": self.commercial_partner_id.id,
                    "currency_id": self.currency_id.id,
                    "amount_currency": rest,
                    "balance": self.company_currency_id.round(rest * rate),
                }
            )
        items.append(
            {
                "account_id": counterpart.id,
                "name": self.name,
                "partner_id": self.commercial_partner_id.id,
                "currency_id": self.currency_id.id,
                "amount_currency": -sum(item["amount_currency"] for item in items),
                "balance": -sum(item["balance"] for item in items),
            }
        )
        return {
            "move_type": "entry",
            "journal_id": self._match_difference_journal().id,
            "date": self.date,
            "ref": self.env._("Left off: %s", self.name),
            "payment_difference_for_id": self.id,
            "line_ids": [Command.create(item) for item in items],
        }

    def _match_difference_journal(self):
        """Return the journal for miscellaneous entries."""
        journals = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company_id.id)]
        )
        company = self.company_id
        special = company.currency_exchange_journal_id | company.tax_cash_basis_journal_id
        return (journals - special)[:1] or journals[:1]
