"""Returned debits, charge-backs, refunds: the payer's side takes an earlier payment back."""

from odoo import models
from odoo.exceptions import UserError

from .payment_match_target import Part, Request

PAYING = ("order", "invoice", "credit")


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_return(self, original):
        """Book that this payment takes ``original`` back; return the allocations.

        What ``original`` had paid is open again, orders have so much less. A fee that the bank
        added stays open on this payment.
        """
        self.ensure_one()
        self._match_check_rights()
        line, original = self.sudo(), original.sudo()  # sudo: see _match_book
        paid = original.allocation_ids._booked().filtered(lambda one: one.kind in PAYING)
        (line | original)._match_lock(paid._match_documents())
        line._match_check_return(original, paid)
        parts = line._match_return_parts(original, paid)
        originals = self.env["payment.match.allocation"].union(*(p.original for p in parts))
        originals._match_reopen_documents()
        allocations = line._match_book_parts({parts[0].request: parts})
        originals._match_reconcile_again()
        allocations._match_raise_returned()
        return allocations.sudo(self.env.su)

    def _match_check_return(self, original, paid) -> None:
        currency = self._match_currency()
        if self._match_sign() == original._match_sign():
            raise UserError(self.env._("A returned payment goes the other way than the original."))
        if currency != original._match_currency() or self.company_id != original.company_id:
            raise UserError(self.env._("The original was made in another currency or company."))
        if not paid:
            raise UserError(self.env._("The original payment was not matched with a document."))
        if currency.compare_amounts(self._match_rest(), 0.0) <= 0:
            raise UserError(
                self.env._("The payment “%s” is booked already.", self.payment_ref or self.name)
            )

    def _match_return_parts(self, original, paid) -> list[Part]:
        """Return what is taken back of each document, the last confirmed one first."""
        request = Request(self, (), keep_open=True)
        currency, rest, parts = self._match_currency(), self._match_rest(), []
        for allocation in paid.sorted("id", reverse=True):
            left = currency.round(abs(allocation.amount) - allocation._match_paid_back()[0])
            amount = min(left, rest)
            if currency.compare_amounts(amount, 0.0) <= 0:
                continue
            rest = currency.round(rest - amount)
            whole = not currency.compare_amounts(amount, abs(allocation.amount))
            parts.append(allocation._match_return_part(request, amount, whole=whole))
        if not parts:
            raise UserError(self.env._("The original payment was returned already."))
        return parts


class PaymentMatchAllocation(models.Model):
    _inherit = "payment.match.allocation"

    def _match_paid_back(self):
        """Return ``(what of this payment went back, the confirmations by which it did)``: returned
        debits, and refunds that used up an order's credit.
        """
        self.ensure_one()
        item, inward = self.move_line_id, self.amount > 0
        partials = item.matched_debit_ids if inward else item.matched_credit_ids
        others = partials.debit_move_id if inward else partials.credit_move_id
        back = self.search(
            [
                ("move_line_id", "in", others.ids),
                ("state", "=", "booked"),
                ("kind", "in", ("return", "order") if inward else ("return",)),
                ("amount", "<" if inward else ">", 0),
            ]
        )
        mine = partials.filtered(
            lambda one: (one.debit_move_id | one.credit_move_id) & back.move_line_id
        )
        name = "credit_amount_currency" if inward else "debit_amount_currency"
        return sum(mine.mapped(name)), back

    def _match_return_part(self, request: Request, amount: float, *, whole: bool) -> Part:
        """Return the part that takes ``amount`` back, and what was left off if it is all."""
        item, sign = self.move_line_id, self.line_id._match_sign()
        return Part(
            line=request.line,
            kind="return",
            record=self.order_id or self.invoice_id or None,
            partner=self.partner_id,
            account=item.account_id,
            amount=amount,
            discount=sign * self.discount if whole else 0.0,
            write_off=sign * self.write_off if whole else 0.0,
            write_off_account=self.account_id if self.write_off else None,
            label=request.line.payment_ref,
            term_lines=item,
            request=request,
            original=self,
        )

    def _match_reopen_documents(self) -> None:
        """Take what these payments settled apart, so that it can be taken back."""
        self._match_reverse_differences()
        for allocation in self:
            item, back = allocation.move_line_id, allocation._match_paid_back()[1].move_line_id
            partials = item.matched_debit_ids | item.matched_credit_ids
            partials.filtered(
                lambda one, back=back: not (one.debit_move_id | one.credit_move_id) & back
            ).unlink()

    def _match_reconcile_again(self) -> None:
        """Let what is left of these payments settle their documents."""
        plan = []
        for allocation in self.filtered("invoice_id"):
            lines = allocation.move_line_id + allocation.invoice_id._match_term_lines()
            lines = lines.filtered(lambda line: not line.reconciled)
            if allocation.move_line_id in lines and len(lines.account_id) == 1 < len(lines):
                plan.append(lines)
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)
        self._match_orders()._match_assign_credits()

    def _match_raise_returned(self) -> None:
        """Tell of what is open again."""
        name = self.env._("Payment returned")
        why = self.env._("A payment was returned by the bank or the payment service.")
        self.order_id._match_raise_unpaid("payment:returned", name, why)
        self.env["automation.case"]._raise(
            {
                "record": invoice,
                "code": "payment:returned",
                "blocking": False,
                "name": name,
                "explanation": "\n".join([why, self.env._("The invoice is open again.")]),
                "seen": f"{invoice.amount_residual:.2f}",
            }
            for invoice in self.invoice_id
        )
