from odoo.tests import tagged

from ..lib.channel import UNIQUE_LINES
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestSpeed(ShopCase):
    """The number of statements does not grow with the number of orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()
        cls.account.order_prefix = "S-"  # core asks its own sequence for each order

    def batch(self, start, count, **changes):
        """New orders of new buyers, each with its own address."""
        datas = []
        for number in range(start, start + count):
            billing = self.payload()["billing"] | {"last_name": f"Buyer {number}"}
            billing |= {"street": f"Weg {number}"}
            data = self.payload(str(number), billing=billing, **changes)
            data["customer"] = {"email": f"b{number}@buyers.example", "buyer_id": f"B{number}"}
            data["lines"] = [line | {"id": f"{number}-{line['id']}"} for line in data["lines"]]
            if "shipped" in data:
                data["shipped"] = [[f"{number}-1", 1]]
            datas.append(data)
        return datas

    def count(self, start, count, **changes):
        records = self.receive(*self.batch(start, count, **changes), interpret=False)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records._interpret()
        self.env.flush_all()
        self.assertEqual(set(records.mapped("state")) - {"imported", "reserved"}, set())
        return self.env.cr.sql_log_count - before

    def check(self, start, spare=0, **changes):
        self.count(start, 5, **changes)  # caches of the registry
        few, many = self.count(start + 100, 10, **changes), self.count(start + 200, 40, **changes)
        self.assertLessEqual(many, few + spare, f"{few} statements for 10, {many} for 40")

    def test_rated(self):
        self.check(1000)

    def test_without_rates(self):
        for product, rate in ((self.lamp, 19), (self.tea, 7)):
            row = self.account.tax_ids.filtered(lambda row, rate=rate: row.percent == rate)
            product.taxes_id = row.net_tax_id
        self.shop.words = self.shop.words | {UNIQUE_LINES}
        self.addCleanup(setattr, self.shop, "words", self.shop.words - {UNIQUE_LINES})
        lines = [
            {"id": 1, "sku": "LAMP", "qty": 2, "price": "19.99", "total": "39.98"},
            {"id": 2, "sku": "TEA", "qty": 3, "price": "4.31", "total": "12.92"},
        ]
        self.check(
            2000,
            lines=lines,
            hurry=True,
            ship_by="2026-11-24T22:59:59+00:00",
            shipped=[[1, 1]],
            extra={"a": "b"},
        )

    def test_reserved(self):
        self.check(3000, treatment="reserve", reservations=[[1, "LAMP", 2], [2, "TEA", 1]])

    def test_same_again(self):
        """Orders that come again with nothing new for us."""
        datas = self.batch(4000, 40)
        self.receive(*datas)
        counts = []
        for some in (datas[:10], datas):
            again = [data | {"shop_internal": len(some)} for data in some]
            records = self.receive(*again, interpret=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records._interpret()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
