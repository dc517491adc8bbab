from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..lib import relay

CRON = "order_automation.ir_cron_automation_mails"
WITH_FILE = frozenset({"invoice"})
ABOUT_PAYMENT = frozenset({"payment", "reminder"})


class AutomationMail(models.Model):
    """Outbox of mails to customers: one row per kind and document, written with the business step.

    The text is made later by a cron, so a bad text or a slow mail server never holds an order up.
    """

    _name = "automation.mail"
    _description = "Mail to a customer"
    _inherit = ["automation.batch", "automation.retry.mixin"]
    _order = "id desc"
    _rec_name = "order_id"

    kind = fields.Selection(
        [
            ("receipt", "Receipt of the order"),
            ("payment", "Payment instructions"),
            ("reminder", "Payment reminder"),
            ("shipped", "Shipped"),
            ("invoice", "Invoice"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    invoice_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Recipient", readonly=True, ondelete="set null")
    email = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("handed", "In the outgoing mails"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("suppressed", "Not allowed"),
            ("cancelled", "Not needed"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Char("Why", readonly=True, help="Why the mail was not sent.")
    subject = fields.Char(readonly=True)
    sent_date = fields.Datetime("Sent on", readonly=True)
    message_id = fields.Char("Message-Id", readonly=True, index="btree_not_null")
    mail_id = fields.Many2one(
        "mail.mail", "Outgoing mail", readonly=True, index="btree_not_null", ondelete="set null"
    )
    mail_message_id = fields.Many2one("mail.message", "Message", readonly=True, ondelete="set null")
    has_case = fields.Boolean(readonly=True)
    body = fields.Html(related="mail_message_id.body", string="Text")

    _document_uniq = models.UniqueIndex(
        "(kind, COALESCE(order_id, 0), COALESCE(picking_id, 0), COALESCE(invoice_id, 0))",
        "This mail is in the outbox already.",
    )
    _due_idx = models.Index("(state, next_try) WHERE state IN ('pending', 'handed', 'sending')")

    @api.depends("kind", "order_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for mail in self:
            mail.display_name = " · ".join(filter(None, [kinds.get(mail.kind), mail.order_id.name]))

    # ------------------------------------------------------------------
    # Into the outbox (called by the order's steps)
    # ------------------------------------------------------------------

    @api.model
    def _enqueue(self, kind: str, orders=None, pickings=None, invoices=None):
        """Put one mail per document into the outbox and return the new rows; known ones are left
        alone.

        Belongs to the business transaction: nothing is rendered here. What the policy, the
        channel or a relay address forbids is written too, as not allowed and with the reason.
        """
        wanted = self._get_documents(orders, pickings, invoices)
        # sudo: the outbox is written by the program, whoever's action led to the mail
        outbox = self.sudo()
        known = outbox._find_known(kind, wanted)
        rows = outbox.create(
            [outbox._prepare_vals(kind, *one) for one in wanted if one not in known]
        )
        rows._suppress_refused()
        if any(row.state == "pending" for row in rows):
            self._trigger_cron(CRON)
        return rows.sudo(self.env.su)

    @api.model
    def _get_documents(self, orders, pickings, invoices) -> list[tuple]:
        """Return ``(order, picking, invoice)`` for each mail asked for."""
        no_order, no_picking = self.env["sale.order"], self.env["stock.picking"]
        no_invoice = self.env["account.move"]
        wanted = [(order, no_picking, no_invoice) for order in orders or no_order]
        wanted += [(picking.sale_id, picking, no_invoice) for picking in pickings or no_picking]
        wanted += [
            (invoice.line_ids.sale_line_ids.order_id[:1], no_picking, invoice)
            for invoice in invoices or no_invoice
        ]
        return list(dict.fromkeys(wanted))

    def _find_known(self, kind: str, wanted: list[tuple]) -> set[tuple]:
        orders = self.env["sale.order"].union(*(one[0] for one in wanted))
        invoices = self.env["account.move"].union(*(one[2] for one in wanted))
        domain = Domain("kind", "=", kind) & (
            Domain("order_id", "in", orders.ids) | Domain("invoice_id", "in", invoices.ids)
        )
        return {(row.order_id, row.picking_id, row.invoice_id) for row in self.search(domain)}

    @api.model
    def _prepare_vals(self, kind: str, order, picking, invoice) -> dict:
        partner = self._get_recipient(kind, order, invoice)
        return {
            "kind": kind,
            "order_id": order.id,
            "picking_id": picking.id,
            "invoice_id": invoice.id,
            "partner_id": partner.id,
            "email": partner.email,
            "company_id": (order or invoice or picking).company_id.id,
        }

    @api.model
    def _get_recipient(self, kind: str, order, invoice):
        """Return who gets the mail: for an invoice the invoice's contact, otherwise the buyer."""
        # sudo: the one who ships need not see the sale
        order, invoice = order.sudo(), invoice.sudo()
        invoice_partner = invoice.partner_id or order.partner_invoice_id
        people = [order.partner_id, invoice_partner, order.partner_id.commercial_partner_id]
        if kind in WITH_FILE:
            people.insert(0, invoice_partner)
        return next((partner for partner in people if partner.email), people[0])

    # ------------------------------------------------------------------
    # May it be sent, and is it still needed?
    # ------------------------------------------------------------------

    def _get_refusal(self) -> str | bool:
        """Return why this mail may not be sent, or ``False``. Extended by channels."""
        self.ensure_one()
        policy = self.order_id.automation_policy_id
        switch = f"mail_{self.kind}"
        if not policy:
            return self.env._("The order is not automated.")
        if switch in policy._fields and not policy[switch]:
            return self.env._("Switched off in the policy %s.", policy.name)
        if not email_normalize(self.email or "", strict=False):
            return self.env._("The customer has no valid mail address.")
        return self._get_relay_refusal()

    def _get_relay_refusal(self) -> str | bool:
        letter = relay.Letter(
            invoice=self.kind == "invoice", attachments=int(self.kind in WITH_FILE)
        )
        return self.env["mail.mail"]._relay_refusal(self.email, letter) or False

    def _get_obsolete(self) -> str | bool:
        """Return why the mail is not needed any more, or ``False``."""
        self.ensure_one()
        if self.kind in ABOUT_PAYMENT:
            if self.order_id.state == "cancel":
                return self.env._("The order was cancelled meanwhile.")
            if self.order_id._is_paid():
                return self.env._("The order was paid meanwhile.")
        return False

    def _suppress_refused(self) -> None:
        for row in self:
            if reason := row._get_refusal():
                row._suppress(reason)

    def _suppress(self, reason: str) -> None:
        self.write({"state": "suppressed", "reason": reason, "next_try": False})

    # ------------------------------------------------------------------
    # What a person does
    # ------------------------------------------------------------------

    def action_send_again(self):
        """Make the text anew and send it, also when it was sent before; a filed invoice stays
        as it is.
        """
        self.check_access("read")
        if not self.env.user.has_group("automation_core.group_automation_user"):
            raise AccessError(
                self.env._("Only users of the order automation may send mails again.")
            )
        waiting = self.filtered(lambda row: row.state == "handed").mail_id
        # sudo: the outgoing mail of an earlier try must not leave as well
        waiting.sudo().filtered(lambda mail: mail.state in ("outgoing", "exception")).cancel()
        for row in self.filtered(lambda row: row.state != "sending"):
            partner = row._get_recipient(row.kind, row.order_id, row.invoice_id)
            # sudo: the fields are read-only for people except through this button
            row.sudo().write(
                {
                    "state": "pending",
                    "reason": False,
                    "partner_id": partner.id,
                    "email": partner.email,
                    "mail_id": False,
                    "message_id": False,
                    "attempts": 0,
                    "next_try": False,
                    "last_error": False,
                }
            )
        self._trigger_cron(CRON)
        return True

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
