from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..lib.retention import Retention
from .common import RELAY, ShopCase


@tagged("post_install", "-at_install")
class TestRetention(ShopCase):
    """What a marketplace only lends of its buyers is forgotten in time; nothing else is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        location = cls.env["stock.warehouse"].search([], limit=1).lot_stock_id
        for product in cls.lamp | cls.tea:
            cls.env["stock.quant"]._update_available_quantity(product, location, 1000)

    def setUp(self):
        super().setUp()
        rule = Retention(days=30, line_notes=True, extra_keys=("gift",))
        self.startPatcher(
            patch.object(self.registry["shop.account"], "_channel_retention", lambda _self: rule)
        )
        self.account.buyer_data_days = 30

    def order(self, number="1001", email=f"x1@{RELAY}", **more):
        """Import and confirm an order with a phone number and words of the buyer."""
        address = {**self.payload()["billing"], "phone": "+49 30 5550100"}
        data = self.payload(
            number,
            billing={**address, "last_name": f"Müller {number}"},
            customer={"email": email, "language": "de"},
            note="Bitte klingeln",
            **more,
        )
        sale = self.sale(data)
        sale.order_line[0].name = "Lampe\nAlles Gute!"
        sale.shop_order_id.extra = {"gift": "Alles Gute!", "marketplace": "X"}
        return sale

    def ship(self, sale, days=31):
        """Let all of an order have left so many days ago."""
        sale.action_confirm()
        for move in sale.picking_ids.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        sale.picking_ids._action_done()
        sale.picking_ids.date_done = fields.Datetime.now() - timedelta(days=days)
        return sale

    def forget(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_forget_buyers").method_direct_trigger()
        self.env.invalidate_all()

    def test_after_30_days(self):
        sale = self.ship(self.order())
        partner = sale.partner_id
        invoice = sale._create_invoices()
        invoice.action_post()
        before = invoice.invoice_line_ids.mapped("name")
        self.forget()
        self.assertFalse(partner.phone or partner.email or sale.buyer_note)
        self.assertEqual(sale.order_line[0].name, "Lampe")
        self.assertTrue(partner.name and partner.street)
        self.assertEqual(invoice.invoice_line_ids.mapped("name"), before)
        record = sale.shop_order_id
        self.assertFalse(record.payload)
        self.assertEqual(record.extra, {"marketplace": "X"})
        self.assertTrue(record.buyer_forgotten and record.forgotten)

    def test_what_was_done_is_written_down_once(self):
        sale = self.ship(self.order())
        messages = len(self.account.message_ids)
        for _run in range(2):
            self.forget()
        logs = self.env["automation.log"].search([("order_id", "=", sale.id)])
        self.assertEqual(len(logs.filtered(lambda log: "deleted" in log.message)), 1)
        self.assertEqual(len(self.account.message_ids), messages + 1)
        self.assertIn("1 orders", self.account.message_ids[0].body)

    def test_what_is_still_needed_is_kept(self):
        young = self.ship(self.order("1"), days=29)
        waiting = self.order("2")
        underway = self.order("3")
        underway.action_confirm()
        self.forget()
        for sale in (young, waiting, underway):
            self.assertTrue(sale.partner_id.phone, sale.name)
            self.assertTrue(sale.shop_order_id.payload, sale.name)
            self.assertTrue(sale.buyer_note, sale.name)

    def test_cancelled_orders_and_those_never_imported(self):
        cancelled = self.order("1")
        cancelled._action_cancel()
        cancelled.date_order = fields.Datetime.now() - timedelta(days=31)
        ignored = self.receive(self.payload("2", state="cancelled"))
        ignored.received = fields.Datetime.now() - timedelta(days=31)
        young = self.receive(self.payload("3", state="cancelled"))
        self.forget()
        self.assertFalse(cancelled.partner_id.phone)
        self.assertFalse(ignored.payload)
        self.assertTrue(young.payload)

    def test_the_buyers_own_address_is_kept(self):
        sale = self.ship(self.order(email="anna@mueller.example"))
        self.forget()
        self.assertEqual(sale.partner_id.email, "anna@mueller.example")
        self.assertFalse(sale.partner_id.phone)

    def test_a_contact_that_another_order_needs_is_left_alone(self):
        sale = self.ship(self.order(email="anna@mueller.example"))
        partner = sale.partner_id
        self.env["sale.order"].create({"partner_id": partner.id})
        self.forget()
        self.assertTrue(partner.phone)
        self.assertFalse(sale.buyer_note)

    def test_one_customer_with_an_old_and_a_young_order(self):
        old = self.ship(self.order("1", email="anna@mueller.example"))
        young = self.ship(self.order("2", email="anna@mueller.example"), days=2)
        self.assertEqual(old.partner_id, young.partner_id)
        self.forget()
        self.assertTrue(old.partner_id.phone)
        young.picking_ids.date_done = fields.Datetime.now() - timedelta(days=31)
        self.forget()
        self.assertFalse(old.partner_id.phone)

    def test_what_the_shop_sends_again_is_forgotten_again(self):
        sale = self.ship(self.order())
        self.forget()
        record = sale.shop_order_id
        self.receive(self.payload(record.external_id, note="Noch etwas", total="52.90"))
        self.assertTrue(record.payload)
        self.forget()
        self.assertFalse(record.payload or sale.buyer_note)

    def test_never_and_other_accounts(self):
        sale = self.ship(self.order())
        self.account.buyer_data_days = 0
        self.forget()
        self.assertTrue(sale.partner_id.phone)
        other = self._account(self.company, name="Other shop")
        self.assertEqual(other.buyer_data_days, 30)
        self.account.buyer_data_days = 30
        with patch.object(self.registry["shop.account"], "_channel_retention", lambda _self: None):
            self.forget()
        self.assertTrue(sale.partner_id.phone)

    def test_many_orders_take_few_queries(self):
        sales = self.env["sale.order"].concat(*(self.ship(self.order(str(n))) for n in range(6)))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(70):
            self.account._forget_buyers()
            self.env.flush_all()
        self.assertFalse(any(sales.partner_id.mapped("phone")))
