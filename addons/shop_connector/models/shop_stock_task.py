"""What runs for one account beside its fetching: telling stock, reading the list of offers."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .shop_account_setup import READING_STEPS

LEASE = timedelta(minutes=15)


class ShopStockTask(models.Model):
    """One row per account and kind. A row of its own, so that nobody who fetches orders waits for
    it.
    """

    _name = "shop.stock.task"
    _description = "Stock exchange with a shop"
    _inherit = ["automation.retry.mixin"]
    _rec_name = "account_id"

    account_id = fields.Many2one("shop.account", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(
        [("push", "Telling stock"), ("listings", "Reading offers")], required=True, readonly=True
    )
    active = fields.Boolean(default=True, readonly=True, help="There is something to do.")
    lease_until = fields.Datetime(readonly=True)
    next_slow = fields.Datetime(
        readonly=True, help="When changes that are not urgent are told again."
    )
    cursor = fields.Json(readonly=True)
    started_at = fields.Datetime(readonly=True)
    done_at = fields.Datetime(readonly=True)
    progress = fields.Integer("Done so far", readonly=True)

    _task_uniq = models.UniqueIndex("(account_id, kind)", "There is one such task already.")

    @api.model
    def _of(self, account, kind: str):
        """Return the account's task of this kind, made at its first use."""
        tasks = self.sudo().with_context(active_test=False)  # sudo: tasks are the program's
        domain = [("account_id", "=", account.id), ("kind", "=", kind)]
        return tasks.search(domain) or tasks.create({"account_id": account.id, "kind": kind})

    @api.model
    def _make_missing(self, kind: str) -> None:
        """Make the task of accounts that report stock and have none yet."""
        tasks = self.with_context(active_test=False).search([("kind", "=", kind)])
        accounts = self.env["shop.account"].search(
            [
                ("live", "=", True),
                ("report_stock", "=", True),
                ("id", "not in", tasks.account_id.ids),
            ]
        )
        self.create([{"account_id": account.id, "kind": kind} for account in accounts])

    @api.model
    def _free(self, kind: str):
        """Return the tasks that may run now, those that waited longest first.

        Offers are read already while an account is set up: their SKUs are matched then.
        """
        now = fields.Datetime.now()
        talks = Domain("account_id.live", "=", True)
        if kind == "listings":
            talks |= Domain("account_id.setup_step", "in", READING_STEPS)
        return self.search(
            Domain.AND(
                [
                    Domain("kind", "=", kind),
                    Domain("account_id.active", "=", True),
                    talks,
                    Domain("next_try", "=", False) | Domain("next_try", "<=", now),
                    Domain("lease_until", "=", False) | Domain("lease_until", "<=", now),
                ]
            ),
            order="write_date, id",
        )

    def _take_lease(self) -> bool:
        """Claim the task for this process; a process that dies gives it back by time."""
        now = fields.Datetime.now()
        locked = self.try_lock_for_update()
        if not locked or (locked.lease_until and locked.lease_until > now):
            return False
        locked.lease_until = now + LEASE
        return True

    def _error_sentence(self, error: Exception) -> str:
        """Override of `automation_core` to keep the account's secrets out of what is shown."""
        return self.account_id._readable(super()._error_sentence(error))


class ShopStockJob(models.Model):
    """Stock figures a shop is still working on, to be asked for."""

    _name = "shop.stock.job"
    _description = "Stock figures the shop works on"

    account_id = fields.Many2one(
        "shop.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    job = fields.Json(required=True, readonly=True)
    next_ask = fields.Datetime(required=True, readonly=True)
