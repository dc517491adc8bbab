"""Kits, where manufacturing is installed."""

from odoo.tests import tagged

from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockKit(StockCase):
    def setUp(self):
        super().setUp()
        if "mrp.bom" not in self.env:
            self.skipTest("not here: manufacturing is not installed")
        self.set = self._product("SET", "Lamp with tea")
        parts = [(self.lamp, 1), (self.tea, 2)]
        self.bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.set.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    (0, 0, {"product_id": part.id, "product_qty": quantity})
                    for part, quantity in parts
                ],
            }
        )

    def test_parts_make_the_kit(self):
        """A kit's quantity follows its parts, and a change of a part reaches it."""
        kit, lamp = self.offer(self.set), self.offer(self.lamp)
        self.put(self.lamp, 10)
        self.put(self.tea, 7)
        self.refresh()
        self.assertEqual((kit.wanted, kit.is_kit, lamp.wanted), (3, True, 10))
        self.put(self.tea, -4)
        self.refresh()
        self.assertEqual(kit.wanted, 1)
        self.assertIn("1 on hand", kit.explanation)

    def test_no_kit_any_more(self):
        kit = self.offer(self.set)
        self.put(self.lamp, 10)
        self.put(self.tea, 10)
        self.refresh()
        self.assertEqual(kit.wanted, 5)
        self.bom.active = False
        self.put(self.set, 2)
        self.refresh()
        self.assertEqual((kit.wanted, kit.is_kit), (2, False))

    def test_oversold_kit(self):
        """A kit that its parts do not make is oversold."""
        self.put(self.lamp, 1)
        self.put(self.tea, 1)
        line = {"id": 1, "sku": "SET", "qty": 1, "price": "10", "total": "10.00", "tax": 19}
        sale = self.sale(self.payload("1", lines=[line], total="10.00"))
        self.assertTrue(self.cases(sale, "shop:oversold"))
