"""Payments without a document: booked to an account, to a customer, or not ours at all."""

from odoo import models
from odoo.exceptions import UserError

from .payment_match_target import Target

UNDECIDED = ("waiting", "likely", "unclear", "nothing", "aside", "foreign")


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_write_off(self, amount, account, label=""):
        """Book ``amount`` of this payment (None: all that is left) to ``account``.

        What remains stays open. Above the journal's limit another person has to approve it.
        """
        self.ensure_one()
        account = account or self.journal_id._match_difference_account(loss=self.amount < 0)
        if not account:
            raise UserError(self.env._("Choose an account."))
        if amount is not None and self._match_currency().is_zero(amount):
            raise UserError(self.env._("Enter an amount."))
        target = Target(account, amount=amount, label=label or "")
        return self._match_confirm([target], keep_open=True)

    def _match_to_customer(self, partner):
        """Book what is left of this payment as the customer's credit: no document fits."""
        self.ensure_one()
        return self._match_confirm([Target(partner)])

    def action_match_foreign(self):
        """These payments have nothing to do with orders or invoices: they are booked by hand."""
        self._match_check_rights()
        if self.filtered(lambda line: line.match_state in ("matched", "approval")):
            raise UserError(self.env._("Take the payment back first."))
        self.sudo().write({"match_state": "foreign", "match_note": False})  # sudo: see _match_book
        return True

    def action_match_reopen(self):
        """Let payments that were put aside be looked at again."""
        self._match_check_rights()
        lines = self.sudo()  # sudo: see _match_book
        lines.filtered(lambda line: line.match_state in ("foreign", "aside"))._match_undone()
        return True

    def _compute_is_reconciled(self):
        """Override of `account`: what staff booked in another way leaves the piles, and comes back
        when they undo it.
        """
        result = super()._compute_is_reconciled()
        for line in self.filtered(lambda line: line.id and line._origin == line):
            if line.is_reconciled and line.match_state in UNDECIDED:
                line.match_state = "matched"
            elif line.match_state == "matched" and line._match_is_back():
                line.match_state = "waiting"
        return result

    def _match_is_back(self) -> bool:
        """Whether somebody took a payment apart that had not been confirmed here."""
        # sudo: see _match_book
        return not self.is_reconciled and not self.sudo().allocation_ids._booked()
