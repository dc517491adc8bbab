from odoo import fields, models
from odoo.exceptions import UserError

CREDITED = ("asset_receivable", "liability_payable")


class AccountMove(models.Model):
    """What a payment has to know of an invoice, and credits that wait for one."""

    _inherit = "account.move"

    payment_allocation_ids = fields.One2many(
        "payment.match.allocation",
        "invoice_id",
        "Matched with payments",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice",
    )
    payment_allocation_count = fields.Integer(
        "Matched payments",
        compute="_compute_payment_allocation_count",
        groups="account.group_account_invoice",
    )

    def _compute_payment_allocation_count(self):
        counts = self.env["payment.match.allocation"]._count("invoice_id", self)
        for move in self:
            move.payment_allocation_count = counts.get(move, 0)

    def action_open_payments(self):
        """Show the payments that were matched with this invoice, also those taken back."""
        return self.env["payment.match.allocation"]._action_open("invoice_id", self)

    # ------------------------------------------------------------------
    # What can be paid
    # ------------------------------------------------------------------

    def _match_term_lines(self):
        """Return the open items of these documents that payments are reconciled with."""
        return self.line_ids.filtered(
            lambda line: line.account_id.account_type in CREDITED and not line.reconciled
        )

    def _match_open_amount(self, sign: int) -> float:
        """Return what is open, positive where money in the direction of ``sign`` settles it."""
        self.ensure_one()
        if not self.is_invoice(include_receipts=True) or self.state != "posted":
            raise UserError(
                self.env._("%s is not posted, so it cannot be paid.", self.display_name)
            )
        return sign * sum(self._match_term_lines().mapped("amount_residual_currency"))

    def _match_counterpart(self, sign: int = 1):
        """Return the account that pays this document and the items it is reconciled with."""
        lines = self._match_term_lines()
        account = lines.account_id[:1]
        return account, lines.filtered(lambda line: line.account_id == account)

    def _match_partner(self):
        return self.commercial_partner_id

    # ------------------------------------------------------------------
    # Cash discount
    # ------------------------------------------------------------------

    def _match_discount_allowed(self) -> float:
        """Return the cash discount of the payment terms, as long as nothing has been paid."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        kind = self.move_type in self._early_payment_discount_move_types()
        # sudo: as core does; whoever books need not see what else was paid
        paid = lines.sudo().matched_debit_ids + lines.sudo().matched_credit_ids
        if not kind or not self.invoice_payment_term_id.early_discount or len(lines) != 1 or paid:
            return 0.0
        return abs(self.currency_id.round(lines.amount_currency - lines.discount_amount_currency))

    def _match_discount_values(self, discount: float) -> list[dict]:
        """Return the items of a cash discount with their taxes, which add up to ``discount``.

        Core splits the discount of the terms; a payer who is some cents off gets the same split,
        scaled.
        """
        line = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        split = self._get_invoice_counterpart_amls_for_early_payment_discount(
            [{"aml": line}], line.balance - line.discount_balance
        )
        values = [vals for part in split.values() for vals in part]
        if not all(vals.get("account_id") for vals in values):
            raise UserError(
                self.env._("Choose in the settings of accounting where cash discounts are booked.")
            )
        return _scaled(values, discount, line)


def _scaled(values: list[dict], discount: float, line) -> list[dict]:
    """Return the items with amounts that add up to ``discount``; the biggest takes the cents."""
    sign = 1 if line.amount_currency > 0 else -1
    whole = sum(vals["amount_currency"] for vals in values)
    balance = sum(vals["balance"] for vals in values)
    currency, company = line.currency_id, line.company_currency_id
    wanted = currency.round(sign * discount)
    wanted_balance = company.round(balance * wanted / whole)
    result = [
        vals
        | {
            "amount_currency": currency.round(vals["amount_currency"] * wanted / whole),
            "balance": company.round(vals["balance"] * wanted / whole),
        }
        for vals in values
    ]
    biggest = max(result, key=lambda vals: abs(vals["amount_currency"]))
    biggest["amount_currency"] += wanted - sum(vals["amount_currency"] for vals in result)
    biggest["balance"] += wanted_balance - sum(vals["balance"] for vals in result)
    return result
