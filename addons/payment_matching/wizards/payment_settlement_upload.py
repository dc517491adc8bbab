import base64

from odoo import fields, models


class PaymentSettlementUpload(models.TransientModel):
    """A settlement from somebody's computer."""

    _name = "payment.settlement.upload"
    _description = "Upload of a settlement"

    source_id = fields.Many2one(
        "payment.settlement.source", "Marketplace", required=True, ondelete="cascade"
    )
    content = fields.Binary("File", required=True, attachment=False)
    name = fields.Char()

    def action_upload(self):
        """Store the file and show what is in it."""
        self.ensure_one()
        self.source_id.check_access("read")
        content = base64.b64decode(self.content)
        settlements = self.source_id._take_file(self.name or "?", content)
        if len(settlements) == 1:
            return settlements._get_records_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_matching.payment_settlement_action"
        )
        return {**action, "domain": [("id", "in", settlements.ids)], "context": {}}
