from odoo import fields
from odoo.tests import tagged

from .common import ShopCase

OLD = "2026-11-20T10:00:00+01:00"


@tagged("post_install", "-at_install")
class TestTreatment(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["product.product"].search([]).invoice_policy = "delivery"
        cls.account.stock_since = "2026-11-01 00:00:00"
        cls.stock = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        for product in (cls.lamp, cls.tea):
            cls.env["stock.quant"]._update_available_quantity(product, cls.stock.lot_stock_id, 10.0)

    def on_hand(self, product):
        return product.with_context(warehouse_id=self.stock.id).qty_available

    def mails(self, sale, state=None):
        rows = self.env["automation.mail"].search([("order_id", "=", sale.id)])
        return rows.filtered(lambda row: not state or row.state == state)

    # -- not to be imported yet --------------------------------------------

    def test_ignored_until_it_changes(self):
        record = self.receive(self.payload(treatment="ignore", lines=[], total="0"))
        self.assertEqual(record.state, "ignored")
        self.assertFalse(record.sale_order_ids)
        self.receive(self.payload())
        self.assertEqual(record.state, "imported")
        self.assertTrue(record.sale_order_id)

    def test_reserved(self):
        """Unpaid: no order, its goods are kept by SKU; paid: exactly one order, nothing kept."""
        unpaid = self.payload(
            treatment="reserve",
            lines=[],
            total="0",
            billing={},
            reservations=[[1, "LAMP", 2], [2, "NOPE", 1]],
        )
        record = self.receive(unpaid)
        self.assertEqual(record.state, "reserved")
        self.assertFalse(record.sale_order_ids)
        rows = record.reservation_ids.sorted("line_id")
        self.assertEqual(rows.mapped("sku"), ["LAMP", "NOPE"])
        self.assertEqual(rows.mapped("product_id"), self.lamp)
        self.assertEqual(rows.mapped("quantity"), [2.0, 1.0])
        self.assertEqual(rows.company_id, self.company)
        self.receive(unpaid | {"reservations": [[1, "LAMP", 3]]})
        self.assertEqual(record.reservation_ids.mapped("quantity"), [3.0])
        self.receive(self.payload())
        self.assertEqual((record.state, len(record.sale_order_ids)), ("imported", 1))
        self.assertFalse(record.reservation_ids)

    def test_reservation_ends(self):
        """Cancelled or ignored later: nothing is kept any more."""
        kept = {"treatment": "reserve", "reservations": [[1, "LAMP", 2]]}
        for number, then in (("1", {"state": "cancelled"}), ("2", {"treatment": "ignore"})):
            record = self.receive(self.payload(number, **kept))
            self.assertTrue(record.reservation_ids)
            self.receive(self.payload(number, **then))
            self.assertEqual(record.state, "ignored")
            self.assertFalse(record.reservation_ids)

    def test_absurd_reservation(self):
        record = self.receive(
            self.payload(treatment="reserve", reservations=[[1, "LAMP", "Infinity"]])
        )
        self.assertEqual(record.state, "quarantined")

    # -- sent before it came -----------------------------------------------

    def test_history(self):
        """Sent past Odoo after the stock was counted: delivered in silence, invoiced as ever."""
        sale = self.sale(self.payload(treatment="history", note="Please ring"))
        sale.action_automation_run()
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.picking_ids.mapped("state"), ["done"])
        self.assertTrue(sale.picking_ids.shop_known)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [2.0, 3.0])
        self.assertEqual((self.on_hand(self.lamp), self.on_hand(self.tea)), (8.0, 7.0))
        self.assertEqual(sale.invoice_ids.amount_total, 52.90)
        self.assertFalse(self.mails(sale, "pending").filtered(lambda m: m.kind != "invoice"))
        self.assertFalse(sale.shop_message_ids.filtered(lambda row: row.kind == "shipment"))

    def test_history_before_the_count(self):
        """Sent before the stock was counted: delivered, and the stock stays as counted."""
        self.account.stock_since = "2026-11-21 00:00:00"
        sale = self.sale(self.payload(treatment="history"))
        sale.action_automation_run()
        self.assertFalse(sale.picking_ids)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [2.0, 3.0])
        self.assertEqual(self.on_hand(self.lamp), 10.0)
        self.assertEqual(sale.invoice_ids.amount_total, 52.90)
        self.assertIn(sale.automation_state, ("invoiced", "done"))
        self.assertEqual(sale._shop_progress(), "shipped")

    def test_history_with_lots(self):
        """Nobody knows which pieces left: delivered all the same; a person corrects the stock."""
        self.env["stock.quant"].search([("product_id", "=", self.lamp.id)]).sudo().unlink()
        self.lamp.tracking = "serial"
        sale = self.sale(self.payload(treatment="history"))
        sale.action_automation_run()
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [2.0, 3.0])
        self.assertEqual(sale.picking_ids.move_ids.product_id, self.tea)
        case = self.cases(sale, "shop:stock")
        self.assertIn("2 × ", case.explanation)
        self.assertFalse(case.blocking)

    def test_partly_sent(self):
        """What had left is not sent again; the rest is."""
        for number, since in (("1", "2026-11-01"), ("2", "2026-11-21")):
            self.account.stock_since = since
            sale = self.sale(self.payload(number, shipped=[[2, 1]]))
            sale.action_confirm()
            lamp, tea = sale.order_line
            self.assertEqual((lamp.qty_delivered, tea.qty_delivered), (0.0, 1.0))
            todo = sale.picking_ids.filtered(lambda picking: picking.state != "done")
            self.assertEqual(
                {move.product_id: move.product_uom_qty for move in todo.move_ids},
                {self.lamp: 2.0, self.tea: 2.0},
            )
            self.assertFalse(todo.shop_known)
            todo.move_ids.picked = True
            todo.button_validate()
            self.assertEqual(sale.order_line.mapped("qty_delivered"), [2.0, 3.0])
        self.assertEqual(self.on_hand(self.tea), 10.0 - 3 - 2)

    def test_by_channel(self):
        """The marketplace sent it from its own warehouse: out of there, no mail, no message."""
        own = self.env["stock.warehouse"].create({"name": "Theirs", "code": "FBA"})
        self.account.channel_warehouse_id = own
        sale = self.sale(self.payload(treatment="history", by_channel=True, at=OLD))
        self.assertEqual(sale.warehouse_id, own)
        sale.action_automation_run()
        self.assertEqual(sale.picking_ids.mapped("state"), ["done"])
        self.assertEqual(self.on_hand(self.lamp), 10.0)
        self.assertEqual(self.lamp.with_context(warehouse_id=own.id).qty_available, -2.0)
        self.assertTrue(sale.invoice_ids)
        self.assertEqual(set(self.mails(sale).mapped("state")), {"suppressed"})
        self.assertFalse(sale._shop_is_told("shipment"))

    def test_by_channel_without_warehouse(self):
        sale = self.sale(self.payload(treatment="history", by_channel=True))
        sale.action_automation_run()
        self.assertFalse(sale.picking_ids)
        self.assertEqual(self.on_hand(self.lamp), 10.0)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [2.0, 3.0])

    def test_sent_elsewhere_after_import(self):
        """The shop calls an open order sent: nobody may send it twice. Asked once."""
        sale = self.sale()
        sale.action_confirm()
        self.receive(self.payload(treatment="history"))
        case = self.cases(sale, "shop:shipped")
        self.assertTrue(case.blocking)
        case.action_resolve()
        self.receive(self.payload(treatment="history", shop_internal="again"))
        self.assertFalse(self.cases(sale, "shop:shipped"))

    def test_sent_by_us(self):
        """That the shop calls sent what we sent is no news."""
        sale = self.sale()
        sale.action_confirm()
        sale.picking_ids.move_ids.picked = True
        sale.picking_ids.button_validate()
        self.receive(self.payload(treatment="history"))
        self.assertFalse(self.cases(sale))

    # -- holds -------------------------------------------------------------

    def test_holds(self):
        """A channel's reasons hold the order; once answered they are asked again only if they say
        something else.
        """
        hold = ["test:check", "Look at this order", "It is odd."]
        sale = self.sale(self.payload(treatment="hold", holds=[hold]))
        case = self.cases(sale, "test:check")
        self.assertEqual((case.name, case.explanation), (hold[1], hold[2]))
        sale.action_automation_run()
        self.assertEqual(sale.automation_state, "held")
        case.action_resolve()
        self.receive(self.payload(treatment="hold", holds=[hold], shop_internal="again"))
        self.assertFalse(self.cases(sale, "test:check"))
        hold[1] = "Look again"
        self.receive(self.payload(treatment="hold", holds=[hold]))
        self.assertEqual(self.cases(sale, "test:check").name, "Look again")
        self.receive(self.payload())
        self.assertFalse(self.cases(sale, "test:check"))

    def test_hold_after_release(self):
        """The buyer wants to cancel: the delivery of a released order must not leave."""
        sale = self.sale()
        sale.action_confirm()
        self.receive(self.payload(treatment="hold", holds=[["test:cancel", "Buyer cancels", ""]]))
        self.assertTrue(self.cases(sale, "test:cancel").blocking)
        self.assertIn("Buyer cancels", sale.picking_ids.automation_held_reason)

    # -- promises ----------------------------------------------------------

    def test_promises(self):
        """Urgent, by a date, with a word for the carrier: on the order and its delivery."""
        sale = self.sale(
            self.payload(
                hurry=True,
                ship_by="2026-11-24T22:59:59+00:00",
                delivery_note="Behind the shed",
                extra={"marketplace": "M1"},
            )
        )
        self.assertEqual(sale.commitment_date, fields.Datetime.to_datetime("2026-11-24 22:59:59"))
        self.assertEqual(sale.shop_order_id.extra, {"marketplace": "M1"})
        sale.action_confirm()
        picking = sale.picking_ids
        self.assertEqual(picking.priority, "1")
        self.assertEqual(picking.shop_delivery_note, "Behind the shed")
        self.assertEqual(set(picking.move_ids.mapped("priority")), {"1"})

    def test_changed_promises(self):
        """A later promise is kept after release, too; what is withheld later stays known."""
        sale = self.sale(self.payload(delivery_note="Shed", ship_by="2026-11-24T22:59:59+00:00"))
        sale.action_confirm()
        self.assertEqual(sale.picking_ids.priority, "0")
        self.receive(self.payload(hurry=True, ship_by="2026-11-25T22:59:59+00:00"))
        self.assertEqual(sale.picking_ids.priority, "1")
        self.assertEqual(sale.commitment_date.day, 25)
        self.assertEqual(sale.delivery_note, "Shed")
        self.assertFalse(self.cases(sale))

    def test_replacement(self):
        """Sent again without revenue: free, linked, no question about a payment."""
        lines = [{"id": 9, "sku": "LAMP", "qty": 1, "price": "0", "total": "0"}]
        second = self.sale(
            self.payload("1002", total="0", lines=lines, payment="", replaces="1001")
        )
        self.assertFalse(second.shop_original_id)
        first = self.sale()
        self.env.invalidate_all()
        self.assertEqual(second.shop_original_id, first)
        self.assertEqual(first.shop_replacement_ids, second)
        self.assertEqual(second.amount_total, 0.0)
        self.assertFalse(self.cases(second))
        second.action_automation_run()
        self.assertEqual(second.state, "sale")

    # -- taxes the marketplace pays ----------------------------------------

    def test_marketplace_pays_the_tax(self):
        """Sold without tax, with the note for the invoice; the total is the shop's."""
        lines = [
            {"id": 1, "sku": "LAMP", "qty": 2, "price": "10.00", "total": "20.00", "tax": 0},
            {"id": 2, "kind": "shipping", "name": "DHL", "total": "4.00", "tax": 0},
        ]
        sale = self.sale(self.payload(total="24.00", lines=lines, tax_model="marketplace"))
        self.assertEqual(sale.fiscal_position_id, self.account.marketplace_position_id)
        # in whatever language it was made
        self.assertRegex(sale.fiscal_position_id.note, "[Mm]ar(ketplace|ktplatz)")
        self.assertFalse(sale.order_line.tax_ids)
        self.assertEqual(sale.amount_total, 24.00)

    def test_marketplace_position_is_shared(self):
        second = self._account(self.company, name="Second")
        self.assertEqual(second.marketplace_position_id, self.account.marketplace_position_id)
