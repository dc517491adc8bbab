from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.automation_core.lib import backoff

from .engine_memo import Memo

STEPS = ("check", "release", "deliver", "invoice", "remind", "cancel")
BATCH_SIZE = 100
# what the engine does stands in the order's timeline; field tracking and follower mails beside it
# are waste
QUIET = {
    "automation_engine": True,
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
}


class SaleOrder(models.Model):
    """The engine: asks what is due and does that step for many orders at once."""

    _name = "sale.order"
    _inherit = ["sale.order", "automation.batch"]

    @api.model
    def _cron_automation(self):
        """Do every due step. Commits per batch."""
        engine = self.with_context(**QUIET)
        finished = [engine._automation_run_step(step) for step in STEPS]
        self.env["ir.cron"]._commit_progress(remaining=0 if all(finished) else 1)

    @api.model
    def _automation_run_step(self, step: str) -> bool:
        """Do one step for all orders it is due for; return whether all were offered. Commits."""
        return self._batch_run(
            self._automation_due_domain(step),
            partial(self._automation_do, step),
            on_error=partial(self._automation_failed, step),
            size=BATCH_SIZE,
        )

    @api.model
    def _automation_due_domain(self, step: str) -> Domain:
        now = fields.Datetime.now()
        return (
            Domain("automation_due", "=", step)
            & Domain("automation_due_at", "<=", now)
            & (Domain("automation_next_try", "=", False) | Domain("automation_next_try", "<=", now))
        )

    @api.model
    def _automation_do(self, step: str, orders) -> None:
        """Do ``step`` for ``orders``, company by company, in the company's language."""
        for company, batch in orders.grouped("company_id").items():
            # An order alone takes core's own way: there is nothing to share, and should the
            # shared way ever fail after an upgrade, halving the batch ends here.
            memo = Memo() if len(batch) > 1 else None
            batch = batch.with_company(company).with_context(
                lang=company.partner_id.lang or self.env.lang, automation_engine=memo or True
            )
            getattr(batch, f"_automation_step_{step}")()
            if memo:
                batch._automation_write_notes(memo)
        orders._automation_forget_failures()
        self.env.flush_all()

    @api.model
    def _automation_failed(self, step: str, order, error: Exception) -> None:
        """Put ``order`` off and tell people why; the step is tried again by itself."""
        attempts = order.automation_attempts + 1
        order.write(
            {
                "automation_attempts": attempts,
                "automation_next_try": fields.Datetime.now() + backoff.delay(attempts),
            }
        )
        label = dict(self._fields["automation_due"]._description_selection(self.env))[step]
        self.env["automation.case"]._raise(
            [
                {
                    "record": order,
                    "code": f"technical:{step}",
                    "kind": "technical",
                    "name": self.env._("%(step)s failed", step=label),
                    "explanation": self.env["automation.retry.mixin"]._error_sentence(error)
                    + "\n"
                    + self.env._(
                        "It is tried again by itself; closing this case tries it at once."
                    ),
                }
            ]
        )

    def _automation_forget_failures(self) -> None:
        failed = self.filtered("automation_attempts")
        if failed:
            failed.write({"automation_attempts": 0, "automation_next_try": False})
            codes = [f"technical:{step}" for step in STEPS]
            self.env["automation.case"]._settle(
                failed, codes=codes, note=self.env._("It worked this time.")
            )

    def _automation_start(self, policy=None) -> None:
        """Enter the automatic way with ``policy``, or with the first one that fits each order."""
        chosen = {policy: self} if policy else self.env["automation.policy"]._choose(self)
        entries, now = [], fields.Datetime.now()
        for found, orders in chosen.items():
            if not found:
                entries += [
                    (order, "start", self.env._("No policy fits: the order goes by hand"))
                    for order in orders
                ]
                continue
            orders.write({"automation_policy_id": found.id, "automation_started": now})
            entries += [
                (order, "start", self.env._("Goes by policy “%s”", found.name)) for order in orders
            ]
        self.env["automation.log"]._add(entries)

    def action_automation_run(self):
        """Do what is due for these orders now, in this transaction, and tell about failures."""
        orders = self._automation_as_program().with_context(**QUIET)
        for step in STEPS:
            # derive the next steps first: what falls due in between would be due too late
            orders.mapped("automation_due_at")
            due = orders.filtered_domain(orders._automation_due_domain(step))
            if due:
                orders._batch_process(
                    due,
                    partial(orders._automation_do, step),
                    partial(orders._automation_failed, step),
                )
        return True

    # ------------------------------------------------------------------
    # Steps. Each takes many orders of one company and leaves facts that end its being due.
    # ------------------------------------------------------------------

    def _automation_step_check(self) -> None:
        """Run the hold rules; tell the customer that the order arrived and how to pay it."""
        first = self.filtered(lambda order: order.state in ("draft", "sent"))
        self.automation_checked = fields.Datetime.now()
        self.env["automation.rule"]._check(self)
        mail = self.env["automation.mail"]
        mail._enqueue("receipt", orders=first)
        unpaid = first.filtered(lambda order: order.automation_policy_id._waits_for_payment(order))
        mail._enqueue("payment", orders=unpaid.filtered(lambda order: not order._is_paid()))

    def _automation_step_release(self) -> None:
        """Confirm the orders, which makes their deliveries."""
        # confirming asks for the invoices order by order: read them all at once before
        self.order_line.mapped("invoice_lines")
        self.action_confirm()
        self.automation_released = fields.Datetime.now()
        self.env["automation.log"]._add(
            [(order, "release", order._automation_release_text()) for order in self]
        )

    def _automation_release_text(self) -> str:
        if not self.automation_policy_id._waits_for_payment(self):
            return self.env._("Released: checks passed, no payment needed before")
        return self.env._("Released: checks passed, paid")

    def _automation_step_deliver(self) -> None:
        """Do the deliveries whose goods are reserved (policies that leave this to the system)."""
        self.picking_ids.filtered(lambda picking: picking.state == "assigned")._automation_deliver()

    def _automation_step_invoice(self) -> None:
        """Create and post one invoice per order over what has left."""
        self._automation_read_for_invoices()
        invoices = self._create_invoices(grouped=True, final=True)
        invoices.action_post()
        self.env["automation.log"]._add(
            [
                (order, "invoice", self.env._("Invoice %s posted", invoice.name))
                for invoice in invoices
                for order in invoice.line_ids.sale_line_ids.order_id
            ]
        )

    def _automation_read_for_invoices(self) -> None:
        """Read at once what core asks for line by line while it makes and posts invoices."""
        lines = self.order_line
        lines.move_ids.mapped("state")
        lines.mapped("tax_ids")
        lines.mapped("invoice_lines")
        lines.product_id.product_tmpl_id.mapped("name")

    def _automation_step_remind(self) -> None:
        """Remind customers of an open prepayment."""
        self.automation_reminded = fields.Datetime.now()
        self.env["automation.mail"]._enqueue("reminder", orders=self)
        self.env["automation.log"]._add(
            [(order, "remind", self.env._("Payment reminder due")) for order in self]
        )

    def _automation_step_cancel(self) -> None:
        """Cancel orders whose prepayment never came."""
        self._action_cancel()
        self.env["automation.mail"]._enqueue("cancelled", orders=self)
        self.env["automation.log"]._add(
            [
                (
                    order,
                    "cancel",
                    self.env._(
                        "Cancelled: no payment within %s days",
                        order.automation_policy_id.cancel_days,
                    ),
                )
                for order in self
            ]
        )

    # ------------------------------------------------------------------
    # Overrides of sale
    # ------------------------------------------------------------------

    def _prepare_confirmation_values(self):
        """Override of `sale`: an automated order keeps the date on which the customer ordered."""
        values = super()._prepare_confirmation_values()
        if self.env.context.get("automation_engine"):
            values.pop("date_order", None)
        return values

    def _prepare_invoice(self):
        """Override of `sale`: an invoice that is about to be posted bears its date from the start.

        Posting would date each invoice by a write of its own and compute all its lines again.
        """
        values = super()._prepare_invoice()
        if self.env.context.get("automation_engine"):
            values["invoice_date"] = fields.Date.context_today(self)
        return values
