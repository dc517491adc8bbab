from odoo import api, fields, models

KINDS = [
    ("order", "Order"),
    ("invoice", "Invoice"),
    ("credit", "Customer's credit"),
    ("write_off", "Booked to an account"),
    ("return", "Returned"),
]


class PaymentMatchAllocation(models.Model):
    """What somebody confirmed: so much of this payment pays this document. Kept when undone."""

    _name = "payment.match.allocation"
    _description = "Confirmed payment"
    _order = "id desc"

    line_id = fields.Many2one(
        "account.bank.statement.line",
        "Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=True
    )
    kind = fields.Selection(KINDS, "Pays", required=True, readonly=True, default="order")
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    invoice_id = fields.Many2one("account.move", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null")
    amount = fields.Monetary(readonly=True, help="Part of the payment; signed as the payment.")
    discount = fields.Monetary("Cash discount", readonly=True)
    write_off = fields.Monetary("Written off", readonly=True)
    told_amount = fields.Monetary(
        "Known before",
        readonly=True,
        help="What the shop or a person had told before of this money.",
    )
    account_id = fields.Many2one("account.account", "Booked to", readonly=True)
    label = fields.Char("Booking text", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        "Journal item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    original_id = fields.Many2one(
        "payment.match.allocation",
        "Takes back",
        readonly=True,
        index="btree_not_null",
        help="The confirmed payment that was returned by this one.",
    )
    state = fields.Selection(
        [("approval", "Waits for approval"), ("booked", "Booked"), ("undone", "Taken back")],
        default="booked",
        required=True,
        readonly=True,
        index=True,
    )
    confidence = fields.Float(readonly=True, digits=(6, 4))
    automatic = fields.Boolean("Without a person", readonly=True)
    keep_open = fields.Boolean(
        "Rest stays open", readonly=True, help="The rest of the payment stays open."
    )
    partner_was_set = fields.Boolean("Partner by it", readonly=True)
    user_id = fields.Many2one("res.users", "Confirmed by", readonly=True)
    confirmed = fields.Datetime(
        "Confirmed on", readonly=True, default=fields.Datetime.now, index=True
    )
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True)
    undone = fields.Datetime("Taken back on", readonly=True)
    undone_by_id = fields.Many2one("res.users", "Taken back by", readonly=True)
    undone_why = fields.Char("Taken back because", readonly=True)

    @api.depends("line_id.foreign_currency_id", "line_id.currency_id")
    def _compute_currency_id(self):
        for allocation in self:
            line = allocation.line_id
            allocation.currency_id = line.foreign_currency_id or line.currency_id

    @api.depends("order_id", "invoice_id", "kind", "partner_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for allocation in self:
            document = allocation.order_id or allocation.invoice_id
            allocation.display_name = document.display_name or kinds.get(allocation.kind)

    def _booked(self):
        """Return those that count: booked and not taken back."""
        return self.filtered(lambda allocation: allocation.state == "booked")

    @api.model
    def _count(self, name: str, records) -> dict:
        """Return ``{document: number of confirmations}``, also of those taken back."""
        return dict(self._read_group([(name, "in", records.ids)], [name], ["__count"]))

    @api.model
    def _action_open(self, name: str, record) -> dict:
        record.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_matching.payment_match_allocation_action"
        )
        return {**action, "domain": [(name, "=", record.id)], "context": {}}

    def action_open_line(self):
        """Show the payment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.bank.statement.line",
            "res_id": self.line_id.id,
            "views": [(False, "form")],
        }

    def action_undo(self):
        """Take the payment back; asked for on the history."""
        self._booked().line_id.action_match_undo()
        return True
