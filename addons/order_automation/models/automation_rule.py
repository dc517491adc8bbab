from odoo import api, fields, models

from ..lib.finding import fingerprint


class AutomationRule(models.Model):
    """When an order needs a person: a condition, and the case it becomes.

    A kind is a selection value and a method ``_find_<kind>(orders, facts)`` that returns
    ``{order id: Finding}`` for the orders it objects to. ``facts`` is shared by all rules of a run.
    """

    _name = "automation.rule"
    _description = "Hold rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    kind = fields.Selection(
        [
            ("note", "Buyer left a note"),
            ("address", "Address incomplete"),
            ("pickup_numbers", "Pick-up point: numbers missing"),
            ("pickup_refused", "Pick-up point: not served"),
            ("pickup_size", "Pick-up point: article does not fit"),
            ("duplicate", "Suspicious duplicate"),
            ("total", "Total differs from the shop's"),
            ("unknown_sku", "Unknown article number"),
            ("amount", "Order value above a limit"),
            ("country", "Country not served"),
            ("first_invoice", "First order on invoice"),
            ("customer", "Note on the customer"),
            ("domain", "Free: filter on the order"),
            ("line_any", "Free: filter, any line"),
            ("line_all", "Free: filter, all lines"),
            ("code", "Free: server action"),
        ],
        required=True,
        default="domain",
    )
    blocking = fields.Boolean(
        "Hold the order", default=True, help="Off: the case is raised, and the order goes on."
    )
    on_failure = fields.Selection(
        [("go_on", "Orders go on"), ("hold", "Orders are held")],
        "If the rule itself fails",
        required=True,
        default="go_on",
    )
    explanation = fields.Text(
        "What to do", translate=True, help="Shown in the case, below what was seen."
    )

    # For which orders
    policy_ids = fields.Many2many("automation.policy", string="Policies")
    payment_method_ids = fields.Many2many("automation.payment.method", string="Payment methods")
    country_ids = fields.Many2many("res.country", string="Delivery countries")

    # Settings of the kinds
    served_country_ids = fields.Many2many(
        "res.country", "automation_rule_served_country_rel", string="Served countries"
    )
    amount = fields.Monetary("Limit")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    hours = fields.Integer("Within hours", default=24)
    refuse_locker = fields.Boolean("Lockers (Packstation)")
    refuse_outlet = fields.Boolean("Post offices and parcel shops")
    refuse_other = fields.Boolean("Other carriers' points and PO boxes", default=True)
    domain = fields.Char("Order filter", default="[]")
    line_domain = fields.Char("Line filter", default="[]")
    goods_only = fields.Boolean(
        default=True, help="Look at goods only, not at shipping costs, fees and vouchers."
    )
    action_server_id = fields.Many2one(
        "ir.actions.server",
        "Server action",
        ondelete="restrict",
        domain=[("model_id.model", "=", "sale.order"), ("state", "=", "code")],
        help="Python code over `records`; it puts sentences into `findings`: "
        "findings[record.id] = 'Why this order needs a person'.",
    )
    open_case_count = fields.Integer("Open cases", compute="_compute_open_case_count")

    _hours_positive = models.Constraint("CHECK(hours >= 0)", "Hours cannot be negative.")

    @api.depends_context("company")
    @api.depends("company_id")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    def _compute_open_case_count(self):
        counts = dict(
            self.env["automation.case"]._read_group(
                [("code", "in", self._codes()), ("state", "=", "open")], ["code"], ["__count"]
            )
        )
        for rule in self:
            rule.open_case_count = counts.get(rule._code(), 0)

    # ------------------------------------------------------------------
    # A changed rule looks again at the orders it holds
    # ------------------------------------------------------------------

    def write(self, vals):
        """Orders that the rule holds are checked again by what it says now."""
        result = super().write(vals)
        if set(vals) - {"sequence", "name", "explanation"}:
            self._held_orders()._automation_recheck()
        return result

    def unlink(self):
        """Orders that only this rule held go on."""
        orders = self._held_orders()
        # sudo: cases are written by the program only
        self.env["automation.case"].sudo()._settle(self)
        result = super().unlink()
        orders._automation_recheck()
        return result

    @api.model
    def _recheck(self, kind: str) -> None:
        """Something changed that rules of ``kind`` read: look again at the orders they hold."""
        # sudo: the one who changed it need not see the rules
        self.sudo().search([("kind", "=", kind)])._held_orders()._automation_recheck()

    def _held_orders(self):
        domain = [("code", "in", self._codes()), ("state", "=", "open")]
        # sudo: the one who edits the rule need not see the orders it holds
        return self.env["automation.case"].sudo().search(domain).order_id

    def _code(self) -> str:
        """The reason code of this rule's cases."""
        return f"rule:{self._origin.id}"

    def _codes(self) -> list[str]:
        return [rule._code() for rule in self]

    # ------------------------------------------------------------------
    # Which orders a rule looks at
    # ------------------------------------------------------------------

    def _get_conditions(self):
        """``(condition field here, path from the order)`` pairs; an empty condition fits all."""
        return [
            ("policy_ids", "automation_policy_id"),
            ("payment_method_ids", "automation_payment_method_id"),
            ("country_ids", "partner_shipping_id.country_id"),
        ]

    def _filter_orders(self, orders):
        """Those ``orders`` the rule looks at."""
        self.ensure_one()
        company = self.company_id
        fitting = orders.filtered(lambda order: not company or order.company_id == company)
        for condition, path in self._get_conditions():
            if wanted := self[condition]:
                fitting = fitting.filtered(
                    lambda order, path=path, wanted=wanted: order.mapped(path) & wanted
                )
        return fitting

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_dry_run(self):
        """Show what the rule says about the last orders; no case is raised."""
        self.ensure_one()
        dry_run = self.env["automation.rule.dry.run"].create({"rule_id": self.id})
        return dry_run.action_run()

    def action_open_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "automation_core.automation_case_action"
        )
        return {**action, "domain": [("code", "=", self._code())], "context": {}}

    @api.model
    def _fingerprint_order(self, order) -> str:
        """A text that changes with what is in the order, where it goes and what it costs."""
        lines = [(line.product_id.id, line.product_uom_qty) for line in order.order_line]
        place = order.partner_shipping_id
        address = (place.name, place.street, place.street2, place.zip, place.city)
        return fingerprint(order.partner_id.id, address, order.amount_total, lines)
