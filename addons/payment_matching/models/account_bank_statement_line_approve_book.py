"""Write-offs above the journal's limit: asked for by one person, allowed by another."""

from odoo import models

from .payment_match_target import Part, Request


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _match_needs_approval(self, parts: list[Part], request: Request) -> bool:
        """Whether what is written off is more than one person may decide."""
        journal = request.line.journal_id
        if not journal.match_four_eyes or request.approved_by:
            return False
        written_off = sum(abs(part.write_off) for part in parts)
        written_off += sum(part.amount for part in parts if part.kind == "write_off")
        limit = journal.match_four_eyes_limit
        return request.line._match_currency().compare_amounts(written_off, limit) > 0
