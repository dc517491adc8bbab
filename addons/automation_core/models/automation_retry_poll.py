"""Fetching from somebody outside: one page, one transaction with its cursor."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..lib.errors import AutomationError, is_passing

_logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
RUN_TIME = timedelta(minutes=5)
CASE_AFTER = 3  # failures in a row until a passing trouble is worth somebody's time


class AutomationPollMixin(models.AbstractModel):
    """A record that is asked for news at its own pace; one that fails never stops another.

    Who inherits it needs a ``company_id`` and fills in:

    - ``_poll_fetch(cursor) -> page`` with ``cursor`` (plain JSON, true once the page is stored) and
      ``more``; writes nothing
    - ``_poll_store(page)``: puts the page into the database, idempotent; returns what was new
    - ``_poll_case() -> dict``: ``code`` and ``name`` of the case about a lasting failure

    and calls ``_poll_run`` from a cron, named by ``_poll_cron``.
    """

    _name = "automation.poll.mixin"
    _description = "Fetching with lease and cursor"
    _inherit = ["automation.batch", "automation.retry.mixin"]

    _poll_cron = ""  # the cron's xmlid

    live = fields.Boolean(copy=False)
    cursor = fields.Json(copy=False, readonly=True)
    lease_until = fields.Datetime(copy=False, readonly=True)
    last_poll = fields.Datetime("Last fetched", copy=False, readonly=True)
    next_poll = fields.Datetime("Next fetch", copy=False)
    poll_minutes = fields.Integer("Fetch every (minutes)", default=60)

    # -- hooks -------------------------------------------------------------

    def _poll_fetch(self, cursor: dict):
        raise NotImplementedError

    def _poll_store(self, page):
        raise NotImplementedError

    def _poll_case(self) -> dict:
        raise NotImplementedError

    # -- running -----------------------------------------------------------

    @api.model
    def _poll_run(self) -> None:
        """Fetch from everything that is due. **Commits.**"""
        progress = self.env["ir.cron"]._commit_progress
        ids = self.search(self._due_domain(), order="next_poll, id").ids
        progress(remaining=len(ids))
        for record_id in ids:
            record = self.browse(record_id)
            if record._take_lease():
                self.env["ir.cron"]._commit_progress()
                record._poll()
            if not progress(1):
                break

    @api.model
    def _due_domain(self):
        now = fields.Datetime.now()
        return Domain.AND(
            [
                Domain("live", "=", True),
                Domain("next_poll", "=", False) | Domain("next_poll", "<=", now),
                Domain("next_try", "=", False) | Domain("next_try", "<=", now),
                Domain("lease_until", "=", False) | Domain("lease_until", "<=", now),
            ]
        )

    def _take_lease(self) -> bool:
        """Claim the record for this process; a process that dies gives it back by time."""
        if not self.try_lock_for_update().filtered_domain(self._due_domain()):
            return False
        self.lease_until = fields.Datetime.now() + LEASE
        return True

    def _poll(self) -> None:
        """Fetch page after page and store each with its cursor. **Commits**, raises nothing."""
        self.ensure_one()
        record = self.with_company(self.company_id)._in_its_language()
        try:
            more = record._poll_pages()
        except Exception as error:
            self.env.cr.rollback()
            if not isinstance(error, AutomationError):
                _logger.warning("%s %s cannot be fetched", self._name, self.id, exc_info=True)
            record._poll_failed(error)
        else:
            record._poll_done(more)
        self.env["ir.cron"]._commit_progress()

    def _poll_pages(self) -> bool:
        """Fetch until there is no more, or the time is up; return whether there is more.
        **Commits.**
        """
        end = fields.Datetime.now() + RUN_TIME
        while True:
            cursor = dict(self.cursor or {})
            page = self._poll_fetch(cursor)
            self._commit_page(page)
            if not page.more or dict(page.cursor) == cursor:  # the same cursor: the same page
                return False
            if fields.Datetime.now() >= end:
                return True

    def _commit_page(self, page) -> None:
        """Store a page and commit; a page in hand is not fetched again because somebody else wrote
        meanwhile.
        """
        self.env["ir.cron"]._commit_progress()
        self._commit_written(lambda: self._store_page(page))

    def _store_page(self, page):
        """Store what the page holds and move the cursor: both or neither."""
        stored = self._poll_store(page)
        self.write({"cursor": dict(page.cursor), "lease_until": fields.Datetime.now() + LEASE})
        return stored

    def _poll_notification(self, soon: str, off: str) -> dict:
        """Answer whoever asked for a fetch now: it comes soon, or it is switched off."""
        live = all(self.mapped("live"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if live else "warning",
                "message": soon if live else off,
            },
        }

    def _poll_done(self, more: bool) -> None:
        now = fields.Datetime.now()
        self._register_success()
        self.write(
            {
                "last_poll": now,
                "next_poll": now if more else now + timedelta(minutes=max(1, self.poll_minutes)),
                "lease_until": False,
            }
        )
        self.env["automation.case"]._settle(self, codes=[self._poll_case()["code"]])
        if more:
            self._trigger_cron(self._poll_cron)

    def _poll_failed(self, error: Exception) -> None:
        """Note the failure, put the next try off; one case per record, however long it lasts."""
        self.lease_until = False
        if not self._register_trouble(error) or (is_passing(error) and self.attempts < CASE_AFTER):
            return
        self.env["automation.case"]._raise(
            [
                {
                    "record": self,
                    "kind": "account",
                    "blocking": False,
                    "explanation": self.last_error,
                    **self._poll_case(),
                }
            ]
        )
