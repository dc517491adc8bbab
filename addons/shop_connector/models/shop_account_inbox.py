"""How an account's orders are handled: warehouses, taxes, cancellations, the slow search."""

from odoo import api, fields, models

from ..lib.channel import CheckLine, OrderPage


class ShopAccount(models.Model):
    _inherit = "shop.account"

    cancel_released = fields.Selection(
        [("case", "Ask a person"), ("cancel", "Cancel order and delivery")],
        "Cancelled after release",
        required=True,
        default="case",
        help="When the shop cancels an order that is released and not being packed yet. Once it is "
        "printed, handed over or partly sent, a person is asked in any case.",
    )
    channel_warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Warehouse of the marketplace",
        check_company=True,
        help="Where goods lie that the marketplace sends itself; its orders are taken out of it at "
        "once. Empty: that stock is not kept here.",
    )
    stock_since = fields.Datetime(
        "Stock counted on",
        default=fields.Datetime.now,
        help="An order that had been sent before it came here is taken out of stock if it was "
        "placed later than this; earlier ones were not there any more when you counted.",
    )
    marketplace_position_id = fields.Many2one(
        "account.fiscal.position",
        "Taxes paid by the marketplace",
        check_company=True,
        help="For orders whose tax the marketplace pays itself: sold without tax, with the note "
        "for the invoice that stands in this fiscal position.",
    )
    abroad_position_id = fields.Many2one(
        "account.fiscal.position",
        "Taxes for goods from abroad",
        check_company=True,
        help="For orders that leave from a warehouse in another country than your own. Empty: such "
        "orders are held, because their tax cannot be known.",
    )
    missed_count = fields.Integer(
        "Found by the slow search",
        readonly=True,
        copy=False,
        help="Orders that the fast search for news had missed.",
    )
    missed_date = fields.Datetime("Last one missed", readonly=True, copy=False)
    last_sweep = fields.Datetime("Last slow search", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """A marketplace may be the one who pays the tax: let its accounts be ready for it."""
        accounts = super().create(vals_list)
        for account in accounts:
            if account._channel_relay_domains():
                account._get_marketplace_position()
        return accounts

    # -- taxes paid by the marketplace ------------------------------------

    def _get_marketplace_position(self):
        """Return the fiscal position for sales whose tax the marketplace pays, made when missing;
        one for all accounts of a company.
        """
        self.ensure_one()
        if not self.marketplace_position_id:
            others = self.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("marketplace_position_id", "!=", False),
                ],
                limit=1,
            )
            self.marketplace_position_id = (
                others.marketplace_position_id or self._create_marketplace_position()
            )
        return self.marketplace_position_id

    def _create_marketplace_position(self):
        """Without taxes of its own the position takes all off; an accountant may add theirs."""
        # sudo: an automation manager need not be an accountant
        return (
            self.env["account.fiscal.position"]
            .sudo()
            .create(
                {
                    "name": self.env._("Sales through a marketplace"),
                    "company_id": self.company_id.id,
                    "auto_apply": False,
                    "note": self.env._(
                        "The value added tax on this sale is paid by the marketplace."
                    ),
                }
            )
        )

    # -- the slow search ---------------------------------------------------

    def _store_page(self, page: OrderPage):
        """Extended to count what the slow search brings that the fast one did not."""
        known = self._count_known(page) if page.sweep else 0
        stored = super()._store_page(page)
        if page.sweep or page.missed:
            ids = {raw.external_id for raw in page.orders}
            self._note_sweep(page.missed or len(ids) - known)
        return stored

    def _count_known(self, page: OrderPage) -> int:
        ids = [raw.external_id for raw in page.orders]
        return self.env["shop.order"].search_count(
            [("account_id", "=", self.id), ("external_id", "in", ids)]
        )

    def _note_sweep(self, missed: int) -> None:
        now = fields.Datetime.now()
        vals = {"last_sweep": now}
        if missed > 0:
            vals |= {"missed_count": self.missed_count + missed, "missed_date": now}
        self.write(vals)

    def _check_settings(self) -> list[CheckLine]:
        """Extended to say how well the fast search does."""
        lines = super()._check_settings()
        if not self.last_sweep:
            return lines
        if not self.missed_count:
            text = self.env._("The slow search found nothing that the fast one had missed.")
            return [*lines, CheckLine(True, text)]
        return [
            *lines,
            CheckLine(
                True,
                self.env._(
                    "The slow search found %(count)s orders that the fast one had missed, the last "
                    "on %(date)s.",
                    count=self.missed_count,
                    date=fields.Date.to_string(self.missed_date),
                ),
                self.env._("Nothing is lost; they came in later than the others."),
            ),
        ]
