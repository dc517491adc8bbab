from odoo.tests import tagged

from ..lib.channel import UNIQUE_LINES
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestMerged(ShopCase):
    """The shop puts orders together: a new order, the same lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()
        cls.shop.words = cls.shop.words | {UNIQUE_LINES}

    def open(self, number, *lines, **changes):
        """An order that is not paid, of lamps with the given line ids."""
        rows = [{"id": line, "sku": "LAMP", "total": "20.00", "tax": 19} for line in lines]
        data = {"payment": "moneyorder", "payment_state": "open", "lines": rows} | changes
        return self.payload(number, **data, total=f"{20 * len(lines)}.00")

    def test_merged(self):
        """Two open orders come again as one: both are closed, one delivery is left."""
        first, second = self.sale(self.open("A", "a")), self.sale(self.open("B", "b"))
        first.action_confirm()
        merged = self.sale(self.open("C", "a", "b"))
        self.assertEqual((first | second).mapped("state"), ["cancel", "cancel"])
        self.assertEqual(first.picking_ids.state, "cancel")
        self.assertEqual((first | second).shop_merged_into_id, merged)
        self.assertEqual((first | second).shop_order_id.mapped("state"), ["cancelled"] * 2)
        self.assertEqual(merged.state, "draft")
        self.assertFalse(self.cases(merged, "shop:merged"))
        self.assertFalse((first | second).shop_message_ids)

    def test_both_at_first_sight(self):
        records = self.receive(self.open("A", "a"), self.open("C", "a", "b"))
        self.assertEqual(records.sale_order_ids.mapped("state"), ["cancel", "draft"])

    def test_sent_already(self):
        """Something of the old order has left: nothing is sent twice without a person."""
        first = self.sale(self.open("A", "a"))
        first.action_confirm()
        first.picking_ids.move_ids.write({"quantity": 1.0, "picked": True})
        first.picking_ids.button_validate()
        merged = self.sale(self.open("C", "a", "b"))
        self.assertEqual(first.state, "sale")
        case = self.cases(merged, "shop:merged")
        self.assertTrue(case.blocking)
        self.assertIn(first.name, case.name)

    def test_only_a_part(self):
        """An order that holds more than the new one is not closed."""
        first = self.sale(self.open("A", "a", "b"))
        merged = self.sale(self.open("C", "a"))
        self.assertEqual(first.state, "draft")
        self.assertTrue(self.cases(merged, "shop:merged"))

    def test_paid(self):
        first = self.sale(self.open("A", "a", payment="paypal", payment_state="paid"))
        merged = self.sale(self.open("C", "a", "b"))
        self.assertEqual(first.state, "draft")
        self.assertTrue(self.cases(merged, "shop:merged"))

    def test_cancelled_before(self):
        first = self.sale(self.open("A", "a"))
        first._action_cancel()
        merged = self.sale(self.open("C", "a", "b"))
        self.assertFalse(first.shop_merged_into_id)
        self.assertFalse(self.cases(merged))

    def test_kept_goods(self):
        """Goods of an unpaid order are kept once, whatever order they belong to now."""
        kept = {"treatment": "reserve", "lines": []}
        old = self.receive(self.open("A", **kept, reservations=[["a", "LAMP", 1]]))
        new = self.receive(
            self.open("C", **kept, reservations=[["a", "LAMP", 1], ["b", "LAMP", 1]])
        )
        self.assertEqual((old.state, len(old.reservation_ids)), ("ignored", 0))
        self.assertEqual(len(new.reservation_ids), 2)
        self.sale(self.open("D", "a", "b"))
        self.assertFalse(self.env["shop.reservation"].search([]))

    def test_channel_without_lasting_ids(self):
        """Where line ids only count the lines of an order, equal ids mean nothing."""
        self.shop.words = self.shop.words - {UNIQUE_LINES}
        first, second = self.sale(self.open("A", "1")), self.sale(self.open("B", "1"))
        self.assertEqual((first | second).mapped("state"), ["draft", "draft"])
        self.shop.words = self.shop.words | {UNIQUE_LINES}
