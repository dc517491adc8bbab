from odoo import fields, models


class PaymentMatchProposal(models.Model):
    """ "This payment probably pays that", with its reasons. Nothing is booked until confirmed."""

    _name = "payment.match.proposal"
    _description = "Payment proposal"
    _order = "line_id, rank"

    line_id = fields.Many2one(
        "account.bank.statement.line", "Payment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    rank = fields.Integer(required=True, readonly=True)
    confidence = fields.Float(
        readonly=True, digits=(6, 4), aggregator="avg", help="Probability that it is right."
    )
    likely = fields.Boolean(readonly=True)
    order_ids = fields.Many2many("sale.order", string="Orders", readonly=True)
    invoice_ids = fields.Many2many(
        "account.move", "payment_match_proposal_move_rel", string="Invoices", readonly=True
    )
    difference = fields.Monetary(
        readonly=True, help="Payment minus what is open; a cash discount is not counted."
    )
    discount = fields.Monetary("Cash discount", readonly=True)
    reasons = fields.Json("Signals", readonly=True)  # [{kind, text, weight, start, end}]
    summary = fields.Char("Reasons", readonly=True)

    _rank_uniq = models.UniqueIndex("(line_id, rank)")

    def _get_vals(self) -> dict:
        """Return what tells this proposal from another one."""
        names = ("rank", "likely", "confidence", "difference", "discount", "summary")
        vals = {name: self[name] for name in names}
        return vals | {"order_ids": self.order_ids.ids, "invoice_ids": self.invoice_ids.ids}
