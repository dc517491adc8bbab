from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestUpdate(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()

    def test_lines(self):
        """Before release an order follows the shop line by line; what staff changed elsewhere
        stays.
        """
        sale = self.sale()
        lamp, tea = sale.order_line
        lamp.name = "Lamp, blue"
        data = self.payload(total="48.59")
        data["lines"][1] |= {"qty": 2, "total": "8.61"}
        data["lines"].append(
            {"id": 3, "sku": "", "kind": "shipping", "name": "DHL", "total": "0.00", "tax": 19}
        )
        self.sale(data)
        self.assertEqual(sale.amount_total, 48.59)
        self.assertEqual((tea.product_uom_qty, lamp.name), (2, "Lamp, blue"))
        self.assertEqual(len(sale.order_line), 3)
        data["lines"].pop(0)
        self.sale(data | {"total": "8.61"})
        self.assertEqual(sale.amount_total, 8.61)
        self.assertFalse(lamp.exists())

    def test_address_and_note(self):
        sale = self.sale()
        new = self.payload()["billing"] | {"street": "Nebenweg"}
        self.sale(self.payload(delivery=new, note="Ring twice"))
        self.assertEqual(sale.partner_shipping_id.street, "Nebenweg 5")
        self.assertEqual(sale.partner_invoice_id, sale.partner_id)
        self.assertEqual(sale.buyer_note, "Ring twice")

    def test_payment_comes(self):
        sale = self.sale(self.payload(payment_state="open"))
        self.sale(self.payload())
        self.assertEqual(sale.prepaid_amount, 52.90)
        self.assertFalse(self.cases(sale, "shop:payment"))

    def test_cancelled(self):
        """Cancelled before release: cancelled. After: a person decides."""
        sale = self.sale()
        record = self.receive(self.payload(state="cancelled"))
        self.assertEqual((record.state, sale.state), ("cancelled", "cancel"))
        sale = self.sale(self.payload("1002"))
        sale.action_confirm()
        record = self.receive(self.payload("1002", state="cancelled"))
        self.assertEqual((record.state, sale.state), ("cancelled", "sale"))
        self.assertTrue(self.cases(sale, "shop:cancelled").blocking)

    def test_changed_after_release(self):
        sale = self.sale()
        sale.action_confirm()
        self.sale(self.payload(note="Too late"))
        self.assertFalse(sale.buyer_note)
        self.assertIn("note", self.cases(sale, "shop:changed").explanation)

    def test_nothing_that_matters(self):
        """A change that concerns nobody here (a status, a time) leaves the order alone."""
        sale = self.sale()
        sale.action_confirm()
        self.sale(self.payload(shop_internal="updated"))
        self.assertFalse(self.cases(sale))

    def test_bad_update(self):
        """A changed order that cannot be understood keeps its sales order, and waits."""
        sale = self.sale()
        record = self.receive(self.payload(lines=[]))
        self.assertEqual((record.state, record.sale_order_id), ("quarantined", sale))
        self.assertEqual(len(sale.order_line), 2)
