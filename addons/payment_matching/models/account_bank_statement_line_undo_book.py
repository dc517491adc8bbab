"""Taking a confirmed payment back: books, facts and what was learned."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .account_bank_statement_line_book import BOOKING
from .account_bank_statement_line_return_book import PAYING

CRON = "payment_matching.ir_cron_match"


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def action_match_undo(self, why=None):
        """Take the confirmations of these payments back: all that was booked and concluded."""
        self._match_check_rights()
        # sudo: see _match_book
        lines = self.sudo()
        asked = lines.filtered(lambda line: line.match_state == "approval")
        booked = lines.filtered(
            lambda line: line.match_state == "matched" or line.allocation_ids._booked()
        )
        if not asked | booked:
            raise UserError(self.env._("There is nothing to take back."))
        lines._match_lock([])
        why = why or self.env._("taken back by hand")
        if asked:
            asked.action_match_reject(why)
        for line in booked:
            line._match_check_undo()
        booked.with_context(payment_match_why=why)._match_undo()
        return True

    def _match_undo(self) -> None:
        """Put the amounts back into suspense; what follows is done by the override below."""
        if self:
            self.with_context(**BOOKING, payment_match_undo=True).action_undo_reconciliation()

    def _match_check_undo(self) -> None:
        """Refuse where nothing could be put back, before anything is changed."""
        for allocation in self.allocation_ids._booked().filtered(lambda one: one.kind in PAYING):
            later = allocation._match_paid_back()[1].line_id - self
            if later:
                raise UserError(
                    self.env._(
                        "Money of this payment went back on %s. Take that back first.",
                        ", ".join(format_date(self.env, line.date) for line in later),
                    )
                )
        self.move_id._check_fiscal_lock_dates()
        self.move_id.line_ids._check_tax_lock_date()

    # ------------------------------------------------------------------
    # Overrides of account: whoever undoes it, the orders hear of it
    # ------------------------------------------------------------------

    def action_undo_reconciliation(self):
        """Override of `account`: orders and what was learned follow."""
        booked = self.sudo().allocation_ids._booked()  # sudo: see _match_book
        orders = booked._match_orders()
        if self.env.context.get("payment_match_undo") is None:
            for line in self:
                line.sudo()._match_check_undo()
        booked._match_reverse_differences()
        # a cash discount has items of tax, which core does not delete otherwise
        lines = self.with_context(dynamic_unlink=True)
        result = super(AccountBankStatementLine, lines).action_undo_reconciliation()
        why = self.env.context.get("payment_match_why") or self.env._("undone in accounting")
        booked._match_take_back(why)
        self.sudo()._match_undone()
        booked.original_id._match_reconcile_again()
        orders._match_assign_credits()
        return result

    def _match_undone(self) -> None:
        """Let these payments be looked at anew."""
        for line in self.filtered("match_state"):
            line.write({"match_state": "waiting", "match_note": False, "proposal_id": False})
        if any(line.match_state for line in self):
            self._trigger_cron(CRON)

    def unlink(self):
        """Override of `account`: a deleted payment has paid nothing."""
        booked = self.sudo().allocation_ids._booked()  # sudo: see _match_book
        booked._match_reverse_differences()
        booked._match_take_back(self.env._("the payment was deleted"))
        return super().unlink()


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        """Override of `account`: an entry that is not posted has paid nothing."""
        self._match_entries_withdrawn()
        return super().button_draft()

    def button_cancel(self):
        """Override of `account`: an entry that is not posted has paid nothing."""
        self._match_entries_withdrawn()
        return super().button_cancel()

    def _match_entries_withdrawn(self) -> None:
        """Let orders know that a bookkeeper takes these bank entries out of the books."""
        lines = self.sudo().statement_line_ids  # sudo: see _match_book
        booked = lines.allocation_ids._booked()
        if booked:
            booked._match_reverse_differences()
            lines.move_id.line_ids.remove_move_reconcile()
            booked._match_take_back(self.env._("undone in accounting"))
