from odoo import fields, models

from odoo.addons.automation_core.lib.masking import mask
from odoo.addons.automation_core.translated import translated

from ..lib.source import CheckLine, SourceFile, SourcePage
from ..lib.statement.model import Statement
from ..lib.statement.read import read_statements


class PaymentSource(models.Model):
    """Where payments come from: a bank's files, a watched folder, a payment service.

    An add-on for another source adds its ``kind`` and fills in these hooks, which write nothing and
    raise only ``automation_core.lib.errors``; each asks its own kind first, else calls ``super()``:

    - ``_source_fetch(cursor) -> SourcePage``: what is new since the cursor (plain JSON)
    - ``_source_read(name, content) -> tuple[Statement, ...]``: what a stored file says; it asks
      nobody. A statement without ``account`` belongs to the journal of the source.
    - ``_source_check() -> list[CheckLine]``: the connection test
    - ``_source_secrets() -> list[str]``: what must never be shown

    Everything else is done for it: files are stored raw first and read afterwards, every booking is
    taken once, failures are put off and become one case per source.
    """

    _name = "payment.source"
    _description = "Payment source"
    _inherit = ["automation.poll.mixin", "mail.alias.mixin.optional", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

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
    live = fields.Boolean("Switched on", tracking=True, help="Nothing is fetched while it is off.")
    file_ids = fields.One2many("payment.source.file", "source_id", "Files")

    # -- hooks -------------------------------------------------------------

    def _source_fetch(self, cursor: dict) -> SourcePage:
        """Return what is new since the cursor."""
        return SourcePage((), cursor)

    def _source_read(self, name: str, content: bytes) -> tuple[Statement, ...]:
        """Return what a file says; raises ``StatementError`` in the user's words."""
        return read_statements(name, content, columns=self._column_map())

    def _source_check(self) -> list[CheckLine]:
        """Return what works and what does not."""
        return []

    def _source_secrets(self) -> list[str]:
        """Return the texts that must never show."""
        return []

    # -- for everybody -----------------------------------------------------

    def _take(self, name: str, content: bytes, external_id: str = ""):
        """Store a file raw, once, and have it read soon; return its record.

        :param external_id: what makes it the same one; empty: its content does
        """
        self.ensure_one()
        found = SourceFile(name, content, external_id)
        return self.env["payment.source.file"]._store(self, [found])

    def _readable(self, text: str) -> str:
        """Return a text in the reader's language, without this source's secrets."""
        # sudo: the secrets are needed to hide them
        return mask(translated(self.env, text), self.sudo()._source_secrets())

    def _error_sentence(self, error: Exception) -> str:
        """Override of `automation_core` to keep this source's secrets out of what is shown."""
        return self._readable(super()._error_sentence(error))
