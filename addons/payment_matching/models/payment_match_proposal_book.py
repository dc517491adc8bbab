from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .payment_match_target import Request


class PaymentMatchProposal(models.Model):
    _inherit = "payment.match.proposal"

    def action_confirm(self) -> dict:
        """Book these proposals, each for itself: one that fails does not stop the others.

        All are booked at once; where that fails, halves are tried until the bad one stands alone.

        :return: ``{"confirmed": [payment ids], "failed": [{"line_id", "reason"}]}``
        """
        self.env["account.bank.statement.line"]._match_check_rights()
        self.check_access("read")
        lines = self.line_id.sudo()  # sudo: see _match_book
        lines._match_lock([*self.order_ids.sudo(), *self.invoice_ids.sudo()])
        result = {"confirmed": [], "failed": []}
        self._match_confirm_part(result)
        return result

    def _match_confirm_part(self, result: dict) -> None:
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._match_confirm_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(self) > 1:
                middle = len(self) // 2
                self[:middle]._match_confirm_part(result)
                self[middle:]._match_confirm_part(result)
                return
            reason = self.env["automation.retry.mixin"]._error_sentence(error)
            result["failed"].append({"line_id": self.line_id.id, "reason": reason})
        else:
            result["confirmed"] += self.line_id.ids

    def _match_confirm_all(self) -> None:
        if len(self.line_id) < len(self):
            raise UserError(self.env._("Only one proposal of a payment can be confirmed."))
        lines = self.env["account.bank.statement.line"]
        requests = [
            Request(one.line_id, tuple(one.line_id._match_targets_of(one)), one) for one in self
        ]
        lines._match_book(requests)
        self.env.flush_all()
