"""Core's bank statements: a closed day with its balances, where the bank's report adds up."""

from decimal import Decimal

from odoo import fields, models
from odoo.fields import Domain

from ..lib.statement.model import Statement


class PaymentSource(models.Model):
    _inherit = "payment.source"

    make_statements = fields.Boolean(
        "Keep balances",
        default=True,
        help="Final reports (camt.053, MT940) become bank statements with their opening and "
        "closing balance, so that a missing day shows.",
    )

    def _make_checkpoint(self, journal, statement: Statement) -> str:
        """Make a bank statement of a final report whose lines are all in the journal; return what
        to tell about it.
        """
        opening, closing = statement.opening, statement.closing
        lines = self._checkpoint_lines(journal, statement)
        if not lines or opening is None or closing is None:
            return ""
        if sum((line.amount for line in statement.lines), Decimal(0)) != closing - opening:
            return self.env._(
                "No bank statement with balances was made for the report up to %s: its payments do "
                "not add up to its balances.",
                fields.Date.to_string(lines[:1].date),
            )
        made = self.env["account.bank.statement"].create(
            {
                "name": self._checkpoint_name(journal, statement),
                "balance_start": float(opening),
                "balance_end_real": float(closing),
                "line_ids": [fields.Command.set(lines.ids)],
            }
        )
        if made.is_valid:
            return ""
        return self.env._(
            "The opening balance of “%s” is not the closing balance before it. Is a report "
            "missing?",
            made.name,
        )

    def _checkpoint_lines(self, journal, statement: Statement):
        """Return the journal's lines of a report; none where they cannot be told or stand among
        others.
        """
        lines = self.env["account.bank.statement.line"]
        if not self.make_statements or statement.interim or not statement.lines:
            return lines
        keys = [line.key for line in statement.lines]
        own = Domain("journal_id", "=", journal.id)
        found = lines.search(own & Domain("payment_key", "in", keys))
        if len(found) != len(keys) or found.statement_id:
            return lines
        places = found.mapped("internal_index")
        between = Domain("internal_index", ">=", min(places)) & Domain(
            "internal_index", "<=", max(places)
        )
        return found if lines.search_count(own & between) == len(found) else lines

    def _checkpoint_name(self, journal, statement: Statement) -> str:
        last = statement.end or max(line.date for line in statement.lines)
        return " ".join(filter(None, (journal.code, statement.number, f"{last:%Y-%m-%d}")))
