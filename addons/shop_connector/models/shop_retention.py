"""Buyers' data that a marketplace only lends: forgotten some days after the order has left."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.people import real_email
from ..lib.retention import Retention

_logger = logging.getLogger(__name__)

SIZE = 500
PARTNERS = ("partner_id", "partner_invoice_id", "partner_shipping_id")


class ShopAccount(models.Model):
    _inherit = "shop.account"

    buyer_data_days = fields.Integer(
        "Keep buyers' data (days)",
        compute="_compute_buyer_data_days",
        store=True,
        readonly=False,
        help="So many days after an order has left, the phone number, the marketplace's e-mail "
        "address, gift texts and notes for the delivery are deleted; names and addresses stay for "
        "the invoices. Marketplaces demand it. 0: never.",
    )
    has_retention = fields.Boolean(compute="_compute_has_retention")

    _buyer_data_days_not_negative = models.Constraint(
        "CHECK (buyer_data_days >= 0)", "The days to keep buyers' data cannot be negative."
    )

    def _channel_retention(self) -> Retention | None:
        """Return what the channel demands to be forgotten; ``None``: nothing but raw orders."""
        return None

    @api.depends("channel")
    def _compute_buyer_data_days(self):
        for account in self:
            rule = account._channel_retention() if account.channel else None
            account.buyer_data_days = rule.days if rule else 0

    @api.depends("channel")
    def _compute_has_retention(self):
        for account in self:
            account.has_retention = bool(account.channel and account._channel_retention())

    @api.model
    def _cron_forget_buyers(self):
        """Forget what may not be kept any longer. **Commits** per 500 orders."""
        accounts = self.with_context(active_test=False).search([("buyer_data_days", ">", 0)])
        for account_id in accounts.ids:
            account = self.browse(account_id)
            lang = account.company_id.partner_id.lang or self.env.lang
            account = account.with_company(account.company_id).with_context(lang=lang)
            while count := account._forget_buyers():
                if not self.env["ir.cron"]._commit_progress(count):
                    return

    def _forget_buyers(self) -> int:
        """Forget the buyers of up to 500 orders; return of how many."""
        self.ensure_one()
        rule = self._channel_retention()
        if not rule or self.buyer_data_days <= 0:
            return 0
        before = fields.Datetime.now() - timedelta(days=self.buyer_data_days)
        orders = self.env["shop.order"].search(self._retention_domain(before), limit=SIZE)
        if not orders:
            return 0
        orders.buyer_forgotten = fields.Datetime.now()
        sales = orders.sale_order_ids
        orders._forget_raw(rule)
        self._forget_on_sales(sales, rule)
        partners = self._forget_on_partners(sales, rule)
        self._note_forgotten(orders, sales, partners)
        return len(orders)

    def _retention_domain(self, before) -> Domain:
        """Return which shop orders are old enough: all of the order has left, or it is cancelled.

        What is still on its way, held or quarantined is needed.
        """
        left = Domain("picking_ids", "!=", False) & Domain(
            "picking_ids",
            "not any",
            Domain("state", "not in", ("done", "cancel")) | Domain("date_done", ">=", before),
        )
        without = Domain("picking_ids", "=", False) & Domain("date_order", "<", before)
        over = Domain("state", "in", ("sale", "cancel")) & (left | without)
        sold = Domain("sale_order_ids", "any", over)
        never = Domain("state", "in", ("ignored", "cancelled")) & Domain(
            "sale_order_ids", "=", False
        )
        return (
            Domain("account_id", "=", self.id)
            & Domain("buyer_forgotten", "=", False)
            & (sold | (never & Domain("received", "<", before)))
        )

    def _forget_on_sales(self, sales, rule: Retention) -> None:
        self._blank(sales, rule.order_fields)
        if not rule.line_notes or not sales:
            return
        lines = self.env["sale.order.line"]
        lines.flush_model(["name"])
        # in SQL: a locked order would refuse it, though it is not changed in what it says
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order_line SET name = split_part(name, E'\n', 1)"
                " WHERE order_id IN %s AND shop_line_id IS NOT NULL"
                " AND position(E'\n' IN name) > 0",
                tuple(sales.ids),
            )
        )
        lines.invalidate_model(["name"])

    def _forget_on_partners(self, sales, rule: Retention):
        """Blank the contacts that no other order needs; return those that changed."""
        partners = sales.mapped("partner_id") | sales.mapped("partner_invoice_id")
        partners |= sales.mapped("partner_shipping_id")
        partners -= self._needed_partners(partners)
        changed = self._blank(partners, rule.partner_fields)
        if rule.relay_mails:
            relays = self._channel_relay_domains()
            changed |= self._blank(
                partners.filtered(lambda p: p.email and not real_email(p.email, relays)), ["email"]
            )
        return changed

    def _needed_partners(self, partners):
        """Return those of some contacts that another order or a user needs as they are."""
        used = Domain.OR([Domain(name, "in", partners.ids) for name in PARTNERS])
        forgotten = Domain("shop_order_id.buyer_forgotten", "!=", False)
        others = self.env["sale.order"].search(used & ~forgotten)
        needed = self.env["res.partner"].concat(*(others[name] for name in PARTNERS))
        return (partners & needed) | partners.filtered("user_ids")

    @staticmethod
    def _blank(records, names):
        """Blank fields where they hold something; return the records that changed."""
        changed = records.filtered(lambda record: any(record[name] for name in names))
        if changed:
            changed.write(dict.fromkeys(names, False))
        return changed

    def _note_forgotten(self, orders, sales, partners) -> None:
        """Write down what was deleted: on each order, and in one line on the account."""
        text = self.env._(
            "The buyer's phone number, relay address and notes were deleted, as the marketplace "
            "demands. Name and address stay for the invoice."
        )
        self.env["automation.log"]._add([(sale, "shop", text) for sale in sales])
        self.message_post(
            body=self.env._(
                "Buyers' data of %(orders)s orders were deleted (%(contacts)s contacts changed).",
                orders=len(orders),
                contacts=len(partners),
            )
        )
        _logger.info(
            "Shop account %s: buyers of %s orders forgotten, %s contacts changed",
            self.id,
            len(orders),
            len(partners),
        )


class ShopOrder(models.Model):
    _inherit = "shop.order"

    buyer_forgotten = fields.Datetime(
        "Buyer's data deleted",
        readonly=True,
        copy=False,
        help="The marketplace only lends its buyers' data.",
    )

    _buyer_data_idx = models.Index("(account_id) WHERE buyer_forgotten IS NULL")

    @api.model
    def _raw_vals(self, account, raw):
        """Override to forget again what the shop sends again."""
        return {**super()._raw_vals(account, raw), "buyer_forgotten": False}

    def _forget_raw(self, rule: Retention) -> None:
        """Delete what the raw orders and the channel's own facts say of the buyer."""
        if rule.payload:
            kept = self.filtered(lambda order: not order.forgotten)
            kept.write({"payload": False, "forgotten": fields.Datetime.now()})
        for order in self.filtered("extra") if rule.extra_keys else ():
            extra = {key: text for key, text in order.extra.items() if key not in rule.extra_keys}
            if extra != order.extra:
                order.extra = extra
