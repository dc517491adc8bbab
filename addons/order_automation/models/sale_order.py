from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

UNSHIPPED = ("new", "held", "waiting_payment", "released")
CHECKED_FIELDS = frozenset(
    {
        "partner_id",
        "partner_shipping_id",
        "partner_invoice_id",
        "buyer_note",
        "shop_total",
        "automation_payment_method_id",
    }
)


LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - stored datetimes are naive UTC

# Facts are written by the program only; what people decide goes through the buttons.
PROGRAM_FIELDS = frozenset(
    {
        "automation_channel",
        "automation_checked",
        "automation_due",
        "automation_due_at",
        "automation_released",
        "automation_reminded",
        "automation_shipped",
        "automation_started",
        "automation_state",
        "automation_touched",
        "has_shop_total",
        "prepaid_amount",
        "shop_total",
    }
)


class Standing(NamedTuple):
    """Where an order stands and what is due next; ``due_at`` tells from when on."""

    state: str
    due: str | bool = False
    due_at: datetime | bool = False


class SaleOrder(models.Model):
    """The order's facts. State and next step are derived from them and never set by hand."""

    _inherit = "sale.order"

    automation_policy_id = fields.Many2one(
        "automation.policy",
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Empty: the order goes by hand.",
    )
    automation_payment_method_id = fields.Many2one("automation.payment.method", "Payment method")
    automation_channel = fields.Char("Channel", readonly=True, copy=False, index="btree_not_null")
    buyer_note = fields.Text("Buyer's note", copy=False)
    has_shop_total = fields.Boolean(readonly=True, copy=False)
    shop_total = fields.Monetary("Total at the shop", readonly=True, copy=False)
    prepaid_amount = fields.Monetary("Paid in advance", readonly=True, copy=False)

    automation_started = fields.Datetime("Automated since", readonly=True, copy=False)
    automation_checked = fields.Datetime(
        "Checked on",
        readonly=True,
        copy=False,
        help="When the hold rules ran; emptied when what they read changes.",
    )
    automation_released = fields.Datetime("Released on", readonly=True, copy=False)
    automation_reminded = fields.Datetime("Reminded on", readonly=True, copy=False)
    automation_shipped = fields.Datetime("Shipped on", readonly=True, copy=False)
    automation_touched = fields.Boolean("Needed a person", readonly=True, copy=False)
    automation_rate = fields.Float(
        "Automation rate (%)", compute="_compute_automation_rate", store=True, aggregator="avg"
    )
    automation_hours_to_ship = fields.Float(
        "Hours to shipping",
        compute="_compute_automation_hours_to_ship",
        store=True,
        aggregator="avg",
    )

    automation_state = fields.Selection(
        [
            ("manual", "By hand"),
            ("new", "New"),
            ("held", "Held"),
            ("waiting_payment", "Waiting for payment"),
            ("released", "Released"),
            ("shipping", "Shipping"),
            ("shipped", "Shipped"),
            ("invoiced", "Invoiced"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        "Automation",
        compute="_compute_automation",
        store=True,
        index=True,
        group_expand="_group_expand_automation_state",
    )
    automation_due = fields.Selection(
        [
            ("check", "Checks"),
            ("release", "Release"),
            ("deliver", "Delivery"),
            ("invoice", "Invoice"),
            ("remind", "Payment reminder"),
            ("cancel", "Cancellation of the unpaid order"),
        ],
        "Next step",
        compute="_compute_automation",
        store=True,
    )
    automation_due_at = fields.Datetime("Next step from", compute="_compute_automation", store=True)
    automation_reason = fields.Char("Why", compute="_compute_automation_reason")
    automation_attempts = fields.Integer(readonly=True, copy=False)
    automation_next_try = fields.Datetime(readonly=True, copy=False)

    automation_case_ids = fields.One2many("automation.case", "order_id", "Cases")
    automation_open_case_count = fields.Integer(compute="_compute_automation_open_case_count")
    automation_log_ids = fields.One2many("automation.log", "order_id", "Timeline")

    _automation_due_idx = models.Index(
        "(automation_due, automation_due_at) WHERE automation_due IS NOT NULL"
    )
    # for finding an order given twice, see automation_rule_duplicate.py
    _automation_customer_idx = models.Index("(partner_id, date_order)")

    # ------------------------------------------------------------------
    # State and next step, derived
    # ------------------------------------------------------------------

    @api.depends(
        "automation_policy_id",
        "state",
        "automation_checked",
        "automation_case_ids.state",
        "automation_case_ids.blocking",
        "automation_payment_method_id",
        "automation_reminded",
        "prepaid_amount",
        "amount_total",
        "picking_ids.state",
        "picking_ids.handed_over_date",
        "invoice_status",
    )
    def _compute_automation(self):
        waking = False
        for order in self:
            standing = order._automation_assess()
            order.automation_state, order.automation_due, order.automation_due_at = standing
            waking = waking or standing.due
        if waking and not self.env.context.get("automation_engine"):
            self._trigger_cron("order_automation.ir_cron_automation_orders")

    def _automation_assess(self) -> Standing:
        """Tell from the facts where the order stands."""
        if self.state == "cancel":
            return Standing("cancelled")
        if not self.automation_policy_id:
            return Standing("manual")
        cases = self.automation_case_ids.filtered(
            lambda case: case.state == "open" and case.blocking
        )
        if self._automation_holding_cases():
            due = ("check", self._automation_now()) if not self.automation_checked else ()
            return Standing("held", *due)
        standing = self._automation_assess_step()
        # a technical failure is shown as held, and tried again all the same
        return standing._replace(state="held") if cases else standing

    def _automation_assess_step(self) -> Standing:
        if self.state in ("draft", "sent"):
            return self._automation_assess_quotation()
        outward = self._automation_deliveries()
        todo = outward.filtered(lambda picking: picking.state != "done")
        done = outward - todo
        if todo:
            state = "shipping" if done or any(todo.mapped("handed_over_date")) else "released"
            if not self.automation_checked and not done:
                return Standing(state, "check", self._automation_now())
            if self._automation_can_deliver():
                return Standing(state, "deliver", self._automation_now())
            if done and (invoice_at := self._automation_invoice_due_at(done)):
                return Standing(state, "invoice", invoice_at)
            return Standing(state)
        if self.invoice_status == "to invoice":
            invoice_at = self._automation_invoice_due_at(done)
            return Standing("shipped", "invoice" if invoice_at else False, invoice_at)
        return Standing("done" if self._automation_is_settled() else "invoiced")

    def _automation_assess_quotation(self) -> Standing:
        now = self._automation_now()
        if not self.automation_checked:
            return Standing("new", "check", now)
        if self.automation_policy_id._waits_for_payment(self) and not self._is_paid():
            return Standing("waiting_payment", *self._automation_unpaid_due())
        if self.automation_policy_id.auto_confirm:
            return Standing("new", "release", now)
        return Standing("new")

    def _automation_unpaid_due(self) -> tuple[str | bool, datetime | bool]:
        """Return what happens next to an unpaid order; money that came in part stops reminders."""
        policy, since = self.automation_policy_id, self.date_order or self._automation_now()
        if self.prepaid_amount:
            return False, False
        steps = []
        if policy.reminder_days and not self.automation_reminded:
            steps.append((since + timedelta(days=policy.reminder_days), "remind"))
        if policy.cancel_days:
            steps.append((since + timedelta(days=policy.cancel_days), "cancel"))
        if not steps:
            return False, False
        due_at, due = min(steps)
        return due, due_at

    def _automation_deliveries(self):
        """Return the order's pickings that go to a customer, cancelled ones left out."""
        return self.picking_ids.filtered(
            lambda picking: (
                picking.state != "cancel" and picking.location_dest_id.usage == "customer"
            )
        )

    def _automation_can_deliver(self) -> bool:
        """Whether a delivery can be done by the system right now."""
        return self.automation_policy_id.delivery_mode == "auto" and any(
            picking.state == "assigned" for picking in self.picking_ids
        )

    def _automation_invoice_due_at(self, done) -> datetime | bool:
        """Return from when on what has left is to be invoiced, ``False`` for not by the system."""
        policy = self.automation_policy_id
        if self.invoice_status != "to invoice" or policy.invoice_mode == "none":
            return False
        days = policy.invoice_days if policy.invoice_mode == "days" else 0
        invoiced_until = max(self.invoice_ids.mapped("create_date"), default=LONG_AGO)
        dates = [date for date in done.mapped("date_done") if date and date > invoiced_until]
        start = min(
            dates,
            default=self.automation_shipped or self.automation_released or self._automation_now(),
        )
        return start + timedelta(days=days)

    def _automation_is_settled(self) -> bool:
        """Whether nothing is left after invoicing. Extended by what files and mails invoices."""
        return True

    def _automation_now(self) -> datetime:
        return fields.Datetime.now()

    def _is_paid(self) -> bool:
        """Whether the order is paid in advance, in full."""
        self.ensure_one()
        return self.currency_id.compare_amounts(self.prepaid_amount, self.amount_total) >= 0

    @api.model
    def _group_expand_automation_state(self, states, domain):
        shown = [
            key
            for key, _label in self._fields["automation_state"].selection
            if key not in ("manual", "cancelled")
        ]
        return shown + [state for state in states if state not in shown]

    # ------------------------------------------------------------------
    # Reason in words
    # ------------------------------------------------------------------

    @api.depends(
        "automation_state", "automation_due_at", "automation_case_ids.name", "automation_next_try"
    )
    def _compute_automation_reason(self):
        for order in self:
            order.automation_reason = order._automation_get_reason()

    def _automation_get_reason(self) -> str | bool:
        cases = self.automation_case_ids.filtered(
            lambda case: case.state == "open" and case.blocking
        )
        if cases and self.automation_state == "held":
            return " · ".join(cases.mapped("name"))
        reason = getattr(self, f"_automation_reason_{self.automation_state}", None)
        return reason() if reason else False

    def _automation_reason_new(self) -> str:
        if self.automation_due:
            return self.env._("Checks are about to run")
        return self.env._("Waits for confirmation by staff")

    def _automation_reason_waiting_payment(self) -> str:
        days = (fields.Datetime.now() - (self.date_order or fields.Datetime.now())).days
        waiting = self.env._("Waiting for payment")
        if days:
            since_days = self.env._("Waiting for payment since %s days", days)
            waiting = self.env._("Waiting for payment since yesterday") if days == 1 else since_days
        clerk = self.env.su or self.env.user.has_group("account.group_account_invoice")
        if self.prepaid_amount and clerk:
            paid = self.currency_id.format(self.prepaid_amount)
            return self.env._(
                "%(waiting)s: %(paid)s of %(total)s came",
                waiting=waiting,
                paid=paid,
                total=self.currency_id.format(self.amount_total),
            )
        return waiting

    def _automation_reason_released(self) -> str:
        if any(
            picking.state in ("confirmed", "waiting") for picking in self._automation_deliveries()
        ):
            return self.env._("Waits for goods")
        return self.env._("Ready for the warehouse")

    def _automation_reason_shipping(self) -> str:
        deliveries = self._automation_deliveries()
        done = deliveries.filtered(lambda picking: picking.state == "done")
        if done:
            return self.env._(
                "%(done)s of %(all)s deliveries have left", done=len(done), all=len(deliveries)
            )
        return self.env._("Handed to the shipper")

    def _automation_reason_shipped(self) -> str:
        if not self.automation_due_at:
            return self.env._("Waits for an invoice by staff")
        return self.env._(
            "Invoice due on %s",
            format_date(self.env, fields.Date.context_today(self, self.automation_due_at)),
        )

    def _automation_reason_invoiced(self) -> str:
        return self.env._("The invoice is being filed and mailed")

    @api.depends("automation_touched")
    def _compute_automation_rate(self):
        for order in self:
            order.automation_rate = 0.0 if order.automation_touched else 100.0

    @api.depends("automation_shipped", "date_order")
    def _compute_automation_hours_to_ship(self):
        for order in self:
            shipped, ordered = order.automation_shipped, order.date_order
            order.automation_hours_to_ship = (
                (shipped - ordered).total_seconds() / 3600 if shipped and ordered else False
            )

    @api.depends("automation_case_ids.state")
    def _compute_automation_open_case_count(self):
        for order in self:
            order.automation_open_case_count = len(
                order.automation_case_ids.filtered(lambda case: case.state == "open")
            )

    # ------------------------------------------------------------------
    # Facts change
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._automation_refuse_facts(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._automation_refuse_facts(vals)
        result = super().write(vals)
        if CHECKED_FIELDS & set(vals):
            self._automation_recheck()
        return result

    def _automation_refuse_facts(self, vals) -> None:
        if not self.env.su and PROGRAM_FIELDS & set(vals):
            raise AccessError(
                self.env._("What automation knows of an order is not entered by hand.")
            )

    def _automation_as_program(self):
        """Return these orders with the right to write facts, for people who steer automation."""
        if not self.env.su and not self.env.user.has_group("automation_core.group_automation_user"):
            raise AccessError(self.env._("This needs the right “Order automation: User”."))
        self.check_access("write")
        # sudo: facts are written by the program only, whoever presses its buttons
        return self.sudo()

    def _automation_recheck(self) -> None:
        """What the hold rules read has changed: let them run again before the order goes on."""
        stale = self.filtered(
            lambda order: (
                order.automation_policy_id
                and order.automation_checked
                and order.automation_state in UNSHIPPED
            )
        )
        if stale:
            # sudo: the one who changed the facts need not be allowed to write the order
            stale.sudo().automation_checked = False

    def _automation_facts_changed(self) -> None:
        """Derive state and next step anew after a fact outside the order's fields changed."""
        for name in ("automation_state", "automation_due", "automation_due_at"):
            self.env.add_to_compute(self._fields[name], self)

    def _register_prepaid(self, amount: float, source: str) -> None:
        """Add money that came for this order before any invoice; ``source`` says whence, in words.

        A negative amount takes it back (returned debit, refund). Paid in full, the order is
        released at once.
        """
        self.ensure_one()
        # sudo: whoever matches payments need not be allowed to write orders
        self.sudo().prepaid_amount = self.currency_id.round(self.prepaid_amount + amount)
        message = f"{self.currency_id.format(amount)}: {source}"
        self.env["automation.log"]._add([(self, "payment", message)])

    def _automation_holding_cases(self):
        """Return the open cases that forbid goods to leave; failed steps of the system do not."""
        return self.automation_case_ids.filtered(
            lambda case: case.state == "open" and case.blocking and case.kind != "technical"
        )

    # ------------------------------------------------------------------
    # What a person does
    # ------------------------------------------------------------------

    def action_automation_start(self):
        """Let these orders go by themselves from here on."""
        orders = self._automation_as_program()
        orders.filtered(lambda order: not order.automation_policy_id)._automation_start()
        return True

    def action_automation_stop(self):
        """Take these orders out of automation; staff go on by hand."""
        orders = self._automation_as_program().filtered("automation_policy_id")
        self.env["automation.log"]._add(
            [(order, "stop", self.env._("Taken out of automation")) for order in orders]
        )
        orders.automation_policy_id = False
        return True

    def action_automation_paid(self):
        """A person saw the money."""
        orders = self._automation_as_program()
        for order in orders.filtered(lambda order: not order._is_paid()):
            missing = order.amount_total - order.prepaid_amount
            order._register_prepaid(missing, self.env._("payment seen by %s", self.env.user.name))
            order.automation_touched = True
        return True

    def action_automation_cases(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "automation_core.automation_case_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}
