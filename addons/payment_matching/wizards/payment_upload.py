"""Statement files from somebody's computer: several at once, and at once told what came of them."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..lib.source import SourceFile


class PaymentUpload(models.TransientModel):
    """Files of one upload and what became of them."""

    _name = "payment.upload"
    _description = "Upload of statements"

    source_id = fields.Many2one("payment.source", ondelete="cascade")
    journal_id = fields.Many2one(
        "account.journal",
        "Bank account",
        required=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        domain="[('type', '=', 'bank')]",
        ondelete="cascade",
        help="Where the file names the account, its payments go to the journal of that account.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Choose files")
    row_ids = fields.One2many("payment.upload.row", "upload_id", "Result", readonly=True)
    state = fields.Selection([("choose", "Choose"), ("done", "Done")], default="choose")
    summary = fields.Char(compute="_compute_summary")
    new_count = fields.Integer("New payments", compute="_compute_summary")
    waiting = fields.Boolean(compute="_compute_summary")
    failed = fields.Boolean(compute="_compute_summary")

    @api.depends("source_id")
    def _compute_journal_id(self):
        journals = self.env["account.journal"]
        for upload in self:
            first = journals.search(
                [("type", "=", "bank"), ("company_id", "=", self.env.company.id)],
                order="match_payments DESC, sequence, id",
                limit=1,
            )
            upload.journal_id = upload.source_id.journal_id or upload.journal_id or first

    @api.depends("row_ids.new_count", "row_ids.known_count", "row_ids.state")
    def _compute_summary(self):
        for upload in self:
            rows = upload.row_ids
            upload.new_count = sum(rows.mapped("new_count"))
            upload.waiting = "new" in rows.mapped("state")
            upload.failed = "failed" in rows.mapped("state")
            upload.summary = self.env._(
                "%(new)s new, %(known)s known already, %(pending)s not booked yet",
                new=upload.new_count,
                known=sum(rows.mapped("known_count")),
                pending=sum(rows.mapped("pending_count")),
            )

    def action_take(self):
        """Store the files, read them, and show what came of it."""
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose at least one file."))
        source = self.source_id or self.journal_id._payment_upload_source()
        inbox = self.env["payment.source.file"]
        last_id = inbox.search([("source_id", "=", source.id)], limit=1).id
        files = inbox._store(source, self._found())
        repeated = files.filtered(lambda file: file.id <= last_id and file.state == "done")
        (files - repeated).action_retry()
        self.write(
            {
                "state": "done",
                "row_ids": [
                    Command.clear(),
                    *(
                        Command.create({"file_id": file.id, "repeated": file in repeated})
                        for file in files
                    ),
                ],
            }
        )
        # the raw files are kept by the source; these copies would be kept by nobody
        self.attachment_ids.unlink()
        return self._reopen()

    def _found(self) -> list[SourceFile]:
        self.attachment_ids.fetch(["name", "datas"])
        return [
            SourceFile(attachment.name, base64.b64decode(attachment.datas or b""))
            for attachment in self.attachment_ids
        ]

    def _reopen(self) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Upload statements"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_look_again(self):
        """Show how far the reading is by now."""
        return self._reopen()

    def action_more(self):
        """Upload further files."""
        self.write({"state": "choose", "row_ids": [Command.clear()]})
        return self._reopen()

    def action_open_payments(self):
        """Show the payments that were new."""
        self.ensure_one()
        return self.row_ids.filtered(lambda row: not row.repeated).file_id.action_open_lines()


class PaymentUploadRow(models.TransientModel):
    """What became of one of the uploaded files."""

    _name = "payment.upload.row"
    _description = "Uploaded statement"

    upload_id = fields.Many2one("payment.upload", required=True, ondelete="cascade", index=True)
    file_id = fields.Many2one("payment.source.file", required=True, ondelete="cascade")
    repeated = fields.Boolean(help="It was uploaded before.")
    name = fields.Char(related="file_id.name")
    state = fields.Selection(related="file_id.state")
    new_count = fields.Integer("New", compute="_compute_counts")
    known_count = fields.Integer("Known already", compute="_compute_counts")
    pending_count = fields.Integer(related="file_id.pending_count")
    text = fields.Char("Remark", compute="_compute_counts")
    is_table = fields.Boolean(compute="_compute_counts")

    @api.depends("file_id.state", "file_id.new_count", "repeated")
    def _compute_counts(self):
        for row in self:
            file = row.file_id
            total = file.new_count + file.known_count
            row.new_count = 0 if row.repeated else file.new_count
            row.known_count = total - row.new_count
            row.is_table = file.state == "failed" and file.is_table
            row.text = row._remark()

    def _remark(self) -> str:
        file = self.file_id
        if self.repeated:
            return self.env._("This very file was taken before.")
        if file.state == "new":
            return self.env._("It is being read.")
        return (file.last_error if file.state == "failed" else file.note) or ""

    def action_columns(self):
        """Choose what the columns of this table are."""
        return self.file_id.action_columns()
