from odoo import models

from .payment_match_target import Request


class PaymentMatchProposal(models.Model):
    _inherit = "payment.match.proposal"

    def action_confirm(self) -> dict:
        """Book these proposals, each for itself: one that fails does not stop the others.

        :return: ``{"confirmed": [payment ids], "failed": [{"line_id", "reason"}]}``
        """
        self.check_access("read")
        requests = [Request(proposal.line_id, proposal=proposal) for proposal in self]
        return self.env["account.bank.statement.line"]._match_confirm_many(requests)
