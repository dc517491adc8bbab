import base64
import re
from collections.abc import Sequence

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.automation_core.lib.errors import AutomationError

from ..lib.settlement import Settlement
from ..lib.settlement_csv import FIELDS, read_settlements

MAX_BYTES = 64 * 1024 * 1024


class PaymentSettlementSource(models.Model):
    """A marketplace that collects the buyers' money: how its payouts are read and booked.

    An add-on for a marketplace adds its ``kind`` and overrides ``_settlement_read`` and
    ``_settlement_orders``; what it fetches it stores with ``payment.settlement._store``.
    """

    _name = "payment.settlement.source"
    _description = "Marketplace that pays out"
    _inherit = ["automation.poll.mixin", "mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    _poll_cron = "payment_matching.ir_cron_fetch_settlements"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("upload", "Files, uploaded by hand")], required=True, default="upload", tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    live = fields.Boolean("Switched on", tracking=True, help="Nothing is fetched while it is off.")
    journal_id = fields.Many2one(
        "account.journal",
        "Journal for settlements",
        required=True,
        check_company=True,
        domain="[('type', '=', 'general')]",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Marketplace",
        required=True,
        help="Owes what was sold in orders that are not known here.",
    )
    clearing_account_id = fields.Many2one(
        "account.account",
        "Clearing account",
        required=True,
        check_company=True,
        domain="[('reconcile', '=', True), ('account_type', '=', 'asset_current')]",
        tracking=True,
        help="Holds a payout between the settlement and the bank.",
    )
    fee_account_id = fields.Many2one(
        "account.account", "Fees", required=True, check_company=True, tracking=True
    )
    other_account_id = fields.Many2one(
        "account.account",
        "Everything else",
        check_company=True,
        help="What belongs to no order and is no fee. Empty: the account for fees.",
    )
    withheld_account_id = fields.Many2one(
        "account.account",
        "Taxes paid by the marketplace",
        check_company=True,
        help="Empty: taken off what the buyer paid.",
    )
    reserve_account_id = fields.Many2one(
        "account.account",
        "Money kept back",
        check_company=True,
        help="What is kept back and paid out later. Empty: as everything else.",
    )
    bank_text = fields.Char(
        "Words on the bank statement",
        help="Separated by commas, e.g. AMAZON PAYMENTS, AMZN. The payment has one of them.",
    )
    days = fields.Integer("Days until the money is there", default=7)
    automatic = fields.Boolean(
        "Book by itself",
        tracking=True,
        help="Book a settlement as soon as its payment is found, without a person.",
    )
    column_order = fields.Char("Column of the order's number")
    column_kind = fields.Char("Column of the kind")
    column_amount = fields.Char("Column of the amount")
    column_fee = fields.Char("Column of the fee")
    column_refund = fields.Char("Column of the refund")
    column_text = fields.Char("Column of the text")
    column_settlement = fields.Char("Column of the settlement's number")
    column_date = fields.Char("Column of the date")
    column_currency = fields.Char("Column of the currency")
    settlement_ids = fields.One2many("payment.settlement", "source_id", "Settlements")
    settlement_count = fields.Integer(compute="_compute_settlement_count")

    @api.depends("settlement_ids")
    def _compute_settlement_count(self):
        counts = dict(
            self.env["payment.settlement"]._read_group(
                [("source_id", "in", self.ids)], ["source_id"], ["__count"]
            )
        )
        for source in self:
            source.settlement_count = counts.get(source, 0)

    # -- hooks -------------------------------------------------------------

    def _settlement_read(self, name: str, content: bytes) -> Sequence[Settlement]:
        """Return what a stored file says; asks nobody, raises ``AutomationError``."""
        self.ensure_one()
        columns = {field: self[f"column_{field}"] or "" for field in FIELDS}
        return read_settlements(name, content, columns)

    def _settlement_orders(self, references: Sequence[str]) -> dict:
        """Return ``{the marketplace's order number: order}``; an ambiguous number has none."""
        self.ensure_one()
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", self.company_id.id),
                "|",
                ("client_order_ref", "in", list(references)),
                ("name", "in", list(references)),
            ]
        )
        found = {}
        for order in orders:
            for reference in {order.name, order.client_order_ref} & set(references):
                found[reference] = None if reference in found else order
        return {reference: order for reference, order in found.items() if order}

    # -- fetching ----------------------------------------------------------

    @api.model
    def _cron_fetch(self):
        """Fetch from every marketplace that is due. **Commits**."""
        self._poll_run()

    @api.model
    def _due_domain(self):
        """Override: nobody can be asked for files that are uploaded by hand."""
        return super()._due_domain() & Domain("kind", "!=", "upload")

    def _poll_case(self):
        """Override for `automation_core`."""
        return {
            "code": "payment:settlement_fetch",
            "name": self.env._("Settlements of “%s” cannot be fetched", self.name),
        }

    # -- reading -----------------------------------------------------------

    def _take_file(self, name: str, content: bytes):
        """Store the settlements of an uploaded file; raises in the user's words."""
        self.ensure_one()
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("The file is too large for a settlement."))
        try:
            found = self._settlement_read(name, content)
        except AutomationError as error:
            raise UserError(self._error_sentence(error)) from error
        store = self.env["payment.settlement"]
        return store.union(
            *(store._store(self, name, content, one, external_id=one.number) for one in found)
        )

    def _bank_words(self) -> list[str]:
        """Return the words of a payout's text, ready to compare."""
        return [plain_text(word) for word in (self.bank_text or "").split(",") if word.strip()]

    # -- buttons -----------------------------------------------------------

    def action_open_settlements(self):
        """Show what was paid out."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_matching.payment_settlement_action"
        )
        return {**action, "domain": [("source_id", "=", self.id)], "context": {}}

    def action_upload(self):
        """Ask for a file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_matching.payment_settlement_upload_action"
        )
        return {**action, "context": {"default_source_id": self.id}}

    def action_fetch_now(self):
        """Let the next fetch start now instead of at its time."""
        self.check_access("read")
        # sudo: bookkeepers may ask for news, but not change the settings
        self.sudo().write({"next_poll": fields.Datetime.now(), "next_try": False})
        self._trigger_cron(self._poll_cron)
        return True


def plain_text(text: str) -> str:
    """Return a text as banks cannot change it: letters and digits."""
    return re.sub(r"[^a-z0-9]", "", (text or "").lower())


def encoded(content: bytes) -> bytes:
    """Return a file's content as a binary field holds it."""
    return base64.b64encode(content)
