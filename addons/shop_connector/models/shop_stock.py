"""What every shop shall show, computed for many listings at once inside PostgreSQL."""

import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..lib import stock as formula
from . import shop_stock_sql as sql

_logger = logging.getLogger(__name__)

TAKE = 20_000  # notes looked at in one transaction
TRIES = 5
CRON_PUSH = "shop_connector.ir_cron_stock_push"


class ShopStock(models.AbstractModel):
    _name = "shop.stock"
    _description = "Stock figures for shops"

    # -- what changed ------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Bring the wanted figures up to date with whatever was noted. **Commits**."""
        progress = self.env["ir.cron"]._commit_progress
        while self._refresh_noted():
            if not progress(1, remaining=1):
                return
        progress(remaining=0)

    def _refresh_noted(self) -> bool:
        """Look at what was noted; return whether more may be left. **Commits**."""
        for attempt in range(1, TRIES + 1):
            try:
                products, listings, accounts, count = self.env["shop.stock.touch"]._take(TAKE)
                if count:
                    self._refresh(products=products, listings=listings, accounts=accounts)
                    self._settle_covered(self._with_kits(products))
                self.env["ir.cron"]._commit_progress()
                return count == TAKE
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # the shops' answers are written to the same listings; look again
                self.env.cr.rollback()
                if attempt == TRIES:
                    _logger.info("Stock figures are contended; left for the next run")
        return False

    @api.model
    def _refresh(self, *, products=(), listings=(), accounts=()) -> dict[int, tuple]:
        """Compute what the touched listings shall show; write only what differs.

        Return ``{account: (changed, to be told, of these urgent)}``.
        """
        self.env.flush_all()
        # for this transaction only: sort in memory, compile nothing for one big statement
        self.env.cr.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        touched = {
            "products": self._with_kits(list(products)),
            "listings": list(listings),
            "accounts": list(accounts),
            "now": fields.Datetime.now(),
        }
        self.env.cr.execute(sql.SPEED, touched)
        self._refresh_kits(touched)
        self.env.cr.execute(sql.REFRESH, touched)
        changed = {account: tuple(counts) for account, *counts in self.env.cr.fetchall()}
        self.env["shop.listing"].invalidate_model()
        if any(pending for _changed, pending, _urgent in changed.values()):
            self.env["automation.batch"]._trigger_cron(CRON_PUSH)
        return changed

    # -- one listing, for people -------------------------------------------

    @api.model
    def _goods(self, listing_ids) -> dict[int, tuple[formula.Policy, formula.Goods, dict]]:
        """Return for each listing what the formula in ``lib/stock.py`` needs to know."""
        self.env.flush_all()
        touched = {"products": [], "listings": list(listing_ids), "accounts": []}
        self.env.cr.execute(sql.DETAIL, touched)
        rows = [self._read_exact(row) for row in self.env.cr.dictfetchall()]
        listings = self.env["shop.listing"].browse(row["id"] for row in rows)
        return {
            row["id"]: (
                listing.account_id._stock_policy(listing, row["minimum"]),
                self._read_goods(row),
                row,
            )
            for row, listing in zip(rows, listings, strict=True)
        }

    def _read_exact(self, row: dict) -> dict:
        """Return a row with exact numbers: Odoo's cursor reads numeric columns as binary ones."""
        return {
            name: formula.exact(value) if isinstance(value, float) else value
            for name, value in row.items()
        }

    def _read_goods(self, row: dict) -> formula.Goods:
        names = ("promised", "speed")
        if row["is_kit"]:
            return formula.Goods(row["kit"], **{name: row[name] for name in names})
        names += ("on_hand", "reserved", "incoming", "outgoing")
        return formula.Goods(**{name: row[name] for name in names})

    # -- every night -------------------------------------------------------

    @api.model
    def _cron_compare(self):
        """Compute everything anew, and look at what the shops show where they can tell."""
        accounts = self.env["shop.account"].search([])
        self.env["shop.stock.touch"]._touch(accounts=accounts.ids)
        reporting = accounts.filtered(lambda account: account.live and account.report_stock)
        reporting._start_listings(quiet=True)
