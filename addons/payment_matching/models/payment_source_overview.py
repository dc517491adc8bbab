"""How a source is doing, and the ways from it to what it brought."""

from odoo import api, fields, models


class PaymentSource(models.Model):
    _inherit = "payment.source"

    status = fields.Selection(
        [("ok", "Running"), ("error", "Trouble"), ("off", "Off"), ("hand", "By hand")],
        compute="_compute_status",
    )
    file_count = fields.Integer("Number of files", compute="_compute_counts")
    failed_count = fields.Integer("Unreadable files", compute="_compute_counts")
    payment_count = fields.Integer("Number of payments", compute="_compute_counts")

    @api.depends("live", "kind", "attempts", "last_error", "failed_count")
    def _compute_status(self):
        for source in self:
            if source.failed_count or (source.live and source.last_error):
                source.status = "error"
            elif source.kind == "upload":
                source.status = "hand"
            else:
                source.status = "ok" if source.live else "off"

    @api.depends("file_ids.state")
    def _compute_counts(self):
        groups = self.env["payment.source.file"]._read_group(
            [("source_id", "in", self.ids)], ["source_id", "state"], ["__count", "new_count:sum"]
        )
        for source in self:
            own = [row[1:] for row in groups if row[0] == source]
            source.file_count = sum(count for _state, count, _new in own)
            source.failed_count = sum(count for state, count, _new in own if state == "failed")
            source.payment_count = sum(new for _state, _count, new in own)

    def action_open_files(self):
        """Show the files of this source."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Files of %s", self.name),
            "res_model": "payment.source.file",
            "view_mode": "list,form",
            "domain": [("source_id", "=", self.id)],
            "context": {f"search_default_{self.env.context.get('file_filter')}": True}
            if self.env.context.get("file_filter")
            else {},
        }

    def action_open_payments(self):
        """Show the payments that came from this source."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payments from %s", self.name),
            "res_model": "account.bank.statement.line",
            "view_mode": "list,form",
            "domain": [("payment_file_id.source_id", "=", self.id)],
        }

    def action_upload(self):
        """Take files from the user's computer for this source."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_matching.payment_upload_action"
        )
        action["context"] = {"default_source_id": self.id}
        return action
