from odoo import api, fields, models

ORDER_FIELDS = {
    "sale.order": "id",
    "stock.picking": "sale_id",
    "account.move": "line_ids.sale_line_ids.order_id",
}


class AutomationCase(models.Model):
    _inherit = "automation.case"

    order_id = fields.Many2one(
        "sale.order",
        compute="_compute_order_id",
        store=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    customer_id = fields.Many2one(related="order_id.partner_id")

    @api.depends("res_model", "res_id")
    def _compute_order_id(self):
        for model, cases in self.grouped("res_model").items():
            path = ORDER_FIELDS.get(model)
            for case in cases:
                document = self.env[model].browse(case.res_id) if path else None
                order = document if path == "id" else document and document.mapped(path)[:1]
                case.order_id = order or False

    def _on_raised(self):
        """Override of `automation_core`: the timeline tells why the order stopped."""
        self.env["automation.log"]._add(
            [(case.order_id, "case", case.name) for case in self if case.order_id]
        )
        return super()._on_raised()

    def _close_by_person(self, state):
        """Override of `automation_core`: these orders do not count as fully automatic."""
        result = super()._close_by_person(state)
        # sudo: the mark is a figure for the statistics, not the person's own entry
        self.order_id.sudo().automation_touched = True
        return result

    def _on_closed(self):
        """Override of `automation_core`: the order is checked again and goes on."""
        entries = []
        for case in self.filtered("order_id"):
            message = (
                self.env._("Gone on anyway: %s", case.name)
                if case.state == "overridden"
                else self.env._("Settled: %s", case.name)
            )
            entries.append((case.order_id, "case", message))
        self.env["automation.log"]._add(entries)
        if not self.env.context.get("automation_engine"):
            self.order_id._automation_recheck()
            self.order_id._automation_forget_failures()
        return super()._on_closed()
