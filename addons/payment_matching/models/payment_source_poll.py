"""Fetching, by itself and at the press of a button; the connection test."""

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.automation_core.checked import render_check

from ..lib.source import CheckLine, SourcePage

TROUBLE = "payment:fetch"


class PaymentSource(models.Model):
    _inherit = "payment.source"

    _poll_cron = "payment_matching.ir_cron_fetch_payments"

    check_result = fields.Html("Last test", readonly=True, copy=False)
    check_ok = fields.Boolean("Connection test passed", readonly=True, copy=False)

    @api.model
    def _cron_fetch(self):
        """Fetch from every due source. **Commits**; no source's trouble reaches another."""
        self._poll_run()

    @api.model
    def _due_domain(self):
        """Override: nobody can be asked for files that are uploaded by hand."""
        return super()._due_domain() & Domain("kind", "!=", "upload")

    def _poll_fetch(self, cursor):
        """Override for `automation_core`."""
        return self._source_fetch(cursor)

    def _poll_store(self, page: SourcePage) -> None:
        """Override for `automation_core`: the files are read by another cron."""
        self.env["payment.source.file"]._store(self, page.files)

    def _poll_case(self):
        """Override for `automation_core`."""
        return {
            "code": TROUBLE,
            "name": self.env._("Payments of “%s” cannot be fetched", self.name),
        }

    # -- buttons -----------------------------------------------------------

    def action_fetch_now(self):
        """Let the next fetch start now instead of at its time."""
        self.check_access("read")
        # sudo: bookkeepers may ask for news, but not change the settings
        self.sudo().write({"next_poll": fields.Datetime.now(), "next_try": False})
        self._trigger_cron(self._poll_cron)
        return self._poll_notification(
            self.env._("New payments are fetched now and appear in a moment."),
            self.env._("It is switched off, so nothing is fetched. Switch it on first."),
        )

    def action_check(self):
        """Try the connection and the settings; the answer is shown on the source."""
        self.check_access("write")
        for source in self:
            # sudo: the test uses secrets that whoever presses the button need not be able to read
            checked = source.sudo().with_company(source.company_id)
            lines = checked._check()
            checked.write(
                {
                    "check_result": render_check(lines, source._readable),
                    "check_ok": all(line.ok for line in lines),
                }
            )
        return True

    def _check(self) -> list[CheckLine]:
        self.ensure_one()
        try:
            return list(self._source_check())
        except Exception as error:
            return [CheckLine(False, self._error_sentence(error))]
