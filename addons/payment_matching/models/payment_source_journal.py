from odoo import models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def action_upload_statements(self):
        """Take statement files for this journal; called from the dashboard."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_matching.payment_upload_action"
        )
        action["context"] = {"default_journal_id": self.id}
        return action

    def _payment_upload_source(self):
        """Return the source that takes uploaded files of this journal; made when there is none."""
        self.ensure_one()
        # sudo: a bookkeeper may upload without being allowed to set up sources
        sources = self.env["payment.source"].sudo()
        found = sources.search([("journal_id", "=", self.id), ("kind", "=", "upload")], limit=1)
        return found or sources.create({"name": self.name, "journal_id": self.id, "kind": "upload"})
