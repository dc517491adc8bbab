"""What a payment is to pay: checked against what is open at this moment."""

from odoo import models
from odoo.exceptions import UserError

from .account_bank_statement_line_book import CENTS
from .payment_match_target import Part, Request, Target

PLAIN = ("res.partner", "account.account")  # booked as they are


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_split(self, request: Request, taken: dict) -> list[Part]:
        """Return the parts of a payment; ``taken``: what others in this batch took already.

        :raises UserError: where a document is paid, of another currency, or gets more than there is
        """
        rest = self._match_rest()
        if self._match_currency().compare_amounts(rest, 0.0) <= 0:
            raise UserError(
                self.env._("The payment “%s” is booked already.", self.payment_ref or self.name)
            )
        if not request.targets:
            raise UserError(self.env._("Choose at least one document."))
        parts, surplus = [], 0.0
        wanted = [(self._match_open(target, taken), target) for target in request.targets]
        # a credit note that was deducted leaves more of the payment for the others
        for open_amount, target in sorted(wanted, key=lambda one: one[0] > 0):
            part = self._match_part(target, request)
            consumed = self._match_fill(part, target, open_amount, rest)
            rest, surplus = rest - consumed, surplus + consumed - part.amount
            if part.record:
                taken[part.record] = taken.get(part.record, 0.0) + part.amount + part.left_off
            parts.append(part)
        credit = self._match_currency().round(surplus + (0.0 if request.keep_open else rest))
        if not self._match_currency().is_zero(credit):
            parts.append(self._match_credit(parts, credit))
        return parts

    # ------------------------------------------------------------------
    # One document
    # ------------------------------------------------------------------

    def _match_open(self, target: Target, taken: dict) -> float:
        """Return what is open on a document, positive in the payment's direction."""
        record, currency = target.record, self._match_currency()
        if record._name in PLAIN:
            return self._match_rest() if target.amount is None else currency.round(target.amount)
        if record.company_id != self.company_id:
            raise UserError(self.env._("%s belongs to another company.", record.display_name))
        if record.currency_id != currency:
            raise UserError(
                self.env._(
                    "%(document)s is in %(theirs)s, the payment in %(ours)s. Such payments are"
                    " booked by hand.",
                    document=record.display_name,
                    theirs=record.currency_id.name,
                    ours=currency.name,
                )
            )
        open_amount = record._match_open_amount(self._match_sign()) - taken.get(record, 0.0)
        open_amount = currency.round(open_amount)
        if currency.is_zero(open_amount) or open_amount < 0 < self._match_due_side(record):
            raise UserError(self.env._("%s is paid already.", record.display_name))
        return open_amount

    def _match_due_side(self, record) -> int:
        """Return 1 where the document asks for money in the payment's direction, else -1."""
        if record._name == "sale.order":
            return 1
        return self._match_sign() * (1 if record.is_inbound(include_receipts=True) else -1)

    def _match_part(self, target: Target, request: Request) -> Part:
        record = target.record
        if record._name in PLAIN:
            return self._match_plain_part(target, request)
        account, term_lines = record._match_counterpart(self._match_sign())
        kind = "order" if record._name == "sale.order" else "invoice"
        return Part(
            line=self,
            kind=kind,
            record=record,
            partner=record._match_partner(),
            account=account,
            label=f"{record.name}: {self.payment_ref}" if self.payment_ref else record.name,
            term_lines=term_lines,
            request=request,
            write_off_account=self._match_write_off_account(target) if target.write_off else None,
        )

    def _match_plain_part(self, target: Target, request: Request) -> Part:
        """Return what is booked without a document: a customer's credit, or to an account."""
        record = target.record
        if record._name == "res.partner":
            partner = record.commercial_partner_id
            return Part(
                line=self,
                kind="credit",
                record=None,
                partner=partner,
                account=partner.with_company(self.company_id).property_account_receivable_id,
                label=target.label or self.payment_ref,
                request=request,
            )
        return Part(
            line=self,
            kind="write_off",
            record=None,
            partner=self.partner_id,
            account=record,
            label=target.label or self.payment_ref,
            request=request,
        )

    def _match_fill(self, part: Part, target: Target, open_amount: float, rest: float) -> float:
        """Say how much of the payment a document gets; return what it takes with the surplus."""
        currency = self._match_currency()
        name = target.record.display_name
        part.discount = currency.round(target.discount)
        part.write_off = currency.round(target.write_off)
        self._match_check_discount(part)
        wanted = currency.round(open_amount - part.left_off)
        if open_amount > 0 and currency.compare_amounts(rest, 0.0) <= 0:
            raise UserError(self.env._("Nothing of the payment is left for %s.", name))
        amount = min(wanted, rest) if target.amount is None else currency.round(target.amount)
        if currency.compare_amounts(amount, rest) > 0:
            raise UserError(self.env._("%s would get more than is left of the payment.", name))
        if open_amount < 0 < amount:
            raise UserError(self.env._("%s goes the other way than the payment.", name))
        part.amount = min(amount, wanted) if open_amount > 0 else max(amount, wanted)
        if part.left_off and currency.compare_amounts(part.amount, wanted):
            raise UserError(
                self.env._(
                    "%(document)s would still be open with %(amount)s. A cash discount or a"
                    " difference can only be booked when it settles the document.",
                    document=part.record.display_name,
                    amount=currency.format(wanted - part.amount),
                )
            )
        return amount

    def _match_check_discount(self, part: Part) -> None:
        if not part.discount:
            return
        currency = self._match_currency()
        most = part.record._match_discount_allowed() + CENTS * currency.rounding
        if currency.compare_amounts(part.discount, most) > 0:
            raise UserError(
                self.env._(
                    "The payment terms of %(document)s allow a cash discount of %(most)s at most."
                    " Write the rest off instead.",
                    document=part.record.display_name,
                    most=currency.format(part.record._match_discount_allowed()),
                )
            )

    def _match_credit(self, parts: list[Part], amount: float) -> Part:
        """Return what came too much: a credit of the one who paid the last document."""
        last = next((part for part in reversed(parts) if part.kind != "write_off"), None)
        deducted = [part.record for part in parts if part.record and part.amount < 0]
        if deducted:
            raise UserError(
                self.env._(
                    "%s goes the other way than the payment. It can only be deducted from other"
                    " documents.",
                    deducted[0].display_name,
                )
            )
        if last is None:
            raise UserError(
                self.env._(
                    "%s of the payment would remain. Choose what it is for.",
                    self._match_currency().format(amount),
                )
            )
        return Part(
            line=self,
            kind="credit",
            record=None,
            partner=last.partner,
            account=last.account,
            amount=amount,
            label=self.payment_ref,
            request=last.request,
        )

    def _match_write_off_account(self, target: Target):
        """Return where a difference is booked to: chosen, or the journal's."""
        loss = (target.write_off > 0) == (self._match_sign() > 0)
        journal = self.journal_id
        account = target.account or journal._match_difference_account(loss=loss)
        if not account:
            raise UserError(
                self.env._(
                    "Choose in the journal %s to which account differences are booked.",
                    journal.display_name,
                )
            )
        return account
