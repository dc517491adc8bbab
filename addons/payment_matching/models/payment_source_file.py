import base64
import hashlib
from collections.abc import Sequence

from odoo import api, fields, models

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.file_transport.lib.place import MAX_BYTES, MAX_NAME, shown, too_large

from ..lib.source import SourceFile

_lt = Marker(__name__)

AT_ONCE = 100_000  # bytes that a person may wait for
TABLES = (".csv", ".txt", ".tsv")
EMPTY = _lt("The file is empty.")
UNREADABLE = "payment:file"


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
    external_id = fields.Char(
        "Id at the source", readonly=True, help="What makes it the same file at the source."
    )
    content = fields.Binary("File", attachment=True, readonly=True)
    size = fields.Integer("Size (bytes)", readonly=True)
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
    new_count = fields.Integer("New", readonly=True)
    known_count = fields.Integer("Known already", readonly=True)
    pending_count = fields.Integer("Not booked yet", readonly=True)
    is_table = fields.Boolean("Is a table", compute="_compute_is_table")
    note = fields.Text("Worth knowing", readonly=True)

    _external_uniq = models.UniqueIndex(
        "(source_id, external_id)", "This file was taken from the source already."
    )

    @api.depends("name")
    def _compute_is_table(self):
        for file in self:
            file.is_table = file.name.lower().endswith(TABLES)

    # -- storing -----------------------------------------------------------

    @api.model
    def _store(self, source, found: Sequence[SourceFile]):
        """Keep files raw, each once, and have them read soon; return their records in order.

        Never looks into the content, never commits.
        """
        # sudo: files are the program's, whoever uploads or mails them
        files = self.sudo()
        keys = [one.external_id or hashlib.sha256(one.content).hexdigest() for one in found]
        known = files.search([("source_id", "=", source.id), ("external_id", "in", keys)])
        by_key = {file.external_id: file for file in known}
        new = {key: one for key, one in zip(keys, found, strict=True) if key not in by_key}
        created = files.create([self._raw_vals(source, key, one) for key, one in new.items()])
        by_key |= {file.external_id: file for file in created}
        if created:
            self._trigger_cron("payment_matching.ir_cron_read_payments")
            created.filtered(lambda file: file.state == "failed")._raise_unreadable()
        return files.union(*(by_key[key] for key in keys))

    @api.model
    def _raw_vals(self, source, key: str, found: SourceFile) -> dict:
        problem = found.problem or self._problem_of(found)
        return {
            "source_id": source.id,
            "name": shown(found.name)[:MAX_NAME] or "?",
            "external_id": key,
            "content": False if problem else base64.b64encode(found.content),
            "size": len(found.content),
            "state": "failed" if problem else "new",
            "last_error": source._readable(problem) if problem else False,
        }

    @api.model
    def _problem_of(self, found: SourceFile) -> str:
        """Return why a file is not worth keeping."""
        if not found.content:
            return EMPTY
        if len(found.content) > MAX_BYTES:
            return too_large(found.name, MAX_BYTES).message
        return ""

    # -- trouble -----------------------------------------------------------

    def _raise_unreadable(self) -> None:
        """Have one open case per source as long as some of its files cannot be read."""
        cases = self.env["automation.case"]
        failed = self.search([("source_id", "in", self.source_id.ids), ("state", "=", "failed")])
        by_source = failed.grouped("source_id")
        cases._settle(self.source_id.filtered(lambda s: s not in by_source), codes=[UNREADABLE])
        cases._raise([self._case_vals(source, files) for source, files in by_source.items()])

    @api.model
    def _case_vals(self, source, files) -> dict:
        shown_files = files[:5]
        return {
            "record": source,
            "code": UNREADABLE,
            "kind": "data",
            "blocking": False,
            "name": self.env._(
                "%(count)s statement files of “%(name)s” cannot be read",
                count=len(files),
                name=source.name,
            )
            if len(files) > 1
            else self.env._(
                "The statement file “%(file)s” of “%(name)s” cannot be read",
                file=files.name,
                name=source.name,
            ),
            "explanation": "\n".join(f"{file.name}: {file.last_error}" for file in shown_files),
            "seen": ",".join(str(file_id) for file_id in sorted(files.ids)),
        }

    # -- what a person does ------------------------------------------------

    def action_retry(self):
        """Read again what could not be read, with the settings as they are now."""
        self.check_access("read")
        # sudo: files are written by the program only, whoever presses the button
        again = self.sudo().filtered(lambda file: file.state != "done" and file.content)
        again.write({"state": "new", "attempts": 0, "next_try": False})
        again._read_now()
        return True

    def action_ignore(self):
        """Leave files alone that are no statements, or that nobody needs."""
        self.check_access("read")
        # sudo: as above
        files = self.sudo().filtered(lambda file: file.state in ("new", "failed"))
        files.write({"state": "ignored", "next_try": False})
        files._raise_unreadable()
        return True

    def action_download(self):
        """Hand out the file as it came."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/payment.source.file/{self.id}/content/{self.name}?download=true",
            "target": "download",
        }

    def action_open_lines(self):
        """Show the payments that these files brought."""
        domain = [("payment_file_id", "in", self.ids)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New payments"),
            "res_model": "account.bank.statement.line",
            "view_mode": "list,form",
            "domain": domain,
        }

    def action_columns(self):
        """Choose what the columns of this table are."""
        self.ensure_one()
        chosen = self.env["payment.column.map"].create(
            {"file_id": self.id, "source_id": self.source_id.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Columns of %s", self.name),
            "res_model": "payment.column.map",
            "res_id": chosen.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
