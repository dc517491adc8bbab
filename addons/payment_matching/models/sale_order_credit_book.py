"""Money that came before the invoice settles it as soon as it is posted."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .account_bank_statement_line_book import BOOKING
from .sale_order_case_book import RETURNED, TAKEN_BACK


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _match_register(self, amount: float, source: str) -> None:
        """Count money on the order; what was told before is only noted."""
        if self.currency_id.is_zero(amount):
            text = self.env._("Payment found: %s", source)
            self.env["automation.log"]._add([(self, "payment", text)])
            return
        self._register_prepaid(amount, source)

    def _match_lock_rows(self) -> None:
        """Wait for those who book payments of these orders right now.

        They have written the orders: the database then refuses to go on with what was read before,
        and the request is repeated with their money in sight.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM sale_order WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                    self.ids,
                )
            )

    @api.model
    def _cron_match_assign_credits(self):
        """Settle invoices that missed their money, should that ever happen. Once an hour."""
        missed = self.env["payment.match.allocation"].search(
            [
                ("state", "=", "booked"),
                ("order_id", "!=", False),
                ("move_line_id.reconciled", "=", False),
            ]
        )
        missed.order_id._match_assign_credits()

    def _match_credit_lines(self):
        """Return the journal items of payments for these orders that no invoice has used."""
        lines = self.payment_allocation_ids._booked().move_line_id
        return lines.filtered(
            lambda line: not line.reconciled and line.amount_residual_currency < 0
        )

    def _match_assign_credits(self, invoices=None) -> None:
        """Settle posted invoices of these orders with what was paid in advance, many at once."""
        credit_lines = self._match_credit_lines()
        if not credit_lines:
            return
        invoices = (self.invoice_ids if invoices is None else invoices).filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        invoices = invoices.filtered(lambda move: move._match_term_lines())
        plan, free = [], {line: -line.amount_residual_currency for line in credit_lines}
        differences = self.env["account.move"]
        for invoice in invoices.sorted(lambda move: (move.date, move.id)):
            orders = invoice.invoice_line_ids.sale_line_ids.order_id & self
            usable = orders._match_credit_lines() & credit_lines
            usable = invoice._match_same_account(usable)
            if not usable:
                continue
            entry = invoice._match_make_difference(orders, sum(free[line] for line in usable))
            differences |= entry
            _use_up(free, usable, invoice, entry)
            terms = invoice._match_term_lines()
            # what was left off first: the credit may be needed by the next invoice
            plan += [terms + entry._match_term_lines()] if entry else []
            plan.append(terms + usable)
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of `account`: what was paid in advance settles the invoice at once."""
        # sudo: whoever posts need not be allowed to see orders and payments
        invoices = self.sudo().filtered(lambda move: move.move_type == "out_invoice")
        orders = invoices.invoice_line_ids.sale_line_ids.order_id
        orders._match_lock_rows()
        posted = super()._post(soft)
        if orders:
            prepaid = (
                self.env["payment.match.allocation"]
                .sudo()
                .search([("order_id", "in", orders.ids), ("state", "=", "booked")])
            )
            prepaid.order_id._match_assign_credits(invoices & posted)
        return posted

    def _invoice_paid_hook(self):
        """Override of `account`: an invoice that is paid again needs nobody any more."""
        result = super()._invoice_paid_hook()
        cases = self.env["automation.case"]
        cases._settle(self, codes=[RETURNED])
        # sudo: whoever settles the invoice need not be allowed to see the order
        orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
        held = orders.automation_case_ids.filtered(
            lambda case: case.state == "open" and case.code in (RETURNED, TAKEN_BACK)
        )
        held._close_by_itself(self.env._("The invoice is paid."))
        return result

    def _match_same_account(self, lines):
        """Return those credits that can settle this invoice; one that was booked to another
        account of the customer is moved, unless its period is closed.
        """
        account, _terms = self._match_counterpart()
        partner = self.commercial_partner_id
        usable = lines.filtered(lambda line: line.account_id == account)
        for line in lines - usable:
            try:
                with self.env.cr.savepoint():
                    vals = {"account_id": account.id, "partner_id": partner.id}
                    line.with_context(**BOOKING).write(vals)
            except UserError:
                continue  # stays the customer's open credit, as any other
            usable |= line
        return usable


def _use_up(free: dict, lines, invoice, entry) -> None:
    """Take what an invoice uses from the credits that are left for the next one."""
    due = sum(invoice._match_term_lines().mapped("amount_residual_currency"))
    due += sum(entry._match_term_lines().mapped("amount_residual_currency"))
    for line in lines:
        used = min(free[line], max(due, 0.0))
        free[line] -= used
        due -= used
