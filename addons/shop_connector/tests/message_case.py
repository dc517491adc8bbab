"""A shop that takes every kind of message, and orders that can be shipped to tell it about."""

from odoo.addons.automation_core.lib import errors

from ..lib.channel import CANCELLATIONS, INVOICES, ORDERS, SHIPMENTS, SINGLE_ORDER
from .common import ShopCase

NUMBER = "00340434161094042557"
OTHER = "00340434161094042564"
CRON = "shop_connector.ir_cron_messages"
DOWN = errors.Unavailable("The shop does not answer.")


class MessageCase(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.words = {ORDERS, SINGLE_ORDER, SHIPMENTS, CANCELLATIONS, INVOICES}
        location = cls.env["stock.warehouse"].search([], limit=1).lot_stock_id
        for product in cls.lamp | cls.tea:
            cls.env["stock.quant"]._update_available_quantity(product, location, 1000)
        cls.dhl = cls.env["delivery.carrier"].create(
            {"name": "DHL Paket", "product_id": cls.account.shipping_product_id.id}
        )

    def setUp(self):
        super().setUp()
        self.shop.told.clear()
        self.shop.answers.clear()

    # -- orders ------------------------------------------------------------

    def released(self, number="1001", **changes):
        """Import an order and confirm it; return the sales order."""
        sale = self.sale(self.payload(number, **changes))
        sale.action_confirm()
        return sale

    def ship(self, sale, tracking="", quantities=None):
        """Do the open delivery of an order; return it."""
        picking = sale.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        picking.ensure_one()
        picking.carrier_id = self.dhl
        if tracking:
            picking.carrier_tracking_ref = tracking
        moves = {
            picking.move_ids.filtered(lambda move, p=product: move.product_id == p): quantity
            for product, quantity in (quantities or {}).items()
        }
        picking._automation_deliver(moves or None)
        return picking

    # -- messages ----------------------------------------------------------

    def run_cron(self):
        """Let the scheduled action run as it does by itself."""
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def messages(self, sale, kind="shipment"):
        return (
            self.env["shop.message"]
            .search([("sale_order_id", "in", sale.ids), ("kind", "=", kind)])
            .sorted("id")
        )

    def states(self, sale, kind="shipment"):
        """Return the states of an order's messages, the oldest first."""
        return self.messages(sale, kind).mapped("state")

    def told(self, kind="shipment"):
        """Return what the shop was told of a kind."""
        return [message for one, message in self.shop.told if one == kind]

    def wake(self):
        """Let the time pass until everything that waits is due again."""
        self.env["shop.message"].search([("next_try", "!=", False)]).next_try = False
        self.env["shop.pause"].search([]).next_try = False
        self.env.flush_all()

    def before_conclusion(self, act):
        """Let something happen once between the shop's answer and our writing it down."""
        model = self.registry["shop.message"]
        conclude, done = model._conclude, []

        def later(message, lease, conclusion):
            if not done:
                done.append(True)
                act()
                self.env.flush_all()
            return conclude(message, lease, conclusion)

        self.patch(model, "_conclude", later)

    def assert_parcels(self, shipment, *expected):
        """Compare parcels as ``(reference, tracking, {line id: quantity})``."""
        self.assertEqual(
            [
                (parcel.reference, parcel.tracking, {line: int(q) for line, q in parcel.items})
                for parcel in shipment.parcels
            ],
            list(expected),
        )
