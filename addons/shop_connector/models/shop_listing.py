from odoo import api, fields, models
from odoo.fields import Domain

COUNTS = frozenset(
    {
        "account_id",
        "active",
        "by_channel",
        "max_quantity",
        "pack_factor",
        "product_id",
        "report_stock",
        "sold_out",
    }
)
AGAIN = {"attempts": 0, "next_try": False, "last_error": False, "hint": False, "refused": False}
OFFERED = [("normal", "On sale"), ("delisted", "Off sale"), ("soon", "Not deliverable soon")]


class ShopListing(models.Model):
    """A product as it is offered under a SKU in one shop account, and what the shop shows of it.

    What shall be shown (``wanted``) is computed by ``shop.stock`` for many listings at once, what
    was told (``reported``) is written only after the shop took it.
    """

    _name = "shop.listing"
    _description = "Shop listing"
    _inherit = ["automation.retry.mixin"]
    _order = "sku, id"
    _rec_name = "sku"
    _check_company_auto = True

    account_id = fields.Many2one(
        "shop.account", "Shop", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    active = fields.Boolean(default=True)
    sku = fields.Char("SKU", required=True, help="The article number under which the shop sells.")
    external_id = fields.Char("Id of the offer", readonly=True)
    name = fields.Char("Shop's words")
    barcode = fields.Char(readonly=True)
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="Empty: not matched. Orders with this SKU are held, no stock is reported.",
    )
    pack_factor = fields.Float(
        "Pieces in a pack",
        digits=(12, 3),
        default=1.0,
        required=True,
        help="How much of the product one unit sold in the shop holds: 6 for a pack of six.",
    )
    by_channel = fields.Boolean(
        "Sent by the marketplace",
        help="Stored and sent by the marketplace from its own warehouse; no stock is reported.",
    )
    report_stock = fields.Boolean("Report stock", default=True)
    sold_out = fields.Selection(
        [("zero", "Quantity 0"), ("delist", "Take off sale"), ("soon", "Not deliverable soon")],
        "When sold out",
        help="Empty: as the shop account says.",
    )
    max_quantity = fields.Integer("At most", help="0: as the shop account says.")
    extra = fields.Json(readonly=True, copy=False, help="What the channel knows about the offer.")

    # -- what the shop shall show, and what it was told; written by shop.stock ---
    wanted = fields.Integer("Shall show", readonly=True, copy=False)
    wanted_state = fields.Selection(
        OFFERED,
        "Shall be",
        readonly=True,
        copy=False,
    )
    wanted_at = fields.Datetime("Changed", readonly=True, copy=False)
    reported = fields.Integer("Told the shop", readonly=True, copy=False)
    reported_state = fields.Selection(
        OFFERED,
        "Told as",
        readonly=True,
        copy=False,
        help="Empty: nothing was told yet.",
    )
    reported_at = fields.Datetime("Told", readonly=True, copy=False)
    sent = fields.Integer("Being told", readonly=True, copy=False)
    sent_state = fields.Char("Being told as", readonly=True, copy=False)
    job_id = fields.Many2one(
        "shop.stock.job", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    pending = fields.Boolean("Differs from the shop", readonly=True, copy=False)
    urgent = fields.Boolean(readonly=True, copy=False, help="Told at once, before all others.")
    refused = fields.Boolean("Refused by the shop", readonly=True, copy=False)
    hint = fields.Char("What to do", readonly=True, copy=False)
    speed = fields.Float("Sold a day", digits=(12, 3), readonly=True, copy=False)
    kit_quantity = fields.Float(
        "Kits available",
        digits=(16, 3),
        readonly=True,
        copy=False,
        help="For kits: how many the components in stock make.",
    )
    is_kit = fields.Boolean("Kit", readonly=True, copy=False)
    shown = fields.Integer("Seen in the shop", readonly=True, copy=False)
    shown_at = fields.Datetime("Looked at", readonly=True, copy=False)
    drift = fields.Boolean(
        "Shop shows something else",
        readonly=True,
        copy=False,
        help="The shop showed another quantity than it was told; it is told again.",
    )
    explanation = fields.Char(
        "How it comes about", compute="_compute_explanation", compute_sudo=True
    )
    state = fields.Selection(
        [
            ("unmatched", "Not matched"),
            ("channel", "Marketplace's stock"),
            ("off", "Not reported"),
            ("refused", "Refused"),
            ("sending", "Being told"),
            ("differs", "To be told"),
            ("sold_out", "Sold out"),
            ("same", "Up to date"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _sku_uniq = models.UniqueIndex(
        "(account_id, sku, COALESCE(external_id, ''))",
        "This SKU is in the list of the shop already.",
    )
    _pending_idx = models.Index("(account_id, urgent) WHERE pending")
    _unmatched_idx = models.Index("(account_id) WHERE product_id IS NULL")
    _pack_positive = models.Constraint(
        "CHECK (pack_factor > 0)", "A pack must hold more than nothing."
    )
    _most_not_negative = models.Constraint(
        "CHECK (max_quantity >= 0)", "The highest quantity cannot be negative."
    )

    # -- computed ----------------------------------------------------------

    @api.depends("sku", "account_id.name")
    def _compute_display_name(self):
        for listing in self:
            listing.display_name = f"{listing.sku} · {listing.account_id.name}"

    def _state_domains(self) -> dict:
        """Return the states in the order in which the first that fits counts."""
        return {
            "unmatched": Domain("product_id", "=", False),
            "channel": Domain("by_channel", "=", True),
            "off": Domain("wanted_state", "=", False),
            "refused": Domain("refused", "=", True),
            "sending": Domain("job_id", "!=", False),
            "differs": Domain("pending", "=", True),
            "sold_out": Domain("wanted", "=", 0),
            "same": Domain.TRUE,
        }

    @api.depends(
        "product_id", "by_channel", "wanted_state", "refused", "job_id", "pending", "wanted"
    )
    def _compute_state(self):
        rest = self
        for state, domain in self._state_domains().items():
            found = rest.filtered_domain(domain)
            found.state = state
            rest -= found

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        earlier, found = Domain.FALSE, Domain.FALSE
        for state, domain in self._state_domains().items():
            if state in value:
                found |= domain & ~earlier
            earlier |= domain
        return found

    # -- create and write --------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        listings = super().create(vals_list)
        self.env["shop.stock.touch"]._touch(listings=listings.ids)
        return listings

    def write(self, vals):
        """What counts for the quantity lets it be computed again, and a refused one be retried."""
        if COUNTS & vals.keys():
            vals = {**AGAIN, **vals}
            self.env["shop.stock.touch"]._touch(listings=self.ids)
        return super().write(vals)

    # -- looked up by others -----------------------------------------------

    @api.model
    def _count_by_product(self, products) -> dict:
        """Return how many offers there are of each product."""
        return dict(
            self._read_group([("product_id", "in", products.ids)], ["product_id"], ["__count"])
        )

    @api.model
    def _find_products(self, account, skus) -> tuple[dict, dict]:
        """Return the products of SKUs that are matched here, and the units of those sold in packs.

        Packs are units of measure: the order keeps the shop's quantity and price, deliveries get
        the pieces.
        """
        # sudo: orders are imported by whoever may retry them
        listings = self.sudo().search(
            [
                ("account_id", "=", account.id),
                ("sku", "in", list(skus)),
                ("product_id", "!=", False),
                ("product_id.active", "=", True),
            ]
        )
        products = {row.sku: row.product_id.sudo(False) for row in reversed(listings)}
        packs = listings.filtered(lambda row: row.product_id.uom_id.compare(row.pack_factor - 1, 0))
        return products, {row.sku: row._pack_unit().sudo(False) for row in reversed(packs)}

    def _pack_unit(self):
        """Return the unit of measure that stands for this listing's pack."""
        unit = self.product_id.uom_id
        units = self.env["uom.uom"]
        found = units.search([("relative_uom_id", "=", unit.id)])
        same = found.filtered(lambda pack: abs(pack.relative_factor - self.pack_factor) < 0.0005)
        return same[:1] or units.create(
            {
                "name": self.env._("Pack of %s", f"{self.pack_factor:g}"),
                "relative_uom_id": unit.id,
                "relative_factor": self.pack_factor,
            }
        )

    # -- actions -----------------------------------------------------------

    def action_report_again(self):
        """Tell the shop again, also what it refused or seems to know."""
        self.check_access("write")
        # sudo: what was told is written by the program only
        self.sudo().write({**AGAIN, "reported_state": False, "job_id": False})
        self.env["shop.stock.touch"]._touch(listings=self.ids)
        return True

    def action_match(self):
        """Look for the products of listings without one."""
        self.check_access("write")
        found = self.env["shop.stock"]._match(self.filtered(lambda x: not x.product_id).ids)
        left = len(self.filtered(lambda listing: not listing.product_id))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": self.env._(
                    "Products were found for %(found)s listings; %(left)s are left.",
                    found=found,
                    left=left,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
