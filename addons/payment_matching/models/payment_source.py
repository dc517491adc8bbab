from odoo import fields, models

from ..lib.statement.model import Statement


class PaymentSource(models.Model):
    """Where payments come from: a bank's files, a watched folder, a payment service.

    An add-on for another source adds its ``kind`` and fills in these hooks, which write nothing and
    raise only ``automation_core.lib.errors``:

    - ``_source_fetch(cursor) -> SourcePage``: what is new since the cursor (plain JSON)
    - ``_source_read(name, content) -> tuple[Statement, ...]``: what a stored file says; it asks
      nobody
    - ``_source_check() -> list of lines``: the connection test
    - ``_source_secrets() -> list[str]``: what must never be shown

    Everything else is done for it: files are stored raw first and read afterwards, every booking is
    taken once, failures are put off and become one case per source.
    """

    _name = "payment.source"
    _description = "Payment source"
    _inherit = ["automation.batch", "automation.retry.mixin", "mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("upload", "Files, uploaded by hand or mailed"),
            ("place", "Files from a watched folder or server"),
        ],
        required=True,
        default="upload",
        tracking=True,
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        check_company=True,
        domain="[('type', '=', 'bank')]",
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(related="journal_id.company_id", store=True, index=True)
    live = fields.Boolean("Switched on", copy=False, tracking=True)
    cursor = fields.Json(copy=False, readonly=True)
    lease_until = fields.Datetime(copy=False, readonly=True)
    last_poll = fields.Datetime("Last fetched", copy=False, readonly=True)
    next_poll = fields.Datetime("Next fetch", copy=False)
    poll_minutes = fields.Integer("Fetch every (minutes)", default=60)
    file_ids = fields.One2many("payment.source.file", "source_id", "Files")

    def _source_read(self, name: str, content: bytes) -> tuple[Statement, ...]:
        """Return what a file says; raises ``StatementError`` in the user's words."""
        raise NotImplementedError
