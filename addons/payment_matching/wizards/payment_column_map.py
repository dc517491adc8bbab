"""What the columns of a bank's table are, chosen on a real file."""

import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, formatLang

from odoo.addons.automation_core.lib.errors import AutomationError

from ..lib.statement.csv import preview
from ..lib.statement.model import ColumnMap, Statement, StatementError
from ..lib.statement.read import read_statements

ROLES = [
    ("date", "Booking date"),
    ("value_date", "Value date"),
    ("amount", "Amount with sign"),
    ("credit", "Amount received"),
    ("debit", "Amount paid"),
    ("currency", "Currency"),
    ("payer_name", "Name of the other side"),
    ("payer_iban", "IBAN of the other side"),
    ("payer_bic", "BIC of the other side"),
    ("payer_email", "E-mail of the other side"),
    ("remittance", "Text of the payment"),
    ("end_to_end_id", "End-to-end id"),
    ("mandate_id", "Mandate"),
    ("creditor_id", "Creditor id"),
    ("bank_reference", "Reference of the bank"),
    ("invoice_id", "Number told by the shop"),
    ("code", "Transaction code"),
]
SHOWN = 8


class PaymentColumnMap(models.TransientModel):
    """A table, tried with columns that can be changed on the spot."""

    _name = "payment.column.map"
    _description = "Columns of a statement table"

    source_id = fields.Many2one("payment.source", required=True, ondelete="cascade")
    file_id = fields.Many2one("payment.source.file", required=True, ondelete="cascade")
    delimiter = fields.Selection(
        [(";", "Semicolon"), (",", "Comma"), ("\t", "Tab"), ("|", "Bar")],
        "Sign between columns",
        help="Empty: found out.",
    )
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows (1252)"),
            ("latin-1", "Latin-1"),
            ("cp850", "DOS"),
        ],
        "Characters",
        help="Empty: found out.",
    )
    decimal = fields.Selection(
        [(",", "1.234,56"), (".", "1,234.56")], "Numbers", help="Empty: found out."
    )
    date_format = fields.Char("Form of dates", help="e.g. %d.%m.%Y or %Y-%m-%d. Empty: found out.")
    skip = fields.Integer("Lines before the headings", help="0: found out.")
    column_ids = fields.One2many("payment.column.map.column", "map_id", "Columns")
    preview_html = fields.Html("Preview", compute="_compute_preview", sanitize=False)
    works = fields.Boolean(compute="_compute_preview")

    # -- loading -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override: begin with what can be found out."""
        records = super().create(vals_list)
        for record in records.filtered(lambda record: not record.column_ids):
            record._guess()
        return records

    def _guess(self) -> None:
        """Fill in the headings of the file and what they seem to be."""
        try:
            found = preview(self._content(), self.source_id._column_map(), rows=3)
        except AutomationError as error:
            raise UserError(self.source_id._error_sentence(error)) from error
        columns = found.columns or ColumnMap({})
        roles = {
            heading: role
            for role, headings in columns.columns.items()
            for heading in _parts(headings, found.headings)
        }
        known = dict(ROLES)
        self.write(
            {
                **self._format_vals(columns),
                "column_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "sequence": place,
                            "name": heading,
                            "sample": " · ".join(
                                row[place] for row in found.rows if place < len(row) and row[place]
                            )[:200],
                            "role": roles.get(heading) if roles.get(heading) in known else False,
                            "must_be": columns.booked.get(heading),
                        }
                    )
                    for place, heading in enumerate(found.headings)
                    if heading
                ],
            }
        )

    def _format_vals(self, columns: ColumnMap) -> dict:
        def offered(name: str, value: str) -> str | bool:
            return value if value in self._fields[name].get_values(self.env) else False

        return {
            "delimiter": offered("delimiter", columns.delimiter),
            "encoding": offered("encoding", columns.encoding),
            "decimal": offered("decimal", columns.decimal),
            "date_format": columns.date_format or False,
            "skip": columns.skip,
        }

    def _content(self) -> bytes:
        # sudo: the file is read by the program; its rights were checked when this was opened
        file = self.file_id.sudo().with_context(bin_size=False)
        return base64.b64decode(file.content or b"")

    # -- trying ------------------------------------------------------------

    def _columns(self) -> ColumnMap:
        chosen: dict[str, list[str]] = {}
        for column in self.column_ids.filtered("role").sorted("sequence"):
            chosen.setdefault(column.role, []).append(column.name)
        return ColumnMap(
            columns={role: "+".join(names) for role, names in chosen.items()},
            delimiter=self.delimiter or "",
            encoding=self.encoding or "",
            decimal=self.decimal or "",
            date_format=self.date_format or "",
            skip=self.skip or 0,
            booked={column.name: column.must_be for column in self.column_ids if column.must_be},
        )

    @api.depends(
        "column_ids.role",
        "column_ids.must_be",
        "delimiter",
        "encoding",
        "decimal",
        "date_format",
        "skip",
    )
    def _compute_preview(self):
        for record in self:
            try:
                statements = record._try()
            except AutomationError as error:
                record.works = False
                record.preview_html = Markup('<p class="text-danger mb-0">{}</p>').format(
                    record.source_id._error_sentence(error)
                )
            else:
                record.works = True
                record.preview_html = record._render(statements)

    def _try(self) -> tuple[Statement, ...]:
        roles = set(self.column_ids.mapped("role"))
        if "date" not in roles or not roles & {"amount", "credit", "debit"}:
            raise StatementError(
                self.env._("Choose at least the columns of the booking date and the amount.")
            )
        found = read_statements(self.file_id.name, self._content(), columns=self._columns())
        if not any(statement.lines for statement in found):
            raise StatementError(self.env._("No row of the table is a payment like this."))
        return found

    def _render(self, statements: tuple[Statement, ...]) -> Markup:
        lines = [line for statement in statements for line in statement.lines]
        currency = self.source_id._journal_currency(self.source_id.journal_id)

        def money(amount) -> str:
            return formatLang(self.env, float(amount), currency_obj=currency)

        rows = Markup().join(
            Markup(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td class='text-end text-nowrap {}'>{}</td>"
                "</tr>"
            ).format(
                format_date(self.env, line.date),
                line.payer_name,
                line.remittance[:80],
                "text-danger" if line.amount < 0 else "",
                money(line.amount),
            )
            for line in lines[:SHOWN]
        )
        total = self.env._(
            "%(count)s payments, together %(sum)s",
            count=len(lines),
            sum=money(sum(line.amount for line in lines)),
        )
        return Markup(
            "<table class='table table-sm mb-1'>{}</table><p class='fw-bold mb-0'>{}</p>"
        ).format(rows, total)

    # -- keeping -----------------------------------------------------------

    def action_save(self):
        """Keep the columns for all tables of this source and read the file."""
        self.ensure_one()
        if not self.works:
            raise UserError(self.env._("The table cannot be read like this; see the preview."))
        columns = self._columns()
        self.source_id.column_map = {
            name: dict(value) if name in ("columns", "booked") else value
            for name, value in ((name, getattr(columns, name)) for name in columns.__slots__)
        }
        self.file_id.action_retry()
        return self.file_id._get_records_action()


class PaymentColumnMapColumn(models.TransientModel):
    """One column of the table, with some of what stands in it."""

    _name = "payment.column.map.column"
    _description = "Column of a statement table"
    _order = "sequence, id"

    map_id = fields.Many2one("payment.column.map", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    name = fields.Char("Heading", readonly=True)
    sample = fields.Char("In the file", readonly=True)
    role = fields.Selection(ROLES, "Is")
    must_be = fields.Char(
        "Only rows with", help="e.g. “booked” in a column of states: other rows are left out."
    )


def _parts(headings: str, known: tuple[str, ...]) -> list[str]:
    """Return the headings that are put together; one with a plus in its own name is whole."""
    return [headings] if headings in known else headings.split("+")
