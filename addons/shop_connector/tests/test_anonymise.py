from odoo.tests import new_test_user, tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestAnonymise(ShopCase):
    """A marketplace has deleted a user: the person goes, the books stay."""

    def bought(self, number="1001", buyer="buyer-1", **changes):
        """Import an order of a buyer and let its goods go nowhere."""
        customer = {"buyer_id": buyer, "email": f"{number}@marketplace.example"}
        sale = self.sale(self.payload(number, customer=customer, note="Ring twice", **changes))
        sale.action_confirm()
        sale.picking_ids.action_cancel()
        return sale

    def forget(self, *ids, marks=()):
        gone = self.account._anonymise_buyers(set(ids), marks)
        self.env.flush_all()
        self.env.invalidate_all()
        return gone

    def elsewhere(self, number):
        """Return the billing address of somebody else."""
        return self.payload()["billing"] | {"last_name": f"Other {number}", "street": number}

    def test_forgotten(self):
        sale = self.bought()
        sale.write({"delivery_note": "Behind the shed", "shop_address": "Anna Müller"})
        other = self.bought("1002", "buyer-2", billing=self.elsewhere("1002"))
        partner = sale.partner_id
        partner.message_post(body="Called Anna Müller")
        family = partner.with_context(active_test=False).search([("id", "child_of", partner.id)])
        gone = self.forget("buyer-1", "unknown")
        self.assertEqual((gone.orders, gone.contacts, gone.open_orders), (1, len(family), 0))
        for contact in family:
            self.assertEqual(contact.name, "Deleted buyer")
            self.assertFalse(contact.street or contact.email or contact.phone or contact.active)
            self.assertNotIn("Anna", str(contact.message_ids.mapped("body")))
        self.assertFalse(sale.buyer_note or sale.delivery_note or sale.shop_address)
        self.assertFalse(sale.shop_order_id.payload)
        self.assertTrue(sale.shop_order_id.forgotten)
        self.assertIn("deleted this buyer", sale.automation_log_ids[:1].message)
        self.assertTrue(other.partner_id.active and other.partner_id.street)
        self.assertTrue(other.shop_order_id.payload and other.buyer_note)
        self.assertEqual(self.forget("buyer-1"), (0, 0, 0, 0))

    def test_same_content_again_stays_forgotten(self):
        """The shop's list still holds the order for some days: it brings nothing back."""
        sale = self.bought()
        raw = self.raw(
            self.payload(
                customer={"buyer_id": "buyer-1", "email": "1001@marketplace.example"},
                note="Ring twice",
            )
        )
        self.forget("buyer-1")
        self.assertEqual(self.receive(raw), sale.shop_order_id)
        self.assertFalse(sale.shop_order_id.payload)

    def test_invoiced(self):
        """Who an invoice names keeps name and address; the delivery address goes."""
        delivery = self.payload()["billing"] | {"street": "Gartenweg", "first_name": "Otto"}
        sale = self.bought(delivery=delivery)
        sale.order_line.qty_delivered = 1
        invoice = sale._create_invoices()
        invoice.partner_shipping_id = sale.partner_id
        invoice.action_post()
        other = sale.partner_shipping_id
        self.assertNotEqual(other, sale.partner_id)
        gone = self.forget("buyer-1")
        self.assertEqual((gone.contacts, gone.kept), (1, 1))
        self.assertEqual(sale.partner_id.name, "Anna Müller")
        self.assertTrue(sale.partner_id.street)
        self.assertFalse(sale.partner_id.email or sale.partner_id.phone or sale.partner_id.active)
        self.assertEqual((other.name, other.street), ("Deleted buyer", False))

    def test_not_delivered_yet(self):
        """Nothing is deleted while the parcel needs the address."""
        customer = {"buyer_id": "buyer-1"}
        sale = self.sale(self.payload(customer=customer))
        waiting = self.receive(self.payload("1002", customer=customer), interpret=False)
        mark = '"buyer_id": "buyer-1"'
        gone = self.forget("buyer-1", marks=[mark])
        self.assertEqual((gone.open_orders, gone.orders), (2, 0))
        self.assertTrue(sale.partner_id.street and sale.shop_order_id.payload and waiting.payload)

    def test_by_the_raw_order_only(self):
        """Orders that never became a sale are found by what only they hold."""
        mark = '"buyer_id": "buyer_1"'
        never = self.receive(
            self.payload(customer={"buyer_id": "buyer_1"}, state="cancelled"),
            self.payload("1002", customer={"buyer_id": "buyerX1"}, state="cancelled"),
        )
        self.assertEqual(self.forget("buyer_1", marks=[mark]).orders, 1)
        self.assertEqual([bool(one.payload) for one in never], [False, True])

    def test_others_stay(self):
        """Not another account's buyer, nor who is a customer elsewhere or logs in here."""
        user = new_test_user(self.env, "shop_portal", groups="base.group_portal")
        account = self._account(self.company, name="Other shop")
        for place, spoil in enumerate(
            (
                lambda partner: self.env["sale.order"].create({"partner_id": partner.id}),
                lambda partner: user.write({"partner_id": partner.id}),
                lambda partner: self.env["shop.customer"].create(
                    {"account_id": account.id, "buyer_id": "x", "partner_id": partner.id}
                ),
            )
        ):
            number = f"200{place}"
            sale = self.bought(number, number, billing=self.elsewhere(number))
            spoil(sale.partner_id)
            with self.subTest(place=place):
                gone = self.forget(number, marks=[f'"buyer_id": "{number}"'])
                self.assertEqual((gone.contacts, gone.kept), (0, 1))
                self.assertTrue(sale.partner_id.active and sale.partner_id.street)
                self.assertFalse(sale.shop_order_id.payload)
        theirs = self.bought("3000", "theirs", billing=self.elsewhere("3000"))
        account._anonymise_buyers({"theirs"})
        self.assertTrue(theirs.partner_id.street)
