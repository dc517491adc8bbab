from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common import AutomationCommon

# what differs between any two documents, or between a person and the system at the desk
OWN = {
    "access_token",
    "create_date",
    "create_uid",
    "display_name",
    "id",
    "name",
    "payment_reference",
    "sequence",
    "sequence_number",
    "write_date",
    "write_uid",
}
OURS = ("automation_", "filed_", "filing_")
CHATTER = {"mail.activity", "mail.followers", "mail.message"}
DOCUMENTS = {
    "account.move",
    "account.move.line",
    "account.full.reconcile",
    "sale.order",
    "sale.order.line",
    "stock.move",
    "stock.move.line",
    "stock.picking",
    "stock.reference",
}


@tagged("post_install", "-at_install")
class TestEngineDocuments(AutomationCommon):
    """The engine's shortcuts leave no trace: its documents are those a person makes by hand."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.delivery_mode = "auto"
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.service = cls.env["product.product"].create(
            {"name": "Fitting", "type": "service", "invoice_policy": "order", "list_price": 30}
        )
        cls.service.taxes_id = cls.tax

    def _values(self, *lines):
        return {
            "partner_id": self.partner.id,
            "automation_payment_method_id": self.on_invoice.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": quantity})
                for product, quantity in lines
            ],
        }

    def _by_hand(self, values):
        order = self.env["sale.order"].create(values)
        order.action_confirm()
        ready = order.picking_ids.filtered(lambda picking: picking.state == "assigned")
        ready.with_context(skip_backorder=True).button_validate()
        if order.invoice_status == "to invoice":
            order._create_invoices(final=True).action_post()
        self.env.flush_all()
        return order

    def _by_engine(self, values, count=3):
        orders = self.env["sale.order"].create([values] * count)
        orders._automation_start()
        self._run(orders)
        return orders

    def _documents(self, order):
        """Every record an order has brought about, grouped by model, oldest first."""
        moves = order.picking_ids.move_ids
        return [
            order.order_line,
            order.stock_reference_ids,
            order.picking_ids.sorted("id"),
            moves.sorted("id"),
            moves.move_line_ids.sorted("id"),
            order.invoice_ids.sorted("id"),
            # core numbers the lines on through all invoices of a batch: their order counts
            order.invoice_ids.line_ids.sorted(lambda line: (line.move_id.id, line.sequence)),
        ]

    def _shape(self, record):
        """The record's stored fields, with documents by their number and names by their kind."""
        shape = {}
        for name, field in record._fields.items():
            if not field.store or name in OWN or name.startswith(OURS):
                continue
            if field.relational and field.comodel_name in CHATTER:
                continue
            value = record[name]
            if field.relational:
                value = (
                    (field.comodel_name, len(value))
                    if field.comodel_name in DOCUMENTS
                    else sorted(value.ids)
                )
            elif isinstance(value, str):
                value = self._anonymous(record, value)
            shape[name] = value
        return shape

    def _anonymous(self, record, text):
        """Leave out the names of the order's own documents."""
        for name in self.names:
            text = text.replace(name, "*")
        return text

    def _notes(self, records):
        """The notes that link a document to the order it was made from."""
        notes = records.message_ids.filtered(
            lambda message: 'data-oe-model="sale.order"' in (message.body or "")
        )
        return [(note.message_type, note.subtype_id, note.author_id) for note in notes]

    def _assert_same(self, hand, made):
        self.assertTrue(made)
        for order in made:
            self.assertEqual(order.state, hand.state)
            for theirs, ours in zip(self._documents(hand), self._documents(order), strict=True):
                self.assertEqual(len(theirs), len(ours), theirs._name)
                self.names = self._names(hand)
                expected = [self._shape(record) for record in theirs]
                self.names = self._names(order)
                for left, right in zip(expected, map(self._shape, ours), strict=True):
                    self.assertEqual(left, right, theirs._name)
            for documents in ("picking_ids", "invoice_ids"):
                self.assertEqual(self._notes(hand[documents]), self._notes(order[documents]))
                self.assertEqual(
                    hand[documents].message_partner_ids & self.partner,
                    order[documents].message_partner_ids & self.partner,
                )

    def _names(self, order):
        invoices = order.invoice_ids
        names = [*invoices.mapped("name"), *invoices.mapped("payment_reference")]
        names += [*order.picking_ids.mapped("name"), order.name]
        return sorted(filter(None, names), key=len, reverse=True)

    def _quants(self, product):
        quants = self.env["stock.quant"].search([("product_id", "=", product.id)], order="id")
        return [
            (quant.location_id.usage, quant.lot_id.id, quant.quantity, quant.reserved_quantity)
            for quant in quants
        ]

    @freeze_time("2026-11-23 09:00:00")
    def _compare(self, *lines):
        values = self._values(*lines)
        hand = self._by_hand(values)
        made = self._by_engine(values)
        self._assert_same(hand, made)
        return hand, made

    def test_goods_and_a_service(self):
        lamp = self._create_product("Shade", stock=100)
        hand, made = self._compare((self.product, 2), (lamp, 1), (self.service, 1))
        self.assertEqual(set((hand | made).mapped("invoice_status")), {"invoiced"})
        self.assertEqual(len(made.invoice_ids), 3)
        goods = [quant for quant in self._quants(lamp) if quant[0] == "internal"]
        self.assertEqual(goods, [("internal", False, 96, 0)])

    def test_the_same_product_on_two_lines(self):
        _hand, made = self._compare((self.product, 2), (self.product, 5))
        self.assertEqual(len(made.picking_ids.move_ids), 6)

    def test_goods_in_two_places_are_reserved_in_both(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf 2", "location_id": self.warehouse.lot_stock_id.id}
        )
        part = self._create_product("Bulb")
        quant = self.env["stock.quant"]
        quant._update_available_quantity(part, self.warehouse.lot_stock_id, 6)
        quant._update_available_quantity(part, shelf, 20)
        order = self._create_orders(4, quantity=4, product=part)
        self.policy.delivery_mode = "staff"
        self._run(order)
        lines = order.picking_ids.move_line_ids
        self.assertEqual(set(order.picking_ids.mapped("state")), {"assigned"})
        self.assertEqual(sum(lines.mapped("quantity")), 16)
        self.assertEqual(
            sum(lines.filtered(lambda line: line.location_id == shelf).mapped("quantity")), 10
        )
        self.assertEqual(
            self._quants(part), [("internal", False, 6, 6), ("internal", False, 20, 10)]
        )

    def test_scarce_goods_go_to_the_first_orders(self):
        part = self._create_product("Socket", stock=5)
        self.policy.delivery_mode = "staff"
        orders = self._create_orders(4, quantity=2, product=part)
        self._run(orders)
        states = orders.sorted("id").picking_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["assigned", "assigned", "assigned", "confirmed"])
        self.assertEqual(self._quants(part), [("internal", False, 5, 5)])
        quantities = orders.picking_ids.move_ids.sorted("id").mapped("quantity")
        self.assertEqual(quantities, [2, 2, 1, 0])

    def test_lots_are_reserved_one_after_the_other(self):
        part = self._create_product("Ballast", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": f"L{number}", "product_id": part.id} for number in range(2)]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                part, self.warehouse.lot_stock_id, 5, lot_id=lot
            )
        hand, made = self._by_hand_and_engine_staff(part, 2)
        taken = (hand | made).picking_ids.move_line_ids.sorted("id")
        self.assertEqual(
            [(line.lot_id.name, line.quantity) for line in taken],
            [("L0", 2), ("L0", 2), ("L0", 1), ("L1", 1), ("L1", 2)],
        )

    def _by_hand_and_engine_staff(self, product, quantity):
        self.policy.delivery_mode = "staff"
        hand = self.env["sale.order"].create(self._values((product, quantity)))
        hand.action_confirm()
        return hand, self._by_engine(self._values((product, quantity)))

    def test_serial_numbers_are_reserved_each_once(self):
        part = self._create_product("Meter", tracking="serial")
        for number in range(8):
            lot = self.env["stock.lot"].create({"name": f"S{number}", "product_id": part.id})
            self.env["stock.quant"]._update_available_quantity(
                part, self.warehouse.lot_stock_id, 1, lot_id=lot
            )
        hand, made = self._by_hand_and_engine_staff(part, 2)
        lines = (hand | made).picking_ids.move_line_ids
        self.assertEqual(sorted(lines.lot_id.mapped("name")), [f"S{n}" for n in range(8)])
        self.assertEqual(set(lines.mapped("quantity")), {1})

    def test_a_reordering_rule_is_triggered(self):
        supplier = self.env["stock.rule"].search([("action", "=", "pull")], limit=1)
        self.assertTrue(supplier)
        part = self._create_product("Transformer", stock=3)
        orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": part.id,
                "product_min_qty": 5,
                "product_max_qty": 20,
                "trigger": "manual",
                "location_id": self.warehouse.lot_stock_id.id,
            }
        )
        before = orderpoint.qty_to_order
        self.policy.delivery_mode = "staff"
        self._run(self._create_orders(2, quantity=1, product=part))
        self.assertEqual(orderpoint.qty_to_order, before + 2)

    @freeze_time("2026-11-23 09:00:00")
    def test_two_steps_out_of_the_warehouse(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.policy.delivery_mode = "staff"
        values = self._values((self.product, 2), (self._create_product("Cable", stock=50), 1))
        hand = self.env["sale.order"].create(values)
        hand.action_confirm()
        made = self._by_engine(values)
        self._assert_same(hand, made)
        self.assertEqual(set(made.picking_ids.mapped("state")), {"assigned"})

    def test_more_of_an_order_joins_its_open_delivery(self):
        self.policy.delivery_mode = "staff"
        order = self._create_orders(2)
        self._run(order)
        line = {"product_id": self.product.id, "product_uom_qty": 3, "order_id": order[0].id}
        self.env["sale.order.line"].create(line)
        self.assertEqual(len(order[0].picking_ids), 1)
        self.assertEqual(sum(order[0].picking_ids.move_ids.mapped("quantity")), 4)
