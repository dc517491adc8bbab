"""Reading what is offered in a shop, page by page, and finding the products it stands for."""

import json
import logging
import time
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.automation_core.lib.errors import AutomationError, is_passing

from ..lib.channel import LISTINGS, ListingPage
from ..lib.stock import MOST
from .shop_account_setup import READING_STEPS

_logger = logging.getLogger(__name__)

CRON = "shop_connector.ir_cron_listings"
RUN_TIME = 60.0
# an offer made known by an order has no id yet: the first offer with its SKU is it
ADOPT = """
    UPDATE shop_listing l
       SET external_id = x.external_id
      FROM JSONB_TO_RECORDSET(%(rows)s::jsonb) AS x (sku text, external_id text)
     WHERE l.account_id = %(account)s AND l.sku = x.sku AND COALESCE(l.external_id, '') = ''
       AND x.external_id != ''
       AND NOT EXISTS (SELECT FROM shop_listing other
                        WHERE other.account_id = l.account_id AND other.sku = x.sku
                          AND other.external_id = x.external_id)
       AND x.external_id = (SELECT MIN(y.external_id)
                              FROM JSONB_TO_RECORDSET(%(rows)s::jsonb)
                                   AS y (sku text, external_id text)
                             WHERE y.sku = x.sku)
"""
STORE = """
    INSERT INTO shop_listing AS l
           (account_id, company_id, sku, external_id, name, barcode, by_channel, extra, shown,
            shown_at, active, report_stock, pack_factor, create_uid, create_date, write_uid,
            write_date)
    SELECT %(account)s, %(company)s, x.sku, x.external_id, x.name, NULLIF(x.barcode, ''),
           x.by_channel, x.extra, x.quantity, CASE WHEN x.quantity IS NOT NULL THEN %(now)s END,
           TRUE, TRUE, 1, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM JSONB_TO_RECORDSET(%(rows)s::jsonb)
           AS x (sku text, external_id text, name text, barcode text, by_channel boolean,
                 quantity int, extra jsonb)
    ON CONFLICT (account_id, sku, COALESCE(external_id, '')) DO UPDATE
       SET name = EXCLUDED.name, barcode = EXCLUDED.barcode, by_channel = EXCLUDED.by_channel,
           extra = COALESCE(l.extra, '{}') || COALESCE(EXCLUDED.extra, '{}'),
           shown = EXCLUDED.shown, shown_at = EXCLUDED.shown_at,
           drift = l.job_id IS NULL AND NOT l.pending AND l.wanted_state IS NOT NULL
                   AND EXCLUDED.shown IS NOT NULL AND l.reported_at < %(started)s
                   AND (EXCLUDED.shown > l.reported
                        OR EXCLUDED.shown < l.reported AND l.shown = EXCLUDED.shown
                           AND l.shown_at > l.reported_at AND l.shown_at < %(calm)s)
 RETURNING id
"""
# a shop that shows something else is told again: what was told does not count any more
CORRECT = """
    UPDATE shop_listing
       SET reported = shown, pending = TRUE, urgent = TRUE
     WHERE id = ANY(%(ids)s) AND drift AND NOT pending
"""


class ShopStockTask(models.Model):
    _inherit = "shop.stock.task"

    @api.model
    def _cron_listings(self):
        """Read the offers of accounts that were asked for. **Commits**."""
        end = time.monotonic() + RUN_TIME
        for task_id in self._free("listings").ids:
            task = self.browse(task_id)
            if task._take_lease():
                self.env["ir.cron"]._commit_progress()
                task._read_offers(end)
            if time.monotonic() >= end:
                self.env["automation.batch"]._trigger_cron(CRON)
                break
        self.env["ir.cron"]._commit_progress()

    def _read_offers(self, end: float) -> None:
        """Read page after page, each stored with its cursor. **Commits**, raises nothing."""
        company = self.account_id.company_id
        lang = company.partner_id.lang or self.env.lang
        task = self.with_company(company).with_context(lang=lang)
        try:
            more = True
            while more and time.monotonic() < end:
                page = task.account_id._channel_fetch_listings(dict(task.cursor or {}))
                stuck = not page.listings and dict(page.cursor) == dict(task.cursor or {})
                task._commit_offers(page)
                more = page.more and not stuck
        except Exception as error:
            self.env.cr.rollback()
            if not isinstance(error, AutomationError):
                _logger.warning("Offers of account %s", task.account_id.id, exc_info=True)
            task._offers_failed(error)
        else:
            task._offers_done(more)
        self.env["ir.cron"]._commit_progress()

    def _commit_offers(self, page: ListingPage) -> None:
        self.env["ir.cron"]._commit_progress()
        self.env["automation.batch"]._commit_written(lambda: self._store_offers(page))

    def _store_offers(self, page: ListingPage) -> None:
        """Put a page of offers into the list and move the cursor: both or neither."""
        self.env.flush_all()
        account, now = self.account_id, fields.Datetime.now()
        latest = {(row.sku, row.external_id): row for row in page.listings if row.sku}
        rows = [
            {
                "sku": row.sku,
                "external_id": row.external_id,
                "name": row.name,
                "barcode": row.barcode,
                "by_channel": row.by_channel,
                "quantity": None if row.quantity is None else min(row.quantity, MOST),
                "extra": dict(row.extra),
            }
            for row in latest.values()
        ]
        values = {
            "account": account.id,
            "company": account.company_id.id,
            "uid": self.env.uid,
            "now": now,
            "started": self.started_at or now,
            "calm": now - timedelta(minutes=2 * account.poll_minutes),
            "rows": json.dumps(rows),
        }
        self.env.cr.execute(ADOPT, values)
        self.env.cr.execute(STORE, values)
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.env.cr.execute(CORRECT, {"ids": ids})
        self.env["shop.listing"].invalidate_model()
        self.env["shop.stock"]._match(ids)
        self.env["shop.stock.touch"]._touch(listings=ids)
        self.write({"cursor": dict(page.cursor), "progress": self.progress + len(rows)})

    def _offers_done(self, more: bool) -> None:
        self._register_success()
        self.lease_until = False
        if more:
            self.env["automation.batch"]._trigger_cron(CRON)
            return
        self.write({"active": False, "cursor": False, "done_at": fields.Datetime.now()})
        drifted = self.env["shop.listing"].search_count(
            [("account_id", "=", self.account_id.id), ("drift", "=", True)]
        )
        if drifted:
            text = self.env._(
                "%s offers showed another quantity than was told; they are told again.", drifted
            )
            self.env["shop.message"]._note(self.account_id, "stock", "sent", text)

    def _offers_failed(self, error: Exception) -> None:
        """Put the reading off; what cannot get better by waiting ends it."""
        self.lease_until = False
        if self._register_trouble(error) and not is_passing(error):
            self.active = False


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def action_fetch_listings(self):
        """Read what is offered in the shop, in the background."""
        self.check_access("read")
        if not all(account.live or account.setup_step in READING_STEPS for account in self):
            kind = "warning"
            message = self.env._("The account is not live, so nothing is fetched.")
        else:
            self._start_listings()
            kind = "success"
            message = self.env._("The shop's offers are read now; the list fills by itself.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message},
        }

    def _start_listings(self, *, quiet: bool = False) -> None:
        """Have the offers of these accounts read. ``quiet``: leave one that is at it alone."""
        tasks = self.env["shop.stock.task"]
        for account in self:
            if LISTINGS not in account._channel_capabilities():
                continue
            task = tasks._of(account, "listings")
            if quiet and task.active and task.cursor:
                continue
            task.write(
                {
                    "active": True,
                    "cursor": False,
                    "progress": 0,
                    "started_at": fields.Datetime.now(),
                    "attempts": 0,
                    "next_try": False,
                    "last_error": False,
                }
            )
        self.env["automation.batch"]._trigger_cron(CRON)

    def _compute_stock_task(self):
        # sudo: tasks are the program's; people see how far they are
        tasks = self.env["shop.stock.task"].sudo().with_context(active_test=False)
        found = tasks.search([("account_id", "in", self.ids)])
        by_key = {(task.account_id.id, task.kind): task for task in found}
        for account in self:
            push = by_key.get((account.id, "push"), tasks)
            account.stock_error = push.last_error
            reading = by_key.get((account.id, "listings"), tasks)
            account.listings_progress = reading._progress_text()


class ShopStockTaskText(models.Model):
    _inherit = "shop.stock.task"

    def _progress_text(self) -> str | bool:
        """Return how far the reading of the offers is."""
        if not self:
            return False
        if self.last_error:
            return self.last_error
        if self.active:
            return self.env._("%s offers read so far", self.progress)
        if self.done_at:
            return self.env._("%s offers read", self.progress)
        return False
