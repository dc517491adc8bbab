import base64
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.automation_core.translated import translated

from ..lib import jsonview
from ..lib.channel import SINGLE_ORDER, RawOrder

QUARANTINE = "shop:quarantine"
FORGET_SIZE = 1000


class ShopOrder(models.Model):
    """An order as the shop sent it, untouched, and what became of it."""

    _name = "shop.order"
    _description = "Shop order"
    _inherit = ["automation.batch", "automation.retry.mixin"]
    _order = "id desc"
    _rec_name = "number"

    account_id = fields.Many2one(
        "shop.account", required=True, ondelete="restrict", readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    external_id = fields.Char("Id in the shop", required=True, readonly=True)
    number = fields.Char("Shop's number", readonly=True, index=True)
    state = fields.Selection(
        [
            ("new", "Waiting"),
            ("reserved", "Reserved"),
            ("imported", "Imported"),
            ("quarantined", "Quarantined"),
            ("ignored", "Ignored"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="new",
        readonly=True,
        help="Reserved: not paid yet, its goods are kept. "
        "Ignored: nothing to do yet, or cancelled in the shop before it was imported. "
        "Quarantined: see what is wrong, mend it, retry.",
    )
    received = fields.Datetime(required=True, readonly=True, help="When this content came.")
    payload = fields.Text("Raw data", readonly=True, prefetch=False, copy=False)
    digest = fields.Char(readonly=True, copy=False)
    size = fields.Integer("Size (characters)", readonly=True)
    forgotten = fields.Datetime(
        "Raw data deleted",
        readonly=True,
        help="Raw data hold personal data and are deleted after some time.",
    )
    facts = fields.Json(readonly=True, prefetch=False, copy=False)
    facts_open = fields.Json(
        "Undecided facts",
        readonly=True,
        prefetch=False,
        copy=False,
        help="What the shop says by now, while a person decides about what differs.",
    )
    replaces = fields.Char(
        "Replaces order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The shop's id of the order in whose place this one is sent, without revenue.",
    )
    extra = fields.Json(
        "Shop's own facts",
        readonly=True,
        prefetch=False,
        copy=False,
        help="What the channel needs again when something is reported about this order.",
    )
    reservation_ids = fields.One2many("shop.reservation", "shop_order_id", "Kept goods")
    hint = fields.Char("What to do", readonly=True)
    error_path = fields.Char("Where", readonly=True, help="The place in the raw data.")
    sale_order_ids = fields.One2many("sale.order", "shop_order_id", "Sales orders")
    sale_order_id = fields.Many2one(
        "sale.order", compute="_compute_sale_order_id", search="_search_sale_order_id"
    )
    payload_html = fields.Html(compute="_compute_payload_html", sanitize=False)
    payload_file = fields.Binary(compute="_compute_payload_file")

    _external_uniq = models.UniqueIndex(
        "(account_id, external_id)", "This order is in the inbox already."
    )
    _waiting_idx = models.Index("(id) WHERE state = 'new'")
    _quarantine_idx = models.Index("(account_id) WHERE state = 'quarantined'")
    _received_idx = models.Index("(account_id, received) WHERE forgotten IS NULL")

    @api.depends("sale_order_ids")
    def _compute_sale_order_id(self):
        for order in self:
            order.sale_order_id = order.sale_order_ids[:1]

    def _search_sale_order_id(self, operator, value):
        return [("sale_order_ids", operator, value)]

    def _compute_payload_html(self):
        for order in self:
            # the tree builder escapes everything it shows
            html = Markup(jsonview.render(order.payload or ""))  # noqa: S704
            order.payload_html = html if order.payload else False

    def _compute_payload_file(self):
        for order in self:
            order.payload_file = base64.b64encode((order.payload or "").encode())

    # -- storing -----------------------------------------------------------

    @api.model
    def _store(self, account, raw_orders):
        """Put what a shop sent into the inbox; return the records that are new or have changed.

        The same content again changes nothing. Never commits, never looks into the content.
        """
        latest = {raw.external_id: raw for raw in raw_orders}
        known = self.search(
            [("account_id", "=", account.id), ("external_id", "in", list(latest))]
        ).grouped("external_id")
        stored = self.browse()
        to_create = []
        for external_id, raw in latest.items():
            record = known.get(external_id)
            if not record:
                to_create.append(
                    self._raw_vals(account, raw)
                    | {
                        "account_id": account.id,
                        "company_id": account.company_id.id,
                        "external_id": external_id,
                    }
                )
            elif record.digest != raw.digest:
                prepare = self._problem_vals if raw.problem else self._raw_vals
                record.write(prepare(account, raw))
                stored |= record
        stored |= self.create(to_create)
        stored._raise_quarantine()
        return stored

    @api.model
    def _raw_vals(self, account, raw: RawOrder) -> dict:
        return {
            "number": raw.number or raw.external_id,
            # PostgreSQL keeps no NUL; the escape is what JSON would have needed in the first place
            "payload": raw.body.replace("\x00", "\\u0000").encode("utf-8", "replace").decode(),
            "digest": raw.digest if raw.body else False,
            "size": len(raw.body),
            "received": fields.Datetime.now(),
            "forgotten": False,
            "state": "quarantined" if raw.problem else "new",
            "attempts": 0,
            "next_try": False,
            "last_error": account._readable(raw.problem) or False,
            "hint": account._readable(raw.hint) or False,
            "error_path": False,
        }

    @api.model
    def _problem_vals(self, account, raw: RawOrder) -> dict:
        """Return what changes on a known order whose new content the shop did not hand out."""
        return {
            "state": "quarantined",
            "digest": False,
            "last_error": account._readable(raw.problem),
            "hint": account._readable(raw.hint) or False,
        }

    # -- quarantine --------------------------------------------------------

    def _quarantine(self, message: str, hint: str = "", path: str = "") -> None:
        """Put orders aside with a sentence for the clerk; they wait for a person."""
        self.write(
            {
                "state": "quarantined",
                "last_error": translated(self.env, message),
                "hint": translated(self.env, hint),
                "error_path": path,
                "next_try": False,
            }
        )
        self._raise_quarantine()

    def _raise_quarantine(self) -> None:
        self.env["automation.case"]._raise(
            [
                {
                    "record": order,
                    "code": QUARANTINE,
                    "kind": "data",
                    "blocking": False,
                    "name": self.env._(
                        "Order %(number)s of %(shop)s could not be imported",
                        number=order.number,
                        shop=order.account_id.name,
                    ),
                    "explanation": f"{order.last_error}\n{order.hint or ''}".strip(),
                }
                for order in self
                if order.state == "quarantined"
            ]
        )

    # -- actions -----------------------------------------------------------

    def action_retry(self):
        """Interpret again, with the settings and products as they are now."""
        self.check_access("read")
        again = self.filtered(
            lambda order: order.state in ("quarantined", "new") or not order.sale_order_id
        )
        if empty := again.filtered(
            lambda order: not order.digest or not order.size or order.forgotten
        ):
            empty._refetch()
        # sudo: the inbox is written by the program only, whoever presses the button
        again.sudo().write({"state": "new", "attempts": 0, "next_try": False})
        self._trigger_cron("shop_connector.ir_cron_interpret")
        return True

    def action_fetch_again(self):
        """Take the order's present content from the shop."""
        self.check_access("read")
        self._refetch()
        self._trigger_cron("shop_connector.ir_cron_interpret")
        return True

    def _refetch(self) -> None:
        for order in self:
            # sudo: the account's credentials and the inbox are the program's
            account = order.account_id.sudo()
            if SINGLE_ORDER not in account._channel_capabilities():
                raise UserError(
                    self.env._(
                        "The shop cannot hand out a single order again; wait for the next fetch."
                    )
                )
            try:
                raw = account._channel_fetch_order(order.external_id)
            except Exception as error:
                raise UserError(account._error_sentence(error)) from error
            if raw.problem:
                texts = (raw.problem, raw.hint)
                raise UserError(" ".join(account._readable(text) for text in texts).strip())
            if raw.digest != order.digest:
                order.sudo().write(self._raw_vals(account, raw))

    def action_download(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/shop.order/{self.id}/payload_file/{self.id}.json?download=true",
            "target": "download",
        }

    def action_open_sale_order(self):
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    # -- retention ---------------------------------------------------------

    @api.model
    def _cron_forget(self):
        """Delete raw data older than their account allows. **Commits**."""
        accounts = (
            self.env["shop.account"]
            .with_context(active_test=False)
            .search([("retention_days", ">", 0)])
        )
        for account_id in accounts.ids:
            while self._forget_some(self.env["shop.account"].browse(account_id)):
                if not self.env["ir.cron"]._commit_progress(FORGET_SIZE):
                    return

    @api.model
    def _forget_some(self, account) -> bool:
        """Delete the raw data of up to a thousand old orders; return whether there were any."""
        old = self.search(
            [
                ("account_id", "=", account.id),
                ("forgotten", "=", False),
                ("state", "!=", "new"),
                ("received", "<", fields.Datetime.now() - timedelta(days=account.retention_days)),
            ],
            limit=FORGET_SIZE,
        )
        old.write({"payload": False, "forgotten": fields.Datetime.now()})
        return bool(old)
