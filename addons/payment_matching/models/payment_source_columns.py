"""How the tables (CSV) of a source are read, where they are of no known layout."""

from odoo import api, fields, models

from ..lib.statement.model import ColumnMap


class PaymentSource(models.Model):
    _inherit = "payment.source"

    column_map = fields.Json("Columns of tables", copy=True, readonly=True)
    has_column_map = fields.Boolean("Columns are chosen", compute="_compute_has_column_map")

    @api.depends("column_map")
    def _compute_has_column_map(self):
        for source in self:
            source.has_column_map = bool(source.column_map)

    def _column_map(self) -> ColumnMap | None:
        """Return the columns that somebody has chosen; None: they are found out."""
        return ColumnMap(**self.column_map) if self.column_map else None

    def action_forget_columns(self):
        """Let the columns be found out again."""
        self.column_map = False
        return True
