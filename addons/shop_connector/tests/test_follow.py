from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestFollow(ShopCase):
    """The shop changes or cancels what is released already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()

    def released(self, number="1001", **changes):
        sale = self.sale(self.payload(number, **changes))
        sale.action_confirm()
        return sale

    def ship(self, sale, quantities=None):
        picking = sale.picking_ids.filtered(lambda picking: picking.state != "done")
        for move in picking.move_ids:
            move.quantity = (quantities or {}).get(move.product_id, move.product_uom_qty)
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def fewer(self, number="1001"):
        """Two lamps became one, the tea is gone."""
        lines = [{"id": 1, "sku": "LAMP", "qty": 1, "price": "19.99", "total": "19.99", "tax": 19}]
        return self.payload(number, lines=lines, total="19.99")

    # -- cancelled ---------------------------------------------------------

    def test_cancelled_asks(self):
        """Released: a person decides; their word cancels order and delivery."""
        sale = self.released()
        self.receive(self.payload(state="cancelled"))
        case = self.cases(sale, "shop:cancelled")
        self.assertTrue(case.blocking and case.shop_can_follow)
        self.assertIn("Nothing has left", case.explanation)
        case.action_shop_follow()
        self.assertEqual((sale.state, sale.picking_ids.state), ("cancel", "cancel"))
        self.assertFalse(self.cases(sale))
        self.assertFalse(sale.shop_message_ids, "the shop need not be told")

    def test_cancelled_by_itself(self):
        """An account may let released orders be cancelled by themselves, once only."""
        self.account.cancel_released = "cancel"
        sale = self.released()
        record = self.receive(self.payload(state="cancelled"))
        self.assertEqual((sale.state, sale.picking_ids.state), ("cancel", "cancel"))
        self.assertEqual(record.state, "cancelled")
        self.receive(self.payload(state="cancelled", lines=[], shop_internal="again"))
        self.assertFalse(self.cases(sale))
        self.assertEqual(sale.state, "cancel")

    def test_cancelled_while_packing(self):
        """Printed: a person is asked whatever the account says; nothing is done by a button."""
        self.account.cancel_released = "cancel"
        sale = self.released()
        sale.picking_ids.printed = True
        self.receive(self.payload(state="cancelled"))
        case = self.cases(sale, "shop:cancelled")
        self.assertIn("Stop the parcel", case.explanation)
        self.assertFalse(case.shop_can_follow)
        with self.assertRaises(UserError):
            case.action_shop_follow()
        self.assertEqual(sale.state, "sale")

    def test_cancelled_after_shipping(self):
        """Sent: only a hint at the return; asked once, however often the shop says it."""
        sale = self.released()
        self.ship(sale)
        self.receive(self.payload(state="cancelled"))
        case = self.cases(sale, "shop:cancelled")
        self.assertIn("Return", case.explanation)
        self.assertFalse(case.blocking)
        self.assertEqual((sale.state, sale.picking_ids.state), ("sale", "done"))
        case.action_resolve()
        self.receive(self.payload(state="cancelled", shop_internal="again"))
        self.assertFalse(self.cases(sale, "shop:cancelled"))

    def test_cancellation_taken_back(self):
        sale = self.released()
        self.receive(self.payload(state="cancelled"))
        record = self.receive(self.payload())
        self.assertFalse(self.cases(sale, "shop:cancelled"))
        self.assertEqual(record.state, "imported")

    def test_taken_up_again(self):
        """Cancelled as the shop said, and wanted after all: a person is told."""
        sale = self.sale()
        self.receive(self.payload(state="cancelled"))
        self.receive(self.payload())
        self.assertEqual(sale.state, "cancel")
        self.assertTrue(self.cases(sale, "shop:reopened"))

    def test_staff_cancelled(self):
        """What staff cancelled stays cancelled without a question."""
        sale = self.sale()
        sale._action_cancel()
        self.cases(sale, "shop:tell").action_resolve()
        self.receive(self.payload(note="Hello"))
        self.assertFalse(self.cases(sale))

    # -- lines -------------------------------------------------------------

    def test_fewer_after_release(self):
        """The case names each line; on a person's word order and delivery follow."""
        sale = self.released()
        self.receive(self.fewer())
        case = self.cases(sale, "shop:changed")
        self.assertTrue(case.blocking and case.shop_can_follow)
        self.assertRegex(case.explanation, "Desk lamp: 2 ordered here, 1 in the shop")
        self.assertRegex(case.explanation, "Green tea: 3 ordered here, no longer in the shop")
        self.assertRegex(case.explanation, r"52[.,]90.*19[.,]99")
        self.assertEqual(sale.order_line.mapped("product_uom_qty"), [2.0, 3.0])
        case.action_shop_follow()
        self.assertEqual(sale.amount_total, 19.99)
        moves = sale.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in moves if move.product_uom_qty},
            {self.lamp: 1.0},
        )
        self.assertFalse(self.cases(sale))
        self.assertFalse(sale.shop_message_ids.filtered(lambda m: m.kind == "cancellation"))

    def test_more_after_release(self):
        sale = self.released()
        data = self.payload(total="72.89")
        data["lines"].append({"id": 7, "sku": "LAMP", "total": "19.99", "tax": 19})
        self.receive(data)
        case = self.cases(sale, "shop:changed")
        self.assertIn("New: 1 × LAMP", case.explanation)
        case.action_shop_follow()
        self.assertEqual(sale.amount_total, 72.89)
        self.assertEqual(sum(sale.picking_ids.move_ids.mapped("product_uom_qty")), 6.0)

    def test_difference_is_asked_once(self):
        """Settled by hand and closed: the same difference is not asked about again."""
        sale = self.released()
        self.receive(self.fewer())
        self.cases(sale, "shop:changed").action_resolve()
        self.receive(self.fewer() | {"shop_internal": "again"})
        self.assertFalse(self.cases(sale, "shop:changed"))
        self.assertEqual(sale.shop_order_id.facts["lines"].keys(), {"1"})

    def test_difference_grows(self):
        """While a person has not answered, a further change is told with the first one."""
        sale = self.released()
        self.receive(self.payload(note="Too late"))
        self.receive(self.fewer() | {"note": "Too late"})
        case = self.cases(sale, "shop:changed")
        self.assertIn("note", case.explanation)
        self.assertIn("Green tea", case.explanation)

    def test_change_taken_back(self):
        sale = self.released()
        self.receive(self.fewer())
        self.receive(self.payload())
        self.assertFalse(self.cases(sale, "shop:changed"))

    def test_fewer_while_packing(self):
        sale = self.released()
        self.ship(sale, {self.lamp: 1.0, self.tea: 3.0})
        self.receive(self.fewer())
        case = self.cases(sale, "shop:changed")
        self.assertFalse(case.shop_can_follow)
        self.assertIn("by hand", case.explanation)

    def test_user_follows(self):
        """A user of the automation may follow the shop without rights on the inbox."""
        sale = self.released()
        self.receive(self.fewer())
        user = new_test_user(
            self.env, "clerk", "base.group_user,automation_core.group_automation_user"
        )
        self.cases(sale, "shop:changed").with_user(user).action_shop_follow()
        self.assertEqual(sale.amount_total, 19.99)

    # -- addresses ---------------------------------------------------------

    def test_address_after_release(self):
        """Nobody has the goods in hands: the delivery goes to the new place, with a note."""
        sale = self.released()
        new = self.payload()["billing"] | {"street": "Nebenweg"}
        self.receive(self.payload(delivery=new))
        picking = sale.picking_ids
        self.assertEqual(sale.partner_shipping_id.street, "Nebenweg 5")
        self.assertEqual(picking.partner_id, sale.partner_shipping_id)
        self.assertIn("Nebenweg 5", picking.message_ids[0].body)
        self.assertFalse(picking.activity_ids)
        self.assertFalse(self.cases(sale))

    def test_address_after_printing(self):
        sale = self.released()
        sale.picking_ids.printed = True
        new = self.payload()["billing"] | {"street": "Nebenweg"}
        self.receive(self.payload(delivery=new))
        self.assertEqual(sale.partner_shipping_id.street, "Hauptstraße 5")
        self.assertIn("delivery address", self.cases(sale, "shop:changed").explanation)

    def test_address_in_another_country(self):
        """Another country is another tax: a person decides."""
        sale = self.released()
        new = self.payload()["billing"] | {"country_code": "AT", "zip": "1010"}
        self.receive(self.payload(delivery=new))
        self.assertEqual(sale.picking_ids.partner_id.country_id.code, "DE")
        self.assertTrue(self.cases(sale, "shop:changed"))

    def test_invoice_address_after_release(self):
        """Changed until there is an invoice."""
        self.env["product.product"].search([]).invoice_policy = "order"
        sale = self.released()
        data = self.payload(billing=self.payload()["billing"] | {"street": "Nebenweg"})
        data["delivery"] = self.payload()["billing"]
        self.receive(data)
        self.assertEqual(sale.partner_invoice_id.street, "Nebenweg 5")
        self.assertFalse(self.cases(sale))
        sale._create_invoices()
        data["billing"] |= {"street": "Gasse"}
        self.receive(data)
        self.assertEqual(sale.partner_invoice_id.street, "Nebenweg 5")
        self.assertIn("invoice address", self.cases(sale, "shop:changed").explanation)

    # -- withheld later ----------------------------------------------------

    def test_blanks_change_nothing(self):
        """What the channel withholds after some days was not changed: before and after release."""
        full = self.payload(
            note="Ring twice",
            billing=self.payload()["billing"] | {"phone": "030 1234"},
            customer={"email": "anna@mueller.example", "buyer_id": "B1"},
        )
        place = {"zip": "10115", "city": "Berlin", "country_code": "DE"}
        for number, confirm in (("1", False), ("2", True)):
            sale = self.sale(full | {"id": number, "customer": {"buyer_id": f"B{number}"}})
            if confirm:
                sale.action_confirm()
            before = sale.partner_id.read(["name", "street", "phone", "email"])
            for blank in ({}, place):
                self.receive(
                    full
                    | {"id": number, "note": "", "billing": blank, "customer": {}, "payment": ""}
                )
            self.assertFalse(self.cases(sale).filtered(lambda case: case.code != "shop:stock"))
            self.assertEqual(sale.partner_id.read(["name", "street", "phone", "email"]), before)
            self.assertEqual(sale.partner_shipping_id.street, "Hauptstraße 5")
            self.assertEqual(sale.buyer_note, "Ring twice")
            facts = sale.shop_order_id.facts
            self.assertTrue(facts["note"] and facts["billing"]["where"])
            self.receive(full | {"id": number, "customer": {}, "shop_internal": "back"})
            self.assertFalse(self.cases(sale, "shop:changed"))
