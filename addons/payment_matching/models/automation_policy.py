from odoo import fields, models

TOLERANCES = frozenset({"payment_tolerance", "payment_tolerance_percent"})


class AutomationPolicy(models.Model):
    _inherit = "automation.policy"

    payment_tolerance = fields.Float(
        "Short payment allowed up to",
        digits=(16, 2),
        help="In the order's currency. An order that lacks no more than this is released; the rest "
        "is written off with its invoice. Where a percentage is given too, the smaller one counts.",
    )
    payment_tolerance_percent = fields.Float("Short payment allowed up to (%)", digits=(5, 2))

    _tolerance_positive = models.Constraint(
        "CHECK(payment_tolerance >= 0 AND payment_tolerance_percent >= 0"
        " AND payment_tolerance_percent < 100)",
        "The tolerance for short payments cannot be negative, nor 100 % or more.",
    )

    def _payment_tolerance(self, total: float) -> float:
        """Return how much may be missing of ``total``; nothing without a policy."""
        shares = [self.payment_tolerance, total * self.payment_tolerance_percent / 100]
        return min((share for share in shares if share), default=0.0)

    def write(self, vals):
        """Override of `order_automation`: orders that wait follow a changed tolerance."""
        result = super().write(vals)
        if TOLERANCES & set(vals):
            self.env["sale.order"].search(
                [
                    ("automation_policy_id", "in", self.ids),
                    ("automation_state", "=", "waiting_payment"),
                ]
            )._automation_facts_changed()
        return result
