from concurrent.futures import ThreadPoolExecutor
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged

from ..lib import const
from ..lib.bucket import TokenBucket
from ..lib.memory import JsonLevels

NOBODY = 2**31 - 7  # the id of no account


@tagged("post_install", "-at_install")
class TestBucket(TransactionCase):
    """Workers share one bucket in the database, whose calls are granted once."""

    def take(self, times):
        """Take calls as one worker does, with a connection of its own; return how many."""
        with self.registry.cursor() as cr:
            memory = api.Environment(cr, SUPERUSER_ID, {})["shop.memory"]
            storage = JsonLevels(partial(memory._change, NOBODY))
            bucket = TokenBucket(storage, "1", lambda: 1_000_000.0)
            return sum(not bucket.take(const.SEARCH_ORDERS) for _call in range(times))

    def forget(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM shop_memory WHERE account = %s", [NOBODY])

    def test_no_call_is_granted_twice(self):
        self.addCleanup(self.forget)
        with ThreadPoolExecutor(4) as pool:
            granted = list(pool.map(self.take, [15] * 4))
        self.assertEqual(sum(granted), const.SEARCH_ORDERS.burst, granted)
        self.assertEqual(self.take(3), 0)

    def test_what_is_damaged_begins_anew(self):
        levels = {"bucket:searchOrders": {"tokens": "many", "at": None}}

        def change(key, function):
            levels[key] = function(levels.get(key))

        bucket = TokenBucket(JsonLevels(change), "1", lambda: 5.0)
        self.assertEqual(bucket.take(const.SEARCH_ORDERS), 0)
        self.assertEqual(levels["bucket:searchOrders"]["tokens"], const.SEARCH_ORDERS.burst - 1)
        for damaged in ([], {"tokens": 1, "at": 1, "rate": 0}, {"tokens": float("nan")}):
            levels["bucket:searchOrders"] = damaged
            self.assertEqual(bucket.take(const.SEARCH_ORDERS), 0)
