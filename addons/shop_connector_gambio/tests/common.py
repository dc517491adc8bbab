"""A shop that plays Gambio over real HTTP, and an account that knows its login."""

from functools import partial
from unittest.mock import patch

from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.automation_core.tests.common import LoopbackCase, servers
from odoo.addons.shop_connector.tests.common import ShopCase

from ..models import shop_account


def fake_shop():
    """Return the module that plays the shop."""
    return servers("gambio")


class GambioCase(LoopbackCase, ShopCase):
    """Products, taxes and an account whose shop runs on a port of its own."""

    @classmethod
    def _patch_channel(cls):
        """Override to talk to a shop instead of patching the hooks."""
        cls.gambio = fake_shop()
        cls.shop = cls.gambio.Shop()
        server = cls.gambio.GambioServer(cls.shop).start()
        cls.addClassCleanup(server.stop)
        cls.url = server.url
        quick = partial(HttpClient, timeout=(0.5, 0.5), retries=0)
        cls.startClassPatcher(patch.object(shop_account, "HttpClient", quick))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for article in cls.gambio.CATALOGUE:
            cls._product(article.sku, article.name)
        cls.account.import_from = "2026-10-01 00:00:00"

    @classmethod
    def _account(cls, company, **vals):
        return cls.env["shop.account"].create(
            {
                "name": "Gambio shop",
                "channel": "gambio",
                "company_id": company.id,
                "live": True,
                "gambio_url": cls.url,
                "gambio_user": cls.shop.user,
                "gambio_password": cls.shop.password,
                **vals,
            }
        )

    def setUp(self):
        super().setUp()
        self.shop.orders.clear()
        self.shop.modified.clear()
        self.shop.faults.clear()
        self.shop.forbidden.clear()
        self.shop.violations.clear()
        self.shop.used = 0

    def sell(self, *kinds, count=0, **more):
        """Let the shop sell orders of these kinds; return them."""
        orders = self.gambio.generate_orders(
            count=count or len(kinds), seed=3, kinds=kinds or None, **more
        )
        for order in orders:
            self.shop.add(order)
        return orders

    def poll(self):
        """Fetch and interpret as the crons do; return the inbox, in the shop's order."""
        self.account.write({"next_poll": False, "next_try": False})
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_poll").method_direct_trigger()
            self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["shop.order"].search([("account_id", "=", self.account.id)], order="number")
