from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    automation_mail_count = fields.Integer("Mails", compute="_compute_automation_mail_count")

    def _compute_automation_mail_count(self):
        # sudo: the number alone; the mails themselves are opened with the user's rights
        counts = dict(
            self.env["automation.mail"]
            .sudo()
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.automation_mail_count = counts.get(order.sudo(), 0)
