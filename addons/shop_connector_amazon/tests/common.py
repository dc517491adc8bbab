"""Amazon played over real HTTP, judged by its own models, and an account that knows its login."""

import functools
import json
import time
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.automation_core.tests.common import SPECS, LoopbackCase, servers
from odoo.addons.shop_connector.tests.common import ShopCase

from ..lib.client import connect
from ..models import shop_account

MODELS = SPECS / "amazon"


def fake_amazon():
    """Return the module that plays Amazon."""
    return servers("amazon")


@functools.cache
def amazons_models():
    """Return the judge; without Amazon's models nothing is judged."""
    return fake_amazon().Spec(MODELS) if MODELS.is_dir() else None


class Clock:
    """The time at Amazon and here; it only moves when somebody waits."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


class AmazonCase(LoopbackCase, ShopCase):
    """Products, taxes and an account whose Amazon runs on a port of its own, anew for each test.

    At the end of each test Amazon must have seen nothing that its models do not know.
    """

    @classmethod
    def _patch_channel(cls):
        """Override to talk to a server instead of patching the hooks."""
        cls.amazon = fake_amazon()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for article in cls.amazon.CATALOGUE:
            cls._product(article.sku, article.title)

    @classmethod
    def _account(cls, company, **vals):
        seller = cls.amazon.Seller()
        return cls.env["shop.account"].create(
            {
                "name": "Amazon",
                "channel": "amazon",
                "company_id": company.id,
                "live": True,
                "amazon_client_id": seller.client_id,
                "amazon_client_secret": seller.client_secret,
                "amazon_refresh_token": seller.refresh_token,
                "amazon_seller_id": seller.seller_id,
                **vals,
            }
        )

    def setUp(self):
        super().setUp()
        self.clock = Clock()
        self.seller = self.amazon.Seller(clock=self.clock)
        server = self.amazon.AmazonServer(self.seller, amazons_models()).start()
        self.addCleanup(server.stop)
        quick = functools.partial(
            connect, clock=self.clock, sleep=self.clock.sleep, timeout=(2.0, 2.0)
        )
        self.startPatcher(patch.object(shop_account, "connect", quick))
        self._remember()
        self.account.write(
            {
                "amazon_endpoint": server.url,
                "amazon_login_host": server.url,
                "import_from": fields.Datetime.to_datetime(
                    (self.clock.moment - timedelta(days=3)).replace(tzinfo=None)
                ),
            }
        )
        self.env.flush_all()
        self.registry_enter_test_mode()

    def _remember(self):
        """Keep what the channel remembers outside of the test's transaction, as in real life: a
        failed fetch is rolled back, the call it has made is not.
        """
        memory = {}

        def change(_records, account, key, function):
            known = memory.get((account, key))
            memory[account, key] = json.dumps(function(known and json.loads(known)))
            return json.loads(memory[account, key])

        def get(_records, account, key):
            return json.loads(memory.get((account, key), "null"))

        registry = self.registry["shop.memory"]
        self.startPatcher(patch.object(registry, "_change", change))
        self.startPatcher(patch.object(registry, "_get", get))

    def tearDown(self):
        self.assertEqual(self.seller.violations, [])
        super().tearDown()

    # -- what happens at Amazon --------------------------------------------

    def sell(self, *kinds, count=0, hours=30.0, seed=3, **more):
        """Let the account sell orders of these kinds, so many hours ago; return them."""
        orders = self.amazon.generate_orders(
            count or len(kinds),
            seed,
            start=self.clock.moment - timedelta(hours=hours),
            kinds=kinds,
            **{"every": timedelta(minutes=3), **more},
        )
        for order in orders:
            self.seller.place(order)
        return [self.seller.orders[order["orderId"]] for order in orders]

    def offer(self, *skus, channel="DEFAULT", **more):
        """Let the account offer articles."""
        for sku in skus:
            self.seller.listings[sku] = self.amazon.Listing({channel: 3}, **more)

    # -- what we do --------------------------------------------------------

    def poll(self, minutes=5.0):
        """Fetch and interpret as the crons do, some minutes later; return the inbox."""
        self.clock.sleep(60 * minutes)
        self.fetch()
        self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        self.env.invalidate_all()
        inbox = self.inbox()
        self.assertEqual(inbox.filtered("attempts").mapped("last_error"), [])
        return inbox

    def fetch(self):
        """Only fetch."""
        self.account.write({"next_poll": False, "next_try": False, "lease_until": False})
        self.env.flush_all()
        self.env.ref("shop_connector.ir_cron_poll").method_direct_trigger()
        self.env.invalidate_all()

    def inbox(self):
        """Return the shop orders, by Amazon's number."""
        return self.env["shop.order"].search([("account_id", "=", self.account.id)], order="number")

    def calls(self, name):
        """Return how often an operation was called."""
        return self.seller.calls[name]
