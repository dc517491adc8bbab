"""Offers, stock and the crons of the stock figures, for tests."""

from ..lib.channel import LISTINGS, STOCK
from .common import ShopCase


class StockCase(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.words |= {STOCK, LISTINGS}
        cls.house = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.account.write({"report_stock": True, "stock_minutes": 0, "stock_minimum": 2})

    def setUp(self):
        super().setUp()
        self.shop.stock.clear()
        self.shop.stock_calls.clear()
        self.shop.stock_answers.clear()
        self.shop.listing_pages.clear()
        self.shop.stock_size = 25
        self.shop.while_sending = lambda: None

    @classmethod
    def offer(cls, product, account=None, **vals):
        """Return a new listing."""
        return cls.env["shop.listing"].create(
            {
                "account_id": (account or cls.account).id,
                "sku": product.default_code or product.name,
                "product_id": product.id,
                **vals,
            }
        )

    def put(self, product, quantity, house=None):
        """Change what is on hand by ``quantity``."""
        location = (house or self.house).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(product, location, quantity)

    def refresh(self):
        """Do what the commit and the cron would do: note what changed, compute it."""
        self.env["shop.stock.touch"]._write_touched()
        products, listings, accounts, _count = self.env["shop.stock.touch"]._take(10_000)
        self.env["shop.stock"]._refresh(products=products, listings=listings, accounts=accounts)
        self.env["shop.stock"]._settle_covered(products)
        self.env.invalidate_all()

    def run_cron(self, name):
        self.env.flush_all()
        self.env["shop.stock.touch"]._write_touched()
        with self.enter_registry_test_mode():
            self.env.ref(f"shop_connector.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def push(self):
        """Compute and tell, as the two crons do."""
        self.run_cron("ir_cron_stock")
        self.run_cron("ir_cron_stock_push")
