"""Whose statement it is: each goes to the journal of its bank account, or nowhere."""

from collections.abc import Sequence

from odoo import models

from ..lib.statement.keys import same_account
from ..lib.statement.model import Statement, StatementError


class PaymentSource(models.Model):
    _inherit = "payment.source"

    def _statement_journals(self, statements: Sequence[Statement]) -> list:
        """Return the journal of each statement.

        :raises StatementError: one of them is of an account or a currency that is not ours
        """
        journals = [self._statement_journal(statement) for statement in statements]
        self._check_adopted(statements, journals)
        for statement, journal in zip(statements, journals, strict=True):
            self._check_currency(statement, journal)
        return journals

    def _statement_journal(self, statement: Statement):
        own = self.journal_id
        account, number = statement.account, own.bank_acc_number
        if not account or (number and same_account(account, number)):
            return own
        fitting = self._account_journals().filtered(
            lambda journal: same_account(account, journal.bank_acc_number)
        )
        if len(fitting) > 1:
            fitting = fitting.filtered(
                lambda journal: self._journal_currency(journal).name == statement.currency
            )
        if len(fitting) == 1:
            return fitting
        if not number and not fitting:
            return own
        raise self._foreign(account)

    def _account_journals(self):
        """Return the company's journals whose account is known."""
        return self.env["account.journal"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("type", "=", "bank"),
                ("bank_account_id", "!=", False),
            ]
        )

    def _foreign(self, account: str) -> StatementError:
        own = self.journal_id
        if not own.bank_acc_number:
            return StatementError(
                self.env._("The file is about the account %s, which no journal has.", account),
                self.env._(
                    "Enter the account number in the bank journal it belongs to, then read the "
                    "file again."
                ),
            )
        return StatementError(
            self.env._(
                "The file is about the account %(account)s, but the journal “%(journal)s” is about "
                "%(own)s.",
                account=account,
                journal=own.display_name,
                own=own.bank_acc_number,
            ),
            self.env._(
                "Export the file for the right account. If the account is yours, make a bank "
                "journal with its number, then read the file again."
            ),
        )

    def _check_adopted(self, statements: Sequence[Statement], journals: list) -> None:
        """Refuse two unknown accounts for a journal that does not know its own yet."""
        own = self.journal_id
        if own.bank_acc_number:
            return
        accounts = [
            statement.account
            for statement, journal in zip(statements, journals, strict=True)
            if statement.account and journal == own
        ]
        for account in accounts[1:]:
            if not same_account(account, accounts[0]):
                raise self._foreign(account)

    def _check_currency(self, statement: Statement, journal) -> None:
        expected = self._journal_currency(journal).name
        said = {statement.currency, *(line.currency for line in statement.lines)}
        for currency in sorted(said - {expected, ""}):
            raise StatementError(
                self.env._(
                    "The file has amounts in %(currency)s, but the journal “%(journal)s” is kept "
                    "in %(expected)s.",
                    currency=currency,
                    journal=journal.display_name,
                    expected=expected,
                ),
                self.env._("Make a bank journal in this currency and a source for it."),
            )

    def _journal_currency(self, journal):
        return journal.currency_id or journal.company_id.currency_id

    def _learn_account(self, statements: Sequence[Statement], journals: list) -> str:
        """Give the journal its account number from its first statement, so that files of another
        account are refused from then on; return what to tell.
        """
        own = self.journal_id
        for statement, journal in zip(statements, journals, strict=True):
            if journal == own and not own.bank_acc_number and statement.account and statement.lines:
                own.set_bank_account(statement.account)
                return self.env._(
                    "The journal “%(journal)s” had no account number; %(account)s was entered. "
                    "Files of other accounts are refused from now on.",
                    journal=own.display_name,
                    account=statement.account,
                )
        return ""
