"""What follows when a confirmed payment is taken back."""

from odoo import fields, models

from .sale_order_case_book import OVER


class PaymentMatchAllocation(models.Model):
    _inherit = "payment.match.allocation"

    def _match_take_back(self, why: str) -> None:
        """Undo the facts: the orders' money, the learned payers; the history stays."""
        if not self:
            return
        self.env["payment.match.payer"]._forget_many(self._match_payers())
        self.write(
            {
                "state": "undone",
                "undone": fields.Datetime.now(),
                "undone_by_id": self.env.uid,
                "undone_why": why,
            }
        )
        for allocation in self.filtered("order_id"):
            order = allocation.order_id
            order.prepaid_waived -= allocation.discount + allocation.write_off
            amount = allocation.told_amount - allocation.amount
            order._match_register(amount, f"{why}: {allocation._match_source()}")
        self._match_forget_partner()
        self._match_note()
        self._match_settle_over()
        self.order_id._match_raise_taken_back()
        self._match_look_again()

    def _match_settle_over(self) -> None:
        """What came too much was taken back with the payment."""
        for records in (self.order_id, self.invoice_id):
            if records:
                self.env["automation.case"]._settle(records, codes=[OVER])

    def _match_forget_partner(self) -> None:
        """Take the partner off the payments that got him by the confirmation."""
        for line in self.filtered("partner_was_set").line_id:
            vals = {"partner_id": False}
            line.with_context(skip_account_move_synchronization=True).write(vals)
            models.BaseModel.write(line.move_id, vals)
            models.BaseModel.write(line.move_id.line_ids, vals)

    def _match_reverse_differences(self) -> None:
        """Reverse what was left off the invoices of these orders: it is paid no more."""
        invoices = self.order_id.invoice_ids
        entries = invoices._match_differences() if invoices else invoices
        if not entries:
            return
        entries.line_ids.remove_move_reconcile()
        entries._reverse_moves(
            [{"date": max(entry.date, fields.Date.context_today(entry))} for entry in entries],
            cancel=True,
        )
