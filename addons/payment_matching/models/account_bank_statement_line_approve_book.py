"""Write-offs above the journal's limit: asked for by one person, allowed by another."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .payment_match_target import Part, Request, Target

CASE = "payment:write_off"


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    match_state = fields.Selection(
        selection_add=[("approval", "Waits for approval"), ("matched",)],
        ondelete={"approval": "set null"},
    )

    def _match_needs_approval(self, parts: list[Part], request: Request) -> bool:
        """Whether what is written off is more than one person may decide."""
        if request.approved_by:
            return False
        written_off = sum(abs(part.write_off) for part in parts)
        written_off += sum(abs(part.amount) for part in parts if part.kind == "write_off")
        return request.line._match_is_above_limit(written_off)

    def _match_is_above_limit(self, amount: float) -> bool:
        journal, currency = self.journal_id, self._match_currency()
        limit = journal.match_four_eyes_limit
        return journal.match_four_eyes and currency.compare_amounts(amount, limit) > 0

    def _match_store_for_approval(self, request: Request, parts: list[Part]):
        """Keep what was asked for until another person looks at it; nothing is booked."""
        line = request.line
        if line.allocation_ids.filtered(lambda one: one.state == "approval"):
            raise UserError(self.env._("A write-off of this payment waits for approval already."))
        vals_list = [
            self._match_allocation_vals(part)
            | {"state": "approval", "keep_open": request.keep_open}
            for part in parts
            if part.kind != "credit" or len(parts) == 1 or part is not parts[-1]
        ]
        stored = self.env["payment.match.allocation"].create(vals_list)
        line.write({"match_state": "approval"})
        line._match_raise_approval(stored)
        return stored

    def _match_raise_approval(self, stored) -> None:
        self.env["automation.case"]._raise(
            [
                {
                    "record": self,
                    "code": CASE,
                    "blocking": False,
                    "name": self.env._("A write-off waits for approval"),
                    "explanation": self.env._(
                        "%(user)s wants to write off a part of the payment “%(payment)s”. Another"
                        " accounting manager has to approve it at the payment.",
                        user=self.env.user.name,
                        payment=self.payment_ref or self.move_id.name,
                    ),
                    "seen": ",".join(map(str, stored.ids)),
                }
            ]
        )

    # ------------------------------------------------------------------
    # What the second person does
    # ------------------------------------------------------------------

    def action_match_approve(self):
        """Book what another person asked for."""
        self._match_check_rights()
        for line in self.sudo():  # sudo: see _match_book; the rights are checked first
            waiting = line._match_waiting()
            line._match_check_second(waiting)
            line._match_lock(waiting._match_documents())
            if all(one.currency_id.is_zero(one.amount) for one in waiting):
                waiting.write({"state": "booked", "approved_by_id": self.env.uid})
                waiting._match_booked()
                line._match_back_to_state()
            else:
                request = line._match_stored_request(waiting)
                waiting.unlink()
                line._match_book([request])
            line._match_settle_approval(self.env._("Approved by %s.", self.env.user.name))
        return True

    def action_match_reject(self, why=None):
        """Do not write it off; the payment is looked at anew."""
        self._match_check_rights()
        for line in self.sudo():  # sudo: see _match_book
            line._match_waiting().write(
                {
                    "state": "undone",
                    "undone": fields.Datetime.now(),
                    "undone_by_id": self.env.uid,
                    "undone_why": why or self.env._("not approved"),
                }
            )
            line._match_back_to_state()
            line._match_settle_approval(self.env._("Rejected by %s.", self.env.user.name))
        return True

    def _match_waiting(self):
        """Return what waits for a second person."""
        waiting = self.allocation_ids.filtered(lambda one: one.state == "approval").sorted("id")
        if not waiting:
            raise UserError(self.env._("Nothing of this payment waits for approval."))
        return waiting

    def _match_check_second(self, waiting) -> None:
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Only accounting managers approve write-offs."))
        if self.env.user in waiting.user_id:
            raise AccessError(self.env._("Another person has to approve your write-off."))

    def _match_stored_request(self, waiting) -> Request:
        """Return the confirmation that was asked for, now approved."""
        return Request(
            line=self,
            targets=tuple(one._match_as_target() for one in waiting),
            keep_open=any(waiting.mapped("keep_open")),
            user=waiting.user_id[:1],
            approved_by=self.env.user,
        )

    def _match_back_to_state(self) -> None:
        """Put the payment where it belongs after an answer."""
        if self._match_currency().is_zero(self._match_rest()):
            self.match_state = "matched"
        else:
            self._match_undone()

    def _match_settle_approval(self, note: str) -> None:
        self.env["automation.case"]._settle(self, codes=[CASE], note=note)


class PaymentMatchAllocation(models.Model):
    _inherit = "payment.match.allocation"

    def _match_as_target(self) -> Target:
        """Return what this allocation was asked for as."""
        sign = self.line_id._match_sign()
        plain = self.partner_id if self.kind == "credit" else self.account_id
        return Target(
            record=self.order_id or self.invoice_id or plain,
            amount=sign * self.amount,
            discount=sign * self.discount,
            write_off=sign * self.write_off,
            account=self.account_id if self.write_off else None,
            label=self.label or "",
        )
