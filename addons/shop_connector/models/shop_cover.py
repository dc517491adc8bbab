"""Is what was sold there at all? Looked at when orders come in, and again when stock comes."""

from odoo import api, fields, models

from ..lib.stock import exact
from .shop_order_interpret import Reading
from .shop_stock_explain import plain
from .shop_stock_sql import SHORT

OVERSOLD = "shop:oversold"


class ShopWriter(models.AbstractModel):
    _inherit = "shop.writer"

    @api.model
    def _write_orders(self, account, readings: list[Reading]) -> list[Reading]:
        """Extension: SKUs the shop sells are listed, orders that cannot be covered are held."""
        good = super()._write_orders(account, readings)
        if good:
            self.env["shop.stock"]._learn(account, [reading.order for reading in good])
            records = self.env["shop.order"].browse([reading.record.id for reading in good])
            sales = self.env["sale.order"].search([("shop_order_id", "in", records.ids)])
            if account.check_cover:
                self.env["shop.stock"]._raise_oversold(sales)
        return good


class ShopStock(models.AbstractModel):
    _inherit = "shop.stock"

    @api.model
    def _find_short(self, sales) -> dict:
        """Return ``{order: [(product, ordered, there)]}`` of orders that stock does not cover."""
        if not sales:
            return {}
        self.env.flush_all()
        self.env.cr.execute(SHORT, {"orders": sales.ids, **self._kits_of(sales)})
        short: dict = {}
        for order_id, product_id, ordered, there in self.env.cr.fetchall():
            sale = self.env["sale.order"].browse(order_id)
            product = self.env["product.product"].browse(product_id)
            short.setdefault(sale, []).append((product, exact(ordered), exact(there)))
        return short

    def _kits_of(self, sales) -> dict[str, list]:
        """Return the kits in these orders with the number that could be made of their parts."""
        rows = []
        if self._has_kits():
            for account, orders in sales.grouped("shop_account_id").items():
                kits = self._kits_among(orders.order_line.product_id.ids)
                rows += self._count_kits(account.id, kits)
        return self._kit_columns(rows)

    @api.model
    def _raise_oversold(self, sales) -> None:
        """Open a case for each order that cannot be delivered from stock."""
        self.env["automation.case"]._raise(
            [self._prepare_oversold(sale, lines) for sale, lines in self._find_short(sales).items()]
        )

    def _prepare_oversold(self, sale, lines: list[tuple]) -> dict:
        rows = [
            self.env._(
                "%(product)s: %(ordered)s ordered, %(there)s there",
                product=product.display_name,
                ordered=plain(ordered),
                there=plain(there),
            )
            for product, ordered, there in lines
        ]
        advice = self.env._(
            "Cancel the order, postpone it, or send it from another warehouse: press “Decide”."
            " When goods arrive in time the order goes on by itself."
        )
        return {
            "record": sale,
            "code": OVERSOLD,
            "kind": "data",
            "seen": ", ".join(f"{product.id}:{plain(n)}" for product, n, _there in lines),
            "name": self.env._("Order %s was sold, but is not in stock", sale.name),
            "explanation": "\n".join([*rows, advice]),
        }

    @api.model
    def _settle_covered(self, products: list[int]) -> None:
        """Close the cases of orders for which the goods are there now."""
        cases = self.env["automation.case"].sudo()  # sudo: closing is the program's business
        open_ = cases.search([("code", "=", OVERSOLD), ("state", "=", "open")])
        if not open_:
            return
        sales = self.env["sale.order"].browse(open_.mapped("res_id")).exists()
        concerned = sales.filtered(
            lambda sale: (
                sale.state not in ("draft", "sent")
                or not set(products).isdisjoint(sale.order_line.product_id.ids)
            )
        )
        covered = concerned.browse(
            set(concerned.ids) - {sale.id for sale in self._find_short(concerned)}
        )
        self.env["automation.case"]._settle(
            covered, codes=[OVERSOLD], note=self.env._("The goods are there now.")
        )


class AutomationCase(models.Model):
    _inherit = "automation.case"

    is_oversold = fields.Boolean(compute="_compute_is_oversold")

    @api.depends("code", "state")
    def _compute_is_oversold(self):
        for case in self:
            case.is_oversold = case.code == OVERSOLD and case.state == "open"

    def action_decide_oversold(self):
        """Open the choice between cancelling, postponing and another warehouse."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not in stock"),
            "res_model": "shop.oversold",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.res_id},
        }
