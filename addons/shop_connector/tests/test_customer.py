from odoo.tests import tagged

from .common import RELAY, ShopCase


@tagged("post_install", "-at_install")
class TestCustomer(ShopCase):
    def test_same_email(self):
        """A repeat buyer is one customer; a new address is a contact, the same address none."""
        first = self.sale()
        moved = self.payload()["billing"] | {"street": "Nebenweg", "house_number": "1"}
        self.assertEqual(self.sale(self.payload("1002")).partner_invoice_id, first.partner_id)
        third = self.sale(self.payload("1003", billing=moved))
        self.assertEqual(third.partner_id, first.partner_id)
        self.assertEqual(third.partner_invoice_id.parent_id, first.partner_id)
        self.assertEqual(third.partner_invoice_id.street, "Nebenweg 1")
        self.assertEqual(first.partner_id.street, "Hauptstraße 5")
        fourth = self.sale(self.payload("1004", billing=moved))
        self.assertEqual(fourth.partner_invoice_id, third.partner_invoice_id)

    def test_known_contact(self):
        """A contact that was there before the shop is found by its e-mail, whatever its case."""
        partner = self.env["res.partner"].create(
            {"name": "Anna M.", "email": "Anna@Mueller.example"}
        )
        self.assertEqual(self.sale().partner_id, partner)

    def test_shared_email(self):
        """Two people with one e-mail address: the name decides."""
        partners = self.env["res.partner"].create(
            [
                {"name": "Karl Müller", "email": "anna@mueller.example"},
                {"name": "Anna Mueller", "email": "anna@mueller.example"},
            ]
        )
        self.assertEqual(self.sale().partner_id, partners[1])

    def test_email_is_learned(self):
        """A customer known by name and address gets the e-mail that was missing."""
        first = self.sale(self.payload(customer={}))
        self.assertEqual(self.sale(self.payload("1002")).partner_id, first.partner_id)
        self.assertEqual(first.partner_id.email, "anna@mueller.example")

    def test_name_and_address(self):
        """Without an e-mail the name and address decide, however they are spelled."""
        first = self.sale(self.payload(customer={}))
        other = self.payload()["billing"] | {
            "last_name": "Mueller",
            "street": "Hauptstr.",
            "house_number": "5",
        }
        self.assertEqual(
            self.sale(self.payload("1002", billing=other, customer={})).partner_id, first.partner_id
        )
        namesake = self.payload()["billing"] | {"zip": "80331", "city": "München"}
        self.assertNotEqual(
            self.sale(self.payload("1003", billing=namesake, customer={})).partner_id,
            first.partner_id,
        )

    def test_relay_address(self):
        """A relay address is nobody's name: two buyers behind one are two customers."""
        customer = {"email": f"x1@{RELAY}"}
        first = self.sale(self.payload(customer=customer))
        other = self.payload()["billing"] | {
            "first_name": "Bert",
            "last_name": "Kurz",
            "street": "Gasse",
        }
        second = self.sale(self.payload("1002", billing=other, customer=customer))
        self.assertNotEqual(first.partner_id, second.partner_id)

    def test_buyer_id(self):
        """The channel's own id knows the buyer again although everything else changed."""
        first = self.sale(self.payload(customer={"buyer_id": "B1", "email": f"x1@{RELAY}"}))
        other = self.payload()["billing"] | {"first_name": "A.", "street": "Gasse", "zip": "80331"}
        second = self.sale(
            self.payload("1002", billing=other, customer={"buyer_id": "B1", "email": f"y@{RELAY}"})
        )
        self.assertEqual(second.partner_id, first.partner_id)
        self.assertEqual(second.partner_shipping_id.street, "Gasse 5")

    def test_twice_in_one_batch(self):
        """Two orders of a new buyer in one batch make one customer and one delivery address."""
        delivery = self.payload()["billing"] | {"first_name": "Oma", "street": "Dorfweg"}
        records = self.receive(
            self.payload(delivery=delivery), self.payload("1002", delivery=delivery)
        )
        sales = records.sale_order_ids
        self.assertEqual(len(sales.partner_id), 1)
        self.assertEqual(len(sales.partner_shipping_id), 1)
        self.assertEqual(sales.partner_shipping_id.type, "delivery")
        self.assertEqual(sales.partner_invoice_id, sales.partner_id)

    def test_company(self):
        """A company is the customer, its buyer a contact; its VAT id is checked and kept."""
        billing = self.payload()["billing"] | {"company": "Müller GmbH"}
        customer = {"email": "anna@mueller.example", "vat": "de 136 695 976"}
        sale = self.sale(self.payload(billing=billing, customer=customer))
        self.assertTrue(sale.partner_id.is_company)
        self.assertEqual(sale.partner_id.name, "Müller GmbH")
        self.assertEqual(sale.partner_id.vat, "DE136695976")
        self.assertEqual(sale.partner_invoice_id.parent_id, sale.partner_id)
        self.assertEqual(sale.partner_invoice_id.name, "Anna Müller")
        again = self.sale(self.payload("1002", billing=billing, customer=customer))
        self.assertEqual(again.partner_invoice_id, sale.partner_invoice_id)
        self.assertEqual(len(sale.partner_id.child_ids), 1)

    def test_wrong_vat(self):
        """A VAT id that is none does not stop the order; it is noted and asked about."""
        billing = self.payload()["billing"] | {"company": "Müller GmbH"}
        sale = self.sale(
            self.payload(billing=billing, customer={"email": "a@m.example", "vat": "DE12"})
        )
        self.assertFalse(sale.partner_id.vat)
        self.assertIn("DE12", sale.partner_id.comment)
        self.assertFalse(self.cases(sale, "shop:vat").blocking)

    def test_locker_in_company(self):
        """A post number in the company's place makes nobody a company."""
        delivery = self.payload()["billing"] | {
            "company": "12345678",
            "street": "Packstation",
            "house_number": "145",
        }
        sale = self.sale(self.payload(delivery=delivery))
        self.assertEqual(sale.partner_shipping_id.street, "Packstation 145")
        self.assertEqual(sale.partner_shipping_id.street2, "12345678")
        self.assertEqual(sale.partner_shipping_id.name, "Anna Müller")
        self.assertFalse(sale.partner_shipping_id.is_company)

    def test_strange_names(self):
        """Emoji and right-to-left text are names; control characters are not."""
        billing = self.payload()["billing"] | {
            "first_name": "🦊\x00 أحمد",
            "last_name": "\u202eÇelik",
        }
        sale = self.sale(self.payload(billing=billing, note="Bitte 🎁\x00 einpacken"))
        self.assertEqual(sale.partner_id.name, "🦊 أحمد Çelik")
        self.assertEqual(sale.buyer_note, "Bitte 🎁 einpacken")

    def test_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.assertEqual(self.sale().partner_id.lang, "de_DE")

    def test_unknown_country(self):
        record = self.receive(
            self.payload(billing=self.payload()["billing"] | {"country_code": "QX"})
        )
        self.assertEqual((record.state, record.error_path), ("quarantined", "billing.country_code"))
        self.assertIn("QX", record.last_error)

    def test_known_buyer_without_address(self):
        """A buyer known by the shop's id whose address is withheld gets no empty contacts."""
        customer = {"buyer_id": "B1"}
        first = self.sale(self.payload(customer=customer))
        blank = {"zip": "10115", "city": "Berlin", "country_code": "DE"}
        for number in ("1002", "1003"):
            sale = self.sale(self.payload(number, billing=blank, customer=customer))
            self.assertEqual(sale.partner_id, first.partner_id)
            self.assertEqual(sale.partner_shipping_id, first.partner_id)
        self.assertFalse(first.partner_id.child_ids)

    def test_as_sent(self):
        """The address is kept as the shop sent it, beside what it became here; DE, AT, CH, EU."""
        home = self.payload()["billing"]
        for number, changes, lines in (
            (
                "1",
                {"house_number": "12-14", "street2": "Hinterhaus"},
                ["Hauptstraße 12-14", "Hinterhaus"],
            ),
            (
                "2",
                {"country_code": "AT", "zip": "1010", "house_number": "5/2/14"},
                ["Hauptstraße 5/2/14"],
            ),
            (
                "3",
                {
                    "country_code": "CH",
                    "zip": "8001",
                    "street": "Bahnhofstr.",
                    "house_number": "4a",
                },
                ["Bahnhofstr. 4a"],
            ),
            (
                "4",
                {"country_code": "NL", "zip": "1012 AB", "street": "Damrak", "company": "12345678"},
                ["12345678"],
            ),
        ):
            sale = self.sale(self.payload(number, delivery=home | changes))
            for line in lines:
                self.assertIn(line, sale.shop_address.split("\n"))
            self.assertIn(sale.partner_shipping_id.zip, sale.shop_address)
            self.assertEqual(
                sale.partner_shipping_id.country_id.code, changes.get("country_code", "DE")
            )
            sale.partner_shipping_id.street = "Corrected 1"
            self.assertNotIn("Corrected", sale.shop_address)
