"""What changed and has to be looked at: noted in the transaction that changes it, by one INSERT.

The notes are only ever added, so no stock move waits for, or fails because of, somebody who
computes or reports quantities.
"""

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.tools import SQL

CRON = "shop_connector.ir_cron_stock"
KEY = "shop_stock_touch"
TAKE = """
    WITH taken AS (
        DELETE FROM shop_stock_touch
              WHERE id IN (SELECT id FROM shop_stock_touch ORDER BY id LIMIT %s
                           FOR UPDATE SKIP LOCKED)
          RETURNING product, listing, account
    )
    SELECT COALESCE(ARRAY_AGG(DISTINCT product) FILTER (WHERE product IS NOT NULL), '{}'),
           COALESCE(ARRAY_AGG(DISTINCT listing) FILTER (WHERE listing IS NOT NULL), '{}'),
           COALESCE(ARRAY_AGG(DISTINCT account) FILTER (WHERE account IS NOT NULL), '{}'),
           COUNT(*)
      FROM taken
"""


class ShopStockTouch(models.Model):
    _name = "shop.stock.touch"
    _description = "Changed stock to look at"
    _log_access = False

    # plain numbers, no foreign keys: nothing is locked
    product = fields.Integer("Product's id", readonly=True)
    listing = fields.Integer("Listing's id", readonly=True)
    account = fields.Integer("Account's id", readonly=True)

    @api.model
    def _touch(
        self,
        *,
        products: Iterable[int] = (),
        listings: Iterable[int] = (),
        accounts: Iterable[int] = (),
    ) -> None:
        """Note that what counts for these has changed. Written once, before the commit."""
        pending = self.env.cr.precommit.data.get(KEY)
        if pending is None:
            pending = self.env.cr.precommit.data[KEY] = (set(), set(), set())
            self.env.cr.precommit.add(self._write_touched)
        for known, ids in zip(pending, (products, listings, accounts), strict=True):
            known.update(ids)

    @api.model
    def _write_touched(self) -> None:
        products, listings, accounts = self.env.cr.precommit.data.pop(KEY, ((), (), ()))
        if not (products or listings or accounts):
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO shop_stock_touch (product, listing, account)
                SELECT product, listing, account
                  FROM (SELECT UNNEST(%s::int[]) AS product, NULL::int AS listing,
                               NULL::int AS account
                        UNION ALL SELECT NULL, UNNEST(%s::int[]), NULL
                        UNION ALL SELECT NULL, NULL, UNNEST(%s::int[])) AS touched
                 WHERE EXISTS (SELECT FROM shop_listing)
                """,
                [id_ for id_ in products if id_],
                [id_ for id_ in listings if id_],
                [id_ for id_ in accounts if id_],
            )
        )
        if self.env.cr.rowcount:
            self.env["automation.batch"]._trigger_cron(CRON)

    @api.model
    def _take(self, limit: int) -> tuple[list[int], list[int], list[int], int]:
        """Remove up to ``limit`` notes; return the products, listings and accounts, and how many
        notes there were.
        """
        self.env.cr.execute(SQL(TAKE, limit))
        return self.env.cr.fetchone()
