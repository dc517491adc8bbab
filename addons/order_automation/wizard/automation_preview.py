from markupsafe import Markup

from odoo import api, fields, models


class AutomationPreview(models.TransientModel):
    """What would happen to an order; nothing is done."""

    _name = "automation.preview"
    _description = "What would happen to this order"

    order_id = fields.Many2one("sale.order", required=True)
    policy_id = fields.Many2one(
        "automation.policy",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        help="Try another policy: nothing is changed on the order.",
    )
    steps = fields.Html(compute="_compute_steps", sanitize=False)

    @api.depends("order_id")
    def _compute_policy_id(self):
        for preview in self:
            order = preview.order_id
            chosen = (
                next(iter(self.env["automation.policy"]._choose(order)), False) if order else False
            )
            preview.policy_id = order.automation_policy_id or chosen

    @api.depends("order_id", "policy_id")
    def _compute_steps(self):
        for preview in self:
            rows = preview._get_steps() if preview.order_id else []
            preview.steps = Markup("<ol>%s</ol>") % Markup("").join(
                Markup("<li><b>%s</b> %s</li>") % row for row in rows
            )

    def _get_steps(self) -> list[tuple[str, str]]:
        """Return ``(what, when and why)`` in the order in which it would happen."""
        order, policy = self.order_id, self.policy_id
        if not policy:
            return [(self.env._("By hand:"), self.env._("no policy fits this order"))]
        rows = [(self.env._("Policy:"), policy.name)]
        rows += self._get_check_rows(order)
        rows += self._get_payment_rows(order, policy)
        rows += self._get_delivery_rows(policy)
        return rows

    def _get_check_rows(self, order) -> list[tuple[str, str]]:
        found = self.env["automation.rule"]._explain(order).get(order.id, [])
        rows = [(self.env._("Held:"), text) for text in found]
        return rows or [(self.env._("Checks:"), self.env._("nothing to object"))]

    def _get_payment_rows(self, order, policy) -> list[tuple[str, str]]:
        rows = (
            [(self.env._("Mail:"), self.env._("receipt of the order"))]
            if policy.mail_receipt
            else []
        )
        if not policy._waits_for_payment(order):
            rows.append((self.env._("Payment:"), self.env._("the order does not wait for it")))
        elif order._is_paid():
            rows.append((self.env._("Payment:"), self.env._("already here")))
        else:
            rows.append((self.env._("Payment:"), self._get_waiting_text(policy)))
        return rows

    def _get_waiting_text(self, policy) -> str:
        texts = [self.env._("waits for the money")]
        if policy.reminder_days:
            texts.append(self.env._("reminder after %s days", policy.reminder_days))
        if policy.cancel_days:
            texts.append(self.env._("cancelled after %s days", policy.cancel_days))
        return ", ".join(texts)

    def _get_delivery_rows(self, policy) -> list[tuple[str, str]]:
        labels = {
            name: dict(policy._fields[name]._description_selection(self.env))
            for name in ("delivery_mode", "invoice_mode")
        }
        confirm = self.env._("by itself") if policy.auto_confirm else self.env._("by staff")
        invoice = labels["invoice_mode"][policy.invoice_mode]
        if policy.invoice_mode == "days":
            invoice = self.env._("%s days after goods have left", policy.invoice_days)
        return [
            (self.env._("Release:"), confirm),
            (self.env._("Delivery:"), labels["delivery_mode"][policy.delivery_mode]),
            (self.env._("Invoice:"), invoice),
        ]
