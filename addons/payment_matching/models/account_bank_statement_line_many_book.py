"""One click on many payments: what cannot be booked does not stop the rest."""

from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .payment_match_target import Request


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_confirm_many(self, requests: list[Request]) -> dict:
        """Book many confirmations, each for itself, at the price of few.

        All are booked at once in a savepoint; where that fails, halves are tried until the bad one
        stands alone.

        :return: ``{"confirmed": [payment ids], "failed": [{"line_id", "reason"}]}``
        """
        self._match_check_rights()
        lines = self.union(*(request.line for request in requests)).sudo()  # sudo: see _match_book
        # one order of locks for all, so that two people with long lists cannot block each other
        lines._match_lock([record for one in requests for record in one.documents()])
        result = {"confirmed": [], "failed": []}
        self._match_confirm_part(requests, result)
        return result

    def _match_confirm_part(self, requests: list[Request], result: dict) -> None:
        if not requests:
            return
        try:
            with self.env.cr.savepoint():
                if len({request.line.id for request in requests}) < len(requests):
                    raise UserError(self.env._("A payment can be confirmed only once."))
                self._match_book(requests)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(requests) > 1:
                middle = len(requests) // 2
                self._match_confirm_part(requests[:middle], result)
                self._match_confirm_part(requests[middle:], result)
                return
            reason = self.env["automation.retry.mixin"]._error_sentence(error)
            result["failed"].append({"line_id": requests[0].line.id, "reason": reason})
        else:
            result["confirmed"] += [request.line.id for request in requests]
