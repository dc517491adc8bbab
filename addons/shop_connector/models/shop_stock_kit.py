"""Kits: their quantity follows their parts, as core computes it with manufacturing installed."""

from odoo import models

from .shop_stock_sql import CHOSEN, with_tables

PARTS = """
    WITH RECURSIVE used AS (
        SELECT UNNEST(%(products)s::int[]) AS product_id
         UNION
        SELECT made.id
          FROM used
          JOIN mrp_bom_line part ON part.product_id = used.product_id
          JOIN mrp_bom bom ON bom.id = part.bom_id AND bom.active AND bom.type = 'phantom'
          JOIN product_product made
            ON made.id = bom.product_id
            OR bom.product_id IS NULL AND made.product_tmpl_id = bom.product_tmpl_id
    )
    SELECT ARRAY_AGG(product_id) FROM used
"""
KITS = with_tables(
    CHOSEN,
    """
    SELECT l.account_id, ARRAY_AGG(DISTINCT l.product_id)
      FROM shop_listing l
      JOIN product_product pp ON pp.id = l.product_id
      JOIN chosen ON chosen.id = l.id
     WHERE EXISTS (SELECT FROM mrp_bom bom
                    WHERE bom.active AND bom.type = 'phantom'
                      AND (bom.product_id = pp.id
                           OR bom.product_id IS NULL
                              AND bom.product_tmpl_id = pp.product_tmpl_id))
  GROUP BY l.account_id
    """,
)
STORE = with_tables(
    CHOSEN,
    """
    UPDATE shop_listing l
       SET kit_quantity = kit.quantity, is_kit = kit.quantity IS NOT NULL
      FROM (SELECT UNNEST(%(owners)s::int[]) AS account_id,
                   UNNEST(%(kits)s::int[]) AS product_id,
                   UNNEST(%(quantities)s::numeric[]) AS quantity) AS kit
     WHERE l.id IN (SELECT id FROM chosen)
       AND l.account_id = kit.account_id AND l.product_id = kit.product_id
       AND (l.kit_quantity, l.is_kit) IS DISTINCT FROM
           (ROUND(kit.quantity, 3), kit.quantity IS NOT NULL)
    """,
)
NO_MORE = with_tables(
    CHOSEN,
    """
    UPDATE shop_listing SET kit_quantity = NULL, is_kit = FALSE
     WHERE id IN (SELECT id FROM chosen) AND is_kit
       AND (product_id IS NULL OR NOT product_id = ANY(%(kits)s))
    """,
)


class ShopStock(models.AbstractModel):
    _inherit = "shop.stock"

    def _has_kits(self) -> bool:
        return "mrp.bom" in self.env

    def _with_kits(self, products: list[int]) -> list[int]:
        """Return ``products`` and the kits they are part of."""
        if not products or not self._has_kits():
            return products
        self.env.cr.execute(PARTS, {"products": products})
        return self.env.cr.fetchone()[0]

    def _refresh_kits(self, touched: dict) -> None:
        """Note on the touched listings of kits how many there could be."""
        if not self._has_kits():
            return
        self.env.cr.execute(KITS, touched)
        found = self.env.cr.fetchall()
        rows = [row for account, kits in found for row in self._count_kits(account, kits)]
        columns = {**touched, **self._kit_columns(rows)}
        self.env.cr.execute(STORE, columns)
        self.env.cr.execute(NO_MORE, columns)

    def _kit_columns(self, rows: list[tuple]) -> dict[str, list]:
        names = ("owners", "kits", "quantities")
        return {name: [row[index] for row in rows] for index, name in enumerate(names)}

    def _kits_among(self, products: list[int]) -> list[int]:
        """Return those of ``products`` that are kits."""
        found = self.env["mrp.bom"]._bom_find(
            self.env["product.product"].browse(products), bom_type="phantom"
        )
        return [product.id for product in found]

    def _count_kits(self, account_id: int, kits: list[int]) -> list[tuple]:
        """Return ``(account, kit, quantity)`` for the kits at the account's warehouses."""
        account = self.env["shop.account"].browse(account_id)
        products = self.env["product.product"].browse(kits)
        products = products.with_company(account.company_id).with_context(
            warehouse_id=account._stock_warehouses().ids, active_test=False
        )
        products.invalidate_recordset(["qty_available", "free_qty", "virtual_available"])
        return [(account_id, kit.id, account._stock_of_kit(kit)) for kit in products]
