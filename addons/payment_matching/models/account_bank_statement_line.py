from odoo import fields, models

KINDS = [
    ("payment", "Payment"),
    ("return", "Returned"),
    ("refund", "Refund"),
    ("fee", "Fee"),
    ("transfer", "Own transfer"),
    ("hold", "Held by the service"),
    ("conversion", "Currency exchange"),
    ("other", "Not known"),
]


class AccountBankStatementLine(models.Model):
    """A payment with everything its source said, and where its matching stands."""

    _inherit = "account.bank.statement.line"

    payment_key = fields.Char(readonly=True, copy=False, help="The same however it is reported.")
    payment_file_id = fields.Many2one(
        "payment.source.file", "From file", readonly=True, index="btree_not_null", copy=False
    )
    payment_kind = fields.Selection(KINDS, "Kind of payment", readonly=True, default="payment")
    payer_email = fields.Char("Payer's e-mail", readonly=True)
    payer_account = fields.Char("Payer's account at the service", readonly=True)
    end_to_end_id = fields.Char("End-to-end id", readonly=True)
    payment_invoice_ref = fields.Char("Number told by the shop", readonly=True)
    payment_reference_id = fields.Char(
        "About payment", readonly=True, index="btree_not_null", help="The earlier payment's id."
    )
    payment_bank_reference = fields.Char(
        "Reference of the bank", readonly=True, index="btree_not_null"
    )
    payment_code = fields.Char("Transaction code", readonly=True)
    payment_reason = fields.Char("Reason of return", readonly=True)
    payment_raw = fields.Text("As it came", readonly=True, groups="account.group_account_invoice")

    match_state = fields.Selection(
        [
            ("waiting", "Being looked at"),
            ("likely", "Likely"),
            ("unclear", "Unclear"),
            ("nothing", "Nothing fits"),
            ("aside", "No payment of a document"),
            ("foreign", "Not ours"),
            ("matched", "Matched"),
        ],
        "Matching",
        readonly=True,
        copy=False,
        index=True,
        help="Empty where the journal's payments are not matched.",
    )
    match_due = fields.Boolean(
        readonly=True, copy=False, index="btree_not_null", help="Its proposals are made anew soon."
    )
    match_note = fields.Char("Why no proposal", readonly=True, copy=False)
    proposal_ids = fields.One2many("payment.match.proposal", "line_id", "Proposals", copy=False)
    proposal_id = fields.Many2one(
        "payment.match.proposal",
        "Best proposal",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    match_confidence = fields.Float(
        "Confidence", related="proposal_id.confidence", store=True, readonly=True
    )
    allocation_ids = fields.One2many("payment.match.allocation", "line_id", "Confirmed", copy=False)

    _payment_key_uniq = models.UniqueIndex(
        "(journal_id, payment_key) WHERE payment_key IS NOT NULL",
        "This booking is in the journal already.",
    )
