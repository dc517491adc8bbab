"""What a channel has to remember for all workers: tokens, quotas, buckets of calls."""

import json
from collections.abc import Callable

from odoo import api, fields, models
from odoo.tools import SQL


class ShopMemory(models.Model):
    """One JSON value per account and key. No foreign key: a lock on the account must not wait
    for a worker that remembers something, nor the other way round.
    """

    _name = "shop.memory"
    _description = "What a shop channel remembers"

    account = fields.Integer("Account's id", required=True)
    key = fields.Char(required=True)
    value = fields.Json(groups="base.group_system")

    _key_uniq = models.UniqueIndex("(account, key)", "This is remembered already.")

    @api.model
    def _get(self, account: int, key: str):
        """Return the value, ``None`` at first. Sees what other workers have stored by now."""
        with self.env.registry.cursor() as cr:
            return self._read_value(cr, account, key)

    @api.model
    def _change(self, account: int, key: str, change: Callable[[object], object]):
        """Replace the value by ``change(value)`` and return it, while nobody else does.

        In a transaction of its own, which is committed: it holds even if the caller's is rolled
        back. ``change`` must not touch the database. Any number of workers may come at once: they
        stand in a queue, for a row that is changed by many would refuse all but one.
        """
        registry = self.env.registry
        with registry.cursor() as queue:
            queue.execute(SQL("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", account, key))
            # a transaction that begins now sees what the worker before us has stored
            with registry.cursor() as cr:
                value = change(self._read_value(cr, account, key))
                self._write_value(cr, account, key, value)
        return value

    def _write_value(self, cr, account: int, key: str, value) -> None:
        cr.execute(
            SQL(
                "INSERT INTO shop_memory (account, key, value) VALUES (%s, %s, %s)"
                " ON CONFLICT (account, key) DO UPDATE SET value = EXCLUDED.value",
                account,
                key,
                json.dumps(value),
            )
        )

    def _read_value(self, cr, account: int, key: str):
        cr.execute(
            SQL("SELECT value FROM shop_memory WHERE account = %s AND key = %s", account, key)
        )
        row = cr.fetchone()
        return row[0] if row else None

    @api.autovacuum
    def _gc_memory(self):
        """Forget what belongs to accounts that were deleted."""
        accounts = self.env["shop.account"].with_context(active_test=False)._search([])
        self.search([("account", "not in", accounts)]).unlink()


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _memory_get(self, key: str):
        """Return what this account's channel remembers under ``key``, ``None`` at first."""
        self.ensure_one()
        return self.env["shop.memory"]._get(self.id, key)

    def _memory_change(self, key: str, change: Callable[[object], object]):
        """Replace what is remembered under ``key``; see ``shop.memory._change``."""
        self.ensure_one()
        return self.env["shop.memory"]._change(self.id, key, change)
