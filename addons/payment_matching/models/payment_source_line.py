"""From what a source says to bank statement lines of core, and back."""

from decimal import Decimal

from odoo import fields, models

from ..lib.remittance import healed
from ..lib.statement.model import StatementLine

MATCHED_KINDS = ("payment", "return", "refund")
KNOWN_FIELDS = (
    "payment_key",
    "payment_batch_key",
    "payment_batch_amount",
    "date",
    "payment_value_date",
    "amount",
    "partner_name",
    "account_number",
    "end_to_end_id",
    "payment_ref",
    "payment_remittance",
    "payment_bank_reference",
)


class AccountBankStatementLine(models.Model):
    """What is kept of a booking to know it again, and for the matcher."""

    _inherit = "account.bank.statement.line"

    payment_remittance = fields.Text(
        "Text with line breaks", readonly=True, help="As the bank broke it; the label is healed."
    )
    payment_value_date = fields.Date("Value date", readonly=True)
    payment_batch_key = fields.Char(
        "Key of the whole booking",
        readonly=True,
        copy=False,
        help="Where this is one part of a booking that the bank made in one sum.",
    )
    payment_batch_amount = fields.Monetary("Amount of the whole booking", readonly=True)

    def _payment_reported(self) -> list[StatementLine]:
        """Return these lines as a source would report them, to compare them with a new report."""
        self.fetch(KNOWN_FIELDS)
        return [
            StatementLine(
                key=line.payment_key or "",
                batch=line.payment_batch_key or "",
                batch_amount=line._payment_decimal(line.payment_batch_amount) or None,
                date=line.date,
                value_date=line.payment_value_date or None,
                amount=line._payment_decimal(line.amount),
                currency=line.currency_id.name,
                payer_name=line.partner_name or "",
                payer_iban=line.account_number or "",
                end_to_end_id=line.end_to_end_id or "",
                remittance=line.payment_remittance or line.payment_ref or "",
                bank_reference=line.payment_bank_reference or "",
            )
            for line in self
        ]

    def _payment_decimal(self, amount: float) -> Decimal:
        return Decimal(f"{amount:.{self.currency_id.decimal_places}f}")

    def _payment_vals(self, line: StatementLine, journal, file) -> dict:
        """Return the values of a new line; nobody is guessed from the payer's name."""
        return {
            "journal_id": journal.id,
            "date": line.date,
            "amount": float(line.amount),
            "payment_ref": self._payment_label(line),
            "partner_name": line.payer_name or False,
            "account_number": line.payer_iban or False,
            "transaction_type": line.code or False,
            "match_state": self._payment_first_state(line, journal),
            **self._payment_currency_vals(line),
            **self._payment_own_vals(line, file),
        }

    def _payment_own_vals(self, line: StatementLine, file) -> dict:
        return {
            "payment_file_id": file.id,
            "payment_key": line.key,
            "payment_batch_key": line.batch or False,
            "payment_batch_amount": float(line.batch_amount or 0),
            "payment_kind": line.kind,
            "payment_remittance": line.remittance or False,
            "payment_value_date": line.value_date or False,
            "payer_email": line.payer_email or False,
            "payer_account": line.payer_account or False,
            "end_to_end_id": line.end_to_end_id or False,
            "payment_invoice_ref": line.invoice_id or False,
            "payment_reference_id": line.reference_id or False,
            "payment_bank_reference": line.bank_reference or False,
            "payment_code": line.code or False,
            "payment_reason": line.reason or False,
            "payment_raw": line.raw or False,
        }

    def _payment_label(self, line: StatementLine) -> str:
        """Return what a person reads: the text, else whatever else was said."""
        if text := healed(line.remittance):
            return text
        if line.kind == "fee":
            return self.env._("Fee")
        said = (line.invoice_id, line.end_to_end_id, line.payer_name, line.bank_reference)
        return next(filter(None, said), "/")

    def _payment_first_state(self, line: StatementLine, journal) -> str | bool:
        if not journal.match_payments:
            return False
        return "waiting" if line.kind in MATCHED_KINDS and line.amount else "aside"

    def _payment_currency_vals(self, line: StatementLine) -> dict:
        """Return what was paid in another currency, where the books use that one."""
        if not line.currency_amount or line.currency_name == line.currency:
            return {}
        currency = self.env["res.currency"].search([("name", "=", line.currency_name)], limit=1)
        if not currency or not line.amount:
            return {}
        amount = abs(line.currency_amount).copy_sign(line.amount)
        return {"foreign_currency_id": currency.id, "amount_currency": float(amount)}
