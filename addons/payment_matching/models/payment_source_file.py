from odoo import fields, models


class PaymentSourceFile(models.Model):
    """A file or answer as it arrived, and what became of it: stored first, read afterwards."""

    _name = "payment.source.file"
    _description = "Statement file"
    _inherit = ["automation.batch", "automation.retry.mixin"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    source_id = fields.Many2one(
        "payment.source", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    journal_id = fields.Many2one(related="source_id.journal_id")
    external_id = fields.Char(readonly=True, help="What makes it the same file at the source.")
    content = fields.Binary("File", attachment=True, readonly=True)
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("done", "Taken"),
            ("failed", "Not readable"),
            ("ignored", "Ignored"),
        ],
        default="new",
        required=True,
        readonly=True,
        index=True,
    )
    line_ids = fields.One2many("account.bank.statement.line", "payment_file_id", "New payments")
    known_count = fields.Integer("Known already", readonly=True)
    pending_count = fields.Integer("Not booked yet", readonly=True)
    note = fields.Text(readonly=True, help="What is worth knowing about it.")
