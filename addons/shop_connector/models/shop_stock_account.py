"""What a shop account says about its stock figures."""

from decimal import Decimal

from odoo import api, fields, models

from ..lib import stock as formula
from ..lib.channel import LISTINGS, STOCK

COUNTS = frozenset(
    {
        "active",
        "sold_out",
        "stock_basis",
        "stock_buffer",
        "stock_buffer_value",
        "stock_delay",
        "stock_max",
        "stock_minimum",
        "stock_warehouse_ids",
        "warehouse_id",
    }
)
SAMPLE = formula.Goods(on_hand=Decimal(12), reserved=Decimal(2), speed=Decimal(36))


class ShopAccount(models.Model):
    _inherit = "shop.account"

    report_stock = fields.Boolean(
        "Report stock",
        tracking=True,
        copy=False,
        help="Only then a live account tells its shop quantities. Before, the list of offers shows"
        " what would be told.",
    )
    stock_basis = fields.Selection(
        [
            ("free", "On hand, not reserved"),
            ("open", "On hand, minus all open deliveries"),
            ("forecast", "Forecast: goods on their way included"),
        ],
        "What counts",
        required=True,
        default="free",
    )
    stock_warehouse_ids = fields.Many2many(
        "stock.warehouse",
        "shop_account_stock_warehouse_rel",
        string="Warehouses that count",
        check_company=True,
        help="Empty: the warehouse of the account's orders.",
    )
    stock_buffer = fields.Selection(
        [
            ("none", "Nothing"),
            ("fixed", "A number of pieces"),
            ("percent", "Per cent of the stock"),
            ("speed", "What is sold until all shops know"),
        ],
        "Keep back",
        required=True,
        default="none",
        help="Kept back so that two shops do not sell the last piece at the same time.",
    )
    stock_buffer_value = fields.Float(
        "Buffer", digits=(12, 2), default=1.0, help="Pieces, per cent, or a safety factor."
    )
    stock_delay = fields.Integer(
        "Minutes until all shops know",
        default=20,
        required=True,
        help="From a sale in one shop until the others show it: fetching the order, importing it,"
        " telling the others.",
    )
    stock_max = fields.Integer("Show at most", help="0: the true quantity.")
    stock_minimum = fields.Float(
        "Minimum stock",
        digits="Product Unit",
        default=5.0,
        help="With no more than this in stock every sale is told to all shops at once. A product"
        " may have its own minimum stock.",
    )
    stock_minutes = fields.Integer(
        "Tell others every (minutes)",
        default=15,
        required=True,
        help="Changes of products above their minimum stock are gathered for this long. 0: at"
        " once.",
    )
    sold_out = fields.Selection(
        [("zero", "Quantity 0"), ("delist", "Take off sale"), ("soon", "Not deliverable soon")],
        "When sold out",
        required=True,
        default="zero",
        help="A channel that cannot do it shows a quantity of 0. Back in stock it is offered again"
        " by itself.",
    )
    check_cover = fields.Boolean(
        "Hold what is not in stock",
        default=True,
        help="An order that comes in and cannot be covered from these warehouses is held and asks:"
        " cancel it, postpone it, or send it from another warehouse.",
    )
    can_stock = fields.Boolean(compute="_compute_can_stock")
    can_list = fields.Boolean(compute="_compute_can_stock")
    stock_example = fields.Text("Example", compute="_compute_stock_example")
    stock_error = fields.Text("Trouble with stock", compute="_compute_stock_task")
    listings_progress = fields.Char(compute="_compute_stock_task")
    listing_count = fields.Integer(compute="_compute_listing_counts")
    unmatched_count = fields.Integer(compute="_compute_listing_counts")
    differing_count = fields.Integer(compute="_compute_listing_counts")
    refused_count = fields.Integer(compute="_compute_listing_counts")

    _stock_numbers = models.Constraint(
        "CHECK (stock_max >= 0 AND stock_minutes >= 0 AND stock_delay >= 0"
        " AND stock_minimum >= 0 AND stock_buffer_value >= 0)",
        "The figures for stock cannot be negative.",
    )

    # -- computed ----------------------------------------------------------

    @api.depends("channel")
    def _compute_can_stock(self):
        for account in self:
            capabilities = account._channel_capabilities()
            account.can_stock = STOCK in capabilities
            account.can_list = LISTINGS in capabilities

    @api.depends(
        "stock_basis",
        "stock_buffer",
        "stock_buffer_value",
        "stock_delay",
        "stock_max",
        "stock_minimum",
        "sold_out",
    )
    def _compute_stock_example(self):
        for account in self:
            account.stock_example = account._explain_stock(account._stock_policy(), SAMPLE)

    def _compute_listing_counts(self):
        listings = self.env["shop.listing"]
        domain = fields.Domain("account_id", "in", self.ids)
        extra = {
            "listing_count": fields.Domain.TRUE,
            "unmatched_count": fields.Domain("product_id", "=", False),
            "differing_count": fields.Domain("pending", "=", True),
            "refused_count": fields.Domain("refused", "=", True),
        }
        for name, condition in extra.items():
            counts = dict(listings._read_group(domain & condition, ["account_id"], ["__count"]))
            for account in self:
                account[name] = counts.get(account, 0)

    # -- formula -----------------------------------------------------------

    def _stock_policy(self, listing=None, minimum: Decimal | None = None) -> formula.Policy:
        """Return the account's settings for ``lib/stock.py``, with what its listing overrides."""
        return formula.Policy(
            basis=self.stock_basis,
            buffer=self.stock_buffer,
            buffer_value=formula.exact(self.stock_buffer_value),
            delay=self.stock_delay,
            most=(listing and listing.max_quantity) or self.stock_max,
            minimum=formula.exact(self.stock_minimum) if minimum is None else minimum,
            sold_out=(listing and listing.sold_out) or self.sold_out,
        )

    def _stock_warehouses(self):
        """Return the warehouses whose stock this account offers."""
        self.ensure_one()
        own = self.stock_warehouse_ids or self.warehouse_id
        return own or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )

    def _stock_of_kit(self, kit) -> float:
        """Return how many kits there are by this account's way of counting."""
        if self.stock_basis == "free":
            return kit.free_qty
        if self.stock_basis == "open":
            return kit.qty_available - kit.outgoing_qty
        return kit.virtual_available

    # -- create and write --------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if COUNTS & vals.keys():
            self.env["shop.stock.touch"]._touch(accounts=self.ids)
        if vals.get("report_stock") or vals.get("live"):
            self.env["automation.batch"]._trigger_cron("shop_connector.ir_cron_stock_push")
        return result

    # -- actions -----------------------------------------------------------

    def action_open_listings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("shop_connector.shop_listing_action")
        wanted = self.env.context.get("shop_listing_filter")
        return {
            **action,
            "domain": [("account_id", "=", self.id)],
            "context": {
                "default_account_id": self.id,
                **({f"search_default_{wanted}": 1} if wanted else {}),
            },
        }
