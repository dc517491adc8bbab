from odoo import api, fields, models

from ..lib.order import Reservation


class ShopReservation(models.Model):
    """Goods to keep for an order that the shop calls not paid yet.

    They are no stock moves: a move would hold real pieces back for orders that may never come. What
    is offered is lowered by them (see the stock figures), and they go when the order is imported,
    cancelled or ignored.
    """

    _name = "shop.reservation"
    _description = "Stock kept for an unpaid shop order"
    _rec_name = "sku"

    account_id = fields.Many2one("shop.account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    shop_order_id = fields.Many2one(
        "shop.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    line_id = fields.Char("Line in the shop", readonly=True)
    product_id = fields.Many2one(
        "product.product",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: the SKU is not known here.",
    )
    sku = fields.Char("SKU", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)

    _line_idx = models.Index("(account_id, line_id)")

    @api.model
    def _replace(self, account, wanted: list[tuple], products: dict) -> None:
        """Keep what ``wanted``, pairs of a shop order and its reservations, says; no more."""
        self._release(self.env["shop.order"].union(*(record for record, _rows in wanted)))
        self.create(
            [
                self._prepare_vals(account, record, row, products)
                for record, rows in wanted
                for row in rows
            ]
        )

    @api.model
    def _release(self, shop_orders) -> None:
        """Give free what was kept for ``shop_orders``."""
        self.search([("shop_order_id", "in", shop_orders.ids)]).unlink()

    @api.model
    def _prepare_vals(self, account, record, row: Reservation, products: dict) -> dict:
        return {
            "account_id": account.id,
            "company_id": account.company_id.id,
            "shop_order_id": record.id,
            "line_id": row.line_id,
            "product_id": products[row.sku].id if row.sku in products else False,
            "sku": row.sku,
            "quantity": float(row.quantity),
        }
