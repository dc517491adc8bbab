"""Fetching: one page, one transaction with its cursor; a failing shop is noted on its account."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.automation_core.lib.errors import AutomationError, is_passing
from odoo.addons.automation_core.lib.masking import mask
from odoo.addons.automation_core.translated import translated

from ..lib.channel import OrderPage
from .shop_pause import CASE_AFTER

_logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
RUN_TIME = timedelta(minutes=5)
OUTAGE = "shop:outage"


class ShopAccount(models.Model):
    _inherit = "shop.account"

    @api.model
    def _cron_poll(self):
        """Fetch from every due account. **Commits**; no account's trouble reaches another."""
        progress = self.env["ir.cron"]._commit_progress
        ids = self.search(self._due_domain(), order="next_poll, id").ids
        progress(remaining=len(ids))
        for account_id in ids:
            account = self.browse(account_id)
            if account._take_lease():
                self.env["ir.cron"]._commit_progress()
                account._poll()
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
        """Claim the account for this process; a process that dies gives it back by time."""
        if not self.try_lock_for_update().filtered_domain(self._due_domain()):
            return False
        self.lease_until = fields.Datetime.now() + LEASE
        return True

    def _poll(self) -> None:
        """Fetch page after page and store each with its cursor. **Commits**, raises nothing."""
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        account = self.with_company(self.company_id).with_context(lang=lang)
        try:
            more = account._poll_pages()
        except Exception as error:
            self.env.cr.rollback()
            if not isinstance(error, AutomationError):
                _logger.warning("Shop account %s cannot be fetched", self.id, exc_info=True)
            account._poll_failed(error)
        else:
            account._poll_done(more)
        self.env["ir.cron"]._commit_progress()

    def _poll_pages(self) -> bool:
        """Fetch until the shop has no more, or the time is up; return whether there is more.
        **Commits**.
        """
        end = fields.Datetime.now() + RUN_TIME
        while True:
            cursor = dict(self.cursor or {})
            page = self._channel_fetch_orders(cursor)
            self._commit_page(page)
            stuck = not page.orders and dict(page.cursor) == cursor
            if not page.more or stuck:
                return False
            if fields.Datetime.now() >= end:
                return True

    def _commit_page(self, page: OrderPage) -> None:
        """Store a page and commit; a page in hand is not fetched again because somebody else wrote
        meanwhile.
        """
        self.env["ir.cron"]._commit_progress()
        self.env["automation.batch"]._commit_written(lambda: self._store_page(page))

    def _store_page(self, page: OrderPage):
        """Put the orders of a page into the inbox and move the cursor: both or neither."""
        stored = self.env["shop.order"]._store(self, page.orders)
        self.write({"cursor": dict(page.cursor), "lease_until": fields.Datetime.now() + LEASE})
        if stored:
            self.env["automation.batch"]._trigger_cron("shop_connector.ir_cron_interpret")
        return stored

    def _poll_done(self, more: bool) -> None:
        now = fields.Datetime.now()
        self._register_success()
        self.write(
            {
                "last_poll": now,
                "next_poll": now if more else now + timedelta(minutes=self.poll_minutes),
                "lease_until": False,
            }
        )
        self.env["automation.case"]._settle(self, codes=[OUTAGE])
        if more:
            self.env["automation.batch"]._trigger_cron("shop_connector.ir_cron_poll")

    def _poll_failed(self, error: Exception) -> None:
        """Note the failure, put the next try off; one case per account, however long it lasts."""
        self.lease_until = False
        if not self._register_trouble(error) or (is_passing(error) and self.attempts < CASE_AFTER):
            return
        self.env["automation.case"]._raise(
            [
                {
                    "record": self,
                    "code": OUTAGE,
                    "kind": "account",
                    "blocking": False,
                    "name": self.env._("Orders of the shop “%s” cannot be fetched", self.name),
                    "explanation": self.last_error,
                }
            ]
        )

    def _error_sentence(self, error: Exception) -> str:
        """Override of `automation_core` to keep this account's secrets out of what is shown."""
        return self._readable(super()._error_sentence(error))

    def _readable(self, text: str) -> str:
        """Return a channel's text in the reader's language, without this account's secrets."""
        # sudo: the secrets are needed to hide them
        return mask(translated(self.env, text), self.sudo()._channel_secrets())
