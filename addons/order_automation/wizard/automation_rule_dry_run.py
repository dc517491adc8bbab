from odoo import fields, models

from ..lib.finding import Finding


class AutomationRuleDryRun(models.TransientModel):
    """What a rule would say about the last orders; no case is raised."""

    _name = "automation.rule.dry.run"
    _description = "Dry run of a hold rule"

    rule_id = fields.Many2one("automation.rule", required=True, ondelete="cascade")
    limit = fields.Integer("Last orders", default=100, required=True)
    checked_count = fields.Integer(readonly=True)
    found_count = fields.Integer(readonly=True)
    error = fields.Text(readonly=True)
    line_ids = fields.One2many("automation.rule.dry.run.line", "dry_run_id", readonly=True)

    _limit_sensible = models.Constraint(
        'CHECK("limit" BETWEEN 1 AND 10000)', "Look at 1 to 10000 orders."
    )

    def action_run(self):
        """Look at the last orders and show this form with the result."""
        self.ensure_one()
        orders = self._get_orders()
        findings, error = self._find(orders)
        self.line_ids.unlink()
        self.write(
            {
                "checked_count": len(orders),
                "found_count": len(findings),
                "error": error,
                "line_ids": [
                    fields.Command.create(
                        {
                            "order_id": order_id,
                            "sentence": finding.sentence,
                            "explanation": self.rule_id._get_explanation(finding),
                        }
                    )
                    for order_id, finding in findings.items()
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dry run: %s", self.rule_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _get_orders(self):
        """The last orders this user may see, of the rule's company."""
        company = self.rule_id.company_id or self.env.companies
        domain = [("state", "!=", "cancel"), ("company_id", "in", company.ids)]
        return self.env["sale.order"].search(domain, limit=self.limit, order="id desc")

    def _find(self, orders) -> tuple[dict[int, Finding], str | bool]:
        """The rule's findings and its error; whatever a server action wrote is taken back."""
        # sudo: a rule sees the same facts whoever asks
        rule, orders = self.rule_id.sudo(), orders.sudo()
        savepoint = self.env.cr.savepoint()
        try:
            findings, failures = rule._evaluate(orders)
        finally:
            savepoint.close(rollback=True)
        if failures:
            return {}, rule._get_failure_text(failures[rule])
        return findings[rule], False


class AutomationRuleDryRunLine(models.TransientModel):
    """One order the rule would have stopped."""

    _name = "automation.rule.dry.run.line"
    _description = "Order found by a dry run"
    _order = "id"

    dry_run_id = fields.Many2one("automation.rule.dry.run", required=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    date_order = fields.Datetime(related="order_id.date_order")
    partner_id = fields.Many2one(related="order_id.partner_id")
    amount_total = fields.Monetary(related="order_id.amount_total")
    currency_id = fields.Many2one(related="order_id.currency_id")
    sentence = fields.Char("What was found", readonly=True)
    explanation = fields.Text(readonly=True)
