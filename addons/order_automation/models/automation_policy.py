from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

STEERING_FIELDS = frozenset(
    {
        "payment_first",
        "auto_confirm",
        "delivery_mode",
        "invoice_mode",
        "invoice_days",
        "reminder_days",
        "cancel_days",
    }
)


class AutomationPolicy(models.Model):
    """Which steps run for an order by themselves, when, and which mails go out."""

    _name = "automation.policy"
    _description = "Automation policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first policy whose conditions fit an order is taken."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    note = fields.Text("Internal note", translate=True)

    # When does it apply
    team_ids = fields.Many2many("crm.team", string="Sales teams")
    payment_method_ids = fields.Many2many("automation.payment.method", string="Payment methods")
    country_ids = fields.Many2many("res.country", string="Delivery countries")
    domain = fields.Char("Further condition", default="[]", help="A filter on the order.")

    # Steps
    payment_first = fields.Selection(
        [
            ("by_method", "When the payment method is prepayment"),
            ("always", "Always"),
            ("never", "Never"),
        ],
        "Wait for the money",
        required=True,
        default="by_method",
    )
    auto_confirm = fields.Boolean(
        "Release by itself", default=True, help="Otherwise staff confirm the order."
    )
    delivery_mode = fields.Selection(
        [
            ("staff", "Done by the warehouse or the shipper's feedback"),
            ("auto", "Done by itself as soon as the goods are reserved"),
        ],
        "Delivery",
        required=True,
        default="staff",
    )
    invoice_mode = fields.Selection(
        [
            ("shipping", "At once when goods have left"),
            ("days", "Some days after goods have left"),
            ("none", "By staff"),
        ],
        "Invoicing",
        required=True,
        default="shipping",
    )
    invoice_days = fields.Integer("Days after shipping", default=3)
    reminder_days = fields.Integer(
        "Remind of payment after",
        default=7,
        help="Days without money until a reminder is mailed. 0: never.",
    )
    cancel_days = fields.Integer(
        "Cancel unpaid order after",
        default=0,
        help="Days without money until the order is cancelled. 0: never.",
    )
    unknown_size = fields.Selection(
        [("hold", "Hold the order"), ("allow", "Let it pass")],
        "Locker and unknown product size",
        required=True,
        default="allow",
    )

    # Mails
    mail_receipt = fields.Boolean("Receipt of the order", default=True)
    mail_payment = fields.Boolean("Payment instructions", default=True)
    mail_reminder = fields.Boolean("Payment reminder", default=True)
    mail_shipped = fields.Boolean("Shipped", default=True)
    mail_invoice = fields.Boolean("Invoice", default=True)
    mail_cancelled = fields.Boolean("Cancelled", default=True)

    order_count = fields.Integer(compute="_compute_order_count")

    _days_positive = models.Constraint(
        "CHECK(invoice_days >= 0 AND reminder_days >= 0 AND cancel_days >= 0)",
        "Days cannot be negative.",
    )

    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("automation_policy_id", "in", self.ids)], ["automation_policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.order_count = counts.get(policy, 0)

    @api.constrains("domain")
    def _check_domain(self):
        for policy in self:
            try:
                Domain(safe_eval(policy.domain or "[]")).validate(self.env["sale.order"])
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The further condition of policy %(name)s is not valid: %(error)s",
                        name=policy.name,
                        error=error,
                    )
                ) from error

    def write(self, vals):
        """Orders still under way follow a changed policy; finished ones are not touched."""
        result = super().write(vals)
        if "unknown_size" in vals:
            self.env["automation.rule"]._recheck("pickup_size")
        if STEERING_FIELDS & set(vals):
            orders = self.env["sale.order"].search(
                [
                    ("automation_policy_id", "in", self.ids),
                    ("automation_state", "not in", ("done", "cancelled")),
                ]
            )
            orders._automation_facts_changed()
        return result

    # ------------------------------------------------------------------
    # Choice
    # ------------------------------------------------------------------

    @api.model
    def _choose(self, orders):
        """Return ``{policy: orders}``; orders that no policy fits stand under the empty policy."""
        chosen, rest = {}, orders
        for policy in self.search([]):
            if not rest:
                break
            if fitting := policy._filter_orders(rest):
                chosen[policy] = fitting
                rest -= fitting
        if rest:
            chosen[self.browse()] = rest
        return chosen

    def _filter_orders(self, orders):
        """Return those ``orders`` that this policy's conditions fit."""
        self.ensure_one()
        fitting = orders.filtered(
            lambda order: not self.company_id or order.company_id == self.company_id
        )
        for condition, path in self._get_conditions():
            if wanted := self[condition]:
                fitting = fitting.filtered(
                    lambda order, path=path, wanted=wanted: order.mapped(path) & wanted
                )
        if fitting and self.domain not in (False, "[]"):
            fitting = fitting.filtered_domain(safe_eval(self.domain))
        return fitting

    def _get_conditions(self):
        """Return ``(condition field, path from the order)`` pairs; an empty condition fits all."""
        return [
            ("team_ids", "team_id"),
            ("payment_method_ids", "automation_payment_method_id"),
            ("country_ids", "partner_shipping_id.country_id"),
        ]

    def _waits_for_payment(self, order) -> bool:
        """Whether ``order`` has to be paid before it is released."""
        if self.payment_first == "by_method":
            return order.automation_payment_method_id.kind == "prepayment"
        return self.payment_first == "always"

    def action_open_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_automation.sale_order_action_automation"
        )
        return {**action, "domain": [("automation_policy_id", "=", self.id)], "context": {}}
