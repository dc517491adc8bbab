"""eBay played over real HTTP, judged by its own documents, and an account that knows its login."""

import functools
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from odoo import fields

from odoo.addons.automation_core.tests.common import SPECS, LoopbackCase, servers
from odoo.addons.shop_connector.tests.common import ShopCase

from ..lib.client import connect
from ..models import shop_account

DOCUMENTS = SPECS / "ebay"


def fake_ebay():
    """Return the module that plays eBay."""
    return servers("ebay")


@functools.cache
def ebays_documents():
    """Return the judge; without eBay's documents only its own rules are checked."""
    return fake_ebay().Spec(DOCUMENTS) if DOCUMENTS.is_dir() else None


class EbayCase(LoopbackCase, ShopCase):
    """Products, taxes and an account whose eBay runs on a port of its own, anew for each test.

    At the end of each test eBay must have seen nothing that its documents do not know.
    """

    @classmethod
    def _patch_channel(cls):
        """Override to talk to a server instead of patching the hooks."""
        cls.ebay = fake_ebay()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stock = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        for article in cls.ebay.CATALOGUE:
            product = cls._product(article.sku, article.name)
            cls.env["stock.quant"]._update_available_quantity(product, stock.lot_stock_id, 1000)

    @classmethod
    def _account(cls, company, **vals):
        shop = cls.ebay.Shop()
        return cls.env["shop.account"].create(
            {
                "name": "eBay",
                "channel": "ebay",
                "company_id": company.id,
                "live": True,
                "ebay_app_id": shop.app_id,
                "ebay_cert_id": shop.cert_id,
                "ebay_ru_name": shop.ru_name,
                "ebay_refresh_token": shop.tokens.refresh_token,
                "ebay_consent_until": fields.Datetime.now() + timedelta(days=400),
                **vals,
            }
        )

    def setUp(self):
        super().setUp()
        self.shop = self.ebay.Shop(spec=ebays_documents())
        server = self.ebay.EbayServer(self.shop).start()
        self.addCleanup(server.stop)
        quick = partial(connect, timeout=(2.0, 2.0), sleep=lambda _seconds: None)
        self.startPatcher(patch.object(shop_account, "connect", quick))
        self.account.write(
            {
                "ebay_endpoint": server.url,
                "import_from": fields.Datetime.now() - timedelta(days=3),
            }
        )
        self.env.flush_all()
        if not type(self)._registry_patched:  # tests over HTTP are in it already
            self.registry_enter_test_mode()

    def tearDown(self):
        self.assertEqual(self.shop.violations, [])
        super().tearDown()

    # -- what happens at eBay ----------------------------------------------

    def sell(self, *kinds, count=0, hours=30.0, seed=3, **more):
        """Let the account sell orders of these kinds, so many hours ago; return them."""
        orders = self.ebay.generate_orders(
            count=count or len(kinds),
            seed=seed,
            start=self.shop.now() - timedelta(hours=hours),
            kinds=kinds or None,
            **{"every": timedelta(minutes=3), **more},
        )
        for order in orders:
            self.shop.add(order)
            if self.account.cursor:  # older changes have been seen
                self.shop.touch(order["orderId"], self.shop.now() - timedelta(minutes=3))
        return [self.shop.orders[order["orderId"]] for order in orders]

    def happen(self, what, order):
        """Let something happen to an order at eBay, long enough ago to be in its list."""
        what(order["orderId"])
        self.shop.touch(order["orderId"], self.shop.now() - timedelta(minutes=3))

    # -- what we do --------------------------------------------------------

    def poll(self):
        """Fetch and interpret as the crons do; return the inbox."""
        self.fetch()
        self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        self.env.invalidate_all()
        return self.inbox()

    def fetch(self):
        """Only fetch."""
        self.account.write({"next_poll": False, "next_try": False, "lease_until": False})
        self.env.flush_all()
        self.env.ref("shop_connector.ir_cron_poll").method_direct_trigger()
        self.env.invalidate_all()

    def inbox(self):
        """Return the shop orders, by eBay's number."""
        return self.env["shop.order"].search([("account_id", "=", self.account.id)], order="id")

    def imported(self, *kinds, **more):
        """Sell and import orders; return their sales orders in this sequence."""
        orders = self.sell(*kinds, **more)
        inbox = self.poll().grouped("external_id")
        found = self.env["shop.order"].concat(*(inbox[order["orderId"]] for order in orders))
        self.assertEqual(set(found.mapped("state")), {"imported"}, found.mapped("last_error"))
        return self.env["sale.order"].concat(*(one.sale_order_id for one in found))

    def count(self, text):
        """Return how many requests were made whose method and path hold this text."""
        return sum(n for name, n in self.shop.requests.items() if text in name)
