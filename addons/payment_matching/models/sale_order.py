from odoo import api, fields, models


class SaleOrder(models.Model):
    """What a payment has to know of an order, and what it makes of the order."""

    _inherit = "sale.order"

    payment_allocation_ids = fields.One2many(
        "payment.match.allocation",
        "order_id",
        "Payments",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice",
    )
    payment_allocation_count = fields.Integer(
        "Matched payments",
        compute="_compute_payment_allocation_count",
        groups="account.group_account_invoice",
    )
    prepaid_waived = fields.Monetary(
        "Left off",
        readonly=True,
        copy=False,
        help="Cash discount and differences that need not be paid any more.",
    )

    def _compute_payment_allocation_count(self):
        counts = self.env["payment.match.allocation"]._count("order_id", self)
        for order in self:
            order.payment_allocation_count = counts.get(order, 0)

    def action_open_payments(self):
        """Show the payments that were matched with this order, also those taken back."""
        return self.env["payment.match.allocation"]._action_open("order_id", self)

    # ------------------------------------------------------------------
    # Paid?
    # ------------------------------------------------------------------

    @api.depends("prepaid_waived")
    def _compute_automation(self):
        """Override of `order_automation`: what is left off counts as paid."""
        return super()._compute_automation()

    def _is_paid(self) -> bool:
        """Override of `order_automation`: what was left off, or is within the tolerance of the
        policy, need not be paid.
        """
        if super()._is_paid():
            return True
        left_off = self.prepaid_waived + self._match_tolerance()
        if self.currency_id.is_zero(left_off) or not self.prepaid_amount:
            return False
        paid = self.prepaid_amount + left_off
        return self.currency_id.compare_amounts(paid, self.amount_total) >= 0

    def _match_tolerance(self) -> float:
        """Return how much less than the total the policy takes for paid."""
        return self.automation_policy_id._payment_tolerance(self.amount_total)

    def _automation_refuse_facts(self, vals) -> None:
        """Override of `order_automation`: what is left off is decided by accounting."""
        return super()._automation_refuse_facts({**vals, **_as_known_fact(vals)})

    # ------------------------------------------------------------------
    # What can be paid
    # ------------------------------------------------------------------

    def _match_open_amount(self, sign: int) -> float:
        """Return what payments still have to bring; for money that goes out, what can be paid
        back: credits that no invoice has used.
        """
        self.ensure_one()
        allocations = self.payment_allocation_ids._booked()
        if sign < 0:
            return -sum(allocations.move_line_id.mapped("amount_residual_currency"))
        came = sum(allocations.mapped("amount"))
        open_amount = self.amount_total - came - self.prepaid_waived
        invoices = self.invoice_ids.filtered(
            lambda move: move.state == "posted" and move.is_sale_document(include_receipts=True)
        )
        if not invoices:
            return open_amount
        # what was paid to the invoices themselves is paid as well
        billed = sum(-move.direction_sign * move.amount_total for move in invoices)
        due = sum(-move.direction_sign * move.amount_residual for move in invoices)
        unused = -sum(allocations.move_line_id.mapped("amount_residual_currency"))
        return min(open_amount, self.amount_total - billed + due - unused)

    def _match_counterpart(self, sign: int = 1):
        """Return the account of the customer's credit; money that goes out uses up credits."""
        if sign < 0:
            lines = self._match_credit_lines()
            account = lines.account_id[:1]
            return account, lines.filtered(lambda line: line.account_id == account)
        partner = self._match_partner().with_company(self.company_id)
        account = partner.property_account_receivable_id
        if self.fiscal_position_id:
            account = self.fiscal_position_id.map_account(account)
        return account, self.env["account.move.line"]

    def _match_partner(self):
        return self.partner_invoice_id.commercial_partner_id

    def _match_discount_allowed(self) -> float:
        """Return the cash discount that the payment terms will give on the invoice."""
        self.ensure_one()
        term = self.payment_term_id
        if not term.early_discount or self.prepaid_waived:
            return 0.0
        base = self.amount_total
        if term.early_pay_discount_computation in ("excluded", "mixed"):
            base = self.amount_untaxed
        return self.currency_id.round(base * term.discount_percentage / 100)


def _as_known_fact(vals: dict) -> dict:
    return {"prepaid_amount": 0} if "prepaid_waived" in vals else {}
