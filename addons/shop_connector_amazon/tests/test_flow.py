from odoo.tests import tagged

from .common import AmazonCase

NUMBER = "00340434161094042557"
OTHER = "00340434161094042564"


@tagged("post_install", "-at_install")
class TestFlow(AmazonCase):
    """Whole ways: from Amazon's order to Amazon's knowledge of what became of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        location = cls.env["stock.warehouse"].search([], limit=1).lot_stock_id
        products = cls.env["product.product"].search([("is_storable", "=", True)])
        for product in products:
            cls.env["stock.quant"]._update_available_quantity(product, location, 1000)
        cls.dhl = cls.env["delivery.carrier"].create(
            {"name": "DHL Paket", "product_id": cls.account.shipping_product_id.id}
        )

    def setUp(self):
        super().setUp()
        self.order = next(o for o in self.sell("plain", count=9) if len(o["orderItems"]) > 1)
        self.number = self.order["orderId"]
        for number in [number for number in self.seller.orders if number != self.number]:
            del self.seller.orders[number]
        self.record = self.poll()
        self.sale = self.record.sale_order_id
        self.sale.action_confirm()

    def status(self):
        return self.order["fulfillment"]["fulfillmentStatus"]

    def ship(self, tracking, quantities=None):
        """Let the open delivery leave, or a part of it."""
        picking = self.sale.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        picking.write({"carrier_id": self.dhl.id, "carrier_tracking_ref": tracking})
        picking._automation_deliver(quantities)
        return picking

    def tell(self, times=1):
        """Let the outbox work, some minutes apart."""
        for _run in range(times):
            self.clock.sleep(120)
            messages = self.env["shop.message"].search([("state", "in", ("pending", "waiting"))])
            messages.write({"next_try": False})
            self.env["shop.pause"].search([]).next_try = False
            self.env.flush_all()
            self.env.ref("shop_connector.ir_cron_messages").method_direct_trigger()
            self.env.invalidate_all()

    def messages(self, kind):
        return self.env["shop.message"].search([("kind", "=", kind)], order="id")

    def test_shipped_and_read_again(self):
        self.ship(NUMBER)
        self.tell()
        self.assertEqual(self.status(), "SHIPPED")
        ((_number, body),) = self.seller.confirmations
        self.assertEqual(body["packageDetail"]["trackingNumber"], NUMBER)
        self.assertEqual(body["packageDetail"]["carrierCode"], "DHL")
        self.assertEqual(self.messages("shipment").mapped("state"), ["sent"])
        total = self.sale.amount_total
        self.poll()
        self.assertEqual(self.record.state, "imported")
        self.assertEqual(self.sale.amount_total, total)
        self.assertFalse(self.cases(self.sale).filtered("blocking"))
        self.tell(2)
        self.assertEqual(len(self.seller.confirmations), 1, "told once")

    def test_two_deliveries(self):
        move = self.sale.picking_ids.move_ids[0]
        self.ship(NUMBER, {move: 1})
        self.tell()
        self.assertEqual(self.status(), "PARTIALLY_SHIPPED")
        self.poll()
        self.ship(OTHER)
        self.tell()
        self.assertEqual(self.status(), "SHIPPED")
        self.assertEqual(
            {row["packageReferenceId"]: row["trackingNumber"] for row in self.order["packages"]},
            {"1": NUMBER, "2": OTHER},
        )
        self.assertEqual(len(self.seller.confirmations), 2)

    def test_an_answer_that_is_lost(self):
        """Amazon has it, we do not know: asked first, told once."""
        self.ship(NUMBER)
        self.seller.fail("lost", "shipmentConfirmation")
        self.tell()
        self.assertEqual(self.messages("shipment").state, "pending")
        self.tell()
        self.assertEqual(self.messages("shipment").state, "sent")
        self.assertEqual(len(self.seller.confirmations), 1)

    def test_throttled_is_no_failure(self):
        self.ship(NUMBER)
        self.seller.fail("throttle", "shipmentConfirmation")
        self.tell()
        self.assertEqual(self.messages("shipment").attempts, 0)
        self.tell()
        self.assertEqual(self.messages("shipment").state, "sent")

    def test_a_refusal_says_what_to_do(self):
        self.ship("123")
        self.tell()
        message = self.messages("shipment")
        self.assertEqual(message.state, "failed")
        self.assertIn("tracking number", message.last_error or message.answer)
        self.assertEqual(self.seller.confirmations, [])

    def test_cancelled_here(self):
        self.sale.shop_cancel_reason = "no_stock"
        self.sale._action_cancel()
        self.tell(5)
        self.assertEqual(self.status(), "CANCELLED")
        self.assertEqual(self.messages("cancellation").state, "sent")
        self.assertEqual(self.seller.cancellations, [self.number])
        self.poll()
        self.assertEqual(self.record.state, "cancelled")
        self.assertEqual(self.sale.state, "cancel")

    def test_cancelled_here_and_refused_there(self):
        self.sale._action_cancel()
        self.seller.set_status(self.number, "SHIPPED")
        self.tell(5)
        message = self.messages("cancellation")
        self.assertEqual(message.state, "failed")
        self.assertIn("shipped already", message.last_error or message.answer)
