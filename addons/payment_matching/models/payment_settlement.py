from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from ..lib.settlement import Settlement, Sums
from .payment_settlement_source import encoded, plain_text

UNBOOKED = ("new", "booked")


class PaymentSettlement(models.Model):
    """What a marketplace says about one payout: what was sold, kept, given back and paid."""

    _name = "payment.settlement"
    _description = "Settlement of a marketplace"
    _inherit = ["automation.batch", "automation.retry.mixin", "mail.thread"]
    _order = "paid desc, id desc"

    name = fields.Char("Number", required=True, readonly=True)
    source_id = fields.Many2one(
        "payment.settlement.source", "Marketplace", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    external_id = fields.Char(readonly=True, index=True)
    file_name = fields.Char(readonly=True)
    content = fields.Binary("File", attachment=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    total = fields.Monetary("Payout", readonly=True)
    paid = fields.Date("Paid on", readonly=True)
    start = fields.Date("From", readonly=True)
    end = fields.Date("To", readonly=True)
    row_ids = fields.One2many("payment.settlement.row", "settlement_id", "Rows", readonly=True)
    gross = fields.Monetary("Sold", compute="_compute_sums", store=True)
    refund = fields.Monetary("Refunded", compute="_compute_sums", store=True)
    fee = fields.Monetary("Fees", compute="_compute_sums", store=True)
    rest = fields.Monetary("Other amounts", compute="_compute_sums", store=True)
    order_count = fields.Integer("Orders", compute="_compute_sums", store=True)
    open_count = fields.Integer("Rows with a difference", compute="_compute_open_count")
    move_id = fields.Many2one("account.move", "Entry", readonly=True, copy=False, index=True)
    clearing_line_id = fields.Many2one(
        "account.move.line", "Clearing item", readonly=True, copy=False, index="btree_not_null"
    )
    line_id = fields.Many2one(
        "account.bank.statement.line",
        "Payment on the bank account",
        copy=False,
        index="btree_not_null",
        domain="[('company_id', '=', company_id), ('is_reconciled', '=', False)]",
        help="Found by amount, day and text; another one can be chosen.",
    )
    state = fields.Selection(
        [
            ("failed", "Not readable"),
            ("new", "To book"),
            ("booked", "Waits for the money"),
            ("paid", "Paid out"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    problem = fields.Text(readonly=True)

    _external_uniq = models.UniqueIndex(
        "(source_id, external_id)", "This settlement is stored already."
    )

    @api.depends("row_ids.gross", "row_ids.refund", "row_ids.fee", "row_ids.net")
    def _compute_sums(self):
        for settlement in self:
            rows = settlement.row_ids
            settlement.gross = sum(rows.mapped("gross"))
            settlement.refund = sum(rows.mapped("refund"))
            settlement.fee = sum(rows.mapped("fee"))
            known = settlement.gross + settlement.refund + settlement.fee
            settlement.rest = sum(rows.mapped("net")) - known
            settlement.order_count = len(set(rows.filtered("order_ref").mapped("order_ref")))

    @api.depends("move_id.state", "clearing_line_id.reconciled", "problem", "total")
    def _compute_state(self):
        for settlement in self:
            if settlement.problem:
                settlement.state = "failed"
            elif settlement.move_id.state != "posted":
                settlement.state = "new"
            elif settlement.clearing_line_id and not settlement.clearing_line_id.reconciled:
                settlement.state = "booked"
            else:  # nothing was paid where sales and fees are equal
                settlement.state = "paid"

    @api.depends("row_ids.state")
    def _compute_open_count(self):
        for settlement in self:
            wrong = settlement.row_ids.filtered(lambda row: row.state in ("differs", "unknown"))
            settlement.open_count = len(wrong)

    def write(self, vals):
        """Override: people choose the payment, all else is the marketplace's word."""
        if not self.env.su and set(vals) - {"line_id"}:
            raise AccessError(self.env._("Only the payment of a settlement can be changed."))
        return super().write(vals)

    # -- storing -----------------------------------------------------------

    @api.model
    def _store(
        self,
        source,
        name: str,
        content: bytes,
        found: Settlement | None,
        *,
        external_id,
        problem="",
    ):
        """Keep a settlement with its raw file, each once; one that is damaged tells why."""
        # sudo: settlements are the program's, whoever uploads them
        store = self.sudo()
        known = store.search([("source_id", "=", source.id), ("external_id", "=", external_id)])
        if known and (known.state != "failed" or found is None):
            return known.sudo(self.env.su)
        known.unlink()
        vals = {
            "name": found.number if found else external_id,
            "source_id": source.id,
            "external_id": external_id,
            "file_name": name,
            "content": encoded(content),
            "currency_id": source.company_id.currency_id.id,
            "problem": problem or False,
        }
        if found is not None:
            vals |= self._found_vals(source, found)
        settlement = store.create(vals)
        settlement._find_payments()
        return settlement.sudo(self.env.su)

    @api.model
    def _found_vals(self, source, found: Settlement) -> dict:
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", found.currency)], limit=1)
        sums = found.sums()
        orders = source._settlement_orders([one.order for one in sums if one.order])
        problem = "" if found.adds_up else self.env._("Its rows do not add up to the payout.")
        if found.currency and not currency.active:
            problem = self.env._("The currency %s is not switched on.", found.currency)
        return {
            "currency_id": (currency or source.company_id.currency_id).id,
            "total": float(found.total),
            "paid": found.paid or fields.Date.context_today(self),
            "start": found.start,
            "end": found.end,
            "problem": problem or False,
            "row_ids": [Command.create(self._row_vals(one, orders)) for one in sums],
        }

    @api.model
    def _row_vals(self, one: Sums, orders: dict) -> dict:
        order = orders.get(one.order)
        return {
            "order_ref": one.order or False,
            "order_id": order.id if order else False,
            "text": one.text or False,
            **{group: float(amount) for group, amount in one.groups.items()},
        }

    # -- the money on the bank account -------------------------------------

    def _find_payments(self) -> None:
        """Look for the payments of these settlements: amount, days and words have to fit, and only
        one payment may do.
        """
        for settlement in self.filtered(lambda one: one.state in UNBOOKED and not one.line_id):
            found = settlement._payments_that_fit()
            if len(found) == 1:
                settlement.line_id = found

    def _payments_that_fit(self):
        self.ensure_one()
        source = self.source_id
        first = fields.Date.subtract(self.paid, days=2)
        lines = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("is_reconciled", "=", False),
                ("date", ">=", first),
                ("date", "<=", fields.Date.add(self.paid, days=source.days)),
                ("amount", ">=", self.total - 0.01),
                ("amount", "<=", self.total + 0.01),
            ]
        )
        taken = self.search([("line_id", "in", lines.ids), ("id", "!=", self.id)]).line_id
        words = [*source._bank_words(), plain_text(self.name)]
        return (lines - taken).filtered(
            lambda line: (
                line._match_currency() == self.currency_id
                and self.currency_id.compare_amounts(line.amount, self.total) == 0
                and any(word in line._settlement_text() for word in words if len(word) > 2)
            )
        )

    @api.model
    def _cron_book(self):
        """Look for payouts that have arrived; book where nobody wants to be asked. **Commits**."""
        now = fields.Datetime.now()
        self._batch_run(
            Domain("state", "in", UNBOOKED)
            & (Domain("next_try", "=", False) | Domain("next_try", "<=", now)),
            lambda settlements: settlements._look_and_book(),
            on_error=lambda settlement, error: settlement._register_failure(error),
            size=20,
        )

    def _look_and_book(self) -> None:
        self._find_payments()
        ready = self.filtered(lambda one: one.source_id.automatic and one.line_id)
        ready._book()


class PaymentSettlementRow(models.Model):
    """What a settlement says about one order, or about one thing that belongs to none."""

    _name = "payment.settlement.row"
    _description = "Row of a settlement"
    _order = "settlement_id, id"

    settlement_id = fields.Many2one(
        "payment.settlement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    order_ref = fields.Char("Order there", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    text = fields.Char(readonly=True)
    gross = fields.Monetary("Sold", readonly=True)
    refund = fields.Monetary("Refunded", readonly=True)
    fee = fields.Monetary("Fees", readonly=True)
    withheld = fields.Monetary("Taxes", readonly=True)
    reserve = fields.Monetary("Kept back", readonly=True)
    other = fields.Monetary(readonly=True)
    net = fields.Monetary(compute="_compute_net", store=True)
    sale_line_id = fields.Many2one(
        "account.move.line", "Item of the sale", readonly=True, index="btree_not_null"
    )
    refund_line_id = fields.Many2one(
        "account.move.line", "Item of the refund", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("none", "To book"),
            ("settled", "Settled"),
            ("waiting", "Invoice not written yet"),
            ("differs", "Difference"),
            ("unknown", "Order not known here"),
        ],
        compute="_compute_state",
        help="Settled: invoice and credit note are paid by it to the cent.",
    )
    open_amount = fields.Monetary("Left over", compute="_compute_state")

    @api.depends("gross", "refund", "fee", "withheld", "reserve", "other")
    def _compute_net(self):
        for row in self:
            row.net = sum(
                row[name] for name in ("gross", "refund", "fee", "withheld", "reserve", "other")
            )

    @api.depends(
        "order_id",
        "order_id.invoice_status",
        "order_id.invoice_ids.amount_residual",
        "sale_line_id.amount_residual_currency",
        "refund_line_id.amount_residual_currency",
        "settlement_id.move_id.state",
    )
    def _compute_state(self):
        for row in self:
            items = row.sale_line_id | row.refund_line_id
            row.open_amount = -sum(items.mapped("amount_residual_currency"))
            row.state = row._state_now(items)

    def _is_short(self) -> bool:
        """Whether the order's invoices ask for more than the buyer paid there."""
        return bool(self.gross) and bool(self._documents("out_invoice")._match_term_lines())

    def _state_now(self, items) -> str:
        if self.order_ref and not self.order_id:
            return "unknown"
        if self.settlement_id.move_id.state != "posted":
            return "none"
        left = items.filtered(lambda item: not item.reconciled)
        if not left and self._is_short():
            return "differs"
        if not left:
            return "settled"
        waits = self.sale_line_id in left and self.order_id.invoice_status != "invoiced"
        return "waiting" if waits else "differs"


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _settlement_text(self) -> str:
        """Return all words of a payment, ready to compare."""
        return plain_text(
            " ".join(filter(None, (self.payment_ref, self.partner_name, self.end_to_end_id)))
        )
