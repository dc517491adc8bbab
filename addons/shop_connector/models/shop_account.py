"""One seller account at one channel: its settings and the hooks a channel fills in.

A channel add-on adds itself to :attr:`ShopAccount.channel` and overrides the hooks below. Each
override starts with ``if self.channel != "mychannel": return super()...``. No hook commits, writes
orders or knows the inbox:

``_channel_capabilities()``
    frozenset of the words in ``lib.channel`` (ORDERS, SINGLE_ORDER, ...)
``_channel_fetch_orders(cursor)``
    talk to the shop, return ONE ``lib.channel.OrderPage`` (about 20 to 100 orders); ``cursor`` is
    the dict of the page stored last ({} at first); called again while ``page.more``
``_channel_fetch_order(external_id)``
    one ``lib.channel.RawOrder`` again (only with SINGLE_ORDER)
``_channel_parse_order(body)``
    ``RawOrder.body`` -> ``lib.order.ShopOrder``; pure, no requests, no searches; raises
    ``lib.order.PayloadError``
``_channel_check()``
    list of ``lib.channel.CheckLine`` for the connection test, in plain words
``_channel_relay_domains()``
    mail domains that stand for the marketplace, not for the buyer
``_channel_secrets()``
    the texts that must never show in an error
``_channel_payments()``
    the payment codes the shop is known to send, for a new account's payment list
``_channel_fetch_listings(cursor)``
    one ``lib.channel.ListingPage`` of what is offered there (with LISTINGS)
``_channel_report_shipment(shipment)``, ``_channel_report_cancellation(cancellation)``,
``_channel_report_invoice(invoice)``
    tell the shop (SHIPMENTS, CANCELLATIONS, INVOICES); take the dataclasses of ``lib.outbox``,
    return a ``Receipt``; must be harmless when the same was told before
``_channel_ask_job(kind, job)``
    a ``Receipt`` again, for a message whose receipt had a job
``_channel_report_stock(changes)``
    generator: takes ``StockChange`` objects, yields one ``StockReply`` per call to the shop (with
    STOCK); each reply is stored before the generator is asked for the next
``_channel_ask_stock_job(job)``
    a ``StockReply`` again, for a stock job
``_channel_carriers()``
    ``(our word for a carrier, the shop's code)`` pairs, for a new account's carrier list
``_channel_request_review(external_id, extra)``
    ask the buyer for a review in the marketplace's own way (with REVIEWS); a ``Receipt``, ``known``
    when the marketplace does not allow it now
``_channel_fetch_settlements(cursor)``
    one ``lib.settlement.SettlementPage`` of what was paid out (with SETTLEMENTS)
``_channel_retention()``
    a ``lib.retention.Retention``: what of its buyers the marketplace wants forgotten, and when

What a channel has to remember for all its workers (tokens, quotas, buckets) goes into
``_memory_get(key)`` and ``_memory_change(key, function)``: one JSON value per account and key, in
a transaction of its own, readable by administrators only.

Hooks that talk raise ``automation_core.lib.errors`` only; whatever else they raise is recorded on
the account too. Settings of a channel are its own fields on ``shop.account`` (secrets with
``groups="base.group_system"``, ``copy=False``), shown in its own group inside the form's page
``connection``.
"""

from collections.abc import Iterator, Mapping, Sequence

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get

from ..lib import channel as seam
from ..lib import outbox


class ShopAccount(models.Model):
    """A seller's account at a shop or marketplace."""

    _name = "shop.account"
    _description = "Shop account"
    _inherit = ["mail.thread", "automation.poll.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="How you call this shop, e.g. “Gambio main shop”.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    channel = fields.Selection([], required=True, help="The kind of shop.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    color = fields.Integer()
    live = fields.Boolean(
        tracking=True,
        copy=False,
        help="Only a live account talks to its shop by itself. The connection test works without.",
    )
    tz = fields.Selection(
        _tz_get,
        "Shop's time zone",
        required=True,
        default="Europe/Berlin",
        help="For shops that send times without a zone.",
    )

    # -- what orders become ------------------------------------------------
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, help="Empty: the company's first warehouse."
    )
    team_id = fields.Many2one("crm.team", "Sales team", check_company=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        help="Prices always come from the shop. Needed for other currencies than the company's.",
    )
    policy_id = fields.Many2one(
        "automation.policy",
        "Automation policy",
        check_company=True,
        help="Empty: chosen by the policies' own rules.",
    )
    order_prefix = fields.Char(
        help="Orders are named by this prefix and the shop's number, e.g. “G-” gives G-400210. "
        "Empty: the next number of your own sequence."
    )
    unknown_product_id = fields.Many2one(
        "product.product",
        "Product for unknown SKUs",
        check_company=True,
        default=lambda self: self._default_product("product_unknown"),
        help="Stands in for an article that is not found; the order is held until you replace it.",
    )
    shipping_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        default=lambda self: self._default_product("product_shipping"),
    )
    fee_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        default=lambda self: self._default_product("product_fee"),
    )
    discount_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        default=lambda self: self._default_product("product_discount"),
    )
    voucher_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        default=lambda self: self._default_product("product_voucher"),
    )
    round_once = fields.Boolean(
        "Round taxes once",
        default=True,
        help="Shops, and the European norm for invoices, round the tax once per rate; Odoo mostly "
        "per line. With this the orders and invoices of this shop are rounded as the shop does.",
    )
    total_tolerance = fields.Float(
        "Tolerated difference",
        digits=(6, 2),
        help="A difference to the shop's total up to this amount becomes a rounding line. "
        "0: every difference holds the order.",
    )
    payment_map_ids = fields.One2many("shop.payment.map", "account_id", copy=True)
    tax_ids = fields.One2many("shop.tax", "account_id", "Taxes", copy=False)

    # -- polling -----------------------------------------------------------
    poll_minutes = fields.Integer("Fetch every (minutes)", default=15, required=True)
    import_from = fields.Datetime(
        "Orders since",
        default=fields.Datetime.now,
        help="Older orders are not fetched.",
    )
    retention_days = fields.Integer(
        "Keep raw orders (days)",
        default=90,
        help="After this time the raw data of orders are deleted: they hold personal data. "
        "0: never.",
    )

    # -- what is seen ------------------------------------------------------
    status = fields.Selection(
        [("off", "Not live"), ("ok", "Works"), ("error", "Fails")],
        compute="_compute_status",
        search="_search_status",
    )
    shop_order_ids = fields.One2many("shop.order", "account_id")
    order_count = fields.Integer(compute="_compute_counts")
    quarantine_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer(compute="_compute_counts")
    check_result = fields.Html("Last connection test", readonly=True, copy=False)

    _poll_minutes_positive = models.Constraint(
        "CHECK (poll_minutes > 0)", "The time between two fetches must be at least one minute."
    )
    _retention_not_negative = models.Constraint(
        "CHECK (retention_days >= 0)", "The days to keep raw orders cannot be negative."
    )

    # -- channel hooks -----------------------------------------------------

    def _channel_capabilities(self) -> frozenset[str]:
        """Return what this channel can do, as words of ``lib.channel``."""
        return frozenset()

    def _channel_fetch_orders(self, cursor: seam.Cursor) -> seam.OrderPage:
        """Return the next page of new or changed orders. Talks to the shop, writes nothing."""
        raise NotImplementedError

    def _channel_fetch_order(self, external_id: str) -> seam.RawOrder:
        """Return one order again. Talks to the shop, writes nothing."""
        raise NotImplementedError

    def _channel_parse_order(self, body: str):
        """Return the ``lib.order.ShopOrder`` in ``body`` or raise ``PayloadError``."""
        raise NotImplementedError

    def _channel_check(self) -> list[seam.CheckLine]:
        """Try the connection and say in plain words what works. Never raises for a refused
        connection.
        """
        return []

    def _channel_relay_domains(self) -> tuple[str, ...]:
        """Return the domains of addresses the marketplace makes up for its buyers."""
        return ()

    def _channel_secrets(self) -> tuple[str, ...]:
        """Return the texts that no error, log or page may show."""
        return ()

    def _channel_payments(self) -> list[tuple[str, str, str]]:
        """Return ``(pattern of the payment code, code of the automation payment method, paid)``.

        ``paid`` is a value of ``shop.payment.map.paid``. Used once, for a new account.
        """
        return []

    def _channel_fetch_listings(self, cursor: seam.Cursor) -> seam.ListingPage:
        """Return the next page of what is offered. Talks to the shop, writes nothing."""
        raise NotImplementedError

    def _channel_report_shipment(self, shipment: outbox.Shipment) -> outbox.Receipt:
        """Tell the shop what has left. Talks to the shop, writes nothing."""
        raise NotImplementedError

    def _channel_report_cancellation(self, cancellation: outbox.Cancellation) -> outbox.Receipt:
        """Tell the shop what will not be delivered. Talks to the shop, writes nothing."""
        raise NotImplementedError

    def _channel_report_invoice(self, invoice: outbox.InvoiceFile) -> outbox.Receipt:
        """Hand an invoice over. Talks to the shop, writes nothing."""
        raise NotImplementedError

    def _channel_ask_job(self, kind: str, job: Mapping[str, object]) -> outbox.Receipt:
        """Ask what became of a message the shop works on. ``kind`` is that of the message."""
        raise NotImplementedError

    def _channel_report_stock(
        self, changes: Sequence[outbox.StockChange]
    ) -> Iterator[outbox.StockReply]:
        """Tell the shop what to show; one reply per call. Talks to the shop, writes nothing."""
        raise NotImplementedError

    def _channel_ask_stock_job(self, job: Mapping[str, object]) -> outbox.StockReply:
        """Ask what became of stock changes the shop works on."""
        raise NotImplementedError

    def _channel_carriers(self) -> list[tuple[str, str]]:
        """Return ``(our word for a carrier, the shop's code)``. Used once, for a new account."""
        return []

    # -- computed ----------------------------------------------------------

    @api.depends("live", "last_error")
    def _compute_status(self):
        for account in self:
            failing = "error" if account.last_error else "ok"
            account.status = failing if account.live else "off"

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "off": Domain("live", "=", False),
            "ok": Domain("live", "=", True) & Domain("last_error", "=", False),
            "error": Domain("live", "=", True) & Domain("last_error", "!=", False),
        }
        return Domain.OR(domains[key] for key in value if key in domains)

    def _compute_counts(self):
        counts = {
            (account, state): count
            for account, state, count in self.env["shop.order"]._read_group(
                [("account_id", "in", self.ids)], ["account_id", "state"], ["__count"]
            )
        }
        for account in self:
            account.waiting_count = counts.get((account, "new"), 0)
            account.quarantine_count = counts.get((account, "quarantined"), 0)
            account.order_count = sum(
                count for (owner, _state), count in counts.items() if owner == account
            )

    # -- create and write --------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        for account in accounts:
            account._set_up_taxes()
            account._set_up_payments()
        return accounts

    def write(self, vals):
        """Going live starts the fetching at once; a mended account forgets its back-off."""
        if vals.get("live"):
            vals = {"next_poll": fields.Datetime.now(), **vals}
        result = super().write(vals)
        if vals.get("live"):
            self._register_success()
            self.env["automation.batch"]._trigger_cron("shop_connector.ir_cron_poll")
        if "company_id" in vals:
            self.tax_ids.unlink()
            for account in self:
                account._set_up_taxes()
        return result

    @api.model
    def _default_product(self, name: str):
        return self.env.ref(f"shop_connector.{name}", raise_if_not_found=False)

    def _set_up_payments(self) -> None:
        if self.payment_map_ids:
            return
        methods = self.env["automation.payment.method"].search([]).grouped("code")
        self.payment_map_ids = [
            fields.Command.create(
                {"sequence": index, "pattern": pattern, "method_id": methods[code].id, "paid": paid}
            )
            for index, (pattern, code, paid) in enumerate(self._channel_payments(), start=1)
            if code in methods
        ]

    # -- actions -----------------------------------------------------------

    def action_fetch_now(self):
        """Let the next fetch start now instead of at its time."""
        self.write({"next_poll": fields.Datetime.now(), "next_try": False})
        self.env["automation.batch"]._trigger_cron("shop_connector.ir_cron_poll")
        return self._poll_notification(
            self.env._("The shop is asked now; new orders appear in a moment."),
            self.env._("The account is not live, so nothing is fetched. Switch it on first."),
        )

    def action_set_up_taxes(self):
        """Look for new tax rates of the company."""
        for account in self:
            account._set_up_taxes()
        return True

    def action_open_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shop_connector.shop_order_action")
        state = self.env.context.get("shop_order_state")
        domain = [("account_id", "=", self.id)] + ([("state", "=", state)] if state else [])
        return {**action, "domain": domain, "context": {"default_account_id": self.id}}
