from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.answer import capture_file

CRON = "payment_matching_paypal.ir_cron_hints"
MAX_WAITING = 500
MAX_ATTEMPTS = 3


class PaymentPaypalHint(models.Model):
    """A payment that a webhook spoke of. PayPal is asked about it; the hint itself says nothing."""

    _name = "payment.paypal.hint"
    _description = "Hint of PayPal's webhook"
    _inherit = ["automation.batch", "automation.retry.mixin"]

    source_id = fields.Many2one("payment.source", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    number = fields.Char("Id of the payment", required=True)

    _number_uniq = models.UniqueIndex("(source_id, number)", "This is noted already.")

    @api.model
    def _note(self, source, number: str) -> None:
        """Note a payment once; who floods the address is not listened to."""
        if self.search_count([("source_id", "=", source.id)], limit=MAX_WAITING) >= MAX_WAITING:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO payment_paypal_hint (source_id, company_id, number)"
                " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                source.id,
                source.company_id.id,
                number,
            )
        )
        self._trigger_cron(CRON)

    @api.model
    def _cron_ask(self):
        """Ask PayPal about the payments that were spoken of. **Commits** after each."""
        now = fields.Datetime.now()
        self._batch_run(
            Domain("next_try", "=", False) | Domain("next_try", "<=", now),
            lambda hints: hints._ask(),
            on_error=lambda hint, error: hint._failed(error),
            size=1,
        )

    def _ask(self) -> None:
        """Store what PayPal says of the payment, as a file. Where the account is not known yet the
        payment could not be known again later: the search tells it.
        """
        source = self.source_id
        account = str((source.cursor or {}).get("account") or "")
        if source.live and account:
            raw = source._paypal_client().capture(self.number)
            name = f"paypal-{self.number}.json"
            source._take(name, capture_file(raw, account))
        self.unlink()

    def _failed(self, error: Exception) -> None:
        """Try again, but not for long: the search tells it in the end."""
        if not self._register_trouble(error) or self.attempts < MAX_ATTEMPTS:
            return
        self.unlink()

    def _error_sentence(self, error: Exception) -> str:
        """Override of `automation_core` to keep the source's secrets out of what is shown."""
        return self.source_id._readable(super()._error_sentence(error))
