"""Telling the shops: urgent figures first, each answer stored before the next call is made."""

import logging
import time
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.automation_core.lib.errors import AutomationError, is_passing

from ..lib.channel import STOCK
from ..lib.outbox import StockChange, StockReply
from .shop_pause import CASE_AFTER
from .shop_stock_answer import Tally

_logger = logging.getLogger(__name__)

CRON = "shop_connector.ir_cron_stock_push"
RUN_TIME = 60.0  # seconds for all accounts
SLICE = 20.0  # seconds for one account before the others have their turn
NAP = 6.0  # wait that long inside one run rather than for the next
MOST = 25_000  # figures handed to a channel at once
JOB_LIFE = timedelta(hours=24)
WAITING = """
    SELECT l.id, l.sku, l.wanted, l.wanted_state, l.external_id, l.urgent, l.extra
      FROM shop_listing l
     WHERE l.account_id = %(account)s AND l.pending AND l.active AND l.job_id IS NULL
       AND l.urgent IS %(urgent)s
       AND (l.next_try IS NULL OR l.next_try <= %(now)s)
  ORDER BY l.wanted > 0, l.wanted_at, l.id
     LIMIT %(limit)s
"""


class ShopStockTask(models.Model):
    _inherit = "shop.stock.task"

    @api.model
    def _cron_push(self):
        """Tell every shop what changed. **Commits**; no account's trouble reaches another."""
        end = time.monotonic() + RUN_TIME
        self._make_missing("push")
        while time.monotonic() < end:
            ids = [task.id for task in self._free("push") if task._has_work()]
            for task_id in ids:
                task = self.browse(task_id)
                if task._take_lease():
                    self.env["ir.cron"]._commit_progress()
                    task._push(min(end, time.monotonic() + SLICE))
            if not ids and not self._nap(end):
                return
        self.env["automation.batch"]._trigger_cron(CRON)
        self.env["ir.cron"]._commit_progress()

    def _nap(self, end: float) -> bool:
        """Wait for an account whose shop wants a moment's rest; return whether there is one."""
        soon = fields.Datetime.now() + timedelta(seconds=NAP)
        waiting = self.search(
            [
                ("kind", "=", "push"),
                ("next_try", "<=", soon),
                ("next_try", "!=", False),
                ("account_id.live", "=", True),
            ],
            order="next_try",
        ).filtered(lambda task: task._has_work())
        if not waiting or time.monotonic() + NAP >= end:
            return False
        wait = (waiting[0].next_try - fields.Datetime.now()).total_seconds()
        self.env["ir.cron"]._commit_progress()
        time.sleep(min(max(wait, 0.05), NAP))
        return True

    def _has_work(self) -> bool:
        account = self.account_id
        if not account.report_stock or STOCK not in account._channel_capabilities():
            return False
        now = fields.Datetime.now()
        jobs = [("account_id", "=", account.id), ("next_ask", "<=", now)]
        return bool(
            self._read_waiting(urgent=True, limit=1)
            or (self._slow_is_due() and self._read_waiting(urgent=False, limit=1))
            or self.env["shop.stock.job"].search_count(jobs, limit=1)
        )

    def _slow_is_due(self) -> bool:
        return not self.next_slow or self.next_slow <= fields.Datetime.now()

    def _read_waiting(self, *, urgent: bool, limit: int = MOST) -> list[StockChange]:
        """Return what the shop has to be told, sold out first."""
        self.env.cr.execute(
            WAITING,
            {
                "account": self.account_id.id,
                "urgent": urgent,
                "now": fields.Datetime.now(),
                "limit": limit,
            },
        )
        return [
            StockChange(id_, sku, quantity, state, external_id or "", hurry, extra or {})
            for id_, sku, quantity, state, external_id, hurry, extra in self.env.cr.fetchall()
        ]

    # -- one account -------------------------------------------------------

    def _push(self, end: float) -> None:
        """Tell one shop until nothing is left or the time is up. **Commits**, raises nothing."""
        self.ensure_one()
        company = self.account_id.company_id
        lang = company.partner_id.lang or self.env.lang
        task = self.with_company(company).with_context(lang=lang)
        tally = Tally(task.account_id)
        try:
            task._ask_jobs(tally)
            task._tell(tally, end)
        except Exception as error:
            self.env.cr.rollback()
            if not isinstance(error, AutomationError):
                _logger.warning("Stock of shop account %s", task.account_id.id, exc_info=True)
            task._push_failed(error)
        else:
            task._push_done()
        tally.close()
        self.env["ir.cron"]._commit_progress()

    def _tell(self, tally, end: float) -> None:
        while time.monotonic() < end:
            changes = self._read_waiting(urgent=True)
            if not changes and self._slow_is_due():
                changes = self._read_waiting(urgent=False)
                if not changes:
                    minutes = self.account_id.stock_minutes
                    self.next_slow = fields.Datetime.now() + timedelta(minutes=minutes)
            if not changes:
                return
            self._tell_these(tally, changes, end)

    def _tell_these(self, tally, changes: list[StockChange], end: float) -> None:
        """Hand figures to the channel and store each answer before it makes the next call."""
        # what else the session wrote is kept: the answers come in transactions of their own
        self.env["ir.cron"]._commit_progress()
        left = {change.listing_id: change for change in changes}
        hurried = changes[0].urgent
        replies = self.account_id._channel_report_stock(tuple(changes))
        for reply in replies:
            self._store(tally, reply, left)
            overtaken = not hurried and self._read_waiting(urgent=True, limit=1)
            if left and (overtaken or time.monotonic() >= end):
                replies.close()
                return
        tally.unanswered(left)

    def _store(self, tally, reply: StockReply, left: dict[int, StockChange]) -> None:
        """Note what became of the figures in ``reply``; they are taken out of ``left``."""
        answered = [outcome.listing_id for outcome in reply.outcomes] + list(reply.job_listings)
        told = {id_: left.pop(id_) for id_ in answered if id_ in left}
        tally.store(reply, told)

    def _ask_jobs(self, tally) -> None:
        """Ask what became of figures the shop was still working on."""
        now = fields.Datetime.now()
        jobs = self.env["shop.stock.job"].search(
            [("account_id", "=", self.account_id.id), ("next_ask", "<=", now)]
        )
        for job_id in jobs.ids:
            job = self.env["shop.stock.job"].browse(job_id)
            if now - job.create_date > JOB_LIFE:
                tally.give_up(job)
            else:
                tally.job_reply(job, self.account_id._channel_ask_stock_job(job.job))

    # -- how it ended ------------------------------------------------------

    def _push_done(self) -> None:
        self._register_success()
        self.write({"lease_until": False, "done_at": fields.Datetime.now()})
        self.env["automation.case"]._settle(self.account_id, codes=["shop:stock"])

    def _push_failed(self, error: Exception) -> None:
        """Put the account off; one case per account, however long it lasts."""
        self.lease_until = False
        if not self._register_trouble(error) or (is_passing(error) and self.attempts < CASE_AFTER):
            return
        account = self.account_id
        self.env["automation.case"]._raise(
            [
                {
                    "record": account,
                    "code": "shop:stock",
                    "kind": "account",
                    "blocking": False,
                    "name": self.env._("The shop “%s” cannot be told its stock", account.name),
                    "explanation": self.last_error,
                }
            ]
        )
