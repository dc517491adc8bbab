"""What follows from PayPal's answers beyond new bookings; how long they are kept."""

from datetime import timedelta

from odoo import api, fields, models

KEEP_DAYS = 30
KEEP_REPEATED_DAYS = 7
OLD_AT_ONCE = 1000


class PaymentSourceFile(models.Model):
    _inherit = "payment.source.file"

    def _book(self, readings):
        """Override of `payment_matching`: what PayPal tells again may have changed."""
        result = super()._book(readings)
        for reading in readings:
            if reading.file.source_id.kind == "paypal":
                reading.file._paypal_follow(reading)
        return result

    def _paypal_follow(self, reading) -> None:
        """Complete and correct what is booked already, and look for disputes."""
        payments = {line.key: line for line in reading.lines if line.code.startswith("T00")}
        taken_back = [key for key, line in payments.items() if line.kind == "other"]
        known = self.env["account.bank.statement.line"].search(
            [
                ("journal_id", "=", reading.journal.id),
                ("payment_key", "in", list(payments)),
                ("payment_kind", "=", "payment"),
                "|",
                ("payment_key", "in", taken_back),
                ("payer_account", "=", False),
            ]
        )
        for line in known:
            line._paypal_told_again(payments[line.payment_key])
        held = {line.reference_id for line in reading.lines if line.kind == "hold"} - {""}
        known._paypal_find(reading.journal, held)._paypal_check_disputes()

    @api.autovacuum
    def _gc_paypal_files(self):
        """Forget old answers: each booking keeps its own part of them as it came."""
        now = fields.Datetime.now()
        own = [("source_id.kind", "=", "paypal"), ("state", "=", "done")]
        repeated = now - timedelta(days=KEEP_REPEATED_DAYS)
        self.search(
            [*own, ("new_count", "=", 0), ("create_date", "<", repeated)], limit=OLD_AT_ONCE
        ).unlink()
        old = now - timedelta(days=KEEP_DAYS)
        self.search([*own, ("size", ">", 0), ("create_date", "<", old)], limit=OLD_AT_ONCE).write(
            {"content": False, "size": 0}
        )
