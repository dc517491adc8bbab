from odoo import models
from odoo.tools import SQL


class ShopStock(models.AbstractModel):
    _inherit = "shop.stock"

    def _learn(self, account, orders):
        """Override of `shop_connector`: old listings are not in eBay's list of articles. Their
        first order tells their number, by which their stock can be reported.
        """
        super()._learn(account, orders)
        if account.channel != "ebay":
            return
        items = {
            line.sku: item
            for order in orders
            for item, line in _items(order)
            if line.kind == "product" and line.sku
        }
        if items:
            self._learn_items(account, items)

    def _learn_items(self, account, items: dict[str, str]) -> None:
        """Note the numbers of listings, by SKU, where nothing is known of them yet."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE shop_listing SET extra = jsonb_build_object('item', x.item)"
                " FROM unnest(%s, %s) AS x (sku, item)"
                " WHERE account_id = %s AND shop_listing.sku = x.sku"
                " AND COALESCE(extra, '{}') = '{}'",
                list(items),
                list(items.values()),
                account.id,
            )
        )
        self.env["shop.listing"].invalidate_model(["extra"])


def _items(order):
    """Return the number of the listing of each of an order's lines."""
    words = (order.extra.get("lines") or "").split()
    numbers = {line: item for item, _sign, line in (word.partition("-") for word in words)}
    return [(numbers[line.line_id], line) for line in order.lines if line.line_id in numbers]
