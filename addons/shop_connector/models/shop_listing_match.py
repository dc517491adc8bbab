"""Which product an offer stands for: by internal reference, barcode, or an earlier choice."""

from odoo import models

from ..lib.order import ShopLine, ShopOrder

MATCH = """
    WITH open AS (
        SELECT l.id, l.sku, l.barcode, l.account_id, l.company_id
          FROM shop_listing l
         WHERE l.id = ANY(%(ids)s) AND l.product_id IS NULL
    ),
    candidate AS (
        SELECT open.id, pp.id AS product_id, 1 AS rank
          FROM open
          JOIN product_product pp ON pp.default_code = open.sku AND pp.active
     UNION ALL
        SELECT open.id, pp.id, 2
          FROM open
          JOIN product_product pp ON pp.barcode IN (open.barcode, open.sku) AND pp.active
     UNION ALL
        SELECT open.id, other.product_id, 3
          FROM open
          JOIN shop_listing other
            ON other.account_id = open.account_id AND other.sku = open.sku AND other.id != open.id
         WHERE other.product_id IS NOT NULL
    ),
    best AS (
        SELECT DISTINCT ON (candidate.id) candidate.id, candidate.product_id
          FROM candidate
          JOIN open ON open.id = candidate.id
          JOIN product_product pp ON pp.id = candidate.product_id
          JOIN product_template pt
            ON pt.id = pp.product_tmpl_id
           AND COALESCE(pt.company_id, open.company_id) = open.company_id
      ORDER BY candidate.id, candidate.rank, candidate.product_id
    )
    UPDATE shop_listing l SET product_id = best.product_id FROM best WHERE l.id = best.id
 RETURNING l.id
"""
LEARN = """
    INSERT INTO shop_listing
           (account_id, company_id, sku, name, active, report_stock, pack_factor, by_channel,
            create_uid, create_date, write_uid, write_date)
    SELECT DISTINCT ON (x.sku) %(account)s, %(company)s, x.sku, x.name, TRUE, TRUE, 1,
           x.by_channel, %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
      FROM UNNEST(%(skus)s, %(names)s, %(by_channel)s) AS x (sku, name, by_channel)
     WHERE NOT EXISTS (SELECT FROM shop_listing l
                        WHERE l.account_id = %(account)s AND l.sku = x.sku)
    ON CONFLICT DO NOTHING
 RETURNING id
"""


class ShopStock(models.AbstractModel):
    _inherit = "shop.stock"

    def _match(self, listing_ids: list[int]) -> int:
        """Give listings without a product the one they stand for; return how many were found."""
        if not listing_ids:
            return 0
        self.env.flush_all()
        self.env.cr.execute(MATCH, {"ids": list(listing_ids)})
        found = [row[0] for row in self.env.cr.fetchall()]
        self.env["shop.listing"].invalidate_model(["product_id"])
        self.env["shop.stock.touch"]._touch(listings=found)
        return len(found)

    def _learn(self, account, orders: list[ShopOrder]) -> None:
        """List the SKUs of imported orders that are not in the list of the shop yet."""
        rows = [(line, order) for order in orders for line in order.lines if self._is_offer(line)]
        if not rows:
            return
        self.env.flush_all()
        self.env.cr.execute(
            LEARN,
            {
                "account": account.id,
                "company": account.company_id.id,
                "uid": self.env.uid,
                "skus": [line.sku for line, _order in rows],
                "names": [line.name for line, _order in rows],
                "by_channel": [order.by_channel for _line, order in rows],
            },
        )
        new = [row[0] for row in self.env.cr.fetchall()]
        if new:
            self.env["shop.stock.touch"]._touch(listings=new)
            self._match(new)

    def _is_offer(self, line: ShopLine) -> bool:
        return line.kind == "product" and bool(line.sku)
