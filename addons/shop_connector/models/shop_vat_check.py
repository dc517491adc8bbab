"""Online questions about VAT ids: written with the import, asked after it, the answer kept."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.automation_core.lib.http import HttpClient

from ..lib import vies
from ..lib.vat import EU
from .shop_lookup_tax import vies_demanded
from .shop_order_interpret import Reading

CRON = "shop_connector.ir_cron_vat"
UNKNOWN_ID = "shop:vies"
MAX_ATTEMPTS = 8
FRESH = timedelta(hours=24)


class ShopVatCheck(models.Model):
    """What VIES said about a buyer's VAT id, and when: evidence for selling without tax.

    Nothing waits for the answer. An id whose check digits are right counts until VIES says it is
    not registered; that becomes a case. Trouble of VIES becomes nothing but another try.
    """

    _name = "shop.vat.check"
    _description = "Check of a VAT id"
    _inherit = ["automation.retry.mixin"]
    _order = "id desc"
    _rec_name = "vat"

    account_id = fields.Many2one("shop.account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sale_order_id = fields.Many2one(
        "sale.order", "Order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    vat = fields.Char("VAT id", required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("pending", "To be asked"),
            ("valid", "Valid"),
            ("invalid", "Not registered"),
            ("unknown", "No answer"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    answered = fields.Datetime("Answered on", readonly=True)
    name = fields.Char("Registered name", readonly=True)
    address = fields.Char("Registered address", readonly=True)
    identifier = fields.Char("Proof number", readonly=True, help="VIES' number of the question.")

    _due_idx = models.Index("(next_try) WHERE state = 'pending'")

    @api.depends("vat", "state", "answered")
    def _compute_display_name(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for check in self:
            check.display_name = f"{check.vat}: {states.get(check.state, '')}"

    # -- written with the import -------------------------------------------

    @api.model
    def _ask_for(self, account, sales) -> None:
        """Note the questions about the buyers of ``sales``; a fresh answer is taken over."""
        own = (account.company_id.vat or "")[:2].upper()
        wanted = [
            (sale, sale.partner_id.commercial_partner_id)
            for sale in sales
            if (vat := sale.partner_id.commercial_partner_id.vat or "")[:2] in EU and vat[:2] != own
        ]
        if not wanted:
            return
        known = self._find_fresh({partner.vat for _sale, partner in wanted})
        self.create([self._prepare_vals(account, sale, partner, known) for sale, partner in wanted])
        self.env["automation.batch"]._trigger_cron(CRON)

    @api.model
    def _find_fresh(self, vats: set[str]) -> dict:
        since = fields.Datetime.now() - FRESH
        rows = self.search([("vat", "in", list(vats)), ("answered", ">", since)], order="id")
        return {row.vat: row for row in rows}

    @api.model
    def _prepare_vals(self, account, sale, partner, known: dict) -> dict:
        vals = {
            "account_id": account.id,
            "company_id": account.company_id.id,
            "partner_id": partner.id,
            "sale_order_id": sale.id,
            "vat": partner.vat,
        }
        if row := known.get(partner.vat):
            names = ("state", "answered", "name", "address", "identifier")
            vals |= {name: row[name] for name in names}
        return vals

    # -- asked after it ----------------------------------------------------

    @api.model
    def _cron_ask(self):
        """Ask what is due, one question and one transaction after the other. **Commits**."""
        now = fields.Datetime.now()
        domain = [("state", "=", "pending"), "|", ("next_try", "=", False), ("next_try", "<=", now)]
        ids = self.search(domain, order="id").ids
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(ids))
        client = self._client()
        for check in self.browse(ids):
            check._ask(client)
            if not progress(1):
                break

    @api.model
    def _client(self) -> HttpClient:
        # sudo: a setting of the system
        url = self.env["ir.config_parameter"].sudo().get_param("shop_connector.vies_url", vies.URL)
        return HttpClient(url, retries=0)

    def _ask(self, client: HttpClient) -> None:
        """Ask, and note the answer or the trouble. No row is locked while VIES thinks."""
        own = self.company_id.vat or ""
        vat = self.vat
        check = self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)
        try:
            answer = vies.ask(client, vat, own if own[:2] in EU else "")
        except Exception as error:
            check._note_trouble(error)
        else:
            check._note_answer(answer)

    def _note_trouble(self, error: Exception) -> None:
        if self._register_trouble(error) and self.attempts >= MAX_ATTEMPTS:
            self.write({"state": "unknown", "next_try": False})
            self._tell(self.env._("VIES gave no answer about %s.", self.vat))

    def _note_answer(self, answer: vies.VatAnswer) -> None:
        self.write(
            {
                "state": "valid" if answer.valid else "invalid",
                "answered": fields.Datetime.now(),
                "name": answer.name,
                "address": answer.address.replace("\n", ", "),
                "identifier": answer.identifier,
            }
        )
        self._register_success()
        self._file_answer(answer)

    def _file_answer(self, answer: vies.VatAnswer) -> None:
        """Put the answer where people look: customer, order, and a case for a wrong id."""
        # sudo: the customer's master data are written by the program
        partner = self.partner_id.sudo()
        if "vies_valid" in partner._fields and partner.vat == self.vat:
            partner.with_context(shop_import=True).vies_valid = answer.valid
        if answer.valid:
            text = self.env._("VIES: the VAT id %s is valid.", self.vat)
        else:
            text = self.env._("VIES: the VAT id %s is not registered.", self.vat)
        found = [text, answer.name, answer.address, answer.identifier]
        partner.message_post(body=" · ".join(filter(None, found)))
        self._tell(text)
        sale = self.sale_order_id
        if answer.valid or not sale or sale.state == "cancel":
            return
        self.env["automation.case"]._raise([self._prepare_case(sale)])

    def _tell(self, text: str) -> None:
        if self.sale_order_id:
            self.env["automation.log"]._add([(self.sale_order_id, "vat", text)])

    def _prepare_case(self, sale) -> dict:
        return {
            "record": sale,
            "code": UNKNOWN_ID,
            "seen": self.vat,
            "blocking": sale._shop_progress() != "shipped",
            "name": self.env._("VIES does not know the VAT id %s", self.vat),
            "explanation": self.env._(
                "The check digits are right, but no member state has it registered. Without a "
                "registered id the sale is taxed: ask the buyer, correct the customer and the "
                "order's taxes, or go on anyway."
            ),
        }


class ShopAccount(models.Model):
    _inherit = "shop.account"

    vies_check = fields.Boolean(
        "Ask VIES",
        help="VAT ids of companies in other member states are looked up at the European Commission "
        "after the import. Orders do not wait for the answer; it is kept with customer and order.",
    )

    def _asks_vies(self) -> bool:
        """Whether VAT ids are looked up: as the account says, or the company demands it."""
        return self.vies_check or vies_demanded(self.company_id)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_vat_check_ids = fields.One2many("shop.vat.check", "sale_order_id", "VAT id checks")


class ShopWriter(models.AbstractModel):
    _inherit = "shop.writer"

    def _write_orders(self, account, readings: list[Reading]) -> list[Reading]:
        """Extended to ask about the VAT ids of what was written."""
        good = super()._write_orders(account, readings)
        if good and account._asks_vies():
            records = self.env["shop.order"].browse([reading.record.id for reading in good])
            self.env["shop.vat.check"]._ask_for(account, records.sale_order_ids)
        return good
