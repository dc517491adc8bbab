from odoo import api, fields, models


class AutomationLog(models.Model):
    """One automatic decision and its reason; the order's timeline."""

    _name = "automation.log"
    _description = "Automatic decision"
    _order = "id desc"
    _rec_name = "message"

    order_id = fields.Many2one(
        "sale.order", required=True, ondelete="cascade", index=True, readonly=True
    )
    code = fields.Char("Step", required=True, readonly=True)
    message = fields.Text("What and why", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, help="Empty: the system.")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)

    @api.model
    def _add(self, entries):
        """Write ``(order, code, message)`` entries at once; people are named, the system is not."""
        person = not self.env.user._is_superuser() and not self.env.context.get("automation_engine")
        # sudo: the timeline is written by the program only, nobody may edit it
        return self.sudo().create(
            [
                {
                    "order_id": order.id,
                    "code": code,
                    "message": message,
                    "user_id": self.env.uid if person else False,
                    "company_id": order.company_id.id,
                }
                for order, code, message in entries
            ]
        )
