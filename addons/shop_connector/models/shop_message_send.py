"""Sending: a message is claimed, told and concluded in three short transactions of its own."""

import logging
import time
from datetime import timedelta
from functools import partial

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.automation_core.lib import errors

from ..lib import outbox
from .shop_message import OPEN
from .shop_message_build import Later, Obsolete
from .shop_pause import ALL, CASE_AFTER

_logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
TRIES = 5
MAX_ATTEMPTS = 6
SHORTEST_WAIT, LONGEST_WAIT = 5.0, 3600.0
CONTENDED = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation)


class ShopMessage(models.Model):
    _inherit = "shop.message"

    @api.model
    def _cron_messages(self):
        """Tell live shops what is due, one message of each in turn. **Commits**; no shop's
        trouble reaches another.
        """
        progress = self.env["ir.cron"]._commit_progress
        accounts = self._accounts_with_work()
        progress(remaining=len(accounts))
        while accounts:
            for account_id in list(accounts):
                message = self._claim(self.env["shop.account"].browse(account_id))
                if message:
                    message._send()
                    if not progress(1, remaining=len(accounts)):
                        return
                elif not self._nap(account_id):
                    accounts.remove(account_id)
        progress(remaining=0)

    @api.model
    def _accounts_with_work(self) -> list[int]:
        groups = self._read_group(
            [
                ("state", "in", OPEN),
                ("kind", "!=", "stock"),
                ("account_id.live", "=", True),
                ("account_id.active", "=", True),
            ],
            ["account_id"],
        )
        return [account.id for (account,) in groups]

    @api.model
    def _nap(self, account_id: int) -> bool:
        """Wait for a shop that wants to be called again in a moment; return whether it was worth
        it.
        """
        until = self.env["shop.pause"]._ends_soon(account_id)
        seconds = until and (until - fields.Datetime.now()).total_seconds()
        # no transaction is kept open meanwhile
        self.env["ir.cron"]._commit_progress()
        if seconds:
            time.sleep(max(seconds, 0.0) + 0.1)
        return bool(seconds)

    # ------------------------------------------------------------------
    # Claiming
    # ------------------------------------------------------------------

    @api.model
    def _claim(self, account):
        """Take the account's next due message for this process, or nothing. **Commits**.

        The claim is committed before the shop is called: a process that dies gives the message
        back by time, marked as perhaps told.
        """
        for _attempt in range(TRIES):
            try:
                rows = self.env.execute_query(self._claim_query(account))
                message = self.browse(row[0] for row in rows)
                message._take()
                self.env["ir.cron"]._commit_progress()
                return message
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # the snapshot is stale: only a new transaction can see what the other one did
                self.env.cr.rollback()
        return self.browse()

    @api.model
    def _claim_query(self, account) -> SQL:
        """Return the query for the oldest message that is due; an order's messages go in order."""
        self.flush_model()
        now = fields.Datetime.now()
        paused = self.env["shop.pause"]._active(account).mapped("area")
        return SQL(
            "SELECT m.id FROM shop_message m WHERE m.account_id = %s AND m.state IN %s"
            " AND m.kind != 'stock' AND m.kind NOT IN %s AND NOT %s"
            " AND (m.next_try IS NULL OR m.next_try <= %s)"
            " AND (m.lease_until IS NULL OR m.lease_until <= %s)"
            " AND NOT EXISTS (SELECT 1 FROM shop_message e WHERE e.sale_order_id = m.sale_order_id"
            " AND e.id < m.id AND e.state IN %s)"
            " ORDER BY m.id LIMIT 1 FOR NO KEY UPDATE OF m SKIP LOCKED",
            account.id,
            OPEN,
            tuple(paused) or ("",),
            ALL in paused,
            now,
            now,
            OPEN,
        )

    def _take(self) -> None:
        for message in self:
            message.write(
                {
                    "lease_until": fields.Datetime.now() + LEASE,
                    # the process that had it died in the middle
                    "uncertain": message.uncertain or message.state == "sending",
                    "state": "sending" if message.state == "pending" else message.state,
                }
            )
        self.flush_recordset()

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def _send(self) -> None:
        """Tell the shop and write down what came of it. **Commits**, raises nothing."""
        self.ensure_one()
        lease = self.lease_until
        message = self._in_its_language().with_company(self.company_id)
        try:
            conclude = partial(type(self)._on_receipt, receipt=message._talk())
        except Exception as error:
            self.env.cr.rollback()
            conclude = partial(type(self)._on_error, error=error)
        message._conclude(lease, conclude)

    def _talk(self) -> outbox.Receipt:
        account = self.account_id.with_env(self.env)
        if self.state == "waiting":
            return account._channel_ask_job(self.kind, dict(self.job or {}))
        told = self._prepare()
        # what is about to be told is kept whatever happens, and no snapshot outlasts the call
        self.env["ir.cron"]._commit_progress()
        return getattr(account, f"_channel_report_{self.kind}")(told)

    def _conclude(self, lease, conclude) -> None:
        """Write down what came of it, unless another process has taken over meanwhile."""
        for _attempt in range(TRIES):
            self.env["ir.cron"]._commit_progress()
            try:
                self.invalidate_recordset()
                if self.exists().lease_until == lease:
                    self.lease_until = False
                    conclude(self)
                    self.env["ir.cron"]._commit_progress()
                return
            except CONTENDED:
                self.env.cr.rollback()
        _logger.warning("Message %s to a shop: its result could not be stored", self.id)

    # ------------------------------------------------------------------
    # Results
    # ------------------------------------------------------------------

    def _on_receipt(self, receipt: outbox.Receipt) -> None:
        account = self.account_id
        self.env["shop.pause"]._worked(account, self.kind)
        answer = account._readable(receipt.text)
        if receipt.job:
            wait = min(max(receipt.wait, SHORTEST_WAIT), LONGEST_WAIT)
            self.write(
                {
                    "state": "waiting",
                    "job": dict(receipt.job),
                    "attempts": 0,
                    "next_try": fields.Datetime.now() + timedelta(seconds=wait),
                    "last_error": False,
                    "uncertain": False,
                    "answer": answer or self.answer,
                }
            )
            return
        known = self.env._("The shop knew it already.") if receipt.known else ""
        self._on_told(answer or known)

    def _on_told(self, answer: str) -> None:
        self.write(
            {
                "state": "sent",
                "sent_date": fields.Datetime.now(),
                "answer": answer or False,
                "hint": False,
                "problem": False,
                "job": False,
                "uncertain": False,
                "attempts": 0,
                "next_try": False,
                "last_error": False,
            }
        )
        self._supersede_failed()
        self.env["automation.case"]._settle(self.sale_order_id, codes=[self._get_case_code()])
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        self.env["automation.log"]._add(
            [
                (order, "shop", self.env._("Told to the shop: %s", kinds[self.kind]))
                for order in self.sale_order_id
            ]
        )

    def _supersede_failed(self) -> None:
        """What failed earlier was told now: a message says everything about its order."""
        if self.kind == "invoice":
            return
        self.search(
            [
                ("sale_order_id", "=", self.sale_order_id.id),
                ("kind", "=", self.kind),
                ("state", "=", "failed"),
                ("id", "<", self.id),
            ]
        ).write({"state": "cancelled", "answer": self.env._("Told by a later message.")})

    def _on_error(self, error: Exception) -> None:
        """Put the message off, or show it to a person: depends on whose trouble it is."""
        account, pauses = self.account_id, self.env["shop.pause"]
        if isinstance(error, Obsolete):
            self._drop(str(error))
        elif isinstance(error, CONTENDED):
            self.uncertain = True
            self._put_back()
        elif isinstance(error, Later):
            self._put_back()
            self.next_try = error.until
        elif isinstance(error, errors.Throttled):
            self._put_back()
            self._register_wait(error)
            pauses._throttled(account, self.kind, error)
        elif isinstance(error, outbox.StopKind):
            self._stop_kind(error)
        elif isinstance(error, errors.AuthenticationFailed | errors.AccessDenied):
            self._put_back()
            area = self.kind if isinstance(error, errors.AccessDenied) else ALL
            pauses._failed(account, area, error, at_once=True)
        elif errors.is_passing(error):
            pauses._failed(account, ALL, error, at_once=False)
            # a shop that answers others is not down: the trouble is this message's
            tries = pauses._of(account).attempts
            self._try_again_later(error, final=tries < CASE_AFTER)
        elif isinstance(error, errors.AutomationError | UserError):
            self._fail(error)
        else:
            _logger.warning("Message %s to a shop", self.id, exc_info=error)
            self._try_again_later(error, final=True)

    def _try_again_later(self, error: Exception, *, final: bool) -> None:
        """Nobody knows whether the shop heard it: ask first next time."""
        self.uncertain = True
        self._register_failure(error)
        if not final:
            self.next_try = False  # the shop is down: its pause decides
        if final and self.attempts >= MAX_ATTEMPTS:
            self._fail(error)
        else:
            self._put_back()
